"""Who may call what. Every route declares it; an app with a route that does not refuses to start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, g, request
from flask_login import current_user

from api.core.callers import Caller
from api.core.config import Settings
from api.core.errors import Forbidden, OperatorSignIn, SecondFactorNeeded, Unauthenticated
from api.core.requests import current_settings
from api.core.roles import ROLES, Role, Rows

READING = ("GET", "HEAD", "OPTIONS")
ATTRIBUTE = "__airlock_permission__"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Permission:
    """What a route declares.

    Attributes:
        roles: Who may call; None is anyone, signed in or not.
        rows: By role, which records they reach.
        page: Name of the page that whoever may call it may open, beside those of learners.
        leaving: It only ends a sign-in.
        enrolling: It sets up a second factor: also for those whose role must have one, and who have none yet.
        keyed: Whoever calls is no person and brings a key of their own; pages of other origins may call, and no cookie
            counts.
    """

    roles: frozenset[Role] | None
    rows: tuple[tuple[Role, Rows], ...] = ()
    page: str = ""
    leaving: bool = False
    enrolling: bool = False
    keyed: bool = False

    def rows_of(self, role: Role) -> Rows:
        """Which records a role reaches."""
        return dict(self.rows).get(role, "none")


def anyone() -> Callable[[View], View]:
    """Open to everybody, signed in or not; it gives nobody's records."""
    return _declare(Permission(None))


def with_a_key() -> Callable[[View], View]:
    """For launched units and registered devices: the route recognises their key, and looks at no cookie."""
    return _declare(Permission(None, keyed=True))


def is_keyed(view: object) -> bool:
    """Whether a view is for callers with a key of their own."""
    permission: Permission | None = getattr(view, ATTRIBUTE, None)
    return permission is not None and permission.keyed


def roles(page: str = "", **rows: Rows) -> Callable[[View], View]:
    """Open to the named roles, each with the records it reaches: `@roles(learner="own", trainer="all")`.

    Args:
        page: Name of the page that is offered to them.
        rows: By role.
    """
    unknown = set(rows) - set(ROLES)
    if unknown or not rows:
        raise ValueError(f"not roles: {sorted(unknown)}")
    pairs = tuple((role, rows[role]) for role in ROLES if role in rows)
    return _declare(Permission(frozenset(role for role, _ in pairs), pairs, page))


def everyone_signed_in(rows: Rows = "own", *, leaving: bool = False, enrolling: bool = False) -> Callable[[View], View]:
    """Open to every role.

    Args:
        rows: Which records each reaches.
        leaving: It only ends a sign-in: also one that an operator's link began.
        enrolling: It is a part of setting up a second factor.
    """
    pairs = tuple((role, rows) for role in ROLES)
    return _declare(Permission(frozenset(ROLES), pairs, leaving=leaving, enrolling=enrolling))


def _declare(permission: Permission) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        setattr(view, ATTRIBUTE, permission)
        return view

    return decorate


class MissingPermission(RuntimeError):
    """A route without a declaration."""


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One line of the matrix."""

    method: str
    path: str
    endpoint: str
    permission: Permission


def permission_matrix(app: Flask) -> list[RouteRule]:
    """Every route with what it declares.

    Raises:
        MissingPermission: A route declares nothing.
    """
    matrix: list[RouteRule] = []
    missing: list[str] = []
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], ATTRIBUTE, None)
        if permission is None:
            missing.append(f"{rule.rule} ({rule.endpoint})")
            continue
        matrix.extend(
            RouteRule(method, rule.rule, rule.endpoint, permission)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        )
    if missing:
        raise MissingPermission("routes without a permission: " + ", ".join(sorted(missing)))
    return sorted(matrix, key=lambda line: (line.path, line.method))


def pages_for(app: Flask, role: Role) -> list[str]:
    """Names of the pages that a role may open, beside those of learners."""
    known: dict[Role, list[str]] = app.extensions.setdefault("airlock_pages", {})
    if role not in known:
        views = (getattr(view, ATTRIBUTE, None) for view in app.view_functions.values())
        known[role] = sorted({view.page for view in views if view and view.page and role in (view.roles or ())})
    return known[role]


def must_enrol(caller: Caller, settings: Settings) -> bool:
    """Whether somebody's role must have a second factor, and none was given in this sign-in."""
    asked = caller.asked_second or caller.role in settings.second_factor
    return asked and not caller.second and not caller.operator


def register_permissions(app: Flask) -> None:
    """Check every request against what its route declares, before anything of it is read."""

    @app.before_request
    def check() -> None:
        if request.endpoint is None or request.method == "OPTIONS":
            return
        permission: Permission = getattr(app.view_functions[request.endpoint], ATTRIBUTE)
        if permission.roles is None:
            return
        caller = current_user._get_current_object()
        if not caller.is_authenticated:
            raise Unauthenticated("Sign in first.")
        g.person_id = caller.actor  # For the log, which is written when the database session is closed.
        if caller.role not in permission.roles:
            raise Forbidden("Your role does not allow this.")
        if caller.operator and request.method not in READING and not permission.leaving:
            raise OperatorSignIn("This sign-in shows, and changes nothing: its link was made by an operator.")
        if must_enrol(caller, current_settings()) and not (permission.leaving or permission.enrolling):
            raise SecondFactorNeeded("Your role needs a second factor: set one up on the page of your account.")
        g.airlock_caller, g.airlock_scope = caller, permission.rows_of(caller.role)
