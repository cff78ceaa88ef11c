"""One quiz block to a `Quiz`, with every slip reported."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from site_builder.course.model import MARKINGS, RELEASES, SHOWS, Question, Quiz
from site_builder.quizzes.blocks import Block, Report, code_mask, parse_attributes, without_code, without_comments
from site_builder.quizzes.draft import Draft
from site_builder.quizzes.kinds import Kind, all_kinds
from site_builder.quizzes.lists import RULE, as_text
from site_builder.quizzes.parsed import Parsed
from site_builder.quizzes.render import sheet

HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t\u00a0\u202f](.*))?$")
LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"})
ALMOST_HEADING = re.compile(r"^ {0,3}#{2,6}[^#\s]")
ALMOST_ATTRIBUTES = re.compile(r"[{\[]#[a-zA-Z]")
LOST_ATTRIBUTES = re.compile(r"^\s*\{:?\s*[#.][^{}]*\}\s*$")
ATTRIBUTE_LIST = re.compile(r"\{:?[ \t]*([^{}]*)\}\s*$")
IDENTIFIER = re.compile(r"^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$")

ATTRIBUTES = (
    "id",
    "pass",
    "attempts",
    "practice",
    "release",
    "show",
    "draw",
    "shuffle",
    "minutes",
    "wait",
    "confidence",
    "marking",
    "objective",
    "scene",
)
SWITCHES = frozenset({"practice", "shuffle", "confidence"})
"""Attributes without a value."""

GRADED_ONLY = ("attempts", "release", "draw", "minutes", "wait")
"""What only the server can keep; in a practice quiz it would be a promise that nobody keeps."""

MAX_MINUTES = 8 * 60
DURATION = re.compile(r"([1-9][0-9]{0,3})\s*(m|min|h|d|j)")
OBJECTIVE = re.compile(r"[1-9][0-9]?")
OBJECTIVE_TOKEN = re.compile(rf"objective=[\"']?({OBJECTIVE.pattern})[\"']?")
SECONDS = {"m": 60, "min": 60, "h": 3600, "d": 86_400, "j": 86_400}
MAX_WAIT = 60 * 86_400

DRAWN = re.compile(r"\{\{\s*[a-zA-Z]\w*\s*=(?!=)")
"""A definition in double braces."""

Render = Callable[[str, int], str]


@dataclass(slots=True)
class QuestionLines:
    """A question as lines: heading (or nothing), stem, answers, explanation."""

    line: int
    heading: str = ""
    id: str = ""
    classes: list[str] = field(default_factory=list)
    objective: int = 0
    lines: list[tuple[int, str]] = field(default_factory=list)


def parse_quiz(block: Block, *, lang: str, render: Render, report: Report, number: int = 1) -> Parsed | None:
    """Read one quiz.

    Args:
        block: From `find_blocks`, over the lines of the whole file.
        lang: Language of the page, for True and False.
        render: Markdown of a fragment, with its line number, to sanitised HTML.
        report: Takes line, column, code, found, expected, hint.
        number: Position of the quiz on the page, for the id of a quiz without one.

    Returns:
        The quiz with the lines of its questions, or None when nothing of it could be used; the reasons are reported.
    """
    settings = _settings(block, report, number)
    objective, scene = settings.pop("objective", 0), settings.pop("scene", "")
    block = replace(block, lines=tuple(without_comments(block.lines)))
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
        draft.objective = draft.objective or objective
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
    texts: dict[str, Any] = {"intro": render(intro[1], intro[0]), "intro_md": intro[1]} if intro[1].strip() else {}
    quiz = Quiz(questions=tuple(questions), **texts, **settings)
    _check_draw(quiz, block.start + 1, report)
    if quiz.handed_out:
        quiz = replace(quiz, sheets={question.id: sheet(quiz, question) for question in questions})
    if scene and (quiz.handed_out or quiz.show == "one"):
        _report_drawn_scene(block.start + 1, report)
        scene = ""
    return Parsed(quiz, seen, scene)


def _report_drawn_scene(line: int, report: Report) -> None:
    report(
        line,
        1,
        code="quiz-attribute",
        found="scene on a quiz whose questions are drawn or shown one by one, or that has a clock",
        expected="questions that are the same for everybody and stand in the page: the scene asks them",
    )


def _check_draw(quiz: Quiz, line: int, report: Report) -> None:
    if quiz.draw is None:
        return
    critical = sum(question.critical for question in quiz.questions)
    if quiz.draw >= len(quiz.questions) or quiz.draw < critical:
        report(
            line,
            1,
            code="quiz-draw",
            found=f"draw={quiz.draw} of {len(quiz.questions)} questions, {critical} of them critical",
            expected="fewer than there are, and at least the critical ones",
            hint="Critical questions are in every attempt; the others are drawn.",
        )


def slug(text: str) -> str:
    """An id made of a heading: ASCII, lower case, hyphens, at most 48 characters."""
    # What stands in gaps and braces is the key, or drawn: an id is in the page.
    text = re.sub(r"\[\[.*?\]\]|\{\{.*?\}\}", " ", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text).translate(LIGATURES)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-")


def _settings(block: Block, report: Report, number: int) -> dict[str, Any]:
    settings: dict[str, Any] = {"id": f"quiz-{number}" if number > 1 else "quiz"}
    line = block.start + 1
    seen: dict[str, int] = {}
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
        seen[name] = column
        if name in SWITCHES:
            if value not in (None, name, "true"):
                wrong(f'{name}="{value}"', f"{name}, without a value")
            else:
                settings[name] = True
            continue
        match name:
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
            case "release" | "show" | "marking":
                allowed = {"release": RELEASES, "show": SHOWS, "marking": MARKINGS}[name]
                if value not in allowed:
                    wrong(f"{name}={value!r}", "one of " + ", ".join(allowed))
                else:
                    settings[name] = value
            case "draw":
                if value is None or not re.fullmatch(r"[1-9][0-9]{0,2}", value):
                    wrong(f"draw={value!r}", "how many questions each attempt gets: a whole number from 1 to 999")
                else:
                    settings["draw"] = int(value)
            case "minutes":
                if value is None or not re.fullmatch(r"[1-9][0-9]{0,2}", value) or int(value) > MAX_MINUTES:
                    wrong(f"minutes={value!r}", f"a whole number from 1 to {MAX_MINUTES}")
                else:
                    settings["minutes"] = int(value)
            case "scene":
                if value is None or not IDENTIFIER.match(value):
                    wrong(f"scene={value!r}", 'the name of a folder in scenes/: scene="changing-room"')
                else:
                    settings["scene"] = value
            case "objective":
                if value is None or not OBJECTIVE.fullmatch(value):
                    wrong(f"objective={value!r}", 'the number of an objective of the page: objective="2"')
                else:
                    settings["objective"] = int(value)
            case "wait":
                duration = DURATION.fullmatch(value or "")
                seconds = int(duration[1]) * SECONDS[duration[2]] if duration else 0
                if not 0 < seconds <= MAX_WAIT:
                    wrong(f"wait={value!r}", 'a time from 1m to 60d: wait="30m", wait="1h", wait="2d"')
                else:
                    settings["wait"] = seconds
    if settings.get("practice"):
        for name in GRADED_ONLY:
            if name in seen:
                report(
                    line,
                    seen[name],
                    code="quiz-attribute",
                    found=f"{name} on a practice quiz",
                    expected="a graded quiz, or no such attribute",
                    hint="Practice quizzes are marked in the browser as often as one likes.",
                )
                settings.pop(name, None)
    elif settings.get("attempts") != 1:
        # Whoever may try again is not handed the key of the next attempt.
        settings.setdefault("release", "passed")
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
            continue
        if not coded and ALMOST_HEADING.match(line):
            sign = len(line) - len(line.lstrip()) + 1
            report(
                number, sign, code="question-heading", found=repr(line.strip()[:40]), expected="a space behind the #"
            )
        if not coded and LOST_ATTRIBUTES.match(line):
            report(
                number,
                1,
                code="question-attribute",
                found=repr(line.strip()),
                expected="ids and .critical in the line of the heading, behind it",
            )
        (drafts[-1].lines if drafts else before).append((number, line))
    if not drafts and any(line.strip() for _, line in before):
        drafts.append(QuestionLines(line=before[0][0], lines=before))
        before = []
    above = [(n, line) for (n, line), coded in zip(before, mask, strict=False) if not coded]
    answer = next((n for n, line in above if _begins(line, weak=False)), None)
    listed = next((n for n, line in above if _begins(line, weak=True)), None)
    below = any(not kind.weak for draft in drafts for _, kind in _find_answers(draft))
    # A numbered list above questions is a part of the introduction.
    if drafts and (answer or (listed and not below)):
        if answer and below:
            report(
                answer,
                1,
                code="quiz-answers-without-question",
                found="answers above the first heading",
                expected="a heading with the question above its answers",
            )
        else:
            # A question without a heading whose explanation has headings.
            lines = list(enumerate(block.lines, start=first))
            return (first, ""), [QuestionLines(line=first, lines=lines)]
    return (first, "\n".join(line for _, line in before)), drafts


def _heading(match: re.Match[str], number: int, report: Report) -> QuestionLines:
    text = _without_closing(match[2] or "")
    draft = QuestionLines(line=number)
    tokens: list[str] = []
    if attributes := ATTRIBUTE_LIST.search(text):
        tokens = attributes[1].split()
        text = text[: attributes.start()]
    elif lost := ALMOST_ATTRIBUTES.search(without_code(text)):
        tokens = [text[lost.start() :]]
    for token in tokens:
        if token.startswith("#") and IDENTIFIER.match(token[1:]) and not draft.id:
            draft.id = token[1:]
        elif token == ".critical":  # noqa: S105  # A class name.
            draft.classes.append("critical")
        elif (objective := OBJECTIVE_TOKEN.fullmatch(token)) and not draft.objective:
            draft.objective = int(objective[1])
        else:
            report(
                number,
                match.string.find(token, match.string.rfind("{") if attributes else 0) + 1,
                code="question-attribute",
                found=repr(token),
                expected="{#an-id} (small letters, digits, hyphens); .critical for a knock-out question; objective=2"
                " for what it tests",
            )
    draft.heading = _without_closing(text).strip()
    if not draft.heading:
        report(number, 1, code="question-empty", found="a heading without text", expected="the question as a heading")
    return draft


def _without_closing(text: str) -> str:
    """A heading's text without the signs that may close it: ### Like this ###."""
    text = text.rstrip()
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text


