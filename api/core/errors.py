"""Every error of the API, and the one place that turns errors into replies.

    ApiError
    ├── Unauthenticated            401
    ├── Forbidden                  403
    │   └── ForeignOrigin          403
    ├── NotFound                   404  also for other people's records
    ├── Conflict                   409
    │   ├── IdempotencyConflict    409
    │   ├── AttemptSubmitted       409
    │   ├── NoAttemptsLeft         409
    │   ├── AttemptTooSoon         409
    │   ├── ClassArchived          409
    │   ├── EditionUnknown         409
    │   └── ListChanged            409
    └── Invalid                    422
        ├── AnswerUnreadable       422
        ├── JoinCodeInvalid        422
        ├── ListInvalid            422
        ├── LinkInvalid            422
        ├── SignInFailed           422
        └── PasswordWeak           422

Replies are RFC 9457 problem documents with a stable `code`.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, current_app, json, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from api.core.pages import page_path
from site_builder.course.languages import LANGUAGES

log = structlog.get_logger(__name__)


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


class ForeignOrigin(Forbidden):
    """A page of another site sent the request."""

    code = "foreign_origin"


class NotFound(ApiError):
    """It does not exist, or not for this person."""

    status, code = HTTPStatus.NOT_FOUND, "not_found"


class Conflict(ApiError):
    """The request does not fit the state of things."""

    status, code = HTTPStatus.CONFLICT, "conflict"


class IdempotencyConflict(Conflict):
    """The same Idempotency-Key came with another request."""

    code = "idempotency_conflict"


class AttemptSubmitted(Conflict):
    """The attempt was handed in already."""

    code = "attempt_submitted"


class NoAttemptsLeft(Conflict):
    """Every attempt that the quiz allows was handed in."""

    code = "no_attempts_left"


class AttemptTooSoon(Conflict):
    """The quiz wants some time to pass between two attempts; `retry_at` says when it will have."""

    code = "attempt_too_soon"


class EditionUnknown(Conflict):
    """No published version looks like the page that the learner saw."""

    code = "edition_unknown"


class ClassArchived(Conflict):
    """The class is put away: it asks for nothing until it is taken back."""

    code = "class_archived"


class ListChanged(Conflict):
    """What a list would do is no longer what was previewed."""

    code = "list_changed"


class Invalid(ApiError):
    """The request was understood and cannot be done."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "validation"


class SignInFailed(Invalid):
    """E-mail and password do not belong together; the reply is the same when the account does not exist."""

    code = "sign_in_failed"


class AnswerUnreadable(Invalid):
    """A typed answer is no number, or no unit; `questions` says which and why. Nothing was handed in."""

    code = "answer_unreadable"


class JoinCodeInvalid(Invalid):
    """A code that opens no class, or not any more."""

    code = "join_code_invalid"


class ListInvalid(Invalid):
    """A list of learners with rows that cannot be taken."""

    code = "list_invalid"


class LinkInvalid(Invalid):
    """A one-time link that was used, is too old, or never was."""

    code = "link_invalid"


class PasswordWeak(Invalid):
    """A password that is too short or among the common ones."""

    code = "password_weak"


def problem(status: int, code: str, detail: str = "", **members: Any) -> Response:
    """A problem document (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "code": code,
        "detail": detail,
        **members,
    }
    return Response(json.dumps(body), status=int(status), mimetype="application/problem+json")


def _is_a_page() -> bool:
    """Whether a browser asks for a page, and not a script for data."""
    wants = request.accept_mimetypes
    return not request.path.startswith("/api/") and wants["text/html"] > wants["application/json"]


def _is_unknown_api_path() -> bool:
    """Whether the only route that fits an address below /api/ is the site's, which takes every address by GET."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not request.path.startswith("/api/"):
        return False
    try:
        endpoint, _ = adapter.match(method="GET")
    except HTTPException:
        return False
    return bool(endpoint == "site.page")


CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "timeout",
    413: "too_large",
    415: "unsupported_media_type",
    422: "validation",
    429: "too_many_requests",
}


def register_errors(app: APIFlask) -> None:
    """Map every exception to a reply; database text and tracebacks go to the log, never to a client."""

    # APIFlask's own errors: mostly failed validation. First, because it also takes all of werkzeug's for itself.
    @app.error_processor
    def validation(error: HTTPError) -> Response:
        code = CODES.get(error.status_code, "http")
        return problem(error.status_code, code, error.message or "", errors=error.detail or {})

    @app.errorhandler(ApiError)
    def known(error: ApiError) -> Response:
        if isinstance(error, Unauthenticated) and _is_a_page():
            # Somebody opened an address that asks for a sign-in: they come back to it afterwards.
            lang = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
            target = f"{page_path(lang, 'sign-in')}?next={quote(request.path)}"
            return Response(status=302, headers={"Location": target, "Cache-Control": "no-store"})
        return problem(error.status, error.code, error.detail, **error.members)

    @app.errorhandler(CSRFError)
    def csrf(error: CSRFError) -> Response:
        return problem(400, "csrf_failed", "The CSRF token is missing or does not fit.")

    @app.errorhandler(RateLimitExceeded)
    def limited(error: RateLimitExceeded) -> Response:
        reply = problem(429, "too_many_requests", "Too many requests of this kind. Wait a little.")
        reply.headers["Retry-After"] = str(error.limit.limit.get_expiry() if error.limit else 60)
        return reply

    @app.errorhandler(RecursionError)
    def nested(error: RecursionError) -> Response:
        return problem(400, "bad_request", "The request is nested too deeply.")

    @app.errorhandler(OperationalError)
    def database(error: OperationalError) -> Response:
        log.error("database unavailable", exc_info=error)
        reply = problem(503, "unavailable", "The database cannot be reached right now. Try again.")
        reply.headers["Retry-After"] = "2"
        return reply

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None and status < 400:
            return error.response  # type: ignore[return-value]  # Redirects: werkzeug's Response is what Flask sends.
        if status == HTTPStatus.METHOD_NOT_ALLOWED and _is_unknown_api_path():
            return problem(404, "not_found", "There is no such address.")
        reply = problem(status, CODES.get(status, "http"), error.description or "")
        for name, value in error.get_headers():
            if name.lower() in {"allow", "retry-after"}:
                reply.headers[name] = value
        return reply

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        log.error("unhandled error", exc_info=error, path=request.path)
        return problem(500, "internal", "Something went wrong. The request id is in the X-Request-ID header.")
