"""Matching: things on the left, each with its match on the right. The response maps left ids to right ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar

from site_builder.course.fields import SPARSE, made_of
from site_builder.course.marks import MALFORMED, UNANSWERED, Grade, is_empty, share
from site_builder.course.model import Question, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One thing on the left.

    Attributes:
        id: Position in the source from "1"; it never depends on the key.
        html: What the learner reads.
        match: Id of its match.
    """

    id: str
    html: str = made_of("md")
    match: str
    md: str = field(default="", metadata=SPARSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One thing on the right.

    Attributes:
        id: Made of the text.
        html: What the learner reads.
    """

    id: str
    html: str = made_of("md")
    md: str = field(default="", metadata=SPARSE)


@dataclass(frozen=True, kw_only=True)
class Matching(Question):
    """Pairs to be found; a match may belong to several things, or to none."""

    kind: ClassVar[str] = "matching"
    pairs: tuple[Pair, ...]
    matches: tuple[Match, ...]

    def mark(self, response: object) -> Grade:
        """One part for each right pair."""
        if is_empty(response):
            return UNANSWERED
        if not isinstance(response, dict):
            return MALFORMED
        lefts, rights = {pair.id for pair in self.pairs}, {match.id for match in self.matches}
        if not all(isinstance(right, str) and right in rights for right in response.values()):
            return MALFORMED
        if not set(response) <= lefts:
            return MALFORMED
        return share(sum(response.get(pair.id) == pair.match for pair in self.pairs), len(self.pairs))

    def said(self, response: object) -> tuple[Said, ...]:
        """Which match was given to which thing."""
        chosen = response if isinstance(response, dict) else {}
        positions = {match.id: str(number) for number, match in enumerate(self.matches, start=1)}
        return tuple(
            Said(pair.id, positions[chosen[pair.id]])
            for pair in self.pairs
            if isinstance(chosen.get(pair.id), str) and chosen[pair.id] in positions
        )

    def possible(self) -> tuple[Said, ...]:
        """Each match for each thing."""
        return tuple(Said(pair.id, str(number)) for pair in self.pairs for number in range(1, len(self.matches) + 1))

    def is_right(self, said: Said) -> bool:
        """Whether the two belong together."""
        wanted = next((pair.match for pair in self.pairs if pair.id == said.place), None)
        return self.matches[int(said.value) - 1].id == wanted

    def wording(self, said: Said) -> tuple[str, str]:
        """The thing, and its match."""
        left = next((pair.html for pair in self.pairs if pair.id == said.place), "")
        return left, self.matches[int(said.value) - 1].html

    def public(self) -> dict[str, Any]:
        """Both sides, the right one in the order of its ids."""
        matches = sorted(({"id": match.id, "html": match.html} for match in self.matches), key=lambda m: m["id"])
        return {"pairs": [{"id": pair.id, "html": pair.html} for pair in self.pairs], "matches": matches}

    def key(self) -> dict[str, Any]:
        """The match of each, and the texts: the page may be in another language."""
        texts = {match.id: match.html for match in self.matches}
        return {"matches": {pair.id: pair.match for pair in self.pairs}, "texts": texts}

    def outline(self) -> tuple[Any, ...]:
        """How many pairs, which share a match, and how many matches belong to nothing."""
        places: dict[str, int] = {}
        shared = tuple(places.setdefault(pair.match, len(places)) for pair in self.pairs)
        return (*shared, len(self.matches))

    def shuffled(self, chance: Random) -> tuple[str, ...]:
        """The left side in a random order."""
        ids = [pair.id for pair in self.pairs]
        chance.shuffle(ids)
        return tuple(ids)

    def right_response(self) -> Any:
        """Every pair."""
        return {pair.id: pair.match for pair in self.pairs}

    def wrong_response(self) -> Any:
        """The first pair alone, with another match where there is one."""
        first = self.pairs[0]
        return {first.id: next(match.id for match in self.matches if match.id != first.match)}

    def malformed_responses(self) -> tuple[Any, ...]:
        """Among others, a match that is none."""
        return (*super().malformed_responses(), {"1": "nothing"}, {"1": 1}, {"0": self.matches[0].id}, "1")
