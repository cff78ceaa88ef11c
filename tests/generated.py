"""Courses made up for tests: of every kind of question, with a canary in every key and feedback field."""

from __future__ import annotations

import random
import re
from functools import partial
from pathlib import Path

CANARY = "canary"
WORDS = ["valve", "pump", "filter", "gown", "glove", "door", "lamp", "gauge", "sample", "batch", "airlock", "corridor"]


def canary(chance: random.Random) -> str:
    """A word that stands nowhere else."""
    return f"{CANARY}{chance.randrange(10**12):012}"


def write_course(folder: Path, seed: int, lessons: int = 3) -> None:
    """Write a content folder with one generated course."""
    chance = random.Random(seed)
    course = folder / "made"
    course.mkdir(parents=True)
    (folder / "index.md").write_text("---\ntitle: Home\nsummary: Made.\n---\n\nText.\n")
    names = [f"lesson-{number}" for number in range(lessons)]
    listed = ", ".join(names)
    (course / "index.md").write_text(f"---\ntitle: Made course\nsummary: Made.\nmodules: [{listed}]\n---\n\nText.\n")
    for name in names:
        (course / f"{name}.md").write_text(lesson(chance, name), encoding="utf-8")


def lesson(chance: random.Random, name: str) -> str:
    """The source of a lesson with a practice and two graded quizzes."""
    head = f"---\ntitle: {name}\nkind: lesson\nminutes: 10\nsummary: Made.\n---\n\n"
    practice = '<quiz id="p" practice>\n### Is it? {#is}\n- [x] True\n  > open feedback\n- [ ] False\n</quiz>\n'
    graded = []
    for number in range(2):
        release = chance.choice(["now", "passed", "closed"])
        questions = "\n".join(question(chance, index) for index in range(chance.randint(2, 6)))
        graded.append(f'<quiz id="g{number}" pass="50%" attempts="5" release="{release}">\n\n{questions}\n</quiz>\n')
    text = " ".join(chance.choice(WORDS) for _ in range(60))
    return f"{head}{text}\n\n{practice}\n{text}\n\n" + "\n".join(graded)


def question(chance: random.Random, index: int) -> str:
    """The source of one question."""
    kind = chance.choice(["single", "multiple", "truefalse", "numeric"])
    stem = f"### Which {chance.choice(WORDS)} is number {index}? {{#q{index}}}\n\n"
    end = f"\nExplanation {canary(chance)}.\n"
    if kind == "numeric":
        value = chance.randint(100_000_000, 999_999_999)
        return f"{stem}= {value} ± {chance.randint(0, 50)} mL\n{end}"
    if kind == "truefalse":
        texts, right = ["True", "False"], {chance.randrange(2)}
    else:
        texts = [f"{chance.choice(WORDS)} {number}" for number in range(chance.randint(3, 6))]
        right = set(chance.sample(range(len(texts)), 1 if kind == "single" else 2))
    lines = [f"- [{'x' if n in right else ' '}] {text}\n  > {canary(chance)}" for n, text in enumerate(texts)]
    return stem + "\n".join(lines) + "\n" + end


GRADED = re.compile(r"<quiz\b(?![^>]*\bpractice)[^>]*>.*?</quiz>", re.DOTALL)
FEEDBACK = re.compile(r"^(\s*>\s?).*$", re.MULTILINE)
NUMBER = re.compile(r"^= *[-\d.,  ]+?(?= *[±.]| *[^\W\d_]| *%| *$)", re.MULTILINE)


def permute_keys(folder: Path, seed: int) -> int:
    """Change every key, feedback and explanation of the graded quizzes in a folder; gives how many there were."""
    count = 0
    for path in sorted(folder.rglob("*.md")):
        chance = random.Random(seed)  # The same for each translation: they must go on carrying the same keys.
        text = path.read_text(encoding="utf-8")
        changed, number = GRADED.subn(partial(permute_match, chance), text)
        count += number
        path.write_text(changed, encoding="utf-8")
    return count


def permute_match(chance: random.Random, match: re.Match[str]) -> str:
    """`permute_quiz` for a match."""
    return permute_quiz(match[0], chance)


def permute_quiz(source: str, chance: random.Random) -> str:
    """A quiz with other right answers, other feedback and other explanations, and nothing else changed."""
    head, *questions = re.split(r"(?m)^(?=### )", source)
    return head + "".join(permute_question(part, chance) for part in questions)


def permute_question(source: str, chance: random.Random) -> str:
    """A question with another right answer."""
    boxes = re.findall(r"(?m)^- \[([ xX])\]", source)
    offset = chance.randrange(1, 1000)
    if boxes:
        step = offset % (len(boxes) - 1) + 1 if len(boxes) > 1 else 0
        moved = iter([*boxes[step:], *boxes[:step]])
        source = re.sub(r"(?m)^- \[[ xX]\]", lambda _: f"- [{next(moved)}]", source)
    else:
        source = NUMBER.sub(f"= {offset}", source)
        source = re.sub(r"(?m)^(= \d+)\.\.[\d.,]+", r"\g<1>..9999", source)
    source = FEEDBACK.sub(lambda match: f"{match[1]}replaced feedback {offset}", source)
    # What follows the answers is the explanation; the stem, above them, stays.
    answers_end = max((match.end() for match in re.finditer(r"(?m)^(?:- \[[ xX]\].*|\s+>.*|= .*)$", source)), default=0)
    tail = source[answers_end:]
    closing = "</quiz>" if "</quiz>" in tail else ""
    body = tail.replace("</quiz>", "").strip()
    replaced = f"\n\nReplaced explanation {offset}.\n\n" if body else "\n\n"
    return source[:answers_end] + replaced + closing
