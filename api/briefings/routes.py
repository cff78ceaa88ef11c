"""Routes of briefings, of the readiness of classes, and of what they remember."""

from __future__ import annotations

import uuid

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.accounts.models import Somebody
from api.briefings.briefing import briefing_of
from api.briefings.groups import asking_modules, class_readiness, class_retention
from api.briefings.schemas import (
    BriefingOut,
    ClassReadinessOut,
    ClassReadinessQuery,
    OpeningOut,
    OpenQuestionOut,
    PersonOut,
    PersonReadinessOut,
    RetentionLineOut,
    RetentionOut,
    SureAndWrongOut,
    WeaknessOut,
)
from api.catalogue.operations import current_catalogue
from api.classes.access import find_class
from api.core.permissions import roles
from api.core.replies import gives
from api.core.schemas import LangQuery
from api.core.texts import sort_key
from api.events.planning import find_event
from api.readiness.schemas import ModuleTitleOut, verdict_out
from api.readiness.verdict import Verdict
from site_builder.course.model import Catalogue

briefings = APIBlueprint("briefings", __name__, url_prefix="/api/v1", tag="Briefings")


@briefings.get("/events/<uuid:event_id>/briefing")
@roles(trainer="all", admin="all")
@briefings.input(LangQuery, location="query")
@gives(briefings, BriefingOut)
def briefing(event_id: uuid.UUID, query_data: LangQuery) -> BriefingOut:
    """What a trainer should know of a group before a practical."""
    act, lang = current_act(), query_data.lang
    catalogue = current_catalogue(act.session)
    found = briefing_of(act.session, find_event(act, event_id), lang, act.at)
    return BriefingOut(
        people=_people(found.people, catalogue, lang),
        answered=found.answered,
        few=found.few,
        weaknesses=[
            WeaknessOut(
                module_id=one.module_id,
                title=_title(catalogue, one.module_id, lang),
                objective=_objective(catalogue, one.module_id, one.objective, lang),
                learners=one.learners,
                share=one.share,
                below=one.below,
            )
            for one in found.weaknesses
        ],
        sure_and_wrong=[
            SureAndWrongOut(
                module_id=one.module_id,
                title=_title(catalogue, one.module_id, lang),
                stem=one.stem,
                answered=one.answered,
                wrong=one.wrong,
                sure=[
                    PersonOut(id=person.id, name=person.name)
                    for person in sorted(one.sure, key=lambda person: sort_key(person.name))
                ],
            )
            for one in found.sure_and_wrong
        ],
        questions=[
            OpenQuestionOut(
                id=thread.id,
                module_id=thread.module_id,
                title=_title(catalogue, thread.module_id, lang),
                name=thread.author.name,
                text=thread.text,
                at=thread.created_at,
            )
            for thread in found.questions
        ],
        openings=[
            OpeningOut(
                kind=one.kind,
                module_id=one.module_id,
                title=_title(catalogue, one.module_id, lang),
                objective=_objective(catalogue, one.module_id, one.objective, lang),
                stem=one.stem,
                concerns=one.concerns,
                of=one.of,
                share=one.share,
            )
            for one in found.openings
        ],
    )


@briefings.get("/classes/<uuid:class_id>/readiness")
@roles(teacher="classes", trainer="all", admin="all")
@briefings.input(ClassReadinessQuery, location="query")
@gives(briefings, ClassReadinessOut)
def readiness(class_id: uuid.UUID, query_data: ClassReadinessQuery) -> ClassReadinessOut:
    """Who of a class is ready for a module now; of a course that the class was given."""
    act, lang = current_act(), query_data.lang
    catalogue = current_catalogue(act.session)
    found = class_readiness(act, find_class(act, class_id), query_data.module)
    return ClassReadinessOut(
        module_id=query_data.module,
        title=_title(catalogue, query_data.module, lang),
        people=_people(found, catalogue, lang),
    )


@briefings.get("/classes/<uuid:class_id>/retention")
@roles(teacher="classes", trainer="all", admin="all")
@briefings.input(LangQuery, location="query")
@gives(briefings, RetentionOut)
def retention(class_id: uuid.UUID, query_data: LangQuery) -> RetentionOut:
    """How well a class remembers objectives of the courses that it was given, by what its learners refresh."""
    act, lang = current_act(), query_data.lang
    catalogue = current_catalogue(act.session)
    group = find_class(act, class_id)
    lines, learners, total = class_retention(act, group)
    return RetentionOut(
        objectives=[
            RetentionLineOut(
                module_id=line.module_id,
                title=_title(catalogue, line.module_id, lang),
                objective=_objective(catalogue, line.module_id, line.objective, lang),
                learners=line.learners,
                share=line.share,
            )
            for line in lines
        ],
        learners=learners,
        total=total,
        modules=[ModuleTitleOut(id=name, title=_title(catalogue, name, lang)) for name in asking_modules(act, group)],
    )


def _people(found: list[tuple[Somebody, Verdict]], catalogue: Catalogue, lang: str) -> list[PersonReadinessOut]:
    return [
        PersonReadinessOut(id=person.id, name=person.name, **verdict_out(verdict, catalogue.modules, lang).model_dump())
        for person, verdict in sorted(found, key=lambda one: sort_key(one[0].name))
    ]


def _title(catalogue: Catalogue, module_id: str, lang: str) -> str:
    module = catalogue.modules.get(module_id)
    return module.page(lang).title if module else module_id


def _objective(catalogue: Catalogue, module_id: str, number: int, lang: str) -> str:
    module = catalogue.modules.get(module_id)
    objectives = module.page(lang).objectives if module else ()
    return objectives[number - 1] if 0 < number <= len(objectives) else ""
