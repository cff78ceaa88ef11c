"""Configuration: read once from the environment, typed, and refused with a sentence when something is missing."""

from __future__ import annotations

import ipaddress
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log2
from pathlib import Path
from urllib.parse import urlsplit

from api.core.roles import ROLES, Role


class ConfigError(ValueError):
    """A setting is missing or wrong; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class SignOn:
    """Where people may sign in who have an account elsewhere.

    Attributes:
        issuer: Address of the provider, without a slash at the end.
        client: As which it knows this site.
        secret: What the two share.
        name: What stands on the button.
        roles: Groups of the provider, each with the role that it gives.
        adds: Whether whoever comes for the first time gets an account.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    name: str
    roles: tuple[tuple[str, Role], ...]
    adds: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set.

    Attributes:
        url: Public address, `https://…`; plain http only on this machine.
        database_url: As SQLAlchemy reads it.
        secret_key: Signs cookies; 32 characters or more.
        audit_key: Seals the audit trail; 32 characters or more, kept outside of the database and its backups.
        audit_anchor: File to which the trail's newest hash is written; None writes none.
        site: Folder of the built site, or a link to it; None serves the API alone.
        proxies: How many reverse proxies stand in front and set X-Forwarded-For.
        mail: Where messages go: `smtp://…`, `smtps://…`, or `mailbox:` for the demo's page; None keeps them waiting.
        mail_from: Whom they come from: "Airlock <airlock@example.org>".
        source_url: Where trainers change a lesson, with {path} and {line} in it; "" shows path and line alone.
        centre: Who issues documents and badges, as people know it.
        schemes: Folder with the files of funding schemes; None has none.
        second_factor: Roles that must have a second factor.
        sign_on: Single sign-on; None is none.
        security_contact: Where somebody reports a hole: `mailto:…` or `https://…`; "" names nobody.
    """

    url: str
    database_url: str
    secret_key: str
    audit_key: str = ""
    audit_anchor: Path | None = None
    site: Path | None = None
    proxies: int = 0
    mail: str | None = None
    mail_from: str = ""
    source_url: str = ""
    centre: str = "Airlock"
    schemes: Path | None = None
    security_contact: str = ""
    second_factor: frozenset[str] = frozenset()
    sign_on: SignOn | None = None

    @property
    def secure(self) -> bool:
        """Whether the site is reached by https."""
        return self.url.startswith("https://")

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment variables; `NAME_FILE` names a file that holds the value of `NAME`.

    Raises:
        ConfigError: A setting is missing or wrong.
    """
    url = _required(
        environment, "AIRLOCK_URL", "the address that people type, for example https://learn.example.org"
    ).rstrip("/")
    parts = urlsplit(url)
    url = parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"AIRLOCK_URL is {url!r}; it must be an address such as https://learn.example.org")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ConfigError(f"AIRLOCK_URL is {url!r}; sign-in over plain http works on this machine only. Use https.")
    secret = _secret(environment, "AIRLOCK_SECRET_KEY", "at least 32 random characters")
    audit_key, audit_anchor = read_audit(environment)
    site = environment.get("AIRLOCK_SITE", "")
    proxies = environment.get("AIRLOCK_PROXIES", "0")
    if not proxies.isdecimal() or int(proxies) > 9:
        raise ConfigError(f"AIRLOCK_PROXIES is {proxies!r}; it is the number of reverse proxies, 0 to 9.")
    mail, mail_from = _read_mail(environment, _is_loopback(parts.hostname))
    return Settings(
        url=url,
        database_url=read_database_url(environment),
        secret_key=secret,
        audit_key=audit_key,
        audit_anchor=audit_anchor,
        site=Path(site) if site else None,
        proxies=int(proxies),
        mail=mail,
        mail_from=mail_from,
        source_url=_read_source_url(environment),
        centre=environment.get("AIRLOCK_CENTRE", "").strip() or "Airlock",
        schemes=Path(environment["AIRLOCK_SCHEMES"]) if environment.get("AIRLOCK_SCHEMES") else None,
        security_contact=_read_contact(environment),
        second_factor=_read_second_factor(environment),
        sign_on=_read_sign_on(environment),
    )


