"""Everything installs from the locks with the oldest and the newest pip, and a wheel alone makes a site.

These tests reach the package registry, from an empty cache: what is wrong with a lock shows nowhere else.
"""

from __future__ import annotations

import glob
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from threading import Event

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent
OLDEST_PIP = "23.0.1"
"""As Debian 12 and the first releases of Python 3.11 bring it; Python 3.12 and later bring newer ones themselves."""
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("install")]


UNSAID = {"bleach": "Apache-2.0", "pyrage": "MIT"}
"""Packages whose metadata name no licence, with what their own files say."""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints; its errors when it fails."""
    foreign = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    # What is installed here is used once: it needs no compiled files.
    kept["PIP_NO_COMPILE"] = "1"
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def base_python() -> Path:
    """The Python that this environment was made with."""
    return Path(getattr(sys, "_base_executable", "") or sys.executable)


def other_pythons() -> list[Path]:
    """One Python of each other supported version that this machine has."""
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = []
    for version in SUPPORTED:
        on_path = shutil.which(f"python{version}")
        kept = sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/{version}.*/bin/python3")))
        candidates = [*kept, *([on_path] if on_path else [])]
        for candidate in candidates if version != here else []:
            asked = [candidate, "-c", "import venv, ensurepip, sys; print(sys.version_info[:2])"]
            if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
                found.append(Path(candidate))
                break
    return found


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of the repository, as a clone has them."""
    return copy_files(tmp_path / "checkout")


def copy_files(folder: Path) -> Path:
    listed = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    for name in listed:
        source = ROOT / name
        if source.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / name)
    return folder


