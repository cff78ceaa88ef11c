"""Attempts, their grading, and progress. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.operations import one_writer
from api.catalogue.errors import EditionUnknown
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import (
    NOT_PUBLISHED,
    Version,
    current_catalogue,
    current_edition,
    find_edition,
    module_of_version,
    modules_now,
    still_counts,
    version_of,
)
from api.core.audit import note_rows
from api.core.choices import RELEASES, Release, read_choices
from api.core.errors import Invalid, NotFound
from api.core.statements import Prepared
from api.evidence.completion import touched_since
from api.evidence.operations import Done, add_evidence, asked_of, completed_renewal, source_of_page, touch_progress
from api.learning.errors import AnswerUnreadable, AttemptSubmitted, AttemptTooSoon, NoAttemptsLeft
from api.learning.models import Allowance, Attempt, ClassAllowance
from api.learning.scenes import Played, keep_run, reckon
from site_builder.course.grading import grade_quiz
from site_builder.course.model import Module, Question, Quiz
from site_builder.course.papers import Paper, draw_paper, set_quiz, with_keys_of

GRACE = timedelta(seconds=30)
"""How long after its deadline an attempt may arrive: for the network, not for thinking."""

CHANCE = SystemRandom()
"""What is drawn must not be guessed from what was drawn before."""


ATTEMPTS: Table = Attempt.__table__  # type: ignore[assignment]  # It is a table.
BEGUN = ("version", "lang", "started_at", "paper", "deadline")
"""What is written when an attempt begins, the first time or anew."""
MARKED = (
    "version", "lang", "submitted_at", "responses", "grades", "score", "passed", "failed_critical", "late",
    "confidence", "key_version",
)  # fmt: skip
"""What is written when one is handed in."""
NOBODY = uuid.UUID(int=0)


def _of(person_id: Any, module_id: Any, quiz_id: Any) -> ColumnElement[bool]:
    return and_(Attempt.person_id == person_id, Attempt.module_id == module_id, Attempt.quiz_id == quiz_id)


def _is_used(late: Any) -> ColumnElement[bool]:
    """Whether an attempt was handed in, or can no longer be: its deadline was before a moment."""
    return or_(Attempt.submitted_at.is_not(None), Attempt.deadline < late)


ASKED = _of(bindparam("person_id"), bindparam("module_id"), bindparam("quiz_id"))
LATE = bindparam("late", type_=ATTEMPTS.c.deadline.type)
FIND_OWN = Prepared(
    select(*ATTEMPTS.columns).where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
)
_given = select(Allowance).where(
    Allowance.person_id == bindparam("person_id"), Allowance.module_id == bindparam("module_id")
)
_given_here = select(ClassAllowance).where(
    ClassAllowance.person_id == bindparam("person_id"),
    ClassAllowance.module_id == bindparam("module_id"),
    ClassAllowance.ended_at.is_(None),
)
_corrected = (
    select(Attempt.key_version)
    .where(
        Attempt.module_id == bindparam("module_id"),
        Attempt.quiz_id == bindparam("quiz_id"),
        Attempt.version == bindparam("version"),
        Attempt.key_version.is_not(None),
        Attempt.id != bindparam("but"),
    )
    .limit(1)
)
TAKE_STOCK = Prepared(
    select(
        func.max(Attempt.number).label("last"),
        func.max(Attempt.number).filter(Attempt.submitted_at.is_(None)).label("open"),
        func.max(func.coalesce(Attempt.submitted_at, Attempt.deadline)).filter(_is_used(LATE)).label("ended"),
        func.count()
        .filter(_is_used(LATE), ModuleVersion.renewal == bindparam("renewal"), Attempt.id != bindparam("but"))
        .label("used"),
        func.count().filter(Attempt.passed.is_(True), ModuleVersion.renewal == bindparam("renewal")).label("passed"),
        _given.with_only_columns(Allowance.extra_attempts).scalar_subquery().label("extra_before"),
        _given.with_only_columns(Allowance.time_factor).scalar_subquery().label("factor_before"),
        _given_here.with_only_columns(func.max(ClassAllowance.extra_attempts)).scalar_subquery().label("extra"),
        _given_here.with_only_columns(func.max(ClassAllowance.time_factor)).scalar_subquery().label("factor"),
        _corrected.scalar_subquery().label("key_version"),
    )
    .join(ModuleVersion, ModuleVersion.version == Attempt.version)
    .where(ASKED)
)
FIND_OPEN = Prepared(
    select(*ATTEMPTS.columns).where(ASKED, Attempt.submitted_at.is_(None)).order_by(Attempt.number.desc()).limit(1)
)
ADD = Prepared(insert(ATTEMPTS), ("id", "person_id", "module_id", "quiz_id", "number", "late", *BEGUN))


def _update(names: tuple[str, ...]) -> Prepared:
    values = {name: bindparam(name, type_=ATTEMPTS.c[name].type) for name in names}
    return Prepared(update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt_id")).values(values))


BEGIN, MARK = _update(BEGUN), _update(MARKED)


def _write(session: Session, attempt: Attempt, names: tuple[str, ...], statement: Prepared) -> None:
    statement.run(session, attempt_id=attempt.id, **{name: getattr(attempt, name) for name in names})
    note_rows(session, Attempt, [attempt])


def _read(row: Any) -> Attempt | None:
    """An attempt that no session looks after: what changes is written by `_write`."""
    return None if row is None else Attempt(**row._asdict())


def start_attempt(act: Act, *, module_id: str, quiz_id: str, edition: str, lang: str) -> Attempt:
    """Begin an attempt, or go on with the one that was begun and not handed in.

    Where the quiz hands out its questions, they are drawn here and frozen in the attempt. An attempt whose time is over
    is closed as it is, and counts.

    Raises:
        NotFound: There is no such module, or no such graded quiz in it.
        EditionUnknown: The module never looked like the learner's page, or did so before a renewal.
        NoAttemptsLeft: The quiz allows no more.
        AttemptTooSoon: The quiz wants some time to pass after the last attempt.
    """
    session, person_id, at = act.session, act.person.id, act.at
    one_writer(session, person_id)
    version = find_edition(session, module_id, edition)
    seen = _graded_quiz(module_of_version(session, version.version), lang, quiz_id)
    if version.renewal < modules_now(session).get(module_id, NOT_PUBLISHED).renewal:
        raise EditionUnknown("The module was revised: the page must be loaded again.")
    if not still_counts(session, version, at):
        raise EditionUnknown("The page is an older one: it must be loaded again.")
    current = _current_quiz(session, module_id, seen)
    if current.handed_out and not seen.handed_out:
        # An older page must not be a way around the clock and the draw.
        raise EditionUnknown("The quiz hands out its questions now: the page must be loaded again.")
    stock = _take_stock(session, person_id, module_id, quiz_id, version.renewal, at)
    _check_attempts(current, stock)
    attempt = None
    if stock.open is not None:
        attempt = _read(FIND_OPEN.row(session, person_id=person_id, module_id=module_id, quiz_id=quiz_id))
    if attempt is None or _is_over(attempt, at):
        _check_wait(current, stock.ended, at)
        if attempt is not None:
            _close(act, attempt)
        attempt = Attempt(
            id=uuid.uuid4(),
            person_id=person_id,
            module_id=module_id,
            quiz_id=quiz_id,
            number=(stock.last or 0) + 1,
            late=False,
        )
        _begin(act, attempt, seen, version, lang, _factor(stock))
        _write(session, attempt, ("id", "person_id", "module_id", "quiz_id", "number", "late", *BEGUN), ADD)
        touch_progress(act, person_id, module_id)
    elif (
        (seen.handed_out and attempt.paper is None)
        or _renewal_of(session, attempt) != version.renewal
        or not still_counts(session, version_of(session, attempt.version), attempt.started_at)
    ):
        # Begun on a page that had the questions, or on one of another renewal, or against keys that got out.
        # Otherwise nothing is drawn twice.
        _begin(act, attempt, seen, version, lang, _factor(stock))
        _write(session, attempt, BEGUN, BEGIN)
    return attempt


def _begin(act: Act, attempt: Attempt, quiz: Quiz, version: Version, lang: str, factor: float) -> None:
    attempt.version, attempt.lang, attempt.started_at = version.version, lang, act.at
    asked = asked_anew(act.session, attempt.person_id, attempt.module_id, quiz, version.renewal)
    if quiz.handed_out:
        attempt.paper = asdict(draw_paper(asked, CHANCE))
    else:
        # A renewal may ask for a part of the questions that stand in the page: which ones is kept with the attempt.
        fewer = len(asked.questions) < len(quiz.questions)
        attempt.paper = asdict(Paper(questions=tuple(one.id for one in asked.questions))) if fewer else None
    if quiz.minutes is None:
        attempt.deadline = None
    else:
        attempt.deadline = act.at + timedelta(minutes=quiz.minutes) * max(act.person.time_factor, factor)
    act.record("attempt.start", f"attempt:{attempt.id}", new={"quiz": quiz.id, "version": version.version})


def asked_anew(session: Session, person_id: uuid.UUID, module_id: str, quiz: Quiz, renewal: int) -> Quiz:
    """A quiz with those questions that somebody is asked who completed the module before renewals that touch a part."""
    versions = asked_of(session, module_id)
    if not any(version.touches for version in versions if version.renewal == renewal):
        return quiz
    done = completed_renewal(session, person_id, module_id)
    if done is None or done >= renewal:
        return quiz
    touched = touched_since(done, [version for version in versions if version.renewal <= renewal])
    asked = tuple(question for question in quiz.questions if question.objective in touched)
    return replace(quiz, questions=asked) if touched and asked else quiz


def _renewal_of(session: Session, attempt: Attempt) -> int:
    return version_of(session, attempt.version).renewal


def _is_over(attempt: Attempt, at: datetime) -> bool:
    return attempt.deadline is not None and at > attempt.deadline + GRACE


def _close(act: Act, attempt: Attempt) -> None:
    """Close an attempt that was not handed in while there was time, as of its deadline."""
    assert attempt.deadline is not None
    quiz = marked_quiz(act.session, attempt)
    _mark(replace(act, at=attempt.deadline), attempt, quiz, {}, {}, late=True)


def submit_attempt(
    act: Act,
    attempt_id: uuid.UUID,
    responses: Mapping[str, Any],
    *,
    edition: str,
    lang: str,
    confidence: Mapping[str, int] | None = None,
    as_it_is: bool = False,
    played: Played | None = None,
) -> Attempt:
    """Hand in an attempt: grade it against what the learner answered, and keep both for good.

    Questions that were handed out are graded as they were frozen at the start; others as they are on the page that the
    learner saw. What comes after the deadline and its grace is kept and marked, and does not pass.

    Raises:
        NotFound: The attempt is not this person's.
        AttemptSubmitted: It was handed in before.
        EditionUnknown: The module never looked like the learner's page.
        NoAttemptsLeft: Others were handed in meanwhile.
        Invalid: A response to a question that the attempt does not have.
        AnswerUnreadable: A typed answer is no number or no unit, whatever the key is; not where it is taken as it is,
            or where the time is over.
    """
    session, person_id, at = act.session, act.person.id, act.at
    one_writer(session, person_id)
    attempt = _read(FIND_OWN.row(session, attempt_id=attempt_id, person_id=person_id))
    if attempt is None:
        raise NotFound("There is no such attempt.")
    if attempt.submitted_at is not None:
        raise AttemptSubmitted("The attempt was handed in already.")
    version = begun = version_of(session, attempt.version)
    if attempt.paper is None:
        version = find_edition(session, attempt.module_id, edition)
        attempt.version, attempt.lang = version.version, lang
    _check_edition(session, attempt, version, begun)
    quiz = marked_quiz(session, attempt)
    if quiz.handed_out and attempt.paper is None:
        raise EditionUnknown("The quiz hands out its questions now: the page must be loaded again.")
    renewal = _renewal_of(session, attempt)
    current = _current_quiz(session, attempt.module_id, quiz)
    stock = _take_stock(
        session, person_id, attempt.module_id, attempt.quiz_id, renewal, at, but=attempt.id, version=attempt.version
    )
    _check_attempts(current, stock)
    # The keys that attempts against the same version were corrected by, while this one was open.
    attempt.key_version = stock.key_version
    if attempt.key_version is not None:
        quiz = corrected_quiz(session, attempt)
    ids = {question.id for question in marked_quiz(session, attempt).questions}
    for field, given in (("responses", responses), ("confidence", confidence or {})):
        unknown = sorted(set(given) - ids)
        if unknown:
            raise Invalid(f"The attempt has no question {unknown[0]!r}.", field=f"{field}.{unknown[0]}")
    if not as_it_is and (attempt.deadline is None or at < attempt.deadline):
        unreadable = {q.id: reason for q in quiz.questions if (reason := q.unreadable(responses.get(q.id)))}
        if unreadable:
            raise AnswerUnreadable("An answer is no number, or its unit is none.", questions=unreadable)
    _mark(act, attempt, quiz, responses, confidence or {}, late=_is_over(attempt, at), played=played)
    return attempt


def _check_edition(session: Session, attempt: Attempt, version: Version, begun: Version) -> None:
    """Refuse what was replaced before the attempt began, and an older page than it began on."""
    older = version.sequence < begun.sequence and version != current_edition(session, attempt.module_id)
    if older or not still_counts(session, version, attempt.started_at):
        raise EditionUnknown("The page is an older one: it must be loaded again.")


def _mark(
    act: Act,
    attempt: Attempt,
    quiz: Quiz,
    responses: Mapping[str, Any],
    confidence: Mapping[str, int],
    *,
    late: bool,
    played: Played | None = None,
) -> None:
    """Write the result of an attempt, and what follows from it."""
    result = grade_quiz(quiz, responses)
    replayed = reckon(quiz, played)
    attempt.submitted_at = act.at
    attempt.responses = dict(responses)
    attempt.confidence = dict(confidence) if quiz.confidence else None
    attempt.grades = {question_id: grade.record() for question_id, grade in result.grades.items()}
    attempt.score = result.score
    attempt.passed = result.passed and not late and not (replayed and replayed.critical)
    attempt.late = late
    attempt.failed_critical = list(result.failed_critical)
    _write(act.session, attempt, MARKED, MARK)
    if played is not None and replayed is not None:
        keep_run(act, attempt, played, replayed)
    result_line = Done(
        "passed" if attempt.passed else "failed",
        f"attempt:{attempt.id}",
        part=attempt.quiz_id,
        score=attempt.score,
    )
    # Whoever answered saw the page.
    version = version_of(act.session, attempt.version)
    seen = Done("read", source_of_page(act.session, attempt.person_id, version, act.at)) if responses else None
    add_evidence(act, attempt.person_id, version, result_line, *((seen,) if seen else ()))
    act.record(
        "attempt.submit",
        f"attempt:{attempt.id}",
        new={
            "module": attempt.module_id,
            "quiz": attempt.quiz_id,
            "version": attempt.version,
            "score": attempt.score,
            "passed": attempt.passed,
        },
    )


def _current_quiz(session: Session, module_id: str, seen: Quiz) -> Quiz:
    """The quiz as it is now, whose limit and release rule hold for everybody; as it was seen where it is gone."""
    module = current_catalogue(session).modules.get(module_id)
    quiz = module.page("").find_quiz(seen.id) if module else None
    return quiz if quiz and not quiz.practice else seen


def _check_attempts(quiz: Quiz, stock: Any) -> None:
    allowed = _allowed(quiz, stock)
    if allowed is not None and stock.used >= allowed:
        raise NoAttemptsLeft(f"The quiz allows {allowed} attempts.")


def _allowed(quiz: Quiz, stock: Any) -> int | None:
    """How many attempts a person has: those of the quiz, and those that a teacher gave; None is no limit."""
    return None if quiz.attempts is None else quiz.attempts + max(stock.extra or 0, stock.extra_before or 0)


def _factor(stock: Any) -> float:
    """By how much the time of a timed quiz is multiplied."""
    return max(stock.factor or 1.0, stock.factor_before or 1.0)


def _check_wait(quiz: Quiz, ended: datetime | None, at: datetime) -> None:
    until = _next_at(quiz, ended)
    if until is not None and at < until:
        raise AttemptTooSoon(
            "The quiz wants some time between two attempts.", retry_at=until.isoformat(timespec="milliseconds")
        )


def _next_at(quiz: Quiz, ended: datetime | None) -> datetime | None:
    """From when on another attempt may begin; None where nothing has to pass."""
    return ended + timedelta(seconds=quiz.wait) if quiz.wait and ended else None


def waiting_until(
    session: Session, person_id: uuid.UUID, module_id: str, quiz_id: str, at: datetime
) -> datetime | None:
    """From when on a person may begin another attempt by the current version of a quiz; None where nothing has to pass.

    Raises:
        NotFound: There is no such quiz.
    """
    quiz = _quiz_now(session, module_id, quiz_id)
    return _next_at(quiz, _take_stock(session, person_id, module_id, quiz_id, 0, at).ended)


def _quiz_now(session: Session, module_id: str, quiz_id: str) -> Quiz:
    module = current_catalogue(session).modules.get(module_id)
    if module is None:
        raise NotFound("There is no such module.")
    return _graded_quiz(module, "", quiz_id)


def questions_anew(session: Session, person_id: uuid.UUID, module_id: str, quiz_id: str) -> list[str] | None:
    """Ids of those questions that stand in the page and that a renewal asks a person for; None is all of them."""
    quiz = _quiz_now(session, module_id, quiz_id)
    renewal = modules_now(session).get(module_id, NOT_PUBLISHED).renewal
    asked = asked_anew(session, person_id, module_id, quiz, renewal)
    fewer = not quiz.handed_out and len(asked.questions) < len(quiz.questions)
    return [question.id for question in asked.questions] if fewer else None


def read_module(act: Act, module_id: str, edition: str) -> None:
    """Note that a person read, or accepts, a module in the edition that they saw; a second time changes nothing.

    Raises:
        NotFound: There is no such module.
        EditionUnknown: The module never looked like the learner's page.
    """
    one_writer(act.session, act.person.id)
    version = find_edition(act.session, module_id, edition)
    accepts = module_of_version(act.session, version.version).rules.is_accepted
    done = Done("acknowledged" if accepts else "read", source_of_page(act.session, act.person.id, version, act.at))
    if add_evidence(act, act.person.id, version, done):
        act.record(
            "module.accept" if accepts else "module.read", f"module:{module_id}", new={"version": version.version}
        )


def find_attempt(session: Session, person_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    """A person's own attempt.

    Raises:
        NotFound: It does not exist, or is somebody else's.
    """
    attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == person_id))
    if attempt is None:
        raise NotFound("There is no such attempt.")
    return attempt


def attempts_of(session: Session, person_id: uuid.UUID, module_id: str, quiz_id: str) -> list[Attempt]:
    """A person's attempts at a quiz, the newest first."""
    mine = _of(person_id, module_id, quiz_id)
    return list(session.scalars(select(Attempt).where(mine).order_by(Attempt.number.desc())))


