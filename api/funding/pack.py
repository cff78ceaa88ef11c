"""An evidence pack: everything behind a period's hours in one file, with a page that checks it without a network."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue.models import ModuleVersion
from api.core.audit import AuditEntry, digest_of, head
from api.core.texts import translator
from api.documents.errors import NothingToSay
from api.documents.facts import Subject, gather
from api.documents.setting import sheet_html
from api.events.models import HalfDay
from api.evidence.validity import ZONE
from api.funding.tables import lines_table, totals_table
from api.funding.totals import By, Line, lines_of, totals
from api.hours.models import HoursLine
from api.reports.sheets import write_csv

ACTIONS = ("hours.record", "event.attend", "event.sign", "event.sign-presence")
"""Acts that training time comes from."""
TOTALS: tuple[By, ...] = ("month", "audience", "scheme", "employer", "course", "room", "trainer")


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("api.funding"), autoescape=select_autoescape())


def make_pack(session: Session, first: str, last: str, lang: str, centre: str) -> bytes:
    """A folder as a .zip: totals, lines with their digests, sheets, versions, entries of the audit trail, hashes.

    Args:
        session: Where.
        first: Day, ISO 8601.
        last: Day, the last one.
        lang: Of its words.
        centre: Whose it is.
    """
    lines = lines_of(session, first, last)
    files: dict[str, bytes] = {}
    for by in TOTALS:
        table = totals_table(totals(session, first, last, by, lang), by, first, last, lang)
        files[f"totals/{by}.csv"] = write_csv(table, lang)
    files["lines.csv"] = write_csv(lines_table(session, lines, None, ZONE, lang), lang)
    files["lines.json"] = _json(_raw(session, lines))
    files["versions.json"] = _json(_versions(session, lines))
    files["audit.jsonl"] = _trail(session, lines)
    for (event, number), html in _sheets(session, lines, lang, centre).items():
        files[f"sheets/{event}-{number}.html"] = html.encode()
    manifest = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    files["verify.html"] = _verifier(manifest, session, lang).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            # Without a time of its own, the same evidence makes the same file.
            archive.writestr(zipfile.ZipInfo(f"evidence-{first}-{last}/{name}", (1980, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def _raw(session: Session, lines: list[Line]) -> list[dict[str, Any]]:
    """Every line as it stands in the evidence, with its digest under the key of the audit trail."""
    names = [column.name for column in HoursLine.__table__.columns]
    found: list[dict[str, Any]] = []
    for start in range(0, len(lines), 500):
        ids = [line.id for line in lines[start : start + 500]]
        rows = session.scalars(select(HoursLine).where(HoursLine.id.in_(ids)).order_by(HoursLine.id))
        found.extend(
            {**{name: getattr(row, name) for name in names}, "digest": digest_of(session, HoursLine, row)}
            for row in rows
        )
    return found


def _versions(session: Session, lines: list[Line]) -> list[dict[str, Any]]:
    """Which versions of their modules there are, and from when."""
    modules = sorted({line.module_id for line in lines})
    rows = session.execute(
        select(ModuleVersion.module_id, ModuleVersion.version, ModuleVersion.renewal, ModuleVersion.published_at)
        .where(ModuleVersion.module_id.in_(modules))
        .order_by(ModuleVersion.module_id, ModuleVersion.sequence)
    )
    return [dict(row._mapping) for row in rows]


def _trail(session: Session, lines: list[Line]) -> bytes:
    """Entries of the audit trail about the people and events of these lines: ids and digests, and no names."""
    subjects = {f"person:{line.person_id}" for line in lines} | {f"event:{line.event}" for line in lines if line.event}
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.in_(ACTIONS)).order_by(AuditEntry.sequence))
    told = [
        {
            "sequence": entry.sequence,
            "at": entry.at.isoformat(),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "records": entry.records,
            "previous": entry.previous,
            "hash": entry.hash,
        }
        for entry in entries
        if entry.subject in subjects
    ]
    return "".join(json.dumps(one, sort_keys=True) + "\n" for one in told).encode()


def _sheets(session: Session, lines: list[Line], lang: str, centre: str) -> dict[tuple[str, int], str]:
    """The sheet of every half-day of these lines."""
    wanted = {line.event for line in lines if line.event}
    halves = session.execute(select(HalfDay.event_id, HalfDay.number).order_by(HalfDay.begins)).all()
    found = {}
    for event_id, number in halves:
        if str(event_id) in wanted:
            try:
                content = gather(session, Subject("sheet", event_id=event_id, half_day=number), lang).content
            except NothingToSay:
                continue
            found[str(event_id), number] = sheet_html(content, lang, centre)
    return found


def _verifier(manifest: Mapping[str, str], session: Session, lang: str) -> str:
    say, (number, digest) = translator(lang), head(session)
    words = {
        "title": say("Evidence pack: check"),
        "intro": say("This page works without a network: it computes the hash of each file, and compares."),
        "choose": say("Choose the folder in which this page is:"),
        "file": say("File"),
        "result": say("Result"),
        "head": say("Audit trail"),
        "head_text": say("The newest entry of the trail was then number {number}:").format(number=number),
    }
    told = {
        "same": say("as it was made"),
        "differs": say("altered"),
        "missing": say("missing"),
        "added": say("not part of the pack"),
        "whole": say("Every file is as it was made."),
        "broken": say("Something is not as it was made: see the list."),
    }
    return (
        _templates()
        .get_template("verify.html")
        .render(lang=lang, words=words, head=digest, manifest=_inline(manifest), told=_inline(told))
    )


def _inline(content: Any) -> Markup:
    """JSON inside a script element: nothing in it ends the element."""
    text = json.dumps(content, ensure_ascii=True).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704  # "<" is escaped, and nothing else matters there.
