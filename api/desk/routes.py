"""The desk's route."""

from __future__ import annotations

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.core.permissions import roles
from api.core.replies import gives
from api.core.schemas import LangQuery
from api.desk.operations import Desk, desk_of
from api.desk.schemas import DeskOut

desk = APIBlueprint("desk", __name__, url_prefix="/api/v1", tag="Desk")


@desk.get("/desk")
@roles(teacher="classes", trainer="all", admin="all")
@desk.input(LangQuery, location="query")
@gives(desk, DeskOut)
def show_desk(query_data: LangQuery) -> Desk:
    """Who is late in the classes that one teaches, questions to answer, half-days to sign."""
    return desk_of(current_act(), query_data.lang)
