"""JSON logs, one line a request, with a request id. Never bodies, cookies or tokens."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request

ACCEPTED_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
log = structlog.get_logger("airlock.request")


def set_up_logs(level: int = logging.INFO) -> None:
    """Log JSON to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def register_logs(app: Flask) -> None:
    """Give every request an id, and log it when it is answered."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if ACCEPTED_ID.match(given) else uuid.uuid4().hex
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(reply: Response) -> Response:
        reply.headers["X-Request-ID"] = g.get("request_id", "")
        if request.path.startswith("/api/"):
            log.info(
                "request",
                method=request.method,
                route=request.url_rule.rule if request.url_rule else None,
                status=reply.status_code,
                milliseconds=round((time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000, 1),
                person=g.get("person_id"),
            )
        return reply
