"""Matchings: `- Zone 1 => occasional`; `- => rare` belongs to nothing."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.kinds.matching import Match, Matching, Pair
from site_builder.course.kinds.ordering import text_id
from site_builder.course.model import Question
from site_builder.markup import text_of
from site_builder.quizzes.base import Ask, BaseKind, Say, plain
from site_builder.quizzes.blocks import CODE_SPAN
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.html import IN_BACKTICKS, add, append_html, shows_nothing
from site_builder.quizzes.lists import BOX, extent_of, inline, read_items, without_feedback

PAIR = re.compile(r"^ {0,3}[-*+](?:[ \t]+|(?==>))(?!\[[ xX]?\])(.*?=>.*)$")
BULLET = re.compile(r"^ {0,3}[-*+][ \t]+(.*)$")
ARROW = re.compile(r"(?:^|\s)=>(?=\s|$)")


class MatchingKind(BaseKind):
    """The kind behind a list with arrows."""

    names = (Matching.kind,)
    form = "pairs (- Zone 1 => occasional)"
    often = 7
    codes = ("matching-",)
    slips = (
        (r"^\s*[-*+] .*\s(?:->|→|⇒|= >)\s",
         "Pairs are written with =>: - Zone 1 => occasional"),
    )  # fmt: skip

    def starts(self, line: str) -> bool:
        """A list item with an arrow in it."""
        return PAIR.match(line) is not None and BOX.match(line) is None

    def extent(self, lines: Sequence[str]) -> int:
        """The pairs and their indented lines; a list item without an arrow among them is reported."""
        return extent_of(lines, lambda line: BULLET.match(line) is not None)

    def parse(self, draft: Draft) -> Question | None:
        """Read the pairs."""

        def malformed(line: str, number: int) -> bool:
            if not BULLET.match(line):
                return False
            draft.wrong(
                number,
                1,
                "matching-arrow",
                repr(line.strip()[:40]),
                "- left => right, or - => right for a match of nothing",
                "A hyphen, a space, the left side, =>, the right side.",
            )
            return True

        items = read_items(draft, PAIR.match, malformed)
        if items is None or not without_feedback(draft, items, "a pair"):
            return None
        pairs: list[Pair] = []
        matches: dict[str, Match] = {}
        lefts: set[str] = set()
        for item in items:
            sides = split_arrow(item.markdown)
            if len(sides) != 2:
                draft.wrong(
                    item.line,
                    1,
                    "matching-arrow",
                    f"{len(sides) - 1} arrows" if len(sides) > 2 else "an arrow without spaces around it",
                    "one => with a space before and after it",
                )
                return None
            left, right = (side.strip() for side in sides)
            if not right:
                draft.wrong(item.line, 1, "matching-side", f"{left[:40]!r} without a match", "a text behind the =>")
                return None
            html = draft.render(right, item.line)
            if shows_nothing(html) or (left and shows_nothing(draft.render(left, item.line))):
                found = f"{item.text[0][:40]!r}, of which one side shows nothing"
                draft.wrong(item.line, 1, "option-empty", found, "text on both sides", IN_BACKTICKS)
                return None
            if not left and html in matches:
                draft.wrong(
                    item.line,
                    1,
                    "matching-twice",
                    f"{right[:40]!r} for a second time",
                    "a match of nothing that is new",
                )
                return None
            match = matches.setdefault(html, Match(id=text_id(right), html=html, md=right))
            if left:
                shown = draft.render(left, item.line)
                if shown in lefts:
                    draft.wrong(
                        item.line, 1, "matching-twice", f"{left[:40]!r} for a second time", "each left side once"
                    )
                    return None
                lefts.add(shown)
                pairs.append(Pair(id=str(len(pairs) + 1), html=shown, md=left, match=match.id))
        used = {pair.match for pair in pairs}
        for item in items:
            left, right = (side.strip() for side in split_arrow(item.markdown))
            if not left and matches[draft.render(right, item.line)].id in used:
                found = f"{right[:40]!r} as a match of nothing, and of something"
                draft.wrong(item.line, 1, "matching-twice", found, "one of both")
                return None
        if not pairs or len(matches) < 2:
            draft.wrong(
                draft.first_line,
                1,
                "matching-one",
                f"pairs: {len(pairs)}, different matches: {len(matches)}",
                "at least one pair and two different matches",
            )
            return None
        return Matching(**draft.common(), pairs=tuple(pairs), matches=tuple(matches.values()))

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """A list of matches to choose from beside each left side."""
        assert isinstance(question, Matching)
        matches = sorted(question.matches, key=lambda match: match.id)
        grid = add(parent, "div", class_="pairs")
        for pair in question.pairs:
            row = add(grid, "div", class_="pair", data_pair=pair.id)
            label = add(row, "label", class_="pair-left", for_=f"{name}-{pair.id}", id=f"{name}-{pair.id}-left")
            append_html(label, inline(pair.html))
            choice = add(row, "select", class_="pair-select", name=f"{name}-{pair.id}", id=f"{name}-{pair.id}")
            add(choice, "option", "–", value="")
            for match in matches:
                add(choice, "option", text_of(match.html), value=match.id)
        pool = add(parent, "ul", class_="matches", hidden="hidden")
        for match in matches:
            append_html(add(pool, "li", class_="match", data_match=match.id), inline(match.html))
        if practice:
            parent.set("data-key", " ".join(f"{pair.id}:{pair.match}" for pair in question.pairs))

    def describe(self, outline: tuple[Any, ...]) -> str:
        """How many there are."""
        return f" with {len(outline) - 1} pairs and {outline[-1]} matches"

    def ask(self, question: Question, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
        """A letter for each pair."""
        assert isinstance(question, Matching)
        matches = sorted(question.matches, key=lambda match: match.id)
        letters = list(string.ascii_lowercase[: len(matches)])
        names = letters if len(letters) == len(matches) else [str(place) for place in range(1, len(matches) + 1)]
        for name, match in zip(names, matches, strict=True):
            say(f"  {name}  {plain(match.html)}")
        response = {}
        for pair in question.pairs:
            while (said := ask(f"{plain(pair.html)} =>").strip().lower()) and said not in names:
                say(f"One of {', '.join(names)}, please.")
            if said:
                response[pair.id] = matches[names.index(said)].id
        return response or None

    def right(self, question: Question) -> str:
        """The pairs."""
        assert isinstance(question, Matching)
        texts = {match.id: plain(match.html) for match in question.matches}
        return "; ".join(f"{plain(pair.html)} => {texts[pair.match]}" for pair in question.pairs)


def split_arrow(text: str) -> list[str]:
    """What stands around the arrows of a text; an arrow in a code span is text."""
    blanked = CODE_SPAN.sub(lambda match: "\x00" * len(match[0]), text)
    places = [0, *(place for match in ARROW.finditer(blanked) for place in match.span()), len(text)]
    return [text[start:end] for start, end in zip(places[::2], places[1::2], strict=True)]


KIND = MatchingKind()
