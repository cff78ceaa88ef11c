"""What each page shows, and the steps that make a site of it."""
