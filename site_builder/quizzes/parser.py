"""One quiz block to a `Quiz`, with every slip reported."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from site_builder.course.model import RELEASES, SHOWS, Question, Quiz
from site_builder.quizzes.blocks import Block, Report, code_mask, parse_attributes
from site_builder.quizzes.kinds import Draft, Kind, all_kinds

HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*$")
ATTRIBUTE_LIST = re.compile(r"[ \t]*\{:?[ \t]*([^{}]*)\}[ \t]*$")
IDENTIFIER = re.compile(r"^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$")

ATTRIBUTES = ("id", "pass", "attempts", "practice", "release", "show")

Render = Callable[[str, int], str]


@dataclass(slots=True)
class QuestionLines:
    """A question as lines: heading (or nothing), stem, answers, explanation."""

    line: int
    heading: str = ""
    id: str = ""
    classes: list[str] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)


def parse_quiz(block: Block, *, lang: str, render: Render, report: Report, number: int = 1) -> Quiz | None:
    """Read one quiz.

    Args:
        block: From `find_blocks`, over the lines of the whole file.
        lang: Language of the page, for True and False.
        render: Markdown of a fragment, with its line number, to sanitised HTML.
        report: Takes line, column, code, found, expected, hint.
        number: Position of the quiz on the page, for the id of a quiz without one.

    Returns:
        The quiz, or None when nothing of it could be used; the reasons are reported.
    """
    settings = _settings(block, report, number)
    intro, drafts = _split(block, report)
    questions: list[Question] = []
    seen: dict[str, int] = {}
    sound = True
    for position, draft in enumerate(drafts, start=1):
        draft.id = draft.id or slug(draft.heading) or f"q{position}"
        if draft.id in seen:
            report(
                draft.line,
                1,
                code="question-duplicate-id",
                found=f"question id {draft.id!r} for a second time (first in line {seen[draft.id]})",
                expected="an id of its own for each question of a quiz",
                hint="Write one behind the heading: {#another-id}",
            )
            sound = False
            continue
        seen[draft.id] = draft.line
        question = _question(draft, lang, render, report)
        if question is None:
            sound = False
        else:
            questions.append(question)
    if not drafts:
        report(
            block.start + 1,
            1,
            code="quiz-empty",
            found="a quiz without a question",
            expected="a heading and its answers",
        )
    if not sound or not questions:
        return None
    return Quiz(questions=tuple(questions), intro=render(intro[1], intro[0]) if intro[1].strip() else "", **settings)


def slug(text: str) -> str:
    """An id made of a heading: ASCII, lower case, hyphens, at most 48 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


def _settings(block: Block, report: Report, number: int) -> dict[str, Any]:
    settings: dict[str, Any] = {"id": f"quiz-{number}" if number > 1 else "quiz"}
    line = block.start + 1
    seen: set[str] = set()
    for name, value, offset in parse_attributes(block.attributes):
        column = offset + len("<quiz ") + 1

        def wrong(found: str, expected: str, hint: str = "", column: int = column) -> None:
            report(line, column, code="quiz-attribute", found=found, expected=expected, hint=hint)

        if name not in ATTRIBUTES:
            close = difflib.get_close_matches(name, ATTRIBUTES, n=1)
            wrong(
                f"unknown attribute {name!r}",
                "one of " + ", ".join(ATTRIBUTES),
                f"Did you mean {close[0]!r}?" if close else "",
            )
            continue
        if name in seen:
            wrong(f"attribute {name!r} twice", "each attribute once")
            continue
        seen.add(name)
        match name:
            case "practice":
                if value not in (None, "practice", "true"):
                    wrong(f'practice="{value}"', "practice, without a value")
                settings["practice"] = True
            case "id":
                if value is None or not IDENTIFIER.match(value):
                    wrong(f"id={value!r}", "small letters, digits and hyphens, for example gowning-1")
                else:
                    settings["id"] = value
            case "pass":
                percent = re.fullmatch(r"([0-9]{1,3})\s*%", value or "")
                if percent is None or int(percent[1]) > 100:
                    wrong(f"pass={value!r}", 'a percentage from 0 % to 100 %, for example pass="80%"')
                else:
                    settings["pass_mark"] = int(percent[1])
            case "attempts":
                if value is None or not re.fullmatch(r"[1-9][0-9]?", value):
                    wrong(f"attempts={value!r}", "a whole number from 1 to 99")
                else:
                    settings["attempts"] = int(value)
            case "release" | "show":
                allowed = RELEASES if name == "release" else SHOWS
                if value not in allowed:
                    wrong(f"{name}={value!r}", "one of " + ", ".join(allowed))
                else:
                    settings[name] = value
    return settings


