"""Open Badges 3.0 of documents: credentials that anybody can verify with the centre's public key.

A badge is a verifiable credential secured as a JSON Web Token (Open Badges 3.0, 8.2; ES256, RFC 7518); a list of bits
says which were taken back (W3C Bitstring Status List). The holder stands in it as a salted digest of their address.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from api.core.keys import public_jwk, signing_key
from api.documents.models import Document, DocumentKind

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
LIST_CONTEXT = ["https://www.w3.org/ns/credentials/v2"]
BADGED: tuple[DocumentKind, ...] = ("presence", "competence")
"""Kinds of documents that have one."""
BITS = 131_072
"""Of the status list: the least that hides which place somebody asks about (W3C Bitstring Status List, 3.2)."""
FRESH = timedelta(days=1)
"""How long a status list may be kept."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues badges.

    Attributes:
        site: Its address.
        name: As people know it.
        key: Follows from the server's secret: another secret needs the old one's public key to be published on.
    """

    site: str
    name: str
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def of(cls, site: str, name: str, secret: str) -> Issuer:
        """The issuer that a server is."""
        return cls(site, name, signing_key(secret, b"airlock badges"))

    @property
    def id(self) -> str:
        """Address of its profile."""
        return f"{self.site}/api/v1/badges/issuer"

    @property
    def key_id(self) -> str:
        """Address of its key."""
        return f"{self.site}/api/v1/badges/keys#1"

    @property
    def status_list(self) -> str:
        """Address of the status list."""
        return f"{self.site}/api/v1/badges/status"

    def profile(self) -> dict[str, Any]:
        """Who it is (Open Badges 3.0, Profile)."""
        return {"id": self.id, "type": ["Profile"], "name": self.name, "url": self.site}

    def keys(self) -> dict[str, Any]:
        """Its keys as a set (RFC 7517, 5)."""
        return {"keys": [{**public_jwk(self.key), "kid": self.key_id, "alg": "ES256", "use": "sig"}]}

    def _sign(self, credential: dict[str, Any], at: datetime, until: datetime | None, subject: str | None) -> str:
        claims = {**credential, "iss": self.id, "jti": credential["id"], "nbf": int(at.timestamp())}
        if subject is not None:
            claims["sub"] = subject
        if until is not None:
            claims["exp"] = int(until.timestamp())
        return jwt.encode(
            claims, self.key, algorithm="ES256", headers={"kid": self.key_id, "jwk": public_jwk(self.key)}
        )

    def badge(self, document: Document, email: str, address: str) -> str:
        """The badge of a document.

        Args:
            document: Of a kind that has one.
            email: The holder's; its salted digest stands in the badge.
            address: Of the document's check page: a secret that the holder hands on with the badge.
        """
        identity = hashlib.sha256((email.casefold() + document.salt).encode()).hexdigest()
        content = document.content
        about = f"{self.site}/{document.module_id}/" if document.module_id else f"urn:uuid:{document.event_id}"
        lines = [row[0] for section in content["sections"] for row in section["rows"]]
        credential: dict[str, Any] = {
            "@context": CONTEXT,
            "id": f"urn:uuid:{document.id}",
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": self.profile(),
            "validFrom": _iso(document.issued_at),
            "name": f"{content['title']}: {content['about']}",
            "credentialSubject": {
                "type": ["AchievementSubject"],
                "identifier": [
                    {
                        "type": "IdentityObject",
                        "hashed": True,
                        "identityHash": f"sha256${identity}",
                        "identityType": "emailAddress",
                        "salt": document.salt,
                    }
                ],
                "achievement": {
                    "id": about,
                    "type": ["Achievement"],
                    "achievementType": "Certificate",
                    "name": content["about"],
                    "description": content["title"],
                    "criteria": {"narrative": "\n".join(lines) or content["title"]},
                },
            },
            "evidence": [{"id": address, "type": ["Evidence"], "name": document.number}],
            "credentialStatus": {
                "id": f"{self.status_list}#{document.place}",
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": str(document.place),
                "statusListCredential": self.status_list,
            },
        }
        if document.valid_until is not None:
            credential["validUntil"] = _iso(document.valid_until)
        return self._sign(credential, document.issued_at, document.valid_until, None)

    def status(self, places: Iterable[int], at: datetime) -> str:
        """The status list: a bit for each document, set where it was taken back.

        Args:
            places: Of those that were.
            at: When it is made; it may be kept for a day.
        """
        taken = list(places)
        bits = bytearray(max(BITS, (max(taken, default=0) // 8 + 1) * 8) // 8)
        for place in taken:
            bits[place // 8] |= 0x80 >> place % 8
        packed = gzip.compress(bytes(bits), mtime=0)
        credential = {
            "@context": LIST_CONTEXT,
            "id": self.status_list,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": self.id,
            "validFrom": _iso(at),
            "validUntil": _iso(at + FRESH),
            "credentialSubject": {
                "id": f"{self.status_list}#list",
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": "u" + base64.urlsafe_b64encode(packed).decode().rstrip("="),
            },
        }
        return self._sign(credential, at, at + FRESH, f"{self.status_list}#list")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
