"""Puts the app together."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from apiflask import APIFlask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from api.accounts.act import Act
from api.accounts.current import current_act
from api.accounts.routes import HASHING, accounts, register_sign_in
from api.administration.routes import administration
from api.applications.routes.launches import applications
from api.applications.routes.xapi import with_one_slash, xapi
from api.briefings.routes import briefings
from api.capacity.routes import capacity
from api.classes.access import find_class
from api.classes.assignments import find_assignment
from api.classes.routes import classes
from api.companies.routes import companies
from api.core.apart import one_at_a_time
from api.core.audit import Chain
from api.core.clock import Clock, system_clock
from api.core.compression import register_compression
from api.core.config import Settings, read_settings
from api.core.database import Database
from api.core.headers import register_headers
from api.core.idempotency import register_reach
from api.core.limits import register_limits
from api.core.logs import register_logs, set_up_logs
from api.core.permissions import permission_matrix, register_permissions
from api.core.replies import register_replies
from api.core.requests import close_session, register_database
from api.core.site import site
from api.core.system import describe_permissions, system
from api.desk.routes import desk
from api.discussion.operations import find_thread
from api.discussion.routes import discussion
from api.documents.routes import documents
from api.events.planning import find_event
from api.events.routes.calendars import calendars
from api.events.routes.day import day
from api.events.routes.live import live_questions
from api.events.routes.places import places
from api.events.routes.planning import events
from api.factors.routes import factors
from api.funding.routes import funding
from api.hours.routes import hours
from api.learning.routes import learning
from api.messages.routes import messages, unsubscribe
from api.outcomes.routes import outcomes
from api.readiness.routes import readiness
from api.refreshers.routes import refreshers
from api.reports.routes import reports
from api.single_sign_on.routes import sign_on

MAX_BODY = 256 * 1024
"""Bytes; the largest honest request is a handed-in attempt of a few kB."""

DESCRIPTION = "Attempts and their grading, progress, classes, results, messages. Times are UTC with offset."


def create_app(settings: Settings, *, clock: Clock = system_clock, database: Database | None = None) -> APIFlask:
    """The app for some settings.

    Raises:
        MissingPermission: A route does not declare who may call it.
    """
    app = APIFlask(
        "airlock",
        title="Airlock",
        version="1",
        docs_path=None,
        spec_path=None,
        json_errors=False,
        static_folder=None,  # type: ignore[arg-type]  # None is what Flask documents.
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it.
    app.config.update(
        AIRLOCK_SETTINGS=settings,
        AIRLOCK_CLOCK=clock,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION=DESCRIPTION,
        VALIDATION_ERROR_STATUS_CODE=422,
        # The prefix binds the cookie to this host and to https; on this machine's own http it would be refused.
        SESSION_COOKIE_NAME="__Host-airlock" if settings.secure else "airlock",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=None,  # The token lives as long as the sign-in; a page left open overnight still works.
        WTF_CSRF_HEADERS=["X-CSRFToken"],
        # Who hides where they come from (no Referer) may sign in as well: `headers.same_origin` looks at Origin and
        # Sec-Fetch-Site, which no page of another site can leave out or change, and the token is asked for either way.
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # As Flask's docs say.
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    database = database or Database(
        settings.database_url, Chain(settings.audit_key.encode(), settings.audit_anchor) if settings.audit_key else None
    )
    register_logs(app)
    register_replies(app)
    register_headers(app, settings)
    register_compression(app)
    register_database(app, database)
    register_sign_in(app)
    register_limits(app)
    # The link in a message is its own proof, and mail programs follow it without a cookie.
    csrf = CSRFProtect(app)
    csrf.exempt(unsubscribe)
    # A key in a header is no cookie: no other page can have a browser send it.
    csrf.exempt(xapi)
    app.wsgi_app = with_one_slash(app.wsgi_app)  # type: ignore[method-assign]  # As Flask's docs say.
    register_permissions(app)
    for blueprint in (
        system,
        accounts,
        factors,
        sign_on,
        hours,
        learning,
        classes,
        events,
        places,
        day,
        live_questions,
        calendars,
        messages,
        discussion,
        reports,
        documents,
        funding,
        companies,
        capacity,
        administration,
        desk,
        outcomes,
        readiness,
        refreshers,
        applications,
        xapi,
        briefings,
        site,
    ):
        app.register_blueprint(blueprint)

    @app.spec_processor
    def permissions(spec: dict[Any, Any] | str) -> dict[Any, Any] | str:
        return spec if isinstance(spec, str) else describe_permissions(app, spec)

    @app.after_request
    def release(reply: Any) -> Any:
        # Before anything else happens to the reply, a transaction that was not committed is over.
        close_session()
        return reply

    for name, find in (
        ("class_id", find_class),
        ("assignment_id", find_assignment),
        ("event_id", find_event),
        ("thread_id", find_thread),
    ):
        register_reach(app, name, _looked_up(find))
    permission_matrix(app)
    return app


def _looked_up(find: Callable[[Act, Any], object]) -> Callable[[Any], object]:
    """A look-up as a request does it."""
    return lambda value: find(current_act(), value)


def create_from_environment() -> APIFlask:
    """The app for this process's environment; the entry point of the server."""
    level = os.environ.get("AIRLOCK_LOG_LEVEL", "INFO").upper()
    set_up_logs(logging.getLevelNamesMapping().get(level, logging.INFO))
    app = create_app(read_settings())
    app.wsgi_app = one_at_a_time(app.wsgi_app, HASHING, MAX_BODY)  # type: ignore[method-assign, assignment]  # As Flask's docs say.
    return app
