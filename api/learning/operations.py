"""Attempts, their grading, and progress. Knows no HTTP and never commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.accounts.models import Person
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import NOT_PUBLISHED, current_catalogue, find_edition, module_of_version, modules_now
from api.core.errors import (
    AnswerUnreadable,
    AttemptSubmitted,
    AttemptTooSoon,
    EditionUnknown,
    Invalid,
    NoAttemptsLeft,
    NotFound,
)
from api.evidence.operations import add_evidence, touch_progress
from api.learning.allowances import find_allowance
from api.learning.models import Attempt
from site_builder.course.grading import grade_quiz
from site_builder.course.model import Module, Question, Quiz
from site_builder.course.papers import Paper, draw_paper, set_quiz, with_keys_of

GRACE = timedelta(seconds=30)
"""How long after its deadline an attempt may arrive: for the network, not for thinking."""

CHANCE = SystemRandom()
"""What is drawn must not be guessed from what was drawn before."""


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
    session, person, at = act.session, act.person, act.at
    one_writer(session, person.id)
    version = find_edition(session, module_id, edition)
    seen = _graded_quiz(module_of_version(session, version.version), lang, quiz_id)
    if version.renewal < modules_now(session).get(module_id, NOT_PUBLISHED).renewal:
        raise EditionUnknown("The module was revised: the page must be loaded again.")
    attempt = session.scalar(
        select(Attempt)
        .where(_of(person, module_id, quiz_id), Attempt.submitted_at.is_(None))
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    current = _current_quiz(session, module_id, seen)
    if current.handed_out and not seen.handed_out:
        # An older page must not be a way around the clock and the draw.
        raise EditionUnknown("The quiz hands out its questions now: the page must be loaded again.")
    _check_attempts(session, person, module_id, current, version.renewal, at)
    if attempt is None or _is_over(attempt, at):
        _check_wait(session, person, module_id, current, at)
        if attempt is not None:
            _close(act, attempt)
        attempt = Attempt(
            person_id=person.id,
            module_id=module_id,
            quiz_id=quiz_id,
            number=_next_number(session, person, module_id, quiz_id),
        )
        session.add(attempt)
        _begin(act, attempt, seen, version, lang)
        touch_progress(act, person.id, module_id)
    elif (seen.handed_out and attempt.paper is None) or _renewal_of(session, attempt) != version.renewal:
        # Begun on a page that had the questions, or on one of another renewal. Otherwise nothing is drawn twice.
        _begin(act, attempt, seen, version, lang)
    session.flush()
    return attempt


def _begin(act: Act, attempt: Attempt, quiz: Quiz, version: ModuleVersion, lang: str) -> None:
    attempt.version, attempt.lang, attempt.started_at = version.version, lang, act.at
    attempt.paper = asdict(draw_paper(quiz, CHANCE)) if quiz.handed_out else None
    if quiz.minutes is None:
        attempt.deadline = None
    else:
        allowance = find_allowance(act.session, act.person.id, version.module_id)
        factor = max(act.person.time_factor, allowance.time_factor if allowance else 1)
        attempt.deadline = act.at + timedelta(minutes=quiz.minutes) * factor
    act.session.flush()
    act.record("attempt.start", f"attempt:{attempt.id}", new={"quiz": quiz.id, "version": version.version})


def _renewal_of(session: Session, attempt: Attempt) -> int:
    found = session.get(ModuleVersion, attempt.version)
    return found.renewal if found else 0


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
    session, person, at = act.session, act.person, act.at
    one_writer(session, person.id)
    attempt = find_attempt(session, person, attempt_id)
    if attempt.submitted_at is not None:
        raise AttemptSubmitted("The attempt was handed in already.")
    if attempt.paper is None:
        version = find_edition(session, attempt.module_id, edition)
        attempt.version, attempt.lang = version.version, lang
    quiz = marked_quiz(session, attempt)
    if quiz.handed_out and attempt.paper is None:
        raise EditionUnknown("The quiz hands out its questions now: the page must be loaded again.")
    renewal = _renewal_of(session, attempt)
    current = _current_quiz(session, attempt.module_id, quiz)
    _check_attempts(session, person, attempt.module_id, current, renewal, at, but=attempt)
    quiz = _with_corrections(session, attempt, quiz)
    ids = {question.id for question in marked_quiz(session, attempt).questions}
    for field, given in (("responses", responses), ("confidence", confidence or {})):
        unknown = sorted(set(given) - ids)
        if unknown:
            raise Invalid(f"The attempt has no question {unknown[0]!r}.", field=f"{field}.{unknown[0]}")
    if not as_it_is and (attempt.deadline is None or at < attempt.deadline):
        unreadable = {q.id: reason for q in quiz.questions if (reason := q.unreadable(responses.get(q.id)))}
        if unreadable:
            raise AnswerUnreadable("An answer is no number, or its unit is none.", questions=unreadable)
    _mark(act, attempt, quiz, responses, confidence or {}, late=_is_over(attempt, at))
    return attempt


def _with_corrections(session: Session, attempt: Attempt, quiz: Quiz) -> Quiz:
    """The quiz with the keys that attempts against the same version were corrected by, while this one was open."""
    attempt.key_version = session.scalar(
        select(Attempt.key_version)
        .where(
            Attempt.module_id == attempt.module_id,
            Attempt.quiz_id == attempt.quiz_id,
            Attempt.version == attempt.version,
            Attempt.key_version.is_not(None),
            Attempt.id != attempt.id,
        )
        .limit(1)
    )
    return quiz if attempt.key_version is None else corrected_quiz(session, attempt)


def _mark(
    act: Act,
    attempt: Attempt,
    quiz: Quiz,
    responses: Mapping[str, Any],
    confidence: Mapping[str, int],
    *,
    late: bool,
) -> None:
    """Write the result of an attempt, and what follows from it."""
    result = grade_quiz(quiz, responses)
    attempt.submitted_at = act.at
    attempt.responses = dict(responses)
    attempt.confidence = dict(confidence) if quiz.confidence else None
    attempt.grades = {question_id: asdict(grade) for question_id, grade in result.grades.items()}
    attempt.score = result.score
    attempt.passed = result.passed and not late
    attempt.late = late
    attempt.failed_critical = list(result.failed_critical)
    act.session.flush()
    version = act.session.get_one(ModuleVersion, attempt.version)
    add_evidence(
        act,
        attempt.person_id,
        version,
        "passed" if attempt.passed else "failed",
        part=attempt.quiz_id,
        score=attempt.score,
        source=f"attempt:{attempt.id}",
    )
    if responses:
        add_evidence(act, attempt.person_id, version, "read", source="page")
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


def one_writer(session: Session, person_id: uuid.UUID) -> None:
    """Let the writes of one person follow one another: limits are counted and summaries made of what is there.

    On SQLite there is one writer anyway. On PostgreSQL the lock leaves foreign keys to the person alone: those are
    held already, by the row of the idempotency key.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _current_quiz(session: Session, module_id: str, seen: Quiz) -> Quiz:
    """The quiz as it is now, whose limit and release rule hold for everybody; as it was seen where it is gone."""
    module = current_catalogue(session).modules.get(module_id)
    quiz = module.page("").find_quiz(seen.id) if module else None
    return quiz if quiz and not quiz.practice else seen


