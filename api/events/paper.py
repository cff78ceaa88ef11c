"""Sheets to sign on paper, as PDF. Writes nothing."""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

import segno
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.accounts.models import Person
from api.core.pages import page_path
from api.core.paper import set_paper
from api.core.texts import long_time, sort_key, translator
from api.events.letters import title_of
from api.events.models import Booking, Event, EventTrainer, HalfDay, Room

STYLE = """
@page { size: A4; margin: 16mm; @bottom-right { content: counter(page) "/" counter(pages); font-size: 8pt } }
body { font: 10pt "DejaVu Sans", sans-serif; color: #111 }
header { display: flex; justify-content: space-between; gap: 8mm }
h1 { font-size: 15pt; margin: 0 0 2mm } p { margin: 0 0 1mm }
img { width: 24mm; height: 24mm }
table { border-collapse: collapse; width: 100%; margin-top: 6mm }
th, td { border: .3mm solid #555; padding: 1mm 2mm; text-align: left; height: 11mm; vertical-align: middle }
thead th { height: auto; background: #eee; font-size: 9pt } thead { display: table-header-group }
td.box { width: 44mm } td.time { width: 20mm } tr { break-inside: avoid }
"""


def make_sheet(session: Session, event: Event, half: HalfDay, lang: str, site: str) -> bytes:
    """The sheet of a half-day: who has a place, a box for each signature, a code that leads back to the event."""
    say, zone = translator(lang), ZoneInfo(event.timezone)
    room = session.get(Room, event.room_id) if event.room_id else None
    people = sorted(
        session.scalars(
            select(Person)
            .join(Booking, Booking.person_id == Person.id)
            .where(Booking.event_id == event.id, Booking.state == "booked")
        ),
        key=lambda person: person.sort_as,
    )
    trainers = session.scalars(
        select(Person.name)
        .join(EventTrainer, EventTrainer.person_id == Person.id)
        .where(EventTrainer.event_id == event.id)
    ).all()
    code = segno.make(f"{site}{page_path(lang, 'events')}?event={event.id}", error="m").svg_data_uri(border=0, scale=4)
    title, alt = title_of(session, event, lang), say("Code that leads to the event")
    span = f"{long_time(half.begins, zone, lang)} – {half.ends.astimezone(zone):%H:%M}"
    heads = [say("Name"), say("Came at"), say("Left at"), say("Signature")]
    rows = [
        f"<tr><td>{escape(person.name)}</td><td class=time></td><td class=time></td><td class=box></td></tr>"
        for person in people
    ]
    # For those who get a place at the door.
    rows += ["<tr><td></td><td class=time></td><td class=time></td><td class=box></td></tr>"] * 3
    signed = [f"<tr><td>{escape(name)}</td><td class=box></td></tr>" for name in sorted(trainers, key=sort_key)]
    where = f"<p>{escape(room.name)}</p>" if room else ""
    html = (
        f'<html lang="{lang}"><title>{escape(title)}</title><style>{STYLE}</style><header><div><h1>{escape(title)}</h1>'
        f'<p>{escape(span)}</p>{where}</div><img src="{code}" alt="{escape(alt)}"></header>'
        f"<table><thead><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
        f"<table><thead><tr><th>{escape(say('Trainer'))}</th><th>{escape(say('Signature'))}</th></tr></thead>"
        f"<tbody>{''.join(signed)}</tbody></table></html>"
    )
    return set_paper(html)
