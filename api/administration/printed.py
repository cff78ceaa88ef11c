"""The audit trail on paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from api.core.texts import translator
from api.documents.facts import Content, Section
from api.documents.setting import set_report


def trail_pdf(rows: Sequence[dict[str, Any]], centre: str, lang: str) -> bytes:
    """Entries as PDF: number, when (UTC), who, what, about whom, and what was said.

    Args:
        rows: As JSON has them.
        centre: Whose trail it is.
        lang: Of the words around them; actions are the program's own.
    """
    say = translator(lang)
    heads = [say("Number"), say("When (UTC)"), say("Who"), say("What"), say("About"), say("Details")]
    lines = [
        [
            str(row["sequence"]),
            row["at"][:19].replace("T", " "),
            row["actor_name"] or row["actor"],
            row["action"],
            row["subject_name"] or row["subject"],
            _said(row),
        ]
        for row in rows
    ]
    content = Content(say("Audit trail"), "", say("{count} entries").format(count=len(lines)), [])
    content.sections.append(Section(say("Entries"), heads, lines))
    return set_report(content, lang, centre)


def _said(row: dict[str, Any]) -> str:
    parts = [row["old"], row["new"], row["typed"] or None]
    return " → ".join(json.dumps(part, ensure_ascii=False) for part in parts if part is not None)[:400]
