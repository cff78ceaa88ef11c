"""Routes of administrators, and of what everybody may know about themselves."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parseaddr
from typing import Any

from apiflask import APIBlueprint
from flask import Response, json
from flask_login import current_user

from api.accounts import operations as accounts
from api.accounts.act import Act
from api.accounts.addresses import confirm_address
from api.accounts.current import current_act
from api.accounts.passwords import check_confirmation
from api.accounts.sign_ins import end_sign_ins
from api.administration import choosing, erasing, importing, merging, people, trail, upkeep
from api.administration.my_data import my_data
from api.administration.printed import trail_pdf
from api.administration.retaining import RULES
from api.administration.schemas import (
    AddressConfirmed,
    AddressIn,
    ClassOfOut,
    ConfirmedIn,
    ContentOut,
    ErasureOut,
    HealthOut,
    HeldTableOut,
    KeptOut,
    LettersOut,
    MergeIn,
    MergeOut,
    MergeQuery,
    MovingOut,
    MyDataOut,
    NewPersonIn,
    OwnAddressIn,
    PeopleListIn,
    PeopleListOut,
    PeopleOut,
    PeopleQuery,
    PersonIn,
    PersonLineOut,
    PersonPageOut,
    PublicationOut,
    PublicationsOut,
    RetentionOut,
    RoleIn,
    SettingsIn,
    SettingsOut,
    SettleIn,
    StateIn,
    StoryOut,
    TokenIn,
    TrailExportIn,
    TrailLineOut,
    TrailOut,
    TrailQuery,
    WhyIn,
)
from api.classes.operations import known_zones
from api.core.choices import NAMES
from api.core.limits import limiter, person_key
from api.core.permissions import anyone, everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import chosen_settings, current_session, current_settings, now
from api.core.schemas import DoneOut, LangQuery
from api.factors.operations import remove_all_factors
from api.messages.operations import add_message
from api.messages.ways_in import AccountInvitation, AddressTold, ask_at_address, send_way_in
from api.reports.sheets import defuse

administration = APIBlueprint("administration", __name__, url_prefix="/api/v1", tag="Administration")
admins = roles(admin="all")


def _confirmed(confirmation: str, why: str = "") -> Act:
    """The act of an administrator who gave their password just before."""
    act = current_act(why)
    check_confirmation(current_settings().secret_key, act.person.id, confirmation)
    return act


@administration.get("/people")
@roles(page="people", admin="all")
@administration.input(PeopleQuery, location="query")
@gives(administration, PeopleOut)
def list_people(query_data: PeopleQuery) -> PeopleOut:
    """People by family name, a page at a time."""
    found = people.list_people(
        current_session(),
        search=query_data.search,
        role=query_data.role,
        state=query_data.state,
        audience=query_data.audience,
        page=query_data.page,
    )
    lines = [PersonLineOut.model_validate(line) for line in found.people]
    return PeopleOut(people=lines, total=found.total, pages=max(1, -(-found.total // people.PAGE)))


@administration.post("/people")
@admins
@administration.input(NewPersonIn)
@writes(administration, DoneOut, 201)
def add_person(json_data: NewPersonIn) -> None:
    """Make an account; its owner gets a letter, and chooses a password."""
    act = current_act()
    person = accounts.add_person(
        act,
        email=json_data.email,
        given=json_data.given,
        family=json_data.family,
        role=json_data.role,
        lang=json_data.lang,
    )
    add_message(act.session, person, AccountInvitation(), at=act.at, by=act.person)


@administration.post("/people/list")
@admins
@administration.input(PeopleListIn)
@writes(administration, PeopleListOut)
def import_people(json_data: PeopleListIn) -> importing.PeopleList:
    """Read a list of people; with `write` they get accounts and letters, all of them or none."""
    act = current_act()
    if json_data.write:
        return importing.import_people(act, json_data.text, json_data.lang)
    return importing.preview_people(act.session, json_data.text)


@administration.get("/people/<uuid:person_id>")
@admins
@gives(administration, PersonPageOut)
def show_person(person_id: uuid.UUID) -> PersonPageOut:
    """Somebody, with classes and devices."""
    found = people.person_page(current_session(), person_id, now())
    return PersonPageOut(
        person=PersonLineOut.model_validate(found.line),
        classes=[ClassOfOut.model_validate(one) for one in found.classes],
        devices=found.devices,
        address_waiting=found.address_waiting,
        merged_into=found.merged_into,
        factors=found.factors,
    )


@administration.post("/people/<uuid:person_id>")
@admins
@administration.input(PersonIn)
@writes(administration)
def change_person(person_id: uuid.UUID, json_data: PersonIn) -> None:
    """Change name, language, audience, employer and extra time."""
    people.change_person(
        current_act(json_data.why),
        person_id,
        given=json_data.given,
        family=json_data.family,
        lang=json_data.lang,
        audience=json_data.audience,
        employer=json_data.employer,
        time_factor=json_data.time_factor,
    )


@administration.post("/people/<uuid:person_id>/address")
@admins
@administration.input(AddressIn)
@writes(administration)
def change_address(person_id: uuid.UUID, json_data: AddressIn) -> None:
    """Ask at a new address whether it is theirs; it counts once they say yes."""
    act = current_act()
    ask_at_address(act, people.find_person_by_id(act.session, person_id), json_data.email)


@administration.post("/people/<uuid:person_id>/role")
@admins
@administration.input(RoleIn)
@writes(administration)
def change_role(person_id: uuid.UUID, json_data: RoleIn) -> None:
    """Give somebody another role."""
    people.change_role_of(_confirmed(json_data.confirmation, json_data.why), person_id, json_data.role)


@administration.post("/people/<uuid:person_id>/state")
@admins
@administration.input(StateIn)
@writes(administration)
def change_state(person_id: uuid.UUID, json_data: StateIn) -> None:
    """Suspend an account, which ends every way in at once, or open it again."""
    people.suspend(current_act(json_data.why), person_id, json_data.active)


@administration.post("/people/<uuid:person_id>/sign-out")
@admins
@administration.input(WhyIn)
@writes(administration)
def sign_out(person_id: uuid.UUID, json_data: WhyIn) -> None:
    """Sign somebody out on every device."""
    act = current_act(json_data.why)
    end_sign_ins(act, people.find_person_by_id(act.session, person_id).id)


@administration.post("/people/<uuid:person_id>/factors/removal")
@admins
@administration.input(ConfirmedIn)
@writes(administration)
def remove_factors(person_id: uuid.UUID, json_data: ConfirmedIn) -> None:
    """Take the second factors of somebody out of use who lost them, and sign them out."""
    act = _confirmed(json_data.confirmation, json_data.why)
    person = people.find_person_by_id(act.session, person_id)
    remove_all_factors(act, person.id)
    end_sign_ins(act, person.id)


@administration.post("/people/<uuid:person_id>/link")
@admins
@administration.input(WhyIn)
@writes(administration)
def send_link(person_id: uuid.UUID, json_data: WhyIn) -> None:
    """Send somebody a way in: an invitation, or a link to sign in where they have a password."""
    act = current_act(json_data.why)
    person = people.find_person_by_id(act.session, person_id)
    send_way_in(act, person)


@administration.get("/people/<uuid:person_id>/merge")
@admins
@administration.input(MergeQuery, location="query")
@gives(administration, MergeOut)
def preview_merge(person_id: uuid.UUID, query_data: MergeQuery) -> MergeOut:
    """What would move if an account became a part of another one."""
    return _merge_out(merging.preview_merge(current_session(), person_id, query_data.into))


@administration.post("/people/<uuid:person_id>/merge")
@admins
@administration.input(MergeIn)
@writes(administration, MergeOut)
def merge(person_id: uuid.UUID, json_data: MergeIn) -> MergeOut:
    """Give everything of an account to another one, and close it."""
    act = _confirmed(json_data.confirmation, json_data.why)
    return _merge_out(merging.merge_people(act, person_id, json_data.into))


def _merge_out(found: merging.MergePreview) -> MergeOut:
    return MergeOut(
        gone=PersonLineOut.model_validate(people.line_of(found.gone, None)),
        kept=PersonLineOut.model_validate(people.line_of(found.kept, None)),
        lines=[MovingOut.model_validate(line) for line in found.lines],
    )


@administration.get("/people/<uuid:person_id>/erasure")
@admins
@gives(administration, ErasureOut)
def preview_erasure(person_id: uuid.UUID) -> ErasureOut:
    """What erasing somebody would delete, empty and keep."""
    lines = erasing.preview_erasure(current_session(), person_id)
    return ErasureOut(lines=[KeptOut.model_validate(line) for line in lines])


@administration.post("/people/<uuid:person_id>/erasure")
@admins
@administration.input(ConfirmedIn)
@writes(administration)
def erase(person_id: uuid.UUID, json_data: ConfirmedIn) -> None:
    """Erase somebody for good; what law makes one keep stays without their name."""
    erasing.erase_person(_confirmed(json_data.confirmation, json_data.why), person_id)


@administration.post("/people/<uuid:person_id>/data")
@admins
@administration.input(ConfirmedIn)
@gives(administration, MyDataOut)
def data_of(person_id: uuid.UUID, json_data: ConfirmedIn) -> MyDataOut:
    """Everything that is held of somebody, for whoever asks the centre on paper; that it was taken is recorded."""
    act = _confirmed(json_data.confirmation, json_data.why)
    found = _data_out(person_id)
    act.record("person.data", f"person:{person_id}")
    act.session.commit()
    return found


def _data_out(person_id: uuid.UUID) -> MyDataOut:
    found = my_data(current_session(), person_id)
    return MyDataOut(account=found.account, tables=[HeldTableOut.model_validate(one) for one in found.tables])


@administration.get("/my-data")
@everyone_signed_in(rows="own")
@limiter.limit("30 per hour", key_func=person_key)
@gives(administration, MyDataOut)
def own_data() -> MyDataOut:
    """Everything that is held of oneself."""
    return _data_out(current_user.id)


@administration.post("/account/address")
@everyone_signed_in(rows="own")
@limiter.limit("10 per hour", key_func=person_key)
@administration.input(OwnAddressIn)
@writes(administration)
def change_own_address(json_data: OwnAddressIn) -> None:
    """Ask for another address for oneself; it counts once whoever reads it there says yes."""
    act = _confirmed(json_data.confirmation)
    ask_at_address(act, people.find_person_by_id(act.session, act.person.id), json_data.email)


@administration.post("/account/address/confirmed")
@anyone()
@limiter.limit("60 per minute")
@administration.input(TokenIn)
@gives(administration, AddressConfirmed)
def confirm_own_address(json_data: TokenIn) -> AddressConfirmed:
    """Say that an address is one's own, by the link that was sent there: the account has it from now on."""
    session = current_session()
    person, old = confirm_address(session, json_data.token, now())
    add_message(session, person, AddressTold(old), at=now())
    session.commit()
    return AddressConfirmed(email=person.email)


