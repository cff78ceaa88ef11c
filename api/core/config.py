"""Configuration: read once from the environment, typed, and refused with a sentence when something is missing."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


class ConfigError(ValueError):
    """A setting is missing or wrong; the message says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set.

    Attributes:
        url: Public address, `https://…`; plain http only on this machine.
        database_url: As SQLAlchemy reads it.
        secret_key: Signs cookies; 32 characters or more.
        site: Folder of the built site, or a link to it; None serves the API alone.
        proxies: How many reverse proxies stand in front and set X-Forwarded-For.
    """

    url: str
    database_url: str
    secret_key: str
    site: Path | None = None
    proxies: int = 0

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
    secret = _required(environment, "AIRLOCK_SECRET_KEY", "at least 32 random characters")
    if len(secret) < 32:
        raise ConfigError("AIRLOCK_SECRET_KEY is shorter than 32 characters.")
    site = environment.get("AIRLOCK_SITE", "")
    proxies = environment.get("AIRLOCK_PROXIES", "0")
    if not proxies.isdecimal() or int(proxies) > 9:
        raise ConfigError(f"AIRLOCK_PROXIES is {proxies!r}; it is the number of reverse proxies, 0 to 9.")
    return Settings(
        url=url,
        database_url=read_database_url(environment),
        secret_key=secret,
        site=Path(site) if site else None,
        proxies=int(proxies),
    )


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


def _required(environment: Mapping[str, str], name: str, what: str) -> str:
    value = environment.get(name, "")
    if not value and (file := environment.get(f"{name}_FILE")):
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}_FILE names {file!r}, which cannot be read: {error.strerror}") from error
    if not value:
        raise ConfigError(f"{name} is not set. It is {what}.")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
