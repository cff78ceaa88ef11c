"""The kinds of module: what completes one, which hours it gives, what its page needs. One class a kind.

A kind is registered by being listed in `KINDS`; nothing else asks which kind a module is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal, get_args

Fact = Literal["read", "passed", "failed", "attended", "signed-off", "result", "acknowledged", "withdrawn"]
"""What one line of evidence says that a person did.

passed, failed: a graded quiz was handed in. attended: present at a half-day of a webinar. signed-off: a trainer signed
the checklist of a practical. result: a scene, a headset or AR reported one that passes. acknowledged: a document was
read and accepted. withdrawn: the line that this one supersedes holds no more.
"""
FACTS: tuple[Fact, ...] = get_args(Fact)

Hours = Literal["on-site", "live-remote", "self-paced"]
"""Kinds of training hours, which are never added into one."""


MoveOn = Literal["passed", "completed", "completed-and-passed", "completed-or-passed"]
"""What of an application's reports is a result that passes (cmi5 13.1.4, moveOn)."""
MOVE_ON: tuple[MoveOn, ...] = get_args(MoveOn)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that completes a module.

    Attributes:
        fact: What must have been done.
        part: Of the module: the id of a quiz; "" is the module itself.
    """

    fact: Fact
    part: str = ""


class Kind:
    """What every kind of module says of itself."""

    name: ClassVar[str]
    hours: ClassVar[Hours]
    online: ClassVar[bool]
    """Whether a learner completes it alone, in the page."""
    has_checklist: ClassVar[bool] = False
    """Whether its page must list what a trainer signs."""
    is_read: ClassVar[bool] = False
    """Whether a learner says on its page that they read it."""
    is_accepted: ClassVar[bool] = False
    """Whether a learner says on its page that they read and accept it."""
    has_presence: ClassVar[bool] = False
    """Whether a share of presence completes it."""
    is_reported: ClassVar[bool] = False
    """Whether a program that is not a page may report what completes it."""
    note: ClassVar[str] = ""
    """Name of the text that says on its page what completes it; "" where the page itself does."""

    def completed_by(self, graded: Sequence[str]) -> tuple[Need, ...]:
        """Everything that must have been done (cmi5 calls it moveOn).

        Args:
            graded: Ids of the module's graded quizzes.
        """
        raise NotImplementedError


class Lesson(Kind):
    """A page that is read, and its graded quizzes passed."""

    name, hours, online = "lesson", "self-paced", True
    is_read = True

    def completed_by(self, graded: Sequence[str]) -> tuple[Need, ...]:
        """Read, and every graded quiz passed."""
        return (Need("read"), *(Need("passed", quiz_id) for quiz_id in graded))


class Webinar(Kind):
    """An hour with a trainer, at a distance."""

    name, hours, online = "webinar", "live-remote", False
    has_presence = True
    note = "webinar_note"

    def completed_by(self, graded: Sequence[str]) -> tuple[Need, ...]:
        """Attended."""
        return (Need("attended"),)


class Document(Kind):
    """A text that is read and accepted: site rules, a confidentiality agreement."""

    name, hours, online = "document", "self-paced", True
    is_read = is_accepted = True
    note = "document_note"

    def completed_by(self, graded: Sequence[str]) -> tuple[Need, ...]:
        """Accepted, and what is asked about it passed."""
        return (Need("acknowledged"), *(Need("passed", quiz_id) for quiz_id in graded))


class Practical(Kind):
    """Hands on, in a room, with a trainer who signs."""

    name, hours, online = "practical", "on-site", False
    has_checklist = True
    note = "practical_note"

    def completed_by(self, graded: Sequence[str]) -> tuple[Need, ...]:
        """Signed off."""
        return (Need("signed-off"),)


class Simulation(Kind):
    """A scene that is played in its page, in a headset or in a program elsewhere, which reports a result."""

    name, hours, online = "simulation", "self-paced", True
    is_reported = True
    note = "simulation_note"

    def completed_by(self, graded: Sequence[str]) -> tuple[Need, ...]:
        """What is asked in its scenes passed; without one, a result that passes was received."""
        return tuple(Need("passed", quiz_id) for quiz_id in graded) or (Need("result"),)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (Lesson(), Webinar(), Practical(), Document(), Simulation())}
)
