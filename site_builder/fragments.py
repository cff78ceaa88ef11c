"""Short pieces of Markdown (a stem, an option, feedback) to sanitised HTML."""

from __future__ import annotations

from functools import lru_cache

from markdown import Markdown

from site_builder.sanitise import sanitise

EXTENSIONS = ("attr_list", "tables", "pymdownx.superfences", "pymdownx.betterem")
CONFIGS = {"pymdownx.superfences": {"css_class": "highlight"}}


@lru_cache(maxsize=1)
def _markdown() -> Markdown:
    return Markdown(extensions=list(EXTENSIONS), extension_configs=CONFIGS, output_format="xhtml")


@lru_cache(maxsize=20_000)
def render_fragment(text: str) -> str:
    """Sanitised HTML of one piece of Markdown."""
    converter = _markdown()
    converter.reset()
    return sanitise(converter.convert(text)).strip()


def render_at(text: str, line: int) -> str:
    """`render_fragment` in the form that the quiz parser calls; the line is not needed to render."""
    return render_fragment(text)
