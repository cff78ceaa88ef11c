"""A document as PDF."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo

import segno
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from api.core.pages import page_path
from api.core.paper import set_paper
from api.core.texts import long_time, translator
from api.documents.facts import Content
from api.documents.models import Document
from api.documents.operations import State


@cache
def _templates() -> Environment:
    environment = Environment(loader=PackageLoader("api.documents"), autoescape=select_autoescape())
    environment.filters["css_string"] = _css_string
    return environment


def _css_string(text: str) -> Markup:
    """Text as a string of CSS (CSS Syntax 3, 4.3.5): escapes are by number, so that nothing ends it, or the element."""
    escaped = "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text)
    return Markup(f'"{escaped}"')  # noqa: S704  # Letters, digits, blanks and escapes alone.


def check_address(document: Document, site: str) -> str:
    """The address of its check page."""
    return f"{site}{page_path(document.lang, 'check')}?d={document.code}"


def sheet_html(content: Content, lang: str, centre: str) -> str:
    """A page that stands alone, of what is no document of somebody: without number, check page and digest."""
    say = translator(lang)
    template = _templates().get_template("document.html")
    return template.render(
        lang=lang, content=content, number="", centre=centre, footer=centre, words={"none": say("Nothing.")}
    )


def set_report(content: Content, lang: str, centre: str) -> bytes:
    """The same as PDF."""
    return set_paper(sheet_html(content, lang, centre))


def set_document(document: Document, state: State, *, site: str, centre: str) -> bytes:
    """A document as it was issued, with what holds of it today.

    Args:
        document: That was issued, with its content.
        state: What holds of it.
        site: Address of the site.
        centre: Who issues it.
    """
    say, address = translator(document.lang), check_address(document, site)
    states = {
        "valid": "",
        "expired": say("This document counts no more: its time is over."),
        "superseded": say("This document is superseded: a record that it rests on changed since it was issued."),
        "revoked": say("This document was revoked."),
    }
    words = {
        "number": say("Number"),
        "code": say("Code that leads to the check page of this document"),
        "none": say("Nothing."),
        "check": say("Check it:"),
        "rests": say("Lines of evidence that it rests on: {count}. Their digest:"),
    }
    html = (
        _templates()
        .get_template("document.html")
        .render(
            lang=document.lang,
            content=document.content,
            number=document.number,
            issued=long_time(document.issued_at, ZoneInfo("Europe/Brussels"), document.lang),
            state=states[state],
            words=words,
            centre=centre,
            code=segno.make(address, error="m").svg_data_uri(scale=4, border=0),
            footer=f"{centre} · {document.number}",
            address=address,
            digest=document.digest,
            rests=len(document.rests_on),
        )
    )
    return set_paper(html)
