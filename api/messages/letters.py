"""Letters as they are sent: made of the facts of a message, in the reader's language, when they leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.accounts.models import Newcomer, Person
from api.core.config import Settings
from api.core.names import clean_line
from api.messages.kinds import Facts, Writer
from api.messages.operations import unsubscribe_token


@dataclass(frozen=True, slots=True)
class Letter:
    """A text to send.

    Attributes:
        recipient: E-mail address.
        name: Of the reader.
        lang: The text's language.
        calendars: Methods and contents of what goes with it for a calendar (RFC 5546).
        unsubscribe: Address that ends this kind of message by one POST (RFC 8058); None where it cannot be ended.
    """

    recipient: str
    name: str
    lang: str
    subject: str
    text: str
    unsubscribe: str | None
    calendars: tuple[tuple[str, bytes], ...] = ()


def preview_letter(settings: Settings, reader: Person, facts: Facts, at: datetime) -> tuple[str, str]:
    """Subject and text of a letter that was not made, as its reader would get it; for kinds without sign-in links."""
    # Without its end: the link there is the reader's alone.
    return _compose(Writer(Session(), settings, reader, at), facts)


def _compose(writer: Writer, facts: Facts) -> tuple[str, str]:
    """Subject and text, without the end."""
    subject, parts = facts.write(writer)
    greeting = writer.say("Hello {name},", name=writer.reader.name) if facts.greets else writer.say("Hello,")
    # A line break in a subject would begin another header, and a mark of direction turn what stands behind it.
    return clean_line(subject)[:200], "\n\n".join([greeting, *parts]) + "\n"


def write_letter(
    session: Session, settings: Settings, reader: Person, facts: Facts, at: datetime, newcomer: Newcomer | None = None
) -> Letter:
    """A letter as of now; links that sign in are made here, and stored nowhere."""
    writer = Writer(session, settings, reader, at, newcomer)
    subject, text = _compose(writer, facts)
    address = None
    if facts.can_be_ended:
        token = unsubscribe_token(settings.secret_key, reader.id, facts.kind)
        address = f"{settings.url}/api/v1/unsubscribe?token={token}"
        ending = ["-- ", writer.say("No more messages of this kind:"), writer.page("messages", f"#{token}")]
        text += "\n" + "\n".join(ending) + "\n"
    return Letter(
        recipient=facts.recipient(reader),
        name=reader.name,
        lang=writer.lang,
        subject=subject,
        text=text,
        unsubscribe=address,
        calendars=tuple(facts.calendars(writer)),
    )
