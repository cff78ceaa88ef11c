"""Routes of a learner's home, of results, of the class matrix, and of what can be taken along."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response, make_response, request
from flask_login import current_user

from api.accounts.current import current_act
from api.catalogue.operations import current_catalogue
from api.classes.access import find_class
from api.classes.asking import questions_to
from api.classes.assignments import work_of
from api.classes.mandates import mandates_of
from api.classes.models import Class
from api.classes.standing import standing_tag
from api.core.choices import DEFAULT_TIMEZONE
from api.core.errors import NotFound
from api.core.permissions import everyone_signed_in, roles
from api.core.replies import CSV, XLSX, gives, gives_file, reply
from api.core.requests import current_session, now
from api.core.schemas import LangQuery
from api.events.planning import find_event
from api.learning.routes import module_key
from api.reports import operations
from api.reports.analysis import QuizAnalysis, analyse_quiz
from api.reports.exports import analysis_table, attempts_table, matrix_table, notes_head, roster_table
from api.reports.learners import AttemptPage, attempt_page, learner_page
from api.reports.matrix import class_matrix, places_tag
from api.reports.operations import ModuleResults
from api.reports.scenes import SceneReport, report_scene
from api.reports.schemas import (
    AnalysisOut,
    AnalysisQuery,
    AttemptLineOut,
    AttemptPageOut,
    ClassNameOut,
    ClassQuestionOut,
    CourseLineOut,
    DueLineOut,
    HomeOut,
    LearnerModuleOut,
    LearnerPageOut,
    MatrixOut,
    ModuleLineOut,
    ModuleResultsOut,
    ModuleSummaryOut,
    NoteOut,
    PlaceOut,
    ResultsOverviewOut,
    SceneReportOut,
)
from api.reports.sheets import Table, write_csv, write_xlsx

reports = APIBlueprint("reports", __name__, url_prefix="/api/v1", tag="Reports")
staff = roles(teacher="classes", trainer="all", admin="all")


@reports.get("/home")
@everyone_signed_in(rows="own")
@reports.input(LangQuery, location="query")
@gives(reports, HomeOut)
def home(query_data: LangQuery) -> HomeOut:
    """What is due, what is next and how far one is."""
    found = operations.learner_home(current_session(), current_user, query_data.lang, now())
    return HomeOut(
        name=current_user.name,
        next=ModuleLineOut.model_validate(found.next) if found.next else None,
        waiting=ModuleLineOut.model_validate(found.waiting) if found.waiting else None,
        due=[DueLineOut.model_validate(line) for line in found.due],
        courses=[CourseLineOut.model_validate(course) for course in found.courses],
        classes=[ClassNameOut.model_validate(line) for line in found.classes],
        asked=[ClassQuestionOut.model_validate(line) for line in questions_to(current_session(), current_user)],
        coordinates=bool(mandates_of(current_session(), current_user.id)),
    )


@reports.get("/results")
@roles(page="results", teacher="classes", trainer="all", admin="all")
@reports.input(LangQuery, location="query")
@gives(reports, ResultsOverviewOut)
def overview(query_data: LangQuery) -> ResultsOverviewOut:
    """Every module with how many started and completed it."""
    found = operations.results_overview(current_act(), query_data.lang)
    modules = [ModuleSummaryOut.model_validate(line) for line in found]
    return ResultsOverviewOut(modules=modules)


@reports.get("/results/<string:course>/<string:name>")
@staff
@reports.input(LangQuery, location="query")
@gives(reports, ModuleResultsOut)
def module(course: str, name: str, query_data: LangQuery) -> ModuleResults:
    """Learners and quizzes of a module."""
    return operations.module_results(current_act(), module_key(course, name), query_data.lang)


def _class(class_id: uuid.UUID) -> Class:
    return find_class(current_act(), class_id)


@reports.get("/classes/<uuid:class_id>/matrix")
@staff
@reports.input(LangQuery, location="query")
@gives(reports, MatrixOut)
def matrix(class_id: uuid.UUID, query_data: LangQuery) -> Response:
    """Learners down, modules across. Whoever has it already sends its ETag, and gets 304 while nothing changed."""
    group = _class(class_id)
    work = work_of(current_session(), group)
    session = current_session()
    tag = f"{standing_tag(session, group, work, now())}.{places_tag(session, group, work)}.{query_data.lang}"
    if request.if_none_match.contains_weak(tag):
        shown = make_response("", 304)
    else:
        shown = reply(MatrixOut, class_matrix(current_session(), group, query_data.lang, now(), work))
    shown.set_etag(tag, weak=True)
    return shown


@reports.get("/classes/<uuid:class_id>/learners/<uuid:person_id>")
@staff
@reports.input(LangQuery, location="query")
@gives(reports, LearnerPageOut)
def learner(class_id: uuid.UUID, person_id: uuid.UUID, query_data: LangQuery) -> LearnerPageOut:
    """A learner of a class: standing, attempts, notes."""
    group = _class(class_id)
    found = learner_page(current_act(), group, person_id, query_data.lang)
    return LearnerPageOut(
        id=found.person.id,
        name=found.person.name,
        email=found.person.email,
        lang=found.person.lang,
        signed_in=found.person.password_hash is not None,
        audience=found.member.audience,
        employer=found.member.employer,
        funding=found.member.funding,
        joined_at=found.member.joined_at,
        timezone=group.timezone,
        modules=[LearnerModuleOut.model_validate(line) for line in found.modules],
        attempts=[AttemptLineOut.model_validate(line) for line in found.attempts],
        notes=[NoteOut.model_validate(line) for line in found.notes],
        seconds=found.seconds,
        dues=found.dues,
        places=[
            PlaceOut(
                event_id=line.event.id,
                titles=[_title(name, query_data.lang) for name in line.event.module_ids],
                begins=line.event.begins,
                timezone=line.event.timezone,
                state=line.state,
            )
            for line in found.places
        ],
    )


def _title(module_id: str, lang: str) -> str:
    module = current_catalogue(current_session()).modules.get(module_id)
    return module.page(lang).title if module else module_id


@reports.get("/classes/<uuid:class_id>/learners/<uuid:person_id>/attempts/<uuid:attempt_id>")
@staff
@reports.input(LangQuery, location="query")
@gives(reports, AttemptPageOut)
def attempt(class_id: uuid.UUID, person_id: uuid.UUID, attempt_id: uuid.UUID, query_data: LangQuery) -> AttemptPage:
    """An attempt of a learner with its answers."""
    return attempt_page(current_session(), _class(class_id), person_id, attempt_id, query_data.lang, now())


def _analysis(course: str, name: str, quiz: str, query: AnalysisQuery) -> QuizAnalysis:
    return analyse_quiz(
        current_act(),
        module_key(course, name),
        quiz,
        query.lang,
        version=query.version,
        class_id=query.class_id,
    )


@reports.get("/analysis/<string:course>/<string:name>/<string:quiz>")
@staff
@reports.input(AnalysisQuery, location="query")
@gives(reports, AnalysisOut)
def analysis(course: str, name: str, quiz: str, query_data: AnalysisQuery) -> QuizAnalysis:
    """What a quiz's answers say about its questions."""
    return _analysis(course, name, quiz, query_data)