def _split(block: Block, report: Report) -> tuple[tuple[int, str], list[QuestionLines]]:
    """The introduction (line and text) and the questions of a block."""
    mask = code_mask(block.lines)
    first = block.start + 2
    drafts: list[QuestionLines] = []
    before: list[tuple[int, str]] = []
    for number, (line, coded) in enumerate(zip(block.lines, mask, strict=True), start=first):
        heading = None if coded else HEADING.match(line)
        if heading:
            drafts.append(_heading(heading, number, report))
        elif drafts:
            drafts[-1].lines.append((number, line))
        else:
            before.append((number, line))
    if not drafts and any(line.strip() for _, line in before):
        drafts.append(QuestionLines(line=before[0][0], lines=before))
        before = []
    if drafts and (answer := next((n for n, line in before if _starting_kind(line)), None)):
        report(
            answer,
            1,
            code="quiz-answers-without-question",
            found="answers above the first heading",
            expected="a heading with the question above its answers",
        )
    return (first, "\n".join(line for _, line in before)), drafts


def _heading(match: re.Match[str], number: int, report: Report) -> QuestionLines:
    text = match[2] or ""
    draft = QuestionLines(line=number)
    attributes = ATTRIBUTE_LIST.search(text)
    if attributes:
        text = text[: attributes.start()]
        for token in attributes[1].split():
            if token.startswith("#") and IDENTIFIER.match(token[1:]):
                draft.id = token[1:]
            elif token == ".critical":  # noqa: S105  # A class name.
                draft.classes.append("critical")
            else:
                report(
                    number,
                    match.string.find(token) + 1,
                    code="question-attribute",
                    found=repr(token),
                    expected="{#an-id} (small letters, digits, hyphens) and, for a knock-out question, .critical",
                )
    draft.heading = re.sub(r"(?:^|[ \t]+)#+$", "", text.strip()).strip()
    if not draft.heading:
        report(number, 1, code="question-empty", found="a heading without text", expected="the question as a heading")
    return draft


def _starting_kind(line: str) -> Kind | None:
    return next((kind for kind in all_kinds() if kind.starts(line)), None)


def _question(draft: QuestionLines, lang: str, render: Render, report: Report) -> Question | None:
    lines = draft.lines
    mask = code_mask([line for _, line in lines])
    starts = [index for index, (_, line) in enumerate(lines) if not mask[index] and _starting_kind(line)]
    if not starts:
        report(
            draft.line,
            1,
            code="question-no-answers",
            found="a question without answers",
            expected="a check-list (- [ ] / - [x]) or a numeric answer (= 12.5 ± 0.5 mL) below it",
        )
        return None
    begin = starts[0]
    kind = _starting_kind(lines[begin][1])
    assert kind is not None
    end = begin + kind.extent([line for _, line in lines[begin:]])
    extra = next((index for index in starts if index >= end), None)
    if extra is not None:
        report(
            lines[extra][0],
            1,
            code="question-second-answers",
            found="answers for a second time under one question",
            expected="one block of answers under each heading",
            hint="Give the second block a heading of its own, or remove the text between the options.",
        )
        return None
    stem_lines = [line for _, line in lines[:begin]]
    stem_text = "\n".join([draft.heading, "", *stem_lines]) if draft.heading else "\n".join(stem_lines)
    if not stem_text.strip():
        report(
            lines[begin][0],
            1,
            code="question-empty",
            found="answers without a question",
            expected="the question above them",
        )
        return None
    rest = lines[end:]
    explanation = "\n".join(line for _, line in rest).strip("\n")
    # mkdocs-quiz sets the explanation off with a rule.
    explanation = re.sub(r"\A\s*-{3,}\s*\n", "", explanation)
    return kind.parse(
        Draft(
            id=draft.id,
            lang=lang,
            stem=render(stem_text, draft.line),
            explanation=render(explanation, rest[0][0]) if explanation.strip() else "",
            critical="critical" in draft.classes,
            first_line=lines[begin][0],
            lines=[line for _, line in lines[begin:end]],
            render=render,
            report=report,
        )
    )