def _begins(line: str, *, weak: bool) -> bool:
    return any(kind.starts(line) and kind.weak == weak for kind in all_kinds())


def _find_answers(draft: QuestionLines) -> list[tuple[int, Kind]]:
    """Index and kind of each line that begins answers, where they are no part of others; empty when there are none."""
    mask = code_mask([line for _, line in draft.lines])
    plain = [
        (index, line)
        for index, (line, coded) in enumerate(zip((t for _, t in draft.lines), mask, strict=True))
        if not coded
    ]
    strong = [(n, kind) for n, line in plain for kind in all_kinds() if not kind.weak and kind.starts(line)]
    weak = [(n, kind) for n, line in plain for kind in all_kinds() if kind.weak and kind.starts(line)]
    if weak:
        kind = weak[0][1]
        begin = min(n for n, _ in (*weak[:1], *strong))
        end = begin + kind.extent([line for _, line in draft.lines[begin:]])
        # Boxes behind a text of their own are another question's options, with the x forgotten.
        if all(n < end and kind.takes(draft.lines[n][1]) for n, _ in strong):
            return [(begin, kind), *((n, other) for n, other in weak if n >= end and kind.goes_on(draft.lines[n][1]))]
    return strong


SLIPS = (
    (r"^\s*[a-zA-Z][.)] ", "Options are a check-list, - [ ] and - [x]; steps in order are numbered 1. 2. 3."),
    (r"^\s*[-*+] ", "Options have boxes: - [ ] for a wrong one, - [x] for a right one"),
)
"""What may have been meant, where no kind knows a line by its look."""


