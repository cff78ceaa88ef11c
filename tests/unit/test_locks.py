"""The locks are closed lists: whatever a locked package asks for is in them, so that installing resolves nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
PRODUCTION = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
PLATFORMS = (("linux", "posix", "Linux"), ("darwin", "posix", "Darwin"), ("win32", "nt", "Windows"))


def environments() -> list[dict[str, str]]:
    """Every machine that the locks are for, as markers see it."""
    return [
        {
            **{name: str(value) for name, value in default_environment().items()},
            "python_version": python,
            "python_full_version": f"{python}.1",
            "sys_platform": platform,
            "os_name": os_name,
            "platform_system": system,
            "extra": "",
        }
        for python in PYTHONS
        for platform, os_name, system in PLATFORMS
    ]


@dataclass
class Lock:
    requirements: list[Requirement]

    def holds(self, requirement: Requirement, environment: dict[str, str]) -> bool:
        """Whether a requirement is met by what is locked for a machine."""
        return any(
            canonicalize_name(locked.name) == canonicalize_name(requirement.name)
            and (locked.marker is None or locked.marker.evaluate(environment))
            and requirement.specifier.contains(next(iter(locked.specifier)).version, prereleases=True)
            for locked in self.requirements
        )


def read_lock(*paths: Path) -> Lock:
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return Lock([Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[A-Za-z0-9]", line)])


def unmet(lock: Lock) -> list[str]:
    """What locked packages ask for and the lock lacks."""
    missing = []
    for environment in environments():
        for locked in lock.requirements:
            if locked.marker and not locked.marker.evaluate(environment):
                continue
            try:
                asked = distribution(locked.name).requires or []
            except PackageNotFoundError:
                continue  # For another system than this one; its own requirements are not known here.
            for text in asked:
                requirement = Requirement(text)
                wanted = requirement.marker is None or any(
                    requirement.marker.evaluate({**environment, "extra": extra}) for extra in ("", *locked.extras)
                )
                if wanted and not lock.holds(requirement, environment):
                    missing.append(f"{locked.name} needs {text} on {environment['sys_platform']}")
    return missing


def test_both_locks_pin_everything_with_hashes_and_without_addresses() -> None:
    for path in (PRODUCTION, DEVELOPMENT):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
            assert re.match(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[^ ]+", entry), entry[:60]
            assert "--hash=sha256:" in entry, entry[:60]


@pytest.mark.parametrize("paths", [(PRODUCTION,), (PRODUCTION, DEVELOPMENT)], ids=["production", "development"])
def test_a_lock_is_closed(paths: tuple[Path, ...]) -> None:
    assert unmet(read_lock(*paths)) == []


def test_a_lock_without_an_extra_is_not_closed() -> None:
    lock = read_lock(PRODUCTION)
    lock.requirements = [item for item in lock.requirements if canonicalize_name(item.name) != "email-validator"]
    assert any("email-validator" in line for line in unmet(lock))


def test_extras_that_are_asked_for_are_locked_as_extras() -> None:
    """An older pip resolves an extra anew where the lock pins the package alone."""
    lock = read_lock(PRODUCTION, DEVELOPMENT)
    kept: dict[str, set[str]] = {}
    for item in lock.requirements:
        kept.setdefault(canonicalize_name(item.name), set()).update(item.extras)
    for locked in read_lock(PRODUCTION).requirements:
        try:
            asked = distribution(locked.name).requires or []
        except PackageNotFoundError:
            continue
        for requirement in map(Requirement, asked):
            wanted = requirement.marker is None or any(
                requirement.marker.evaluate({**environments()[0], "extra": extra}) for extra in ("", *locked.extras)
            )
            if wanted and requirement.extras:
                assert requirement.extras <= kept[canonicalize_name(requirement.name)], (locked.name, str(requirement))


def test_production_has_no_test_packages() -> None:
    names = {canonicalize_name(item.name) for item in read_lock(PRODUCTION).requirements}
    assert not names & {"pytest", "hypothesis", "mypy", "ruff", "schemathesis", "playwright", "import-linter"}


def test_what_both_locks_hold_is_the_same() -> None:
    one = {canonicalize_name(item.name): str(item.specifier) for item in read_lock(PRODUCTION).requirements}
    other = {canonicalize_name(item.name): str(item.specifier) for item in read_lock(DEVELOPMENT).requirements}
    assert {name: one[name] for name in one.keys() & other} == {name: other[name] for name in one.keys() & other}
