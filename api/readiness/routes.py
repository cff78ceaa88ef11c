"""Routes of readiness: one's own, what changed, and admissions."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.catalogue.operations import current_catalogue
from api.core.errors import NotFound
from api.core.permissions import everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.schemas import LangQuery
from api.evidence.models import ModuleProgress
from api.evidence.validity import ZONE
from api.learning.routes import module_key
from api.readiness import admitting
from api.readiness.changes import changes_since
from api.readiness.schemas import (
    AdmissionIn,
    AdmissionOut,
    AdmissionsOut,
    AdmissionsQuery,
    ChangesOut,
    ModuleTitleOut,
    ReadinessOut,
    ReadinessQuery,
    verdict_out,
)
from api.readiness.standing import readiness_of

readiness = APIBlueprint("readiness", __name__, url_prefix="/api/v1", tag="Readiness")
leaders = roles(trainer="all", admin="all")


@readiness.get("/readiness")
@everyone_signed_in(rows="own")
@readiness.input(ReadinessQuery, location="query")
@gives(readiness, ReadinessOut)
def own(query_data: ReadinessQuery) -> ReadinessOut:
    """Whether one is ready for a module now, what is missing, and until when one's own completion of it counts."""
    act, lang = current_act(), query_data.lang
    modules = current_catalogue(act.session).modules
    module = modules.get(query_data.module)
    if module is None:
        raise NotFound("There is no such module.")
    verdict = readiness_of(act.session, [act.person.id], [module.id], act.at)[act.person.id]
    row = act.session.get(ModuleProgress, (act.person.id, module.id))
    until = row.valid_until if row is not None and row.completed_renewal is not None else None
    return ReadinessOut(
        **verdict_out(verdict, modules, lang).model_dump(),
        module=ModuleTitleOut(id=module.id, title=module.page(lang).title),
        valid_until=until,
        renew_from=until - timedelta(days=module.renew) if until is not None and module.renew else None,
    )


@readiness.get("/modules/<string:course>/<string:name>/changes")
@everyone_signed_in(rows="own")
@readiness.input(LangQuery, location="query")
@gives(readiness, ChangesOut)
def changes(course: str, name: str, query_data: LangQuery) -> ChangesOut:
    """What changed in a module since one completed it."""
    act = current_act()
    found = changes_since(act.session, act.person.id, module_key(course, name), query_data.lang)
    return ChangesOut.model_validate(found)


@readiness.get("/admissions")
@leaders
@readiness.input(AdmissionsQuery, location="query")
@gives(readiness, AdmissionsOut)
def admissions(query_data: AdmissionsQuery) -> AdmissionsOut:
    """Admissions of a person to a module, the newest first: that one counts."""
    found = admitting.admissions_of(current_act().session, query_data.person, query_data.module)
    return AdmissionsOut(admissions=[AdmissionOut.model_validate(one) for one in found])


@readiness.post("/admissions")
@leaders
@readiness.input(AdmissionIn)
@writes(readiness, AdmissionOut, 201)
def admit(json_data: AdmissionIn) -> AdmissionOut:
    """Let somebody enter until a moment though something is missing; a day that is over ends it."""
    midnight = datetime.combine(json_data.until + timedelta(days=1), time(), ZONE).astimezone(UTC)
    made = admitting.admit(current_act(), json_data.person, json_data.module, midnight, json_data.reason)
    return AdmissionOut.model_validate(made)
