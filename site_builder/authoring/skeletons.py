"""Starting files for authors: every key with a word on what it is for."""

from __future__ import annotations

from pathlib import Path

from site_builder.reading.files import NAME


class NotMade(Exception):
    """A file that cannot be made; the message says why in a sentence."""


COURSE = """---
# The name of the course, as learners see it.
title: {title}
# One sentence for the list of courses.
summary: What somebody can do after this course, in one sentence.
# What learners will be able to do; one a line.
objectives:
  - Say what this course is about
# The modules in their order: names of files in this folder, without .md.
modules: [first-lesson]
# Courses that come first: names of folders, for example [entering-grade-b].
requires: []
# Trades (files in paths/) and audiences (job-seeker, worker, student, teacher) for the filters.
trade: []
audiences: [job-seeker, worker, student]
---

Who this course is for, and how it works.
"""

MODULE = """---
# The name of the module, as learners see it.
title: {title}
# lesson (read, and its graded quizzes passed), webinar (attended) or practical (signed off by a trainer).
kind: lesson
# Study time in whole minutes.
minutes: 20
# One sentence for lists.
summary: What this module is about, in one sentence.
# What learners will be able to do; one a line. Each should have a question in the quiz.
objectives:
  - Name the first thing to check
# Modules of this course that come first, for example [contamination].
requires: []
---

Begin with why this matters, in two or three sentences.

## First section

Text, pictures `![what the picture shows](images/name.svg)`, tables, and boxes:

!!! example "Worked example"
    With numbers.

## Check yourself

<quiz id="check" pass="80%" attempts="3">

### What do you check first? {{#first-check}}

- [ ] The wrong thing
  > Why somebody would think so, and what is so.
- [x] The right thing
  > Why.

What everybody should take away, shown with the result.

### How much is that? Give the unit. {{#how-much}}

= 12.5 ± 0.5 mL

</quiz>
"""


def _check_name(name: str) -> None:
    if not NAME.match(name):
        raise NotMade(f"{name!r} cannot be an address: use small letters, digits and hyphens, for example first-steps.")


def new_course(content: Path, name: str, title: str) -> list[Path]:
    """Make a course with one lesson; gives the files.

    Raises:
        NotMade: The name cannot be an address, or is taken.
    """
    _check_name(name)
    folder = content / name
    if folder.exists():
        raise NotMade(f"{folder} exists already.")
    folder.mkdir(parents=True)
    index = folder / "index.md"
    index.write_text(COURSE.format(title=_quoted(title)), encoding="utf-8")
    return [index, _write_module(folder / "first-lesson.md", "First lesson")]


def new_module(content: Path, course: str, name: str, title: str) -> list[Path]:
    """Make a lesson in a course and list it there; gives the files.

    Raises:
        NotMade: There is no such course, or the name cannot be an address, or is taken.
    """
    _check_name(name)
    index = content / course / "index.md"
    if not index.is_file():
        raise NotMade(
            f"There is no course {course!r}: {index} does not exist. Make it with `airlock new course {course}`."
        )
    path = content / course / f"{name}.md"
    if path.exists():
        raise NotMade(f"{path} exists already.")
    made = _write_module(path, title)
    text = index.read_text(encoding="utf-8")
    listed = _list_module(text, name)
    if listed is None:
        return [made]
    index.write_text(listed, encoding="utf-8")
    return [made, index]


def _list_module(text: str, name: str) -> str | None:
    """The course's index with the module at the end of its list; None when the list has a form of its own."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("modules:") and line.rstrip().endswith("]"):
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


def _write_module(path: Path, title: str) -> Path:
    path.write_text(MODULE.format(title=_quoted(title)), encoding="utf-8")
    return path


def _quoted(title: str) -> str:
    return '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'
