"""What can be said of the body of any page by itself: its quizzes, what it refers to, what would be lost of it.

Everything that runs a Markdown parser on what an author wrote is here, and runs in processes of its own
(`compiling.readers`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from urllib.parse import unquote

from site_builder.course.manifest import dump_question, dump_quiz
from site_builder.course.model import Question, Quiz
from site_builder.extension import Known
from site_builder.fragments import render_fragment
from site_builder.markup import Removed
from site_builder.problems import has_errors
from site_builder.quizzes.blocks import Block, code_mask, find_blocks
from site_builder.quizzes.parsed import Parsed
from site_builder.quizzes.parser import parse_quiz
from site_builder.reading.compiled import Body, Compiled, Target
from site_builder.reading.files import Collector
from site_builder.reading.frontmatter import read_front_matter
from site_builder.reading.losses import first_loss, without_notes
from site_builder.reading.rendered import Rendered, render_page
from site_builder.reading.syntax import CODE, left_over, report_answers, report_elsewhere, report_maths, report_syntax


def compile_page(path: str, lines: Sequence[str], lang: str) -> Compiled:
    """Read a page: front matter and body.

    Args:
        path: Of the file, for problems.
        lines: Of the whole file.
        lang: Of the page.
    """
    report = Collector(path)
    matter = read_front_matter(list(lines), report)
    return Compiled(matter, read_body(path, lines, matter.end if matter else 0, lang), tuple(report.problems))


def read_body(path: str, lines: Sequence[str], start: int, lang: str) -> Body:
    """Read the body of a page.

    Args:
        path: Of the file, for problems.
        lines: Of the whole file, so that line numbers are right.
        start: Index of the first line of the body.
        lang: Of the page.
    """
    report = Collector(path)
    known: Known = {}
    quizzes, rest, blocks = compile_quizzes(lines, lang, start, report, known)
    body = list(lines[start:])
    targets: list[Target] = []
    prose = html = ""
    headings: dict[str, int] = {}
    try:
        shown = render_page("\n".join(body), lang, known)
    except RecursionError:
        _report_nesting(report, start + 1)
    else:
        prose, html = shown.prose, shown.html
        headings = _heading_lines(shown.headings, lines, start, blocks)
        targets = _look_at(shown, body, start, report)
        mask = code_mask(lines_of_body := [*([""] * start), *body])
        report_syntax(lines_of_body, mask, blocks, start, report)
        report_answers(lines_of_body, mask, blocks, start, report)
        report_maths(lines_of_body, mask, report)
        report_elsewhere(lines_of_body, mask, report)
        if not has_errors(report.problems):
            _report_left_over(shown, body, start, report)
            _report_losses(shown, lines, start, blocks, quizzes, report)
    return Body(
        quizzes=quizzes,
        openings=tuple(block.start + 1 for block in blocks),
        sha=hashlib.sha256(rest.encode("utf-8", "surrogatepass")).hexdigest(),
        targets=tuple(targets),
        prose=prose,
        headings=headings,
        anchors=frozenset(unescape(name) for name in ID.findall(html)),
        html=html,
        problems=tuple(report.problems),
    )


def _heading_lines(
    headings: Iterable[tuple[str, str]], lines: Sequence[str], start: int, blocks: Iterable[Block]
) -> dict[str, int]:
    """Line of each heading in the source: the next line outside of quizzes that has its letters; none if none has."""
    quizzes = {number for block in blocks for number in range(block.start, block.end + 1)}
    found: dict[str, int] = {}
    place = start
    for name, text in headings:
        wanted = _letters(text)
        for number in range(place, len(lines)):
            if number not in quizzes and wanted and wanted in _letters(lines[number]):
                found[name], place = number + 1, number + 1
                break
    return found


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def compile_quizzes(
    lines: Sequence[str], lang: str, start: int, report: Collector, known: Known | None = None
) -> tuple[tuple[Parsed, ...], str, list[Block]]:
    """The quizzes of a page, its body without them, and where they stand.

    Args:
        lines: Of the whole file, so that line numbers are right.
        lang: Of the page.
        start: Index of the first line of the body.
        report: Where problems go.
        known: Gets what was read of each quiz, for who shows the page.
    """
    hidden = [""] * start + list(lines[start:])
    blocks = find_blocks(hidden, report)
    quizzes: list[Parsed] = []
    seen: dict[str, int] = {}
    for number, block in enumerate(blocks, start=1):
        if not block.closed:
            continue  # It reaches to the end of the page; what follows is no part of it.
        parsed = parse_quiz(block, lang=lang, render=reporting_renderer(report), report=report, number=number)
        if known is not None:
            known[number, block.attributes, block.lines] = parsed
        if parsed is None:
            continue
        quiz, line = parsed.quiz, block.start + 1
        if quiz.id in seen:
            report(
                line,
                1,
                code="quiz-duplicate-id",
                found=f"quiz id {quiz.id!r} for a second time (first in line {seen[quiz.id]})",
                expected="an id of its own for each quiz of a page",
            )
            continue
        seen[quiz.id] = line
        _check_left_over(parsed, report)
        if not quiz.practice:
            _check_feedback(parsed, report)
        quizzes.append(parsed)
    body = list(hidden[start:])
    for block in reversed(blocks):
        body[block.start - start : block.end - start + 1] = ["\x00"]
    return tuple(quizzes), "\n".join(body), blocks


QUIZ_ELEMENT = re.compile(r"<air-quiz\b.*?</air-quiz>", re.DOTALL)
BRACES = re.compile(r"\{\{.*?\}\}")
KEY = re.compile(r"""^ {0,3}=(?!\s*["“”„«]).*$""")
"""A number or a formula, which is written in another way than it is kept."""
BOX = re.compile(r"^([\s>]*(?:[-*+]\s+)?)\[[ \u00a0xX]?\](?:\s*\([-\d.,;%\s]*\))?")
"""The box of an option, and the place of a region in a picture."""
RELATIVE = re.compile(r'\s(?:src|href)="(?![a-zA-Z][a-zA-Z0-9+.-]*:|#)', re.IGNORECASE)


def _check_feedback(parsed: Parsed, report: Collector) -> None:
    """Feedback of graded quizzes is sent by the API, which cannot know where a page's files are."""
    for question in parsed.quiz.questions:
        if any(RELATIVE.search(text) for text in question.feedback()):
            report(
                parsed.lines[question.id],
                1,
                code="feedback-file",
                found=f"an image or a relative link in the feedback of {question.id!r}",
                expected="text and links to full addresses",
                hint="Put the image into the question, or above the quiz.",
            )


OPTION_LEFT = re.compile(r"(?:^|[\n>])\s*[-*+]\s+\[[ xX]?\](?=\s)")


def _check_left_over(parsed: Parsed, report: Collector) -> None:
    """Nothing in what a question shows may look like one of its options: it would say which one is right."""
    for question in parsed.quiz.questions:
        for text in _said_by(question):
            match = OPTION_LEFT.search(CODE.sub(" ", text))
            if match:
                report(
                    parsed.lines[question.id],
                    1,
                    code="option-in-code",
                    found=f"{match[0].strip('> ')[:40]!r} inside a text of {question.id!r}",
                    expected="options at the left margin, each on a line of its own",
                    hint="A fence above it, ``` or ~~~, has no end of its own.",
                )
                break


def reporting_renderer(report: Collector) -> Callable[[str, int], str]:
    """A renderer for the quiz parser that reports what the sanitiser took out of a fragment."""

    def render(text: str, line: int) -> str:
        try:
            html, removed = render_fragment(text)
        except RecursionError:
            _report_nesting(report, line)
            return ""
        _report_removed(removed, text.lower().split("\n"), line, report)
        return html

    return render


def _look_at(shown: Rendered, body: list[str], start: int, report: Collector) -> list[Target]:
    """Report what the page would not show, and gather what it refers to."""
    blocks = find_blocks(body)
    outside = [line.lower() for line in body]
    for block in blocks:
        outside[block.start : block.end + 1] = [""] * (block.end - block.start + 1)
    _report_removed(shown.removed, outside, start + 1, report)
    lowered = [line.lower() for line in body]
    for address in dict.fromkeys(shown.raw):
        if _relative(address):
            line, column = _locate(lowered, address.lower(), 0)
            report(
                start + line,
                column,
                code="html-address",
                found=f"the relative address {address!r} in raw HTML",
                expected="Markdown: ![what it shows](file) or [text](file)",
                hint="Addresses in raw HTML are not adjusted to where the page ends up.",
            )
    targets = []
    raw = set(shown.raw)
    for is_image, addresses in ((True, shown.images), (False, shown.links)):
        for address in dict.fromkeys(addresses):
            path, anchor = _relative(address), _anchor(address)
            if (path or anchor) and address not in raw:
                line, column = _locate(lowered, unquote(address).lower(), 0)
                targets.append(Target(path, is_image, start + line, column, anchor))
    if len(shown.quizzes) < shown.readable:
        report(
            start + blocks[-1].start + 1,
            1,
            code="quiz-hidden",
            found="a quiz that the page does not show",
            expected="quizzes outside of raw HTML and comments",
        )
    return targets


def _report_left_over(shown: Rendered, body: list[str], start: int, report: Collector) -> None:
    """The last look at what everybody reads: nothing in it may look like the answer to a question."""
    found = left_over(shown.html)
    if found:
        line, column = _locate([line.lower() for line in body], found.lower(), 0)
        report(
            start + line,
            column,
            code="answers-outside-quiz",
            found=f"{found!r} in the page",
            expected="answers inside a quiz, and code in backticks",
            hint="It stands under a question, something above is not closed, or it is code that is not marked as such.",
        )


def _report_losses(
    shown: Rendered,
    lines: Sequence[str],
    start: int,
    blocks: Sequence[Block],
    quizzes: Sequence[Parsed],
    report: Collector,
) -> None:
    """Report the first word that would be missing from the page, and from each quiz."""
    hidden = [""] * start + list(lines[start:])
    bare = without_notes(hidden, code_mask(hidden))
    inside = {number for block in blocks for number in range(block.start, block.end + 1)}
    outside = [(number + 1, BOX.sub(r"\1", line)) for number, line in enumerate(bare) if number not in inside]
    losses = [first_loss(outside, [QUIZ_ELEMENT.sub("", shown.html)])]
    for block, parsed in zip(blocks, quizzes, strict=True):
        # What stands in double braces is read as parameters and formulas, or reported; so are keys and boxes.
        own = [
            (number + 1, BRACES.sub("", BOX.sub(r"\1", KEY.sub("", bare[number]))))
            for number in range(block.start + 1, block.end)
        ]
        losses.append(first_loss(own, _said(parsed.quiz), each=False))
    for loss in losses:
        if loss:
            report(
                loss[0],
                1,
                code="text-lost",
                found=f"the word {loss[1]!r}, which the page would not show",
                expected="text that is shown",
                hint="Something above it is not closed, or it is a definition that nothing refers to. "
                "What is not for readers goes into <!-- a comment -->.",
            )


def _said(quiz: Quiz) -> Iterable[str]:
    """Every text that a quiz shows."""
    return _texts_of(dump_quiz(quiz))


def _said_by(question: Question) -> Iterable[str]:
    """Every text that a question shows."""
    return _texts_of(dump_question(question))


def _texts_of(plain: object) -> Iterable[str]:
    def texts(value: object) -> Iterable[str]:
        if isinstance(value, dict):
            for name, item in value.items():
                if name != "md" and not name.endswith("_md"):
                    # What was written says nothing of what is shown.
                    yield name
                    yield from texts(item)
        elif isinstance(value, list):
            for item in value:
                yield from texts(item)
        else:
            yield str(value)

    return texts(plain)


def _report_removed(removed: Iterable[Removed], lines: list[str], first: int, report: Collector) -> None:
    seen: Counter[str] = Counter()
    for item in removed:
        line, column = _locate(lines, item.needle, seen[item.needle])
        seen[item.needle] += 1
        report(
            first + line - 1,
            column,
            code="html-removed",
            found=item.found,
            expected=item.expected,
            hint="It was removed from the page.",
        )


def _report_nesting(report: Collector, line: int) -> None:
    report(
        line,
        1,
        code="nested-too-deeply",
        found="lists or quotes in one another, hundreds deep",
        expected="a few levels",
    )


def _locate(lines: list[str], needle: str, skip: int) -> tuple[int, int]:
    """Line and column, from 1, of an occurrence of a text; of the beginning where it cannot be found as it is."""
    for number, line in enumerate(lines, start=1):
        place = line.find(needle)
        while place >= 0:
            if not skip:
                return number, place + 1
            skip -= 1
            place = line.find(needle, place + 1)
    return 1, 1


ID = re.compile(r'<[a-zA-Z][^<>]*?\sid="([^"]*)"')


def _anchor(address: str) -> str:
    """The fragment of a relative address, "" without one."""
    here = not re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*:|^//", address)
    return unquote(address.partition("#")[2]).strip() if here else ""


def _relative(address: str) -> str:
    """The path of a relative address, "" for an address elsewhere or on the same page."""
    path = unquote(address.partition("#")[0].partition("?")[0]).strip()
    return "" if re.match(r"^[a-zA-Z][a-zA-Z0-9+.-]*:|^//", path) else path
