"""Routes of the day itself: who came, what was signed, and the files that go with it."""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import Response
from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.current import current_act
from api.accounts.passwords import check_confirmation
from api.catalogue.operations import current_catalogue, module_of_version
from api.core.errors import Invalid, NotFound
from api.core.permissions import everyone_signed_in, roles
from api.core.replies import CSV, PDF, gives, gives_file, writes
from api.core.requests import current_settings
from api.core.schemas import DoneOut
from api.events import attending, door, filing, importing, paper, photos, signing
from api.events.attending import Seen
from api.events.door import Said
from api.events.errors import NotBooked, PlanInvalid
from api.events.facts import attendance_of, counter_signed
from api.events.models import Beat, Booking, Event, Photo, SignOff
from api.events.needs import missing_of
from api.events.passes import LIFE, Pass, PassKey, qr_rows, windows
from api.events.planning import find_event, find_half_day, half_days
from api.events.routes.lines import clock_text, read_clock
from api.events.schemas import (
    AttendanceIn,
    AttendeeOut,
    BeatOut,
    CounterSignIn,
    DoorIn,
    DoorLineOut,
    DoorOut,
    EventsQuery,
    FileImport,
    FileIn,
    ImportedOut,
    ListSignIn,
    MineOut,
    MySignOffOut,
    PassesOut,
    PassOut,
    PhotoIn,
    PhotoOut,
    PresenceSignIn,
    ReadingOut,
    SheetIn,
    SignOffIn,
    UnusedOut,
)
from api.events.signing import Observed

day = APIBlueprint("day", __name__, url_prefix="/api/v1", tag="Webinars and practicals")
leaders = roles(trainer="all", admin="all")
BEAT = timedelta(seconds=60)
"""How often a page that is open says so; a pause of twice that is a pause."""


@day.post("/events/<uuid:event_id>/attendance")
@leaders
@day.input(AttendanceIn)
@writes(day)
def attend(event_id: uuid.UUID, json_data: AttendanceIn) -> None:
    """Record who was there, by hand."""
    act = current_act()
    event = find_event(act, event_id)
    _ask_why(act, event, json_data)
    seen = [Seen(one.person, one.number, one.state, why=json_data.why) for one in json_data.seen]
    attending.record_attendance(act, event, seen)


def _ask_why(act: Act, event: Event, sent: AttendanceIn) -> None:
    """A reason is asked for where a hand replaces a file or what was recorded, and for whoever is not ready."""
    if sent.why.strip():
        return
    known = attendance_of(act.session, event)
    changed = any(
        (line := known.get((one.person, one.number))) is not None and line.state != one.state for one in sent.seen
    )
    modules = current_catalogue(act.session).modules
    remote = any(name in modules and modules[name].rules.has_presence for name in event.module_ids)
    missing = missing_of(act.session, event, [one.person for one in sent.seen if one.state == "present"], act.at)
    if changed or remote or any(missing.values()):
        raise PlanInvalid("Say why: somebody is not ready, or it replaces what was recorded.", field="why")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Invalid("A file comes in base64.", field="file") from None


@day.post("/events/<uuid:event_id>/attendance-file/preview")
@leaders
@day.input(FileIn)
@gives(day, ReadingOut)
def preview_file(event_id: uuid.UUID, json_data: FileIn) -> ReadingOut:
    """What an attendance file says; nothing is written."""
    act = current_act()
    event = find_event(act, event_id)
    found = importing.read_file(act.session, event, _decoded(json_data.file), json_data.order)
    return ReadingOut(
        tool=found.tool,
        sha256=found.sha256,
        order=found.order,
        summed=found.summed,
        attendees=[
            AttendeeOut(
                key=importing.key_of(one),
                names=list(one.names),
                email=one.email,
                seconds=list(one.seconds),
                told=one.told,
                differs=one.differs,
                open_end=one.open_end,
                match=one.match,
                by=one.by,
                candidates=list(one.candidates),
            )
            for one in found.attendees
        ],
        unused=[UnusedOut.model_validate(row) for row in found.unused],
    )


@day.post("/events/<uuid:event_id>/attendance-file")
@leaders
@day.input(FileImport)
@writes(day, ImportedOut)
def import_file(event_id: uuid.UUID, json_data: FileImport) -> ImportedOut:
    """Record what an attendance file says of those whom it names for sure, or whom a person named; the file is kept."""
    act = current_act()
    event = find_event(act, event_id)
    data = _decoded(json_data.file)
    added = importing.take_over(act, event, data, json_data.order, json_data.matches, json_data.name)
    return ImportedOut(added=added)


@day.post("/events/<uuid:event_id>/sheets")
@leaders
@day.input(SheetIn)
@writes(day, DoneOut, 201)
def add_sheet(event_id: uuid.UUID, json_data: SheetIn) -> None:
    """Keep a sheet that was signed on paper."""
    act = current_act()
    filing.add_sheet(act, find_event(act, event_id), json_data.name, _decoded(json_data.file))


