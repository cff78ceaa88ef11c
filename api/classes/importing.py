"""Lists of learners into a class: first shown, then written whole or not at all. Knows no HTTP and never commits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.accounts.operations import add_person
from api.classes.errors import ListChanged, ListInvalid
from api.classes.letters import Added, Invitation
from api.classes.lists import Column, ReadList, Row, Unreadable, read_text
from api.classes.models import Class, ClassMember
from api.classes.operations import MOST_LEARNERS, check_open, lock_class, note_change
from api.messages.operations import add_message

Status = Literal["new", "known", "changed", "wrong"]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What would become of a row.

    Attributes:
        status: An account is made; nothing changes; somebody enters or something changes; it cannot be taken.
        changes: What would change: "enters", "audience", "employer", "funding".
        wrong: Why it cannot be taken.
    """

    line: int
    found: str
    name: str
    email: str
    status: Status
    changes: tuple[str, ...]
    wrong: tuple[str, ...]
    name_guessed: bool


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
    digest: str

    def count(self, status: Status) -> int:
        """How many rows have a status."""
        return sum(row.status == status for row in self.rows)


def preview_list(session: Session, group: Class, found: ReadList) -> Preview:
    """What a list would do to a class; in two queries, whatever its length."""
    people = {
        person.email: person
        for person in session.scalars(select(Person).where(Person.email.in_([row.email for row in found.rows])))
    }
    members = {
        member.person_id: member
        for member in session.scalars(select(ClassMember).where(ClassMember.class_id == group.id))
    }
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
        digest=hashlib.sha256(f"{group.id}\n{told}".encode()).hexdigest(),
    )


def _preview_row(row: Row, person: Person | None, member: ClassMember | None) -> PreviewRow:
    if row.wrong:
        return _as_wrong(row, *row.wrong)
    if member is not None and member.teaches:
        return _as_wrong(row, "teaches")
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
    return PreviewRow(row.line, row.found, row.name, row.email, status, tuple(changes), (), row.name_guessed)


def _as_wrong(row: Row, *reasons: str) -> PreviewRow:
    return PreviewRow(row.line, row.found, row.name, row.email, "wrong", (), reasons, row.name_guessed)


def import_list(act: Act, group: Class, text: str, *, digest: str, lang: str) -> Preview:
    """Put the learners of a list into a class: all of them, or none.

    Who is new gets an account and an invitation, who has an account is told. The same list once more changes nothing.

    Args:
        act: Who does it.
        group: The class.
        text: The list.
        digest: Of the preview that was shown.
        lang: Of new learners whose language the list does not say.

    Raises:
        ListInvalid: The list cannot be read, or rows of it cannot be taken.
        ListChanged: It would do something else than what was shown; look again.
    """
    session, at = act.session, act.at
    check_open(group)
    lock_class(session, group)
    found = read_text(text)
    preview = preview_list(session, group, found)
    if preview.unreadable or preview.count("wrong") or not preview.rows:
        raise ListInvalid("The list has rows that cannot be taken.", unreadable=preview.unreadable or "")
    if preview.digest != digest:
        raise ListChanged("The class or its people changed since the list was shown.")
    by_email = {row.email: row for row in found.rows}
    people = {
        person.email: person for person in session.scalars(select(Person).where(Person.email.in_(list(by_email))))
    }
    entered = []
    for shown in preview.rows:
        row = by_email[shown.email]
        person = people.get(row.email)
        if person is None:
            person = add_person(act, email=row.email, name=row.name, role="learner", lang=row.lang or lang)
        member = session.get(ClassMember, (group.id, person.id))
        if member is None:
            member = ClassMember(
                class_id=group.id, person_id=person.id, teaches=False, joined_at=at, employer="", funding=""
            )
            session.add(member)
            entered.append(str(person.id))
            kind = Added if person.password_hash else Invitation
            add_message(session, person, kind(group.name, act.person.name, str(group.id)), at=at)
        member.audience = row.audience or member.audience
        member.employer = row.employer or member.employer
        member.funding = row.funding or member.funding
    if any(row.status != "known" for row in preview.rows):
        new = {"entered": entered, "changed": preview.count("changed")}
        note_change(act, group, "class.import", new=new)
    return preview