def check_served(settings: Settings, host: str) -> None:
    """Refuse to serve a network what is meant for one machine: plain http, with cookies that anybody may read.

    Raises:
        ConfigError: The address is http, and `host` listens to others.
    """
    if not settings.secure and not _is_loopback(host.strip("[]")):
        raise ConfigError(
            f"AIRLOCK_URL is {settings.url!r}, and --host {host} would serve it to the network without encryption. "
            "Set AIRLOCK_URL to the https address, or listen on 127.0.0.1."
        )


def _read_source_url(environment: Mapping[str, str]) -> str:
    """Where the sources of lessons can be changed."""
    address = environment.get("AIRLOCK_SOURCE_URL", "")
    if address and (not address.startswith(("https://", "http://")) or "{path}" not in address):
        raise ConfigError(
            "AIRLOCK_SOURCE_URL must be an address with {path}, and {line} if it can: "
            "https://git.example.org/courses/edit/main/content/{path}#L{line}"
        )
    return address


def _read_contact(environment: Mapping[str, str]) -> str:
    """Where somebody reports a hole (RFC 9116, 2.5.3)."""
    contact = environment.get("AIRLOCK_SECURITY_CONTACT", "").strip()
    if contact and (not contact.startswith(("mailto:", "https://")) or not contact.isascii() or " " in contact):
        raise ConfigError("AIRLOCK_SECURITY_CONTACT must be mailto:security@example.org or an https:// address.")
    return contact


def _read_second_factor(environment: Mapping[str, str]) -> frozenset[str]:
    """Roles that must have a second factor."""
    words = environment.get("AIRLOCK_SECOND_FACTOR", "").replace(",", " ").split()
    unknown = sorted(set(words) - set(ROLES))
    if unknown:
        raise ConfigError(f"AIRLOCK_SECOND_FACTOR names {unknown[0]!r}; roles are {', '.join(ROLES)}.")
    return frozenset(words)