@day.get("/events/<uuid:event_id>/files/<uuid:file_id>")
@leaders
@gives_file(day, "The file", CSV, PDF, "image/png", "image/jpeg")
def file(event_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """A file of an event, as it was given."""
    act = current_act()
    found = filing.find_file(act.session, find_event(act, event_id), file_id)
    reply = Response(found.content, mimetype=found.media_type)
    reply.headers.set("Content-Disposition", "attachment", filename=found.name)
    return reply


@day.post("/events/<uuid:event_id>/photos")
@leaders
@day.input(PhotoIn)
@writes(day, PhotoOut, 201)
def add_photo(event_id: uuid.UUID, json_data: PhotoIn) -> Photo:
    """Keep a photograph of what somebody did, where the centre allows it."""
    act = current_act()
    content = _decoded(json_data.file)
    return photos.add_photo(act, find_event(act, event_id), json_data.module, json_data.person, json_data.line, content)


@day.get("/events/<uuid:event_id>/photos/<uuid:photo_id>")
@roles(learner="own", trainer="all", admin="all")
@gives_file(day, "The photograph", "image/jpeg")
def photo(event_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    """A photograph, for those who lead and for whom it shows."""
    act = current_act()
    found = photos.find_photo(act.session, find_event(act, event_id), photo_id)
    if act.scope == "own" and found.person_id != act.person.id:
        raise NotFound("There is no such photograph.")
    return Response(found.content, mimetype="image/jpeg")


@day.post("/events/<uuid:event_id>/photos/<uuid:photo_id>/removal")
@leaders
@writes(day)
def remove_photo(event_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    """Take a photograph away."""
    act = current_act()
    photos.remove_photo(act, find_event(act, event_id), photo_id)


@day.get("/events/<uuid:event_id>/half-days/<int:number>/sheet.pdf")
@leaders
@day.input(EventsQuery, location="query")
@gives_file(day, "A sheet to sign", PDF)
def sheet(event_id: uuid.UUID, number: int, query_data: EventsQuery) -> Response:
    """The sheet of a half-day, to print: names, boxes for signatures, and a code that leads back here."""
    act = current_act()
    event = find_event(act, event_id)
    content = paper.make_sheet(
        act.session, event, find_half_day(act.session, event, number), query_data.lang, current_settings().url
    )
    reply = Response(content, mimetype=PDF)
    reply.headers.set("Content-Disposition", "inline", filename=f"airlock-{event.begins:%Y-%m-%d}-{number}.pdf")
    return reply


@day.get("/events/<uuid:event_id>/passes")
@everyone_signed_in(rows="own")
@gives(day, PassesOut)
def passes(event_id: uuid.UUID) -> PassesOut:
    """One's own door passes for what is left of the day, to be shown without a connection too."""
    act = current_act()
    event = find_event(act, event_id)
    booking = act.session.get(Booking, (event.id, act.person.id))
    if booking is None or booking.state != "booked" or event.cancelled_at is not None:
        raise NotBooked("There is no place of yours.")
    key, made = PassKey.of(current_settings().secret_key), []
    for half in half_days(act.session, event):
        opens = half.begins - attending.EARLY
        if half.ends > act.at and opens - timedelta(hours=24) <= act.at:
            for begins in windows(max(opens, act.at - LIFE), half.ends):
                token = key.sign(Pass(event.id, half.number, act.person.id, begins))
                made.append(PassOut(number=half.number, begins=begins, ends=begins + LIFE, rows=qr_rows(token)))
    return PassesOut(name=act.person.name, now=act.at, passes=made)


@day.post("/events/<uuid:event_id>/door")
@leaders
@day.input(DoorIn)
@writes(day, DoorOut)
def write_book(event_id: uuid.UUID, json_data: DoorIn) -> DoorOut:
    """Take what a tablet says into the door's book; each line has an id of the tablet's own, and is taken once."""
    act = current_act()
    said = [
        Said(
            id=one.id,
            number=one.number,
            what=one.what,
            claimed_at=one.claimed_at.astimezone(UTC),
            device=json_data.device,
            token=one.token,
            person_id=one.person,
            why=one.why,
        )
        for one in json_data.lines
    ]
    found = door.write_book(act, find_event(act, event_id), PassKey.of(current_settings().secret_key), said)
    return DoorOut(lines=[DoorLineOut.model_validate(entry) for entry in found])


def _check_confirmed(act: Act, confirmation: str) -> None:
    """Make sure that somebody gave their password just before; asked once they are known to reach what they sign."""
    check_confirmation(current_settings().secret_key, act.person.id, confirmation)


@day.post("/events/<uuid:event_id>/sign-offs")
@leaders
@day.input(SignOffIn)
@writes(day, DoneOut, 201)
def sign(event_id: uuid.UUID, json_data: SignOffIn) -> None:
    """Sign what learners did in a practical; the password was given once more, just before."""
    act = current_act()
    people = {
        one.person: [Observed(line.state, line.remark, line.level) for line in one.criteria] for one in json_data.people
    }
    event = find_event(act, event_id)
    _check_confirmed(act, json_data.confirmation)
    signing.sign_off(act, event, json_data.module, people, json_data.signed_as, json_data.version)


@day.post("/events/<uuid:event_id>/half-days/<int:number>/signature")
@leaders
@day.input(ListSignIn)
@writes(day, DoneOut, 201)
def sign_list(event_id: uuid.UUID, number: int, json_data: ListSignIn) -> None:
    """Sign the list of those who were there for a half-day."""
    act = current_act()
    event = find_event(act, event_id)
    _check_confirmed(act, json_data.confirmation)
    signing.sign_list(act, event, number, json_data.signed_as)


@day.get("/events/<uuid:event_id>/mine")
@everyone_signed_in(rows="own")
@gives(day, MineOut)
def mine(event_id: uuid.UUID) -> MineOut:
    """What is recorded of oneself at an event, and what one signed."""
    act = current_act()
    event = find_event(act, event_id)
    me, modules = act.person.id, current_catalogue(act.session).modules
    lines = {number: line for (person, number), line in attendance_of(act.session, event).items() if person == me}
    signed = list(
        act.session.scalars(
            select(SignOff).where(SignOff.event_id == event.id, SignOff.person_id == me).order_by(SignOff.id)
        )
    )
    own = counter_signed(act.session, signed)
    zone = ZoneInfo(event.timezone)

    def lines_of(one: SignOff) -> list[str]:
        """Each line of the checklist as it was signed: its words, and how it was done."""
        page = module_of_version(act.session, one.version).page(event.lang)
        return [
            f"{line}: {page.levels[level - 1]}" if level else line
            for line, level in zip(page.checklist, one.levels or [0] * len(page.checklist), strict=False)
        ]

    return MineOut(
        photos=[PhotoOut.model_validate(one) for one in photos.photos_of(act.session, event, me)],
        attendance={number: line.state for number, line in lines.items()},
        signed={
            one.number: f"{clock_text(one.begins, zone)[11:]}–{clock_text(one.ends, zone)[11:]}"
            for one in signing.presence_signatures(act.session, event)
            if one.person_id == me and not one.as_trainer and one.begins and one.ends
        },
        sign_offs=[
            MySignOffOut(
                id=one.id,
                module_id=one.module_id,
                passed=one.passed,
                signed_as=one.signed_as,
                at=one.at,
                criteria=one.criteria,
                levels=one.levels,
                lines=lines_of(one),
                remarks=one.remarks,
                counter_signed_at=own[one.id].at if one.id in own else None,
                wanted=one.module_id in modules and modules[one.module_id].countersigned,
            )
            for one in signed
        ],
    )


@day.post("/events/<uuid:event_id>/half-days/<int:number>/presence")
@everyone_signed_in(rows="own")
@day.input(PresenceSignIn)
@writes(day, DoneOut, 201)
def sign_presence(event_id: uuid.UUID, number: int, json_data: PresenceSignIn) -> None:
    """Say "I was there", from when to when, with one's name and one's password given just before (21 CFR 11.200)."""
    act = current_act()
    event = find_event(act, event_id)
    _check_confirmed(act, json_data.confirmation)
    zone = ZoneInfo(event.timezone)
    begins, ends = (read_clock(text, zone, "begins").astimezone(UTC) for text in (json_data.begins, json_data.ends))
    signing.sign_presence(act, event, number, json_data.signed_as, begins, ends)


@day.post("/sign-offs/<int:sign_off_id>/counter-signature")
@everyone_signed_in(rows="own")
@day.input(CounterSignIn)
@writes(day, DoneOut, 201)
def counter_sign(sign_off_id: int, json_data: CounterSignIn) -> None:
    """One's own signature under what a trainer signed; the password was given once more, just before."""
    act = current_act()
    signed = signing.find_own_sign_off(act, sign_off_id)
    _check_confirmed(act, json_data.confirmation)
    signing.counter_sign(act, signed, json_data.signed_as)


@day.post("/events/<uuid:event_id>/beat")
@everyone_signed_in(rows="own")
@writes(day, BeatOut)
def beat(event_id: uuid.UUID) -> BeatOut:
    """The page of a webinar is open: an aid for the trainer, and no proof of anything."""
    act = current_act()
    event = find_event(act, event_id)
    booking = act.session.get(Booking, (event.id, act.person.id))
    running = [half for half in half_days(act.session, event) if half.begins - attending.EARLY <= act.at <= half.ends]
    if booking is None or booking.state != "booked" or not running:
        return BeatOut(seconds=0)
    found = act.session.get(Beat, (event.id, running[0].number, act.person.id))
    if found is None:
        found = Beat(
            event_id=event.id,
            number=running[0].number,
            person_id=act.person.id,
            first_at=act.at,
            last_at=act.at,
            seconds=0,
        )
        act.session.add(found)
    elif act.at - found.last_at <= 2 * BEAT:
        found.seconds += int((act.at - found.last_at).total_seconds())
    found.last_at = act.at
    act.session.flush()
    return BeatOut(seconds=found.seconds)
