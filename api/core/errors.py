"""What every error of the API comes from.

Each feature has a branch of its own (`errors.py`); `core/replies.py` makes replies of them.

    ApiError
    ├── Unauthenticated            401
    ├── Forbidden                  403
    │   └── ForeignOrigin          403
    ├── NotFound                   404  also for other people's records
    ├── Conflict                   409
    │   └── IdempotencyConflict    409
    └── Invalid                    422
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any


class ApiError(Exception):
    """An error with a reply of its own. `detail` is for developers; clients translate `code`."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "internal"

    def __init__(self, detail: str = "", **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class Unauthenticated(ApiError):
    """Nobody is signed in."""

    status, code = HTTPStatus.UNAUTHORIZED, "unauthenticated"


class Forbidden(ApiError):
    """The role does not allow it."""

    status, code = HTTPStatus.FORBIDDEN, "forbidden"


class OperatorSignIn(Forbidden):
    """Somebody came in by a link that an operator had in their hands: they may look, and do nothing."""

    code = "operator_sign_in"


class SecondFactorNeeded(Forbidden):
    """The role must have a second factor, and this person has none yet."""

    code = "second_factor_needed"


class ForeignOrigin(Forbidden):
    """A page of another site sent the request."""

    code = "foreign_origin"


class WrongHost(ApiError):
    """The request names another site than this one."""

    status, code = HTTPStatus.MISDIRECTED_REQUEST, "wrong_host"


class NotFound(ApiError):
    """It does not exist, or not for this person."""

    status, code = HTTPStatus.NOT_FOUND, "not_found"


class Conflict(ApiError):
    """The request does not fit the state of things."""

    status, code = HTTPStatus.CONFLICT, "conflict"


class IdempotencyConflict(Conflict):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_conflict"


class Invalid(ApiError):
    """The request was understood and cannot be done."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "validation"
