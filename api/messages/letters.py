"""Messages as texts, in the reader's language, made when they leave.

Plain text on purpose: it reads on every device, and fetches nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import make_link
from api.core.config import Settings
from api.core.pages import page_path
from api.core.texts import due_words, long_time, translations
from api.messages.models import Message
from api.messages.operations import UNSUBSCRIBABLE, unsubscribe_token


@dataclass(frozen=True, slots=True)
class Letter:
    """A text to send.

    Attributes:
        recipient: E-mail address.
        name: Of the reader.
        lang: The text's language.
        unsubscribe: Address that ends this kind of message by one POST (RFC 8058); None where it cannot be ended.
    """

    recipient: str
    name: str
    lang: str
    subject: str
    text: str
    unsubscribe: str | None


@dataclass(frozen=True, slots=True)
class _Writer:
    """What the writers of the kinds share."""

    session: Session
    settings: Settings
    message: Message
    at: datetime

    @property
    def lang(self) -> str:
        return self.message.person.lang

    @property
    def act(self) -> Act:
        return Act(self.session, self.at, "job")

    def say(self, text: str, **values: Any) -> str:
        """A text in the reader's language, with its values."""
        return translations(self.lang).gettext(text).format(**values)

    def say_count(self, one: str, many: str, count: int) -> str:
        """A text for a number."""
        return translations(self.lang).ngettext(one, many, count).format(count=count)

    def page(self, name: str, tail: str = "") -> str:
        """The address of a page of the site, a module's among them."""
        return f"{self.settings.url}{page_path(self.lang, name)}{tail}"

    def due(self, line: dict[str, Any]) -> str:
        """One thing that is due: "- Gowning: due tomorrow (Friday 27 November 2026, 16:00)", and its address."""
        due = datetime.fromisoformat(line["due_at"])
        zone = ZoneInfo(line["timezone"])
        words = f"{due_words(due, self.at, zone, self.lang)} ({long_time(due, zone, self.lang)})"
        return f"- {self.say('{title}: {words}', title=line['title'], words=words)}\n  {self.page(line['address'])}"


def _invitation(writer: _Writer) -> tuple[str, list[str]]:
    data = writer.message.data
    token = make_link(writer.act, writer.message.person, "invitation")
    return writer.say("Your class {name}: choose a password", name=data["class"]), [
        writer.say("{teacher} added you to the class {name}.", teacher=data["teacher"], name=data["class"]),
        writer.say("The teachers of the class see what you do in the courses that it is given."),
        writer.say("Choose a password here. The link works once, for 14 days:"),
        writer.page("welcome", f"#{token}"),
    ]


def _added(writer: _Writer) -> tuple[str, list[str]]:
    data = writer.message.data
    return writer.say("You are in the class {name}", name=data["class"]), [
        writer.say("{teacher} added you to the class {name}.", teacher=data["teacher"], name=data["class"]),
        writer.say("The teachers of the class see what you do in the courses that it is given."),
        writer.page("learning"),
    ]


def _join(writer: _Writer) -> tuple[str, list[str]]:
    """Somebody who is not signed in typed a join code with this address."""
    data, person = writer.message.data, writer.message.person
    if person.password_hash is None:
        token = make_link(writer.act, person, "invitation")
        act = [
            writer.say("Choose a password here. The link works once, for 14 days:"),
            writer.page("welcome", f"?next={quote(page_path(writer.lang, 'join'))}%3Fcode%3D{data['code']}#{token}"),
        ]
    else:
        act = [
            writer.say("You have an account already. Sign in, and you can enter:"),
            writer.page("join", f"?code={data['code']}"),
        ]
    return writer.say("Enter the class {name}", name=data["class"]), [
        writer.say("Somebody, probably you, wants to enter the class {name} with this address.", name=data["class"]),
        *act,
        writer.say("If it was not you, do nothing."),
    ]