@reports.get("/analysis/<string:course>/<string:name>/<string:quiz>/scene")
@staff
@reports.input(AnalysisQuery, location="query")
@gives(reports, SceneReportOut)
def scene(course: str, name: str, quiz: str, query_data: AnalysisQuery) -> SceneReport:
    """Where learners looked in the scene of a quiz, what they missed and what they breached."""
    key = module_key(course, name)
    return report_scene(current_act(), key, quiz, query_data.lang, class_id=query_data.class_id)


TABLES: dict[str, Callable[[Any, Class, str, datetime], Table]] = {"matrix": matrix_table, "attempts": attempts_table}


@reports.get("/classes/<uuid:class_id>/exports/<string:file>")
@staff
@reports.input(LangQuery, location="query")
@gives_file(reports, "A table", XLSX, CSV)
def export_class(class_id: uuid.UUID, file: str, query_data: LangQuery) -> Response:
    """A table of a class as a file: matrix or attempts, .xlsx or .csv."""
    group = _class(class_id)
    name, _, form = file.partition(".")
    if name not in TABLES:
        raise NotFound("There is no such file.")
    table = TABLES[name](current_session(), group, query_data.lang, now())
    return file_reply(table, form, query_data.lang, f"{group.name} {table.name}")


@reports.get("/events/<uuid:event_id>/exports/<string:file>")
@roles(trainer="all", admin="all")
@reports.input(LangQuery, location="query")
@gives_file(reports, "A table", XLSX, CSV)
def export_event(event_id: uuid.UUID, file: str, query_data: LangQuery) -> Response:
    """Who had a place at an event, who was ready, who was there and who was signed off, as a file."""
    stem, _, form = file.partition(".")
    if stem != "roster":
        raise NotFound("There is no such file.")
    act = current_act()
    event = find_event(act, event_id)
    table = roster_table(act.session, event, query_data.lang, act.at)
    return file_reply(table, form, query_data.lang, f"{_title(event.module_ids[0], query_data.lang)} {table.name}")


@reports.get("/analysis/<string:course>/<string:name>/<string:quiz>/exports/<string:file>")
@staff
@reports.input(AnalysisQuery, location="query")
@gives_file(reports, "A table", XLSX, CSV)
def export_analysis(course: str, name: str, quiz: str, file: str, query_data: AnalysisQuery) -> Response:
    """The item analysis of a quiz as a file, .xlsx or .csv."""
    stem, _, form = file.partition(".")
    if stem != "analysis":
        raise NotFound("There is no such file.")
    found = _analysis(course, name, quiz, query_data)
    table = analysis_table(found, query_data.lang, now(), ZoneInfo(DEFAULT_TIMEZONE))
    return file_reply(table, form, query_data.lang, f"{found.title} {table.name}")


def file_reply(table: Table, form: str, lang: str, title: str) -> Response:
    """A table as .xlsx or .csv.

    Raises:
        NotFound: It is asked for as something else.
    """
    if form == "xlsx":
        reply = Response(write_xlsx(table, notes_head(lang), lang), mimetype=XLSX)
    elif form == "csv":
        reply = Response(write_csv(table, lang), mimetype=CSV)
    else:
        raise NotFound("There is no such file.")
    safe = re.sub(r"\W+", "-", title).strip("-")[:80] or "airlock"
    reply.headers.set("Content-Disposition", "attachment", filename=f"{safe}-{now():%Y-%m-%d}.{form}")
    return reply