@administration.get("/audit")
@roles(page="audit", admin="all")
@administration.input(TrailQuery, location="query")
@gives(administration, TrailOut)
def list_trail(query_data: TrailQuery) -> TrailOut:
    """The audit trail, the newest first."""
    wanted = _filter(query_data.action, query_data.person, query_data.first, query_data.last, query_data.before)
    found = trail.list_trail(current_session(), wanted, trail.PAGE + 1)
    lines = [TrailLineOut.model_validate(line) for line in found[: trail.PAGE]]
    return TrailOut(entries=lines, more=len(found) > trail.PAGE)


def _filter(
    action: str, person: uuid.UUID | None, first: date | None, last: date | None, before: int | None = None
) -> trail.TrailFilter:
    def midnight(day: date | None, more: int = 0) -> datetime | None:
        return datetime.combine(day + timedelta(days=more), time(), UTC) if day and day < date.max else None

    return trail.TrailFilter(action, person, midnight(first), midnight(last, 1), before)


@administration.post("/audit/export")
@admins
@administration.input(TrailExportIn)
@gives(administration, DoneOut)
def export_trail(json_data: TrailExportIn) -> Response:
    """The trail as a file; that it was taken stands in it."""
    act = _confirmed(json_data.confirmation)
    wanted = _filter(json_data.action, json_data.person, json_data.first, json_data.last)
    lines = [TrailLineOut.model_validate(one) for one in trail.list_trail(act.session, wanted, trail.MOST)]
    act.record("audit.export", "audit", new={"entries": len(lines), "form": json_data.form})
    act.session.commit()
    kind, content = _as_file(json_data.form, lines, json_data.lang)
    headers = {"Content-Disposition": f'attachment; filename="audit-{act.at:%Y-%m-%d}.{json_data.form}"'}
    return Response(content, mimetype=kind, headers=headers)


