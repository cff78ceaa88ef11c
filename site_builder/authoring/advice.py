"""What an experienced colleague would say of a page: nothing is wrong, and it could be better.

Every piece of advice is a warning with a name; `silence: [name]` in the front matter of a page, of its course or of the
home page turns it off there and below.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from site_builder.compiling.loader import Loaded, ReadPage
from site_builder.course.kinds.calculated import Calculated
from site_builder.course.kinds.choice import ChoiceQuestion, MultipleChoice, SingleChoice, TrueFalse
from site_builder.course.kinds.hotspot import Hotspot
from site_builder.course.kinds.numeric import Numeric
from site_builder.course.kinds.text import ShortText
from site_builder.course.languages import LANGUAGES
from site_builder.course.model import Module, Question
from site_builder.markup import text_of
from site_builder.problems import ADVICE, Problem
from site_builder.quizzes.blocks import code_mask
from site_builder.quizzes.lists import BOX
from site_builder.reading.files import Collector

TIMES = "times.json"
"""The file beside mkdocs.yml with what learners took."""
LONGER = 1.3
"""How many times as long as the longest wrong option a right one must be to give itself away."""
LONGER_BY = 15
"""Characters by which it must be longer too: short options differ by nothing that one sees."""

ALL_OR_NONE = {
    "en": r"\b(?:all|none|both|any) of (?:the|these|those)(?: (?:above|options|answers|statements))?\b"
    r"|\ball the above\b",
    "fr": r"\btoutes? (?:les|ces) (?:réponses|propositions)|\btout ce qui précède|\baucune? (?:des|de ces|de ses) "
    r"(?:réponses|propositions|options)|\bles deux réponses",
    "nl": r"\b(?:al|alle) (?:het |de )?bovenstaande|\balle antwoorden|\bgeen van (?:de |deze |beide|bovenstaande)",
}
ABSOLUTE = {
    "en": "always never nobody everybody everyone none impossible completely absolutely entirely",
    "fr": "toujours jamais aucun aucune forcément absolument totalement impossible personne",
    "nl": "altijd nooit niemand iedereen onmogelijk absoluut volledig helemaal",
}
"""Words that those who know tests avoid: what is always so is seldom right."""

NEGATION = {
    "en": r"\b(?:not|except|least|cannot)\b|\b\w+n[’']t\b",
    "fr": r"\b(?:ne|n[’'])\s*\w+(?:\s+\w+)?\s+(?:pas|jamais|plus)\b|\b(?:sauf|excepté|hormis)\b",
    "nl": r"\b(?:niet|geen|behalve)\b",
}
INSTRUCTION = {
    "en": "choose select give name click tap touch find match put mark calculate write complete fill pick say state "
    "arrange sort drag point show identify",
    "fr": "choisissez sélectionnez donnez nommez cliquez touchez trouvez associez mettez cochez calculez écrivez "
    "complétez indiquez citez classez placez montrez cherchez désignez repérez reliez remettez",
    "nl": "kies selecteer geef noem klik tik raak zoek verbind zet duid bereken schrijf vul markeer rangschik plaats "
    "wijs toon sleep koppel",
}
SMALL = {
    "en": "the a an of to in on at and or is are it its this that with for by be",
    "fr": "le la les l un une des du de d et ou à au aux en dans sur par pour est sont ce cette ces qui que",
    "nl": "de het een van in op aan en of is zijn dit dat met voor door te bij",
}
"""Words that tell nothing of what a text is about."""

LIX_LIMITS = {"job-seeker": 45, "student": 45, "worker": 50, "teacher": 55}
"""Reading level that is not too high for each audience; the lowest of a page's audiences counts, 50 without any.

LIX is the mean number of words in a sentence plus the share of words of more than six letters, in percent (C. H.
Björnsson, Läsbarhet, Stockholm: Liber, 1968). It counts letters and no syllables, so that one formula serves English,
French and Dutch; Björnsson compared languages with it in "Readability of newspapers in 11 languages", Reading Research
Quarterly 18 (1983). 40 to 50 is medium (newspapers), 50 to 60 difficult (official texts).
"""
DEFAULT_LIX = 50
FEWEST_WORDS = 120
"""In a shorter text one long sentence decides, and says nothing."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question where it stands."""

    question: Question
    line: int
    page: ReadPage

    @property
    def lang(self) -> str:
        return self.page.source.lang

    def option_line(self, place: int) -> int:
        """Line of the option at a place from 0."""
        lines = self.page.source.lines
        mask = code_mask(lines)
        found = [n for n in range(self.line - 1, len(lines)) if not mask[n] and BOX.match(lines[n])]
        return found[place] + 1 if place < len(found) else self.line


