"""Published versions of the catalogue."""
