"""What a large school waits for: the reports of 6,000 learners with three years behind them, relative to the demo's.

`make bench-classes` fills one database with made-up people who did the shipped course and copies of it, and another
one with the demo's people alone. It prints how long each report takes in the large one, relative to the demo, and the
same for each line of the answer, as a class of the one has other dimensions than a class of the other. Before that, a
sample of what was filled in is marked and summed up again: it must come out as the API itself would have written it.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import Any

from sqlalchemy import JSON, Text, column, func, select, table, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.operations import current_catalogue, store_catalogue
from api.classes.access import find_class
from api.classes.assignments import work_of
from api.classes.models import Assignment, Class, ClassMember, Extension
from api.classes.standing import standing_tag
from api.core.audit import Chain
from api.core.database import Base, Database
from api.core.roles import Role
from api.core.schema_state import upgrade
from api.demo import CLASSMATES, add_sample_people
from api.evidence.completion import score_of
from api.evidence.models import Evidence, ModuleProgress
from api.evidence.operations import recompute_progress
from api.learning.models import Attempt
from api.learning.operations import marked_quiz
from api.reports.analysis import analyse_quiz
from api.reports.exports import attempts_table, matrix_table, notes_head
from api.reports.learners import learner_page
from api.reports.matrix import class_matrix
from api.reports.operations import learner_home, results_overview
from api.reports.sheets import write_csv, write_xlsx
from site_builder.compiling.loader import load
from site_builder.course.grading import grade_quiz
from site_builder.course.manifest import module_version
from site_builder.course.model import Catalogue, Module, Quiz
from site_builder.course.papers import draw_paper, set_quiz

CONTENT = Path(__file__).parent.parent / "content"
ACTOR = "bench"
SEED = 20_260_302
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The end of the years."""
LANG = "fr"

COURSES = 12
"""Courses of the large catalogue: the shipped one and copies of it."""
COURSES_A_CLASS = 5
"""The shipped one, which every class has, and some of the copies: 30 columns."""
CLASSES_A_TEACHER = 10
LEVELS = tuple(0.4 + 0.06 * step for step in range(10))
SHEETS = 8
"""Answer sheets for each quiz, language and level: so many are marked, and all attempts repeat them."""
CALLS = 11
"""How often each report is asked for, after once for what is loaded once."""
SAMPLE = 60
"""Attempts that are marked and summed up again."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much to fill in."""

    learners: int
    classes: int
    years: int

    @property
    def began(self) -> datetime:
        """When the years began."""
        return AT - timedelta(days=365 * self.years)


# The catalogue of the large school.


def _copied(module: Module, course: str, number: int) -> Module:
    def moved(name: str) -> str:
        return f"{course}/{name.partition('/')[2]}"

    pages = {lang: replace(page, title=f"{page.title} ({number})") for lang, page in module.pages.items()}
    return replace(module, id=moved(module.id), requires=tuple(map(moved, module.requires)), pages=pages)


def enlarge(shipped: Catalogue) -> Catalogue:
    """The shipped catalogue with copies of its courses."""
    courses, modules = dict(shipped.courses), dict(shipped.modules)
    originals = list(shipped.courses.values())
    for number in range(2, COURSES + 2 - len(originals)):
        original = originals[number % len(originals)]
        name = f"{original.id}-{number}"
        copies = [_copied(module, name, number) for module in shipped.modules_of(original)]
        courses[name] = replace(original, id=name, module_ids=tuple(module.id for module in copies))
        modules.update((module.id, module) for module in copies)
    return replace(shipped, courses=courses, modules=modules)


def earlier(catalogue: Catalogue, years: int) -> Catalogue:
    """The catalogue as it was some years before: with the same questions, and other words around them."""

    def reworded(module: Module) -> Module:
        pages = {
            lang: replace(page, body_sha=hashlib.sha256(f"{page.body_sha}-{years}".encode()).hexdigest())
            for lang, page in module.pages.items()
        }
        return replace(module, pages=pages)

    return replace(catalogue, modules={name: reworded(module) for name, module in catalogue.modules.items()})


# What its learners did.


