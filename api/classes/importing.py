"""Lists of learners into a class: first shown, then written whole or not at all. Knows no HTTP and never commits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Table, select

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import NewLearner, add_learners
from api.classes.asking import Reach, ask_learners, not_asked_yet
from api.classes.errors import ListChanged, ListInvalid
from api.classes.letters import Added, Invitation
from api.classes.lists import Column, Place, ReadList, Row, Unreadable, plain, read_text
from api.classes.models import Class, ClassMember
from api.classes.operations import MOST_LEARNERS, check_open, lock_class, note_change
from api.messages.kinds import Facts
from api.messages.operations import add_messages, check_quota

Status = Literal["new", "known", "changed", "teaches", "wrong"]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would become of a row.

    Attributes:
        status: An account is made; nothing changes; somebody enters or something changes; a teacher of the class, who
            is left out; it cannot be taken.
        changes: What would change: "enters", "audience", "employer", "funding".
        wrong: Why it cannot be taken.
        renamed: Whether the address has an account under another name: perhaps it is somebody else's.
        account: That name, where the teacher sees it anyway: in this class; "" otherwise.
    """

    line: int
    found: str
    name: str
    email: str
    status: Status
    changes: tuple[str, ...]
    wrong: tuple[str, ...]
    name_guessed: bool
    renamed: bool = False
    account: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a list.

    Attributes:
        digest: Says what was shown; writing names it, so that nothing else is written.
    """

    rows: tuple[PreviewRow, ...]
    unreadable: Unreadable | None
    text: str
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    places: tuple[Place, ...]
    digest: str

    def count(self, status: Status) -> int:
        """How many rows have a status."""
        return sum(row.status == status for row in self.rows)


def preview_list(act: Act, group: Class, found: ReadList) -> Preview:
    """What a list would do to a class; in three queries, whatever its length.

    Of an account that the act does not reach nothing is told, not even that there is one.
    """
    session, reach = act.session, Reach.of(act)
    people = {
        person.email: person
        for person in session.scalars(select(Person).where(Person.email.in_([row.email for row in found.rows])))
    }
    members = {
        member.person_id: member
        for member in session.scalars(select(ClassMember).where(ClassMember.class_id == group.id))
    }
    # Who teaches the class is no secret in it.
    people = {email: person for email, person in people.items() if reach.knows(person) or person.id in members}
    room = MOST_LEARNERS - sum(not member.teaches for member in members.values())
    rows = []
    for row in found.rows:
        person = people.get(row.email)
        shown = _preview_row(row, person, members.get(person.id) if person else None)
        if "enters" in shown.changes:
            room -= 1
            if room < 0:
                shown = _as_wrong(row, "class-full")
        rows.append(shown)
    told = json.dumps([asdict(row) for row in rows], sort_keys=True)
    return Preview(
        rows=tuple(rows),
        unreadable=found.unreadable,
        text=found.text,
        columns=found.columns,
        ignored=found.ignored,
        places=found.places,
        digest=hashlib.sha256(f"{group.id}\n{told}".encode()).hexdigest(),
    )


def _preview_row(row: Row, person: Person | None, member: ClassMember | None) -> PreviewRow:
    if row.wrong:
        return _as_wrong(row, *row.wrong)
    if member is not None and member.teaches:
        return PreviewRow(row.line, row.found, row.name, row.email, "teaches", (), (), row.name_guessed)
    if person is not None and not person.active:
        return _as_wrong(row, "inactive")
    changes = []
    if member is None:
        changes.append("enters")
    for name in ("audience", "employer", "funding"):
        wanted = getattr(row, name)
        # An empty cell says nothing; it takes nothing away.
        if wanted and (member is None or getattr(member, name) != wanted):
            changes.append(name)
    status: Status = "new" if person is None else "changed" if changes else "known"
    renamed = person is not None and not row.name_guessed and not _is_same_name(row.name, person.name)
    account = person.name if person is not None and member is not None and renamed else ""
    return PreviewRow(
        row.line, row.found, row.name, row.email, status, tuple(changes), (), row.name_guessed, renamed, account
    )


def _is_same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: in another order, without accents, with or without a hyphen."""
    return sorted(plain(one).split()) == sorted(plain(other).split())


