"""Attempts, grading, progress."""
