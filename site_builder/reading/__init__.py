"""What one page says: files, front matter, Markdown. Pure, page by page."""
