"""Routes of the centre's capacity: goals, use, simulation, and the screen at the entrance."""

from __future__ import annotations

from apiflask import APIBlueprint

from api.accounts.current import current_act
from api.capacity import goals as setting
from api.capacity.basis import basis_of
from api.capacity.goals import Goals
from api.capacity.models import Capacity
from api.capacity.schemas import (
    BasisOut,
    GoalsIn,
    GoalsOut,
    LoadOut,
    NeedOut,
    PathBasisOut,
    RoomUseOut,
    ScreenOut,
    ShownOut,
    SimulatedOut,
    SimulationIn,
    TakingOut,
    TrainerUseOut,
    UseOut,
    UseQuery,
)
from api.capacity.screen import screen_key, today
from api.capacity.simulator import Supply, simulate
from api.capacity.use import use_of
from api.catalogue.operations import current_catalogue
from api.core.errors import NotFound
from api.core.limits import limiter
from api.core.pages import page_path
from api.core.permissions import anyone, roles
from api.core.replies import gives, writes
from api.core.requests import chosen_settings, current_session, current_settings, now
from api.core.schemas import LangQuery
from api.evidence.validity import ZONE

capacity = APIBlueprint("capacity", __name__, url_prefix="/api/v1", tag="Capacity")
centre = roles(page="centre", admin="all")


def _goals(row: Capacity) -> GoalsOut:
    settings = current_settings()
    key = screen_key(settings.secret_key, row.screen) if row.screen else ""
    lang = current_act().person.lang
    return GoalsOut(
        learners=row.learners,
        on_site=row.on_site,
        live_remote=row.live_remote,
        self_paced=row.self_paced,
        area=row.area,
        screen_names=row.screen_names,
        screen=f"{settings.url}{page_path(lang, 'screen')}#{key}" if key else "",
    )


@capacity.get("/capacity")
@centre
@capacity.input(UseQuery, location="query")
@gives(capacity, UseOut)
def read_use(query_data: UseQuery) -> UseOut:
    """How much of its rooms, trainers and places the centre uses in a period, and what it is made for."""
    session = current_session()
    use = use_of(session, query_data.first, query_data.last, now())
    return UseOut(
        goals=_goals(setting.goals(session)),
        rooms=[RoomUseOut.model_validate(one) for one in use.rooms],
        trainers=[TrainerUseOut.model_validate(one) for one in use.trainers],
        came=use.came,
        absent=use.absent,
        excused=use.excused,
    )


@capacity.post("/capacity/goals")
@centre
@capacity.input(GoalsIn)
@writes(capacity, GoalsOut)
def set_goals(json_data: GoalsIn) -> GoalsOut:
    """Say what the centre is made for in a year, and whether its screen shows names."""
    return _goals(setting.set_goals(current_act(), Goals(**json_data.model_dump())))


@capacity.post("/capacity/screen")
@centre
@writes(capacity, GoalsOut)
def renew_screen() -> GoalsOut:
    """Give the screen at the entrance an address, or another one: the one of before shows nothing any more."""
    return _goals(setting.renew_screen(current_act()))


@capacity.get("/capacity/basis")
@centre
@capacity.input(LangQuery, location="query")
@gives(capacity, BasisOut)
def read_basis(query_data: LangQuery) -> BasisOut:
    """What a simulation begins with: the centre's own durations, rooms, trainers and no-shows."""
    session = current_session()
    found = basis_of(session, now(), query_data.lang)
    modules = current_catalogue(session).modules
    return BasisOut(
        paths=[PathBasisOut.model_validate(one) for one in found.paths],
        needs=[
            NeedOut(
                id=one.id,
                title=modules[one.id].page(query_data.lang).title,
                zone=one.zone,
                half_days=one.half_days,
                places=one.places,
                trainers=one.trainers,
                guessed=list(one.guessed),
            )
            for one in found.needs.values()
        ],
        rooms=found.rooms,
        trainers=found.trainers,
        half_days=found.half_days,
        no_show=round(100 * found.no_show, 1),
        seen=found.seen,
    )


@capacity.post("/capacity/simulations")
@centre
@capacity.input(SimulationIn)
@gives(capacity, SimulatedOut)
def run_simulation(json_data: SimulationIn) -> SimulatedOut:
    """What N learners of each path need of rooms and trainers, and what runs out first; it changes nothing."""
    session, asked = current_session(), json_data
    basis = basis_of(session, now(), asked.lang)
    paths = {path.id: path.modules for path in basis.paths}
    unknown = sorted(set(asked.learners) - set(paths))
    if unknown:
        raise NotFound(f"There is no path {unknown[0]}.")
    supply = Supply(
        {zone: count * asked.half_days for zone, count in asked.rooms.items()},
        asked.trainers * asked.half_days,
        asked.no_show / 100,
    )
    found = simulate(asked.learners, paths, basis.needs, supply)
    modules = current_catalogue(session).modules
    return SimulatedOut(
        takings=[
            TakingOut(
                id=one.id,
                title=modules[one.id].page(asked.lang).title,
                learners=one.learners,
                groups=one.groups,
                half_days=one.half_days,
            )
            for one in found.takings
        ],
        loads=[LoadOut.model_validate(one) for one in found.loads],
        most=found.most,
        fits=found.fits,
    )


@capacity.get("/screens/<string:key>")
@anyone()
@limiter.limit("60 per minute")
@capacity.input(LangQuery, location="query")
@gives(capacity, ScreenOut)
def read_screen(key: str, query_data: LangQuery) -> ScreenOut:
    """What takes place today and where, for the screen at the entrance; names of learners if the centre says so."""
    settings, at = chosen_settings(), now()
    found = today(current_session(), settings.secret_key, key, at, query_data.lang)
    return ScreenOut(
        centre=settings.centre,
        day=at.astimezone(ZONE).date().isoformat(),
        timezone=ZONE.key,
        now=at,
        events=[ShownOut.model_validate(one) for one in found],
    )
