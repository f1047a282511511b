"""REST of a portal: what is asked, who asks, what is answered."""
