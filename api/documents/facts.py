"""What a document says, and the lines of evidence that it rests on. Reads, and writes nothing.

Nothing here says that somebody is "qualified": the centre attests what was done and seen; an employer qualifies
(EU GMP, chapter 2).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.operations import current_catalogue, module_of_version
from api.core.audit import record_key
from api.core.texts import LOCALES, NBSP, date_text, long_time, sort_key, translator
from api.documents.errors import NothingToSay
from api.documents.models import DocumentKind
from api.events.facts import attendance_of, counter_signed, signatures_of
from api.events.letters import title_of
from api.events.models import Event, EventTrainer, HalfDay, PresenceSignature, Room
from api.evidence.models import Evidence, ModuleProgress
from api.evidence.validity import ZONE
from api.hours.models import CountedHours, HoursLine
from api.hours.operations import spans_of
from site_builder.course.modules import Hours

HOURS: tuple[Hours, ...] = ("on-site", "live-remote", "self-paced")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about.

    Attributes:
        person_id: The holder.
        half_day: Of a sheet.
        period: Of an hours report: its first and its last day, ISO 8601, with a slash between them.
    """

    kind: DocumentKind
    person_id: uuid.UUID | None = None
    event_id: uuid.UUID | None = None
    half_day: int | None = None
    module_id: str | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A table; the first cell of each row is its head."""

    caption: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Content:
    """What a document says, in one language.

    Attributes:
        title: What it is.
        holder: Whose; "" of a sheet.
        about: What it attests, in a line of its own.
        facts: Words and what they are.
        notes: Sentences below.
        minutes: By kind of hours, for the check page.
    """

    title: str
    holder: str
    about: str
    facts: list[list[str]]
    sections: list[Section] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    minutes: dict[str, int] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Found:
    """A document that can be issued.

    Attributes:
        rests_on: Rows of evidence.
        valid_until: Until when it says what holds.
    """

    content: Content
    rests_on: list[Any]
    valid_until: datetime | None = None

    @property
    def keys(self) -> list[str]:
        """Names of the lines."""
        return sorted(record_key(type(row), row) for row in self.rests_on)


def gather(session: Session, subject: Subject, lang: str) -> Found:
    """What a document would say today.

    Raises:
        NothingToSay: There is no evidence for it.
    """
    return GATHERERS[subject.kind](session, subject, lang)


def duration(minutes: int, lang: str) -> str:
    """Minutes as hours and minutes: "3 h 05"; never as a decimal, which two people round in two ways."""
    hours, rest = divmod(minutes, 60)
    return f"{format_decimal(hours, locale=LOCALES[lang])}{NBSP}h{NBSP}{rest:02}"


def kind_name(kind: Hours, lang: str) -> str:
    """The name of a kind of hours."""
    say = translator(lang)
    return {"on-site": say("On site"), "live-remote": say("Live, remote"), "self-paced": say("Self-paced")}[kind]


def day_name(day: str, lang: str) -> str:
    """A day as a language writes it."""
    return date_text(date.fromisoformat(day), lang)


def _title(session: Session, module_id: str, lang: str) -> str:
    module = current_catalogue(session).modules.get(module_id)
    return module.page(lang).title if module else module_id


def _hours_rows(
    session: Session, person_id: uuid.UUID, *, event_id: uuid.UUID | None = None, first: str = "", last: str = "9999"
) -> list[tuple[CountedHours, HoursLine]]:
    wanted = (
        select(CountedHours, HoursLine)
        .join(HoursLine, HoursLine.id == CountedHours.line_id)
        .where(CountedHours.person_id == person_id, CountedHours.day >= first, CountedHours.day <= last)
        .order_by(CountedHours.day, HoursLine.id)
    )
    if event_id is not None:
        wanted = wanted.where(CountedHours.event_id == event_id)
    return [(counted, line) for counted, line in session.execute(wanted)]


def _totals(rows: Iterable[tuple[CountedHours, HoursLine]]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for counted, _ in rows:
        totals[counted.kind] = totals.get(counted.kind, 0) + counted.minutes
    return totals


def _hours_section(
    session: Session, rows: Sequence[tuple[CountedHours, HoursLine]], lang: str, caption: str
) -> Section:
    say = translator(lang)
    columns = [say("Day"), say("What"), say("Kind"), say("From"), say("Until"), say("Counts"), say("Signed by")]
    lines = []
    for counted, line in rows:
        zone = _zone(session, line.event_id)
        spans = spans_of(line)
        # Active time is many stretches of a day: its first and last minute would say something else.
        times = ["–", "–"]
        if line.event_id is not None:
            times = [f"{spans[0][0].astimezone(zone):%H:%M}", f"{spans[-1][1].astimezone(zone):%H:%M}"]
        signed = [say("learner")] * line.learner_signed + [say("trainer")] * line.trainer_signed
        counts = duration(counted.minutes, lang)
        if counted.overlap:
            counts += " " + say("({time} overlaps)").format(time=duration(counted.overlap, lang))
        lines.append(
            [
                day_name(line.day, lang),
                _title(session, line.module_id, lang),
                kind_name(line.kind, lang),
                *times,
                counts,
                ", ".join(signed) or "–",
            ]
        )
    return Section(caption, columns, lines)


def _zone(session: Session, event_id: uuid.UUID | None) -> ZoneInfo:
    if event_id is None:
        return ZONE
    return ZoneInfo(session.get_one(Event, event_id).timezone)


def _total_facts(totals: dict[str, int], lang: str) -> list[list[str]]:
    return [[kind_name(kind, lang), duration(totals[kind], lang)] for kind in HOURS if kind in totals]


def _event_facts(session: Session, event: Event, lang: str) -> list[list[str]]:
    say, zone = translator(lang), ZoneInfo(event.timezone)
    room = session.get(Room, event.room_id) if event.room_id else None
    trainers = session.scalars(
        select(Person.name)
        .join(EventTrainer, EventTrainer.person_id == Person.id)
        .where(EventTrainer.event_id == event.id)
    ).all()
    facts = [[say("Begins"), long_time(event.begins, zone, lang)]]
    if room is not None:
        facts.append([say("Room"), room.name])
    facts.append([say("Trainers"), ", ".join(sorted(trainers, key=sort_key))])
    return facts


def _presence(session: Session, subject: Subject, lang: str) -> Found:
    say = translator(lang)
    assert subject.person_id is not None
    event = session.get(Event, subject.event_id)
    rows = _hours_rows(session, subject.person_id, event_id=subject.event_id)
    if event is None or not rows:
        raise NothingToSay("Nothing says that they were there.")
    person, totals = session.get_one(Person, subject.person_id), _totals(rows)
    content = Content(
        title=say("Certificate of presence"),
        holder=person.name,
        about=title_of(session, event, lang),
        facts=[*_event_facts(session, event, lang), *_total_facts(totals, lang)],
        sections=[_hours_section(session, rows, lang, say("Half-days"))],
        notes=[_kinds_note(lang), say("It says that somebody was there, and nothing about what they can do.")],
        minutes=totals,
    )
    return Found(content, [line for _, line in rows])


def _kinds_note(lang: str) -> str:
    say = translator(lang)
    return say("Hours of different kinds are not added up.")


def _competence(session: Session, subject: Subject, lang: str) -> Found:
    say = translator(lang)
    assert subject.person_id is not None
    assert subject.module_id is not None
    event = session.get(Event, subject.event_id)
    signed = signatures_of(session, event, subject.module_id, subject.person_id) if event is not None else []
    lines = list(
        session.scalars(
            select(Evidence)
            .where(Evidence.person_id == subject.person_id, Evidence.module_id == subject.module_id)
            .where(Evidence.source.startswith(f"event:{subject.event_id}"))
            .order_by(Evidence.id)
        )
    )
    if event is None or not signed or not lines or lines[-1].what != "signed-off":
        raise NothingToSay("No trainer signed that off.")
    person, line = session.get_one(Person, subject.person_id), lines[-1]
    page = module_of_version(session, signed[-1].version).page(lang)
    states = {"ticked": say("done"), "failed": say("failed"), "unseen": say("not seen")}
    newest = signed[-1]
    rows = []
    for place, text in enumerate(page.checklist):
        level = newest.levels[place] if newest.levels else 0
        rows.append([text, page.levels[level - 1] if level else states[newest.criteria[place]]])
    zone = ZoneInfo(event.timezone)
    facts = _event_facts(session, event, lang)
    facts += [[say("Signed by"), f"{one.signed_as}, {long_time(one.at, ZoneInfo('UTC'), lang)}"] for one in signed]
    own = counter_signed(session, signed)
    facts += [[say("Signed by the learner"), long_time(one.at, ZoneInfo("UTC"), lang)] for one in own.values()]
    until = _until(session, subject.person_id, line)
    facts.append([say("Counts until"), long_time(until, zone, lang) if until else say("without an end")])
    content = Content(
        title=say("Certificate of practical competence"),
        holder=person.name,
        about=page.title,
        facts=facts,
        sections=[Section(say("What was seen"), [say("Line of the checklist"), say("How")], rows)],
        notes=[
            say("A trainer of the centre saw this on that day. Qualification is the employer’s to give."),
        ],
    )
    return Found(content, [line, *signed, *own.values()], until)


def _until(session: Session, person_id: uuid.UUID, line: Evidence) -> datetime | None:
    """Until when it counts: as the summary says, where this is the completion that stands; else as the line says."""
    row = session.get(ModuleProgress, (person_id, line.module_id))
    if row is not None and row.completed_at == line.at:
        return row.valid_until
    return line.valid_until


def _passport(session: Session, subject: Subject, lang: str) -> Found:
    say = translator(lang)
    assert subject.person_id is not None
    person = session.get_one(Person, subject.person_id)
    hours = _hours_rows(session, person.id)
    progress = list(
        session.scalars(
            select(ModuleProgress)
            .where(ModuleProgress.person_id == person.id, ModuleProgress.completed_at.is_not(None))
            .order_by(ModuleProgress.completed_at, ModuleProgress.module_id)
        )
    )
    evidence = list(
        session.scalars(
            select(Evidence)
            .where(Evidence.person_id == person.id, Evidence.module_id.in_([row.module_id for row in progress]))
            .order_by(Evidence.id)
        )
    )
    if not hours and not progress:
        raise NothingToSay("There is nothing to put into it yet.")
    done = []
    for row in progress:
        assert row.completed_at is not None
        until = date_text(row.valid_until.astimezone(ZONE).date(), lang) if row.valid_until else "–"
        score = f"{row.best_score:.0%}".replace("%", NBSP + "%") if row.best_score is not None else "–"
        finished = date_text(row.completed_at.astimezone(ZONE).date(), lang)
        done.append([_title(session, row.module_id, lang), finished, score, until])
    totals = _totals(hours)
    content = Content(
        title=say("Training passport"),
        holder=person.name,
        about=say("Everything that was done here, to keep."),
        facts=_total_facts(totals, lang),
        sections=[
            Section(
                say("Completed modules"),
                [say("Module"), say("Completed"), say("Best score"), say("Counts until")],
                done,
            ),
            _hours_section(session, hours, lang, say("Training time")),
        ],
        notes=[_kinds_note(lang)],
        minutes=totals,
    )
    return Found(content, [*evidence, *(line for _, line in hours)])


def _hours(session: Session, subject: Subject, lang: str) -> Found:
    say = translator(lang)
    assert subject.person_id is not None
    first, _, last = subject.period.partition("/")
    person = session.get_one(Person, subject.person_id)
    rows = _hours_rows(session, person.id, first=first, last=last)
    totals = _totals(rows)
    content = Content(
        title=say("Hours report"),
        holder=person.name,
        about=say("From {first} to {last}").format(first=day_name(first, lang), last=day_name(last, lang)),
        facts=_total_facts(totals, lang) or [[say("Hours"), say("none in this period")]],
        sections=[_hours_section(session, rows, lang, say("Training time"))] if rows else [],
        notes=[_kinds_note(lang)],
        minutes=totals,
    )
    return Found(content, [line for _, line in rows])


def _sheet(session: Session, subject: Subject, lang: str) -> Found:
    say = translator(lang)
    event = session.get(Event, subject.event_id)
    half = session.get(HalfDay, (subject.event_id, subject.half_day)) if event is not None else None
    if event is None or half is None:
        raise NothingToSay("There is no such half-day.")
    zone = ZoneInfo(event.timezone)
    attended = {
        person: line for (person, number), line in attendance_of(session, event).items() if number == half.number
    }
    signatures = list(
        session.scalars(
            select(PresenceSignature)
            .where(PresenceSignature.event_id == event.id, PresenceSignature.number == half.number)
            .order_by(PresenceSignature.id)
        )
    )
    own = {one.person_id: one for one in signatures if not one.as_trainer}
    lists = [one for one in signatures if one.as_trainer]
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(list(attended))))}
    words = {"present": say("present"), "absent": say("absent"), "excused": say("excused")}
    rows = []
    for person_id in sorted(attended, key=lambda one: people[one].sort_as):
        said = own.get(person_id)
        times = _times(said, zone)
        signed = f"{said.signed_as}, {said.at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M} UTC" if said else "–"
        rows.append([people[person_id].name, words[attended[person_id].state], times, signed])
    span = f"{long_time(half.begins, zone, lang)} – {half.ends.astimezone(zone):%H:%M}"
    facts = [fact for fact in _event_facts(session, event, lang) if fact[0] != say("Begins")]
    facts.insert(0, [say("Half-day"), span])
    facts += [
        [say("List signed by"), f"{one.signed_as}, {one.at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M} UTC"]
        for one in lists
    ]
    section = Section(
        say("Who was there"), [say("Name"), say("Presence"), say("Confirmed"), say("Signature of the learner")], rows
    )
    notes = [] if rows else [say("Nobody is on the list.")]
    if not lists:
        notes.append(say("No trainer has signed the list yet."))
    content = Content(
        title=say("Attendance sheet"),
        holder="",
        about=title_of(session, event, lang),
        facts=facts,
        sections=[section] if rows else [],
        notes=notes,
    )
    return Found(content, [*attended.values(), *signatures])


def _times(said: PresenceSignature | None, zone: ZoneInfo) -> str:
    """From when until when a learner says that they were there."""
    if said is None or said.begins is None or said.ends is None:
        return "–"
    return f"{said.begins.astimezone(zone):%H:%M}–{said.ends.astimezone(zone):%H:%M}"


GATHERERS = {
    "presence": _presence,
    "competence": _competence,
    "passport": _passport,
    "hours": _hours,
    "sheet": _sheet,
}
