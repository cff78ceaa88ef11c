"""Storing a catalogue, and finding the version that a learner saw."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from api.accounts.act import Act
from api.catalogue.errors import EditionUnknown
from api.catalogue.models import CatalogueVersion, ModuleVersion, Publication
from api.core.errors import NotFound
from api.core.statements import Prepared
from site_builder.course.manifest import (
    Dumped,
    Json,
    dump_head,
    dump_modules,
    load_head,
    load_module,
)
from site_builder.course.model import Catalogue, Module


@dataclass(frozen=True, slots=True)
class ModuleNow:
    """What a module asks for as it is now: as the current publication has it, whichever was published before.

    Attributes:
        renewal: A completion of a lower number must be renewed.
        changed_at: What was completed before is shown as changed since; None where nothing is shown.
    """

    renewal: int = 1
    changed_at: datetime | None = None


OFFLINE = timedelta(days=7)
"""How long after a publication a page may still not know of it: a phone without a network goes on with what it has."""

NOT_PUBLISHED = ModuleNow()
"""A module that the current publication does not have."""


@dataclass(frozen=True, slots=True)
class Current:
    """A catalogue with the hashes of its modules.

    Attributes:
        versions: Version and edition by module id.
    """

    catalogue: Catalogue
    versions: dict[str, tuple[str, str]]


_catalogues: OrderedDict[str, Current] = OrderedDict()
_modules: OrderedDict[str, Module] = OrderedDict()
_nows: WeakKeyDictionary[Engine | Connection, dict[str, Mapping[str, ModuleNow]]] = WeakKeyDictionary()
"""By database: rows of versions never change, so that what they say of a publication can be kept."""
KEPT_CATALOGUES = 3
KEPT_MODULES = 500
TOGETHER = 500
"""Versions in one question."""
"""How many parsed versions a process keeps; they never change, so that a cache of them is never stale."""


def store_catalogue(act: Act, catalogue: Catalogue, dumped: Mapping[str, Dumped] | None = None) -> tuple[str, bool]:
    """Make a catalogue the current one.

    Args:
        act: Who publishes it, and when.
        catalogue: What is published.
        dumped: Its modules as they are stored, where that is known already.

    Returns:
        Its version, and whether it was new: publishing the same content again changes nothing.
    """
    session, at = act.session, act.at
    dumped = dumped or dump_modules(catalogue)
    hashes = {name: (dumped[name].version, dumped[name].edition) for name in catalogue.modules}
    manifest: Json = {**dump_head(catalogue, hashes), "modules": {name: list(one) for name, one in hashes.items()}}
    version: str = manifest["version"]
    current = current_version_or_none(session)
    if session.get(CatalogueVersion, version) is None:
        session.add(CatalogueVersion(version=version, manifest=manifest, created_at=at))
    stored = _stored(session, [dumped[name].version for name in catalogue.modules])
    rewritten = [
        module.id
        for module in catalogue.modules.values()
        if _store_module(session, module, dumped[module.id], stored, at)
    ]
    session.flush()
    if current == version:
        if rewritten:
            act.record("catalogue.rewrite", "catalogue", new=rewritten)
        return version, False
    make_current(act, version, current)
    return version, True


def make_current(act: Act, version: str, before: str | None) -> None:
    """Make a stored catalogue the one that counts from now on."""
    act.session.add(Publication(version=version, at=act.at, actor=act.actor))
    act.session.flush()
    act.session.info.pop("airlock_remembered", None)
    act.record("catalogue.publish", "catalogue", old=before, new=version)


def _stored(session: Session, versions: Sequence[str]) -> dict[str, str]:
    """Digests of what is stored of some versions."""
    found: dict[str, str] = {}
    for start in range(0, len(versions), TOGETHER):
        rows = session.execute(
            select(ModuleVersion.version, ModuleVersion.content_digest).where(
                ModuleVersion.version.in_(versions[start : start + TOGETHER])
            )
        )
        found.update((row.version, row.content_digest) for row in rows)
    return found


def _store_module(session: Session, module: Module, dumped: Dumped, stored: Mapping[str, str], at: datetime) -> bool:
    """Store a version of a module; gives whether one that was there was written anew."""
    version = dumped.version
    if version in stored:
        # What is made of the module without being part of its version may be made in another way by now.
        if stored[version] == dumped.digest:
            return False
        row = session.get_one(ModuleVersion, version)
        row.content, row.content_digest = dumped.content, dumped.digest
        _modules.pop(version, None)
        _catalogues.clear()
        return True
    last = session.scalar(select(func.max(ModuleVersion.sequence)).where(ModuleVersion.module_id == module.id))
    session.add(
        ModuleVersion(
            version=version,
            module_id=module.id,
            edition=dumped.edition,
            renewal=module.renewal,
            sequence=(last or 0) + 1,
            changed_at=_changed_at(session, module, at),
            content=dumped.content,
            content_digest=dumped.digest,
            published_at=at,
        )
    )
    return False


def _changed_at(session: Session, module: Module, at: datetime) -> datetime | None:
    """When the change that a module shows first came out; the same change in a corrected page is no new one."""
    if not module.changed_on:
        return None
    shown = session.scalars(
        select(ModuleVersion)
        .where(ModuleVersion.module_id == module.id, ModuleVersion.changed_at.is_not(None))
        .order_by(ModuleVersion.sequence)
    )
    return next((one.changed_at for one in shown if one.content.get("changed_on") == module.changed_on), at)


def lowered_renewals(session: Session, catalogue: Catalogue) -> dict[str, tuple[int, int]]:
    """Modules whose renewal would be lower than it is now, with both numbers: completions would count again."""
    now = modules_now(session)
    return {
        module.id: (now[module.id].renewal, module.renewal)
        for module in catalogue.modules.values()
        if module.id in now and module.renewal < now[module.id].renewal
    }


NEWEST = Prepared(select(Publication.id, Publication.version).order_by(Publication.id.desc()).limit(1))


def _newest(session: Session) -> tuple[int, str | None]:
    """Number and version of the newest publication; 0 and None before the first one."""
    remembered: dict[str, Any] = session.info.setdefault("airlock_remembered", {})
    if "publication" not in remembered:
        found = NEWEST.row(session)
        remembered["publication"] = (found.id, found.version) if found else (0, None)
    newest: tuple[int, str | None] = remembered["publication"]
    return newest


def current_version_or_none(session: Session) -> str | None:
    """Version of the current catalogue, None before the first publication."""
    return _newest(session)[1]


def count_publications(session: Session) -> int:
    """How often a catalogue became the current one: it changes with each publication, also of an older catalogue."""
    return _newest(session)[0]


def current_catalogue(session: Session) -> Catalogue:
    """The current catalogue; an empty one before the first publication."""
    return _current(session).catalogue


def _current(session: Session) -> Current:
    version = current_version_or_none(session)
    if version is None:
        return Current(Catalogue(), {})
    if version not in _catalogues:
        manifest = cast(
            Json, session.scalar(select(CatalogueVersion.manifest).where(CatalogueVersion.version == version))
        )
        versions = {name: (one, edition) for name, (one, edition) in manifest["modules"].items()}
        modules = _load_modules(session, [one for one, _ in versions.values()])
        named = {name: modules[one] for name, (one, _) in versions.items()}
        _catalogues[version] = Current(load_head(manifest, named), versions)
        if len(_catalogues) > KEPT_CATALOGUES:
            _catalogues.popitem(last=False)
    return _catalogues[version]


def _load_modules(session: Session, versions: Sequence[str]) -> Mapping[str, Module]:
    """Modules under their versions; those that were loaded for another catalogue are the same."""
    found = {version: _modules[version] for version in versions if version in _modules}
    missing = [version for version in versions if version not in found]
    for start in range(0, len(missing), TOGETHER):
        rows = session.execute(
            select(ModuleVersion.version, ModuleVersion.content).where(
                ModuleVersion.version.in_(missing[start : start + TOGETHER])
            )
        )
        found.update((row.version, load_module(row.content)) for row in rows)
    _modules.update(found)
    while len(_modules) > max(KEPT_MODULES, 2 * len(versions)):
        _modules.popitem(last=False)
    return found


def modules_now(session: Session) -> Mapping[str, ModuleNow]:
    """What every module of the current publication asks for."""
    version = current_version_or_none(session)
    if version is None:
        return {}
    kept = _nows.setdefault(session.get_bind(), {})
    if version not in kept:
        wanted = {one: module_id for module_id, (one, _) in _current(session).versions.items()}
        rows = session.execute(select(ModuleVersion.version, ModuleVersion.renewal, ModuleVersion.changed_at))
        kept.clear()
        kept[version] = {
            wanted[row.version]: ModuleNow(row.renewal, row.changed_at) for row in rows if row.version in wanted
        }
    return kept[version]


def module_of_version(session: Session, version: str) -> Module:
    """A module as it was published under a version.

    Raises:
        NotFound: There is no such version.
    """
    if version not in _modules:
        content = session.scalar(select(ModuleVersion.content).where(ModuleVersion.version == version))
        if content is None:
            raise NotFound("There is no such version.")
        _modules[version] = load_module(content)
        if len(_modules) > max(KEPT_MODULES, 2 * max((len(one.versions) for one in _catalogues.values()), default=0)):
            _modules.popitem(last=False)
    return _modules[version]


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a module, without its content."""

    version: str
    module_id: str
    renewal: int
    sequence: int