def _read_sign_on(environment: Mapping[str, str]) -> SignOn | None:
    """Single sign-on; its settings come together."""
    issuer = environment.get("AIRLOCK_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        raise ConfigError("AIRLOCK_OIDC_ISSUER must be the https:// address of the provider.")
    roles: dict[str, Role] = {}
    for pair in filter(None, (one.strip() for one in environment.get("AIRLOCK_OIDC_ROLES", "").split(","))):
        group, _, role = pair.rpartition("=")
        if not group or role not in ROLES:
            raise ConfigError(f"AIRLOCK_OIDC_ROLES has {pair!r}; write group=role, roles are {', '.join(ROLES)}.")
        roles[group.strip()] = role
    return SignOn(
        issuer=issuer,
        client=_required(environment, "AIRLOCK_OIDC_CLIENT", "the name under which the provider knows this site"),
        secret=_required(environment, "AIRLOCK_OIDC_SECRET", "what the provider and this site share"),
        name=environment.get("AIRLOCK_OIDC_NAME", "").strip() or parts.hostname or issuer,
        roles=tuple(roles.items()),
        adds=environment.get("AIRLOCK_OIDC_ADDS", "yes").strip().lower() not in ("no", "0", "false"),
    )


MAILBOX = "mailbox:"


def _read_mail(environment: Mapping[str, str], local: bool) -> tuple[str | None, str]:
    """How messages leave, and whom they come from."""
    mail = _optional(environment, "AIRLOCK_MAIL")
    if not mail:
        return None, ""
    if mail == MAILBOX:
        # Whoever reads that page reads invitations: it is for this machine alone.
        if not local:
            raise ConfigError("AIRLOCK_MAIL is 'mailbox:', which is for a demo on this machine. Name a mail server.")
        return mail, "airlock@localhost"
    parts = urlsplit(mail)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ConfigError("AIRLOCK_MAIL must be smtp://user:password@host:587 or smtps://user:password@host:465.")
    sender = _required(environment, "AIRLOCK_MAIL_FROM", 'whom messages come from: "Airlock <airlock@example.org>"')
    if "@" not in sender or "\n" in sender:
        raise ConfigError(f"AIRLOCK_MAIL_FROM is {sender!r}; it must hold an e-mail address.")
    return mail, sender


def read_audit(environment: Mapping[str, str] = os.environ) -> tuple[str, Path | None]:
    """Key of the audit trail, and the file outside of the database that its head is written to.

    Raises:
        ConfigError: There is no key, it is short, or the file cannot be written to.
    """
    key = _secret(environment, "AIRLOCK_AUDIT_KEY", "at least 32 random characters that are never changed")
    name = environment.get("AIRLOCK_AUDIT_ANCHOR", "")
    if not name:
        return key, None
    try:
        Path(name).open("ab").close()
    except OSError as error:
        raise ConfigError(
            f"AIRLOCK_AUDIT_ANCHOR names {name!r}, which cannot be written to: {error.strerror}"
        ) from error
    return key, Path(name)


DATABASE_HINT = "sqlite:////var/lib/airlock/airlock.db or postgresql://…"


def read_database_url(environment: Mapping[str, str] = os.environ) -> str:
    """The database alone, for commands that need nothing else.

    Raises:
        ConfigError: It is missing or of another kind.
    """
    return database_url(_required(environment, "DATABASE_URL", DATABASE_HINT))


def database_url(text: str) -> str:
    """The address with the driver that Airlock uses: psycopg for PostgreSQL."""
    for scheme in ("postgresql://", "postgres://"):
        if text.startswith(scheme):
            return f"postgresql+psycopg://{text.removeprefix(scheme)}"
    if not text.startswith(("sqlite:", "postgresql+psycopg:")):
        raise ConfigError(
            f"DATABASE_URL starts with {text.partition(':')[0]!r}; Airlock runs on sqlite: and postgresql:"
        )
    return text


def _optional(environment: Mapping[str, str], name: str) -> str:
    """A setting, or what is in the file that `NAME_FILE` names; "" if there is neither."""
    value = environment.get(name, "")
    if not value and (file := environment.get(f"{name}_FILE")):
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}_FILE names {file!r}, which cannot be read: {error.strerror}") from error
    return value


def _required(environment: Mapping[str, str], name: str, what: str) -> str:
    value = _optional(environment, name)
    if not value:
        raise ConfigError(f"{name} is not set. It is {what}.")
    return value


ENOUGH_BITS = 80
"""32 letters or digits as they come from a generator have more than 90; a pattern has less."""


def bits_of(secret: str) -> float:
    """How much there is to guess in a secret, bits, at most: by what its signs say of one another.

    A secret that repeats itself is worth what it repeats; each sign as much as the signs' frequencies tell (Shannon).
    """
    period = next(n for n in range(1, len(secret) + 1) if (secret[:n] * len(secret)).startswith(secret))
    part = secret[:period]
    steps = [ord(after) - ord(before) for before, after in pairwise(part)]
    return min(_entropy(part), _entropy(steps)) if steps else 0.0


def _entropy(signs: Sequence[object]) -> float:
    counts = Counter(signs).values()
    return -sum(count * log2(count / len(signs)) for count in counts)


def _secret(environment: Mapping[str, str], name: str, what: str) -> str:
    """A secret of the server's that nobody guesses."""
    value = _required(environment, name, what)
    if len(value) < 32:
        raise ConfigError(f"{name} is shorter than 32 characters. Make one with: openssl rand -base64 48")
    if bits_of(value) < ENOUGH_BITS:
        raise ConfigError(f"{name} can be guessed: it repeats itself. Make one with: openssl rand -base64 48")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
