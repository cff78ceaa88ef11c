"""Asking and answering below a lesson. Knows no HTTP and never commits.

Who sees a question: its author; those who reach all; of the class in which it was asked its teachers, and its learners
if the author allows it. Who answers: the same, but for class mates.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, true, update
from sqlalchemy.orm import Session, aliased

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.catalogue.operations import current_catalogue
from api.classes.assignments import given_to
from api.classes.models import Class, ClassMember
from api.core.errors import Conflict, Forbidden, Invalid, NotFound
from api.core.richtext import LONGEST, render_text
from api.discussion.letters import Answer, Question, who_answers
from api.discussion.models import Reply, Report, Thread
from api.messages.operations import add_message
from site_builder.course.model import Catalogue

MOST_THREADS = 100
"""The newest that a page shows."""


def _my_classes(act: Act, *, teaches: bool) -> Select[uuid.UUID]:
    mine = aliased(ClassMember)
    return select(mine.class_id).where(mine.person_id == act.person.id, mine.teaches.is_(teaches))


def _visible(act: Act) -> ColumnElement[bool]:
    """Which questions an act reaches."""
    if act.scope == "all":
        return true()
    own = Thread.author_id == act.person.id
    as_teacher = Thread.class_id.in_(_my_classes(act, teaches=True)) & _still_there()
    as_mate = (
        Thread.shared.is_(True)
        & Thread.hidden_at.is_(None)
        & Thread.class_id.in_(_my_classes(act, teaches=False))
        & _still_there()
    )
    return own | as_mate | as_teacher if act.scope == "classes" else own | as_mate


def _still_there() -> ColumnElement[bool]:
    """Whether the author of a question is still in the class: whoever left takes their questions along."""
    author = aliased(ClassMember)
    return (
        select(author.person_id)
        .where(author.class_id == Thread.class_id, author.person_id == Thread.author_id)
        .exists()
    )


def classes_to_ask_in(act: Act, module_id: str) -> list[Class]:
    """The classes in which a learner was given a module's course, by name."""
    course_id = module_id.partition("/")[0]
    found = {
        item.group.id: item.group
        for item in given_to(act.session, act.person)
        if item.assignment.course_id == course_id and item.is_open(act.at)
    }
    return sorted(found.values(), key=lambda group: (group.name.casefold(), group.id))


