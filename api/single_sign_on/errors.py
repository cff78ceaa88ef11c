"""Errors of single sign-on."""

from __future__ import annotations

from api.core.errors import Invalid


class SignOnRefused(Invalid):
    """The provider did not vouch for anybody, or for somebody who may not come in; `reason` says which."""

    code = "sign_on_refused"
