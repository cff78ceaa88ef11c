"""What looks like a quiz outside of one, and what other builders read and this one does not: never in silence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from site_builder.maths import broken
from site_builder.quizzes.blocks import Block, without_code, without_comments
from site_builder.quizzes.kinds.numeric import read_key
from site_builder.quizzes.kinds.text import ANSWER as TEXT_KEY
from site_builder.quizzes.lists import BOX
from site_builder.reading.files import Collector

GAP = re.compile(r"(?<![\[!\w])\[\[(?!\s*\])[^\[\]]+\]\](?![(\[])")
KEY = re.compile(r"^ {0,3}=[ \t]*(?=\S)(.*)$")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*(\{[^{}]*\})?\s*#*\s*$")
LEFT = re.compile(r"(?:^|\s|>)\[[xX]\](?=[\s{])|(?<!\[)\[\[[^\[\]<>]+\]\](?!\()")
"""What must not be left in a page's HTML outside of code: a box with an x, a gap."""
ASKED = re.compile(r'\?[\s»"”]*(?:</\w+>\s*)+<[uo]l>\s*<li>\s*(?:<p>\s*)?<span class="task-box">.</span>\s*([^<>]*)')
"""A list to tick off under a question, wherever it stands: in a tab, a box, a quote."""
CODE = re.compile(r"<(pre|code|air-quiz|math)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that another builder reads.

    Attributes:
        pattern: Found in a line without its code spans.
        found: What it is called.
        hint: What to write instead.
    """

    pattern: re.Pattern[str]
    found: str
    hint: str


FOREIGN = (
    Foreign(
        re.compile(r"^\s*:{3,}"),
        "a block with :::",
        "Boxes are written with exclamation marks: !!! note, and their text indented by four spaces.",
    ),
    Foreign(
        re.compile(r"^\s*/{3}\s+(?:figure-)?caption\b"),
        "a caption with ///",
        'A caption stands behind the address of the picture: ![what it shows](images/name.svg "Caption").',
    ),
    Foreign(
        re.compile(r"^\s*/{3}\s+(?!\s*$)\S"),
        "a block with ///",
        "Boxes are written with exclamation marks: !!! note, and their text indented by four spaces.",
    ),
    Foreign(
        re.compile(r'^\s*={3}[+!]?\s+(?!["“])\S'),
        "a tab without quotation marks",
        'A tab has its title in double ones: === "Title", and its text indented by four spaces.',
    ),
    Foreign(
        re.compile(r"(?<![\\$\w])\$\s+[^$]*?\\[a-zA-Z]+[^$]*\$|(?<![\\$\w])\$[^$\s][^$]*?\\[a-zA-Z]+[^$]*\s\$(?!\d)"),
        "a formula with a space at its dollar signs",
        "No space stands behind the first sign and before the second: $\\frac{a}{b}$.",
    ),
    Foreign(
        re.compile(r"^\s*>\s*\[!(?!(?:note|tip|important|warning|caution)\])\w+\]", re.IGNORECASE),
        "a box of a kind that is not known",
        "Known are > [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] and [!CAUTION].",
    ),
    Foreign(
        re.compile(r"\{%.*?%\}"),
        "a template tag, {% … %}",
        "Write what it stands for: pages are Markdown alone, and nothing is put in.",
    ),
    Foreign(
        re.compile(r"(?<!\{)\{\{(?!\{).*?\}\}"),
        "double braces, {{ … }}",
        "Write what it stands for; in a quiz they are values that are drawn. To show them, use `backticks`.",
    ),
    Foreign(
        re.compile(r"^\s*-{1,2}8<-{1,2}"),
        "a snippet, --8<--",
        "Write the text itself: one file is one page.",
    ),
    Foreign(
        re.compile(r"(?<![\w:/`]):(?:material|fontawesome|octicons|simple)-[a-z0-9-]+:(?!\w)"),
        "an icon, :material-…:",
        "Use a word, or a sign of the keyboard or Unicode (✓, →, ⚠).",
    ),
    Foreign(
        re.compile(r"(?<![\w:/`]):[a-z][a-z0-9_]{2,30}:(?![\w/])"),
        "a short code for a picture, :…:",
        "Type the sign itself: 🙂 instead of :smile:.",
    ),
    Foreign(
        re.compile(r"\{(?:\+\+|--|~~|==|>>).*?(?:\+\+|--|~~|==|<<)\}"),
        "an editor's mark, {++ … ++}",
        "Write the text as it should be; ==marked== and ~~struck~~ are shown so.",
    ),
    Foreign(
        re.compile(r"!\[\[[^\]]+\]\]"),
        "an embedded note, ![[…]]",
        "A picture is ![what it shows](images/name.svg).",
    ),
    Foreign(
        re.compile(r"^\s*@\w+\s*$|^\s*\[TOC\]\s*$", re.IGNORECASE),
        "a mark for a table of contents or a directive",
        "Remove it: pages have their own.",
    ),
)
DIAGRAMS = re.compile(
    r"^[ >]*(?:`{3,}|~{3,})[ \t]*\{?\.?(mermaid|plantuml|puml|dot|graphviz|d2|math|latex|katex)\b", re.IGNORECASE
)
HASH = re.compile(r"^ {0,3}#{1,6}(?=[^\s#0-9])")


def report_syntax(
    lines: Sequence[str], mask: Sequence[bool], blocks: Sequence[Block], start: int, report: Collector
) -> None:
    """Report, once for each kind, what the page would show raw.

    Args:
        lines: Of the whole file.
        mask: Which of them are fenced code.
        blocks: The quizzes.
        start: Index of the first line of the body.
        report: Where problems go.
    """
    inside = {number for block in blocks for number in range(block.start, block.end + 1)}
    seen: set[str] = set()

    def warn(number: int, column: int, found: str, hint: str) -> None:
        if found not in seen:
            seen.add(found)
            report(
                number + 1, column, code="syntax-unknown", found=f"{found}, which is shown as it is written",
                expected="Markdown that the guide lists", hint=hint, severity="warning",
            )  # fmt: skip

    bare = without_comments(lines)
    for number in range(start, len(lines)):
        line = lines[number]
        if mask[number]:
            diagram = DIAGRAMS.match(line) if not (number and mask[number - 1]) else None
            if diagram:
                hint = "Make a picture of it (.svg): ![what it shows](images/name.svg)."
                if diagram[1].lower() in ("math", "latex", "katex"):
                    hint = "Maths stands between dollar signs: $…$ in a text, $$…$$ on a line of its own."
                warn(number, 1, f"a {diagram[1]} block", hint)
            continue
        plain = without_code(bare[number])
        for foreign in FOREIGN:
            if foreign.found.startswith("double braces") and number in inside:
                continue
            if match := foreign.pattern.search(plain):
                warn(number, match.start() + 1, foreign.found, foreign.hint)
                break
        if number not in inside and HASH.match(plain):
            warn(number, 1, "a # without a space behind it", "A heading has a space: ## Like this.")


def report_answers(
    lines: Sequence[str], mask: Sequence[bool], blocks: Sequence[Block], start: int, report: Collector
) -> None:
    """Refuse what looks like the answers of a quiz and stands outside of one: it would be read by everybody.

    A list to tick off is one: its boxes stand under no question, and have no feedback.
    """
    inside = {number for block in blocks for number in range(block.start, block.end + 1)}
    bare = without_comments(lines)
    number = start
    while number < len(lines):
        line = bare[number]
        if number in inside or mask[number] or not line.strip():
            number += 1
            continue
        if BOX.match(line):
            number = _check_list(bare, mask, inside, number, report)
            continue
        gap = GAP.search(without_code(line))
        if gap:
            _refuse(report, number, gap.start() + 1, f"{gap[0][:40]!r}", "A link is [text](page.md).")
        key = KEY.match(line)
        above = bare[number - 1].strip() if number > start else ""
        if key and (not above or HEADING.match(above)) and (TEXT_KEY.match(line) or read_key(key[1]) or "{{" in line):
            _refuse(report, number, line.find("=") + 1, f"{line.strip()[:40]!r}", "A formula goes in `backticks`.")
        number += 1


def _check_list(lines: Sequence[str], mask: Sequence[bool], inside: set[int], first: int, report: Collector) -> int:
    """Look at a list with boxes; gives the index behind it."""
    above = next((lines[n] for n in range(first - 1, -1, -1) if lines[n].strip()), "")
    end, ticked, empty, feedback = first, 0, 0, False
    while end < len(lines) and end not in inside:
        match = BOX.match(lines[end]) if not mask[end] else None
        if match:
            ticked += match[2] in ("x", "X")
            empty += match[2] not in ("x", "X")
        elif lines[end].lstrip().startswith(">"):
            if not lines[end].startswith((" ", "\t")) and not lines[end - 1].strip():
                break  # A quote of the page.
            feedback = True
        elif lines[end].strip() and not lines[end].startswith((" ", "\t")):
            break
        end += 1
    heading = HEADING.match(above)
    asked = (heading[1] if heading else above).rstrip(' *_`"»)').endswith("?")
    marked = bool(heading and heading[2] and re.search(r"#[\w-]+|\.critical", heading[2]))
    one_of_several = bool(heading) and ticked == 1 and empty >= 1
    if feedback or asked or marked or one_of_several:
        _refuse(
            report,
            first,
            1,
            f"{lines[first].strip()[:40]!r}, a check-list under {above.strip()[:40]!r}",
            "A list to tick off stands under a text that asks nothing, with empty boxes.",
        )
    return max(end, first + 1)


def _refuse(report: Collector, number: int, column: int, found: str, hint: str) -> None:
    report(
        number + 1,
        column,
        code="answers-outside-quiz",
        found=found,
        expected='answers inside a quiz: <quiz id="…"> above the question, </quiz> below',
        hint=f"Outside of one, everybody reads which answer is right. {hint}",
    )


ELSEWHERE = re.compile(r"!\[[^\]]*\]\(\s*<?(?:https?:)?//")


def report_elsewhere(lines: Sequence[str], mask: Sequence[bool], report: Collector) -> None:
    """Report pictures and films of other sites: the page's policy loads nothing from there."""
    for number, (line, coded) in enumerate(zip(without_comments(lines), mask, strict=True)):
        match = None if coded else ELSEWHERE.search(without_code(line))
        if match:
            report(
                number + 1,
                match.start() + 1,
                code="media-elsewhere",
                found=f"{match[0]}…, which no page loads",
                expected="a file beside the page, or a link: [Watch the film](https://…)",
                hint="No page of the site asks another one for anything: nobody learns who reads it.",
                severity="warning",
            )


def report_maths(lines: Sequence[str], mask: Sequence[bool], report: Collector) -> None:
    """Report formulas that cannot be read."""
    bare = ["" if coded else without_code(line) for line, coded in zip(without_comments(lines), mask, strict=True)]
    for number, formula, reason in broken(bare):
        report(
            number + 1,
            max(1, lines[number].find("$") + 1),
            code="maths-broken",
            found=f"{formula}: {reason}",
            expected="LaTeX, as in $c_1 V_1 = c_2 V_2$ and $\\frac{a}{b}$",
            hint="Formulas of substances are text: H~2~O, SO~4~^2-^."
            if "\\ce" in formula
            else "A dollar sign that is meant as money is written \\$.",
        )


def left_over(html: str) -> str:
    """What looks like an answer in the HTML of a page, outside of code and quizzes; "" for nothing."""
    html = CODE.sub(" ", html)
    if asked := ASKED.search(html):
        return unescape(asked[1]).strip() or "[x]"
    text = re.sub(r"<[^<>]*>", lambda tag: ">" if tag[0][:3] in ("<li", "<p>") else "", html)
    match = LEFT.search(text)
    return match[0].strip("> \n") if match else ""
