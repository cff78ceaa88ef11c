"""Routes of single sign-on: away to the provider, and back."""

from __future__ import annotations

import hmac
from typing import Annotated

from apiflask import APIBlueprint
from flask import Response, session
from pydantic import StringConstraints

from api.accounts.routes import device_here, let_in
from api.accounts.sign_ins import begin
from api.core.apart import apart
from api.core.errors import NotFound
from api.core.limits import limiter
from api.core.pages import page_path
from api.core.permissions import anyone
from api.core.requests import current_session, current_settings, now
from api.core.schemas import Lang, Query
from api.single_sign_on import operations
from api.single_sign_on.errors import SignOnRefused
from api.single_sign_on.provider import Provider, arrive, leave

sign_on = APIBlueprint("sign_on", __name__, url_prefix="/api/v1", tag="Single sign-on")
KEPT = "airlock_sign_on"
BACK = "/api/v1/sign-in/elsewhere/back"


class AwayQuery(Query):
    """In which language one comes back, and to which page of this site."""

    lang: Lang = "en"
    next: Annotated[str, StringConstraints(max_length=500)] = ""


class BackQuery(Query):
    """What the provider sends along."""

    code: Annotated[str, StringConstraints(max_length=2000)] = ""
    state: Annotated[str, StringConstraints(max_length=200)] = ""
    error: Annotated[str, StringConstraints(max_length=200)] = ""
    error_description: Annotated[str, StringConstraints(max_length=2000)] = ""
    iss: Annotated[str, StringConstraints(max_length=500)] = ""
    session_state: Annotated[str, StringConstraints(max_length=500)] = ""


def _provider() -> Provider:
    settings = current_settings()
    if settings.sign_on is None:
        raise NotFound("There is no single sign-on.")
    known = settings.sign_on
    return Provider(known.issuer, known.client, known.secret, f"{settings.url}{BACK}")


def is_here(address: str) -> bool:
    """Whether an address is a path of this site and nothing else."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    return plain and "\\" not in address and "//" not in address.partition("?")[0] and address.isprintable()


@sign_on.get("/sign-in/elsewhere")
@anyone()
@limiter.limit("60 per minute")
@sign_on.input(AwayQuery, location="query")
@sign_on.doc(responses={302: "To the provider"})
def away(query_data: AwayQuery) -> Response:
    """Go to the provider, to sign in there."""
    going = apart(leave, _provider())
    target = query_data.next if is_here(query_data.next) else ""
    session[KEPT] = [going.state, going.nonce, going.verifier, query_data.lang, target]
    return _to(going.address)


def _to(address: str) -> Response:
    return Response(status=302, headers={"Location": address, "Cache-Control": "no-store"})


@sign_on.get("/sign-in/elsewhere/back")
@anyone()
@limiter.limit("60 per minute")
@sign_on.input(BackQuery, location="query")
@sign_on.doc(responses={302: "Signed in, or to the page of signing in"})
def back(query_data: BackQuery) -> Response:
    """Come back from the provider: in, or to the page of signing in, which says why not."""
    provider = _provider()
    kept = session.pop(KEPT, None)
    if not isinstance(kept, list) or not hmac.compare_digest(str(kept[0]), query_data.state):
        return _to(f"{page_path('en', 'sign-in')}?sso=state")
    _, nonce, verifier, lang, target = kept
    try:
        if query_data.error or not query_data.code:
            raise SignOnRefused("The provider let nobody in.", reason="provider")
        claims = apart(arrive, provider, query_data.code, nonce, verifier)
        settings = current_settings().sign_on
        assert settings is not None
        writing = current_session()
        person = operations.find_or_add(
            writing, provider.issuer, claims, dict(settings.roles), now(), add=settings.adds
        )
        let_in(begin(writing, person, now(), device_here(), "single-sign-on", "provider"))
        start = page_path(person.lang, "learning")
        writing.commit()
    except SignOnRefused as error:
        current_session().rollback()
        return _to(f"{page_path(lang, 'sign-in')}?sso={error.members.get('reason', 'provider')}")
    return _to(target or start)
