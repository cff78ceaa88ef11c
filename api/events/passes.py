"""Door passes: signed for one person, one half-day and five minutes, and verified with the public key alone.

A pass is 37 bytes (event, number of the half-day, person, from when it is good) and their ECDSA signature over P-256
(FIPS 186-5), deterministic (RFC 6979), in base32 (RFC 4648): what a QR code holds best, and what every browser verifies
without a connection (Web Cryptography, `ECDSA` with `SHA-256`).
"""

from __future__ import annotations

import base64
import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from api.core.keys import public_jwk, signing_key

LIFE = timedelta(minutes=5)
"""How long a pass is shown before the next one takes its place."""
SLACK = timedelta(minutes=2)
"""How far clocks may be apart, before and after."""
PREFIX = "AIRLOCK."
LAYOUT = struct.Struct(">16sB16sI")
SIGNATURE = 64
_SHA256 = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class FalsePass(ValueError):
    """It is no pass, or this server as it is today did not sign it."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Whom it lets in, where, and from when on.

    Attributes:
        number: Of the half-day.
        begins: Whole seconds; it is good for `LIFE`.
    """

    event_id: uuid.UUID
    number: int
    person_id: uuid.UUID
    begins: datetime

    def is_good_at(self, moment: datetime) -> bool:
        """Whether a clock that may be a little wrong shows a time at which it is good."""
        return self.begins - SLACK <= moment < self.begins + LIFE + SLACK


@dataclass(frozen=True, slots=True)
class PassKey:
    """The key of the server."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, secret: str) -> PassKey:
        """The key that follows from the server's secret; another secret makes all passes of before false."""
        return cls(signing_key(secret, b"airlock door pass"))

    def sign(self, one: Pass) -> str:
        """A pass as its QR code holds it."""
        content = LAYOUT.pack(one.event_id.bytes, one.number, one.person_id.bytes, int(one.begins.timestamp()))
        r, s = decode_dss_signature(self.private.sign(content, _SHA256))
        signed = content + r.to_bytes(32) + s.to_bytes(32)
        return PREFIX + base64.b32encode(signed).decode().rstrip("=")

    def read(self, text: str) -> Pass:
        """What a pass says.

        Raises:
            FalsePass: It says nothing that this server signed.
        """
        if not text.startswith(PREFIX):
            raise FalsePass("no pass of Airlock")
        body = text.removeprefix(PREFIX)
        try:
            signed = base64.b32decode(body + "=" * (-len(body) % 8))
        except ValueError:
            raise FalsePass("no base32") from None
        if len(signed) != LAYOUT.size + SIGNATURE:
            raise FalsePass("too short or too long")
        content, signature = signed[: LAYOUT.size], signed[LAYOUT.size :]
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        try:
            self.private.public_key().verify(encode_dss_signature(r, s), content, _SHA256)
        except InvalidSignature:
            raise FalsePass("not signed with this key") from None
        event_id, number, person_id, begins = LAYOUT.unpack(content)
        return Pass(uuid.UUID(bytes=event_id), number, uuid.UUID(bytes=person_id), datetime.fromtimestamp(begins, UTC))

    def public(self) -> dict[str, str]:
        """The public key as browsers take it (JSON Web Key, RFC 7517)."""
        return public_jwk(self.private)


def windows(begins: datetime, ends: datetime) -> Iterator[datetime]:
    """When the passes of a time begin to be good, one after the other."""
    moment = datetime.fromtimestamp(begins.timestamp() // LIFE.total_seconds() * LIFE.total_seconds(), UTC)
    while moment < ends:
        yield moment
        moment += LIFE


def qr_rows(text: str) -> list[str]:
    """A QR code (ISO/IEC 18004, level M) as rows of "0" and "1", without its margin."""
    return ["".join("1" if dark else "0" for dark in row) for row in segno.make(text, error="m", micro=False).matrix]