def advise(loaded: Loaded, times: Mapping[str, int] | None = None) -> list[Problem]:
    """Everything that could be better, in the order of files and lines.

    Args:
        loaded: The content.
        times: By module the median of the minutes that learners took, as `times.json` has it.
    """
    asked = {
        module.id: (module, repr(("advice", _own_digest(), sorted(_silenced(loaded, module)), _limit(loaded, module))))
        for module in loaded.catalogue.modules.values()
    }
    kept = loaded.versions.recall(asked.values())
    found = {name: pickle.loads(data) for name, data in kept.items()}  # noqa: S301  # This user's own.
    fresh = [(module, what) for module, what in asked.values() if module.id not in found]
    found.update((module.id, _advise_module(loaded, module)) for module, _ in fresh)
    loaded.versions.keep((module, what, pickle.dumps(found[module.id])) for module, what in fresh)
    measured = [
        _advise_minutes(loaded, loaded.catalogue.modules[name], minutes)
        for name, minutes in (times or {}).items()
        if name in loaded.catalogue.modules
    ]
    return sorted(problem for problems in (*found.values(), *measured) for problem in problems)


def read_times(folder: Path) -> dict[str, int]:
    """What `airlock hours medians` wrote into a site's folder; nothing where there is no such file, or another one."""
    path = folder / TIMES
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {name: minutes for name, minutes in told.items() if isinstance(minutes, int)}


def _advise_minutes(loaded: Loaded, module: Module, taken: int) -> list[Problem]:
    """A nominal time that is a third away from the median of what learners took."""
    read = loaded.read[module.page("").source]
    report = _Advice(module.page("").source, _silenced(loaded, module))
    if abs(taken - module.minutes) * 3 >= module.minutes:
        report.say(
            read.matter.line("minutes"),
            "minutes",
            f"minutes: {module.minutes}, and learners took {taken} (the median)",
            f"what learners take: minutes: {taken}",
            "Change it, or the lesson; hours count up to this time.",
        )
    return report.problems


@cache
def _own_digest() -> str:
    """Of this file: another rule gives other advice."""
    return hashlib.blake2b(Path(__file__).read_bytes(), digest_size=16).hexdigest()


def _advise_module(loaded: Loaded, module: Module) -> list[Problem]:
    problems: list[Problem] = []
    for page in module.pages.values():
        read = loaded.read[page.source]
        report = _Advice(page.source, _silenced(loaded, module))
        for parsed in read.body.quizzes:
            for question in parsed.quiz.questions:
                _advise_question(_Asked(question, parsed.lines[question.id], read), report)
        _advise_pictures(read, report)
        _advise_reading(read, _limit(loaded, module), report)
        _advise_objectives(read, report)
        problems.extend(report.problems)
    return problems


class _Advice(Collector):
    """Collects warnings, but for those that were silenced."""

    def __init__(self, path: str, silenced: frozenset[str]) -> None:
        super().__init__(path)
        self._silenced = silenced

    def say(self, line: int, name: str, found: str, expected: str, hint: str = "") -> None:
        """Note one piece of advice."""
        assert name in ADVICE, name
        if name not in self._silenced:
            self.problems.append(
                Problem(
                    file=self.file,
                    line=line,
                    code=f"advice-{name}",
                    found=found,
                    expected=expected,
                    hint=hint,
                    severity="warning",
                )
            )


def _silenced(loaded: Loaded, module: Module) -> frozenset[str]:
    """Names that the page, its course or the home page silences."""
    names: set[str] = set()
    course = module.id.partition("/")[0]
    for path in ("index.md", f"{course}/index.md", f"{module.id}.md"):
        page = loaded.read.get(path)
        found = page.matter.values.get("silence") if page else None
        # One name may stand there by itself; what is neither was reported by the loader.
        names.update([found] if isinstance(found, str) else found if isinstance(found, list) else [])
    return frozenset(names)


def _limit(loaded: Loaded, module: Module) -> int:
    audiences = module.audiences or loaded.catalogue.course_of(module.id).audiences
    return min((LIX_LIMITS[audience] for audience in audiences), default=DEFAULT_LIX)


