"""Questions to the trainer, below each lesson."""
