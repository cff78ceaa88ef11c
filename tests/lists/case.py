"""Hostile lists of learners: what teachers paste and upload, and what nobody honest would.

Each case says what a teacher rightly expects of it. What is not known about a list is not claimed: then only what holds
for every list is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from api.classes.lists import Unreadable, Wrong

MEGABYTE = 1_000_000
SOME: frozenset[Wrong] = frozenset()
"""A row is wrong, for a reason that is not claimed."""


class Learner(NamedTuple):
    """What the row of a learner says."""

    name: str
    email: str
    lang: str | None = None
    audience: str | None = None
    employer: str = ""
    funding: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A list, and what is expected of it.

    Attributes:
        data: Of a file that is uploaded, or what makes them: large ones exist only while they are read.
        text: That is pasted, if there is no file.
        unreadable: Why it cannot be read at all.
        right: The learners of it, in its order; None if that is not claimed.
        count: Of rows that can be taken, where they are too many to be written down.
        wrong: Lines that cannot be taken, and why; None if that is not claimed.
        ignored: Headings that are not known; None if that is not claimed.
        elsewhere: Whether addresses stand where they are not for us, so that they may be lost.
    """

    id: str
    data: bytes | Callable[[], bytes] | None = None
    text: str | Callable[[], str] | None = None
    unreadable: Unreadable | None = None
    right: tuple[Learner, ...] | None = None
    count: int | None = None
    wrong: Mapping[int, frozenset[Wrong]] | None = field(default_factory=dict)
    ignored: tuple[str, ...] | None = None
    elsewhere: bool = False

    def made_text(self) -> str | None:
        """The text that is pasted; None if a file is uploaded."""
        return self.text() if callable(self.text) else self.text

    def made_data(self) -> bytes | None:
        """The bytes of the file; None if a text is pasted."""
        return self.data() if callable(self.data) else self.data


def because(*reasons: Wrong) -> frozenset[Wrong]:
    """All the reasons why a row is wrong."""
    return frozenset(reasons)


ELODIE = Learner("Élodie Exemple", "elodie@example.org")
ZOE = Learner("Zoë Voorbeeld", "zoe@example.com")
TWO = "Nom;E-mail\nÉlodie Exemple;elodie@example.org\nZoë Voorbeeld;zoe@example.com\n"