def _checked(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= LONGEST:
        raise Invalid(f"A text has 1 to {LONGEST} characters.", field="text")
    return text


def ask(act: Act, module_id: str, *, text: str, anchor: str, class_id: uuid.UUID | None, shared: bool) -> Thread:
    """Ask a question below a module: in a class, whose teachers are told, or without one the trainers alone.

    Raises:
        NotFound: There is no such module, or the learner is in no such class.
        Invalid: The text is empty or too long.
    """
    session, at = act.session, act.at
    catalogue = current_catalogue(session)
    if module_id not in catalogue.modules:
        raise NotFound("There is no such module.")
    if class_id is not None and class_id not in {group.id for group in classes_to_ask_in(act, module_id)}:
        raise NotFound("There is no such class.")
    text = _checked(text)
    thread = Thread(
        module_id=module_id,
        anchor=anchor,
        class_id=class_id,
        author_id=act.person.id,
        text=text,
        html=render_text(text),
        shared=shared and class_id is not None,
        created_at=at,
    )
    session.add(thread)
    session.flush()
    _tellwho_answers(session, catalogue, thread, thread.text, at)
    return thread


def _tellwho_answers(session: Session, catalogue: Catalogue, thread: Thread, text: str, at: datetime) -> None:
    for person in who_answers(session, thread):
        if person.id != thread.author_id:
            _tell(session, catalogue, thread, person, thread.author, Question, text, at)


def _tell(
    session: Session,
    catalogue: Catalogue,
    thread: Thread,
    reader: Person,
    writer: Somebody,
    kind: type[Answer | Question],
    text: str,
    at: datetime,
) -> None:
    module = catalogue.modules.get(thread.module_id)
    title = module.page(reader.lang).title if module else thread.module_id
    facts = kind(title=title, name=writer.name, text=text, address=thread.module_id, thread=str(thread.id))
    add_message(session, reader, facts, at=at)


def find_thread(act: Act, thread_id: uuid.UUID) -> Thread:
    """A question that an act reaches.

    Raises:
        NotFound: It does not exist, or not for them.
    """
    thread = act.session.scalar(select(Thread).where(Thread.id == thread_id, _visible(act)))
    if thread is None:
        raise NotFound("There is no such question.")
    return thread


def may_answer(act: Act, thread: Thread) -> bool:
    """Whether somebody may answer: its author, trainers, and the teachers of its class."""
    return thread.author_id == act.person.id or may_moderate(act, thread)


def may_moderate(act: Act, thread: Thread) -> bool:
    """Whether somebody may hide a question and its answers."""
    if act.scope == "all":
        return True
    if act.scope != "classes" or thread.class_id is None:
        return False
    member = act.session.get(ClassMember, (thread.class_id, act.person.id))
    return member is not None and member.teaches


def reply(act: Act, thread: Thread, text: str) -> Reply:
    """Answer a question, which its author is told; or say more about one's own, which those are told who answer.

    Raises:
        Forbidden: Class mates read, and do not answer.
        Invalid: The text is empty or too long.
    """
    session, actor, at = act.session, act.person, act.at
    if not may_answer(act, thread):
        raise Forbidden("Trainers and the teachers of the class answer.")
    text = _checked(text)
    made = Reply(thread_id=thread.id, author_id=actor.id, text=text, html=render_text(text), created_at=at)
    session.add(made)
    session.flush()
    catalogue = current_catalogue(session)
    if thread.author_id == actor.id:
        _tellwho_answers(session, catalogue, thread, made.text, at)
    else:
        _tell(session, catalogue, thread, thread.author, actor, Answer, made.text, at)
    return made


def share(act: Act, thread: Thread, shared: bool) -> None:
    """Let class mates read one's question, or no longer.

    Raises:
        NotFound: It is somebody else's.
        Conflict: It was asked in no class.
    """
    if thread.author_id != act.person.id:
        raise NotFound("There is no such question of yours.")
    if shared and thread.class_id is None:
        raise Conflict("It was asked in no class.")
    thread.shared = shared
    act.session.flush()


def hide(act: Act, thread: Thread, reply_id: uuid.UUID | None, hidden: bool) -> None:
    """Hide a question or an answer, or show it again; either settles what was reported.

    Raises:
        Forbidden: The actor may not.
        NotFound: There is no such answer.
    """
    session, at = act.session, act.at
    if not may_moderate(act, thread):
        raise Forbidden("Trainers and the teachers of the class hide.")
    subject: Thread | Reply = thread
    if reply_id is not None:
        subject = _find_reply(session, thread, reply_id)
    subject.hidden_at = at if hidden else None
    about = Report.reply_id == reply_id if reply_id else Report.thread_id == thread.id
    session.execute(update(Report).where(about, Report.settled_at.is_(None)).values(settled_at=at))
    session.flush()
    told = f"reply:{reply_id}" if reply_id else f"thread:{thread.id}"
    act.record("discussion.hide", told, new=hidden)


def _find_reply(session: Session, thread: Thread, reply_id: uuid.UUID) -> Reply:
    found = session.get(Reply, reply_id)
    if found is None or found.thread_id != thread.id:
        raise NotFound("There is no such answer.")
    return found


def report(act: Act, thread: Thread, reply_id: uuid.UUID | None, reason: str) -> None:
    """Say that a question or an answer should not be there; once more changes nothing.

    Raises:
        NotFound: There is no such answer, or not for the actor.
    """
    session, actor, at = act.session, act.person, act.at
    if reply_id is not None:
        found = _find_reply(session, thread, reply_id)
        if found.hidden_at is not None and not may_moderate(act, thread):
            raise NotFound("There is no such answer.")
    subject = Report.reply_id == reply_id if reply_id else Report.thread_id == thread.id
    if session.scalar(select(Report.id).where(subject, Report.reporter_id == actor.id)) is None:
        session.add(
            Report(
                thread_id=None if reply_id else thread.id,
                reply_id=reply_id,
                reporter_id=actor.id,
                reason=reason.strip(),
                at=at,
            )
        )
        session.flush()


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """An answer, as somebody sees it."""

    reply: Reply
    reports: int


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A question with its answers, as somebody sees it.

    Attributes:
        class_name: "" where it was asked in no class, and for class mates.
        reports: How many said that it should not be there; 0 for those who cannot hide it.
    """

    thread: Thread
    class_name: str
    replies: list[ReplyLine]
    reports: int
    may_answer: bool
    may_moderate: bool


def threads_below(act: Act, module_id: str) -> list[ThreadLine]:
    """The questions below a module that an act reaches, the newest first; the number of queries is fixed."""
    statement = select(Thread).where(Thread.module_id == module_id, _visible(act))
    return _lines(act, act.session.scalars(statement.order_by(Thread.created_at.desc()).limit(MOST_THREADS)))


def _is_waiting() -> ColumnElement[bool]:
    """Whether the author of a question had the last word."""
    last = (
        select(Reply.author_id)
        .where(Reply.thread_id == Thread.id, Reply.hidden_at.is_(None))
        .order_by(Reply.created_at.desc(), Reply.id)
        .limit(1)
        .scalar_subquery()
    )
    return Thread.hidden_at.is_(None) & (func.coalesce(last, Thread.author_id) == Thread.author_id)


def waiting_questions(session: Session, people: Collection[uuid.UUID], module_ids: Collection[str]) -> list[Thread]:
    """Questions of some people below some modules whose authors had the last word; the oldest first."""
    wanted = (Thread.author_id.in_(people), Thread.module_id.in_(module_ids), _is_waiting())
    return list(session.scalars(select(Thread).where(*wanted).order_by(Thread.created_at).limit(MOST_THREADS)))


def inbox(act: Act) -> list[ThreadLine]:
    """Questions that one may answer and whose authors had the last word, and what was reported; the oldest first."""
    replied = aliased(Reply)
    reported = (
        select(Report.id)
        .outerjoin(replied, replied.id == Report.reply_id)
        .where(Report.settled_at.is_(None), (Report.thread_id == Thread.id) | (replied.thread_id == Thread.id))
    )
    taught = Thread.class_id.in_(_my_classes(act, teaches=True)) & _still_there()
    mine = true() if act.scope == "all" else taught
    statement = select(Thread).where(mine, _is_waiting() | reported.exists())
    return _lines(act, act.session.scalars(statement.order_by(Thread.created_at).limit(MOST_THREADS)))


def count_waiting(act: Act) -> int:
    """How many questions wait for one's answer: of classes that one teaches and, if one reaches all, of none."""
    taught = Thread.class_id.in_(_my_classes(act, teaches=True)) & _still_there()
    if act.scope == "all":
        taught |= Thread.class_id.is_(None)
    return act.session.scalar(select(func.count()).select_from(Thread).where(taught, _is_waiting())) or 0


def _lines(act: Act, found: Iterable[Thread]) -> list[ThreadLine]:
    session, me, threads = act.session, act.person.id, list(found)
    ids = [thread.id for thread in threads]
    taught = set(session.scalars(_my_classes(act, teaches=True)))
    names = {
        row.id: row.name
        for row in session.execute(
            select(Class.id, Class.name).where(Class.id.in_({thread.class_id for thread in threads}))
        )
    }
    replies: dict[uuid.UUID, list[Reply]] = defaultdict(list)
    for item in session.scalars(select(Reply).where(Reply.thread_id.in_(ids)).order_by(Reply.created_at, Reply.id)):
        replies[item.thread_id].append(item)
    all_replies = [item.id for items in replies.values() for item in items]
    counts: dict[uuid.UUID | None, int] = {}
    for column, wanted in ((Report.thread_id, ids), (Report.reply_id, all_replies)):
        found_counts = session.execute(
            select(column, func.count()).where(column.in_(wanted), Report.settled_at.is_(None)).group_by(column)
        )
        counts.update({subject: count for subject, count in found_counts})  # noqa: C416  # Rows are no pairs to mypy.
    lines = []
    for thread in threads:
        moderates = act.scope == "all" or (act.scope == "classes" and thread.class_id in taught)
        own = thread.author_id == me
        shown = [item for item in replies[thread.id] if moderates or item.hidden_at is None or item.author_id == me]
        lines.append(
            ThreadLine(
                thread=thread,
                class_name=names.get(thread.class_id, "") if thread.class_id and (moderates or own) else "",
                replies=[ReplyLine(item, counts.get(item.id, 0) if moderates else 0) for item in shown],
                reports=counts.get(thread.id, 0) if moderates else 0,
                may_answer=moderates or own,
                may_moderate=moderates,
            )
        )
    return lines
