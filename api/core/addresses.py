"""E-mail addresses: one rule for accounts, lists and codes."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, validate_email


def read_address(text: str) -> str | None:
    """One spelling for an e-mail address, None for what no mail server takes (RFC 5321).

    Whether it exists is not asked. Small letters; other scripts are allowed on both sides (RFC 6531).
    """
    email = unicodedata.normalize("NFC", text.strip()).casefold()
    try:
        validate_email(email, check_deliverability=False, test_environment=True, strict=True)
    except EmailNotValidError:
        return None
    return email if len(email) <= 254 else None
