"""Errors of funding."""

from __future__ import annotations

from api.core.errors import Forbidden, Invalid


class ParticularWrong(Invalid):
    """What somebody gave cannot be right."""

    code = "particular_wrong"


class NotNamed(Forbidden):
    """The scheme does not name the role of whoever asks."""

    code = "not_named"
