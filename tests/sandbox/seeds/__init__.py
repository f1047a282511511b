"""What the sandbox's portals hold before anybody does anything."""
