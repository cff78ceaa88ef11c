"""Orderings: a numbered list in the right order; `- [ ]` items belong nowhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.kinds.ordering import Ordering, Step, text_id
from site_builder.course.model import Question
from site_builder.quizzes.base import Ask, BaseKind, Say, pick, plain
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.html import IN_BACKTICKS, add, append_html, shows_nothing
from site_builder.quizzes.lists import (
    ALMOST_BOX,
    BOX,
    SPACE,
    extent_of,
    inline,
    read_items,
    report_box,
    without_feedback,
)

NUMBERED = re.compile(rf"^ {{0,3}}(\d{{1,3}})[.)](?:{SPACE}+(.*))?$")
EMPTY_BOX = re.compile(rf"^ {{0,3}}[-*+]{SPACE}+\[([ \u00a0]?)\](?:{SPACE}+(.*))?$")


class OrderingKind(BaseKind):
    """The kind behind a numbered list."""

    names = (Ordering.kind,)
    form = "a numbered list in the right order"
    often = 6
    codes = ("ordering-",)
    weak = True

    def starts(self, line: str) -> bool:
        """A number, a point or bracket, and a text."""
        return NUMBERED.match(line) is not None

    def takes(self, line: str) -> bool:
        """Empty boxes, or what was meant as such: steps that belong nowhere."""
        ticked = re.match(r"\s*[-*+]?\s*[\[(]\s*[xXvV✓✔]", line)
        return EMPTY_BOX.match(line) is not None or (ALMOST_BOX.match(line) is not None and not ticked)

    def goes_on(self, line: str) -> bool:
        """A number that is not the first of a list."""
        match = NUMBERED.match(line)
        return match is not None and int(match[1]) > 1

    def extent(self, lines: Sequence[str]) -> int:
        """Steps, distractors and their indented lines."""
        return extent_of(lines, lambda line: self.starts(line) or self.takes(line))

    def parse(self, draft: Draft) -> Question | None:
        """Read the steps and their numbers."""
        items = read_items(
            draft,
            lambda line: NUMBERED.match(line) or EMPTY_BOX.match(line),
            lambda line, number: BOX.match(line) is None and report_box(draft, line, number),
        )
        if items is None or not without_feedback(draft, items, "a step"):
            return None
        ranks = [int(item.match[1]) if NUMBERED.match(item.match[0]) else 0 for item in items]
        numbered = [
            (rank, item) for rank, item in zip(ranks, items, strict=True) if rank or NUMBERED.match(item.match[0])
        ]
        before = 0
        for rank, item in numbered:
            # Where the author writes 1. before every line, as Markdown allows, no order can be read.
            if rank not in (before, before + 1) or rank == 0:
                draft.wrong(
                    item.line,
                    1,
                    "ordering-number",
                    f"number {rank} after {before}" if before else f"a list that begins with {rank}",
                    f"{before + 1}, or {before} again for a step that may swap"
                    if before
                    else "a list that begins with 1",
                )
                return None
            before = rank
        if before < 2:
            all_ones = len(numbered) > 1
            draft.wrong(
                draft.first_line,
                1,
                "ordering-one-step",
                "every step with the number 1" if all_ones else "a single step",
                "1., 2., 3. … in the right order" if all_ones else "two steps or more, 1. and 2.",
                "A repeated number marks steps that may swap." if all_ones else "",
            )
            return None
        steps: dict[str, Step] = {}
        for rank, item in zip(ranks, items, strict=True):
            html = draft.render(item.markdown, item.line)
            if shows_nothing(html):
                found = f"{item.text[0][:40]!r}, a step that shows nothing"
                draft.wrong(item.line, 1, "option-empty", found, "text behind the number", IN_BACKTICKS)
                return None
            step = Step(id=text_id(item.markdown), html=html, md=item.markdown, rank=rank)
            if html in steps:
                draft.wrong(
                    item.line,
                    1,
                    "ordering-twice",
                    f"the step {item.text[0][:40]!r} for a second time",
                    "steps that learners can tell from one another",
                )
                return None
            steps[html] = step
        return Ordering(**draft.common(), steps=tuple(steps.values()))

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """The steps in an order that says nothing; the theme's element makes them movable."""
        assert isinstance(question, Ordering)
        pool = add(parent, "ul", class_="order-pool", data_extra="yes" if question.public()["extra"] else "no")
        for step in sorted(question.steps, key=lambda step: step.id):
            append_html(add(pool, "li", class_="order-step", data_step=step.id), inline(step.html))
        if practice:
            parent.set("data-key", " ".join(f"{step.id}:{step.rank}" for step in question.steps))

    def describe(self, outline: tuple[Any, ...]) -> str:
        """The places of its steps."""
        return f" with the steps {', '.join(str(rank) if rank else '-' for rank in outline)}"

    def ask(self, question: Question, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
        """Numbers, in the order of the steps."""
        assert isinstance(question, Ordering)
        steps = sorted(question.steps, key=lambda step: step.id)
        prompt = "The numbers in the right order, for example 2 1 3"
        return [steps[place].id for place in pick([plain(step.html) for step in steps], prompt, ask, say)] or None

    def right(self, question: Question) -> str:
        """The steps with their places."""
        assert isinstance(question, Ordering)
        return ", ".join(f"{step.rank}. {plain(step.html)}" for step in question.right_steps)


KIND = OrderingKind()
