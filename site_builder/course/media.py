"""Which files are films and sound, by the endings of their names."""

from __future__ import annotations

FILM = (".mp4", ".webm")
SOUND = (".mp3", ".ogg")
