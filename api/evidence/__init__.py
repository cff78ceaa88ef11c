"""The floor under everything that completes a module."""