def _as_wrong(row: Row, *reasons: str) -> PreviewRow:
    return PreviewRow(row.line, row.found, row.name, row.email, "wrong", (), reasons, row.name_guessed)


def import_list(
    act: Act, group: Class, text: str, *, digest: str, lang: str, columns: Sequence[str] | None = None
) -> Preview:
    """Put the learners of a list into a class: all of them, or none.

    Who is new gets an account and an invitation, who has an account is told, or asked where the act does not reach
    them (`asking.py`). The same list once more changes nothing.

    Args:
        act: Who does it.
        group: The class.
        text: The list.
        digest: Of the preview that was shown.
        lang: Of new learners whose language the list does not say.
        columns: What each column means, as it was said by hand; None to go by the headings.

    Raises:
        ListInvalid: The list cannot be read, or rows of it cannot be taken.
        LettersUsedUp: Whoever does it had too many letters sent within a day.
        ListChanged: It would do something else than what was shown; look again.
    """
    session, at = act.session, act.at
    check_open(group)
    lock_class(session, group)
    found = read_text(text, columns)
    preview = preview_list(act, group, found)
    if preview.unreadable or preview.count("wrong") or not preview.rows:
        raise ListInvalid("The list has rows that cannot be taken.", unreadable=preview.unreadable or "")
    if preview.digest != digest:
        raise ListChanged("The class or its people changed since the list was shown.")
    by_email = {row.email: row for row in found.rows}
    reach = Reach.of(act)
    there = {
        person.email: person
        for person in session.scalars(select(Person).where(Person.email.in_(list(by_email))))
        if reach.must_ask(person)
    }
    new = [row for row in preview.rows if row.status == "new"]
    add_learners(
        act,
        [_newcomer(by_email[row.email], lang) for row in new if row.email not in there],
    )
    taken = [row.email for row in preview.rows if row.status != "teaches"]
    people = {person.email: person for person in session.scalars(select(Person).where(Person.email.in_(taken)))}
    members = {
        member.person_id: member
        for member in session.scalars(select(ClassMember).where(ClassMember.class_id == group.id))
    }
    entering: list[dict[str, Any]] = []
    letters: list[tuple[Person, Facts]] = []
    asked: list[tuple[Person, Row]] = []
    for email in taken:
        row, person = by_email[email], people[email]
        member = members.get(person.id)
        if member is None and email in there:
            asked.append((person, row))
            continue
        if member is not None:
            member.audience = row.audience or member.audience
            member.employer = row.employer or member.employer
            member.funding = row.funding or member.funding
            continue
        entering.append(
            {
                "class_id": group.id,
                "person_id": person.id,
                "teaches": False,
                "joined_at": at,
                "audience": row.audience,
                "employer": row.employer,
                "funding": row.funding,
            }
        )
        kind = Added if person.password_hash else Invitation
        letters.append((person, kind(group.name, act.person.name, str(group.id))))
    for start in range(0, len(entering), TOGETHER):
        session.execute(MEMBERS.insert().values(entering[start : start + TOGETHER]))
    asked = not_asked_yet(session, group, asked)
    check_quota(act, len(letters) + len(asked))
    add_messages(session, letters, at=at, by=act.person)
    ask_learners(act, group, asked)
    entered = [str(line["person_id"]) for line in entering]
    if entered or preview.count("changed"):
        note_change(act, group, "class.import", new={"entered": entered, "changed": preview.count("changed")})
    return preview


def _newcomer(row: Row, lang: str) -> NewLearner:
    return NewLearner(row.email, row.name, row.lang or lang, row.given, row.family)


TOGETHER = 100
"""Rows in one statement."""
MEMBERS: Table = ClassMember.__table__  # type: ignore[assignment]  # It is a table.
