"""Routes of refreshers."""

from __future__ import annotations

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.core.permissions import everyone_signed_in
from api.core.replies import writes
from api.core.schemas import DoneOut
from api.learning.operations import public_key
from api.refreshers import operations
from api.refreshers.schemas import (
    RefresherAnswerIn,
    RefresherGradeOut,
    RefresherIn,
    RefresherOut,
    RefreshersOut,
    RefreshIn,
)

refreshers = APIBlueprint("refreshers", __name__, url_prefix="/api/v1", tag="Refreshers")


@refreshers.post("/refreshers")
@everyone_signed_in(rows="own")
@refreshers.input(RefreshIn)
@writes(refreshers, RefreshersOut)
def begin(json_data: RefreshIn) -> RefreshersOut:
    """What one refreshes today; questions that one has met since are added."""
    act = current_act()
    operations.add_cards(act)
    found = operations.today(act.session, act.person.id, json_data.lang, act.at)
    return RefreshersOut(
        cards=[
            RefresherOut(
                module_id=card.module.id,
                title=card.module.page(json_data.lang).title,
                quiz_id=card.quiz.id,
                question_id=card.question.id,
                html=card.html,
                mistaken=card.mistaken,
            )
            for card in found.cards
        ],
        done=found.done,
        mistakes=found.mistakes,
        total=found.total,
        next_at=found.next_at,
    )


@refreshers.post("/refreshers/answers")
@everyone_signed_in(rows="own")
@refreshers.input(RefresherAnswerIn)
@writes(refreshers, RefresherGradeOut)
def answer(json_data: RefresherAnswerIn) -> RefresherGradeOut:
    """Answer a question that is due."""
    act = current_act()
    key = (json_data.module, json_data.quiz, json_data.question)
    grade, question, due = operations.answer(act, key, json_data.response, json_data.lang)
    return RefresherGradeOut(**grade.record(), key=public_key(question), next_at=due)


@refreshers.post("/refreshers/skips")
@everyone_signed_in(rows="own")
@refreshers.input(RefresherIn)
@writes(refreshers, DoneOut)
def skip(json_data: RefresherIn) -> None:
    """Put a question off until tomorrow."""
    operations.skip(current_act(), (json_data.module, json_data.quiz, json_data.question), json_data.lang)
