"""Routes about messages: what one wants, the link that ends them, the mailbox of the demo."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import current_app
from flask_login import current_user

from api.accounts.current import current_act
from api.core.config import MAILBOX, Settings
from api.core.database import current_session
from api.core.errors import NotFound
from api.core.idempotency import idempotent
from api.core.limits import limiter
from api.core.permissions import anyone, everyone_signed_in, roles
from api.messages import operations
from api.messages.schemas import EndedOut, MailboxOut, MailOut, PreferenceIn, PreferencesOut, TokenQuery

messages = APIBlueprint("messages", __name__, url_prefix="/api/v1", tag="Messages")


def _settings() -> Settings:
    settings: Settings = current_app.config["AIRLOCK_SETTINGS"]
    return settings


def _preferences() -> dict[str, Any]:
    found = operations.preferences_of(current_session(), current_user)
    return PreferencesOut(preferences=found).model_dump(mode="json")


@messages.get("/preferences")
@everyone_signed_in(rows="own")
@messages.output(PreferencesOut)
def preferences() -> dict[str, Any]:
    """Which messages one gets."""
    return _preferences()


@messages.post("/preferences")
@everyone_signed_in(rows="own")
@messages.input(PreferenceIn)
@messages.output(PreferencesOut)
@idempotent
def set_preference(json_data: PreferenceIn) -> tuple[dict[str, Any], int]:
    """Say whether one wants a kind of message."""
    operations.set_preference(current_session(), current_user.id, json_data.kind, json_data.wanted)
    return _preferences(), 200


@messages.post("/unsubscribe")
@anyone()
@limiter.limit("60 per minute")
@messages.input(TokenQuery, location="query")
@messages.output(EndedOut)
def unsubscribe(query_data: TokenQuery) -> dict[str, Any]:
    """End a kind of message by the link in it: mail programs call this by themselves (RFC 8058)."""
    kind = operations.unsubscribe(current_session(), _settings().secret_key, query_data.token)
    current_session().commit()
    return EndedOut(kind=kind).model_dump(mode="json")


@messages.get("/mailbox")
@roles(learner="own", teacher="own", trainer="own", admin="all")
@messages.output(MailboxOut)
def mailbox() -> dict[str, Any]:
    """The demo's mailbox; where messages go to a mail server, there is none."""
    if _settings().mail != MAILBOX:
        raise NotFound("Messages go to a mail server here.")
    act = current_act()
    found = operations.mailbox_of(act)
    messages = [MailOut.model_validate(entry) for entry in found]
    return MailboxOut(everybody=act.scope == "all", messages=messages).model_dump(mode="json")
