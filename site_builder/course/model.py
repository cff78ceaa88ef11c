"""Frozen dataclasses of everything the builder compiles out of `content/`.

The kinds of question stand in `kinds/`, one file each.

Texts that learners read (stems, options, feedback, explanations) are sanitised HTML, and beside each stands the
Markdown that its author wrote (`stem` and `stem_md`). A page in another language is a `Page` of its own with quizzes of
its own; the loader makes sure that the translations of a module carry the same questions, in the same order, with the
same keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from html import escape
from random import Random
from typing import Any, ClassVar, Literal, get_args

from site_builder.course.fields import DERIVED, SPARSE, made_of
from site_builder.course.marks import Grade, Reason
from site_builder.course.modules import KINDS, Kind, MoveOn, Need
from site_builder.course.scenes import Scene

Release = Literal["now", "passed", "closed"]
Show = Literal["all", "one"]
Marking = Literal["partial", "all-or-nothing"]
Audience = Literal["job-seeker", "worker", "student", "teacher"]

RELEASES: tuple[str, ...] = get_args(Release)
SHOWS: tuple[str, ...] = get_args(Show)
MARKINGS: tuple[str, ...] = get_args(Marking)
AUDIENCES: tuple[str, ...] = get_args(Audience)


def as_written(value: Any) -> Any:
    """The same with the author's Markdown in the place of the HTML that was made of it, where it is known."""
    if type(value) in SIMPLE:
        return value
    if isinstance(value, tuple):
        return tuple(map(as_written, value))
    if isinstance(value, Mapping):
        return {key: as_written(item) for key, item in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {}
    for name, source in _sources(type(value)):
        found = getattr(value, name)
        if source is None:
            changes[name] = as_written(found)
        else:
            changes[name] = getattr(value, source) or found
            changes[source] = ""
    return replace(value, **changes)


SIMPLE = frozenset({str, int, bool, float, type(None)})
"""Types of values that hold no others."""


@cache
def _sources(kind: type) -> tuple[tuple[str, str | None], ...]:
    """Each field of a class, with the one that it was made of; those that others were made of come first."""
    found = [(item.name, item.metadata.get("written")) for item in fields(kind)]
    return tuple(sorted(found, key=lambda item: item[1] is not None))


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a response says, the same in every language of the question.

    Attributes:
        place: Which gap, pair or place in an order; "" where there is one alone.
        value: Position in the source of what was chosen, from "1"; the text where something was typed.
    """

    place: str
    value: str


def typed(response: object) -> tuple[Said, ...]:
    """What a response to a question with one field says."""
    text = " ".join(response.split())[:200] if isinstance(response, str) else ""
    return (Said("", text),) if text else ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every kind of question has. Each kind is a subclass in a file of `kinds/`."""

    kind: ClassVar[str] = ""
    draws: ClassVar[bool] = False
    """Whether each attempt has values of its own."""

    id: str
    stem: str = made_of("stem_md")
    explanation: str = made_of("explanation_md", default="")
    critical: bool = False
    objective: int = field(default=0, metadata=SPARSE)
    """Which objective of its page it tests, from 1; 0 is none that is named."""
    stem_md: str = field(default="", metadata=SPARSE)
    explanation_md: str = field(default="", metadata=SPARSE)

    def mark(self, response: object) -> Grade:
        """Mark a response: any JSON value, without raising."""
        raise TypeError(f"no marking for questions of kind {self.kind!r}")

    def unreadable(self, response: object) -> Reason:
        """Why a response can be read as no answer, whatever the key is; "" when it can, or when nothing is typed."""
        return ""

    def public(self) -> dict[str, Any]:
        """What a learner may see of the answers before handing in. No byte of it depends on the key."""
        return {}

    def key(self) -> dict[str, Any]:
        """Key and feedback, as they are shown once they are released."""
        return {}

    def own_feedback(self, response: object) -> dict[str, Any]:
        """What of the key a learner sees before it is released: feedback on what they chose themselves."""
        return {}

    def readable_stem(self) -> str:
        """The stem as it reads in a list of questions: without the marks of gaps and values."""
        return self.stem

    def set_stem(self) -> str:
        """The stem as one attempt has it."""
        return self.readable_stem()

    def said(self, response: object) -> tuple[Said, ...]:
        """What a response says; nothing of what cannot be read."""
        return ()

    def possible(self) -> tuple[Said, ...]:
        """Everything that can be chosen; nothing where there is more than one can list, or where one types."""
        return ()

    def is_right(self, said: Said) -> bool:
        """Whether one thing that a response says is right by itself."""
        return False

    def wording(self, said: Said) -> tuple[str, str]:
        """HTML of a place ("" where there is one alone) and of what was said there, in this question's language."""
        return "", escape(said.value)

    def entries(self) -> tuple[tuple[str, str], ...]:
        """Id and Markdown of everything that can be picked, in the order of the source; nothing for most kinds."""
        return ()

    def outline(self) -> tuple[Any, ...]:
        """What the question has in common with its translations."""
        return ()

    def feedback(self) -> tuple[str, ...]:
        """Every HTML text that is shown with the result only."""
        return (self.explanation,)

    def draw(self, chance: Random) -> dict[str, str]:
        """Values for one attempt, by name; none for a question that is always the same."""
        return {}

    def bind(self, values: Mapping[str, str]) -> Question:
        """The question with the values of one attempt."""
        return self

    @property
    def bound(self) -> Mapping[str, str]:
        """The values of the attempt that the question was bound to."""
        return {}

    @property
    def has_key(self) -> bool:
        """Whether there is a right answer: a formula may have no value for what was drawn under another one."""
        return True

    def stem_values(self) -> dict[str, str]:
        """What stands at the marks of the stem, for a question with values."""
        return {}

    def shuffled(self, chance: Random) -> tuple[str, ...]:
        """Ids of the options in a random order; none where the order means something."""
        return ()

    def right_response(self) -> Any:
        """A response that scores 1."""
        raise NotImplementedError

    def wrong_response(self) -> Any:
        """A well-formed response that scores less than 1."""
        raise NotImplementedError

    def malformed_responses(self) -> tuple[Any, ...]:
        """Responses of the wrong form, as a broken client might send them."""
        return (True, {"x": {"y": 1}}, [[1]], [None], 10**400)


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """A set of questions in a module.

    Attributes:
        id: Unique in its module.
        pass_mark: Percent of the points that passes, 0..100.
        attempts: How many attempts a learner has; None is no limit.
        practice: Marked in the browser (its key is in the page) instead of by the server.
        release: When keys are shown: after every attempt, once passed, or once no attempt is left. Written without it,
            a quiz with one attempt has "now" and any other one "passed".
        show: All questions at once, or one at a time.
        intro: HTML between the opening line and the first question.
        draw: How many questions each attempt gets, at random; None is all of them. Critical ones are always among them.
        shuffle: Whether the options of each question come in a random order.
        minutes: How long an attempt may take, by the server's clock; None is no limit.
        wait: Seconds that must pass between handing in an attempt and beginning the next.
        confidence: Whether learners say with each answer how sure they are.
        marking: Whether parts of an answer earn parts of the point.
        sheets: HTML of each question by id, without its key, for quizzes that are handed out when an attempt begins.
        scene: Where it is asked, for one that is asked in a scene.
    """

    id: str
    questions: tuple[Question, ...]
    pass_mark: int = 80
    attempts: int | None = None
    practice: bool = False
    release: Release = "now"
    show: Show = "all"
    intro: str = made_of("intro_md", default="")
    draw: int | None = field(default=None, metadata=SPARSE)
    shuffle: bool = field(default=False, metadata=SPARSE)
    minutes: int | None = field(default=None, metadata=SPARSE)
    wait: int = field(default=0, metadata=SPARSE)
    confidence: bool = field(default=False, metadata=SPARSE)
    marking: Marking = field(default="partial", metadata=SPARSE)
    sheets: Mapping[str, str] = field(default_factory=dict, metadata=DERIVED)
    scene: Scene | None = field(default=None, metadata=SPARSE)
    intro_md: str = field(default="", metadata=SPARSE)

    @property
    def handed_out(self) -> bool:
        """Whether the questions are no part of the page: the API hands them out when an attempt begins."""
        drawn = self.draw is not None or any(question.draws for question in self.questions)
        return not self.practice and (drawn or self.minutes is not None)

    @property
    def asked(self) -> int:
        """How many questions an attempt has."""
        return len(self.questions) if self.draw is None else min(self.draw, len(self.questions))


@dataclass(frozen=True, kw_only=True)
class Page:
    """A module in one language.

    Attributes:
        lang: ISO 639-1 code.
        source: Path below `content/`, for messages.
        body_sha: SHA-256 of the body with its quizzes cut out.
        critical: Places in the checklist, from 0, of lines without which a practical is not passed.
        pictures: Of each line of the checklist the address of its picture, relative to the page; "" for none. Nothing
            where no line has one.
        levels: How well a line of the checklist can be done, in words, from the lowest to the highest; nothing where
            it is done or not.
        asked_levels: Of each line of the checklist the level, from 1, from which it counts as done. Nothing where no
            line asks for more than the lowest.
        bring: What to wear and to bring.
        changed: What changed on the day that the module names, in a sentence.
        lines: Line of each heading in the source, by its id.
        text: What its paragraphs and lists say, outside of quizzes, a line each: what is compared after a renewal.
    """

    lang: str
    title: str
    summary: str
    source: str
    body_sha: str
    objectives: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    critical: tuple[int, ...] = field(default=(), metadata=SPARSE)
    pictures: tuple[str, ...] = field(default=(), metadata=SPARSE)
    levels: tuple[str, ...] = field(default=(), metadata=SPARSE)
    asked_levels: tuple[int, ...] = field(default=(), metadata=SPARSE)
    bring: tuple[str, ...] = field(default=(), metadata=SPARSE)
    changed: str = field(default="", metadata=SPARSE)
    quizzes: tuple[Quiz, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, metadata=DERIVED)
    text: str = field(default="", metadata=DERIVED)

    def asked_level(self, place: int) -> int:
        """The level from which a line of the checklist counts as done; 0 where it has none."""
        if not self.levels:
            return 0
        return self.asked_levels[place] if self.asked_levels else 1

    def find_quiz(self, quiz_id: str) -> Quiz | None:
        """The quiz with this id, or None."""
        return next((quiz for quiz in self.quizzes if quiz.id == quiz_id), None)


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of right answers that is asked for before a module.

    Attributes:
        module: Id of the module with the questions.
        objective: Which one of its objectives, from 1.
        percent: 1..100, of the points of the questions that test it, in one attempt.
    """

    module: str
    objective: int
    percent: int


@dataclass(frozen=True, kw_only=True)
class Application:
    """A program that is not ours, which reports a result: a unit of cmi5.

    Attributes:
        id: By which its publisher knows it, an IRI.
        url: Where it is launched in a browser; "" where only a headset or a device has it.
        move_on: Which reports complete the module.
        mastery: Percent of its score from which on it is passed; 0 leaves that to the application.
        parameters: What it is launched with, as its publisher says.
        entitlement: What tells its publisher that it was bought.
    """

    id: str
    url: str = ""
    move_on: MoveOn = "passed"
    mastery: int = 0
    parameters: str = ""
    entitlement: str = field(default="", metadata=SPARSE)


@dataclass(frozen=True, kw_only=True)
class Module:
    """One Markdown file with its translations; the smallest thing that can be assigned.

    Attributes:
        id: `course/name`.
        kind: Name of one of `modules.KINDS`.
        minutes: Study time, whole minutes.
        renewal: Whole number from 1. A higher one than that of a completion means that it must be renewed.
        changed_on: Day of a change that reopens nothing and is shown, ISO 8601; "" without one.
        presence: Percent of each half-day that somebody must have been there for.
        signatures: How many trainers sign a practical.
        countersigned: Whether the learner signs too.
        replay: Whether watching the film in its page, and passing its quizzes, does as well as having been there.
        requires: Ids of modules that come first.
        any_of: Of each of these groups, one module comes first.
        shares: What must be known well before it.
        valid: How long a completion counts: "12 months", or until a day of each year, "09-01"; "" is for good.
        renew: Days before the end of that, from which doing it again counts from the end on.
        touches: Objectives that this renewal reopens; none given is all of it.
        application: The program that reports its result; None where its page is all there is.
        leaked: Whether keys of what was published before got out: no attempt counts against that any more.
        pages: By language; the first one stands for the others where they lack something.
    """

    id: str
    kind: str
    minutes: int
    renewal: int = field(default=1, metadata=SPARSE)
    changed_on: str = field(default="", metadata=SPARSE)
    presence: int = field(default=80, metadata=SPARSE)
    signatures: int = field(default=1, metadata=SPARSE)
    countersigned: bool = field(default=False, metadata=SPARSE)
    replay: bool = field(default=False, metadata=SPARSE)
    requires: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = field(default=(), metadata=SPARSE)
    shares: tuple[Share, ...] = field(default=(), metadata=SPARSE)
    valid: str = field(default="", metadata=SPARSE)
    renew: int = field(default=0, metadata=SPARSE)
    touches: tuple[int, ...] = field(default=(), metadata=SPARSE)
    application: Application | None = field(default=None, metadata=SPARSE)
    leaked: bool = field(default=False, metadata=SPARSE)
    trade: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = ()
    pages: Mapping[str, Page] = field(default_factory=dict)

    def page(self, lang: str) -> Page:
        """The page in `lang`, else in the default language (the first one)."""
        return self.pages.get(lang) or next(iter(self.pages.values()))

    @property
    def rules(self) -> Kind:
        """What its kind says of it."""
        return KINDS[self.kind]

    @property
    def needs(self) -> tuple[Need, ...]:
        """What completes it; where a program reports a result, that as well."""
        asked = self.rules.completed_by(self.graded_quiz_ids)
        reported = Need("result")
        return asked if self.application is None or reported in asked else (reported, *asked)

    @property
    def instead(self) -> tuple[Need, ...]:
        """What completes it as well; nothing where nothing else does."""
        return (Need("read"), *(Need("passed", quiz_id) for quiz_id in self.graded_quiz_ids)) if self.replay else ()

    @property
    def reopened(self) -> tuple[Need, ...]:
        """What of that its renewal reopens: a quiz of which no question tests what was touched stays passed."""
        if not self.touches:
            return self.needs
        asked = {
            quiz.id
            for quiz in next(iter(self.pages.values())).quizzes
            if any(question.objective in self.touches for question in quiz.questions)
        }
        return tuple(need for need in self.needs if not need.part or need.part in asked)

    @property
    def comes_after(self) -> tuple[str, ...]:
        """Ids of all modules that are named as coming first, each once."""
        named = (
            *self.requires,
            *(name for group in self.any_of for name in group),
            *(one.module for one in self.shares),
        )
        return tuple(dict.fromkeys(named))

    @property
    def graded_quiz_ids(self) -> tuple[str, ...]:
        """Its quizzes that the server marks."""
        return tuple(quiz.id for quiz in next(iter(self.pages.values())).quizzes if not quiz.practice)


@dataclass(frozen=True, kw_only=True)
class CourseText:
    """What a course or a path says in one language."""

    title: str
    summary: str
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Course:
    """A folder in `content/`: an ordered list of modules."""

    id: str
    module_ids: tuple[str, ...]
    requires: tuple[str, ...] = ()
    trade: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = ()
    texts: Mapping[str, CourseText] = field(default_factory=dict)

    def text(self, lang: str) -> CourseText:
        """The texts in `lang`, else in the default language (the first one)."""
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True, kw_only=True)
class Path:
    """A trade's programme: an ordered list of courses."""

    id: str
    course_ids: tuple[str, ...]
    texts: Mapping[str, CourseText] = field(default_factory=dict)

    def text(self, lang: str) -> CourseText:
        """The texts in `lang`, else in the default language (the first one)."""
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything that was compiled. Private: it holds the keys."""

    courses: Mapping[str, Course] = field(default_factory=dict)
    modules: Mapping[str, Module] = field(default_factory=dict)
    paths: Mapping[str, Path] = field(default_factory=dict)

    def modules_of(self, course: Course) -> tuple[Module, ...]:
        """The modules of a course, in its order."""
        return tuple(self.modules[module_id] for module_id in course.module_ids)

    def course_of(self, module_id: str) -> Course:
        """The course a module belongs to.

        Raises:
            KeyError: No course has this module.
        """
        return self.courses[module_id.partition("/")[0]]
