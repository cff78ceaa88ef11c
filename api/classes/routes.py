"""Routes of classes, assignments, lists and reminders."""

from __future__ import annotations

import base64
import uuid
from dataclasses import replace
from datetime import timedelta

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.catalogue.operations import current_catalogue
from api.classes import access, asking, assignments, importing, joining, notes, operations, reminders
from api.classes.lists import read_file, read_text
from api.classes.models import Assignment, Class
from api.classes.schemas import (
    AllowanceIn,
    AnswerIn,
    AskedOut,
    AssignmentIn,
    AssignmentOut,
    ClassChange,
    ClassesOut,
    ClassIn,
    ClassLineOut,
    ClassOut,
    CourseChoice,
    CoursesOut,
    ExtensionIn,
    JoinCodeIn,
    JoinCodeOut,
    JoinedOut,
    JoinIn,
    JoinRequest,
    LearnerChange,
    ListImport,
    ListIn,
    MemberOut,
    ModuleChoice,
    NoteIn,
    PlaceOut,
    PreviewOut,
    PreviewRowOut,
    ReminderLineOut,
    RemindersIn,
    RemindersOut,
    SentOut,
    TeacherIn,
    TermsIn,
    UnaskIn,
    WithdrawalIn,
)
from api.core.choices import read_choices
from api.core.errors import Invalid
from api.core.limits import limiter, person_key, was_a_guess
from api.core.permissions import anyone, everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import chosen_settings, current_session, now
from api.core.richtext import render_text
from api.core.schemas import DoneOut, LangQuery
from api.learning.allowances import set_allowance
from api.learning.routes import module_key
from api.messages.letters import preview_letter
from api.messages.ways_in import send_way_in
from site_builder.course.model import Catalogue

classes = APIBlueprint("classes", __name__, url_prefix="/api/v1", tag="Classes")
staff = roles(teacher="classes", trainer="all", admin="all")


def _class(class_id: uuid.UUID) -> Class:
    return access.find_class(current_act(), class_id)


@classes.get("/classes")
@roles(page="classes", teacher="classes", trainer="all", admin="all")
@gives(classes, ClassesOut)
def list_classes() -> ClassesOut:
    """The classes that one reaches."""
    found = operations.list_classes(current_act())
    return ClassesOut(classes=[ClassLineOut.model_validate(line) for line in found])


@classes.post("/classes")
@staff
@classes.input(ClassIn)
@writes(classes, ClassLineOut, 201)
def make_class(json_data: ClassIn) -> ClassLineOut:
    """Make a class; who makes it teaches it."""
    act = current_act()
    zone = json_data.timezone or read_choices(act.session).timezone
    made = operations.create_class(act, name=json_data.name, timezone=zone, teachers=[act.person])
    return ClassLineOut(id=made.id, name=made.name, learners=0, teachers=[act.person.name], archived_at=None)


@classes.get("/courses")
@roles(teacher="none", trainer="none", admin="none")
@classes.input(LangQuery, location="query")
@gives(classes, CoursesOut)
def courses(query_data: LangQuery) -> CoursesOut:
    """What a class can be given."""
    catalogue = current_catalogue(current_session())
    lang = query_data.lang
    return CoursesOut(
        courses=[
            CourseChoice(
                id=course.id,
                title=course.text(lang).title,
                modules=[
                    ModuleChoice(id=module.id, title=module.page(lang).title, kind=module.kind)
                    for module in catalogue.modules_of(course)
                ],
            )
            for course in catalogue.courses.values()
        ]
    )


@classes.get("/classes/<uuid:class_id>")
@staff
@classes.input(LangQuery, location="query")
@gives(classes, ClassOut)
def show_class(class_id: uuid.UUID, query_data: LangQuery) -> ClassOut:
    """A class with its people and what it was given, also what was withdrawn."""
    session = current_session()
    group = _class(class_id)
    teachers, learners = operations.members_of(session, group)
    work = assignments.work_of(session, group, withdrawn=True)
    catalogue = current_catalogue(session)
    join = None
    if group.join_code and group.join_expires_at and group.join_expires_at > now():
        join = JoinCodeOut(code=group.join_code, expires_at=group.join_expires_at)
    return ClassOut(
        id=group.id,
        name=group.name,
        timezone=group.timezone,
        archived_at=group.archived_at,
        join=join,
        teachers=[MemberOut.model_validate(line) for line in teachers],
        learners=[MemberOut.model_validate(line) for line in learners],
        asked=[AskedOut.model_validate(line) for line in asking.asked_in(session, group)],
        assignments=[_assignment(catalogue, group, work, item, query_data.lang) for item in work.assignments],
    )


