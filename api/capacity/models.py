"""What the centre is made for, and its screen at the entrance."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from api.core.database import Base


class Capacity(Base):
    """What the centre is made for in a year; 0 is not said. There is one row.

    Attributes:
        learners: In a year.
        on_site: Hours of learners in a year, and so on; kinds are never added up.
        area: Square metres.
        screen: Goes up when the address of the screen is renewed; 0 is none.
        screen_names: Whether the screen shows names of learners.
    """

    __tablename__ = "capacity"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    learners: Mapped[int] = mapped_column(default=0)
    on_site: Mapped[int] = mapped_column(default=0)
    live_remote: Mapped[int] = mapped_column(default=0)
    self_paced: Mapped[int] = mapped_column(default=0)
    area: Mapped[int] = mapped_column(default=0)
    screen: Mapped[int] = mapped_column(default=0)
    screen_names: Mapped[bool] = mapped_column(default=False, server_default=false())