def _reminder(writer: _Writer) -> tuple[str, list[str]]:
    data = writer.message.data
    subject = writer.say_count("{count} module is late", "{count} modules are late", len(data["lines"]))
    return subject, [
        writer.say("{teacher} reminds you of what is still open in the class {name}:", **_who(data)),
        *[writer.due(line) for line in data["lines"]],
        writer.say("If something keeps you from it, tell your teacher: more time can be given."),
    ]


def _due(writer: _Writer) -> tuple[str, list[str]]:
    return writer.say("What is due this week"), [
        writer.say("This is due in the next days, or late:"),
        *[writer.due(line) for line in writer.message.data["lines"]],
        writer.page("learning"),
    ]


def _class_digest(writer: _Writer) -> tuple[str, list[str]]:
    lines = []
    for group in writer.message.data["classes"]:
        lines.append(group["name"])
        lines.append(
            "- "
            + writer.say_count("{count} learner", "{count} learners", group["learners"])
            + ", "
            + writer.say_count("{count} of them late", "{count} of them late", group["late"])
        )
        for late in group["lines"]:
            said = writer.say("{title}: {words}", title=late["name"], words=", ".join(late["titles"]))
            lines.append(f"- {said}")
        lines.append(writer.page("classes", f"?class={group['id']}"))
        lines.append("")
    return writer.say("Your classes this week"), ["\n".join(lines).strip()]


def _answer(writer: _Writer) -> tuple[str, list[str]]:
    data = writer.message.data
    return writer.say("An answer to your question about {title}", title=data["title"]), [
        writer.say("{name} answered your question:", name=data["name"]),
        data["text"],
        writer.page(data["address"], "#questions"),
    ]


def _question(writer: _Writer) -> tuple[str, list[str]]:
    data = writer.message.data
    return writer.say("A question about {title}", title=data["title"]), [
        writer.say("{name} asks:", name=data["name"]),
        data["text"],
        writer.page(data["address"], "#questions"),
    ]


def _who(data: dict[str, Any]) -> dict[str, str]:
    return {"teacher": data["teacher"], "name": data["class"]}


WRITERS: dict[str, Callable[[_Writer], tuple[str, list[str]]]] = {
    "invitation": _invitation,
    "added": _added,
    "join": _join,
    "reminder": _reminder,
    "due": _due,
    "class-digest": _class_digest,
    "answer": _answer,
    "question": _question,
}


def preview_letter(
    settings: Settings, person: Person, kind: str, data: dict[str, Any], at: datetime
) -> tuple[str, str]:
    """Subject and text of a message that was not made, as its reader would get it; for kinds without sign-in links."""
    message = Message(person=person, person_id=person.id, kind=kind, data=data)
    # Without its end: the link there is the reader's alone.
    return _compose(_Writer(Session(), settings, message, at))


def _compose(writer: _Writer) -> tuple[str, str]:
    """Subject and text, without the end."""
    subject, parts = WRITERS[writer.message.kind](writer)
    greeting = writer.say("Hello {name},", name=writer.message.person.name)
    # A line break in a subject would begin another header.
    return " ".join(subject.split())[:200], "\n\n".join([greeting, *parts]) + "\n"


def write_letter(session: Session, settings: Settings, message: Message, at: datetime) -> Letter:
    """The text of a message as of now; links that sign in are made here, and stored nowhere."""
    writer = _Writer(session, settings, message, at)
    subject, text = _compose(writer)
    address = None
    if message.kind in UNSUBSCRIBABLE:
        token = unsubscribe_token(settings.secret_key, message.person_id, message.kind)
        address = f"{settings.url}/api/v1/unsubscribe?token={token}"
        ending = ["-- ", writer.say("No more messages of this kind:"), writer.page("messages", f"#{token}")]
        text += "\n" + "\n".join(ending) + "\n"
    return Letter(
        recipient=message.person.email,
        name=message.person.name,
        lang=writer.lang,
        subject=subject,
        text=text,
        unsubscribe=address,
    )
