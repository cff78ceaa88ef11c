"""Serves the built site: whatever the link points to at this moment, compressed as the builder left it."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from urllib.parse import quote

from apiflask import APIBlueprint
from flask import Response, redirect, request, send_file
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from api.core.errors import NotFound
from api.core.permissions import anyone, roles
from api.core.releases import drafts_beside
from api.core.requests import current_settings

site = APIBlueprint("site", __name__, enable_openapi=False)

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
FOREVER = "public, max-age=31536000, immutable"
HASHED = re.compile(r"(?:assets/bundle|assets/stylesheets|pagefind/[a-z]+/fragment|pagefind/[a-z]+/index)/")
"""Folders whose files have a hash in their names."""

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("image/svg+xml", ".svg")
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("model/gltf-binary", ".glb")


@site.get("/", defaults={"path": ""})
@site.get("/<path:path>")
@anyone()
def page(path: str) -> AnyResponse:
    """A file of the site; a folder is its index.html."""
    settings = current_settings()
    if settings.site is None or path.startswith("api/"):
        raise NotFound("There is no such address.")
    # The link is read once a request: a page comes whole from one version of the site.
    root = settings.site.resolve()
    file = _find(root, path)
    if file is None:
        return _not_found(root, path)
    if file.name == "index.html" and path and not path.endswith(("/", "index.html")):
        # Made of what was found, not of what was asked for: it leads nowhere else.
        return redirect("/" + quote(file.parent.relative_to(root).as_posix()) + "/", code=301)
    return _send(root, file)


@site.get("/drafts/<path:path>")
@roles(trainer="none", admin="none")
def draft(path: str) -> AnyResponse:
    """A page that is not published, for those who may see it. Its files are those of the site."""
    settings = current_settings()
    root = settings.site.resolve() if settings.site else None
    drafts = drafts_beside(root) if root else None
    file = _find(drafts, f"drafts/{path}") if drafts and drafts.is_dir() else None
    if file is None or drafts is None:
        raise NotFound("There is no such draft.")
    if file.name == "index.html" and not path.endswith(("/", "index.html")):
        return redirect("/" + quote(file.parent.relative_to(drafts).as_posix()) + "/", code=302)
    reply = _send(drafts, file)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _find(root: Path, path: str) -> Path | None:
    """The file of an address, or None; never one outside of the site."""
    if not path.isprintable() or "\\" in path:
        return None
    name = safe_join(str(root), path)
    try:
        file = Path(name).resolve() if name else None
        if file and file.is_dir():
            file = file / "index.html"
        found = file is not None and file.is_file() and file.is_relative_to(root)
    except (OSError, ValueError):
        return None  # A name that is too long, or that no file can have.
    return file if found else None


def _send(root: Path, file: Path, status: int = 200) -> Response:
    mimetype = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    chosen, encoding = file, ""
    for name, suffix in ENCODINGS:
        packed = file.with_name(file.name + suffix)
        if request.accept_encodings[name] > 0 and packed.is_file():
            chosen, encoding = packed, name
            break
    reply = send_file(chosen, mimetype=mimetype, conditional=status == 200, etag=True)
    if encoding:
        reply.headers["Content-Encoding"] = encoding
    reply.headers["Vary"] = "Accept-Encoding"
    relative = file.relative_to(root).as_posix()
    reply.headers["Cache-Control"] = FOREVER if HASHED.match(relative) else "no-cache"
    reply.status_code = status if reply.status_code == 200 else reply.status_code
    return reply


def _not_found(root: Path, path: str) -> Response:
    folder = path.partition("/")[0]
    for name in (f"{folder}/404.html", "404.html"):
        page_file = _find(root, name)
        if page_file and request.accept_mimetypes.accept_html:
            return _send(root, page_file, status=404)
    raise NotFound("There is no such page.")
