"""Security headers, and the refusal of requests from pages of other sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from api.core.config import Settings
from api.core.errors import ForeignOrigin, WrongHost
from api.core.permissions import is_keyed

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""Names under which probes of this machine ask, whatever the site's own name is."""
API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
SITE_POLICY = "frame-ancestors 'self'"
"""A page's own policy, with its scripts' hashes, is in the page: the builder computes it. Frames need a header."""
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox"
"""Of a drawing that is opened as a page: it shows, and does nothing."""


def register_headers(app: Flask, settings: Settings) -> None:
    """Add the headers to every reply."""
    named = {urlsplit(settings.url).hostname, *THIS_MACHINE}

    @app.before_request
    def known_host() -> None:
        try:
            host = urlsplit(f"//{request.host}").hostname
        except ValueError:  # "[" alone.
            host = None
        if host not in named:
            raise WrongHost("This site has another address.")

    @app.before_request
    def same_origin() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        if is_keyed(app.view_functions.get(request.endpoint or "")):
            return
        origin = request.headers.get("Origin")
        if origin is not None and origin not in (settings.origin, request.host_url.rstrip("/")):
            raise ForeignOrigin("The request comes from a page of another site.")
        if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            raise ForeignOrigin("The request comes from a page of another site.")

    @app.after_request
    def secure(reply: Response) -> Response:
        headers = reply.headers
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()")
        if request.path.startswith("/api/"):
            headers.setdefault("Content-Security-Policy", API_POLICY)
            headers.setdefault("Cache-Control", "no-store")
        else:
            picture = reply.mimetype == "image/svg+xml"
            headers.setdefault("Content-Security-Policy", PICTURE_POLICY if picture else SITE_POLICY)
        if settings.secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if g.get("person_id"):
            headers["Cache-Control"] = "no-store"
        return reply
