"""Lines that people type as names: of themselves, of classes, of rooms. They stand in our mails and on our pages."""

from __future__ import annotations

import re
import unicodedata

from api.core.errors import Invalid

LONGEST_NAME = 120
JOINERS = "\u200c\u200d"
"""Some scripts write names with them (Unicode TR 31, 2.3)."""
ADDRESS = re.compile(
    r"://|(?<!\w)www\.|\S@\S|[\w-]{2,}\.[a-z]{2,}(?=[/:?#]|\s|$)|[\w-]{2,}\.(?i:com|net|org|info|be|eu|fr|nl)\b"
)
"""What is no name: an address of a page or of a mailbox. Mail programs make links of it."""


def clean_line(text: str) -> str:
    """One line without control signs and marks of direction, which would turn what stands behind it; NFC."""
    kept = (
        " " if sign.isspace() else sign
        for sign in unicodedata.normalize("NFC", text)
        if sign.isspace() or sign in JOINERS or unicodedata.category(sign)[0] != "C"
    )
    return " ".join("".join(kept).split())


def has_address(text: str) -> bool:
    """Whether a line has the address of a page or of a mailbox in it."""
    return ADDRESS.search(text) is not None


def checked_name(text: str, field: str = "name") -> str:
    """A name as it is kept.

    Raises:
        Invalid: It is empty, has more than 120 characters, or has an address in it: it would stand in somebody's
            mailbox as a link with our name on it.
    """
    name = clean_line(text)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Invalid(f"A name has 1 to {LONGEST_NAME} characters.", field=field)
    if has_address(name):
        raise Invalid("A name has no web or mail address in it.", field=field)
    return name
