"""Addresses of the site's own pages, for links that the API hands out."""

from __future__ import annotations


def page_path(lang: str, name: str) -> str:
    """The address of one of the site's own pages in a language: "/fr/welcome/"."""
    return f"/{name}/" if lang == "en" else f"/{lang}/{name}/"
