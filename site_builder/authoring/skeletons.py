"""Starting files for authors: a site, a course, a module. They stand in `starters/`, one file a language."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from site_builder.compiling.loader import Loaded
from site_builder.course.languages import LANGUAGES
from site_builder.problems import Problem
from site_builder.reading.files import NAME
from site_builder.reading.project import CONFIG

STARTERS = Path(__file__).parent / "starters"
FIRST_LESSON = {"en": "First lesson", "fr": "Première leçon", "nl": "Eerste les"}
STRUCTURE = ("#", "---", "<quiz", "audiences:", "modules:", "draft:", "kind:")
"""How lines begin that may well stay as they are, headings among them."""
SHORTEST = 16
"""Characters: a shorter line is no text that somebody would have to write."""


class NotMade(Exception):
    """A file that cannot be made; the message says why in a sentence."""


def read_starter(name: str, lang: str) -> str:
    """A starting file in a language; in the first one that there is where it has none."""
    for code in (lang, *LANGUAGES):
        path = STARTERS / f"{name}.{code}.md"
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise NotMade(f"The starting file {name} is missing from Airlock itself: install it again.")


@cache
def starter_lines(lang: str) -> frozenset[str]:
    """Texts of the starting files that are there to be replaced."""
    found: set[str] = set()
    for name in ("course", "module"):
        for line in read_starter(name, lang).split("\n"):
            text = line.strip(" ->#")
            if line.startswith(STRUCTURE) or "@title@" in line:
                continue
            text = text.removeprefix("summary: ").removeprefix("[x] ").removeprefix("[ ] ").partition(" {#")[0]
            if len(text) >= SHORTEST:
                found.add(text)
    return frozenset(found)


def unwritten(loaded: Loaded) -> list[Problem]:
    """Pages, drafts apart, that still say what their starting file said: one problem each, at the first such line."""
    found = []
    for path, page in sorted(loaded.read.items()):
        if page.source.stem in loaded.drafts:
            continue
        starter = _any_of(page.source.lang)
        if not starter.search("\n".join(page.source.lines)):
            continue
        for number, line in enumerate(page.source.lines, start=1):
            if _left_as_it_was(line, page.source.lang):
                problem = Problem(
                    file=path,
                    line=number,
                    code="template-text",
                    found=f"{line.strip()[:60]!r}, as the starting file has it",
                    expected="a text of your own",
                    hint="It cannot be published; in a draft it may stay.",
                    severity="warning",
                )
                found.append(problem)
                break
    return found


@cache
def _any_of(lang: str) -> re.Pattern[str]:
    """Finds any line of a starting file in a page, at once."""
    return re.compile("|".join(map(re.escape, sorted(starter_lines(lang)))))


def _left_as_it_was(line: str, lang: str) -> bool:
    text = line.strip(" ->#").removeprefix("summary: ").removeprefix("[x] ").removeprefix("[ ] ").partition(" {#")[0]
    return text in starter_lines(lang)


def _check_name(name: str) -> None:
    if not NAME.match(name):
        raise NotMade(f"{name!r} cannot be an address: use small letters, digits and hyphens, for example first-steps.")


def _file(name: str, lang: str, languages: tuple[str, ...]) -> str:
    """The name of a page's file: without a language for the site's first one."""
    return f"{name}.md" if lang == languages[0] else f"{name}.{lang}.md"


def new_site(folder: Path, name: str, languages: tuple[str, ...]) -> list[Path]:
    """Make a site with a first course; gives the files.

    Args:
        folder: Where it goes; it may be there, but empty.
        name: Of the site, as people read it.
        languages: Of the site, that of its content first.

    Raises:
        NotMade: Something is there already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotMade(f"{folder} exists already, and is not empty. Nothing was changed.")
    first = languages[0]
    texts = {"@name@": name, "@first@": first, "@languages@": ", ".join(languages)}
    homes = {code: read_starter("site/home", code) for code in languages}
    texts["@descriptions@"] = "".join(
        f"        {code}: {_quoted(home.partition('summary: ')[2].partition(chr(10))[0])}\n"
        for code, home in homes.items()
    )
    config = (STARTERS / "site" / "mkdocs.yml").read_text(encoding="utf-8").replace("@name@", _quoted(name))
    files = {
        CONFIG: config,
        "README.md": read_starter("site/README", first),
        ".gitignore": (STARTERS / "site" / "gitignore").read_text(encoding="utf-8"),
        ".github/workflows/check.yml": (STARTERS / "site" / "check.yml").read_text(encoding="utf-8"),
        "content/first-course/index.md": read_starter("site/course", first),
        "content/first-course/read-and-answer.md": read_starter("site/lesson", first),
        **{f"content/{_file('index', code, languages)}": home for code, home in homes.items()},
    }
    made = []
    for relative, text in files.items():
        for mark, value in texts.items():
            text = text.replace(mark, value)
        made.append(_write(folder / relative, text))
    return made