def attempts_left(session: Session, person_id: uuid.UUID, module_id: str, quiz_id: str, at: datetime) -> int | None:
    """How many attempts a person still has by the current version of the quiz; None is no limit.

    Raises:
        NotFound: There is no such quiz.
    """
    quiz = _quiz_now(session, module_id, quiz_id)
    renewal = modules_now(session).get(module_id, NOT_PUBLISHED).renewal
    stock = _take_stock(session, person_id, module_id, quiz_id, renewal, at)
    allowed = _allowed(quiz, stock)
    return None if allowed is None else max(0, allowed - stock.used)


def _take_stock(
    session: Session,
    person_id: uuid.UUID,
    module_id: str,
    quiz_id: str,
    renewal: int,
    at: datetime,
    *,
    but: uuid.UUID = NOBODY,
    version: str = "",
) -> Any:
    """What there is of a person's attempts at a quiz.

    An attempt whose time is over is used up, also while its answers may still arrive. A renewal gives everybody new
    ones. `but` leaves one out.

    Returns:
        `last` and `open`: the highest number, of all and of those that were not handed in; `ended`: when the last one
        that is used up was over, None before the first; `used` and `passed`: how many are used up, and passed, within
        the renewal; `extra` and `factor`: the most attempts and time that one of their classes gives, or None, and
        what was given before that was a class's (`extra_before`, `factor_before`); `key_version`: by which
        other attempts against `version` were corrected.
    """
    return TAKE_STOCK.row(
        session,
        person_id=person_id,
        module_id=module_id,
        quiz_id=quiz_id,
        renewal=renewal,
        late=at - GRACE,
        but=but,
        version=version,
    )