def _assignment(
    catalogue: Catalogue, group: Class, work: assignments.ClassWork, item: Assignment, lang: str
) -> AssignmentOut:
    course = catalogue.courses.get(item.course_id)
    zone = operations.zone_of(group)
    return AssignmentOut(
        id=item.id,
        course_id=item.course_id,
        title=course.text(lang).title if course else item.course_id,
        module_ids=item.module_ids,
        learner_ids=None if item.everyone else sorted(work.targets.get(item.id, ())),
        opens_at=item.opens_at,
        due_at=item.due_at,
        opens=item.opens_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if item.opens_at else None,
        due=item.due_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if item.due_at else None,
        note=item.note,
        note_html=render_text(item.note),
        required=item.required,
        withdrawn_at=item.withdrawn_at,
    )


@classes.post("/classes/<uuid:class_id>")
@staff
@classes.input(ClassChange)
@writes(classes)
def change_class(class_id: uuid.UUID, json_data: ClassChange) -> None:
    """Rename a class, move it to another time zone, put it away, or take it back."""
    operations.change_class(
        current_act(),
        _class(class_id),
        name=json_data.name,
        timezone=json_data.timezone,
        archived=json_data.archived,
    )


@classes.post("/classes/<uuid:class_id>/teachers")
@staff
@limiter.limit("60 per hour")
@classes.input(TeacherIn)
@writes(classes)
def add_teacher(class_id: uuid.UUID, json_data: TeacherIn) -> None:
    """Give a class one more teacher."""
    operations.add_teacher(current_act(), _class(class_id), json_data.email)


