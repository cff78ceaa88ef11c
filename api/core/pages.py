"""Addresses of the site's own pages, for links that the API hands out."""

from __future__ import annotations


def page_path(lang: str, name: str) -> str:
    """The address of one of the site's own pages in a language: "/fr/welcome/".

    The builder writes these pages below the code of every language, also of the one whose lessons have no prefix: the
    API needs not know which one that is.
    """
    return f"/{lang}/{name}/"
