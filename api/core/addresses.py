"""E-mail addresses: one rule for accounts, lists and codes."""

from __future__ import annotations

import unicodedata

from email_validator import EmailNotValidError, ValidatedEmail, validate_email


def read_address(text: str) -> str | None:
    """One spelling for an e-mail address, None for what no mail server takes (RFC 5321).

    Whether it exists is not asked. Small letters, and the domain as people write it (IDNA 2008, RFC 5891), whichever of
    its two forms was typed. Capitals are made small and nothing else is: ß is no ss, neither in a domain nor before it.
    What stands before the @ must be ASCII: servers that take other letters there (RFC 6531) are too few to rely on.
    """
    found = _read(text)
    email = f"{found.local_part.lower()}@{found.domain}" if found and found.domain else ""
    return email if 0 < len(email) <= 254 else None


def has_other_letters(text: str) -> bool:
    """Whether an address would be one if it had no accents before the @."""
    local, _, domain = text.strip().rpartition("@")
    plain = unicodedata.normalize("NFKD", local).encode("ascii", "ignore").decode()
    return not local.isascii() and read_address(f"{plain}@{domain}") is not None


def mail_domain(email: str) -> str:
    """The domain of an address as mail servers write it (RFC 5891).

    Raises:
        ValueError: It is no address.
    """
    found = _read(email)
    if found is None or not found.ascii_domain:
        raise ValueError(f"{email!r} is no address")
    return found.ascii_domain


def _read(text: str) -> ValidatedEmail | None:
    email = unicodedata.normalize("NFC", text.strip())
    local, _, domain = email.rpartition("@")
    try:
        return (
            validate_email(
                f"{local}@{domain.lower()}",
                check_deliverability=False,
                test_environment=True,
                strict=True,
                allow_smtputf8=True,
                allow_quoted_local=False,
            )
            if local.isascii()
            else None
        )
    except EmailNotValidError:
        return None
