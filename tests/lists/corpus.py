"""All hostile lists."""

from __future__ import annotations

from tests.lists import cells, forms
from tests.lists.case import Case


def corpus() -> list[Case]:
    """All cases; their ids differ."""
    parts = (
        forms.encodings,
        forms.broken_encodings,
        forms.line_ends,
        forms.quoting,
        forms.orders_of_columns,
        forms.headings,
        forms.without_headings,
        cells.controls,
        cells.formulas,
        cells.ragged_rows,
        cells.doubles,
        cells.scripts,
        forms.sizes,
        forms.no_text,
        cells.injections,
        forms.empty_lists,
        cells.spaces,
        cells.addresses,
        cells.meanings,
        cells.too_long,
        forms.separators,
    )
    return [case for part in parts for case in part()]
