"""What can go wrong with readiness."""

from __future__ import annotations

from api.core.errors import Invalid


class AdmissionInvalid(Invalid):
    """An admission that cannot be: a field says which part of it."""

    code = "admission_invalid"
