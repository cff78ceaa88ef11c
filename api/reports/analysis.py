"""What a quiz's answers say about its questions. Knows no HTTP and writes nothing."""

from __future__ import annotations

import math
import statistics as numbers
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.catalogue.models import ModuleVersion
from api.catalogue.operations import count_publications, current_catalogue, module_of_version
from api.classes.access import find_class, is_given_to_teach, seen_in_course
from api.classes.models import ClassMember
from api.core.errors import NotFound
from api.learning.models import Attempt
from api.reports.kept import keep
from api.reports.statistics import Scores, alpha, discrimination, facility, item_total, standard_error, thirds
from site_builder.course.model import Module, Question, Quiz, Said
from site_builder.course.papers import asks_the_same

MOST_ATTEMPTS = 500
"""The newest first attempts that are looked at: the standard error of a share among them is 2.3 points at most."""

FEW = 30
"""With fewer learners, one of them moves figures visibly: the page says so."""
VERY_FEW = 10
"""With fewer learners, correlations and reliability are chance, and are not shown."""
FEWEST_OF_A_THIRD = 5
"""With fewer people in a third, a share of it is one person more or less."""
MOST_TYPED = 5
"""Typed answers that are listed, the most frequent ones."""
MOST_PLACED = 3
"""The same for each of several places."""

