"""Routes of outcomes: consent, the questions of a letter, the placement rate."""

from __future__ import annotations

from apiflask import APIBlueprint

from api.accounts.act import Act
from api.accounts.current import current_act
from api.core.limits import limiter
from api.core.permissions import anyone, everyone_signed_in, roles
from api.core.replies import gives, writes
from api.core.requests import chosen_settings, current_session, current_settings, now
from api.core.schemas import Period
from api.outcomes import operations
from api.outcomes.models import Outcome
from api.outcomes.schemas import (
    AnswerIn,
    AskedOut,
    ConsentIn,
    ConsentOut,
    OutcomesOut,
    PlacementOut,
    TokenIn,
)

outcomes = APIBlueprint("outcomes", __name__, url_prefix="/api/v1", tag="Outcomes")


@outcomes.get("/outcomes/consent")
@everyone_signed_in(rows="own")
@gives(outcomes, ConsentOut)
def consent() -> ConsentOut:
    """Whether one is asked to agree, and whether one agreed."""
    act = current_act()
    given = operations.consent_of(act.session, act.person.id) is not None
    return ConsentOut(asked=given or operations.is_job_seeker(act.session, act.person.id), given=given)


@outcomes.post("/outcomes/consent")
@everyone_signed_in(rows="own")
@outcomes.input(ConsentIn)
@writes(outcomes)
def set_consent(json_data: ConsentIn) -> None:
    """Agree to be asked how it goes on after the training, or not any more."""
    act = current_act()
    if json_data.given:
        operations.give_consent(act)
    else:
        operations.withdraw_consent(act, act.person.id)


def _asked(token: str) -> Outcome:
    return operations.find_asked(current_session(), current_settings().secret_key, token, now())


@outcomes.post("/outcomes/views")
@anyone()
@limiter.limit("30 per minute")
@outcomes.input(TokenIn)
@gives(outcomes, AskedOut)
def view(json_data: TokenIn) -> AskedOut:
    """What the link of a letter asks."""
    return _out(_asked(json_data.token))


def _out(asked: Outcome) -> AskedOut:
    return AskedOut(
        centre=chosen_settings().centre,
        stage=asked.stage,
        ended=asked.ended,
        working=asked.working,
        helped=asked.helped,
        words=asked.words,
    )


@outcomes.post("/outcomes/answers")
@anyone()
@limiter.limit("30 per minute")
@outcomes.input(AnswerIn)
@gives(outcomes, AskedOut)
def answer(json_data: AnswerIn) -> AskedOut:
    """Answer; answering again while the link works takes the place of what was said."""
    asked = _asked(json_data.token)
    act = Act(current_session(), now(), f"outcome:{asked.id}")
    operations.answer(act, asked, json_data.working, json_data.helped, json_data.words)
    current_session().commit()
    return _out(asked)


@outcomes.post("/outcomes/end")
@anyone()
@limiter.limit("30 per minute")
@outcomes.input(TokenIn)
@gives(outcomes, ConsentOut)
def end(json_data: TokenIn) -> ConsentOut:
    """Take consent back by the link of a letter: nothing more is asked, and what was answered is forgotten."""
    asked = _asked(json_data.token)
    session = current_session()
    operations.withdraw_consent(Act(session, now(), f"outcome:{asked.id}"), asked.person_id)
    session.commit()
    return ConsentOut(asked=False, given=False)


@outcomes.get("/outcomes")
@roles(admin="all")
@outcomes.input(Period, location="query")
@gives(outcomes, OutcomesOut)
def report(query_data: Period) -> OutcomesOut:
    """Placement of the job seekers whose training ended in a period, with its base and what is missing."""
    found = operations.placements(current_session(), query_data.first.isoformat(), query_data.last.isoformat(), now())
    return OutcomesOut(stages=[PlacementOut.model_validate(one) for one in found])
