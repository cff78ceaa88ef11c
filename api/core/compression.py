"""Replies that are worth it travel compressed."""

from __future__ import annotations

import gzip

import brotli
from flask import Flask, Response, request

SMALLEST = 2_000
"""Bytes. Shorter replies fit into two packets anyway; and the ones with a secret in them (a token, a link) are shorter:
their length must tell nothing of it."""
KINDS = ("application/json", "text/csv")
QUALITY, WINDOW = 4, 18
"""Of brotli: a matrix of 4,000 cells takes a fortieth of its bytes, in a few milliseconds."""


def register_compression(app: Flask) -> None:
    """Compress what a client takes compressed."""

    @app.after_request
    def compress(reply: Response) -> Response:
        if reply.mimetype not in KINDS or reply.is_streamed or reply.status_code != 200:
            return reply
        reply.vary.add("Accept-Encoding")
        content = reply.get_data()
        wanted = request.accept_encodings
        if len(content) < SMALLEST or "Content-Encoding" in reply.headers:
            return reply
        if wanted["br"] > 0:
            reply.set_data(brotli.compress(content, quality=QUALITY, lgwin=WINDOW))
            reply.headers["Content-Encoding"] = "br"
        elif wanted["gzip"] > 0:
            reply.set_data(gzip.compress(content, 5, mtime=0))
            reply.headers["Content-Encoding"] = "gzip"
        return reply
