"""Short texts: `= "autoclave" | "steam steriliser"`."""

from __future__ import annotations

import json
import re
from xml.etree.ElementTree import Element

from site_builder.course.kinds.text import MAX_TEXT, ShortText, fold
from site_builder.course.model import Question
from site_builder.quizzes.base import BaseKind, add_field
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.kinds.numeric import report_below

ANSWER = re.compile(r"^ {0,3}=\s*([\"“”„«].*)$")
ONE = re.compile(r'\s*(?:"([^"]*)"|[“„]([^”“]*)[”“]|«\s*([^»]*?)\s*»|”([^”]*)”)\s*')


class TextKind(BaseKind):
    """The kind behind an equals sign and quotation marks."""

    names = (ShortText.kind,)
    form = 'a short text (= "autoclave" | "steam steriliser")'
    often = 4
    codes = ("text-", "answer-", "answers-")
    slips = (
        (r"^\s*[\"“«„]",
         'A short text begins with an equals sign: = "autoclave"'),
    )  # fmt: skip

    def starts(self, line: str) -> bool:
        """An equals sign and a quotation mark of any language."""
        return ANSWER.match(line) is not None

    def parse(self, draft: Draft) -> Question | None:
        """Read the accepted texts."""
        match = ANSWER.match(draft.lines[0])
        source = match[1].strip() if match else ""
        column = draft.lines[0].find("=") + 1
        accepted: list[str] = []
        place = 0
        while one := ONE.match(source, place):
            accepted.append(next(text for text in one.groups() if text is not None).strip())
            place = one.end()
            if not source.startswith("|", place):
                break
            place += 1
        if not report_below(draft):
            return None
        if place != len(source) or not accepted or source.endswith("|"):
            draft.wrong(
                draft.first_line,
                column,
                "text-malformed",
                f"= {source[:60]}",
                'texts in quotation marks with | between them: = "autoclave" | "steam steriliser"',
            )
            return None
        for number, text in enumerate(accepted):
            if not fold(text):
                draft.wrong(
                    draft.first_line, column, "text-empty", "an empty text", "a word or a few between the quotes"
                )
                return None
            if len(text) > MAX_TEXT // 2:
                draft.wrong(draft.first_line, column, "text-too-long", f"{len(text)} characters", "a word or a few")
                return None
            if fold(text) in {fold(other) for other in accepted[:number]}:
                draft.report(
                    draft.first_line,
                    column,
                    code="text-twice",
                    found=f"{text!r} for a second time",
                    expected="each text once",
                    hint="Case, accents and spacing are forgiven without being listed.",
                    severity="warning",
                )
        different = {fold(text): text for text in reversed(accepted)}
        return ShortText(**draft.common(), accepted=tuple(text for text in accepted if different[fold(text)] == text))

    def show(self, parent: Element, question: Question, name: str, *, practice: bool) -> None:
        """A text field."""
        assert isinstance(question, ShortText)
        add_field(parent, name, row="short-text", field="text-input", autocapitalize="off", maxlength="200")
        if practice:
            parent.set("data-accepted", json.dumps(question.accepted, ensure_ascii=False))


KIND = TextKind()