def words(text: str) -> list[str]:
    """The words of a text in lower case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _known(table: dict[str, str], lang: str) -> str:
    return table.get(lang, table[LANGUAGES[0]])


def _advise_question(asked: _Asked, report: _Advice) -> None:
    question = asked.question
    _advise_stem(asked, report)
    if isinstance(question, ChoiceQuestion):
        _advise_options(asked, question, report)
    if isinstance(question, Numeric):
        _advise_digits(asked, question, report)


def _advise_stem(asked: _Asked, report: _Advice) -> None:
    question, lang = asked.question, asked.lang
    bare = re.sub(r"<(strong|em|b|i|code)\b[^>]*>.*?</\1>", " ", question.stem, flags=re.DOTALL)
    negation = re.search(_known(NEGATION, lang), text_of(bare), re.IGNORECASE)
    if negation and not negation[0].isupper() and isinstance(question, ChoiceQuestion | ShortText | Numeric):
        report.say(
            asked.line,
            "negation",
            f"{negation[0]!r} in the question",
            "a question that asks for what is so",
            "Who reads fast misses it. If it must be there, make it **bold**.",
        )
    asks = SingleChoice | MultipleChoice | Hotspot | Numeric | ShortText | Calculated
    if isinstance(question, asks) and not _is_question(text_of(question.stem), lang):
        report.say(
            asked.line,
            "no-question",
            f"{text_of(question.stem)[:60]!r}",
            "a question, or what to do (“Choose …”), or a sentence to complete that ends with :",
        )


def _is_question(stem: str, lang: str) -> bool:
    if "?" in stem or stem.rstrip().endswith((":", "…", "...")):
        return True
    firsts = {found[0] for sentence in re.split(r"(?<=[.!:…])\s+", stem) if (found := words(sentence))}
    return bool(firsts & set(words(_known(INSTRUCTION, lang))))


def _advise_options(asked: _Asked, question: ChoiceQuestion, report: _Advice) -> None:
    lang = asked.lang
    texts = [text_of(option.html) for option in question.options]
    right = [text for text, option in zip(texts, question.options, strict=True) if option.correct]
    wrong = [text for text, option in zip(texts, question.options, strict=True) if not option.correct]
    if isinstance(question, SingleChoice) and len(texts) > 2 and wrong:
        longest = max(map(len, wrong))
        if len(right[0]) > LONGER * longest and len(right[0]) > longest + LONGER_BY:
            report.say(
                asked.option_line(texts.index(right[0])),
                "longest-right",
                f"a right option of {len(right[0])} characters, and wrong ones of up to {longest}",
                "options of about the same length",
                "Who knows nothing takes the longest. Shorten it, or move what is more into the explanation.",
            )
    for place, text in enumerate(texts):
        if re.search(_known(ALL_OR_NONE, lang), text, re.IGNORECASE):
            report.say(
                asked.option_line(place),
                "all-of-the-above",
                f"{text[:50]!r}",
                "options that stand for themselves",
                "Make it a question with several right options, or leave the option out.",
            )
    _advise_feedback(asked, question, report)
    absolute = set(words(_known(ABSOLUTE, lang)))
    if not any(absolute & set(words(text)) for text in right):
        for place, (text, option) in enumerate(zip(texts, question.options, strict=True)):
            found = [word for word in words(text) if word in absolute]
            if found and not option.correct and not isinstance(question, TrueFalse):
                report.say(
                    asked.option_line(place),
                    "absolute-words",
                    f"{found[0]!r} in a wrong option, and in no right one",
                    "wrong options that are as careful as the right one",
                    "Who knows tests strikes out what is always so.",
                )
                break
    seen: dict[tuple[str, ...], int] = {}
    for place, text in enumerate(texts):
        meaning = _meaning(text, lang)
        if meaning and meaning in seen:
            report.say(
                asked.option_line(place),
                "same-options",
                f"{text[:50]!r}, which says the same as the option in line {asked.option_line(seen[meaning])}",
                "options that differ in what they mean",
            )
        seen.setdefault(meaning, place)


def _meaning(text: str, lang: str) -> tuple[str, ...]:
    """The words of a text that mean something, in no order; numbers in one spelling."""
    plain = re.sub(r"(?<=\d),(?=\d)", ".", text)
    numbers = [f"{float(number):g}" for number in re.findall(r"\d{1,15}(?:\.\d+)?", plain)]
    small = set(words(_known(SMALL, lang)))
    found = [word for word in words(re.sub(r"\d+(?:\.\d+)?", " ", plain)) if word not in small]
    # A sign that is no word may make all the difference: ≥ and ≤, + and -.
    signs = re.findall(r"[^\w\s.,;:!?'’()\"«»“”…]", plain)
    return tuple(sorted(numbers + found + signs))


def _advise_feedback(asked: _Asked, question: ChoiceQuestion, report: _Advice) -> None:
    if question.explanation and isinstance(question, TrueFalse):
        return
    without = [
        place
        for place, option in enumerate(question.options)
        if not option.feedback and not (option.correct and question.explanation)
    ]
    if without:
        count = "an option" if len(without) == 1 else f"{len(without)} options"
        report.say(
            asked.option_line(without[0]),
            "option-feedback",
            f"{count} without feedback",
            "a line > under each: why one may think so, and why it is not so",
            "What is learned from a quiz is learned from its feedback.",
        )


def _advise_digits(asked: _Asked, question: Numeric, report: _Advice) -> None:
    match = re.match(r"\s*[-−+]?\d[\d ]*(?:[.,](\d+))?\s*±\s*(\d+(?:[.,](\d+))?)", question.answer)
    if question.unit == "%" and "±" in question.answer and not PERCENT.search(text_of(question.stem)):
        report.say(
            asked.line,
            "share-tolerance",
            f"{question.answer!r}, which is {question.low:f} % to {question.high:f} %",
            f"the bounds, if a share of the value is meant: = {_share_of(question)}",
            "If the answer is in percent, say so in the question.",
        )
    elif match and len(match[1] or "") > len(match[3] or ""):
        report.say(
            asked.line,
            "digits",
            f"{question.answer!r}: more decimals than the tolerance has",
            "as many decimals as count",
        )


PERCENT = re.compile(r"%|\bper ?cent|\bpour ?cent|\bprocent|\bhumidit|\bvochtigheid", re.IGNORECASE)


def _share_of(question: Numeric) -> str:
    """The key with its tolerance as a share of the value."""
    middle, width = (question.low + question.high) / 2, (question.high - question.low) / 2
    return f"{middle.normalize():f} ± {(abs(middle) * width / 100).normalize():f}"


PICTURE = re.compile(r"!\[\s*\][(\[]|<img\b(?![^>]*\balt\s*=\s*[\"'][^\"'])[^>]*>", re.IGNORECASE)


def _advise_pictures(page: ReadPage, report: _Advice) -> None:
    lines = page.source.lines
    for number, (line, coded) in enumerate(zip(lines, code_mask(lines), strict=True), start=1):
        if not coded and PICTURE.search(re.sub(r"`[^`]*`", "", line)):
            report.say(
                number,
                "image-alt",
                "a picture without a text alternative",
                "what it shows, in the square brackets: ![The airlock from above](images/plan.svg)",
                "Who does not see the picture hears this text.",
            )


def lix(prose: str) -> tuple[float, int]:
    """Reading level of a text (see `LIX_LIMITS`), and its number of words.

    Args:
        prose: One paragraph or list item a line.
    """
    sentences = 0
    found: list[str] = []
    for line in prose.split("\n"):
        spoken = re.findall(r"[^\W\d_]+", line)
        if spoken:
            found.extend(spoken)
            sentences += max(1, len(re.findall(r"[.!?…:;]+(?=\s|$)", line)))
    if not found:
        return 0.0, 0
    return len(found) / sentences + 100 * sum(len(word) > 6 for word in found) / len(found), len(found)


def _advise_reading(page: ReadPage, limit: int, report: _Advice) -> None:
    level, count = lix(page.body.prose)
    if count >= FEWEST_WORDS and level > limit:
        report.say(
            page.matter.end + 1,
            "reading-level",
            f"a reading level (LIX) of {level:.0f}",
            f"{limit} or less for its audience",
            "Shorter sentences and shorter words. Courses for teachers may have 55, for job seekers and students 45.",
        )


def _advise_objectives(page: ReadPage, report: _Advice) -> None:
    objectives = page.matter.values.get("objectives")
    questions = [question for parsed in page.body.quizzes for question in parsed.quiz.questions]
    if not questions or not isinstance(objectives, list):
        return
    lang = page.source.lang
    about = [_stems(" ".join(_texts(question)), lang) for question in questions]
    for objective in map(str, objectives):
        wanted = _stems(objective, lang)
        if wanted and not any(len(wanted & found) >= min(2, len(wanted)) for found in about):
            report.say(
                _line_of(page, objective),
                "objective",
                f"{objective[:60]!r}, which no question is about",
                "a question for each objective: what is not asked is not known to be reached",
                "Compared by words. If a question does cover it, say it in the same words, or silence this.",
            )


def _texts(question: Question) -> Iterator[str]:
    """Everything that is said in a question."""
    yield text_of(question.readable_stem())
    yield from (text_of(text) for text in question.feedback())
    yield from _strings(question.public())
    yield from _strings(question.key())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for item in value.values() for text in _strings(item))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from (text for item in value for text in _strings(item))
    elif isinstance(value, str):
        yield text_of(value)


def _stems(text: str, lang: str) -> set[str]:
    """The beginnings of the words that mean something: five letters tell words apart, and not their forms."""
    small = set(words(_known(SMALL, lang)))
    return {word[:5] for word in words(text) if len(word) > 3 and word not in small}


def _line_of(page: ReadPage, text: str) -> int:
    lines: Iterable[tuple[int, str]] = enumerate(page.source.lines[: page.matter.end], start=1)
    return next((number for number, line in lines if text[:40] in line), page.matter.line("objectives"))