Remark = Literal["misleading", "negative", "weak", "hard", "easy", "unused", "fine", "unclear", "few"]
"""What a trainer should know of a question; the page has the sentences.

misleading: at least half of those who did well chose something wrong. negative: those who did well got it wrong more
often. weak: it hardly tells learners apart. hard: fewer than 30 % of the points. easy: more than 95 %. unused: nobody
chose it. few: too few learners to say anything.
"""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One answer to a question.

    Attributes:
        place: HTML of the gap or pair; "" where there is one place alone.
        html: What was chosen or typed.
        chosen: How many chose it.
        share: Of those who were asked, 0..1.
        upper: Of the upper third, 0..1; None without thirds.
        lower: Of the lower third, 0..1.
    """

    place: str
    html: str
    right: bool
    chosen: int
    share: float
    upper: float | None
    lower: float | None


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark about a question, with what it is about."""

    code: Remark
    option: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionAnalysis:
    """A question of a quiz.

    Attributes:
        asked: Learners whose first attempt has it.
        facility: Mean score, 0..1.
        discrimination: -1..1.
        alpha_without: Reliability of the quiz without it.
    """

    id: str
    stem: str
    critical: bool
    asked: int
    facility: float | None
    discrimination: float | None
    alpha_without: float | None
    options: list[OptionLine]
    remarks: list[RemarkLine]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of the module with first attempts at the quiz."""

    version: str
    published_at: datetime
    learners: int
    current: bool


@dataclass(frozen=True, slots=True)
class QuizAnalysis:
    """A quiz by the first attempts of learners.

    Attributes:
        learners: How many first attempts are in it.
        capped: Whether there are more, and only the newest were looked at.
        mean: Mean score, 0..1.
        median_seconds: From beginning to handing in.
        standard_error: In points out of 1.
        pass_rate: Share of first attempts that passed.
        scene: Whether it is asked in a scene, which has a report of its own.
    """

    module_id: str
    quiz_id: str
    title: str
    learners: int
    capped: bool
    mean: float | None
    pass_rate: float | None
    median_seconds: float | None
    alpha: float | None
    standard_error: float | None
    drawn: bool
    few: bool
    version: str
    versions: list[VersionLine]
    scene: bool
    questions: list[QuestionAnalysis]


def analyse_quiz(
    act: Act,
    module_id: str,
    quiz_id: str,
    lang: str,
    *,
    version: str = "",
    class_id: uuid.UUID | None = None,
) -> QuizAnalysis:
    """Analyse a quiz over the first attempts of the learners that an act may see.

    Args:
        act: Whose learners: those of its scope.
        module_id: The module.
        quiz_id: One of its graded quizzes.
        lang: Language of the texts.
        version: Of the module; "" is the newest, with the older ones that ask the same.
        class_id: One class alone.

    Raises:
        NotFound: There is no such quiz, version or class.
    """
    session, course_id = act.session, module_id.partition("/")[0]
    module = current_catalogue(session).modules.get(module_id)
    if module is None or not is_given_to_teach(act, course_id):
        raise NotFound("There is no such module.")

    def analyse() -> tuple[QuizAnalysis, int]:
        found = _analyse(act, module, quiz_id, lang, version, class_id)
        return found, sum(line.learners for line in found.versions)

    if act.scope != "all" or class_id is not None:
        return analyse()[0]
    key = (module_id, quiz_id, lang, version, count_publications(session))
    return keep(session, key, act.at, analyse)


def _analyse(
    act: Act, module: Module, quiz_id: str, lang: str, version: str, class_id: uuid.UUID | None
) -> QuizAnalysis:
    session, module_id = act.session, module.id
    course_id = module_id.partition("/")[0]
    visible = [seen_in_course(act, course_id, Attempt.person_id)]
    since = partial(seen_in_course, act, course_id)
    if class_id is not None:
        group = find_class(act, class_id)
        members = select(ClassMember.person_id).where(ClassMember.class_id == group.id, ClassMember.teaches.is_(False))
        visible.append(Attempt.person_id.in_(members))
    of_quiz = [Attempt.module_id == module_id, Attempt.quiz_id == quiz_id, Attempt.submitted_at.is_not(None), *visible]
    versions = _versions(session, module_id, [*of_quiz, since(Attempt.person_id, Attempt.started_at)])
    current = _graded(module, lang, quiz_id)
    known = {line.version for line in versions}
    if version and version not in known:
        raise NotFound("Nobody took the quiz in this version.")
    if version:
        quiz, wanted = _graded(module_of_version(session, version), lang, quiz_id), {version}
    elif current is not None:
        quiz = current
        wanted = {name for name in known if _same(_graded(module_of_version(session, name), lang, quiz_id), current)}
    else:
        raise NotFound("There is no such graded quiz.")
    if quiz is None:
        raise NotFound("There is no such graded quiz.")
    rows = _first_attempts(session, of_quiz, since, wanted) if wanted else []
    capped = len(rows) > MOST_ATTEMPTS
    # What the clock closed without an answer says nothing about the questions.
    rows = [row for row in rows[:MOST_ATTEMPTS] if row.responses or not row.late]
    return _analysis(session, module, quiz, lang, rows, versions, version, capped)


def _graded(module: Module, lang: str, quiz_id: str) -> Quiz | None:
    quiz = module.page(lang).find_quiz(quiz_id)
    return None if quiz is None or quiz.practice else quiz


def _same(one: Quiz | None, other: Quiz) -> bool:
    """Whether two forms of a quiz ask the same questions."""
    if one is None or [question.id for question in one.questions] != [question.id for question in other.questions]:
        return False
    return all(asks_the_same(a, b) for a, b in zip(one.questions, other.questions, strict=True))


def _versions(session: Session, module_id: str, of_quiz: Sequence[Any]) -> list[VersionLine]:
    rows = session.execute(
        select(ModuleVersion.version, ModuleVersion.published_at, func.count(Attempt.person_id.distinct()))
        .join(Attempt, Attempt.version == ModuleVersion.version)
        .where(*of_quiz)
        .group_by(ModuleVersion.version, ModuleVersion.published_at, ModuleVersion.sequence)
        .order_by(ModuleVersion.sequence.desc())
    ).all()
    newest = session.scalar(
        select(ModuleVersion.version)
        .where(ModuleVersion.module_id == module_id)
        .order_by(ModuleVersion.sequence.desc())
        .limit(1)
    )
    return [VersionLine(version, published, count, version == newest) for version, published, count in rows]


def _first_attempts(
    session: Session, of_quiz: Sequence[Any], since: Callable[..., ColumnElement[bool]], versions: Collection[str]
) -> list[Any]:
    """The first attempt of each learner, the newest first: later ones are made with the feedback of the first.

    It counts from the beginning of a renewal: after a renewal everybody begins anew. Whoever had their first one
    before they entered the class is not counted.
    """
    place = func.row_number().over(partition_by=(Attempt.person_id, ModuleVersion.renewal), order_by=Attempt.number)
    numbered = (
        select(
            Attempt.id,
            Attempt.person_id,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.version,
            place.label("place"),
        )
        .join(ModuleVersion, ModuleVersion.version == Attempt.version)
        .where(*of_quiz)
        .subquery()
    )
    # What is read of an attempt is long: first which, then what.
    newest = (
        select(numbered.c.id)
        .where(since(numbered.c.person_id, numbered.c.started_at))
        .where(numbered.c.place == 1, numbered.c.version.in_(versions))
        .order_by(numbered.c.submitted_at.desc(), numbered.c.id)
        .limit(MOST_ATTEMPTS + 1)
        .subquery()
    )
    statement = (
        select(
            Attempt.lang,
            Attempt.version,
            Attempt.started_at,
            Attempt.submitted_at,
            Attempt.responses,
            Attempt.grades,
            Attempt.score,
            Attempt.passed,
            Attempt.late,
            Attempt.paper,
        )
        .join(newest, newest.c.id == Attempt.id)
        .order_by(Attempt.submitted_at.desc(), Attempt.id)
    )
    return list(session.execute(statement))


def _analysis(
    session: Session,
    module: Module,
    quiz: Quiz,
    lang: str,
    rows: Sequence[Any],
    versions: list[VersionLine],
    version: str,
    capped: bool,
) -> QuizAnalysis:
    asked = {question.id for question in quiz.questions}
    learners: list[Scores] = [
        {name: float(grade["score"]) for name, grade in row.grades.items() if name in asked} for row in rows
    ]
    totals = [numbers.fmean(scores.values()) if scores else 0.0 for scores in learners]
    ids = [question.id for question in quiz.questions]
    enough = len(rows) >= VERY_FEW
    reliability = alpha(learners if enough else (), ids)
    upper, lower = thirds(totals)
    said = _said(session, quiz.id, rows)
    questions = [
        _question(
            question,
            _Sample(
                [place for place, scores in enumerate(learners) if question.id in scores],
                frozenset(upper),
                frozenset(lower),
                said[question.id],
                learners,
            ),
            reliability.without[question.id],
        )
        for question in quiz.questions
    ]
    seconds = [(row.submitted_at - row.started_at).total_seconds() for row in rows]
    return QuizAnalysis(
        module_id=module.id,
        quiz_id=quiz.id,
        title=module.page(lang).title,
        learners=len(rows),
        capped=capped,
        mean=facility(totals),
        pass_rate=facility([float(bool(row.passed)) for row in rows]),
        median_seconds=numbers.median(seconds) if seconds else None,
        alpha=reliability.whole,
        standard_error=standard_error(totals, reliability.whole),
        drawn=quiz.draw is not None and quiz.draw < len(quiz.questions),
        few=len(rows) < FEW,
        version=version,
        versions=versions,
        scene=quiz.scene is not None,
        # Without a learner there is nothing to say, and no reason to show which answers are right.
        questions=questions if rows else [],
    )


def _said(session: Session, quiz_id: str, rows: Sequence[Any]) -> dict[str, list[tuple[Said, ...]]]:
    """What each learner said to each question, read by the page that they saw, so that languages can be added up."""
    known: dict[tuple[str, str], Mapping[str, Question]] = {}
    found: dict[str, list[tuple[Said, ...]]] = defaultdict(list)
    for row in rows:
        if (row.version, row.lang) not in known:
            quiz = module_of_version(session, row.version).page(row.lang).find_quiz(quiz_id)
            known[row.version, row.lang] = {question.id: question for question in quiz.questions} if quiz else {}
        for name, question in known[row.version, row.lang].items():
            values = (row.paper or {}).get("values", {}).get(name)
            bound = question.bind(values) if values else question
            found[name].append(bound.said(row.responses.get(name)))
    return found


@dataclass(frozen=True, slots=True)
class _Sample:
    """The learners that a question was asked.

    Attributes:
        places: Of those who were asked.
        said: What each learner said, by place; nothing of those who were not asked.
    """

    places: list[int]
    upper: frozenset[int]
    lower: frozenset[int]
    said: list[tuple[Said, ...]]
    learners: Sequence[Scores]

    def share(self, said: Said, group: frozenset[int]) -> float | None:
        """How many of a group said something, 0..1; None where nobody of it was asked."""
        asked = [place for place in self.places if place in group]
        return sum(said in self.said[place] for place in asked) / len(asked) if asked else None


def _question(question: Question, sample: _Sample, alpha_without: float | None) -> QuestionAnalysis:
    asked = len(sample.places)
    scores = [sample.learners[place][question.id] for place in sample.places]
    own = facility(scores)
    told = discrimination(sample.learners, question.id) if asked >= VERY_FEW else None
    whole = item_total([sample.learners[place] for place in sample.places], question.id)
    options = _options(question, sample)
    return QuestionAnalysis(
        id=question.id,
        stem=question.readable_stem(),
        critical=question.critical,
        asked=asked,
        facility=own,
        discrimination=told,
        alpha_without=alpha_without,
        options=options,
        remarks=_remarks(question, asked, own, told, whole, options),
    )


def _options(question: Question, sample: _Sample) -> list[OptionLine]:
    tally = Counter(said for place in sample.places for said in sample.said[place])
    possible = question.possible()
    if not possible:
        # Calculated answers belong to the values of one learner, so that equal ones mean nothing.
        wanted = [] if question.draws else _most_frequent(tally)
    else:
        wanted = list(possible)
        known = frozenset(possible)
        wanted += _most_frequent(Counter({said: count for said, count in tally.items() if said not in known}))
    return [
        OptionLine(
            *question.wording(said),
            right=question.is_right(said),
            chosen=tally[said],
            share=tally[said] / len(sample.places) if sample.places else 0.0,
            upper=sample.share(said, sample.upper),
            lower=sample.share(said, sample.lower),
        )
        for said in wanted
    ]


def _most_frequent(tally: Counter[Said]) -> list[Said]:
    """The most frequent answers of each place, in the order of the places."""
    places: dict[str, list[Said]] = defaultdict(list)
    for said, _ in tally.most_common():
        places[said.place].append(said)
    order = sorted(places, key=lambda place: (len(place), place))
    return [said for place in order for said in places[place][: MOST_TYPED if len(places) == 1 else MOST_PLACED]]


def _remarks(
    question: Question,
    asked: int,
    own: float | None,
    told: float | None,
    whole: float | None,
    options: list[OptionLine],
) -> list[RemarkLine]:
    """What is to be said of a question.

    Args:
        question: The question.
        asked: How many learners it was asked.
        own: Its facility.
        told: Its discrimination.
        whole: Its correlation with the total, itself included: where totals hardly differ, whoever got one question
            right got another one wrong, and the discrimination alone would doubt every key.
        options: What was chosen.
    """
    if asked < VERY_FEW or own is None:
        return [RemarkLine("few")]
    remarks = [
        RemarkLine("misleading", option.html, option.upper)
        for option in options
        if not option.right and option.upper is not None and option.upper >= 0.5 and asked // 3 >= FEWEST_OF_A_THIRD
    ]
    # Below zero by more than chance: at the root of n, one time in twenty (one-sided).
    if told is not None and told < -1.645 / math.sqrt(asked) and whole is not None and whole < 0:
        remarks.append(RemarkLine("negative"))
    if own < 0.3:
        remarks.append(RemarkLine("hard", share=own))
    elif own > 0.95:
        remarks.append(RemarkLine("easy", share=own))
    elif asked >= FEW and told is not None and abs(told) < 0.15:
        remarks.append(RemarkLine("weak"))
    if asked >= FEW and len(question.possible()) > 2:
        remarks.extend(
            RemarkLine("unused", option.html) for option in options if not option.right and not option.chosen
        )
    # Praise needs a reason as doubt does.
    good = told is not None and told >= (0.15 if asked >= FEW else 1.645 / math.sqrt(asked))
    return remarks or [RemarkLine("fine" if good else "unclear")]