def new_course(
    content: Path, name: str, title: str, *, lang: str = "en", languages: tuple[str, ...] = LANGUAGES
) -> list[Path]:
    """Make a course with one lesson, both drafts; gives the files.

    Args:
        content: The content folder.
        name: Of its folder.
        title: As learners see it.
        lang: Of its texts.
        languages: Of the site, that of its content first.

    Raises:
        NotMade: The name cannot be an address, or is taken.
    """
    _check_name(name)
    folder = content / name
    if folder.exists():
        raise NotMade(f"{folder} exists already.")
    index = _write(folder / _file("index", lang, languages), _titled("course", lang, title))
    lesson = folder / _file("first-lesson", lang, languages)
    return [index, _write(lesson, _titled("module", lang, FIRST_LESSON.get(lang, FIRST_LESSON["en"])))]


def new_module(
    content: Path, course: str, name: str, title: str, *, lang: str = "", languages: tuple[str, ...] = LANGUAGES
) -> list[Path]:
    """Make a lesson in a course, a draft, and list it there; gives the files.

    Args:
        content: The content folder.
        course: Name of the course's folder.
        name: Of its file.
        title: As learners see it.
        lang: Of its texts; the course's without one.
        languages: Of the site, that of its content first.

    Raises:
        NotMade: There is no such course, or the name cannot be an address, or is taken.
    """
    _check_name(name)
    folder = content / course
    written = [code for code in languages if (folder / _file("index", code, languages)).is_file()]
    if not written:
        raise NotMade(
            f"There is no course {course!r}: {folder / 'index.md'} does not exist. "
            f"Make it with `airlock new course {course}`."
        )
    lang = lang or written[0]
    path = folder / _file(name, lang, languages)
    if path.exists():
        raise NotMade(f"{path} exists already.")
    made = _write(path, _titled("module", lang, title))
    index = folder / _file("index", written[0], languages)
    listed = _list_module(index.read_text(encoding="utf-8"), name)
    if listed is None:
        return [made]
    index.write_text(listed, encoding="utf-8")
    return [made, index]


def _list_module(text: str, name: str) -> str | None:
    """The course's index with the module at the end of its list; None when the list has a form of its own."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("modules:") and line.rstrip().endswith("]"):
            listed = yaml.safe_load(line)["modules"]
            if name in listed:
                return None
            inside = line[line.index("[") + 1 : line.rindex("]")].strip()
            lines[number] = f"modules: [{inside + ', ' if inside else ''}{name}]"
            return "\n".join(lines)
        if line.rstrip() == "modules:":
            end = number + 1
            while end < len(lines) and lines[end].lstrip().startswith("- "):
                end += 1
            lines.insert(end, f"  - {name}")
            return "\n".join(lines)
    return None


def _titled(name: str, lang: str, title: str) -> str:
    return read_starter(name, lang).replace("@title@", _quoted(title))


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _quoted(title: str) -> str:
    return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
