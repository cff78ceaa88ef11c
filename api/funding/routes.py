"""Routes of hours of everybody: totals, the lines behind them, files, and what schemes pay for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from apiflask import APIBlueprint
from flask import Response

from api.accounts.current import current_act
from api.catalogue.operations import current_catalogue
from api.classes.access import learners_of_classes
from api.core.errors import NotFound
from api.core.limits import limiter
from api.core.pages import page_path
from api.core.permissions import anyone, everyone_signed_in, roles
from api.core.replies import CSV, PDF, XLSX, ZIP, gives, gives_file, writes
from api.core.requests import chosen_settings, current_session, current_settings, now
from api.core.schemas import LangQuery
from api.documents.setting import set_report
from api.evidence.validity import ZONE
from api.funding import inspecting, particulars
from api.funding.models import Inspection
from api.funding.pack import make_pack
from api.funding.particulars import Vault
from api.funding.schemas import (
    AskedLearnerOut,
    AskedOut,
    AskingSchemeOut,
    AskingSchemesOut,
    ClaimOut,
    ClaimsOut,
    InspectionIn,
    InspectionOut,
    InspectionsOut,
    LinesQuery,
    OpenedListOut,
    OpenedOut,
    ParticularIn,
    ParticularsOut,
    ParticularsViewIn,
    PeriodQuery,
    SchemeOut,
    SchemesOut,
    TotalLineOut,
    TotalLinesOut,
    TotalOut,
    TotalsOut,
    TotalsQuery,
    ViewIn,
    ViewOut,
)
from api.funding.schemes import Scheme, read_schemes
from api.funding.tables import lines_table, totals_content, totals_table
from api.funding.totals import By, Claim, claims_of, learners_of_scheme, lines_of, totals
from api.reports.routes import file_reply

funding = APIBlueprint("funding", __name__, url_prefix="/api/v1", tag="Hours")
centre = roles(page="hours", admin="all")
PAGE = 200
"""Lines of a page."""


@funding.get("/totals")
@centre
@funding.input(TotalsQuery, location="query")
@gives(funding, TotalsOut)
def read_totals(query_data: TotalsQuery) -> TotalsOut:
    """Training time of a period, by month, audience, scheme, employer, class, course, path, room or trainer."""
    asked = query_data
    return _totals(asked.first.isoformat(), asked.last.isoformat(), asked.by, asked.lang)


def _totals(first: str, last: str, by: By, lang: str) -> TotalsOut:
    report = totals(current_session(), first, last, by, lang, now())
    return TotalsOut(
        rows=[TotalOut.model_validate(row) for row in report.rows],
        whole=TotalOut.model_validate(report.whole),
        several=report.several,
    )


@funding.get("/totals/lines")
@centre
@funding.input(LinesQuery, location="query")
@gives(funding, TotalLinesOut)
def read_lines(query_data: LinesQuery) -> TotalLinesOut:
    """The lines behind a number."""
    asked = query_data
    return _lines(asked.first.isoformat(), asked.last.isoformat(), asked.by, asked.key, asked.page, asked.lang)


def _lines(first: str, last: str, by: By | None, key: str, page: int, lang: str) -> TotalLinesOut:
    session = current_session()
    lines = lines_of(session, first, last, by, key)
    modules = current_catalogue(session).modules
    return TotalLinesOut(
        lines=[
            TotalLineOut(
                id=line.id,
                person_id=line.person_id,
                name=line.name,
                kind=line.kind,
                module_id=line.module_id,
                title=modules[line.module_id].page(lang).title if line.module_id in modules else line.module_id,
                event=line.event,
                day=line.day,
                minutes=line.minutes,
                overlap=line.overlap,
                overlaps=line.overlaps,
                learner_signed=line.learner_signed,
                trainer_signed=line.trainer_signed,
                source=line.source,
            )
            for line in lines[(page - 1) * PAGE : page * PAGE]
        ],
        count=len(lines),
        pages=max(1, -(-len(lines) // PAGE)),
    )


@funding.get("/totals/exports/<string:file>")
@centre
@funding.input(TotalsQuery, location="query")
@gives_file(funding, "hours.xlsx, hours.csv, hours.pdf, lines.xlsx, lines.csv", XLSX, CSV, PDF)
def export_totals(file: str, query_data: TotalsQuery) -> Response:
    """A report, or every line of its period, to take along."""
    asked, session = query_data, current_session()
    first, last = asked.first.isoformat(), asked.last.isoformat()
    name, _, form = file.partition(".")
    if name == "lines":
        table = lines_table(session, lines_of(session, first, last), None, ZONE, asked.lang)
    elif name == "hours":
        report = totals(session, first, last, asked.by, asked.lang, now())
        if form == "pdf":
            content = set_report(
                totals_content(report, asked.by, first, last, asked.lang), asked.lang, chosen_settings().centre
            )
            reply = Response(content, mimetype=PDF)
            reply.headers.set("Content-Disposition", "inline", filename=f"hours-{first}-{last}.pdf")
            return reply
        table = totals_table(report, asked.by, first, last, asked.lang)
    else:
        raise NotFound("There is no such file.")
    return file_reply(table, form, asked.lang, f"{table.name} {first} {last}")


@funding.get("/totals/pack.zip")
@centre
@funding.input(PeriodQuery, location="query")
@gives_file(funding, "An evidence pack", ZIP)
def pack(query_data: PeriodQuery) -> Response:
    """Everything behind a period's hours in one file, with a page that checks it without a network."""
    first, last = query_data.first.isoformat(), query_data.last.isoformat()
    content = make_pack(current_session(), first, last, query_data.lang, chosen_settings().centre)
    reply = Response(content, mimetype=ZIP)
    reply.headers.set("Content-Disposition", "attachment", filename=f"evidence-{first}-{last}.zip")
    return reply