def _as_file(form: str, lines: list[TrailLineOut], lang: str) -> tuple[str, bytes]:
    rows = [line.model_dump(mode="json") for line in lines]
    if form == "json":
        return "application/json", json.dumps(rows, indent=1).encode()
    if form == "pdf":
        return "application/pdf", trail_pdf(rows, chosen_settings().centre, lang)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    names = list(TrailLineOut.model_fields)
    writer.writerow(names)
    writer.writerows([_cell(row[name]) for name in names] for row in rows)
    return "text/csv", file.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    """A value in a spreadsheet."""
    shown = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return defuse(shown)


@administration.get("/audit/attempts/<uuid:attempt_id>")
@admins
@gives(administration, StoryOut)
def story(attempt_id: uuid.UUID) -> trail.Story:
    """What became of one result, from the first question to the documents that rest on it."""
    return trail.story_of(current_session(), attempt_id)


@administration.get("/letters")
@roles(page="upkeep", admin="all")
@gives(administration, LettersOut)
def letters() -> upkeep.Letters:
    """Letters that wait, were refused, or may have been sent when something broke."""
    return upkeep.list_letters(current_session(), now())


@administration.post("/letters/<uuid:message_id>")
@admins
@administration.input(SettleIn)
@writes(administration)
def settle_letter(message_id: uuid.UUID, json_data: SettleIn) -> None:
    """Send a refused letter again, or count it as sent."""
    upkeep.settle_letter(current_act(), message_id, send_again=json_data.send_again)


