"""Questions that a trainer asks everybody in the room, and what was answered. Knows no HTTP and never commits.

First each for themselves, then, after they talked about it with a neighbour, once more (peer instruction; Crouch and
Mazur 2001): what is shown are shares, never names.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.catalogue.operations import current_catalogue, current_edition, module_of_version
from api.core.errors import NotFound
from api.core.statements import Prepared
from api.events.errors import EventOver, NotBooked, PlanInvalid
from api.events.models import Booking, Event, LiveAnswer, LiveQuestion
from site_builder.course.kinds.choice import ChoiceQuestion
from site_builder.course.model import Module, Quiz

ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Askable:
    """A question with one right option, which can be asked live."""

    module: Module
    quiz: Quiz
    question: ChoiceQuestion


def askable(session: Session, event: Event, lang: str) -> Iterator[Askable]:
    """The questions of the courses of an event that can be asked live; of quizzes that are handed out, none."""
    catalogue = current_catalogue(session)
    courses = {name.partition("/")[0] for name in event.module_ids}
    for module in catalogue.modules.values():
        if module.id.partition("/")[0] in courses:
            for quiz in module.page(lang).quizzes:
                if not quiz.handed_out:
                    for question in quiz.questions:
                        if isinstance(question, ChoiceQuestion) and len(question.right_ids) == 1:
                            yield Askable(module, quiz, question)


def ask(act: Act, event: Event, module_id: str, quiz_id: str, question_id: str) -> LiveQuestion:
    """Ask a question; the one before it is closed.

    Raises:
        NotFound: There is no such question that can be asked live.
        EventOver: The event was cancelled.
    """
    if event.cancelled_at is not None:
        raise EventOver("It was cancelled.")
    wanted = (module_id, quiz_id, question_id)
    known = {(one.module.id, one.quiz.id, one.question.id) for one in askable(act.session, event, event.lang)}
    if wanted not in known:
        raise NotFound("There is no such question that can be asked live.")
    before = current_question(act.session, event)
    if before is not None:
        before.is_open = False
    made = LiveQuestion(
        event_id=event.id,
        module_id=module_id,
        version=current_edition(act.session, module_id).version,
        quiz_id=quiz_id,
        question_id=question_id,
        asked_by=act.person.id,
        asked_at=act.at,
    )
    act.session.add(made)
    act.session.flush()
    return made


def current_question(session: Session, event: Event) -> LiveQuestion | None:
    """The question that was asked last; None before the first one."""
    return session.scalar(
        select(LiveQuestion)
        .where(LiveQuestion.event_id == event.id)
        .order_by(LiveQuestion.asked_at.desc(), LiveQuestion.id)
        .limit(1)
    )


def find_question(session: Session, event: Event, question_id: uuid.UUID) -> LiveQuestion:
    """A question that was asked at an event.

    Raises:
        NotFound: None of this id.
    """
    found = session.get(LiveQuestion, question_id)
    if found is None or found.event_id != event.id:
        raise NotFound("There is no such question.")
    return found


def steer(question: LiveQuestion, *, is_open: bool, is_shown: bool, again: bool) -> None:
    """Open or close a question, show what was answered, or ask it once more.

    Raises:
        PlanInvalid: It was asked twice already.
    """
    if again:
        if question.round >= ROUNDS:
            raise PlanInvalid("It was asked twice already.", field="again")
        question.round += 1
        question.is_open, question.is_shown = True, False
        return
    question.is_open, question.is_shown = is_open, is_shown


def choice_of(session: Session, asked: LiveQuestion, lang: str) -> ChoiceQuestion:
    """The question itself, in a language, as it was when it was asked."""
    page = module_of_version(session, asked.version).page(lang)
    quiz = page.find_quiz(asked.quiz_id)
    found = next((one for one in quiz.questions if one.id == asked.question_id), None) if quiz else None
    if not isinstance(found, ChoiceQuestion):
        raise NotFound("There is no such question.")
    return found


def answer(act: Act, event: Event, asked: LiveQuestion, option: str) -> LiveAnswer:
    """Answer, or change the answer while the question is open.

    Raises:
        NotBooked: Whoever answers has no place.
        EventOver: It is closed.
        PlanInvalid: There is no such option.
    """
    session = act.session
    booking = session.get(Booking, (event.id, act.person.id))
    if booking is None or booking.state != "booked":
        raise NotBooked("There is no place of yours.")
    if not asked.is_open:
        raise EventOver("It is closed.")
    if option not in {one.id for one in choice_of(session, asked, event.lang).options}:
        raise PlanInvalid("There is no such option.", field="option")
    found = session.get(LiveAnswer, (asked.id, asked.round, act.person.id))
    if found is None:
        found = LiveAnswer(question_id=asked.id, round=asked.round, person_id=act.person.id)
        session.add(found)
    found.option, found.at = option, act.at
    session.flush()
    return found


@dataclass(frozen=True, slots=True)
class Look:
    """What decides whether a phone has something new to show.

    Attributes:
        mine: What was answered in this round; "" for nothing yet.
        answered: How often it was answered, while that is shown.
    """

    id: uuid.UUID
    round: int
    is_open: bool
    is_shown: bool
    mine: str
    answered: int = 0


_LOOK = Prepared(
    select(
        LiveQuestion.id,
        LiveQuestion.round,
        LiveQuestion.is_open,
        LiveQuestion.is_shown,
        func.coalesce(LiveAnswer.option, "").label("mine"),
    )
    .join(Booking, Booking.event_id == LiveQuestion.event_id)
    .outerjoin(
        LiveAnswer,
        and_(
            LiveAnswer.question_id == LiveQuestion.id,
            LiveAnswer.round == LiveQuestion.round,
            LiveAnswer.person_id == Booking.person_id,
        ),
    )
    .where(
        LiveQuestion.event_id == bindparam("event"),
        Booking.person_id == bindparam("person"),
        Booking.state == "booked",
    )
    .order_by(LiveQuestion.asked_at.desc(), LiveQuestion.id)
    .limit(1)
)
_ANSWERED = Prepared(select(func.count()).where(LiveAnswer.question_id == bindparam("question")))


def look(session: Session, event_id: uuid.UUID, person_id: uuid.UUID) -> Look | None:
    """The question that was asked last, for somebody who has a place; None without one, and before the first.

    Two hundred phones ask this every two seconds (`make bench-live`).
    """
    row = _LOOK.row(session, event=event_id, person=person_id)
    if row is None:
        return None
    answered = _ANSWERED.row(session, question=row.id)[0] if row.is_shown else 0
    return Look(row.id, row.round, row.is_open, row.is_shown, row.mine, answered)


def own_answer(session: Session, asked: LiveQuestion, person_id: uuid.UUID) -> str:
    """What somebody answered in this round; "" for nothing yet."""
    found = session.get(LiveAnswer, (asked.id, asked.round, person_id))
    return found.option if found else ""


def tally(session: Session, asked: LiveQuestion) -> dict[int, Counter[str]]:
    """How many chose which option, by round."""
    rows = session.execute(
        select(LiveAnswer.round, LiveAnswer.option, func.count())
        .where(LiveAnswer.question_id == asked.id)
        .group_by(LiveAnswer.round, LiveAnswer.option)
    )
    found: dict[int, Counter[str]] = {}
    for number, option, count in rows:
        found.setdefault(number, Counter())[option] = count
    return found


def gain(before: Counter[str], after: Counter[str], right: str) -> float | None:
    """Normalised gain (Hake 1998): of the share that was wrong, how much became right; None where nothing was wrong."""
    if not before.total() or not after.total():
        return None
    first, second = before[right] / before.total(), after[right] / after.total()
    return (second - first) / (1 - first) if first < 1 else None
