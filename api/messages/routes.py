"""Routes about messages: what one wants, the link that ends them, the mailbox of the demo."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask_login import current_user

from api.accounts.current import current_act
from api.core.config import MAILBOX
from api.core.errors import NotFound
from api.core.limits import limiter
from api.core.permissions import anyone, everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import current_session, current_settings
from api.messages import operations
from api.messages.schemas import EndedOut, MailboxOut, MailOut, PreferenceIn, PreferencesOut, TokenQuery

messages = APIBlueprint("messages", __name__, url_prefix="/api/v1", tag="Messages")


def _preferences() -> PreferencesOut:
    found = operations.preferences_of(current_session(), current_user)
    return PreferencesOut(preferences=found)


@messages.get("/preferences")
@everyone_signed_in(rows="own")
@gives(messages, PreferencesOut)
def preferences() -> PreferencesOut:
    """Which messages one gets."""
    return _preferences()


@messages.post("/preferences")
@everyone_signed_in(rows="own")
@messages.input(PreferenceIn)
@writes(messages, PreferencesOut)
def set_preference(json_data: PreferenceIn) -> PreferencesOut:
    """Say whether one wants a kind of message."""
    operations.set_preference(current_session(), current_user.id, json_data.kind, json_data.wanted)
    return _preferences()


@messages.post("/unsubscribe")
@anyone()
@limiter.limit("60 per minute")
@messages.input(TokenQuery, location="query")
@gives(messages, EndedOut)
def unsubscribe(query_data: TokenQuery) -> EndedOut:
    """End a kind of message by the link in it: mail programs call this by themselves (RFC 8058)."""
    kind = operations.unsubscribe(current_session(), current_settings().secret_key, query_data.token)
    current_session().commit()
    return EndedOut(kind=kind)


@messages.get("/mailbox")
@roles(learner="own", teacher="own", trainer="own", admin="all")
@gives(messages, MailboxOut)
def mailbox() -> MailboxOut:
    """The demo's mailbox; where messages go to a mail server, there is none."""
    if current_settings().mail != MAILBOX:
        raise NotFound("Messages go to a mail server here.")
    act = current_act()
    found = operations.mailbox_of(act)
    messages = [MailOut.model_validate(entry) for entry in found]
    return MailboxOut(everybody=act.scope == "all", messages=messages)