def _schemes() -> dict[str, Scheme]:
    return read_schemes(current_settings().schemes)


def _out(scheme: Scheme, lang: str) -> SchemeOut:
    return SchemeOut(
        code=scheme.code,
        title=scheme.name(lang),
        hours=list(scheme.hours),
        least_percent=scheme.least_percent,
        least_hours=scheme.least_hours,
        both_halves=scheme.both_halves,
        counts=scheme.counts,
        signed_by=list(scheme.signed_by),
        asks=list(scheme.asks),
        seen_by=list(scheme.seen_by),
        document=scheme.document,
        deadlines=[one.what.get(lang) or next(iter(one.what.values())) for one in scheme.deadlines],
        sources=[f"{one.rule}: {one.document}" for one in scheme.sources],
        unverified=list(scheme.unverified),
    )


@funding.get("/schemes")
@centre
@funding.input(LangQuery, location="query")
@gives(funding, SchemesOut)
def list_schemes(query_data: LangQuery) -> SchemesOut:
    """The funding schemes of the site."""
    return SchemesOut(schemes=[_out(one, query_data.lang) for one in _schemes().values()])


def _claims(code: str, asked: PeriodQuery) -> tuple[Scheme, Sequence[Claim]]:
    scheme = _schemes().get(code)
    if scheme is None:
        raise NotFound("There is no such scheme.")
    return scheme, claims_of(current_session(), scheme, asked.first.isoformat(), asked.last.isoformat())


@funding.get("/schemes/<string:name>/claims")
@centre
@funding.input(PeriodQuery, location="query")
@gives(funding, ClaimsOut)
def claims(name: str, query_data: PeriodQuery) -> ClaimsOut:
    """What a scheme pays for in a period, by learner, and why it does not pay for the rest."""
    scheme, found = _claims(name, query_data)
    people: dict[uuid.UUID, ClaimOut] = {}
    for one in found:
        line = one.line
        mine = people.setdefault(
            line.person_id,
            ClaimOut(person_id=line.person_id, name=line.name, minutes=0, unpaid={}, reached=False, missing=[]),
        )
        mine.minutes += one.counted.minutes
        if one.counted.why != "counts":
            mine.unpaid[one.counted.why] = mine.unpaid.get(one.counted.why, 0) + line.minutes
    given = particulars.given(current_session(), people) if scheme.particulars else {}
    for person_id, mine in people.items():
        mine.reached = mine.minutes >= scheme.least_hours * 60
        mine.missing = [field for field in scheme.particulars if field not in given.get(person_id, {})]
    return ClaimsOut(
        scheme=_out(scheme, query_data.lang),
        people=list(people.values()),
        minutes=sum(mine.minutes for mine in people.values()),
    )


@funding.get("/schemes/<string:name>/exports/<string:file>")
@centre
@funding.input(PeriodQuery, location="query")
@gives_file(funding, "claims.xlsx or claims.csv", XLSX, CSV)
def export_claims(name: str, file: str, query_data: PeriodQuery) -> Response:
    """Every line of a scheme's learners in a period, with what it pays for and why."""
    scheme, found = _claims(name, query_data)
    stem, _, form = file.partition(".")
    if stem != "claims":
        raise NotFound("There is no such file.")
    paid = {one.line.id: one.counted for one in found}
    table = lines_table(current_session(), [one.line for one in found], paid, ZONE, query_data.lang)
    return file_reply(table, form, query_data.lang, f"{scheme.name(query_data.lang)} {query_data.first}")


def _vault() -> Vault:
    return Vault(current_settings().secret_key)


@funding.get("/particulars")
@everyone_signed_in(rows="own")
@funding.input(LangQuery, location="query")
@gives(funding, ParticularsOut)
def own_particulars(query_data: LangQuery) -> ParticularsOut:
    """What the schemes that pay for oneself ask, what one gave, and who sees it."""
    act = current_act()
    scheme = particulars.scheme_of(act.session, act.person.id, _schemes())
    given = particulars.given(act.session, [act.person.id]).get(act.person.id, {})
    needed = scheme.particulars if scheme else ()
    asked = [
        AskedOut(
            field=field,
            scheme=scheme.name(query_data.lang) if scheme and field in needed else "",
            seen_by=list(scheme.seen_by) if scheme and field in needed else [],
            given=field in given,
            value=_vault().open(given[field]) if field in given else None,
        )
        for field in dict.fromkeys([*needed, *given])
    ]
    return ParticularsOut(asked=asked)


