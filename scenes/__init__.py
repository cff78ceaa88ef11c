"""Rooms as Python, and the pictures that are made of them. A tool for authors: no build and no server needs it."""
