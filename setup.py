"""What pyproject.toml cannot say: a wheel carries the theme with its bundled elements, so that it needs no Node."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
THEME = HERE / "themes" / "airlock"
SOURCES = ("elements", "lib", "css", "worker", "*.mjs")
"""What the bundle is made of; a site needs the bundle alone."""


class BuildWithTheme(build_py):
    """Puts the theme into the package where it is built; an editable installation reads it where it is."""

    def run(self) -> None:
        """Build."""
        super().run()
        if self.editable_mode:
            return
        if not (THEME / "assets" / "bundle" / "manifest.json").is_file():
            raise SystemExit("The elements are not bundled yet: run `make wheel`, which does it first.")
        target = Path(self.build_lib) / "site_builder" / "theme"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(THEME, target, ignore=shutil.ignore_patterns(*SOURCES))


setup(cmdclass={"build_py": BuildWithTheme})
