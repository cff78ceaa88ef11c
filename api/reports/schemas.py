"""Replies of a learner's home and of results."""

from __future__ import annotations

import uuid
from typing import Annotated

from pydantic import StringConstraints

from api.classes.standing import Cell
from api.core.schemas import LangQuery, Out, Time
from api.events.standing import EventState
from api.evidence.progress import State
from api.reports.analysis import Remark


class ModuleLineOut(Out):
    """A module on a learner's home."""

    id: str
    title: str
    kind: str
    minutes: int
    state: State
    best_score: float | None
    changed: bool


class CourseLineOut(Out):
    """A course on a learner's home."""

    id: str
    title: str
    done: int
    modules: list[ModuleLineOut]


class DueLineOut(Out):
    """An assignment on a learner's home."""

    course_id: str
    title: str
    address: str
    modules: list[str]
    class_name: str
    timezone: str
    opens_at: Time | None
    due_at: Time | None
    required: bool
    note_html: str
    done: bool
    late: bool


class ClassNameOut(Out):
    """A class that a learner is in, and who looks after it."""

    name: str
    teachers: list[str]


class ClassQuestionOut(Out):
    """A class that asks one in."""

    class_id: uuid.UUID
    name: str
    teacher: str
    at: Time


class HomeOut(Out):
    """A learner's first page."""

    name: str
    next: ModuleLineOut | None
    waiting: ModuleLineOut | None
    due: list[DueLineOut]
    courses: list[CourseLineOut]
    classes: list[ClassNameOut]
    asked: list[ClassQuestionOut]
    coordinates: bool


class ModuleSummaryOut(Out):
    """A module in the list of results."""

    id: str
    title: str
    course_id: str
    course_title: str
    kind: str
    started: int
    done: int
    mean_best: float | None


class ResultsOverviewOut(Out):
    """The list of results."""

    modules: list[ModuleSummaryOut]


class LearnerLineOut(Out):
    """A learner in the results of a module."""

    id: uuid.UUID
    name: str
    state: State
    best_score: float | None
    attempts: int
    updated_at: Time | None


class QuizLineOut(Out):
    """A graded quiz of a module."""

    id: str
    questions: int


class ModuleResultsOut(Out):
    """A trainer's view of a module."""

    id: str
    title: str
    learners: list[LearnerLineOut]
    quizzes: list[QuizLineOut]


class MatrixModuleOut(Out):
    """A column of the matrix."""

    id: str
    title: str
    course_id: str
    course_title: str
    kind: str
    online: bool
    due_at: Time | None
    done: int
    given: int
    late: int
    mean: float | None


class MatrixLearnerOut(Out):
    """A row of the matrix; a cell is null where the learner was not given the module."""

    id: uuid.UUID
    name: str
    cells: list[Cell | None]
    done: int
    given: int
    late: int


class MatrixOut(Out):
    """A class at one look."""

    name: str
    timezone: str
    modules: list[MatrixModuleOut]
    learners: list[MatrixLearnerOut]
    states: dict[str, int]


class AttemptLineOut(Out):
    """An attempt of a learner."""

    id: uuid.UUID
    module_id: str
    title: str
    quiz_id: str
    number: int
    started_at: Time
    submitted_at: Time | None
    seconds: float | None
    score: float | None
    passed: bool | None
    late: bool


class LearnerModuleOut(Out):
    """A module that the class gave a learner."""

    id: str
    title: str
    cell: Cell
    extra_attempts: int
    time_factor: float
    has_quiz: bool
    assignment_ids: list[uuid.UUID]


class NoteOut(Out):
    """A note about a learner."""

    id: uuid.UUID
    author: str
    mine: bool
    text: str
    at: Time


class PlaceOut(Out):
    """A place at a webinar or practical, and what became of it."""

    event_id: uuid.UUID
    titles: list[str]
    begins: Time
    timezone: str
    state: EventState


class LearnerPageOut(Out):
    """A learner of a class."""

    id: uuid.UUID
    name: str
    email: str
    lang: str
    signed_in: bool
    audience: str | None
    employer: str
    funding: str
    joined_at: Time
    timezone: str
    modules: list[LearnerModuleOut]
    attempts: list[AttemptLineOut]
    notes: list[NoteOut]
    seconds: float
    dues: dict[str, str]
    places: list[PlaceOut]


class SaidOut(Out):
    """One thing that a learner answered."""

    place: str
    html: str
    right: bool


class AnswerOut(Out):
    """An answer of an attempt, with the feedback that belongs to it."""

    id: str
    stem: str
    said: list[SaidOut]
    score: float
    correct: bool
    answered: bool
    confidence: int | None
    feedback: list[str]
    explanation: str


class BreachLineOut(Out):
    """What was done in a scene and is forbidden there; a critical one fails the attempt."""

    text: str
    critical: bool


class AttemptPageOut(Out):
    """An attempt with its answers."""

    attempt: AttemptLineOut
    lang: str
    feedback_given: bool
    answers: list[AnswerOut]
    breaches: list[BreachLineOut]


class AnalysisQuery(LangQuery):
    """Which attempts to look at."""

    version: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    class_id: uuid.UUID | None = None


class OptionOut(Out):
    """One answer to a question."""

    place: str
    html: str
    right: bool
    chosen: int
    share: float
    upper: float | None
    lower: float | None


class RemarkOut(Out):
    """A remark about a question."""

    code: Remark
    option: str
    share: float | None


class QuestionAnalysisOut(Out):
    """A question of a quiz."""

    id: str
    stem: str
    critical: bool
    asked: int
    facility: float | None
    discrimination: float | None
    alpha_without: float | None
    options: list[OptionOut]
    remarks: list[RemarkOut]


class VersionOut(Out):
    """A version of the module with first attempts."""

    version: str
    published_at: Time
    learners: int
    current: bool


class LookedOut(Out):
    """Seconds for which a direction, to ten degrees, was looked at."""

    yaw: int
    pitch: int
    seconds: float


class SeenViewOut(Out):
    """A view of a scene, with the address of its picture below the site."""

    id: str
    title: str
    picture: str
    flat: bool
    looked: list[LookedOut]


class ThingOut(Out):
    """How many learners did something at a thing of a scene; `fault` is null where nothing is marked at it."""

    id: str
    label: str
    opened: int
    acted: int
    breached: int
    fault: bool | None
    marked: int


class SceneReportOut(Out):
    """A scene by the first run of each learner."""

    title: str
    learners: int
    routes: dict[str, int]
    median_seconds: float | None
    views: list[SeenViewOut]
    things: list[ThingOut]


class AnalysisOut(Out):
    """A quiz by the first attempts of learners."""

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
    versions: list[VersionOut]
    scene: bool
    questions: list[QuestionAnalysisOut]
