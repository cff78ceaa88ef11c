"""Marking of every kind, over the questions of the golden cases and over responses of every shape."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.course.expressions import ExpressionError, decimal_text, evaluate, names_in, read_expression
from site_builder.course.grading import grade, grade_quiz
from site_builder.course.kinds import question_kinds
from site_builder.course.kinds.calculated import Calculated, Parameter
from site_builder.course.kinds.choice import ChoiceQuestion, MultipleChoice, Option, SingleChoice, TrueFalse
from site_builder.course.kinds.cloze import Cloze, Gap
from site_builder.course.kinds.hotspot import Hotspot, Region
from site_builder.course.kinds.matching import Match, Matching, Pair
from site_builder.course.kinds.numeric import Numeric
from site_builder.course.kinds.ordering import Ordering, Step
from site_builder.course.kinds.text import ShortText, fold
from site_builder.course.manifest import digest, dump_quiz, load_quiz, public_question
from site_builder.course.model import Question, Quiz, as_written
from site_builder.course.papers import draw_paper, set_quiz, with_keys_of
from tests.unit.test_quizzes import GOLDEN, compile_source, source_of


def golden_questions() -> Iterator[tuple[str, Question]]:
    for path in sorted((GOLDEN / "kinds").glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            if "problems" not in case:
                for quiz in compile_source(source_of(case).removeprefix("\n"), case.get("lang", "en"))[0]:
                    for question in quiz.questions:
                        yield f"{path.stem}: {case['name']}: {question.id}", question


QUESTIONS = list(golden_questions())
GOLDEN_QUESTIONS = pytest.mark.parametrize("question", [q for _, q in QUESTIONS], ids=[name for name, _ in QUESTIONS])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NOTHING: tuple[Any, ...] = (None, "", " ", [], {})


def test_there_are_questions_of_every_kind() -> None:
    assert {question.kind for _, question in QUESTIONS} == set(question_kinds())
    assert len(QUESTIONS) > 200


@GOLDEN_QUESTIONS
def test_right_wrong_empty_and_malformed(question: Question) -> None:
    bound = question.bind(question.draw(random.Random(1)))
    assert grade(bound, bound.right_response()).score == 1
    assert grade(bound, bound.wrong_response()).score < 1
    assert grade(bound, bound.wrong_response()).answered
    for nothing in NOTHING:
        assert grade(bound, nothing) == grade(bound, None)
        assert (grade(bound, nothing).score, grade(bound, nothing).answered) == (0, False)
    for malformed in bound.malformed_responses():
        assert grade(bound, malformed).score == 0, malformed


@GOLDEN_QUESTIONS
def test_a_response_survives_json(question: Question) -> None:
    bound = question.bind(question.draw(random.Random(2)))
    assert grade(bound, json.loads(json.dumps(bound.right_response()))).correct
    json.dumps([bound.public(), bound.key()])


@GOLDEN_QUESTIONS
def test_a_question_survives_the_manifest(question: Question) -> None:
    quiz = Quiz(id="q", questions=(question,))
    assert load_quiz(json.loads(json.dumps(dump_quiz(quiz)))) == quiz


@settings(max_examples=300)
@given(st.sampled_from([question for _, question in QUESTIONS]), st.data())
def test_marking_is_total(question: Question, data: st.DataObject) -> None:
    keys = st.sampled_from(["1", "2", "9", "x"])
    near = st.lists(keys, max_size=5) | st.dictionaries(keys, keys | JSON, max_size=4)
    found = grade(question, data.draw(JSON | near))
    assert 0 <= found.score <= 1
    assert found.correct == (found.score == 1)


@GOLDEN_QUESTIONS
def test_what_is_public_says_nothing_of_the_key(question: Question) -> None:
    """A mark of the key that is changed must not change what learners see."""
    public = public_question(question)
    if isinstance(question, ChoiceQuestion):
        flipped = replace(
            question, options=tuple(replace(option, feedback="changed") for option in reversed(question.options))
        )
        assert sorted(map(str, public_question(flipped).get("options", []))) == sorted(
            map(str, public.get("options", []))
        )
    if isinstance(question, Ordering):
        ranks = [step.rank for step in question.steps]
        moved = tuple(
            replace(step, rank=rank) for step, rank in zip(question.steps, [*ranks[1:], ranks[0]], strict=True)
        )
        assert public_question(replace(question, steps=moved)) == public
        assert public_question(replace(question, steps=question.steps[::-1])) == public
    if isinstance(question, Matching):
        pairs = tuple(replace(pair, match=question.matches[0].id) for pair in question.pairs)
        assert public_question(replace(question, pairs=pairs, matches=question.matches[::-1])) == public


@GOLDEN_QUESTIONS
def test_the_order_of_options_is_irrelevant(question: Question) -> None:
    chance = random.Random(3)
    right = question.right_response()
    if isinstance(question, ChoiceQuestion):
        assert grade(question, chance.sample(right, len(right))).correct
    if isinstance(question, Matching):
        assert grade(question, dict(reversed(right.items()))).correct


NAMES = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=3), min_size=2, max_size=7, unique=True)


@st.composite
def made_questions(draw: st.DrawFn) -> Question:
    """A question of any kind, made of nothing but chance."""
    names = draw(NAMES)
    common: dict[str, Any] = {"id": "q", "stem": "", "critical": draw(st.booleans())}
    right = draw(st.lists(st.booleans(), min_size=len(names), max_size=len(names)).filter(any))
    match draw(st.sampled_from(sorted(question_kinds()))):
        case "single" | "truefalse" as kind:
            place = draw(st.integers(0, len(names) - 1))
            options = tuple(Option(id=str(n + 1), html=name, correct=n == place) for n, name in enumerate(names))
            return (SingleChoice if kind == "single" else TrueFalse)(**common, options=options)
        case "multiple":
            options = tuple(Option(id=str(n + 1), html=name, correct=right[n]) for n, name in enumerate(names))
            return MultipleChoice(**common, options=options)
        case "hotspot":
            corner, side = Decimal(draw(st.integers(0, 50))), Decimal(5)
            regions = tuple(
                Region(id=str(n + 1), html=name, correct=right[n], x=corner, y=corner, width=side, height=side)
                for n, name in enumerate(names)
            )
            return Hotspot(**common, options=regions)
        case "numeric":
            low = draw(st.decimals(-(10**6), 10**6, allow_nan=False, places=3))
            return Numeric(**common, low=low, high=low + draw(st.decimals(0, 100, allow_nan=False, places=2)))
        case "text":
            return ShortText(**common, accepted=tuple(names))
        case "ordering":
            ranks = draw(st.lists(st.integers(0, 1), min_size=len(names), max_size=len(names)))
            steps, rank = [], 1
            for name, more in zip(names, ranks, strict=True):
                steps.append(Step(id=name, html=name, rank=rank))
                rank += more
            extra = [Step(id=f"x{n}", html="", rank=0) for n in range(draw(st.integers(0, 3)))]
            return Ordering(**common, steps=(*steps, *extra))
        case "matching":
            chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=6))
            pairs = tuple(Pair(id=str(n), html="", match=name) for n, name in enumerate(chosen, start=1))
            return Matching(**common, pairs=pairs, matches=tuple(Match(id=name, html=name) for name in names))
        case "cloze":
            gaps = [Gap(id="1", accepted=tuple(names)), Gap(id="2", options=tuple(names), right="1")]
            return Cloze(**common, gaps=tuple(gaps[: draw(st.integers(1, 2))]))
    parameters = tuple(
        Parameter(name=name, values=tuple(map(Decimal, draw(st.lists(st.integers(1, 99), min_size=1, max_size=5)))))
        for name in ("a", "b")
    )
    formula = draw(st.sampled_from(["a + b", "round(a / b, 2)", "a * b ^ 2", "sqrt(a) - b", "max(a, b) / 8"]))
    tolerance = draw(st.sampled_from(["0.5", "a / 100", "1/100*abs(a)"]))
    return Calculated(
        **common, parameters=parameters, shown=("a",), formula=formula, tolerance=tolerance, comma=draw(st.booleans())
    )


@settings(max_examples=400)
@given(made_questions(), JSON, st.integers(0, 10**6))
def test_marking_of_made_questions(question: Question, response: Any, seed: int) -> None:
    bound = question.bind(question.draw(random.Random(seed)))
    found = grade(bound, response)
    assert 0 <= found.score <= 1
    assert found.correct == (found.score == 1)
    assert grade(bound, bound.right_response()).score == 1
    for nothing in NOTHING:
        assert (grade(bound, nothing).score, grade(bound, nothing).answered) == (0, False)
    for malformed in bound.malformed_responses():
        assert 0 <= grade(bound, malformed).score <= 1
    right = bound.right_response()
    if isinstance(bound, ChoiceQuestion):
        assert grade(bound, random.Random(seed).sample(right, len(right))).score == 1


MARKING = json.loads((GOLDEN / "marking.json").read_text(encoding="utf-8"))


def marked(kind: str, case: dict[str, Any]) -> Question:
    """The question of a case that the JavaScript tests read too."""
    if kind == "text":
        return ShortText(id="q", stem="", accepted=tuple(case["accepted"]))
    if kind == "ordering":
        return Ordering(
            id="q", stem="", steps=tuple(Step(id=n, html=n, rank=rank) for n, rank in case["ranks"].items())
        )
    if kind == "matching":
        matches = dict.fromkeys([*case["matches"].values(), *case["others"]])
        pairs = tuple(Pair(id=left, html=left, match=right) for left, right in case["matches"].items())
        return Matching(id="q", stem="", pairs=pairs, matches=tuple(Match(id=name, html=name) for name in matches))
    gaps = tuple(
        Gap(
            id=name,
            accepted=tuple(gap.get("accepted", ())),
            options=tuple(map(str, range(gap.get("options", 0)))),
            right=gap.get("right", ""),
        )
        for name, gap in case["gaps"].items()
    )
    return Cloze(id="q", stem="", gaps=gaps)


@pytest.mark.parametrize(
    ("kind", "case"),
    [(kind, case) for kind in ("text", "ordering", "matching", "cloze") for case in MARKING[kind]],
    ids=str,
)
def test_marking_as_in_the_browser(kind: str, case: dict[str, Any]) -> None:
    found = grade(marked(kind, case), case["response"])
    assert found.score == pytest.approx(case.get("score", float(case.get("correct", False))))
    assert found.reason == case.get("reason", "")


STEPS = (("a", 1), ("b", 2), ("c", 3), ("d", 3), ("e", 4), ("x", 0))
ORDERING = Ordering(id="o", stem="", steps=tuple(Step(id=name, html=name, rank=rank) for name, rank in STEPS))


@pytest.mark.parametrize(
    ("placed", "score"),
    [
        ("abcde", 1.0),
        ("abdce", 1.0),
        ("bacde", 0.8),
        ("abced", 0.8),
        ("edcba", 0.4),
        ("ebcda", 0.6),
        ("abcd", 0.8),
        ("a", 0.2),
        ("abcdex", 0.8),
        ("xabcde", 0.8),
        ("x", 0.0),
        ("ax", 0.0),
    ],
)
def test_an_order_is_marked_by_its_longest_right_run(placed: str, score: float) -> None:
    assert grade(ORDERING, list(placed)).score == pytest.approx(score)


@given(st.permutations("abcde"))
def test_only_allowed_orders_are_right(placed: list[str]) -> None:
    assert grade(ORDERING, placed).correct == (placed in (list("abcde"), list("abdce")))


def quiz_of(source: str) -> Quiz:
    (quiz,), problems = compile_source(source)
    assert not problems
    return quiz


PARTS = """
### Outside? {#outside}
- [x] Watch
- [x] Phone
- [ ] Glasses
### Match {#match}
- a => 1
- b => 2
- => 3
### A [[one]] and [[(two)|three]]. {#gaps}
"""


def test_parts_of_an_answer_earn_parts_of_the_point() -> None:
    quiz = quiz_of(f"<quiz>{PARTS}</quiz>")
    matching = quiz.questions[1]
    assert isinstance(matching, Matching)
    halves = {"outside": ["1"], "match": {"1": matching.pairs[0].match}, "gaps": {"1": " ONE "}}
    assert grade_quiz(quiz, halves).score == pytest.approx(0.5)
    strict = quiz_of(f'<quiz marking="all-or-nothing">{PARTS}</quiz>')
    assert grade_quiz(strict, halves).score == 0
    assert grade_quiz(strict, {q.id: q.right_response() for q in strict.questions}).score == 1


def test_several_regions_are_marked_as_several_options() -> None:
    quiz = quiz_of(
        "<quiz>\n### Where? {#w}\n![x](a.svg)\n- [x] (1%, 1%, 9%, 9%) A\n- [x] (11%, 1%, 9%, 9%) B\n"
        "- [ ] (21%, 1%, 9%, 9%) C\n</quiz>"
    )
    scores = [
        grade(quiz.questions[0], chosen).score for chosen in (["1", "2"], ["1"], ["1", "3"], ["1", "2", "3"], ["3"])
    ]
    assert scores == [1, 0.5, 0, 0.5, 0]


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("Autoclave", "autoclave"),
        ("  AUTO-CLAVE. ", "auto clave"),
        ("Éthanol", "ethanol"),
        ("l’eau", "L'eau"),
        ("cœur", "coeur"),
        ("0,5", "0.5"),
        ("« sas »", "SAS"),
    ],
)
def test_spelling_that_is_forgiven(typed: str, same: str) -> None:
    assert fold(typed) == fold(same)


@pytest.mark.parametrize(("one", "other"), [("-20", "20"), ("a b", "ab"), ("1.5", "15"), ("+", "-"), ("pH", "ph 7")])
def test_spelling_that_is_not(one: str, other: str) -> None:
    assert fold(one) != fold(other)


VALUES = {"a": Fraction(2), "b": Fraction(1, 2), "c": Fraction(3)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b * c", "3.5"),
        ("2 * c ^ 2", "18"),
        ("-a ^ 2", "-4"),
        ("(a + b) × c ÷ 2", "3.75"),
        ("round(1/3, 2)", "0.33"),
        ("round(2.5, 0)", "3"),
        ("round(-2.5, 0)", "-3"),
        ("sqrt(16) + log(100) + ln(exp(1))", "7"),
        ("min(a, b, c) + max(a, b) + abs(-a)", "4.5"),
        ("4 ^ b", "2"),
        ("round(pi, 4)", "3.1416"),
    ],
)
def test_arithmetic(text: str, value: str) -> None:
    assert decimal_text(evaluate(text, VALUES)) == value


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('x')",
        "a.__class__",
        "[a for a in (1, 2)]",
        "(lambda: 1)()",
        "a if b else c",
        "a and b",
        "a < b",
        "'text'",
        "f'{a}'",
        "9 ** 9 ** 9",
        "10 ** 41",
        "1e400",
        "9" * 100,
        "(" * 150 + "a" + ")" * 150,
        "+".join(["a"] * 150),
        "-" * 60 + "a",
        "1 / 0",
        "1 / (a - 2)",
        "0 ** -1",
        "sqrt(-1)",
        "(-8) ^ (1/3)",
        "ln(0)",
        "exp(exp(exp(a)))",
        "round(a)",
        "round(a, 99)",
        "round(a, -1)",
        "open(a)",
        "a b",
        "",
        "0,5 * a",
        "max(1,5, a)",
        "d",
        "True",
        "1j",
        "a := 1",
        "*a",
    ],
)
def test_what_is_no_arithmetic(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, VALUES)


@settings(max_examples=300)
@given(st.text(alphabet="abc0123456789+-*/^()., eround%[]'\"_\n", max_size=60))
def test_any_text_is_an_expression_or_an_error(text: str) -> None:
    try:
        read_expression(text)
        names_in(text)
        value = evaluate(text, VALUES)
    except ExpressionError:
        return
    assert abs(value) < 10**41


CALCULATED = """<quiz id="q">
### Mix {{ c1 = 2..5 step 0.5 }} and {{ v = 100 | 250 }}. How much? {#mix}
= {{ round(v / c1, 1) }} mL