def marked_quiz(session: Session, attempt: Attempt) -> Quiz:
    """The quiz of an attempt, with the questions and values that it has, as the learner saw it."""
    quiz = _graded_quiz(module_of_version(session, attempt.version), attempt.lang, attempt.quiz_id)
    return quiz if attempt.paper is None else set_quiz(quiz, paper_of(attempt))


def corrected_quiz(session: Session, attempt: Attempt) -> Quiz:
    """The quiz of an attempt with the keys that count for it: corrected ones where there are."""
    quiz = marked_quiz(session, attempt)
    if attempt.key_version is None:
        return quiz
    newer = _graded_quiz(module_of_version(session, attempt.key_version), attempt.lang, attempt.quiz_id)
    return with_keys_of(quiz, newer)


def paper_of(attempt: Attempt) -> Paper:
    """What an attempt was handed out; it must have been."""
    paper = attempt.paper
    return Paper(
        questions=tuple(paper["questions"]),
        orders={name: tuple(order) for name, order in paper["orders"].items()},
        values=paper["values"],
    )


@dataclass(frozen=True, slots=True)
class HandedOut:
    """One question of an attempt as it is shown.

    Attributes:
        html: Controls without a key.
        order: Ids of the options in the order in which they are shown; empty for the order of the source.
        values: What stands at the marks of the text.
    """

    id: str
    html: str
    order: list[str]
    values: dict[str, str]