@dataclass(frozen=True, slots=True)
class Sheet:
    """An attempt that was marked, as the database has it: JSON as text."""

    responses: str
    grades: str
    score: float
    passed: bool
    failed_critical: str
    paper: str | None
    confidence: str | None


def mark_sheet(quiz: Quiz, chance: Random, skill: float) -> Sheet:
    """Answer a quiz with some skill, 0..1, and mark it as the API does."""
    paper = draw_paper(quiz, chance) if quiz.handed_out else None
    asked = quiz if paper is None else set_quiz(quiz, paper)
    responses = {
        question.id: question.right_response() if chance.random() < skill else question.wrong_response()
        for question in asked.questions
        if chance.random() < 0.98
    }
    sure = {name: chance.choice((1, 2, 2, 3)) for name in responses}
    result = grade_quiz(asked, responses)
    return Sheet(
        responses=json.dumps(responses),
        grades=json.dumps({name: grade.record() for name, grade in result.grades.items()}),
        score=result.score,
        passed=result.passed,
        failed_critical=json.dumps(list(result.failed_critical)),
        paper=None if paper is None else json.dumps(asdict(paper)),
        confidence=json.dumps(sure) if quiz.confidence else None,
    )


@dataclass(slots=True)
class Learner:
    """Somebody with a skill, 0..1, and a pace."""

    id: uuid.UUID
    lang: str
    skill: float
    diligence: float


