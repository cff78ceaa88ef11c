"""The act of the running request."""

from __future__ import annotations

from flask import g
from flask_login import current_user

from api.accounts.act import Act
from api.core.clock import now
from api.core.database import current_session


def current_act(why: str = "") -> Act:
    """What the person who is signed in does now."""
    session = current_session()
    # The proxy would be asked again for each name.
    return Act.of(session, current_user._get_current_object(), now(), g.airlock_scope, why)
