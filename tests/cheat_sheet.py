"""Writes the cheat sheet of the documentation: `make cheat-sheet`."""

from __future__ import annotations

from pathlib import Path

from site_builder.authoring.cheatsheet import PAGE, as_markdown, kind_names
from site_builder.site.theme import read_texts

if __name__ == "__main__":
    texts = read_texts("en")
    page = as_markdown({kind: texts[f"asked_{kind}"] for kind in (*kind_names(), PAGE)})
    (Path(__file__).parent.parent / "docs" / "cheat-sheet.md").write_text(page, encoding="utf-8")