@dataclass(slots=True)
class Filler:
    """Writes rows by the thousand, in an order that keys between tables allow."""

    connection: Connection
    chance: Random
    sheets: dict[tuple[str, str, str], list[list[Sheet]]]
    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def new_id(self) -> uuid.UUID:
        """An id that is the same with every run."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def flush(self) -> None:
        """Write what was noted."""
        for model in (Person, Class, ClassMember, Assignment, Extension, Attempt, Evidence, ModuleProgress):
            if rows := self.rows.pop(model, None):
                # JSON comes as text: a sheet is written down once, and not with every attempt.
                columns = [
                    column(item.name, Text() if isinstance(item.type, JSON) else item.type)
                    for item in model.__table__.columns
                    if item.name in rows[0]
                ]
                self.connection.execute(table(model.__tablename__, *columns).insert(), rows)

    def evidence(
        self, person_id: uuid.UUID, module_id: str, version: str, what: str, at: datetime, **more: Any
    ) -> None:
        """Note a line of evidence."""
        self.rows[Evidence].append(
            {
                "person_id": person_id, "module_id": module_id, "version": version, "renewal": 1, "what": what,
                "part": more.get("part", ""), "at": at, "score": more.get("score"), "recorded_by": str(person_id),
                "source": more.get("source", "page"),
            }
        )  # fmt: skip

    def person(self, name: str, email: str, role: Role, lang: str, at: datetime) -> uuid.UUID:
        """Note a person."""
        made = self.new_id()
        self.rows[Person].append(
            {
                "id": made, "email": f"{email}@bench.airlock.example", "name": name, "role": role, "lang": lang,
                "password_hash": None, "active": True, "created_at": at, "time_factor": 1.0,
            }
        )  # fmt: skip
        return made

    def group(
        self, name: str, teacher: uuid.UUID, learners: Sequence[Learner], courses: list[str], at: datetime
    ) -> None:
        """Note a class, its people and what it was given: a course a month."""
        made = self.new_id()
        self.rows[Class].append(
            {"id": made, "name": name, "created_at": at, "timezone": "Europe/Brussels", "revision": 2 + len(courses)}
        )
        for person, teaches in ((teacher, True), *((learner.id, False) for learner in learners)):
            self.rows[ClassMember].append(
                {
                    "class_id": made, "person_id": person, "teaches": teaches, "joined_at": at,
                    "audience": None if teaches else "job-seeker", "employer": "", "funding": "",
                }
            )  # fmt: skip
        for place, course in enumerate(courses):
            given = self.new_id()
            due = at + timedelta(days=30 * (place + 1))
            self.rows[Assignment].append(
                {
                    "id": given, "class_id": made, "course_id": course, "module_ids": None, "everyone": True,
                    "opens_at": None, "due_at": due, "note": "", "required": place + 1 < COURSES_A_CLASS,
                    "created_at": at,
                }
            )  # fmt: skip
            if not place:
                self.rows[Extension].append(
                    {"assignment_id": given, "person_id": learners[0].id, "due_at": due + timedelta(days=14)}
                )

    def study(self, learner: Learner, lesson: Module, version: str, moment: datetime) -> datetime:
        """Note what a learner did in a lesson from a moment on; gives when they were done with it."""
        page = lesson.page(learner.lang)
        quizzes: dict[str, dict[str, Any]] = {}
        passed: list[datetime] = []
        read: datetime | None = None
        writes, last = 0, moment
        for quiz in (quiz for quiz in page.quizzes if not quiz.practice):
            levels = self.sheets[lesson.id.partition("/")[2], quiz.id, page.lang]
            skill = learner.skill
            for number in range(1, (quiz.attempts or 3) + 1):
                begun = moment
                moment += timedelta(minutes=self.chance.uniform(3, 0.9 * (quiz.minutes or 14)))
                if moment >= AT:
                    break
                left = quiz.minutes is None and self.chance.random() < 0.01
                level = min(range(len(LEVELS)), key=lambda place: abs(LEVELS[place] - skill))
                sheet = self.chance.choice(levels[level])
                self.rows[Attempt].append(
                    {
                        "id": self.new_id(), "person_id": learner.id, "module_id": lesson.id, "quiz_id": quiz.id,
                        "version": version, "lang": page.lang, "number": number, "started_at": begun,
                        "submitted_at": None if left else moment, "responses": None if left else sheet.responses,
                        "grades": None if left else sheet.grades, "score": None if left else sheet.score,
                        "passed": None if left else sheet.passed, "paper": sheet.paper, "late": False,
                        "failed_critical": None if left else sheet.failed_critical,
                        "deadline": begun + timedelta(minutes=quiz.minutes) if quiz.minutes else None,
                        "confidence": None if left else sheet.confidence,
                    }
                )  # fmt: skip
                writes, last = writes + (1 if left else 2), begun if left else moment
                if left:
                    break
                read = read or moment
                self.evidence(
                    learner.id,
                    lesson.id,
                    version,
                    "passed" if sheet.passed else "failed",
                    moment,
                    part=quiz.id,
                    score=sheet.score,
                    source=f"attempt:{self.rows[Attempt][-1]['id']}",
                )
                entry = quizzes.setdefault(quiz.id, {"best": 0.0, "passed": False, "attempts": 0})
                entry["best"] = max(entry["best"], sheet.score)
                entry["attempts"] += 1
                if sheet.passed:
                    entry["passed"] = True
                    passed.append(moment)
                    break
                skill = min(0.99, skill + 0.1)
                moment += timedelta(minutes=self.chance.uniform(10, 900), seconds=quiz.wait)
        if read:
            self.evidence(learner.id, lesson.id, version, "read", read)
        if writes:
            done = read is not None and len(passed) == len(lesson.graded_quiz_ids)
            self.rows[ModuleProgress].append(
                {
                    "person_id": learner.id, "module_id": lesson.id, "read_at": read, "quizzes": json.dumps(quizzes),
                    "best_score": score_of(quizzes),
                    "completed_at": max(passed) if done else None, "completed_renewal": 1 if done else None,
                    "updated_at": last, "revision": writes,
                }
            )  # fmt: skip
        return moment


def mark_sheets(catalogue: Catalogue, chance: Random) -> dict[tuple[str, str, str], list[list[Sheet]]]:
    """Sheets by name of the module, quiz and language; the copies of a module share them."""
    return {
        (module.id.partition("/")[2], quiz.id, page.lang): [
            [mark_sheet(quiz, chance, skill) for _ in range(SHEETS)] for skill in LEVELS
        ]
        for module in catalogue.modules.values()
        for page in module.pages.values()
        for quiz in page.quizzes
        if not quiz.practice
    }


def fill(database: Database, shipped: Catalogue, size: Size) -> None:
    """Fill a database: classes begin one after the other, all through the years."""
    chance = Random(SEED)
    newest = enlarge(shipped)
    editions = [*(earlier(newest, years) for years in range(size.years - 1, 0, -1)), newest]
    with database.writing() as session:
        for year, edition in enumerate(editions):
            store_catalogue(Act(session, size.began + timedelta(days=365 * year), ACTOR), edition)
    versions = [{name: module_version(module) for name, module in edition.modules.items()} for edition in editions]
    sheets = mark_sheets(shipped, chance)
    names = [name.partition(" ")[::2] for name in CLASSMATES]
    core = next(iter(shipped.courses))
    others = [name for name in newest.courses if name != core]
    with database.engine.connect() as plain:
        connection = plain.execution_options(airlock_writes=True)
        # Filling once, unlike serving, wants all keys in memory.
        connection.exec_driver_sql("PRAGMA cache_size = -400000")
        connection.commit()
        filler = Filler(connection, chance, sheets)
        filler.person("Trainer", "trainer", "trainer", LANG, size.began)
        teacher = uuid.UUID(int=0)
        for number in range(size.classes):
            days = number / size.classes * (365 * size.years - 30)
            begin = size.began + timedelta(days=days)
            if number % CLASSES_A_TEACHER == 0:
                teacher = filler.person(f"Teacher {number}", f"teacher.{number}", "teacher", LANG, size.began)
            learners = []
            for place in range(number, size.learners, size.classes):
                name, lang = f"{chance.choice(names)[0]} {chance.choice(names)[1]}", chance.choice(("fr", "fr", "en"))
                person = filler.person(name, f"learner.{place}", "learner", lang, begin)
                skill = min(0.97, max(0.35, chance.gauss(0.74, 0.14)))
                learners.append(Learner(person, lang, skill, chance.choice((0.5, 0.85, 0.95, 1, 1, 1))))
            courses = [core, *chance.sample(others, COURSES_A_CLASS - 1)]
            filler.group(f"Class {number + 1:03}", teacher, learners, courses, begin)
            for learner in learners:
                for place, course in enumerate(courses):
                    moment = begin + timedelta(days=30 * place + chance.uniform(0, 6), hours=chance.uniform(7, 20))
                    for lesson in newest.modules_of(newest.courses[course]):
                        if lesson.kind == "lesson" and moment < AT and chance.random() < learner.diligence:
                            moment = filler.study(learner, lesson, versions[int(days // 365)][lesson.id], moment)
                            moment += timedelta(days=chance.uniform(0.3, 4))
            if number % 10 == 9 or number + 1 == size.classes:
                filler.flush()
                connection.commit()


def check(database: Database) -> None:
    """Mark and sum up a sample again: it must come out as it was filled in."""
    with database.reading() as session:
        for attempt in session.scalars(
            select(Attempt).where(Attempt.submitted_at.is_not(None)).order_by(Attempt.id).limit(SAMPLE)
        ):
            result = grade_quiz(marked_quiz(session, attempt), attempt.responses)
            assert attempt.grades == {name: grade.record() for name, grade in result.grades.items()}
            assert (attempt.score, attempt.passed) == (result.score, result.passed)
            row = session.get_one(ModuleProgress, (attempt.person_id, attempt.module_id))
            summary = recompute_progress(session, row.person_id, row.module_id)
            assert {name: getattr(row, name) for name in summary} == summary


# The reports.


@dataclass(frozen=True, slots=True)
class Subject:
    """A class and who looks at it."""

    group_id: uuid.UUID
    teacher: Person
    trainer: Person
    learner: Person
    module_id: str
    quiz_id: str

    def group(self, session: Session) -> Class:
        """The class, as its teacher comes to it."""
        return find_class(Act.of(session, self.teacher, AT, "classes"), self.group_id)


def find_subjects(database: Database) -> list[Subject]:
    """Classes all through the years, each with its most diligent learner; at most one for each call."""
    with database.reading() as session:
        modules = current_catalogue(session).modules.values()
        module = next(module for module in modules if module.kind == "lesson" and module.graded_quiz_ids)
        trainer = session.scalars(select(Person).where(Person.role == "trainer").limit(1)).one()
        groups = list(session.scalars(select(Class.id).order_by(Class.created_at, Class.id)))
        count = min(CALLS + 1, len(groups))
        chosen = [groups[place * len(groups) // count] for place in range(count)]
        return [
            Subject(
                group_id=group,
                teacher=session.scalars(
                    select(Person)
                    .join(ClassMember, ClassMember.person_id == Person.id)
                    .where(ClassMember.class_id == group, ClassMember.teaches.is_(True))
                ).one(),
                trainer=trainer,
                learner=session.scalars(
                    select(Person)
                    .join(ClassMember, ClassMember.person_id == Person.id)
                    .join(Attempt, Attempt.person_id == Person.id)
                    .where(ClassMember.class_id == group, ClassMember.teaches.is_(False))
                    .group_by(Person.id)
                    .order_by(func.count().desc(), Person.id)
                    .limit(1)
                ).one(),
                module_id=module.id,
                quiz_id=module.graded_quiz_ids[0],
            )
            for group in chosen
        ]


def _matrix(session: Session, of: Subject) -> int:
    matrix = class_matrix(session, of.group(session), LANG, AT)
    return len(matrix.learners) * len(matrix.modules)


def _unchanged(session: Session, of: Subject) -> int:
    group = of.group(session)
    return bool(standing_tag(session, group, work_of(session, group), AT))


def _learner(session: Session, of: Subject) -> int:
    page = learner_page(Act.of(session, of.teacher, AT, "classes"), of.group(session), of.learner.id, LANG)
    return len(page.modules) + len(page.attempts)


def _analysis_of_class(session: Session, of: Subject) -> int:
    act = Act.of(session, of.teacher, AT, "classes")
    return analyse_quiz(act, of.module_id, of.quiz_id, LANG, class_id=of.group_id).learners


def _analysis_of_teacher(session: Session, of: Subject) -> int:
    return analyse_quiz(Act.of(session, of.teacher, AT, "classes"), of.module_id, of.quiz_id, LANG).learners


def _analysis_of_everybody(session: Session, of: Subject) -> int:
    return analyse_quiz(Act.of(session, of.trainer, AT, "all"), of.module_id, of.quiz_id, LANG).learners


def _matrix_file(session: Session, of: Subject) -> int:
    made = matrix_table(session, of.group(session), LANG, AT)
    assert write_xlsx(made, notes_head(LANG), LANG)
    return len(made.rows) * len(made.columns)


def _attempts_file(session: Session, of: Subject) -> int:
    made = attempts_table(session, of.group(session), LANG, AT)
    assert write_csv(made, LANG)
    return len(made.rows)


def _home(session: Session, of: Subject) -> int:
    home = learner_home(session, of.learner, LANG, AT)
    return sum(len(course.modules) for course in home.courses)


def _overview_of_teacher(session: Session, of: Subject) -> int:
    return len(results_overview(Act.of(session, of.teacher, AT, "classes"), LANG))


def _overview_of_trainer(session: Session, of: Subject) -> int:
    return len(results_overview(Act.of(session, of.trainer, AT, "all"), LANG))


REPORTS: tuple[tuple[str, str, Callable[[Session, Subject], int]], ...] = (
    ("class matrix", "cells", _matrix),
    ("class matrix, unchanged", "tags", _unchanged),
    ("learner page", "lines", _learner),
    ("item analysis, a class", "learners", _analysis_of_class),
    ("item analysis, a teacher's classes", "learners", _analysis_of_teacher),
    ("item analysis, everybody", "learners", _analysis_of_everybody),
    ("matrix as .xlsx", "cells", _matrix_file),
    ("attempts as .csv", "rows", _attempts_file),
    ("learner's home", "modules", _home),
    ("results, teacher", "modules", _overview_of_teacher),
    ("results, trainer", "modules", _overview_of_trainer),
)
"""What is measured, what its answer counts, and how it is made: it gives how many of them."""


def measure(
    databases: Sequence[tuple[Database, list[Subject]]], report: Callable[[Session, Subject], int]
) -> list[tuple[float, float]]:
    """Seconds and size of the answer in each database; the calls take turns, so that all meet the same conditions."""
    found: list[list[tuple[float, int]]] = [[] for _ in databases]
    for call in range(CALLS + 1):
        for (database, subjects), taken in zip(databases, found, strict=True):
            subject = subjects[call % len(subjects)]
            gc.collect()
            began = time.perf_counter()
            with database.reading() as session:
                count = report(session, subject)
            taken.append((time.perf_counter() - began, count))
    # What is loaded once is not counted.
    return [(median(took for took, _ in taken[1:]), mean(count for _, count in taken[1:])) for taken in found]


def print_sizes(databases: Sequence[Database]) -> None:
    """Say how large both are, and their classes."""
    count = select(func.count())
    counts: list[dict[str, int]] = []
    for database in databases:
        with database.reading() as session:
            each = {
                "classes": session.scalar(count.select_from(Class)),
                "learners in classes": session.scalar(count.select_from(ClassMember).where(~ClassMember.teaches)),
                "assignments": session.scalar(count.select_from(Assignment)),
                "attempts": session.scalar(count.select_from(Attempt)),
                "responses": session.scalar(text("SELECT count(*) FROM attempts, json_each(attempts.responses)")),
                "evidence": session.scalar(count.select_from(Evidence)),
                "rows of progress": session.scalar(count.select_from(ModuleProgress)),
            }
            counts.append({name: number or 0 for name, number in each.items()})
    large, demo = counts
    print(f"{'':36}{'large':>11}{'small':>9}{'large, a class':>17}{'small, a class':>15}")
    for name, number in large.items():
        a_class = f"{number / large['classes']:17,.0f}{demo[name] / demo['classes']:15,.0f}"
        print(f"{name:36}{number:11,}{demo[name]:9,}{a_class if name != 'classes' else ''}")


def open_database(path: Path, fill_it: Callable[[Database], None]) -> Database:
    """A database of the folder, filled if it was not there."""
    new = not path.exists()
    database = Database(f"sqlite:///{path}", Chain(b"bench" * 8))
    if new:
        upgrade(database.engine)
        fill_it(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        # The measurements begin with connections as the API makes them.
        database.engine.dispose()
    return database


def add_demo(database: Database, shipped: Catalogue) -> None:
    """The demo's catalogue and people."""
    with database.writing() as session:
        store_catalogue(Act(session, AT - timedelta(days=30), ACTOR), shipped)
        add_sample_people(session, AT)