def _check_attempts(
    session: Session,
    person: Person,
    module_id: str,
    quiz: Quiz,
    renewal: int,
    at: datetime,
    *,
    but: Attempt | None = None,
) -> None:
    used = count_used(session, person, module_id, quiz.id, renewal, at, but=but)
    allowed = attempts_allowed(session, person, module_id, quiz)
    if allowed is not None and used >= allowed:
        raise NoAttemptsLeft(f"The quiz allows {allowed} attempts.")


def attempts_allowed(session: Session, person: Person, module_id: str, quiz: Quiz) -> int | None:
    """How many attempts a person has: those of the quiz, and those that a teacher gave; None is no limit."""
    if quiz.attempts is None:
        return None
    allowance = find_allowance(session, person.id, module_id)
    return quiz.attempts + (allowance.extra_attempts if allowance else 0)


def _check_wait(session: Session, person: Person, module_id: str, quiz: Quiz, at: datetime) -> None:
    until = next_attempt_at(session, person, module_id, quiz, at)
    if until is not None and at < until:
        raise AttemptTooSoon(
            "The quiz wants some time between two attempts.", retry_at=until.isoformat(timespec="milliseconds")
        )


def next_attempt_at(session: Session, person: Person, module_id: str, quiz: Quiz, at: datetime) -> datetime | None:
    """From when on a person may begin another attempt; None where nothing has to pass."""
    if not quiz.wait:
        return None
    ended = func.coalesce(Attempt.submitted_at, Attempt.deadline)
    last = session.scalar(select(func.max(ended)).where(_of(person, module_id, quiz.id), _is_used(at)))
    return last + timedelta(seconds=quiz.wait) if last else None


def waiting_until(session: Session, person: Person, module_id: str, quiz_id: str, at: datetime) -> datetime | None:
    """`next_attempt_at` by the current version of a quiz.

    Raises:
        NotFound: There is no such quiz.
    """
    return next_attempt_at(session, person, module_id, _quiz_now(session, module_id, quiz_id), at)