_versions: WeakKeyDictionary[Engine | Connection, dict[str, Version]] = WeakKeyDictionary()
"""By database: rows of versions never change."""


def version_of(session: Session, version: str) -> Version:
    """A published version.

    Raises:
        NotFound: There is none.
    """
    kept = _versions.setdefault(session.get_bind(), {})
    if version not in kept:
        row = session.execute(
            select(ModuleVersion.module_id, ModuleVersion.renewal, ModuleVersion.sequence).where(
                ModuleVersion.version == version
            )
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such version.")
        kept[version] = Version(version, row.module_id, row.renewal, row.sequence)
    return kept[version]


def current_edition(session: Session, module_id: str) -> Version:
    """The version that a module has now.

    Raises:
        NotFound: There is no such module.
    """
    version, _ = _current(session).versions.get(module_id, ("", ""))
    if not version:
        raise NotFound("There is no such module.")
    return version_of(session, version)


def find_edition(session: Session, module_id: str, edition: str) -> Version:
    """The version to grade against for a page that a learner saw.

    Several versions share an edition when only keys or feedback were corrected. The current catalogue's one counts, so
    that a correction can be taken back; of older editions, the newest version.

    Raises:
        NotFound: No module has this id.
        EditionUnknown: The module never looked like that.
    """
    version, shown = _current(session).versions.get(module_id, ("", ""))
    if shown == edition:
        return version_of(session, version)
    found = session.scalar(
        select(ModuleVersion.version)
        .where(ModuleVersion.module_id == module_id, ModuleVersion.edition == edition)
        .order_by(ModuleVersion.sequence.desc())
        .limit(1)
    )
    if found is None:
        if not version:
            raise NotFound("There is no such module.")
        raise EditionUnknown("No published version of the module looks like this page.")
    return version_of(session, found)


_ends: WeakKeyDictionary[Engine | Connection, dict[tuple[str, int], tuple[datetime | None, bool]]] = WeakKeyDictionary()
"""By database, and there by version and number of the newest publication."""


def still_counts(session: Session, version: Version, began: datetime) -> bool:
    """Whether an attempt that began at some time may be marked against a version.

    The current one always; an older one if the attempt began before the publication that replaced it, or within
    `OFFLINE` of that. Once a later version says that keys leaked, no older one does.
    """
    current, _ = _current(session).versions.get(version.module_id, ("", ""))
    if version.version == current:
        return True
    asked = (version.version, count_publications(session))
    kept = _ends.setdefault(session.get_bind(), {})
    if asked not in kept:
        if any(number != asked[1] for _, number in kept):
            kept.clear()
        kept[asked] = _replaced_at(session, version), _leaked_since(session, version)
    replaced, leaked = kept[asked]
    return not leaked and (replaced is None or began <= replaced + OFFLINE)


def _replaced_at(session: Session, version: Version) -> datetime | None:
    """When the last publication with a version was followed by one without it; None where there was none with it."""
    rows = session.execute(
        select(Publication.at, CatalogueVersion.manifest)
        .join(CatalogueVersion, CatalogueVersion.version == Publication.version)
        .order_by(Publication.id.desc())
        .execution_options(yield_per=1)
    )
    followed: datetime | None = None
    for row in rows:
        if row.manifest["modules"].get(version.module_id, ("",))[0] == version.version:
            rows.close()
            return followed
        followed = row.at
    return None


def _leaked_since(session: Session, version: Version) -> bool:
    later = select(ModuleVersion.content).where(
        ModuleVersion.module_id == version.module_id, ModuleVersion.sequence > version.sequence
    )
    return any(content.get("leaked") for content in session.scalars(later))
