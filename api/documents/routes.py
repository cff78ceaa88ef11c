"""Routes of documents: issuing them, taking them back, the check page, badges."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import Response, jsonify
from sqlalchemy import select

from api.accounts.current import current_act
from api.accounts.models import Person, Somebody
from api.core.errors import NotFound
from api.core.permissions import anyone, everyone_signed_in, roles
from api.core.replies import PDF, gives, gives_file, writes
from api.core.requests import chosen_settings, current_session, current_settings, now
from api.core.schemas import LangQuery
from api.documents import operations
from api.documents.badges import BADGED, Issuer
from api.documents.facts import Subject
from api.documents.models import Document
from api.documents.possible import possible_documents
from api.documents.schemas import (
    BadgeOut,
    CheckOut,
    DocumentIn,
    DocumentOut,
    DocumentsOut,
    PossibleOut,
    RevokeIn,
    ShownIn,
)
from api.documents.setting import check_address, set_document

documents = APIBlueprint("documents", __name__, url_prefix="/api/v1", tag="Documents")
staff = roles(trainer="all", admin="all")


def _out(document: Document) -> DocumentOut:
    return DocumentOut(
        id=document.id,
        number=document.number,
        kind=document.kind,
        title=document.content["title"],
        about=document.content["about"],
        issued_at=document.issued_at,
        valid_until=document.valid_until,
        state=operations.state_of(current_session(), document, now()),
        shown=document.shown,
        address=check_address(document, current_settings().url),
        has_badge=document.kind in BADGED,
    )


@documents.get("/documents")
@everyone_signed_in(rows="own")
@documents.input(LangQuery, location="query")
@gives(documents, DocumentsOut)
def own(query_data: LangQuery) -> DocumentsOut:
    """One's own documents, and those that one can have issued."""
    return _documents(current_act().person, query_data.lang)


@documents.get("/people/<uuid:person_id>/documents")
@staff
@documents.input(LangQuery, location="query")
@gives(documents, DocumentsOut)
def of_person(person_id: uuid.UUID, query_data: LangQuery) -> DocumentsOut:
    """A learner's documents."""
    person = current_session().get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return _documents(person, query_data.lang)


def _documents(person: Somebody, lang: str) -> DocumentsOut:
    session, person_id = current_session(), person.id
    return DocumentsOut(
        name=person.name,
        documents=[_out(one) for one in operations.documents_of(session, person_id)],
        possible=[
            PossibleOut(
                kind=one.subject.kind,
                title=one.title,
                about=one.about,
                event=one.subject.event_id,
                module=one.subject.module_id,
                at=one.at,
            )
            for one in possible_documents(session, person_id, lang)
        ],
    )


@documents.post("/documents")
@roles(learner="own", teacher="own", trainer="all", admin="all")
@documents.input(DocumentIn)
@writes(documents, DocumentOut, 201)
def issue(json_data: DocumentIn) -> DocumentOut:
    """Issue a document; where one says the same and holds, it is that one."""
    act = current_act()
    person_id = json_data.person or act.person.id
    if act.scope != "all" and (person_id != act.person.id or json_data.kind == "sheet"):
        raise NotFound("There is no such person.")
    if act.session.get(Person, person_id) is None:
        raise NotFound("There is no such person.")
    period = f"{json_data.first}/{json_data.last}" if json_data.kind == "hours" else ""
    subject = Subject(
        json_data.kind,
        None if json_data.kind == "sheet" else person_id,
        json_data.event,
        json_data.half_day,
        json_data.module,
        period,
    )
    return _out(operations.issue(act, subject, json_data.lang))


@documents.get("/documents/<uuid:document_id>/document.pdf")
@roles(learner="own", teacher="own", trainer="all", admin="all")
@gives_file(documents, "The document", PDF)
def paper(document_id: uuid.UUID) -> Response:
    """A document to print or to keep, with what holds of it today."""
    document = _reached(document_id)
    settings = chosen_settings()
    state = operations.state_of(current_session(), document, now())
    reply = Response(set_document(document, state, site=settings.url, centre=settings.centre))
    reply.mimetype = "application/pdf"
    reply.headers.set("Content-Disposition", "inline", filename=f"{document.number}.pdf")
    return reply


def _reached(document_id: uuid.UUID) -> Document:
    act = current_act()
    whose = None if act.scope == "all" else act.person.id
    return operations.find_document(act.session, document_id, whose)


@documents.get("/documents/<uuid:document_id>/badge")
@roles(learner="own", teacher="own", trainer="all", admin="all")
@gives(documents, BadgeOut)
def badge(document_id: uuid.UUID) -> BadgeOut:
    """The badge of a certificate (Open Badges 3.0), for a wallet or a profile."""
    document = _reached(document_id)
    if document.kind not in BADGED:
        raise NotFound("Such a document has no badge.")
    person = current_session().get_one(Person, document.person_id)
    address = check_address(document, current_settings().url)
    return BadgeOut(format="jwt", credential=_issuer().badge(document, person.email, address))


@documents.post("/documents/<uuid:document_id>/revocation")
@roles(admin="all")
@documents.input(RevokeIn)
@writes(documents, DocumentOut)
def revoke(document_id: uuid.UUID, json_data: RevokeIn) -> DocumentOut:
    """Take a document back, with a reason."""
    act = current_act().because(json_data.why)
    document = operations.find_document(act.session, document_id)
    operations.revoke(act, document)
    return _out(document)


@documents.post("/documents/<uuid:document_id>/shown")
@everyone_signed_in(rows="own")
@documents.input(ShownIn)
@writes(documents, DocumentOut)
def show(document_id: uuid.UUID, json_data: ShownIn) -> DocumentOut:
    """Let those who have the code of one's own document see more, or less."""
    act = current_act()
    document = operations.find_document(act.session, document_id, act.person.id)
    operations.show(act, document, json_data.shown)
    return _out(document)


@documents.get("/checks/<string:code>")
@anyone()
@gives(documents, CheckOut)
def check(code: str) -> CheckOut:
    """What a document is and what holds of it, for anybody who has its code."""
    session = current_session()
    document = operations.find_by_code(session, code)
    content = document.content
    return CheckOut(
        number=document.number,
        kind=document.kind,
        title=content["title"],
        about=content["about"],
        lang=document.lang,
        issued_at=document.issued_at,
        issued_by=chosen_settings().centre,
        valid_until=document.valid_until,
        revoked_at=document.revoked_at,
        state=operations.state_of(session, document, now()),
        holder=content["holder"] if "name" in document.shown else None,
        minutes=content["minutes"] if "hours" in document.shown else None,
        digest=document.digest,
        lines=len(document.rests_on),
    )


def _issuer() -> Issuer:
    settings = chosen_settings()
    return Issuer.of(settings.url, settings.centre, settings.secret_key)


@documents.get("/badges/issuer")
@anyone()
@gives_file(documents, "The issuer's profile (Open Badges 3.0)", "application/json")
def issuer() -> Response:
    """Who issues badges."""
    return jsonify(_issuer().profile())


@documents.get("/badges/keys")
@anyone()
@gives_file(documents, "A set of public keys (RFC 7517)", "application/json")
def keys() -> Response:
    """The keys that badges are signed with."""
    return jsonify(_issuer().keys())


@documents.get("/badges/status")
@anyone()
@gives_file(documents, "A status list (W3C Bitstring Status List), as a token", "application/vc+jwt")
def status() -> Response:
    """Which badges were taken back."""
    places = current_session().scalars(select(Document.place).where(Document.revoked_at.is_not(None)))
    return Response(_issuer().status(places, now()), mimetype="application/vc+jwt")
