"""Check-lists: single choice, multiple choice, true/false."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from site_builder.course.model import ChoiceQuestion, MultipleChoice, Option, Question, SingleChoice, TrueFalse
from site_builder.quizzes.blocks import code_mask
from site_builder.quizzes.html import add, append_html
from site_builder.quizzes.kinds import Draft

ITEM = re.compile(r"^( {0,3})[-*+][ \t]+\[([ xX])\](?:[ \t]+(.*))?$")
ALMOST_ITEM = re.compile(r"^\s*[-*+][ \t]*[\[(][ \txX✓✔]?[ \t]*[\])](?![\[(:])")
FEEDBACK = re.compile(r"^\s*>[ \t]?(.*)$")
INDENT = re.compile(r"^(?: {1,6}|\t)")

TRUE_FALSE = {"en": ("true", "false"), "fr": ("vrai", "faux"), "nl": ("waar", "onwaar")}
"""What the two options of a true/false question are called, by language; Dutch also says "juist" and "fout"."""
ALSO_TRUE_FALSE = {"nl": ("juist", "fout")}


@dataclass(slots=True)
class Item:
    """One option while it is being read."""

    line: int
    correct: bool
    text: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)


class Choice:
    """The kind behind every check-list."""

    names = (SingleChoice.kind, MultipleChoice.kind, TrueFalse.kind)

    def starts(self, line: str) -> bool:
        """A list item with a box, or something that was meant as one."""
        return ITEM.match(line) is not None or ALMOST_ITEM.match(line) is not None

    def extent(self, lines: Sequence[str]) -> int:
        """Items, their feedback and indented continuations, with blank lines between them."""
        end = 0
        mask = code_mask(lines)
        for index, (line, coded) in enumerate(zip(lines, mask, strict=True)):
            belongs = coded or self.starts(line) or FEEDBACK.match(line) or (end and INDENT.match(line))
            # Text straight under an item looks as if it belonged to it; `_items` reports it.
            if line.strip() and (belongs or end == index):
                end = index + 1
            elif line.strip():
                break
        return end

    def parse(self, draft: Draft) -> Question | None:
        """Read the items; the kind follows from how many are right and what they are called."""
        items = self._items(draft)
        if items is None:
            return None
        right = sum(item.correct for item in items)
        if len(items) < 2:
            draft.report(
                draft.first_line, 1, code="question-one-option", found="a single option", expected="two options or more"
            )
            return None
        if right == 0:
            draft.report(
                draft.first_line,
                1,
                code="question-no-answer",
                found="no option marked [x]",
                expected="at least one right option",
                hint="Put an x in the box of each right option: - [x]",
            )
            return None
        options = tuple(
            Option(
                id=str(number),
                html=draft.render("\n".join(item.text).strip("\n"), item.line),
                correct=item.correct,
                feedback=draft.render("\n".join(item.feedback), item.line + len(item.text)) if item.feedback else "",
            )
            for number, item in enumerate(items, start=1)
        )
        kind: type[ChoiceQuestion] = MultipleChoice if right > 1 else SingleChoice
        if right == 1 and is_true_false(draft.lang, [" ".join(item.text) for item in items]):
            kind = TrueFalse
        return kind(
            id=draft.id, stem=draft.stem, explanation=draft.explanation, critical=draft.critical, options=options
        )

    def _items(self, draft: Draft) -> list[Item] | None:
        items: list[Item] = []
        sound = True
        mask = code_mask(draft.lines)
        for number, (line, coded) in enumerate(zip(draft.lines, mask, strict=True), start=draft.first_line):
            match = None if coded else ITEM.match(line)
            if match:
                text = (match[3] or "").strip()
                if not text:
                    draft.report(
                        number, 1, code="option-empty", found="an option without text", expected="text after the box"
                    )
                    sound = False
                items.append(Item(number, match[2] in "xX", [text]))
            elif not coded and self.starts(line):
                draft.report(
                    number,
                    len(line) - len(line.lstrip()) + 1,
                    code="option-malformed",
                    found=repr(line.strip()[:40]),
                    expected="- [ ] text or - [x] text, at the left margin",
                    hint="A hyphen, a space, the box with a space or an x in it, a space, the text.",
                )
                sound = False
            elif items:
                sound = self._continue(items[-1], line, coded, number, draft) and sound
        return items if sound and items else None

    def _continue(self, item: Item, line: str, coded: bool, number: int, draft: Draft) -> bool:
        """Add a line to an option or, once that has begun, to its feedback; False after reporting why not."""
        feedback = None if coded else FEEDBACK.match(line)
        if feedback:
            item.feedback.append(feedback[1])
        elif not line.strip():
            (item.feedback or item.text).append("")
        elif coded or INDENT.match(line):
            # What stands under feedback is feedback: it must not end up in the option, which everybody can read.
            (item.feedback or item.text).append(INDENT.sub("", line))
        else:
            draft.report(
                number,
                1,
                code="option-continuation",
                found=f"{line.strip()[:40]!r} straight under an option",
                expected="a blank line before an explanation, or two spaces before more of the option",
            )
            return False
        return True

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """A radio button or a check box for each option."""
        assert isinstance(question, ChoiceQuestion)
        control = "checkbox" if isinstance(question, MultipleChoice) else "radio"
        group = add(parent, "div", class_="options")
        for option in question.options:
            row = add(group, "div", class_="option", data_option=option.id)
            control_id = f"{name}-{option.id}"
            label = add(row, "label", class_="option-label", for_=control_id)
            add(label, "input", type=control, name=name, value=option.id, id=control_id)
            append_html(add(label, "span", class_="option-text"), inline(option.html))
            if practice and option.feedback:
                append_html(add(row, "div", class_="feedback", hidden="hidden"), option.feedback)
        if practice:
            parent.set("data-key", " ".join(sorted(question.right_ids)))


def inline(fragment: str) -> str:
    """A single paragraph without its paragraph tags: a label holds phrasing content only."""
    text = fragment.strip()
    if text.startswith("<p>") and text.endswith("</p>") and text.count("<p>") == 1:
        return text[3:-4]
    return text


def is_true_false(lang: str, texts: Sequence[str]) -> bool:
    """Whether two options are called True and False in the page's language."""
    said = {text.strip().rstrip(".").casefold() for text in texts}
    names = [TRUE_FALSE.get(lang, TRUE_FALSE["en"]), ALSO_TRUE_FALSE.get(lang, ())]
    return len(texts) == 2 and any(said == set(pair) for pair in names if pair)


KIND = Choice()
