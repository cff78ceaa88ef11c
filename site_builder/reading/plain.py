"""YAML as authors may write it: plain values. What lets a short file mean a long one, or something else, is found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml


def more_than_plain(text: str) -> Iterator[tuple[Any, str]]:
    """Where an alias, an anchor or a tag stands (a mark, counted from 0), and which one.

    Raises:
        yaml.YAMLError: It is no YAML.
        ValueError: Nor is this.
        RecursionError: It is nested too deeply.
    """
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        what = ""
        if isinstance(event, yaml.AliasEvent):
            what = f"the alias *{anchor}"
        elif anchor:
            what = f"the anchor &{anchor}"
        elif tag:
            what = f"the tag {tag}"
        if what and event.start_mark:
            yield event.start_mark, what
