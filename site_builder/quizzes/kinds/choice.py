"""Check-lists: single choice, multiple choice, true/false."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.kinds.choice import ChoiceQuestion, MultipleChoice, Option, SingleChoice, TrueFalse
from site_builder.course.kinds.hotspot import Region
from site_builder.course.model import Question
from site_builder.quizzes.base import Ask, BaseKind, Say, pick, plain
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.html import IN_BACKTICKS, add, append_html, shows_nothing
from site_builder.quizzes.lists import (
    ALMOST_BOX,
    BARE_REGION,
    BOX,
    REGION,
    Item,
    extent_of,
    inline,
    read_items,
    report_box,
)

TRUE_FALSE = {
    "en": (("true", "false"),),
    "fr": (("vrai", "faux"),),
    "nl": (("waar", "onwaar"), ("waar", "niet waar"), ("juist", "fout"), ("juist", "onjuist")),
}
"""What the two options of a true/false question are called, by language."""


class WithOptions(BaseKind):
    """A kind whose answers are options, in a terminal."""

    def ask(self, question: Question, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
        """Numbers of options."""
        assert isinstance(question, ChoiceQuestion)
        options = sorted(question.options, key=lambda option: order.index(option.id) if option.id in order else 0)
        prompt = "Numbers" if len(question.right_ids) > 1 else "Number"
        picked = pick([plain(option.html) for option in options], prompt, ask, say)
        return [options[place].id for place in picked] or None

    def right(self, question: Question) -> str:
        """Its right options."""
        assert isinstance(question, ChoiceQuestion)
        return " / ".join(plain(option.html) for option in question.options if option.correct)

    def remarks(self, question: Question, response: Any) -> Iterator[tuple[str, str]]:
        """The feedback of the options that were chosen."""
        assert isinstance(question, ChoiceQuestion)
        for option in question.options:
            if option.feedback and option.id in (response or []):
                yield option.html, option.feedback


class Choice(WithOptions):
    """The kind behind every check-list."""

    names = (SingleChoice.kind, MultipleChoice.kind, TrueFalse.kind)
    form = "a check-list (- [ ] / - [x])"
    often = 1
    codes = ("option-",)
    slips = (
        (r"^\s*\[\(",
         "Options are a check-list: - [ ] for a wrong one, - [x] for a right one. [( )] is LiaScript's way"),
        (r"^\s*\d+[.)]\s*\[[ xX]?\]",
         "A check-list begins with hyphens, not with numbers: - [x] text"),
        (r"^\s*\{\s*[=~]",
         "This is GIFT. Here, options are a check-list: - [ ] for a wrong one, - [x] for a right one"),
    )  # fmt: skip

    def starts(self, line: str) -> bool:
        """A list item with a box, or something that was meant as one; not a region of a picture."""
        match = BOX.match(line)
        if match:
            return not REGION.match(match[3] or "")
        return ALMOST_BOX.match(line) is not None

    def extent(self, lines: Sequence[str]) -> int:
        """Items, their feedback and indented continuations, with blank lines between them."""
        return extent_of(lines, self.starts)

    def parse(self, draft: Draft) -> Question | None:
        """Read the items; the kind follows from how many are right and what they are called."""
        items = read_items(draft, BOX.match, lambda line, number: report_box(draft, line, number))
        if items is None or not has_answer(draft, items):
            return None
        placed = next((item for item in items if REGION.match(item.markdown)), None)
        if placed:
            draft.wrong(
                items[0].line,
                1,
                "hotspot-region",
                f"{items[0].text[0][:40]!r} without a place, and one with a place in line {placed.line}",
                "(left%, top%, width%, height%) before every label, or before none",
            )
            return None
        common = draft.common()
        bare = next((item for item in items if BARE_REGION.match(item.markdown)), None)
        if bare and "<img" in common["stem"]:
            draft.wrong(
                bare.line,
                1,
                "hotspot-region",
                f"{bare.text[0][:40]!r}",
                "percent signs behind the four numbers of a region: (12%, 30%, 8%, 6%) Interlock panel",
            )
            return None
        options = tuple(
            Option(
                id=str(number),
                html=draft.render(item.markdown, item.line),
                md=item.markdown,
                correct=item.match[2] in ("x", "X"),
                **feedback_of(draft, item),
            )
            for number, item in enumerate(items, start=1)
        )
        if not are_sound(draft, items, [option.html for option in options]):
            return None
        right = sum(option.correct for option in options)
        kind: type[ChoiceQuestion] = MultipleChoice if right > 1 else SingleChoice
        if is_true_false(draft.lang, [" ".join(item.text) for item in items]):
            if right > 1:
                draft.wrong(draft.first_line, 1, "question-both", "both options marked [x]", "one of the two")
                return None
            kind = TrueFalse
        return kind(**common, options=options)

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """A radio button or a check box for each option."""
        assert isinstance(question, ChoiceQuestion)
        group = add(parent, "div", class_="options")
        for option in question.options:
            add_option(group, option, name, several=isinstance(question, MultipleChoice), practice=practice)
        if practice:
            parent.set("data-key", " ".join(sorted(question.right_ids)))

    def describe(self, outline: tuple[Any, ...]) -> str:
        """Its options."""
        return f" with {outline[0]} options, right: {', '.join(outline[1:])}"


def has_answer(draft: Draft, items: Sequence[Item]) -> bool:
    """Whether there are options enough, one of them right; reports it otherwise."""
    if len(items) < 2:
        draft.wrong(draft.first_line, 1, "question-one-option", "a single option", "two options or more")
        return False
    if not any(item.match[2] in ("x", "X") for item in items):
        draft.wrong(
            draft.first_line,
            1,
            "question-no-answer",
            "no option marked [x]",
            "at least one right option",
            "Put an x in the box of each right option: - [x]",
        )
        return False
    return True


def are_sound(draft: Draft, items: Sequence[Item], texts: Sequence[str]) -> bool:
    """Whether every option says something, and something of its own; reports it otherwise."""
    seen: dict[str, int] = {}
    sound = True
    for item, html in zip(items, texts, strict=True):
        if shows_nothing(html):
            draft.wrong(
                item.line,
                1,
                "option-empty",
                f"{item.text[0][:40]!r}, an option that shows nothing",
                "text behind the box",
                IN_BACKTICKS,
            )
            sound = False
        elif html in seen:
            found = f"an option that reads as the one in line {seen[html]}"
            draft.wrong(item.line, 1, "option-twice", found, "options that differ")
            sound = False
        seen.setdefault(html, item.line)
    return sound


def feedback_of(draft: Draft, item: Item) -> dict[str, str]:
    """The feedback of an item: what was written, and its HTML; nothing without any."""
    text = "\n".join(item.feedback)
    if not item.feedback:
        return {}
    return {"feedback": draft.render(text, item.line + len(item.text)), "feedback_md": text}


def add_option(group: Element, option: Option | Region, name: str, *, several: bool, practice: bool) -> Element:
    """One option: a control, its label, and in a practice quiz its feedback."""
    row = add(group, "div", class_="option", data_option=option.id)
    control_id = f"{name}-{option.id}"
    label = add(row, "label", class_="option-label", for_=control_id)
    add(label, "input", type="checkbox" if several else "radio", name=name, value=option.id, id=control_id)
    append_html(add(label, "span", class_="option-text"), inline(option.html))
    if practice and option.feedback:
        append_html(add(row, "div", class_="feedback", hidden="hidden"), option.feedback)
    return row


def is_true_false(lang: str, texts: Sequence[str]) -> bool:
    """Whether two options are called True and False in the page's language."""
    said = {text.strip("*_ \t\n").rstrip(".").casefold() for text in texts}
    return len(texts) == 2 and any(said == set(pair) for pair in TRUE_FALSE.get(lang, TRUE_FALSE["en"]))


KIND = Choice()