@administration.get("/publications")
@admins
@gives(administration, PublicationsOut)
def publications() -> PublicationsOut:
    """What was published, by whom, and what it changed."""
    found = upkeep.list_publications(current_session(), current_settings().site)
    return PublicationsOut(publications=[PublicationOut.model_validate(one) for one in found])


@administration.get("/content")
@admins
@administration.input(LangQuery, location="query")
@gives(administration, ContentOut)
def show_content(query_data: LangQuery) -> upkeep.Content:
    """Courses that are published, and drafts."""
    return upkeep.list_content(current_session(), current_settings().site, query_data.lang)


@administration.post("/publications/<int:publication_id>/return")
@admins
@administration.input(ConfirmedIn)
@writes(administration)
def return_to_publication(publication_id: int, json_data: ConfirmedIn) -> None:
    """Show what was published once, again."""
    upkeep.return_to(_confirmed(json_data.confirmation, json_data.why), publication_id, current_settings().site)


@administration.get("/settings")
@roles(page="settings", admin="all")
@gives(administration, SettingsOut)
def show_settings() -> SettingsOut:
    """What the centre chose, and what holds where it chose nothing."""
    settings, found = current_settings(), choosing.show_choices(current_act())
    chosen = found.choices
    own = {field: getattr(chosen, field) for field in NAMES if field != "retention"}
    kept = [
        RetentionOut(rule=rule.name, days=chosen.retention.get(rule.name, rule.days), default=rule.days)
        for rule in RULES
    ]
    return SettingsOut(
        **own,
        retention=kept,
        fixed_second_factor=sorted(settings.second_factor),
        without={"centre": settings.centre, "sender": parseaddr(settings.mail_from)[0]},
        zones=sorted(known_zones()),
        changed_at=found.changed_at,
    )


@administration.post("/settings")
@admins
@administration.input(SettingsIn)
@writes(administration)
def change_settings(json_data: SettingsIn) -> None:
    """Change what the centre chose."""
    wanted = json_data.model_dump(exclude_none=True, exclude={"why", "confirmation"})
    choosing.choose(_confirmed(json_data.confirmation, json_data.why), wanted)


@administration.get("/health")
@admins
@gives(administration, HealthOut)
def health() -> upkeep.Health:
    """What runs, and when the jobs ran last."""
    return upkeep.health(current_session(), now())
