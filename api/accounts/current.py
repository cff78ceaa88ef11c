"""The act of the running request."""

from __future__ import annotations

from flask import g

from api.accounts.act import Act
from api.core.requests import current_session, now


def current_act(why: str = "") -> Act:
    """What the person who is signed in does now."""
    return Act.of(current_session(), g.airlock_caller, now(), g.airlock_scope, why)
