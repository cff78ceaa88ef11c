"""Single choice, multiple choice, true/false: a check-list. The response is a list of option ids."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any, ClassVar

from site_builder.course.fields import SPARSE, made_of
from site_builder.course.marks import MALFORMED, RIGHT, UNANSWERED, WRONG, Grade, is_empty, share
from site_builder.course.model import Question, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One line of a check-list.

    Attributes:
        id: Position in the source from "1"; it never depends on the key.
        html: What the learner reads.
        correct: Whether the option belongs to the right answer.
        feedback: HTML shown with the result, "" when the author wrote none.
    """

    id: str
    html: str = made_of("md")
    correct: bool
    feedback: str = made_of("feedback_md", default="")
    md: str = field(default="", metadata=SPARSE)
    feedback_md: str = field(default="", metadata=SPARSE)


@dataclass(frozen=True, kw_only=True)
class ChoiceQuestion(Question):
    """A question answered by picking options; the response is a list of option ids."""

    options: tuple[Option, ...]

    @property
    def right_ids(self) -> frozenset[str]:
        """Ids of the options that make up the right answer; never empty in a catalogue."""
        return frozenset(option.id for option in self.options if option.correct)

    def mark(self, response: object) -> Grade:
        """All or nothing."""
        if is_empty(response):
            return UNANSWERED
        chosen = self._chosen(response)
        if chosen is None:
            return MALFORMED
        return RIGHT if chosen == self.right_ids else WRONG

    def mark_several(self, response: object) -> Grade:
        """Right minus wrong, over the number of right ones, floor 0; for kinds with several right options."""
        if is_empty(response):
            return UNANSWERED
        chosen = self._chosen(response)
        if chosen is None:
            return MALFORMED
        right = self.right_ids
        return RIGHT if chosen == right else share(len(chosen & right) - len(chosen - right), len(right))

    def _chosen(self, response: object) -> set[str] | None:
        if not isinstance(response, list) or not all(isinstance(item, str) for item in response):
            return None
        chosen = {str(item) for item in response}
        return chosen if chosen <= {option.id for option in self.options} else None

    def said(self, response: object) -> tuple[Said, ...]:
        """The chosen options."""
        chosen = self._chosen(response) or set()
        return tuple(Said("", option.id) for option in self.options if option.id in chosen)

    def possible(self) -> tuple[Said, ...]:
        """The options."""
        return tuple(Said("", option.id) for option in self.options)

    def is_right(self, said: Said) -> bool:
        """Whether an option is right."""
        return said.value in self.right_ids

    def wording(self, said: Said) -> tuple[str, str]:
        """The option's text."""
        return "", next((option.html for option in self.options if option.id == said.value), "")

    def public(self) -> dict[str, Any]:
        """The options."""
        return {"options": [{"id": option.id, "html": option.html} for option in self.options]}

    def key(self) -> dict[str, Any]:
        """The right options, and the feedback of each."""
        feedback = {option.id: option.feedback for option in self.options if option.feedback}
        return {"right": sorted(self.right_ids, key=int), "feedback": feedback}

    def own_feedback(self, response: object) -> dict[str, Any]:
        """Feedback on the chosen options."""
        chosen = self._chosen(response) or set()
        return {"feedback": {o.id: o.feedback for o in self.options if o.id in chosen and o.feedback}}

    def entries(self) -> tuple[tuple[str, str], ...]:
        """The options."""
        return tuple((option.id, option.md) for option in self.options)

    def outline(self) -> tuple[Any, ...]:
        """How many options, and which are right."""
        return (len(self.options), *sorted(self.right_ids))

    def feedback(self) -> tuple[str, ...]:
        """The explanation and the feedback of the options."""
        return (self.explanation, *(option.feedback for option in self.options))

    def shuffled(self, chance: Random) -> tuple[str, ...]:
        """The options in a random order."""
        ids = [option.id for option in self.options]
        chance.shuffle(ids)
        return tuple(ids)

    def right_response(self) -> Any:
        """The right options."""
        return sorted(self.right_ids, key=int)

    def wrong_response(self) -> Any:
        """A wrong option, or too few where all are right."""
        wrong = [option.id for option in self.options if not option.correct]
        return wrong[:1] or [self.options[0].id]

    def malformed_responses(self) -> tuple[Any, ...]:
        """Among others, an option that is none."""
        return (*super().malformed_responses(), "1", ["0"], [1], {"1": True})


@dataclass(frozen=True, kw_only=True)
class SingleChoice(ChoiceQuestion):
    """A check-list with one right option."""

    kind: ClassVar[str] = "single"


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(ChoiceQuestion):
    """A check-list with several right options."""

    kind: ClassVar[str] = "multiple"

    def mark(self, response: object) -> Grade:
        """Right minus wrong, over the number of right ones, floor 0."""
        return self.mark_several(response)


@dataclass(frozen=True, kw_only=True)
class TrueFalse(ChoiceQuestion):
    """Two options, True and False in the page's language, one of them right."""

    kind: ClassVar[str] = "truefalse"

    def shuffled(self, chance: Random) -> tuple[str, ...]:
        """True comes first, always."""
        return ()
