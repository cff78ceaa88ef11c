"""Keys that follow from the server's secret, one for each purpose: P-256 (FIPS 186-5) to sign, AES-256 to seal."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256."""


def sealing_key(secret: str, purpose: bytes) -> bytes:
    """The key for what is stored sealed; 32 bytes, another secret gives another one.

    Args:
        secret: Of the server.
        purpose: What it seals (HKDF, RFC 5869: `info`).
    """
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(secret.encode())


NONCE = 12
"""Bytes (NIST SP 800-38D, 8.2)."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals texts for one purpose, each for its own row alone: moved to another row it opens nothing.

    Attributes:
        secret: Of the server.
        purpose: As for `sealing_key`.
    """

    secret: str = field(repr=False)
    purpose: bytes

    @property
    def _cipher(self) -> AESGCM:
        return AESGCM(sealing_key(self.secret, self.purpose))

    def seal(self, text: str, row: bytes) -> bytes:
        """A text, bound to what names its row."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), row)

    def open_or_none(self, sealed: bytes, row: bytes) -> str | None:
        """The text; None where the server's secret changed since, or it was changed or moved."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], row).decode()
        except InvalidTag:
            return None


def signing_key(secret: str, purpose: bytes) -> ec.EllipticCurvePrivateKey:
    """The key for a purpose; another secret gives another one.

    Args:
        secret: Of the server.
        purpose: What it signs, which keeps keys apart (HKDF, RFC 5869: `info`).
    """
    stretched = HKDF(hashes.SHA256(), 40, salt=None, info=purpose).derive(secret.encode())
    return ec.derive_private_key(1 + int.from_bytes(stretched) % (ORDER - 1), ec.SECP256R1())


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public key as browsers and verifiers take it (JSON Web Key, RFC 7517)."""
    numbers = key.public_key().public_numbers()

    def text(number: int) -> str:
        return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")

    return {"kty": "EC", "crv": "P-256", "x": text(numbers.x), "y": text(numbers.y)}