SMALLER = 50
"""How many times the learners and classes of the one are those of the other, where growth is measured."""


def main(folder: Path, size: Size, milliseconds: bool, growth: bool) -> None:
    """Fill, check, measure and print."""
    shipped = load(CONTENT).catalogue
    large = open_database(folder / "large.db", lambda database: fill(database, shipped, size))
    if growth:
        less = Size(size.learners // SMALLER, size.classes // SMALLER, size.years)
        demo = open_database(folder / "small.db", lambda database: fill(database, shipped, less))
    else:
        demo = open_database(folder / "demo.db", lambda database: add_demo(database, shipped))
    check(large)
    print_sizes((large, demo))
    databases = [(database, find_subjects(database)) for database in (large, demo)]
    # What was loaded so far is there for all; before each call, the garbage of others is put away.
    gc.freeze()
    print(f"\n{'large relative to small':36}{'time':>11}{'answer':>9}{'time for each':>17}   of (large, small)", end="")
    print("   ms (large, small)" if milliseconds else "")
    for name, unit, report in REPORTS:
        (took, count), (demo_took, demo_count) = measure(databases, report)
        ratio, more = took / demo_took, count / demo_count
        answer = f"{unit} ({count:,.0f}, {demo_count:,.0f})"
        remark = f"{'':3}{answer:22}{1000 * took:.1f}, {1000 * demo_took:.1f}" if milliseconds else f"{'':3}{answer}"
        print(f"{name:36}{ratio:11.2f}{more:9.2f}{ratio / more:17.2f}{remark}")
    for database, _ in databases:
        database.engine.dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=6000)
    parser.add_argument("--classes", type=int, default=300)
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="compare with a sixtieth of the learners, not the demo")
    parser.add_argument("--folder", type=Path, help="keep the databases here, and use those that are there already")
    parser.add_argument("--milliseconds", action="store_true", help="also print how long each took here")
    given = parser.parse_args()
    wanted = Size(given.learners, given.classes, given.years)
    if given.folder:
        given.folder.mkdir(parents=True, exist_ok=True)
        main(given.folder, wanted, given.milliseconds, given.growth)
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made), wanted, given.milliseconds, given.growth)