@funding.post("/particulars/<string:field>")
@everyone_signed_in(rows="own")
@funding.input(ParticularIn)
@writes(funding)
def give_particular(field: str, json_data: ParticularIn) -> None:
    """Give what a scheme that pays for oneself asks; it is kept sealed."""
    particulars.give(current_act(), _vault(), _schemes(), particulars.named(field), json_data.value)


@funding.post("/particulars/<string:field>/erasure")
@everyone_signed_in(rows="own")
@writes(funding)
def erase_particular(field: str) -> None:
    """Have what one gave forgotten."""
    particulars.erase(current_act(), particulars.named(field))


named_roles = roles(teacher="classes", trainer="all", admin="all")


@funding.get("/classes/<uuid:class_id>/particulars")
@named_roles
@funding.input(LangQuery, location="query")
@gives(funding, AskingSchemesOut)
def asked_of_class(class_id: uuid.UUID, query_data: LangQuery) -> AskingSchemesOut:
    """What schemes ask of the learners of a class, for the roles that they name: who has not given it, and no value."""
    found = particulars.asked_in_class(current_act(), _schemes(), class_id)
    return AskingSchemesOut(
        schemes=[
            AskingSchemeOut(
                code=one.scheme.code,
                title=one.scheme.name(query_data.lang),
                asks=list(one.scheme.particulars),
                learners=[
                    AskedLearnerOut(person_id=person_id, name=name, missing=list(missing))
                    for person_id, (name, missing) in one.learners.items()
                ],
            )
            for one in found
        ]
    )


@funding.post("/schemes/<string:name>/particulars/views")
@named_roles
@funding.input(ParticularsViewIn)
@writes(funding, OpenedListOut)
def view_particulars(name: str, json_data: ParticularsViewIn) -> OpenedListOut:
    """What a scheme asks of its learners, for the roles that it names; whose was seen stands in the audit trail."""
    act, scheme = current_act(), _schemes().get(name)
    if scheme is None:
        raise NotFound("There is no such scheme.")
    people, reached = learners_of_scheme(act.session, scheme.code), learners_of_classes(act)
    wanted = [one for one in people if reached is None or one in reached]
    if json_data.class_id is not None:
        asked = particulars.asked_in_class(act, {scheme.code: scheme}, json_data.class_id)
        wanted = [person_id for one in asked for person_id in one.learners]
    found = particulars.view(act, _vault(), scheme, wanted)
    return OpenedListOut(
        people=[
            OpenedOut(person_id=person_id, values={str(field): value for field, value in values.items()})
            for person_id, values in found.items()
        ]
    )


def _inspection(one: Inspection, address: str = "") -> InspectionOut:
    return InspectionOut(
        id=one.id,
        label=one.label,
        first=one.first,
        last=one.last,
        at=one.at,
        expires_at=one.expires_at,
        ended_at=one.ended_at,
        address=address,
    )


@funding.get("/inspections")
@centre
@gives(funding, InspectionsOut)
def list_inspections() -> InspectionsOut:
    """Links for inspectors, the newest first."""
    return InspectionsOut(inspections=[_inspection(one) for one in inspecting.inspections(current_session())])


@funding.post("/inspections")
@centre
@funding.input(InspectionIn)
@writes(funding, InspectionOut, 201)
def make_inspection(json_data: InspectionIn) -> InspectionOut:
    """Make a link with which somebody from outside reads the hours of a period, for some days."""
    act, asked = current_act(), json_data
    made, token = inspecting.make_inspection(act, asked.label, asked.first, asked.last, asked.days)
    return _inspection(made, f"{current_settings().url}{page_path(act.person.lang, 'inspect')}#{token}")


@funding.post("/inspections/<uuid:inspection_id>/end")
@centre
@writes(funding)
def end_inspection(inspection_id: uuid.UUID) -> None:
    """Close a link before its time."""
    inspecting.end_inspection(current_act(), inspection_id)


@funding.post("/inspections/views")
@anyone()
@limiter.limit("60 per minute")
@funding.input(ViewIn)
@gives(funding, ViewOut)
def view_inspection(json_data: ViewIn) -> ViewOut:
    """What an inspector sees with a link; that they saw it stands in the audit trail."""
    asked, session = json_data, current_session()
    what = f"totals by {asked.by}" if asked.key is None else f"lines of {asked.by} {asked.key}, page {asked.page}"
    link = inspecting.view(session, asked.token, what, now())
    session.commit()
    lines = None if asked.key is None else _lines(link.first, link.last, asked.by, asked.key, asked.page, asked.lang)
    return ViewOut(
        label=link.label,
        centre=chosen_settings().centre,
        first=link.first,
        last=link.last,
        expires_at=link.expires_at,
        totals=_totals(link.first, link.last, asked.by, asked.lang),
        lines=lines,
    )