def check_installed(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    assert "No broken requirements" in run(python, "-m", "pip", "check", cwd=checkout)
    assert "airlock, version" in run(checkout / ".venv" / "bin" / "airlock", "--version", cwd=checkout)


def test_the_oldest_pip_installs_everything(checkout: Path) -> None:
    run(base_python(), "-m", "venv", ".venv", cwd=checkout)
    python = checkout / ".venv" / "bin" / "python"
    if sys.version_info < (3, 12):
        run(python, "-m", "pip", "install", "-q", f"pip=={OLDEST_PIP}", cwd=checkout)
    run("make", ".venv/installed", f"PYTHON={base_python()}", cwd=checkout, PIP_NO_CACHE_DIR="1")
    check_installed(checkout)


def test_every_other_python_installs_everything(checkout: Path) -> None:
    """The newest one does it; those between find each file that they need, by its hash, and leave it packed."""
    *between, newest = other_pythons() or [base_python()]
    run("make", ".venv/installed", f"PYTHON={newest}", cwd=checkout)
    check_installed(checkout)
    for number, python in enumerate(between):
        run(python, "-m", "venv", f"between{number}", cwd=checkout)
        pip: list[str | Path] = [
            checkout / f"between{number}" / "bin" / "python",
            "-m",
            "pip",
            "install",
            "-q",
            "--dry-run",
        ]
        for lock in ("requirements.lock", "requirements-dev.lock"):
            run(*pip, "--no-deps", "--require-hashes", "-r", lock, cwd=checkout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, made as `make wheel` makes it."""
    checkout = copy_files(tmp_path_factory.mktemp("wheel") / "checkout")
    shutil.copytree(ROOT / "themes/airlock/assets/bundle", checkout / "themes/airlock/assets/bundle")
    shutil.copy(ROOT / "themes/airlock/sw.js", checkout / "themes/airlock/sw.js")
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    run(*pip, "-w", "dist", ".", cwd=checkout)
    return next((checkout / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and the production lock alone, by the newest pip; gives its folder of commands."""
    tmp_path, checkout = tmp_path_factory.mktemp("installed"), wheel.parent.parent
    run(base_python(), "-m", "venv", "alone", cwd=tmp_path)
    python = tmp_path / "alone" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "--upgrade", "pip", cwd=tmp_path)
    lock: list[str | Path] = ["install", "-q", "--no-cache-dir", "--no-deps", "--require-hashes", "-r"]
    lock.append(checkout / "requirements.lock")
    run(python, "-m", "pip", *lock, cwd=tmp_path)
    run(python, "-m", "pip", "install", "-q", "--no-deps", wheel, cwd=tmp_path)
    assert "No broken requirements" in run(python, "-m", "pip", "check", cwd=tmp_path)
    # Nothing of the checkout is needed any more.
    shutil.rmtree(checkout)
    return python.parent


def test_what_it_is_made_of_is_listed_with_licences(installed: Path, tmp_path: Path) -> None:
    """As `make sbom` lists it: every package of the lock and nothing else, each with its licence."""
    file = tmp_path / "sbom.json"
    cyclonedx = Path(sys.executable).with_name("cyclonedx-py")
    run(cyclonedx, "environment", "--output-reproducible", "-o", file, installed / "python", cwd=tmp_path)
    components = json.loads(file.read_text(encoding="utf-8"))["components"]
    names = {canonicalize_name(one["name"]) for one in components} - {"pip", "setuptools", "airlock"}
    here = run(installed / "python", "-m", "pip", "list", "--format=json", cwd=tmp_path)
    there = {canonicalize_name(one["name"]) for one in json.loads(here)} - {"pip", "setuptools", "airlock"}
    assert names == there
    assert {one["name"] for one in components if not one.get("licenses")} == {"airlock", *UNSAID}
    scripts = json.loads(
        run("npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev", "--package-lock-only", cwd=ROOT)
    )
    listed = {one["name"]: one.get("licenses") for one in scripts["components"]}
    assert {"lit", "jsqr", "sortablejs"} <= set(listed)
    assert all(listed.values())


def test_a_wheel_alone_makes_a_site(installed: Path, tmp_path: Path) -> None:
    """Without a checkout, without test packages, and without Node on the PATH."""
    names = run(installed / "python", "-m", "pip", "list", "--format=freeze", cwd=tmp_path)
    assert "pytest" not in names
    alone = {"PATH": str(installed), "NO_MKDOCS_2_WARNING": "1"}
    assert shutil.which("node", path=alone["PATH"]) is None
    airlock, site = installed / "airlock", tmp_path / "empty" / "centre"
    site.parent.mkdir()
    run(airlock, "new", "site", site, "--lang", "fr", "--name", "Centre", cwd=site.parent, **alone)
    assert "No problems." in run(airlock, "check", cwd=site, **alone)
    run(airlock, "build", cwd=site, **alone)
    assert "Centre" in (site / "site" / "first-course" / "read-and-answer" / "index.html").read_text(encoding="utf-8")
    assert (site / "site" / "authoring" / "index.html").read_text(encoding="utf-8").count(
        'class="authoring-kind"'
    ) == 11
    run(installed / "mkdocs", "build", "-q", "--strict", "--site-dir", tmp_path / "mkdocs", cwd=site, **alone)
    for page in ("first-course/read-and-answer", "nl/first-course", "catalogue"):
        one = (site / "site" / page / "index.html").read_text(encoding="utf-8")
        other = (tmp_path / "mkdocs" / page / "index.html").read_text(encoding="utf-8")
        # The policy is put in after the build.
        assert one.partition("<title")[2] == other.partition("<title")[2]
    links = json.loads(run(airlock, "demo", "--build-only", cwd=site, **alone))
    assert set(links) == {"learner", "teacher", "trainer", "admin"}


def test_the_demo_of_a_wheel_answers(installed: Path, tmp_path: Path) -> None:
    site = tmp_path / "centre"
    run(installed / "airlock", "new", "site", site, "--lang", "nl", cwd=tmp_path, PATH=str(installed))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [installed / "airlock", "demo", "--port", str(port)],
        cwd=site,
        env={**os.environ, "PATH": str(installed)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        page = answer(f"http://127.0.0.1:{port}/first-course/", process)
        assert 'lang="nl"' in page
        assert '"status":"ready"' in answer(f"http://127.0.0.1:{port}/readyz", process).replace(" ", "")
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)


def answer(url: str, process: subprocess.Popen[bytes]) -> str:
    """What a server answers, once it does."""
    deadline, pause = time.monotonic() + 120, Event()
    while time.monotonic() < deadline:
        assert process.poll() is None, "the demo ended"
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return str(reply.read().decode())
        except OSError:
            pause.wait(0.2)
    raise AssertionError("no answer")
