"""Routes of questions to the trainer."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from apiflask import APIBlueprint
from flask_login import current_user

from api.accounts.current import current_act
from api.catalogue.operations import current_catalogue
from api.core.limits import limiter, person_key
from api.core.permissions import roles
from api.core.replies import gives, writes
from api.core.requests import current_session, current_settings
from api.core.richtext import render_text
from api.core.schemas import DoneOut, LangQuery
from api.discussion import operations
from api.discussion.models import Thread
from api.discussion.schemas import (
    ClassChoice,
    HidingIn,
    ReplyIn,
    ReplyOut,
    ReportIn,
    SharingIn,
    ThreadIn,
    ThreadOut,
    ThreadsOut,
)
from api.learning.routes import module_key
from site_builder.course.model import Catalogue

discussion = APIBlueprint("discussion", __name__, url_prefix="/api/v1", tag="Questions to the trainer")
# A teacher reaches what was asked in their classes, a learner their own and what class mates let them read.
reader = roles(learner="mates", teacher="classes", trainer="all", admin="all")
staff = roles(teacher="classes", trainer="all", admin="all")
answers = roles(page="questions", teacher="classes", trainer="all", admin="all")


def _thread(thread_id: uuid.UUID) -> Thread:
    return operations.find_thread(current_act(), thread_id)


def _shown(catalogue: Catalogue, line: operations.ThreadLine, lang: str) -> ThreadOut:
    thread = line.thread
    module = catalogue.modules.get(thread.module_id)
    source = source_url = None
    if module is not None and current_act().scope == "all":
        # The heading is one of the page that the learner read, in whatever language.
        page = next(
            (page for page in module.pages.values() if thread.anchor in page.lines), module.page(thread.author.lang)
        )
        number = page.lines.get(thread.anchor, 1)
        source = f"{page.source}:{number}"
        settings = current_settings()
        if settings.source_url:
            source_url = settings.source_url.replace("{path}", quote(page.source)).replace("{line}", str(number))
    return ThreadOut(
        id=thread.id,
        module_id=thread.module_id,
        title=module.page(lang).title if module else thread.module_id,
        anchor=thread.anchor,
        author=thread.author.name,
        mine=thread.author_id == current_user.id,
        class_name=line.class_name,
        shared=thread.shared,
        text=thread.text,
        html=thread.html if thread.html is not None else render_text(thread.text),
        at=thread.created_at,
        hidden=thread.hidden_at is not None,
        reports=line.reports,
        may_answer=line.may_answer,
        may_moderate=line.may_moderate,
        source=source,
        source_url=source_url,
        replies=[
            ReplyOut(
                id=item.reply.id,
                author=item.reply.author.name,
                role=item.reply.author.role,
                mine=item.reply.author_id == current_user.id,
                text=item.reply.text,
                html=item.reply.html if item.reply.html is not None else render_text(item.reply.text),
                at=item.reply.created_at,
                hidden=item.reply.hidden_at is not None,
                reports=item.reports,
            )
            for item in line.replies
        ],
    )


@discussion.get("/modules/<string:course>/<string:name>/threads")
@reader
@discussion.input(LangQuery, location="query")
@gives(discussion, ThreadsOut)
def below(course: str, name: str, query_data: LangQuery) -> ThreadsOut:
    """The questions below a module."""
    session = current_session()
    module_id = module_key(course, name)
    catalogue = current_catalogue(session)
    lines = operations.threads_below(current_act(), module_id)
    classes = operations.classes_to_ask_in(current_act(), module_id)
    return ThreadsOut(
        threads=[_shown(catalogue, line, query_data.lang) for line in lines],
        classes=[ClassChoice.model_validate(group) for group in classes],
    )


@discussion.get("/threads")
@answers
@discussion.input(LangQuery, location="query")
@gives(discussion, ThreadsOut)
def inbox(query_data: LangQuery) -> ThreadsOut:
    """Questions that wait for an answer, and what was reported."""
    session = current_session()
    catalogue = current_catalogue(session)
    lines = operations.inbox(current_act())
    return ThreadsOut(threads=[_shown(catalogue, line, query_data.lang) for line in lines], classes=[])


@discussion.post("/modules/<string:course>/<string:name>/threads")
@reader
@limiter.limit("20 per hour", key_func=person_key)
@discussion.input(ThreadIn)
@writes(discussion, DoneOut, 201)
def ask(course: str, name: str, json_data: ThreadIn) -> None:
    """Ask a question below a module."""
    operations.ask(
        current_act(),
        module_key(course, name),
        text=json_data.text,
        anchor=json_data.anchor,
        class_id=json_data.class_id,
        shared=json_data.shared,
    )


@discussion.post("/threads/<uuid:thread_id>/replies")
@reader
@limiter.limit("60 per hour", key_func=person_key)
@discussion.input(ReplyIn)
@writes(discussion, DoneOut, 201)
def reply(thread_id: uuid.UUID, json_data: ReplyIn) -> None:
    """Answer a question, or say more about one's own."""
    thread = _thread(thread_id)
    operations.reply(current_act(), thread, json_data.text)


@discussion.post("/threads/<uuid:thread_id>/sharing")
@reader
@discussion.input(SharingIn)
@writes(discussion)
def share(thread_id: uuid.UUID, json_data: SharingIn) -> None:
    """Let class mates read one's question, or no longer."""
    thread = _thread(thread_id)
    operations.share(current_act(), thread, json_data.shared)


@discussion.post("/threads/<uuid:thread_id>/hiding")
@staff
@discussion.input(HidingIn)
@writes(discussion)
def hide(thread_id: uuid.UUID, json_data: HidingIn) -> None:
    """Hide a question or an answer, or show it again."""
    thread = _thread(thread_id)
    operations.hide(current_act(), thread, json_data.reply_id, json_data.hidden)


@discussion.post("/threads/<uuid:thread_id>/reports")
@reader
@limiter.limit("20 per hour", key_func=person_key)
@discussion.input(ReportIn)
@writes(discussion, DoneOut, 201)
def report(thread_id: uuid.UUID, json_data: ReportIn) -> None:
    """Say that a question or an answer should not be there."""
    thread = _thread(thread_id)
    operations.report(current_act(), thread, json_data.reply_id, json_data.reason)
