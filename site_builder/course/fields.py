"""What fields of the model say of themselves: which may be left out of the compiled form, which were made of others."""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any

SPARSE = {"sparse": True}
"""Metadata of a field that is left out of the compiled form while it has its default.

A field that is added to the model carries it: modules that do not use the new thing keep their versions, and nothing
that learners completed reopens because the program was brought up to date.
"""

DERIVED = {"sparse": True, "derived": True}
"""Metadata of a field that is made of the others: it is stored, and counts for no version."""


def made_of(source: str, *, default: Any = MISSING) -> Any:
    """A field with HTML that was made of what the author wrote, which stands in the field `source`.

    Versions and editions are hashes of what the author wrote: a library that writes HTML in another way changes none.
    """
    return field(default=default, metadata={"written": source})
