"""Routes of companies: a coordinator's own workers, and mandates."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.accounts.models import Person
from api.accounts.operations import find_person
from api.catalogue.operations import current_catalogue
from api.classes import mandates as mandating
from api.classes.models import Mandate
from api.companies.operations import company_of
from api.companies.schemas import (
    CertificateOut,
    CompanyOut,
    MandateIn,
    MandateOut,
    MandatesOut,
    ModuleOut,
    PlaceOut,
    SkillOut,
    WorkerOut,
)
from api.core.errors import NotFound
from api.core.permissions import everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import current_settings
from api.core.schemas import LangQuery
from api.documents.setting import check_address

companies = APIBlueprint("companies", __name__, url_prefix="/api/v1", tag="Companies")


@companies.get("/company")
@everyone_signed_in(rows="company")
@companies.input(LangQuery, location="query")
@gives(companies, CompanyOut)
def company(query_data: LangQuery) -> CompanyOut:
    """The workers of the employers that one coordinates: skills, places, certificates; nothing else of them."""
    act, lang = current_act(), query_data.lang
    employers, workers = company_of(act.session, act.person.id, lang, act.at)
    modules = current_catalogue(act.session).modules
    settings = current_settings()
    used = {cell.module_id for worker in workers for cell in worker.skills}

    def title(name: str) -> str:
        return modules[name].page(lang).title if name in modules else name

    return CompanyOut(
        employers=employers,
        modules=[ModuleOut(id=name, title=title(name)) for name in modules if name in used],
        workers=[
            WorkerOut(
                id=one.id,
                name=one.name,
                employer=one.employer,
                skills=[SkillOut.model_validate(cell) for cell in one.skills],
                places=[
                    PlaceOut(
                        title=title(place.module_id),
                        begins=place.begins,
                        timezone=place.timezone,
                        waiting=place.waiting,
                    )
                    for place in one.places
                ],
                certificates=[
                    CertificateOut(
                        number=each.document.number,
                        title=each.document.content["title"],
                        about=each.document.content["about"],
                        issued_at=each.document.issued_at,
                        state=each.state,
                        address=check_address(each.document, settings.url),
                    )
                    for each in one.certificates
                ],
            )
            for one in workers
        ],
    )


@companies.get("/mandates")
@roles(admin="all")
@gives(companies, MandatesOut)
def mandates() -> MandatesOut:
    """Who coordinates which company."""
    session = current_act().session
    found = mandating.mandates_of(session)
    return MandatesOut(mandates=[_out(one, session.get_one(Person, one.person_id)) for one in found])


def _out(mandate: Mandate, person: Person) -> MandateOut:
    return MandateOut(id=mandate.id, name=person.name, email=person.email, employer=mandate.employer, at=mandate.at)


@companies.post("/mandates")
@roles(admin="all")
@companies.input(MandateIn)
@writes(companies, MandateOut, 201)
def give_mandate(json_data: MandateIn) -> MandateOut:
    """Let somebody with an account see the workers of an employer."""
    act = current_act()
    person = find_person(act.session, json_data.email)
    if person is None:
        raise NotFound("Nobody has an account with this address.")
    return _out(mandating.give_mandate(act, person, json_data.employer), person)


@companies.post("/mandates/<uuid:mandate_id>/end")
@roles(admin="all")
@writes(companies)
def end_mandate(mandate_id: uuid.UUID) -> None:
    """Take a mandate back."""
    mandating.end_mandate(current_act(), mandate_id)
