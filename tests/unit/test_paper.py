"""Documents for paper: heads of tables say what they are the head of, and nothing is fetched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from api.core.paper import set_paper

TABLE = """<html lang="fr"><title>Heures</title><table><thead><tr><th scope="col">Jour</th><th scope="col">Minutes</th>
</tr></thead><tbody>
<tr><th scope="row">1 mars</th><td>180</td></tr><tr><th scope="row">2 mars</th><td>90</td></tr></tbody>
</table><p><a href="https://example.org/">Plus</a></p></html>"""


def heads(pdf: Any) -> Iterator[Any]:
    """The cells of tables that are heads."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/TH":
            yield thing


def test_each_head_of_a_table_says_what_it_is_the_head_of() -> None:
    with pikepdf.open(io.BytesIO(set_paper(TABLE))) as pdf:
        scopes = sorted(str(head.A.Scope) for head in heads(pdf))
        flags = [int(thing.F) for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and "/Subtype" in thing
                 and thing.Subtype == "/Link"]  # fmt: skip
    assert scopes == ["/Column", "/Column", "/Row", "/Row"]
    assert flags == [4], "what is a link on the screen is printed"


@pytest.mark.parametrize("address", ["file:///etc/hostname", "https://example.org/x.png", "http://127.0.0.1/x"])
def test_a_document_fetches_nothing(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        set_paper(f'<html lang="en"><title>X</title><img alt="x" src="{address}"></html>')