def _quiz_now(session: Session, module_id: str, quiz_id: str) -> Quiz:
    module = current_catalogue(session).modules.get(module_id)
    if module is None:
        raise NotFound("There is no such module.")
    return _graded_quiz(module, "", quiz_id)


def read_module(act: Act, module_id: str, edition: str) -> None:
    """Note that a person read a module in the edition that they saw; a second time changes nothing.

    Raises:
        NotFound: There is no such module.
        EditionUnknown: The module never looked like the learner's page.
    """
    one_writer(act.session, act.person.id)
    version = find_edition(act.session, module_id, edition)
    if add_evidence(act, act.person.id, version, "read", source="page"):
        act.record("module.read", f"module:{module_id}", new={"version": version.version})


def find_attempt(session: Session, person: Person, attempt_id: uuid.UUID) -> Attempt:
    """A person's own attempt.

    Raises:
        NotFound: It does not exist, or is somebody else's.
    """
    attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == person.id))
    if attempt is None:
        raise NotFound("There is no such attempt.")
    return attempt


def attempts_of(session: Session, person: Person, module_id: str, quiz_id: str) -> list[Attempt]:
    """A person's attempts at a quiz, the newest first."""
    return list(session.scalars(select(Attempt).where(_of(person, module_id, quiz_id)).order_by(Attempt.number.desc())))


def attempts_left(session: Session, person: Person, module_id: str, quiz_id: str, at: datetime) -> int | None:
    """How many attempts a person still has by the current version of the quiz; None is no limit.

    Raises:
        NotFound: There is no such quiz.
    """
    quiz = _quiz_now(session, module_id, quiz_id)
    allowed = attempts_allowed(session, person, module_id, quiz)
    if allowed is None:
        return None
    renewal = modules_now(session).get(module_id, NOT_PUBLISHED).renewal
    return max(0, allowed - count_used(session, person, module_id, quiz_id, renewal, at))


def count_used(
    session: Session,
    person: Person,
    module_id: str,
    quiz_id: str,
    renewal: int,
    at: datetime,
    *,
    but: Attempt | None = None,
) -> int:
    """How many attempts a person used up within a renewal: a renewal gives everybody new ones.

    An attempt whose time is over is used up, also while its answers may still arrive. `but` leaves one out.
    """
    count = (
        select(func.count())
        .select_from(Attempt)
        .join(ModuleVersion, ModuleVersion.version == Attempt.version)
        .where(_of(person, module_id, quiz_id), _is_used(at), ModuleVersion.renewal == renewal)
    )
    if but is not None:
        count = count.where(Attempt.id != but.id)
    return session.scalar(count) or 0


def _is_used(at: datetime) -> Any:
    return Attempt.submitted_at.is_not(None) | (Attempt.deadline < at - GRACE)


def _next_number(session: Session, person: Person, module_id: str, quiz_id: str) -> int:
    last = session.scalar(select(func.max(Attempt.number)).where(_of(person, module_id, quiz_id)))
    return (last or 0) + 1


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
    if attempt.paper is None:
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


def is_released(session: Session, person: Person, attempt: Attempt, at: datetime) -> bool:
    """Whether feedback and keys may be shown by the quiz's release rule, as it is now.

    `now`: with every result. `passed`: once the learner passed or has no attempt left. `closed`: once none is left.
    Only attempts within the renewal of this one count: the questions of another one may be others.
    """
    if attempt.submitted_at is None:
        return False
    quiz = _current_quiz(session, attempt.module_id, marked_quiz(session, attempt))
    if quiz.release == "now":
        return True
    renewal = select(ModuleVersion.renewal).where(ModuleVersion.version == attempt.version).scalar_subquery()
    passed = list(
        session.scalars(
            select(Attempt.passed)
            .join(ModuleVersion, ModuleVersion.version == Attempt.version)
            .where(
                _of(person, attempt.module_id, attempt.quiz_id),
                _is_used(at),
                ModuleVersion.renewal == renewal,
            )
        )
    )
    allowed = attempts_allowed(session, person, attempt.module_id, quiz)
    used_up = allowed is not None and len(passed) >= allowed
    return used_up or (quiz.release == "passed" and any(passed))


def public_key(question: Question) -> dict[str, Any]:
    """Key and feedback of a question, once they are released."""
    return {"explanation": question.explanation, **question.key()}


def _graded_quiz(module: Module, lang: str, quiz_id: str) -> Quiz:
    quiz = module.page(lang).find_quiz(quiz_id)
    if quiz is None or quiz.practice:
        raise NotFound("There is no such graded quiz.")
    return quiz


def _of(person: Person, module_id: str, quiz_id: str) -> Any:
    return (Attempt.person_id == person.id) & (Attempt.module_id == module_id) & (Attempt.quiz_id == quiz_id)