V = {{ v }} / {{ c1 }} = {{ v / c1 }}
### Which? {#which .critical}
- [x] A
- [ ] B
- [ ] C
</quiz>"""


def test_a_paper_freezes_what_was_drawn() -> None:
    quiz = replace(quiz_of(CALCULATED), shuffle=True)
    chance = random.Random(5)
    papers = [draw_paper(quiz, chance) for _ in range(40)]
    assert len({json.dumps(paper.values["mix"]) for paper in papers}) > 5
    assert len({paper.orders["which"] for paper in papers}) > 3
    for paper in papers:
        asked = set_quiz(quiz, paper)
        question = asked.questions[0]
        assert isinstance(question, Calculated)
        values = {name: Fraction(text) for name, text in paper.values["mix"].items()}
        value = values["v"] / values["c1"]
        assert question.right_response() == f"{decimal_text(value, 1)} mL"
        assert grade(question, f"{float(value) / 1000} L").correct, "within half a unit of the last decimal"
        assert not grade(question, f"{float(value) + 0.2} mL").correct
        assert set(question.stem_values()) == {"1", "2"}, "the explanation's values are not told before"
        assert grade_quiz(asked, {q.id: q.right_response() for q in asked.questions}).score == 1


def test_critical_questions_are_always_drawn() -> None:
    parts = "".join(f"### Q {n} {{#q{n}{' .critical' if n in (3, 7) else ''}}}\n- [x] A\n- [ ] B\n" for n in range(10))
    quiz = quiz_of(f'<quiz draw="4">\n{parts}</quiz>')
    chance = random.Random(6)
    papers = [draw_paper(quiz, chance).questions for _ in range(60)]
    assert all(len(paper) == len(set(paper)) == 4 and {"q3", "q7"} <= set(paper) for paper in papers)
    assert {name for paper in papers for name in paper} == {f"q{n}" for n in range(10)}
    assert len({paper.index("q3") for paper in papers}) == 4, "nobody learns from the place which one is critical"


def test_corrected_keys_count_where_the_same_is_asked() -> None:
    old = quiz_of("<quiz>\n### A {#a}\n- [x] 1\n- [ ] 2\n### B {#b}\n- [x] 1\n- [ ] 2\n### C {#c}\n= 3\n</quiz>")
    new = quiz_of("<quiz>\n### A {#a}\n- [ ] 1\n- [x] 2\n### B {#b}\n- [ ] 1\n- [x] two\n</quiz>")
    mixed = with_keys_of(old, new)
    assert [question.id for question in mixed.questions] == ["a", "b"], "what is gone counts no more"
    assert [question.right_response() for question in mixed.questions] == [["2"], ["1"]]


def test_old_modules_keep_their_versions() -> None:
    """What was published before the language grew must not look changed: a known hash of a known quiz."""
    quiz = quiz_of('<quiz id="a" release="now">\n### Which? {#w}\n- [x] A\n  > yes\n- [ ] B\n\nBecause.\n</quiz>')
    plain = dump_quiz(as_written(quiz))
    assert set(plain) == {"id", "questions", "pass_mark", "attempts", "practice", "release", "show", "intro"}
    assert set(plain["questions"][0]) == {"kind", "id", "stem", "explanation", "critical", "options"}
    assert digest(plain) == "201738db657cd0b808a1dcd29840ad1bed334f6f6f08ba07ebf43ab821c299ac"
