"""Where the theme is: in the package where Airlock is installed, below `themes/` in a checkout."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import cast

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent / "themes" / "airlock"

THEME = CHECKOUT if CHECKOUT.is_dir() else PACKAGE / "theme"
"""Templates, texts and the bundled elements."""

DEFAULT_CONFIG = Path(__file__).parent / "mkdocs.yml"
"""The configuration of a site that has none."""


class NotBundled(Exception):
    """The elements were not bundled yet."""


@cache
def read_texts(lang: str) -> dict[str, str]:
    """Texts of the interface."""
    return cast(dict[str, str], json.loads((THEME / "texts" / f"{lang}.json").read_text(encoding="utf-8")))


def read_manifest() -> dict[str, dict[str, str]]:
    """Addresses of the bundled files: `shared`, and `scripts` by language.

    Raises:
        NotBundled: There are none yet.
    """
    try:
        text = (THEME / "assets" / "bundle" / "manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotBundled("The elements are not bundled yet: run `make setup` once.") from None
    return cast(dict[str, dict[str, str]], json.loads(text))
