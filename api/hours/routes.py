"""Routes of training time: one's own, and the active time of pages."""

from __future__ import annotations

from datetime import timedelta

from apiflask import APIBlueprint
from sqlalchemy import select

from api.accounts.current import current_act
from api.catalogue.operations import current_catalogue
from api.core.permissions import everyone_signed_in
from api.core.replies import gives, writes
from api.core.schemas import LangQuery
from api.hours import operations
from api.hours.models import CountedHours, HoursLine
from api.hours.schemas import ActiveTimeIn, HoursLineOut, HoursOut, KeptOut

hours = APIBlueprint("hours", __name__, url_prefix="/api/v1", tag="Hours")


@hours.post("/active-time")
@everyone_signed_in(rows="own")
@hours.input(ActiveTimeIn)
@writes(hours, KeptOut, 201)
def note_active(json_data: ActiveTimeIn) -> KeptOut:
    """Keep active time that a page measured: it was visible, and somebody did something within two minutes."""
    act = current_act()
    spans = [
        (one.module, (act.at - timedelta(seconds=one.began_ago), act.at - timedelta(seconds=one.ended_ago)))
        for one in json_data.spans
    ]
    return KeptOut(kept=operations.note_active(act, spans))


@hours.get("/hours")
@everyone_signed_in(rows="own")
@hours.input(LangQuery, location="query")
@gives(hours, HoursOut)
def own_hours(query_data: LangQuery) -> HoursOut:
    """One's own training time: minutes by kind, and every line behind them."""
    act = current_act()
    modules = current_catalogue(act.session).modules
    rows = act.session.execute(
        select(CountedHours, HoursLine)
        .join(HoursLine, HoursLine.id == CountedHours.line_id)
        .where(CountedHours.person_id == act.person.id)
        .order_by(CountedHours.day.desc(), HoursLine.id.desc())
    ).all()
    return HoursOut(
        totals=operations.totals_of(act.session, act.person.id),
        lines=[
            HoursLineOut(
                id=line.id,
                kind=line.kind,
                module_id=line.module_id,
                title=modules[line.module_id].page(query_data.lang).title
                if line.module_id in modules
                else line.module_id,
                day=line.day,  # type: ignore[arg-type]  # It is read as a day.
                begins=operations.spans_of(line)[0][0],
                ends=operations.spans_of(line)[-1][1],
                minutes=counted.minutes,
                overlap=counted.overlap,
                overlaps=counted.overlaps,
                learner_signed=line.learner_signed,
                trainer_signed=line.trainer_signed,
                event_id=str(line.event_id or ""),
            )
            for counted, line in rows
        ],
    )
