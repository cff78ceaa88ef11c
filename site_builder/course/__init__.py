"""The model that the builder and the API share. Standard library only."""
