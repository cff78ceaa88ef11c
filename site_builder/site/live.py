"""Pages of the preview that show at once what was saved: a wrapper around any WSGI application."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterable
from typing import Any

from site_builder.site.preview import Preview

LIVE_SCRIPT = """
const wait = async (known) => {
  const reply = await fetch(`/__live?known=${known}`).catch(() => null);
  if (!reply) { setTimeout(() => wait(known), 1000); return; }
  const { number, problems } = await reply.json();
  if (known && number !== known) { location.reload(); return; }
  show(problems);
  wait(number);
};
const show = (problems) => {
  document.querySelector("#airlock-problems")?.remove();
  if (!problems.length) return;
  const box = document.createElement("aside");
  box.id = "airlock-problems";
  box.className = "alert";
  box.setAttribute("role", "alert");
  const list = document.createElement("ul");
  for (const problem of problems) list.append(Object.assign(document.createElement("li"), { textContent: problem }));
  box.append(list);
  document.querySelector("#content").prepend(box);
};
wait(0);
"""
"""Reloads the page after a build; only the author's preview serves it."""


LIVE = b'<script type="module" src="/__live.js"></script></body>'


class LivePages:
    """Wraps the app: adds the live script to pages, and answers when there is a new build."""

    def __init__(self, app: Callable[..., Iterable[bytes]], preview: Preview) -> None:
        self._app, self._preview = app, preview

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """One request."""
        path = environ["PATH_INFO"]
        if path == "/__live.js":
            return _reply(start, "text/javascript", LIVE_SCRIPT.encode())
        if path == "/__live":
            known = environ.get("QUERY_STRING", "").removeprefix("known=")
            number = self._preview.wait_for(int(known) if known.isdecimal() else 0, 20)
            problems = [problem.as_line() for problem in self._preview.loaded.problems] if self._preview.loaded else []
            body = {
                "number": number,
                "problems": [self._preview.message, *problems] if self._preview.message else problems,
            }
            return _reply(start, "application/json", json.dumps(body).encode())
        early = self._early(path, start)
        if early is not None:
            return early
        if path.startswith(("/api/", "/assets/")):
            return self._app(environ, start)
        return self._page(environ, start)

    def _early(self, path: str, start: Callable[..., Any]) -> Iterable[bytes] | None:
        """What is asked for while the site is being built for the first time."""
        address = path.removeprefix("/")
        if path.startswith(("/api/", "/assets/")) or self._preview.number:
            return None
        body = self._preview.early(address)
        if body is None:
            return None
        is_page = address.endswith(("/", ".html")) or not address
        mimetype = "text/html; charset=utf-8" if is_page else mimetypes.guess_type(address)[0]
        return _reply(
            start, mimetype or "application/octet-stream", body.replace(b"</body>", LIVE) if is_page else body
        )

    def _page(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        kept: list[Any] = []
        # A page that changes with every build is sent whole and never from a cache.
        for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"):
            environ.pop(name, None)
        found = self._app(environ, lambda status, headers, error=None: kept.append((status, headers)))
        status, headers = kept[0] if kept else ("200 OK", [])
        body = b"".join(found)
        if hasattr(found, "close"):
            found.close()
        if any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers):
            body = body.replace(b"</body>", LIVE)
        headers = [(name, value) for name, value in headers if name.lower() not in ("content-length", "etag")]
        start(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]


def _reply(start: Callable[..., Any], mimetype: str, body: bytes) -> list[bytes]:
    start("200 OK", [("Content-Type", mimetype), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
    return [body]
