"""Installing from the repository's own files, as on an empty machine."""