def questions_of(session: Session, attempt: Attempt) -> list[HandedOut]:
    """The questions that an attempt was handed out, in their order.

    Raises:
        NotFound: Its questions stand in the page.
        EditionUnknown: It was begun before a renewal and not handed in: it must be begun anew.
    """
    whole = _graded_quiz(module_of_version(session, attempt.version), attempt.lang, attempt.quiz_id)
    if attempt.paper is None or not whole.handed_out:
        raise NotFound("The questions of this attempt stand in the page.")
    renewal = modules_now(session).get(attempt.module_id, NOT_PUBLISHED).renewal
    if attempt.submitted_at is None and _renewal_of(session, attempt) < renewal:
        raise EditionUnknown("The module was revised: the attempt must be begun anew.")
    quiz, paper = marked_quiz(session, attempt), paper_of(attempt)
    return [
        HandedOut(
            id=question.id,
            html=quiz.sheets[question.id],
            order=list(paper.orders.get(question.id, ())),
            values=question.stem_values(),
        )
        for question in quiz.questions
    ]


def release_of(session: Session, attempt: Attempt) -> Release:
    """The rule by which right answers are shown: the quiz's as it is now, or the centre's if that is stricter."""
    quiz = _current_quiz(session, attempt.module_id, marked_quiz(session, attempt))
    return max(quiz.release, read_choices(session).release, key=RELEASES.index)


def is_released(session: Session, attempt: Attempt, at: datetime) -> bool:
    """Whether feedback and keys may be shown by the quiz's release rule as it is now, or the centre's stricter one.

    `now`: with every result. `passed`: once the learner passed or has no attempt left. `closed`: once none is left.
    Only attempts within the renewal of this one count: the questions of another one may be others.
    """
    if attempt.submitted_at is None:
        return False
    quiz = _current_quiz(session, attempt.module_id, marked_quiz(session, attempt))
    release = release_of(session, attempt)
    if release == "now":
        return True
    of = (attempt.person_id, attempt.module_id, attempt.quiz_id, _renewal_of(session, attempt), at)
    stock = _take_stock(session, *of)
    allowed = _allowed(quiz, stock)
    used_up = allowed is not None and stock.used >= allowed
    return used_up or (release == "passed" and stock.passed > 0)


def public_key(question: Question) -> dict[str, Any]:
    """Key and feedback of a question, once they are released."""
    return {"explanation": question.explanation, **question.key()}


def _graded_quiz(module: Module, lang: str, quiz_id: str) -> Quiz:
    quiz = module.page(lang).find_quiz(quiz_id)
    if quiz is None or quiz.practice:
        raise NotFound("There is no such graded quiz.")
    return quiz
