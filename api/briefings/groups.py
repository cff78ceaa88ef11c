"""Who of a class is ready, and what a class remembers. Writes nothing."""

from __future__ import annotations

from sqlalchemy import select

from api.accounts.act import Act
from api.accounts.models import Person, Somebody
from api.catalogue.operations import current_catalogue
from api.classes.models import Assignment, Class
from api.classes.standing import learner_ids
from api.core.errors import NotFound
from api.readiness.standing import readiness_of
from api.readiness.verdict import Verdict
from api.refreshers.operations import Retention, retention_of


def _given(act: Act, group: Class) -> set[str]:
    return set(act.session.scalars(select(Assignment.course_id).where(Assignment.class_id == group.id)))


def asking_modules(act: Act, group: Class) -> list[str]:
    """Ids of the modules of a class's courses that ask for something first and take place with a trainer."""
    given, modules = _given(act, group), current_catalogue(act.session).modules
    return [
        name
        for name, module in modules.items()
        if name.partition("/")[0] in given and module.comes_after and not module.rules.online
    ]


def class_readiness(act: Act, group: Class, module_id: str) -> list[tuple[Somebody, Verdict]]:
    """Everybody of a class with their verdict; the number of queries is fixed.

    Raises:
        NotFound: There is no such module, or the class was not given its course.
    """
    if module_id not in current_catalogue(act.session).modules or module_id.partition("/")[0] not in _given(act, group):
        raise NotFound("There is no such module.")
    people = list(act.session.scalars(select(Person).where(Person.id.in_(learner_ids(group)))))
    verdicts = readiness_of(act.session, [person.id for person in people], [module_id], act.at)
    return [(person, verdicts[person.id]) for person in people]


def class_retention(act: Act, group: Class) -> tuple[list[Retention], int, int]:
    """What a class remembers of courses that it was given; how many of its learners refresh, and how many it has."""
    given, ids = _given(act, group), list(act.session.scalars(learner_ids(group)))
    lines, learners = retention_of(act.session, ids, given, act.at)
    return lines, learners, len(ids)
