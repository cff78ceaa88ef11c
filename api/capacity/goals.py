"""What the centre is made for, and the address of its screen. Never commits."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.capacity.models import Capacity


@dataclass(frozen=True, slots=True)
class Goals:
    """What is said of the centre, in a year; 0 is not said."""

    learners: int
    on_site: int
    live_remote: int
    self_paced: int
    area: int
    screen_names: bool


def goals(session: Session) -> Capacity:
    """What is said; a row of zeros, which is not stored, where nothing is."""
    return session.get(Capacity, 1) or Capacity(
        id=1, learners=0, on_site=0, live_remote=0, self_paced=0, area=0, screen=0, screen_names=False
    )


def set_goals(act: Act, wanted: Goals) -> Capacity:
    """Say what the centre is made for."""
    row = goals(act.session)
    act.session.add(row)
    for name, value in asdict(wanted).items():
        setattr(row, name, value)
    act.session.flush()
    act.record("capacity.set", "capacity", new=asdict(wanted))
    return row


def renew_screen(act: Act) -> Capacity:
    """Give the screen a new address; the one of before shows nothing any more."""
    row = goals(act.session)
    act.session.add(row)
    row.screen += 1
    act.session.flush()
    act.record("screen.renew", "capacity", new={"screen": row.screen})
    return row
