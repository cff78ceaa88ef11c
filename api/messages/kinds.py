"""What a kind of letter is: the facts that it is made of, and how they become a text in the reader's language.

Each feature keeps its own kinds in its `letters.py`; a class below `Facts` with a `kind` is one. Texts are plain on
purpose: they read on every device, and fetch nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Self, TypedDict
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.links import make_link
from api.accounts.models import Newcomer, Person, Purpose
from api.accounts.newcomers import make_secret
from api.core.config import Settings
from api.core.pages import page_path
from api.core.texts import due_words, long_time, translations


class DueLine(TypedDict):
    """One thing that is due.

    `title` in the reader's language, `address` of its page, `due_at` in ISO 8601, `timezone` in which it is shown.
    """

    title: str
    address: str
    due_at: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Writer:
    """What the writers of all kinds share."""

    session: Session
    settings: Settings
    reader: Person
    at: datetime
    newcomer: Newcomer | None = None

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.reader.lang

    def say(self, text: str, **values: Any) -> str:
        """A text in the reader's language, with its values."""
        return translations(self.lang).gettext(text).format(**values)

    def say_count(self, one: str, many: str, count: int) -> str:
        """A text for a number."""
        return translations(self.lang).ngettext(one, many, count).format(count=count)

    def page(self, name: str, tail: str = "") -> str:
        """The address of a page of the site, a module's among them."""
        return f"{self.settings.url}{page_path(self.lang, name)}{tail}"

    def due(self, line: DueLine) -> str:
        """One thing that is due: "- Gowning: due tomorrow (Friday 27 November 2026, 16:00)", and its address."""
        due = datetime.fromisoformat(line["due_at"])
        zone = ZoneInfo(line["timezone"])
        words = f"{due_words(due, self.at, zone, self.lang)} ({long_time(due, zone, self.lang)})"
        return f"- {self.say('{title}: {words}', title=line['title'], words=words)}\n  {self.page(line['address'])}"

    def invitation(self) -> str:
        """A secret with which the reader sets a password: made when the letter leaves, and stored nowhere."""
        if self.newcomer is not None:
            return make_secret(self.newcomer, self.at)
        return self.link("invitation")

    def link(self, purpose: Purpose) -> str:
        """A secret of the reader's: made when the letter leaves, and stored nowhere."""
        return make_link(Act(self.session, self.at, "job"), self.reader, purpose)


KINDS: dict[str, type[Facts]] = {}
"""By name."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter is made of, as the message holds it. No secrets."""

    kind: ClassVar[str] = ""
    """Its name, in the database and in preferences."""
    can_be_ended: ClassVar[bool] = True
    """Whether its reader can switch it off; not what belongs to an act of their own or of their teacher."""
    on_request: ClassVar[bool] = False
    """Whether nobody gets it without asking for it."""
    staff_only: ClassVar[bool] = False
    """Whether learners never get it."""
    greets: ClassVar[bool] = True
    """Whether it begins with the reader's name; not where a stranger may have typed the name."""

    def __init_subclass__(cls) -> None:
        """Note the kind."""
        if cls.kind:
            KINDS[cls.kind] = cls

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Facts as a message holds them; what another version of the program wrote beside them is left out.

        Raises:
            TypeError: Something is missing.
        """
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    def write(self, writer: Writer) -> tuple[str, list[str]]:
        """Subject, and the parts of the text."""
        raise NotImplementedError

    def recipient(self, reader: Person) -> str:
        """The address that it goes to: the reader's, but for the letter that asks whether another one is theirs."""
        return reader.email

    def calendars(self, writer: Writer) -> Iterator[tuple[str, bytes]]:
        """What goes with it for the reader's calendar: methods and calendars (RFC 5546)."""
        return iter(())

    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        """What of it still holds when it leaves: in the meantime somebody may have left, or done what is asked."""
        return self


def ending_kinds() -> list[str]:
    """Names of the kinds that can be switched off."""
    return sorted(name for name, kind in KINDS.items() if kind.can_be_ended)
