"""What an administrator does with the documents of a whole portal. No HTTP in here."""
