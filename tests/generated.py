"""Courses made up for tests: of every kind of question, with a canary in every key and feedback field."""

from __future__ import annotations

import random
import re
from functools import partial
from pathlib import Path

CANARY = "canary"
KINDS = (
    "single", "multiple", "truefalse", "numeric", "calculated", "text", "cloze", "ordering", "matching", "hotspot",
)  # fmt: skip
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
    kind = chance.choice(KINDS)
    stem = f"### Which {chance.choice(WORDS)} is number {index}? {{#q{index}}}\n\n"
    end = f"\n\nExplanation {canary(chance)}.\n"
    things = chance.sample(WORDS, 5)
    if kind == "numeric":
        value = chance.randint(100_000_000, 999_999_999)
        return f"{stem}= {value} ± {chance.randint(0, 50)} mL{end}"
    if kind == "calculated":
        secret = chance.randint(100_000_000, 999_999_999)
        return f"{stem}Take {{{{ a = 1..9 }}}} g.\n\n= {{{{ a + {secret} }}}} g{end}"
    if kind == "text":
        return f'{stem}= "{canary(chance)}" | "{canary(chance)}"{end}'
    if kind == "cloze":
        return f"{stem}One [[{canary(chance)}]] and one [[({things[0]})|{things[1]}|{things[2]}]].{end}"
    if kind == "ordering":
        steps = "\n".join(f"{number}. {thing}" for number, thing in enumerate(things[:4], start=1))
        return f"{stem}{steps}\n- [ ] {things[4]}{end}"
    if kind == "matching":
        pairs = "\n".join(f"- {number} => {thing}" for number, thing in enumerate(things[:4], start=1))
        return f"{stem}{pairs}\n- => {things[4]}{end}"
    if kind == "truefalse":
        texts, right = ["True", "False"], {chance.randrange(2)}
    else:
        texts = [f"{thing} {number}" for number, thing in enumerate(things)]
        right = set(chance.sample(range(len(texts)), 2 if kind == "multiple" else 1))
    if kind == "hotspot":
        stem += "![A plan](https://example.org/plan.svg)\n\n"
        texts = [f"({10 * n}%, 5%, 8%, 8%) {text}" for n, text in enumerate(texts)]
    lines = [f"- [{'x' if n in right else ' '}] {text}\n  > {canary(chance)}" for n, text in enumerate(texts)]
    return stem + "\n".join(lines) + end


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


STEP = re.compile(r"(?m)^(\d{1,3}[.)] +)(.*)$")
PAIR = re.compile(r"(?m)^(- (?!\[).*?=> +)(.*)$")
GAP = re.compile(r"\[\[(.*?)\]\]")
ANSWER = re.compile(r"(?m)^(?:- \[[ xX]\].*|\s+>.*|= .*|- .*=> .*|.*\[\[.*\]\].*)$")


def permute_question(source: str, chance: random.Random) -> str:
    """A question with another right answer."""
    boxes = re.findall(r"(?m)^- \[([ xX])\]", source)
    offset = chance.randrange(1, 1000)
    # What follows the answers is the explanation; the stem, above them, stays.
    answers_end = max((match.end() for match in ANSWER.finditer(source)), default=0)
    if PAIR.search(source):
        rights = list(dict.fromkeys(match[2] for match in PAIR.finditer(source)))
        other = dict(zip(rights, [*rights[1:], rights[0]], strict=True))
        changed = PAIR.sub(lambda match: match[1] + other[match[2]], source)
    elif GAP.search(source):
        changed = GAP.sub(partial(_other_gap, offset), source)
    elif re.search(r'(?m)^= *["“«]', source):
        changed = re.sub(r'(?m)^= *["“«].*$', f'= "replaced {offset}"', source)
    elif re.search(r"(?m)^=.*\{\{", source):
        changed = re.sub(r"(?m)^= *\{\{(.*?)\}\}", rf"= {{{{ \1 + {offset} }}}}", source)
        changed = re.sub(
            r"(?m)^= *\{\{ *round\((.*), *(\d+)\) \+ \d+ *\}\}", rf"= {{{{ round(\1 + {offset}, \2) }}}}", changed
        )
    elif "x" in [box.lower() for box in boxes]:
        step = offset % (len(boxes) - 1) + 1 if len(boxes) > 1 else 0
        moved = iter([*boxes[step:], *boxes[:step]])
        changed = re.sub(r"(?m)^- \[[ xX]\]", lambda _: f"- [{next(moved)}]", source)
    elif STEP.search(source):
        answers_end = max(answers_end, max(match.end() for match in STEP.finditer(source)))
        texts = [match[2] for match in STEP.finditer(source)]
        turned = iter([*texts[1:], texts[0]])
        changed = STEP.sub(lambda match: match[1] + next(turned), source)
    else:
        changed = NUMBER.sub(f"= {offset}", source)
        changed = re.sub(r"(?m)^(= \d+)\.\.[\d.,]+", r"\g<1>..9999", changed)
    answers_end += len(changed) - len(source)
    head, tail = changed[:answers_end], changed[answers_end:]
    head = FEEDBACK.sub(lambda match: f"{match[1]}replaced feedback {offset}", head)
    closing = "</quiz>" if "</quiz>" in tail else ""
    body = tail.replace("</quiz>", "").strip()
    replaced = f"\n\nReplaced explanation {offset}.\n\n" if body else "\n\n"
    return head + replaced + closing


def _other_gap(offset: int, match: re.Match[str]) -> str:
    parts = match[1].split("|")
    if not any(part.startswith("(") for part in parts):
        return f"[[replaced {offset}]]"
    bare = [part.removeprefix("(").removesuffix(")") if part.startswith("(") else part for part in parts]
    right = (next(n for n, part in enumerate(parts) if part.startswith("(")) + 1) % len(parts)
    return "[[" + "|".join(f"({part})" if n == right else part for n, part in enumerate(bare)) + "]]"
