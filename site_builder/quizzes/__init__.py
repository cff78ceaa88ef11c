"""A quiz in Markdown: finding it, reading it, and showing it without its key."""
