"""Routes of questions that are asked live."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint
from flask import Response, make_response, request

from api.accounts.act import Act
from api.accounts.current import current_act
from api.core.permissions import everyone_signed_in, roles
from api.core.replies import gives, reply, writes
from api.core.schemas import DoneOut
from api.events import live
from api.events.models import Event, LiveQuestion
from api.events.planning import find_event
from api.events.schemas import (
    AskableOut,
    AskablesOut,
    AskIn,
    EventsQuery,
    LiveAnswerIn,
    LiveOptionOut,
    LiveOut,
    SteerIn,
    TallyOut,
)

live_questions = APIBlueprint("live", __name__, url_prefix="/api/v1", tag="Live questions")
leaders = roles(trainer="all", admin="all")
SOON, LATER = 2, 8
"""Seconds after which a phone asks again: while a question is open, and while there is none."""


@live_questions.get("/events/<uuid:event_id>/live/questions")
@leaders
@live_questions.input(EventsQuery, location="query")
@gives(live_questions, AskablesOut)
def questions(event_id: uuid.UUID, query_data: EventsQuery) -> AskablesOut:
    """The questions of an event's courses that can be asked live."""
    act = current_act()
    event = find_event(act, event_id)
    return AskablesOut(
        questions=[
            AskableOut(
                module_id=one.module.id,
                module=one.module.page(query_data.lang).title,
                quiz_id=one.quiz.id,
                question_id=one.question.id,
                stem=one.question.stem,
            )
            for one in live.askable(act.session, event, query_data.lang)
        ]
    )


@live_questions.post("/events/<uuid:event_id>/live")
@leaders
@live_questions.input(AskIn)
@writes(live_questions, DoneOut, 201)
def ask(event_id: uuid.UUID, json_data: AskIn) -> None:
    """Ask a question; the one before it is closed."""
    act = current_act()
    live.ask(act, find_event(act, event_id), json_data.module, json_data.quiz, json_data.question)


@live_questions.post("/events/<uuid:event_id>/live/<uuid:question_id>")
@leaders
@live_questions.input(SteerIn)
@writes(live_questions)
def steer(event_id: uuid.UUID, question_id: uuid.UUID, json_data: SteerIn) -> None:
    """Open or close a question, show what was answered, or ask it once more."""
    act = current_act()
    asked = live.find_question(act.session, find_event(act, event_id), question_id)
    live.steer(asked, is_open=json_data.open, is_shown=json_data.shown, again=json_data.again)


@live_questions.get("/events/<uuid:event_id>/live")
@everyone_signed_in(rows="own")
@live_questions.input(EventsQuery, location="query")
@gives(live_questions, LiveOut)
def show(event_id: uuid.UUID, query_data: EventsQuery) -> Response:
    """The question that is asked now, and one's own answer; nobody else's, and shares once they are shown."""
    act = current_act()
    seen = live.look(act.session, event_id, act.person.id)
    tag = "none"
    if seen is not None:
        tag = (
            f"{seen.id.hex}-{seen.round}{seen.is_open:d}{seen.is_shown:d}-{seen.mine}-{seen.answered}-{query_data.lang}"
        )
        if tag in request.if_none_match:
            found = make_response("", 304)
            found.set_etag(tag)
            return found
    event = find_event(act, event_id)
    asked = live.find_question(act.session, event, seen.id) if seen else None
    if asked is None and tag in request.if_none_match:
        found = make_response("", 304)
    else:
        found = reply(LiveOut, _live(act, event, asked, query_data.lang, seen.mine if seen else ""))
    found.set_etag(tag)
    return found


@live_questions.get("/events/<uuid:event_id>/live/tally")
@leaders
@live_questions.input(EventsQuery, location="query")
@gives(live_questions, TallyOut)
def tally(event_id: uuid.UUID, query_data: EventsQuery) -> TallyOut:
    """The question with how many chose what, for the trainer's screen; no names."""
    act = current_act()
    event = find_event(act, event_id)
    asked = live.current_question(act.session, event)
    shown = _live(act, event, asked, query_data.lang, "", all_of_it=True)
    return TallyOut(**shown.model_dump(), answered=sum(shown.counts[-1].values()) if shown.counts else 0)


def _live(
    act: Act, event: Event, asked: LiveQuestion | None, lang: str, mine: str, *, all_of_it: bool = False
) -> LiveOut:
    if asked is None:
        return LiveOut(again_in=LATER)
    question = live.choice_of(act.session, asked, lang)
    counts = live.tally(act.session, asked) if asked.is_shown or all_of_it else {}
    right = next(iter(question.right_ids))
    gain = live.gain(counts[1], counts[2], right) if 1 in counts and 2 in counts and asked.is_shown else None
    return LiveOut(
        id=asked.id,
        module_id=asked.module_id,
        stem=question.stem,
        options=[LiveOptionOut(id=option.id, html=option.html) for option in question.options],
        round=asked.round,
        open=asked.is_open,
        shown=asked.is_shown,
        mine=mine,
        counts=[dict(counts.get(number, {})) for number in range(1, asked.round + 1)] if counts else [],
        gain=gain,
        again_in=SOON,
    )


@live_questions.post("/events/<uuid:event_id>/live/<uuid:question_id>/answer")
@everyone_signed_in(rows="own")
@live_questions.input(LiveAnswerIn)
@writes(live_questions)
def answer(event_id: uuid.UUID, question_id: uuid.UUID, json_data: LiveAnswerIn) -> None:
    """Answer, or change the answer while the question is open."""
    act = current_act()
    event = find_event(act, event_id)
    live.answer(act, event, live.find_question(act.session, event, question_id), json_data.option)
