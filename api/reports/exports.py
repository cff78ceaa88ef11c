"""The tables that one can take along: the matrix, the attempts, the item analysis. Knows no HTTP and writes nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.catalogue.operations import current_catalogue
from api.classes.assignments import courses_given
from api.classes.models import Class, ClassMember
from api.classes.operations import members_of, zone_of
from api.core.texts import LOCALES, long_time, translator
from api.events.attending import roster
from api.events.models import Event, HalfDay
from api.events.needs import verdicts_of
from api.learning.models import Attempt
from api.reports.analysis import QuizAnalysis
from api.reports.learners import in_courses, seconds_of
from api.reports.matrix import class_matrix
from api.reports.sheets import Column, NotesHead, Table, Value
from site_builder.markup import text_of

MOST_ROWS = 100_000
"""Attempts of one export; a spreadsheet ends at a million."""


def notes_head(lang: str) -> NotesHead:
    """The titles of the sheet of notes."""
    say = translator(lang)
    return NotesHead(say("Notes"), say("Column"), say("What it says"))


def _made(lang: str, at: datetime, zone: ZoneInfo) -> str:
    say = translator(lang)
    return say("Made on {when}. Times are those of {zone}.").format(when=long_time(at, zone, lang), zone=zone.key)


def matrix_table(session: Session, group: Class, lang: str, at: datetime) -> Table:
    """The class matrix: a learner a row; for each module its state and its score."""
    say = translator(lang)
    states = {
        "open": say("Not started"),
        "started": say("Started"),
        "failed": say("Not passed"),
        "passed": say("Passed"),
        "done": say("Done"),
        "renew": say("To be renewed"),
        "elsewhere": say("With a trainer"),
        "waiting": say("On the waiting list"),
        "booked": say("Has a place"),
        "attended": say("Was there"),
        "absent": say("Was not there"),
        "excused": say("Excused"),
    }
    matrix = class_matrix(session, group, lang, at)
    _, learners = members_of(session, group)
    known = {line.id: line for line in learners}
    columns = [
        Column(say("Learner"), say("Name of the learner.")),
        Column(say("E-mail"), say("The address that the learner signs in with.")),
        Column(say("Employer or school"), say("As the class has it.")),
        Column(say("Funding code"), say("As the class has it.")),
        Column(say("Done"), say("Modules that are complete, of those that the learner was given."), "whole"),
        Column(say("Given"), say("Modules to be done online that the learner was given."), "whole"),
        Column(say("Late"), say("Modules that are required, overdue and not complete."), "whole"),
    ]
    for module in matrix.modules:
        columns.append(
            Column(
                say("{title}: state").format(title=module.title),
                say("State of the module; “late” behind it where it is required, overdue and not complete."),
            )
        )
        columns.append(
            Column(
                say("{title}: score").format(title=module.title),
                say("Best score of the module's graded quizzes; empty before the first attempt."),
                "percent",
            )
        )
    late_word = say("late")
    rows: list[list[Value]] = []
    for learner in matrix.learners:
        line = known[learner.id]
        row: list[Value] = [
            learner.name, line.email, line.employer, line.funding, learner.done, learner.given, learner.late,
        ]  # fmt: skip
        for cell in learner.cells:
            if cell is None:
                row += [None, None]
            else:
                late = f", {late_word}" if cell.late else ""
                row += [states[cell.state] + late, cell.score]
        rows.append(row)
    zone = zone_of(group)
    return Table(say("Class"), columns, rows, zone, notes=[group.name, _made(lang, at, zone)])


def roster_table(session: Session, event: Event, lang: str, at: datetime) -> Table:
    """Everybody with a place at an event: whether they were ready, were there, and were signed off."""
    say, modules = translator(lang), current_catalogue(session).modules
    halves = list(session.scalars(select(HalfDay).where(HalfDay.event_id == event.id).order_by(HalfDay.number)))
    people = sorted(roster(session, event), key=lambda line: line.person.sort_as)
    verdicts = verdicts_of(session, event, [line.person.id for line in people], at)
    places = {"booked": say("Has a place"), "waiting": say("On the waiting list")}
    ready = {"ready": say("ready"), "not-yet": say("not yet"), "expired": say("expired")}
    presence = {"present": say("Was there"), "absent": say("Was not there"), "excused": say("Excused")}
    signed = [name for name in event.module_ids if name in modules and modules[name].rules.has_checklist]
    columns = [
        Column(say("Learner"), say("Name of the learner.")),
        Column(say("E-mail"), say("The address that the learner signs in with.")),
        Column(say("Place"), say("Whether there is a place, or one on the waiting list.")),
        Column(say("Ready"), say("Whether what comes first was done, on the day itself.")),
        Column(say("Missing"), say("What was not done, or counts no more.")),
    ]
    zone = ZoneInfo(event.timezone)
    for half in halves:
        columns.append(Column(long_time(half.begins, zone, lang), say("Presence in this half-day.")))
        columns.append(
            Column(say("Minutes"), say("That somebody was there, where a file or the door says so."), "minutes")
        )
    columns += [
        Column(modules[name].page(lang).title, say("Whether it was signed off, and by whom.")) for name in signed
    ]
    rows: list[list[Value]] = []
    for line in people:
        verdict = verdicts[line.person.id]
        missing = dict.fromkeys(modules[one.modules[0]].page(lang).title for one in verdict.missing)
        row: list[Value] = [
            line.person.name, line.person.email, places.get(line.booking.state, ""), ready[verdict.state],
            ", ".join(missing),
        ]  # fmt: skip
        for half in halves:
            seen = line.attendance.get(half.number)
            row += [presence[seen.state] if seen else "", seen.seconds if seen else None]
        for name in signed:
            one = line.signed.get(name)
            word = say("Passed") if one and one.passed else say("Not passed")
            row.append(f"{word}, {one.signed_as}" if one else "")
        rows.append(row)
    titles = ", ".join(modules[name].page(lang).title for name in event.module_ids if name in modules)
    return Table(say("Roster"), columns, rows, zone, notes=[titles, _made(lang, at, zone)])


def attempts_table(session: Session, group: Class, lang: str, at: datetime) -> Table:
    """The attempts of the learners of a class at what it was given, since they entered it, the newest first."""
    say = translator(lang)
    catalogue = current_catalogue(session)
    columns = [
        Column(say("Learner"), say("Name of the learner.")),
        Column(say("E-mail"), say("The address that the learner signs in with.")),
        Column(say("Module"), say("Title of the module.")),
        Column(say("Quiz"), say("Id of the quiz in the module.")),
        Column(say("Attempt"), say("Number of the attempt, from 1."), "whole"),
        Column(say("Begun"), say("When the attempt was begun."), "time"),
        Column(say("Handed in"), say("When it was handed in; empty while it is open."), "time"),
        Column(say("Minutes"), say("From beginning to handing in."), "minutes"),
        Column(say("Score"), say("Of the attempt."), "percent"),
        Column(say("Passed"), say("Whether it passed.")),
        Column(say("Version"), say("First characters of the version of the module that was answered.")),
    ]
    # Without answers and papers: they are long, and not in the table.
    found = session.execute(
        select(
            Person.name,
            Person.email,
            Attempt.module_id,
            Attempt.quiz_id,
            Attempt.number,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.score,
            Attempt.passed,
            Attempt.version,
        )
        .join(Person, Person.id == Attempt.person_id)
        .join(ClassMember, ClassMember.person_id == Attempt.person_id)
        .where(
            ClassMember.class_id == group.id,
            ClassMember.teaches.is_(False),
            Attempt.started_at >= ClassMember.joined_at,
            in_courses(courses_given(session, group)),
        )
        .order_by(Attempt.started_at.desc(), Attempt.id)
        .limit(MOST_ROWS)
    )
    rows: list[list[Value]] = []
    for row in found:
        module = catalogue.modules.get(row.module_id)
        passed = "" if row.passed is None else say("yes") if row.passed else say("no")
        rows.append(
            [
                row.name,
                row.email,
                module.page(lang).title if module else row.module_id,
                row.quiz_id,
                row.number,
                row.started_at,
                row.submitted_at,
                seconds_of(row.started_at, row.submitted_at),
                row.score,
                passed,
                row.version[:12],
            ]
        )
    zone = zone_of(group)
    return Table(say("Attempts"), columns, rows, zone, notes=[group.name, _made(lang, at, zone)])


def analysis_table(analysis: QuizAnalysis, lang: str, at: datetime, zone: ZoneInfo) -> Table:
    """The item analysis of a quiz: an answer a row, with the figures of its question."""
    say = translator(lang)
    columns = [
        Column(say("Question"), say("Text of the question.")),
        Column(say("Asked"), say("Learners whose first attempt has the question."), "whole"),
        Column(say("Facility"), say("Mean score of the question: the higher, the easier."), "percent"),
        Column(
            say("Discrimination"),
            say(
                "Correlation of the question with all others together, -1 to 1: below 0, those who did well got it"
                " wrong more often; from 0.2 on, it tells learners apart (point-biserial correlation, corrected for"
                " overlap; Henrysson 1963)."
            ),
            "number",
        ),
        Column(
            say("Reliability without it"),
            say(
                "Cronbach's alpha of the quiz if the question is left out; if it is higher, the question does not fit."
            ),
            "number",
        ),
        Column(say("Answer"), say("What was chosen or typed; of typed answers the most frequent ones.")),
        Column(say("Right"), say("Whether this answer is right.")),
        Column(say("Chosen"), say("How many learners gave this answer."), "whole"),
        Column(say("Share"), say("Of those who were asked."), "percent"),
        Column(say("Upper third"), say("Share among the third with the highest scores."), "percent"),
        Column(say("Lower third"), say("Share among the third with the lowest scores."), "percent"),
    ]
    rows: list[list[Value]] = []
    for question in analysis.questions:
        figures: list[Value] = [
            text_of(question.stem),
            question.asked,
            question.facility,
            question.discrimination,
            question.alpha_without,
        ]
        for option in question.options:
            place = text_of(option.place)
            answer = text_of(option.html)
            if place:
                answer = say("{title}: {words}").format(title=place, words=answer)
            right = say("yes") if option.right else say("no")
            rows.append([*figures, answer, right, option.chosen, option.share, option.upper, option.lower])
        if not question.options:
            rows.append([*figures, None, None, None, None, None, None])
    notes = [
        f"{analysis.title} · {analysis.quiz_id}",
        _made(lang, at, zone),
        say("First attempts that were counted: {count}.").format(count=analysis.learners),
    ]
    if analysis.few:
        notes.append(say("These are few learners: one of them moves the figures visibly."))
    if analysis.alpha is not None and analysis.standard_error is not None:
        notes.append(
            say(
                "Reliability (Cronbach's alpha) {alpha}; standard error of measurement {error} percentage points."
            ).format(
                alpha=format_decimal(analysis.alpha, "0.00", locale=LOCALES.get(lang)),
                error=round(100 * analysis.standard_error),
            )
        )
    return Table(say("Item analysis"), columns, rows, zone, notes=notes)