def _slip(draft: QuestionLines) -> str:
    """What to do about a question in which no answers are recognised."""
    for pattern, hint in (*(slip for kind in all_kinds() for slip in kind.slips), *SLIPS):
        found = next((number for number, line in draft.lines if re.search(pattern, line)), None)
        if found is not None:
            return f"Line {found}: {hint}."
    return "Every heading in a quiz is a question; a title in an explanation is written in **bold**."


LIST_ITEM = re.compile(r"^ {0,3}(?:[-*+–—•]|\d{1,3}[.)])[ \t\u00a0]+\S")


def _is_plain(line: str) -> bool:
    """Whether a line above the answers is no list item, which would be one list with them."""
    return LIST_ITEM.match(line) is None


def _in_heading(draft: QuestionLines) -> Kind | None:
    """The kind whose answers stand in the heading itself: a gap."""
    in_texts = (kind for kind in all_kinds() if not kind.weak and not kind.needs_stem)
    return next((kind for kind in in_texts if kind.starts(draft.heading)), None)


def _question(draft: QuestionLines, lang: str, render: Render, report: Report) -> Question | None:
    lines = draft.lines
    found = _find_answers(draft)
    headed = _in_heading(draft)
    if headed is not None and not any(kind is headed for _, kind in found):
        found = [(0, headed), *found]
    if not found:
        report(
            draft.line,
            1,
            code="question-no-answers",
            found="a question without answers",
            expected="one of " + ", ".join(kind.form for kind in all_kinds()),
            hint=_slip(draft),
        )
        return None
    begin, kind = found[0]
    end = begin + kind.extent([line for _, line in lines[begin:]])
    if headed is kind and begin == 0 and not any(kind.starts(line) for _, line in lines):
        end = 0
    extra = next((n for n, other in found if n >= end and not (other is headed and n == 0)), None)
    if extra is not None:
        report(
            lines[extra][0],
            1,
            code="question-second-answers",
            found="answers for a second time under one question",
            expected="one block of answers under each heading",
            hint="Give the second block a heading of its own, or remove the text between the options. "
            "A line that begins with = is an answer: a formula in a text goes in `backticks`.",
        )
        return None
    if begin and not _is_plain(lines[begin - 1][1]):
        report(
            lines[begin - 1][0],
            1,
            code="answers-broken",
            found=f"{lines[begin - 1][1].strip()[:40]!r}, a list item straight above the answers",
            expected=kind.form,
            hint="A list that belongs to the question has a blank line below it.",
        )
        return None
    stem_lines = [line for _, line in lines[:begin]]
    # Lines are counted in the joined text: a blank line under the heading is the one that Markdown wants there.
    apart = [] if stem_lines and not stem_lines[0].strip() else [""]
    stem = "\n".join([as_text(draft.heading), *apart, *stem_lines]) if draft.heading else "\n".join(stem_lines)
    if not stem.strip() and kind.needs_stem:
        report(
            lines[begin][0],
            1,
            code="question-empty",
            found="answers without a question",
            expected="the question above them",
        )
        return None
    drawn = next((n for n, line in lines if DRAWN.search(line)), draft.line if DRAWN.search(draft.heading) else None)
    if drawn is not None and not kind.draws:
        report(
            drawn,
            1,
            code="calculated-alone",
            found="a value that is drawn, in a question whose answer is no formula",
            expected="an answer with a formula: = {{ c2 * v2 / c1 }} ± 1 % mL",
        )
        return None
    rest = lines[end:]
    explanation = "\n".join(line for _, line in rest).strip("\n")
    skipped = next((place for place, (_, line) in enumerate(rest) if line.strip()), 0)
    # mkdocs-quiz sets the explanation off with a rule.
    first, _, others = explanation.partition("\n")
    bare = others if RULE.match(first) else explanation
    explanation_line = rest[skipped][0] + (explanation.count("\n") - bare.count("\n")) if rest else draft.line
    parsed = kind.parse(
        Draft(
            id=draft.id,
            lang=lang,
            line=draft.line,
            stem=stem,
            stem_line=draft.line - len(apart) if draft.heading else draft.line,
            explanation=bare,
            explanation_line=explanation_line,
            critical="critical" in draft.classes,
            first_line=lines[begin][0] if begin < len(lines) else draft.line,
            lines=[line for _, line in lines[begin:end]],
            below=lines[end][1] if end < len(lines) else "",
            render=render,
            report=report,
        )
    )
    return replace(parsed, objective=draft.objective) if parsed is not None and draft.objective else parsed
