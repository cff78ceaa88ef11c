"""Sites of any size for measurements: 20 lessons a course, each of 1,000 words with a quiz of five questions.

The same pages go to Airlock and to stock Material, for which quizzes are lists with boxes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

LESSONS = 20
"""Of a course."""

SUFFIX = {"en": "", "fr": ".fr", "nl": ".nl"}
TEXT = (
    "airlock pressure cascade gown glove filter particle batch record sample pump valve seal corridor operator "
    "cleaning disinfectant contact time label zone interlock alarm gauge reading limit deviation report "
    "supervisor procedure step door closes before other opens air flows from clean room towards less one person "
    "enters only when light is green and never carries paper wooden pallet card board because fibres shed into "
    "product line stops after sensor detects change in temperature humidity or differential each shift checks "
    "writes signs keeps copy "
)
WORDS = TEXT.split()
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 120"><title>Plan {n}</title>'
    '<rect x="4" y="4" width="312" height="112" fill="none" stroke="#0b6b66"/>'
    '<text x="20" y="66">Zone {n}</text></svg>\n'
)


def write_site(content: Path, lessons: int, languages: int = 1) -> None:
    """Write a content folder.

    Args:
        content: Where it goes.
        lessons: How many, in courses of 20.
        languages: In how many of English, French and Dutch each page is written.
    """
    suffixes = list(SUFFIX.values())[:languages]
    content.mkdir(parents=True)
    for suffix in suffixes:
        (content / f"index{suffix}.md").write_text("---\ntitle: Home\nsummary: Made.\n---\n\nWelcome.\n")
    for first in range(0, lessons, LESSONS):
        course = content / f"course-{first // LESSONS:03}"
        course.mkdir()
        names = [f"lesson-{number:04}" for number in range(first, min(first + LESSONS, lessons))]
        for suffix in suffixes:
            listed = f"modules: [{', '.join(names)}]\n" if not suffix else ""
            head = f"---\ntitle: Course {first // LESSONS}\nsummary: Made.\n{listed}---\n\n"
            (course / f"index{suffix}.md").write_text(f"{head}About the course.\n")
        for number, name in enumerate(names, start=first):
            (course / f"{name}.svg").write_text(PICTURE.format(n=number))
            for suffix in suffixes:
                (course / f"{name}{suffix}.md").write_text(lesson(number, suffix, names))


def lesson(number: int, suffix: str, names: list[str]) -> str:
    """The source of a lesson; all languages of one have the same quiz, as translations do."""
    chance = random.Random(f"{number}{suffix}")
    keys = "kind: lesson\nminutes: 12\n" if not suffix else ""
    body = "\n".join([*_sections(chance, number, names), *_quiz(random.Random(number), number)])
    return f"---\ntitle: Lesson {number}{suffix}\n{keys}summary: What lesson {number} is about.\n---\n\n{body}\n"


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count))


def _sections(chance: random.Random, number: int, names: list[str]) -> Iterator[str]:
    for section in range(5):
        yield f"## {_words(chance, 3).capitalize()} {number} {section}\n"
        for _ in range(2):
            start, end = _words(chance, 30).capitalize(), _words(chance, 30)
            yield f"{start} **{_words(chance, 2)}**, {end} *{_words(chance, 1)}*.\n"
        yield "".join(f"- {_words(chance, 9)}\n" for _ in range(5))
        if section == 1:
            yield f"![The plan of zone {number}]({names[0][:-4]}{number:04}.svg)\n"
        if section == 2:
            rows = f"| {_words(chance, 2)} | {number} Pa |\n| {_words(chance, 2)} | 15 Pa |"
            yield f"| limit | value |\n| --- | --- |\n{rows}\n"
        if section == 3:
            yield f"See [{_words(chance, 2)}]({chance.choice(names)}.md) before you go on.\n"


def _quiz(chance: random.Random, number: int) -> Iterator[str]:
    yield f'<quiz id="check-{number}" pass="80%" attempts="3">\n'
    for question in range(5):
        right = chance.randrange(4)
        yield f"### {_words(chance, 10).capitalize()}? {{#q{question}}}\n"
        for option in range(4):
            yield f"- [{'x' if option == right else ' '}] {_words(chance, 5)} {option}\n  > {_words(chance, 8)}.\n"
        yield f"{_words(chance, 15).capitalize()}.\n"
    yield "</quiz>"
