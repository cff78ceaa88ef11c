"""How a letter leaves: by an SMTP server, or into the mailbox of the demo.

A sender says when it is about to hand a letter over, in the last moment before the other side may have it. Until then a
crash means that it was not sent; from then on only the other side knows.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from api.core.addresses import mail_domain
from api.core.clock import Clock, system_clock
from api.core.database import Database
from api.core.outbox import NotNow, Refused, Unclear
from api.messages.letters import Letter
from api.messages.models import MailboxEntry, Message

TIMEOUT = 30
"""Seconds to wait for a mail server."""


class Sender(Protocol):
    """Something that letters leave by."""

    def __enter__(self) -> Self:
        """Begin; nothing is connected before there is a letter."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End."""

    def send(self, letter: Letter, message_id: UUID, handing_over: Callable[[], None]) -> None:
        """Send a letter.

        Raises:
            NotNow: Try again later.
            Refused: Do not try again.
            Unclear: It was handed over, and nobody knows whether it arrived.
        """


@dataclass
class SmtpSender:
    """An SMTP server: `smtp://user:password@host:587` or `smtps://host:465`.

    The password goes over an encrypted connection alone, and without encryption the server must be this machine.
    """

    address: str
    mail_from: str
    _connection: smtplib.SMTP | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        """Nothing yet."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Close the connection."""
        self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> smtplib.SMTP:
        if self._connection is not None:
            return self._connection
        parts = urlsplit(self.address)
        host = parts.hostname or "localhost"
        local = host in ("localhost", "127.0.0.1", "::1")
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if parts.scheme == "smtps":
            connection = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
        else:
            connection = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
        self._connection = connection
        connection.ehlo()
        encrypted = parts.scheme == "smtps"
        if not encrypted and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
            encrypted = True
        if not encrypted and not local:
            raise smtplib.SMTPException("The server offers no encryption.")
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
        return connection

    def send(self, letter: Letter, message_id: UUID, handing_over: Callable[[], None]) -> None:
        """Send over one connection, opened with the first letter.

        The letter goes out whole but for the dot that ends it: a server delivers nothing before the dot (RFC 5321,
        4.1.1.4), so that what breaks earlier may be sent again, and what breaks later may not.
        """
        try:
            recipient = self._recipient(letter).addr_spec
            recipient.encode("ascii")
            body = self.compose(letter, message_id).as_bytes(policy=SMTP)
        except (ValueError, MessageError) as error:
            raise Refused(f"This address cannot be written in a mail: {error}"[:300]) from error
        try:
            connection = self._connect()
            self._check(connection.mail(self._sender_address()))
            self._check(connection.rcpt(recipient))
            connection.putcmd("data")
            self._check(connection.getreply(), wanted=354)
            connection.send(b"".join(b"." + line if line.startswith(b".") else line for line in body.splitlines(True)))
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            reachable = isinstance(error, smtplib.SMTPResponseException)
            raise NotNow(str(error)[:300], reachable=reachable) from error
        handing_over()
        try:
            connection.send(b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")
            reply = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise Unclear(str(error)[:300]) from error
        self._check(reply)

    def _sender_address(self) -> str:
        return self.mail_from.rpartition("<")[2].rstrip("> ")

    def _check(self, reply: tuple[int, bytes], wanted: int = 250) -> None:
        """Go on if the server agrees; the connection is of no more use otherwise."""
        code, text = reply
        if code == wanted or (wanted == 250 and code == 251):
            return
        self._close()
        reason = f"{code} {text.decode('utf-8', 'replace')}"[:300]
        if 500 <= code < 600:
            raise Refused(reason)
        raise NotNow(reason, reachable=True)

    @staticmethod
    def _recipient(letter: Letter) -> Address:
        """The reader's address, its domain as mail servers write it (RFC 5891); the part before the @ must be ASCII."""
        local = letter.recipient.rpartition("@")[0]
        return Address(display_name=letter.name, username=local, domain=mail_domain(letter.recipient))

    def compose(self, letter: Letter, message_id: UUID) -> EmailMessage:
        """The letter with its headers. The Message-ID is the same at every try, so that mail programs see doubles."""
        mail = EmailMessage()
        domain = self._sender_address().rpartition("@")[2]
        mail["From"] = self.mail_from
        mail["To"] = self._recipient(letter)
        mail["Subject"] = letter.subject
        # RFC 5322, 3.6: every mail has one; some servers refuse those without.
        mail["Date"] = format_datetime(system_clock())
        mail["Message-ID"] = f"<{message_id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = letter.lang
        if letter.unsubscribe:
            mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content(letter.text, cte="quoted-printable")
        for number, (method, content) in enumerate(letter.calendars, start=1):
            part = EmailMessage()
            part.set_content(content.decode(), subtype="calendar", cte="base64", params={"method": method})
            part["Content-Disposition"] = f'attachment; filename="airlock-{number}.ics"'
            mail.make_mixed() if number == 1 else None
            mail.attach(part)
        return mail


@dataclass
class MailboxSender:
    """The demo's mailbox: a table that a page shows."""

    database: Database
    clock: Clock

    def __enter__(self) -> Self:
        """Nothing to begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Nothing to end."""

    def send(self, letter: Letter, message_id: UUID, handing_over: Callable[[], None]) -> None:
        """Put the letter into the table."""
        handing_over()
        with self.database.writing() as session:
            message = session.get_one(Message, message_id)
            session.add(
                MailboxEntry(
                    id=message_id,
                    person_id=message.person_id,
                    recipient=letter.recipient,
                    subject=letter.subject,
                    text=letter.text,
                    lang=letter.lang,
                    at=self.clock(),
                )
            )
