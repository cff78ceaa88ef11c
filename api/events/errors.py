"""Errors of rooms, events and bookings."""

from __future__ import annotations

from api.core.errors import Conflict, Forbidden, Invalid


class Taken(Conflict):
    """A room or a trainer is taken at that time; `resource` says which, `begins` and `ends` when."""

    code = "taken"


class RoomClosed(Conflict):
    """The room is closed on one of the days; `day` says which."""

    code = "room_closed"


class EventFull(Conflict):
    """No place is left, and there is no waiting list."""

    code = "event_full"


class EventOver(Conflict):
    """It was cancelled, or it is too late for that."""

    code = "event_over"


class PhotosNotAllowed(Forbidden):
    """The centre keeps no photographs."""

    code = "photos_not_allowed"


class NotBooked(Conflict):
    """They have no place at this event."""

    code = "not_booked"


class NotReady(Conflict):
    """It is only for those who did what comes first: `modules` says what is missing, `people` to whom."""

    code = "not_ready"


class ChecklistChanged(Conflict):
    """Another version of the practical was published since the trainer loaded its checklist."""

    code = "checklist_changed"


class PlanInvalid(Invalid):
    """A plan that cannot be: a field says which part of it."""

    code = "plan_invalid"