@classes.post("/classes/<uuid:class_id>/members/<uuid:person_id>/removal")
@staff
@writes(classes)
def remove_member(class_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Take somebody out of a class; what they did stays theirs."""
    operations.remove_member(current_act(), _class(class_id), person_id)


@classes.post("/classes/<uuid:class_id>/members/<uuid:person_id>/return")
@staff
@writes(classes)
def return_member(class_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Take somebody back into a class as they were in it."""
    operations.return_member(current_act(), _class(class_id), person_id)


@classes.post("/classes/<uuid:class_id>/learners/<uuid:person_id>")
@staff
@classes.input(LearnerChange)
@writes(classes)
def change_learner(class_id: uuid.UUID, person_id: uuid.UUID, json_data: LearnerChange) -> None:
    """Change what a class knows of a learner."""
    operations.change_learner(
        current_act(),
        _class(class_id),
        person_id,
        audience=json_data.audience,
        employer=json_data.employer,
        funding=json_data.funding,
        lang=json_data.lang,
    )


@classes.post("/classes/<uuid:class_id>/list/preview")
@staff
@classes.input(ListIn)
@gives(classes, PreviewOut)
def preview_list(class_id: uuid.UUID, json_data: ListIn) -> PreviewOut:
    """What a list would do; nothing is written."""
    group = _class(class_id)
    if (json_data.text is None) == (json_data.file is None):
        raise Invalid("Send the list as text or as file.", field="text")
    if json_data.text is not None:
        found = read_text(json_data.text, json_data.columns)
    else:
        try:
            found = read_file(base64.b64decode(json_data.file or "", validate=True), json_data.columns)
        except ValueError:
            raise Invalid("A file comes in base64.", field="file") from None
    return _preview(importing.preview_list(current_act(), group, found))


@classes.post("/classes/<uuid:class_id>/list")
@staff
@classes.input(ListImport)
@writes(classes, PreviewOut)
def import_list(class_id: uuid.UUID, json_data: ListImport) -> PreviewOut:
    """Put the learners of a list into a class: all, or none."""
    imported = importing.import_list(
        current_act(),
        _class(class_id),
        json_data.text,
        digest=json_data.digest,
        lang=json_data.lang,
        columns=json_data.columns,
    )
    # The answer is kept for retries: without names and addresses.
    return _preview(replace(imported, rows=(), text="", places=()), counted=imported)


def _preview(found: importing.Preview, counted: importing.Preview | None = None) -> PreviewOut:
    counted = counted or found
    return PreviewOut(
        rows=[PreviewRowOut.model_validate(row) for row in found.rows],
        unreadable=found.unreadable,
        text=found.text,
        columns=list(found.columns),
        ignored=list(found.ignored),
        places=[PlaceOut.model_validate(place) for place in found.places],
        digest=found.digest,
        new=counted.count("new"),
        known=counted.count("known"),
        changed=counted.count("changed"),
        wrong=counted.count("wrong"),
    )


@classes.post("/classes/<uuid:class_id>/asked/end")
@staff
@classes.input(UnaskIn)
@writes(classes)
def take_back(class_id: uuid.UUID, json_data: UnaskIn) -> None:
    """Ask somebody no more who was asked into the class and has not answered."""
    asking.take_back(current_act(), _class(class_id), json_data.email)


@classes.post("/classes/<uuid:class_id>/answer")
@everyone_signed_in(rows="own")
@classes.input(AnswerIn)
@writes(classes)
def answer(class_id: uuid.UUID, json_data: AnswerIn) -> None:
    """Say yes or no to a class that asks one in."""
    asking.answer(current_act(), class_id, json_data.accepted)


@classes.post("/classes/<uuid:class_id>/join-code")
@staff
@classes.input(JoinCodeIn)
@writes(classes, JoinCodeOut)
def open_to_code(class_id: uuid.UUID, json_data: JoinCodeIn) -> JoinCodeOut:
    """A new code that lets learners in; an older one is over."""
    group = _class(class_id)
    lasts = timedelta(days=json_data.days)
    code = joining.open_to_code(current_act(), group, lasts)
    return JoinCodeOut(code=code, expires_at=now() + lasts)


@classes.post("/classes/<uuid:class_id>/join-code/end")
@staff
@writes(classes)
def close_to_code(class_id: uuid.UUID) -> None:
    """End the code of a class."""
    joining.close_to_code(current_act(), _class(class_id))


@classes.post("/join")
@everyone_signed_in(rows="own")
@limiter.limit("1000 per hour")
@limiter.limit("10 per 10 minutes", key_func=person_key, deduct_when=was_a_guess)
@classes.input(JoinIn)
@writes(classes, JoinedOut)
def join(json_data: JoinIn) -> JoinedOut:
    """Enter a class by its code."""
    group = joining.join_class(current_act(), json_data.code)
    return JoinedOut(name=group.name)


def _code_key() -> str:
    """Guesses at codes share one limit for everybody who is not signed in."""
    return "join:anyone"


@classes.post("/join/request")
@anyone()
@limiter.limit("300 per hour")
@limiter.limit("10 per 10 minutes", deduct_when=was_a_guess)
@limiter.limit("600 per hour", key_func=_code_key, deduct_when=was_a_guess)
@classes.input(JoinRequest)
@gives(classes, DoneOut)
def ask_to_join(json_data: JoinRequest) -> DoneOut:
    """Ask for the way into a class; it goes to one's address. The answer is the same whoever asks.

    Repeating it makes no second account, and no second message within the hour.
    """
    joining.ask_to_join(
        current_session(),
        code=json_data.code,
        email=json_data.email,
        name=json_data.name,
        lang=json_data.lang,
        at=now(),
    )
    current_session().commit()
    return DoneOut()


def _terms(group: Class, sent: TermsIn) -> assignments.Terms:
    zone = operations.zone_of(group)
    return assignments.Terms(
        module_ids=sent.modules,
        learner_ids=sent.learners,
        opens_at=assignments.local_time(sent.opens, zone, "opens"),
        due_at=assignments.local_time(sent.due, zone, "due"),
        note=sent.note,
        required=sent.required,
    )


@classes.post("/classes/<uuid:class_id>/assignments")
@staff
@classes.input(AssignmentIn)
@writes(classes, DoneOut, 201)
def assign(class_id: uuid.UUID, json_data: AssignmentIn) -> None:
    """Give a course, or some of its modules, to a class or to some of its learners."""
    group = _class(class_id)
    terms = _terms(group, json_data)
    assignments.assign(current_act(), group, json_data.course, terms)


@classes.post("/assignments/<uuid:assignment_id>")
@staff
@classes.input(TermsIn)
@writes(classes)
def change_assignment(assignment_id: uuid.UUID, json_data: TermsIn) -> None:
    """Say something else about an assignment; what learners did stays."""
    act = current_act()
    group, found = assignments.find_assignment(act, assignment_id)
    assignments.change_assignment(act, group, found, _terms(group, json_data))


@classes.post("/assignments/<uuid:assignment_id>/withdrawal")
@staff
@classes.input(WithdrawalIn)
@writes(classes)
def withdraw(assignment_id: uuid.UUID, json_data: WithdrawalIn) -> None:
    """Take an assignment back, or give it again; what learners did stays."""
    act = current_act()
    group, found = assignments.find_assignment(act, assignment_id)
    assignments.withdraw_assignment(act, group, found, json_data.withdrawn)


@classes.post("/assignments/<uuid:assignment_id>/extensions")
@staff
@classes.input(ExtensionIn)
@writes(classes)
def extend(assignment_id: uuid.UUID, json_data: ExtensionIn) -> None:
    """Give one learner another due time."""
    act = current_act()
    group, found = assignments.find_assignment(act, assignment_id)
    due = assignments.local_time(json_data.due, operations.zone_of(group), "due")
    assignments.extend_assignment(act, group, found, json_data.learner, due)


@classes.post("/classes/<uuid:class_id>/learners/<uuid:person_id>/allowances/<string:course>/<string:name>")
@staff
@classes.input(AllowanceIn)
@writes(classes)
def allow(class_id: uuid.UUID, person_id: uuid.UUID, course: str, name: str, json_data: AllowanceIn) -> None:
    """Give a learner more attempts or more time in a module that the class was given."""
    act = current_act(json_data.why)
    group = _class(class_id)
    _, person = access.find_learner(act.session, group, person_id)
    module_id = module_key(course, name)
    assignments.check_given(act.session, group, person, module_id)
    set_allowance(
        act, group.id, person, module_id, extra_attempts=json_data.extra_attempts, time_factor=json_data.time_factor
    )


@classes.post("/classes/<uuid:class_id>/learners/<uuid:person_id>/link")
@staff
@limiter.limit("300 per hour", key_func=person_key)
@writes(classes)
def send_link(class_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Send a learner of the class a way in: an invitation, or a link to sign in where they have a password."""
    act = current_act()
    _, person = access.find_learner(act.session, _class(class_id), person_id)
    send_way_in(act, person)


@classes.post("/classes/<uuid:class_id>/learners/<uuid:person_id>/notes")
@staff
@classes.input(NoteIn)
@writes(classes, DoneOut, 201)
def add_note(class_id: uuid.UUID, person_id: uuid.UUID, json_data: NoteIn) -> None:
    """Write a note about a learner, for the teachers of the class."""
    notes.add_note(current_act(), _class(class_id), person_id, json_data.text)


@classes.post("/classes/<uuid:class_id>/notes/<uuid:note_id>/removal")
@staff
@writes(classes)
def remove_note(class_id: uuid.UUID, note_id: uuid.UUID) -> None:
    """Take one's own note back."""
    notes.remove_note(current_act(), _class(class_id), note_id)


@classes.get("/classes/<uuid:class_id>/reminders")
@staff
@gives(classes, RemindersOut)
def preview_reminders(class_id: uuid.UUID) -> RemindersOut:
    """Who is late and would be reminded, and the message as the first of them gets it."""
    session = current_session()
    group = _class(class_id)
    lines = reminders.plan_reminders(session, group, now())
    first = next((line for line in lines if not line.skipped), None)
    subject = text = ""
    if first is not None:
        facts = reminders.reminder_of(current_act().person, group, first)
        settings = chosen_settings()
        subject, text = preview_letter(settings, first.person, facts, now())
    shown = [
        ReminderLineOut(id=line.person.id, name=line.person.name, titles=line.titles, skipped=line.skipped)
        for line in lines
    ]
    return RemindersOut(lines=shown, subject=subject, text=text)


@classes.post("/classes/<uuid:class_id>/reminders")
@staff
@classes.input(RemindersIn)
@writes(classes, SentOut)
def send_reminders(class_id: uuid.UUID, json_data: RemindersIn) -> SentOut:
    """Remind who is late, each at most once a day."""
    only = None if json_data.learners is None else set(json_data.learners)
    count = reminders.send_reminders(current_act(), _class(class_id), only)
    return SentOut(sent=count)
