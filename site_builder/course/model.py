"""Frozen dataclasses of everything the builder compiles out of `content/`.

Texts that learners read (`stem`, `Option.html`, feedback, explanations) are sanitised HTML. A page in another language
is a `Page` of its own with quizzes of its own; the loader makes sure that the translations of a module carry the same
questions, in the same order, with the same keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal, get_args

ModuleKind = Literal["lesson", "webinar", "practical"]
Revision = Literal["editorial", "minor", "major"]
Release = Literal["now", "passed", "closed"]
Show = Literal["all", "one"]
Audience = Literal["job-seeker", "worker", "student", "teacher"]

MODULE_KINDS: tuple[str, ...] = get_args(ModuleKind)
REVISIONS: tuple[str, ...] = get_args(Revision)
RELEASES: tuple[str, ...] = get_args(Release)
SHOWS: tuple[str, ...] = get_args(Show)
AUDIENCES: tuple[str, ...] = get_args(Audience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One line of a check-list.

    Attributes:
        id: Position in the source from "1"; it never depends on the key.
        html: What the learner reads.
        correct: Whether the option belongs to the right answer.
        feedback: HTML shown with the result, "" when the author wrote none.
    """

    id: str
    html: str
    correct: bool
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every kind of question has. Each kind is a subclass with a `kind` of its own."""

    kind: ClassVar[str] = ""
    id: str
    stem: str
    explanation: str = ""
    critical: bool = False


@dataclass(frozen=True, kw_only=True)
class ChoiceQuestion(Question):
    """A question answered by picking options; the response is a list of option ids."""

    options: tuple[Option, ...]

    @property
    def right_ids(self) -> frozenset[str]:
        """Ids of the options that make up the right answer; never empty in a catalogue."""
        return frozenset(option.id for option in self.options if option.correct)


@dataclass(frozen=True, kw_only=True)
class SingleChoice(ChoiceQuestion):
    """A check-list with one right option."""

    kind: ClassVar[str] = "single"


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(ChoiceQuestion):
    """A check-list with several right options."""

    kind: ClassVar[str] = "multiple"


@dataclass(frozen=True, kw_only=True)
class TrueFalse(ChoiceQuestion):
    """Two options, True and False in the page's language, one of them right."""

    kind: ClassVar[str] = "truefalse"


@dataclass(frozen=True, slots=True)
class UnitConversion:
    """How a value in unit `name` becomes a value in the unit of the key, exactly: `value * factor + offset`."""

    name: str
    factor: Fraction
    offset: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class Numeric(Question):
    """A number with an optional unit; the response is the text that the learner typed.

    Attributes:
        low: Smallest right value, in `unit`, inclusive.
        high: Largest right value, in `unit`, inclusive.
        unit: Unit of the key as written, "" for a pure number.
        answer: The key as a learner should see it, for example "12.5 ± 0.5 mL".
        units: Every spelling that is accepted, with its conversion; empty for a pure number.
    """

    kind: ClassVar[str] = "numeric"
    low: Decimal
    high: Decimal
    unit: str = ""
    answer: str = ""
    units: tuple[UnitConversion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Quiz:
    """A set of questions in a module.

    Attributes:
        id: Unique in its module.
        pass_mark: Percent of the points that passes, 0..100.
        attempts: How many attempts a learner has; None is no limit.
        practice: Marked in the browser (its key is in the page) instead of by the server.
        release: When feedback and keys are shown: after every attempt, once passed, or once no attempt is left.
        show: All questions at once, or one at a time.
        intro: HTML between the opening line and the first question.
    """

    id: str
    questions: tuple[Question, ...]
    pass_mark: int = 80
    attempts: int | None = None
    practice: bool = False
    release: Release = "now"
    show: Show = "all"
    intro: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A module in one language.

    Attributes:
        lang: ISO 639-1 code.
        source: Path below `content/`, for messages.
        body_sha: SHA-256 of the body with its quizzes cut out.
    """

    lang: str
    title: str
    summary: str
    source: str
    body_sha: str
    objectives: tuple[str, ...] = ()
    checklist: tuple[str, ...] = ()
    quizzes: tuple[Quiz, ...] = ()

    def find_quiz(self, quiz_id: str) -> Quiz | None:
        """The quiz with this id, or None."""
        return next((quiz for quiz in self.quizzes if quiz.id == quiz_id), None)


@dataclass(frozen=True, kw_only=True)
class Module:
    """One Markdown file with its translations; the smallest thing that can be assigned.

    Attributes:
        id: `course/name`.
        minutes: Study time, whole minutes.
        requires: Ids of modules that come first.
        pages: By language; the default language is always there.
    """

    id: str
    kind: ModuleKind
    minutes: int
    revision: Revision
    requires: tuple[str, ...] = ()
    trade: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = ()
    pages: Mapping[str, Page] = field(default_factory=dict)

    def page(self, lang: str) -> Page:
        """The page in `lang`, else in the default language (the first one)."""
        return self.pages.get(lang) or next(iter(self.pages.values()))

    @property
    def graded_quiz_ids(self) -> tuple[str, ...]:
        """Quizzes that must be passed to complete the module."""
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
