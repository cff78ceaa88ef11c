"""The provider of single sign-on, asked over the network with Authlib. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.single_sign_on.errors import SignOnRefused

TIMEOUT = 10
"""Seconds for each question to the provider."""
SCOPE = "openid email profile"
LEEWAY = 60
"""Seconds that two clocks may differ."""
ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]


@dataclass(frozen=True, slots=True)
class Provider:
    """What the settings say of it.

    Attributes:
        issuer: Its address, without a slash at the end.
        client: As which it knows this site.
        secret: What the two share.
        back: Address to which it sends people back.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    back: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a person is sent, and what the browser keeps until they are back."""

    address: str
    state: str
    nonce: str
    verifier: str


@lru_cache(maxsize=4)
def discover(issuer: str) -> dict[str, Any]:
    """What a provider says of itself (OpenID Connect Discovery 1.0, 4).

    Raises:
        SignOnRefused: It does not answer, or says that it is another one.
    """
    try:
        reply = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=TIMEOUT)
        reply.raise_for_status()
        found: dict[str, Any] = reply.json()
    except (requests.RequestException, ValueError) as error:
        raise SignOnRefused("The provider of single sign-on does not answer.", reason="provider") from error
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise SignOnRefused("The provider says that it is another one.", reason="provider")
    return found


def leave(provider: Provider) -> Leaving:
    """Begin: with a state, a nonce and a verifier of this try alone (RFC 7636; OpenID Connect Core, 3.1.2.1)."""
    found = discover(provider.issuer)
    state, nonce, verifier = generate_token(32), generate_token(32), generate_token(48)
    with OAuth2Session(provider.client, provider.secret, scope=SCOPE, redirect_uri=provider.back) as session:
        address, _ = session.create_authorization_url(
            found["authorization_endpoint"],
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
    return Leaving(address, state, nonce, verifier)


def arrive(provider: Provider, code: str, nonce: str, verifier: str) -> dict[str, Any]:
    """The claims of whoever came back with a code, checked (OpenID Connect Core, 3.1.3.7).

    Raises:
        SignOnRefused: The code is not taken, or the token is not the provider's, not for this site, or too old.
    """
    found = discover(provider.issuer)
    try:
        with OAuth2Session(provider.client, provider.secret, redirect_uri=provider.back) as session:
            token = session.fetch_token(
                found["token_endpoint"], code=code, code_verifier=verifier, grant_type="authorization_code",
                timeout=TIMEOUT,
            )  # fmt: skip
        keys = requests.get(found["jwks_uri"], timeout=TIMEOUT)
        keys.raise_for_status()
        decoded = jwt.decode(token["id_token"], KeySet.import_key_set(keys.json()), algorithms=ALGORITHMS)
        required: Any = {
            "iss": {"essential": True, "value": found["issuer"]},
            "aud": {"essential": True, "value": provider.client},
            "nonce": {"essential": True, "value": nonce},
            "sub": {"essential": True},
            "exp": {"essential": True},
        }
        jwt.JWTClaimsRegistry(leeway=LEEWAY, **required).validate(decoded.claims)
        claims = dict(decoded.claims)
        if "email" not in claims and "userinfo_endpoint" in found:
            claims = {**_ask_more(found["userinfo_endpoint"], token["access_token"], claims["sub"]), **claims}
    except (requests.RequestException, OAuthError, JoseError, KeyError, ValueError) as error:
        raise SignOnRefused("The provider's answer does not hold.", reason="provider") from error
    return claims


def _ask_more(address: str, access_token: str, subject: str) -> dict[str, Any]:
    """Address and name, where the token does not hold them (OpenID Connect Core, 5.3.2)."""
    reply = requests.get(address, headers={"Authorization": f"Bearer {access_token}"}, timeout=TIMEOUT)
    reply.raise_for_status()
    found: dict[str, Any] = reply.json()
    return found if found.get("sub") == subject else {}
