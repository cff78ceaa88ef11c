"""Reports as tables to take along, and as a document. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from api.catalogue.operations import current_catalogue
from api.core.texts import translator
from api.documents.facts import HOURS, Content, Section, day_name, duration, kind_name
from api.evidence.validity import ZONE
from api.funding.schemes import Counted
from api.funding.totals import By, Line, Report
from api.reports.sheets import Column, Table, Value


def by_name(by: By, lang: str) -> str:
    """What the rows of a report are."""
    say = translator(lang)
    return {
        "month": say("Month"),
        "audience": say("Audience"),
        "scheme": say("Funding scheme"),
        "employer": say("Employer or school"),
        "class": say("Class"),
        "course": say("Course"),
        "path": say("Path"),
        "room": say("Room"),
        "trainer": say("Trainer"),
    }[by]


def totals_table(report: Report, by: By, first: str, last: str, lang: str) -> Table:
    """A report; minutes are whole numbers, so that a spreadsheet adds what may be added without rounding."""
    say = translator(lang)
    columns = [Column(by_name(by, lang), say("What the row stands for.")), _people(lang)]
    columns += [
        Column(
            say("{kind} (minutes)").format(kind=kind_name(kind, lang)),
            say("Minutes that count; never added to those of another kind."),
            "whole",
        )
        for kind in HOURS
    ]
    columns.append(
        Column(say("Overlaps (minutes)"), say("Minutes that do not count: another line stands for the time."), "whole")
    )
    columns += [
        Column(say("Completed modules"), say("Completed in the period, as things stand."), "whole"),
        Column(say("No-shows"), say("Places at half-days whose people stayed away without a word."), "whole"),
    ]
    rows: list[list[Value]] = [
        [row.title, row.people, *(row.minutes.get(kind, 0) for kind in HOURS), row.overlap, row.done, row.absent]
        for row in report.rows
    ]
    notes = [say("From {first} to {last}").format(first=day_name(first, lang), last=day_name(last, lang))]
    if report.several:
        notes.append(say("One line can stand in several rows: rows are not to be added up."))
    return Table(say("Hours"), columns, rows, ZONE, notes)


def _people(lang: str) -> Column:
    say = translator(lang)
    return Column(say("Learners"), say("How many different learners."), "whole")


def why_name(why: str, lang: str) -> str:
    """Why a line counts for a scheme, or does not."""
    say = translator(lang)
    return {
        "counts": say("counts"),
        "kind": say("this kind is not paid for"),
        "too-short": say("there for too short a time"),
        "unsigned": say("a signature is missing"),
        "half-missing": say("the other half of the day is missing"),
    }[why]


def lines_table(
    session: Session, lines: Sequence[Line], paid: Mapping[int, Counted] | None, zone: ZoneInfo, lang: str
) -> Table:
    """The lines behind a number; with what a scheme pays for where there is one."""
    say, modules = translator(lang), current_catalogue(session).modules
    yes = {True: say("yes"), False: say("no")}
    columns = [
        Column(say("Line"), say("Its number in the evidence."), "whole"),
        Column(say("Learner"), say("Name of the learner.")),
        Column(say("Day"), say("On the calendar where it was.")),
        Column(say("Module"), say("What it was about.")),
        Column(say("Kind"), say("Kind of hours.")),
        Column(say("Minutes"), say("Minutes that count."), "whole"),
        Column(say("Overlaps (minutes)"), say("Minutes that do not count: another line stands for the time."), "whole"),
        Column(say("Signed by the learner"), say("Whether the learner confirmed it.")),
        Column(say("Signed by a trainer"), say("Whether a trainer signed the list.")),
        Column(say("Source"), say("What it was made from.")),
    ]
    if paid is not None:
        columns += [
            Column(say("Paid for (minutes)"), say("What the scheme pays for."), "whole"),
            Column(say("Why"), say("Why it counts for the scheme, or does not.")),
        ]
    rows: list[list[Value]] = []
    for line in lines:
        title = modules[line.module_id].page(lang).title if line.module_id in modules else line.module_id
        row: list[Value] = [
            line.id,
            line.name,
            line.day,
            title,
            kind_name(line.kind, lang),
            line.minutes,
            line.overlap,
            yes[line.learner_signed],
            yes[line.trainer_signed],
            line.source,
        ]
        if paid is not None:
            row += [paid[line.id].minutes, why_name(paid[line.id].why, lang)]
        rows.append(row)
    return Table(say("Lines"), columns, rows, zone)


def totals_content(report: Report, by: By, first: str, last: str, lang: str) -> Content:
    """A report as a document."""
    say = translator(lang)
    rows = [
        [
            row.title,
            str(row.people),
            *(duration(row.minutes.get(kind, 0), lang) for kind in HOURS),
            "" if row.done is None else str(row.done),
            str(row.absent),
        ]
        for row in report.rows
    ]
    columns = [by_name(by, lang), say("Learners"), *(kind_name(kind, lang) for kind in HOURS)]
    columns += [say("Completed modules"), say("No-shows")]
    facts = [[say("Learners"), str(report.whole.people)]]
    facts += [[kind_name(kind, lang), duration(report.whole.minutes.get(kind, 0), lang)] for kind in HOURS]
    notes = [say("Hours of different kinds are not added up.")]
    if report.several:
        notes.append(say("One line can stand in several rows: rows are not to be added up."))
    return Content(
        title=say("Hours report"),
        holder="",
        about=say("From {first} to {last}").format(first=day_name(first, lang), last=day_name(last, lang)),
        facts=facts,
        sections=[Section(by_name(by, lang), columns, rows)],
        notes=notes,
    )
