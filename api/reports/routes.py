"""Routes of a learner's home and of results."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask_login import current_user

from api.core.database import current_session
from api.core.permissions import everyone_signed_in, roles
from api.learning.routes import module_key
from api.reports import operations
from api.reports.schemas import (
    CourseLineOut,
    DueLineOut,
    HomeOut,
    LangQuery,
    ModuleLineOut,
    ModuleResultsOut,
    ModuleSummaryOut,
    ResultsOverviewOut,
)

reports = APIBlueprint("reports", __name__, url_prefix="/api/v1", tag="Reports")


@reports.get("/home")
@everyone_signed_in(rows="own")
@reports.input(LangQuery, location="query")
@reports.output(HomeOut)
def home(query_data: LangQuery) -> dict[str, Any]:
    """What is due, what is next and how far one is."""
    found = operations.learner_home(current_session(), current_user, query_data.lang)
    reply = HomeOut(
        name=current_user.name,
        next=ModuleLineOut.model_validate(found.next) if found.next else None,
        waiting=ModuleLineOut.model_validate(found.waiting) if found.waiting else None,
        due=[DueLineOut.model_validate(line) for line in found.due],
        courses=[CourseLineOut.model_validate(course) for course in found.courses],
    )
    return reply.model_dump(mode="json")


@reports.get("/results")
@roles(teacher="classes", trainer="all", admin="all")
@reports.input(LangQuery, location="query")
@reports.output(ResultsOverviewOut)
def overview(query_data: LangQuery) -> dict[str, Any]:
    """Every module with how many started and completed it."""
    found = operations.results_overview(current_session(), current_user, query_data.lang)
    modules = [ModuleSummaryOut.model_validate(line) for line in found]
    return ResultsOverviewOut(modules=modules).model_dump(mode="json")


@reports.get("/results/<string:course>/<string:name>")
@roles(teacher="classes", trainer="all", admin="all")
@reports.input(LangQuery, location="query")
@reports.output(ModuleResultsOut)
def module(course: str, name: str, query_data: LangQuery) -> dict[str, Any]:
    """Learners and questions of a module."""
    found = operations.module_results(current_session(), current_user, module_key(course, name), query_data.lang)
    return ModuleResultsOut.model_validate(found).model_dump(mode="json")
