"""HTTP: what routes give becomes a reply, and so does every error.

A reply is described once, by a model of the feature's `schemas.py`. A route gives anything with the attributes that the
model names, and no reply by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec
from urllib.parse import quote

import structlog
from apiflask import APIBlueprint, APIFlask
from apiflask.exceptions import HTTPError
from flask import Response, current_app, json, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from api.core.errors import ApiError, Unauthenticated
from api.core.idempotency import idempotent
from api.core.pages import page_path
from api.core.schemas import DoneOut, Out
from site_builder.course.languages import LANGUAGES

log = structlog.get_logger(__name__)
Arguments = ParamSpec("Arguments")


def gives(
    blueprint: APIBlueprint, model: type[Out], status: int = HTTPStatus.OK
) -> Callable[[Callable[Arguments, Any]], Callable[Arguments, Response]]:
    """Describe what a route gives: whatever it returns is read by the model, once, and written as JSON.

    A route may return a `Response` of its own.
    """

    def decorate(view: Callable[Arguments, Any]) -> Callable[Arguments, Response]:
        @wraps(view)
        def replying(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Response:
            found = view(*args, **kwargs)
            return found if isinstance(found, Response) else reply(model, found, status)

        described: Callable[Arguments, Response] = blueprint.output(model, status_code=int(status))(replying)
        return described

    return decorate


def writes(
    blueprint: APIBlueprint, model: type[Out] = DoneOut, status: int = HTTPStatus.OK
) -> Callable[[Callable[Arguments, Any]], Callable[Arguments, Response]]:
    """As `gives`, of a route that writes: a retry with the same `Idempotency-Key` has one effect, and the same reply.

    The route does not commit. Where it returns nothing, the reply says that it is done.
    """

    def decorate(view: Callable[Arguments, Any]) -> Callable[Arguments, Response]:
        @wraps(view)
        def written(*args: Arguments.args, **kwargs: Arguments.kwargs) -> tuple[dict[str, Any], int]:
            return _read(model, view(*args, **kwargs)).model_dump(mode="json"), int(status)

        described: Callable[Arguments, Response] = blueprint.output(model, status_code=int(status))(idempotent(written))
        return described

    return decorate


PDF, ZIP, CSV = "application/pdf", "application/zip", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def gives_file(blueprint: APIBlueprint, says: str, *kinds: str) -> Callable[[Callable[Arguments, Any]], Any]:
    """Describe a route that gives a file.

    Args:
        blueprint: Of the route.
        says: What the file is.
        kinds: Media types that it may have.
    """
    content: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    responses: dict[int | str, dict[str, str | dict[str, dict[str, Any]]]] = {
        200: {"description": says, "content": content}
    }
    described: Callable[[Callable[Arguments, Any]], Any] = blueprint.doc(responses=responses)
    return described


def _read(model: type[Out], found: Any) -> Out:
    if found is None:
        return model()
    return found if isinstance(found, model) else model.model_validate(found)


def reply(model: type[Out], found: Any, status: int = HTTPStatus.OK) -> Response:
    """A reply with what a model reads of an object."""
    return Response(_read(model, found).model_dump_json(), status=int(status), mimetype="application/json")


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


def register_replies(app: APIFlask) -> None:
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
        reply = problem(error.status, error.code, error.detail, **error.members)
        if "wait" in error.members:
            reply.headers["Retry-After"] = str(error.members["wait"])
        return reply

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
