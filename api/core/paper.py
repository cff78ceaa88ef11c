"""Setting documents as PDF that everybody can read: tagged, with a language and a title (PDF/UA-1, ISO 14289-1)."""

from __future__ import annotations

from typing import Any

from api.core.errors import Conflict


class PaperMissing(Conflict):
    """The server lacks the library that sets documents."""

    code = "paper_missing"


def set_paper(html: str) -> bytes:
    """A document as PDF.

    The HTML has a `lang`, a `title`, text alternatives, and tables with one row of heads; it fetches nothing.

    Raises:
        PaperMissing: The server has no Pango.
    """
    try:
        from weasyprint import (  # It loads Pango, which only documents need, and which a machine may lack.
            HTML,
            URLFetcher,
        )
    except OSError:
        raise PaperMissing(
            "The server has no Pango, with which documents are set: an administrator installs it."
        ) from None
    # Pictures stand in the document itself; nothing else is read, from nowhere.
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",), fail_on_errors=True))
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, finisher=_name_scopes)
    return content


def _name_scopes(_: Any, pdf: Any) -> None:
    """Say of each head of a table whether it is of a column or of a row (ISO 14289-1, 7.5), and that links print.

    WeasyPrint names the cells of a head (`number-row-column`) and leaves out its scope.
    """
    import pydyf  # It comes with WeasyPrint, and is loaded as late.

    for thing in pdf.objects:
        if not isinstance(thing, pydyf.Dictionary):
            continue
        if thing.get("S") == "/TH":
            row = thing["ID"].string.split("-")[-2] if "ID" in thing else "0"
            scope = "/Column" if row == "0" else "/Row"
            attributes = thing.setdefault("A", pydyf.Dictionary({"O": "/Table"}))
            attributes["Scope"] = scope
        elif thing.get("Subtype") == "/Link":
            thing["F"] = 4
