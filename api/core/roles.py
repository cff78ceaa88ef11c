"""Roles, and which records they can reach."""

from __future__ import annotations

from typing import Literal

Role = Literal["learner", "teacher", "trainer", "admin"]
ROLES: tuple[Role, ...] = ("learner", "teacher", "trainer", "admin")

Rows = Literal["none", "all", "own", "mates", "classes", "company"]
"""Which records a caller reaches: no records of people, all, their own, also what class mates let them read, those of
learners in the classes that they teach, or those of the workers whose training they coordinate."""
