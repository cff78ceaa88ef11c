"""Clozes: `[[sterile|aseptic]]` to type, `[[(sterile)|dry|warm]]` to choose."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from site_builder.course.kinds.cloze import GAP_MARK, Cloze, Gap
from site_builder.course.kinds.text import fold
from site_builder.course.model import Question
from site_builder.quizzes.base import Ask, BaseKind, Say, pick
from site_builder.quizzes.blocks import CODE_SPAN, code_mask
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.html import add, append_html, replace_marks
from site_builder.quizzes.lists import ALMOST_BOX, BOX, RULE

GAP = re.compile(r"\[\[((?:[^\[\]]|\[[^\[\]]*\]|\](?!\]))*)\]\]")
BRACKETED = re.compile(r"\(((?:[^()]|\([^()]*\))+)\)")
"""A right option: all of it in one pair of brackets."""
MARK = re.compile(r"⟦(\d+)⟧")


def blank_code(line: str) -> str:
    """A line with its code spans blanked: gaps in code are code."""
    return CODE_SPAN.sub(lambda match: "\x00" * len(match[0]), line)


class ClozeKind(BaseKind):
    """The kind behind double square brackets in a text."""

    names = (Cloze.kind,)
    form = "gaps in the text ([[word]])"
    often = 5
    codes = ("cloze-",)
    slips = (
        (r"(?<!\[)\[(?![ xX]?\])[^\[\]()|]+\](?![\[(\]:])",
         "A gap has two brackets on each side: [[sterile]]"),
    )  # fmt: skip
    needs_stem = False

    def starts(self, line: str) -> bool:
        """Double square brackets outside of code, in a line that is no option."""
        return "[[" in blank_code(line) and BOX.match(line) is None and ALMOST_BOX.match(line) is None

    def extent(self, lines: Sequence[str]) -> int:
        """To the end of the paragraph with the last gap; with a rule below, all that stands above it."""
        mask = code_mask(lines)
        rule = next((n for n, line in enumerate(lines) if RULE.match(line) and not mask[n]), None)
        last = max((n for n, line in enumerate(lines) if not mask[n] and self.starts(line)), default=0)
        if rule is not None and rule > last:
            return rule
        end = last + 1
        while end < len(lines) and lines[end].strip():
            end += 1
        return end

    def parse(self, draft: Draft) -> Question | None:
        """Read the gaps out of heading and text."""
        text = "\n".join([draft.stem, *draft.lines]) if draft.stem.strip() else "\n".join(draft.lines)
        if "⟦" in text or "⟧" in text:
            draft.wrong(draft.first_line, 1, "cloze-sign", "the sign ⟦ or ⟧", "other brackets")
            return None
        mask = code_mask(text.split("\n"))
        gaps: list[Gap] = []
        out: list[str] = []
        first = draft.stem_line if draft.stem.strip() else draft.first_line
        sound = True
        for number, (line, coded) in enumerate(zip(text.split("\n"), mask, strict=True), start=first):
            at = max(number, draft.line)
            if coded:
                out.append(line)
                continue
            blanked = blank_code(line)
            parts, place = [], 0
            for match in GAP.finditer(blanked):
                gap = self._gap(draft, line[match.start(1) : match.end(1)], str(len(gaps) + 1), at, match.start() + 1)
                sound = sound and gap is not None
                gaps.append(gap or Gap(id=str(len(gaps) + 1), accepted=("?",)))
                parts.append(line[place : match.start()] + GAP_MARK.format(len(gaps)))
                place = match.end()
            left = GAP.sub(lambda match: "\x00" * len(match[0]), blanked)
            if "[[" in left:
                draft.wrong(
                    at, left.find("[[") + 1, "cloze-open", "[[ without ]]", "]] in the same line, before the next [["
                )
                sound = False
            out.append("".join(parts) + line[place:])
        if not sound:
            return None
        rules = [
            n
            for n, (line, coded) in enumerate(zip(draft.lines, code_mask(draft.lines), strict=True))
            if not coded and RULE.match(line)
        ]
        if rules:
            draft.wrong(
                draft.first_line + rules[0], 1, "cloze-below", "a gap below a line across", "gaps above it only"
            )
            return None
        common = draft.common(stem="\n".join(out))
        seen = MARK.findall(re.sub(r"<[^>]*>", "", common["stem"]))
        if sorted(seen, key=int) != [gap.id for gap in gaps]:
            draft.wrong(
                draft.first_line,
                1,
                "cloze-hidden",
                "a gap that the page would not show",
                "gaps in plain text, not in an address, an attribute or a comment",
            )
            return None
        return Cloze(**common, gaps=tuple(gaps))

    def _gap(self, draft: Draft, source: str, number: str, line: int, column: int) -> Gap | None:
        # In a table a bar is written with a backslash, as Markdown wants it there.
        parts = [part.strip() for part in source.replace("\\|", "|").split("|")]
        chosen = [BRACKETED.fullmatch(part) for part in parts]
        code = found = expected = ""
        if re.search(r"</?[a-zA-Z][^>]*>|\*\*|`", source):
            code, found, expected = "cloze-markup", f"[[{source}]]", "plain words: learners type or choose them"
        elif not all(parts) or not all(fold(part) for part in parts):
            code, found, expected = "cloze-empty", f"[[{source}]]", "a word between the brackets and around each |"
        elif not any(chosen):
            if len({fold(part) for part in parts}) < len(parts):
                code, found, expected = "cloze-twice", f"[[{source}]]", "each accepted word once"
            else:
                return Gap(id=number, accepted=tuple(parts))
        elif len(parts) == 1:
            code, found, expected = (
                "cloze-one-option",
                f"[[{source}]]",
                "[[(right)|wrong]] to choose, [[right]] to type",
            )
        elif sum(match is not None for match in chosen) > 1:
            code, found, expected = "cloze-two-right", f"[[{source}]]", "one option in brackets: the right one"
        else:
            options = tuple(match[1].strip() if match else part for match, part in zip(chosen, parts, strict=True))
            if len(set(options)) < len(options):
                code, found, expected = "cloze-twice", f"[[{source}]]", "options that differ"
            else:
                right = next(place for place, match in enumerate(chosen, start=1) if match)
                return Gap(id=number, options=options, right=str(right))
        draft.wrong(line, column, code, found, expected)
        return None

    def write(self, parent: Element, html: str, question: Question, name: str) -> None:
        """The text, with a field or a list in each gap."""
        assert isinstance(question, Cloze)
        append_html(parent, html)
        gaps = {gap.id: gap for gap in question.gaps}

        def control(match: re.Match[str]) -> Element:
            gap = gaps[match[1]]
            attributes = {"class": "gap", "name": f"{name}-{gap.id}", "id": f"{name}-{gap.id}", "data-gap": gap.id}
            if not gap.options:
                fixed = {"type": "text", "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
                return Element("input", {**attributes, **fixed, "maxlength": "200"})
            choice = Element("select", attributes)
            add(choice, "option", "…", value="")
            for place, option in enumerate(gap.options, start=1):
                add(choice, "option", option, value=str(place))
            return choice

        replace_marks(parent, MARK, control)

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """Nothing below the text; in a practice quiz, the key."""
        assert isinstance(question, Cloze)
        if practice:
            key = question.key()["gaps"]
            parent.set("data-key", json.dumps(key, ensure_ascii=False))

    def describe(self, outline: tuple[Any, ...]) -> str:
        """Its gaps."""
        return f" with {len(outline)} gaps ({', '.join(right or 'typed' for _, right in outline)})"

    def in_terminal(self, question: Question) -> str:
        """With a line for each gap."""
        return re.sub(r"⟦(\d+)⟧", r"[\1: ____]", question.stem)

    def ask(self, question: Question, order: tuple[str, ...], ask: Ask, say: Say) -> Any:
        """Gap by gap."""
        assert isinstance(question, Cloze)
        response = {}
        for gap in question.gaps:
            if gap.options:
                say(f"Gap {gap.id}:")
                picked = pick(gap.options, "Number", ask, say)
                said = str(picked[0] + 1) if picked else ""
            else:
                said = ask(f"Gap {gap.id}").strip()
            if said:
                response[gap.id] = said
        return response or None

    def right(self, question: Question) -> str:
        """The words of the gaps."""
        assert isinstance(question, Cloze)
        return ", ".join(gap.answer for gap in question.gaps)


KIND = ClozeKind()
