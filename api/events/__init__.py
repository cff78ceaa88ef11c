"""Webinars and practicals: who was there."""
