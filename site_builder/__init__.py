"""Airlock's builder: Markdown in `content/` becomes a private catalogue and a public site."""
