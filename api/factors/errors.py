"""Errors of second factors."""

from __future__ import annotations

from api.core.errors import Invalid


class FactorWrong(Invalid):
    """A code or a passkey that is not right."""

    code = "factor_wrong"


class NothingWaits(Invalid):
    """Nobody gave their password before, or too long ago."""

    code = "nothing_waits"
