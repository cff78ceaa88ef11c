"""The builder's part of the `airlock` command."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING, NoReturn

import click

from site_builder.authoring.advice import advise, read_times
from site_builder.authoring.skeletons import NotMade, new_course, new_module, new_site, unwritten
from site_builder.compiling.loader import load
from site_builder.compiling.readers import default_readers
from site_builder.course.languages import LANGUAGES
from site_builder.problems import Problem, has_errors
from site_builder.reading.files import Tree, read_page
from site_builder.reading.project import Project, ProjectError, find_project, project_of_content

if TYPE_CHECKING:
    from rich.progress import Progress

FORMATS = ("text", "json", "github")
NEWLY_MADE = "Edit it while `airlock serve` shows the page."


def _project(context: click.Context, option: click.Parameter, content: Path | None) -> Project:
    """The site of the content folder that was named, or of the folder that one stands in."""
    try:
        return project_of_content(content) if content else find_project(Path.cwd())
    except ProjectError as error:
        fail(str(error))


project_option = click.option(
    "--content",
    "project",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_project,
    help="The content folder; that of the site in this folder otherwise.",
)


def fail(sentence: str) -> NoReturn:
    """End with one sentence and exit code 1."""
    click.secho(sentence, err=True, fg="red")
    sys.exit(1)


class Steps:
    """Shows what is being done.

    On a terminal a line that moves, with a bar and an estimate where it is known how much there is; elsewhere a line
    each.
    """

    def __init__(self) -> None:
        self._last = ""
        self._progress: Progress | None = None

    def __enter__(self) -> Callable[[str], None]:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                Progress,
                SpinnerColumn,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            columns = (
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
            )
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.start()
            self._progress.add_task("…", total=None)
        return self.say

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def say(self, what: str) -> None:
        """Something is being done."""
        name, _, rest = what.partition(":")
        if self._progress is None:
            # Elsewhere than on a terminal, what only counts on ("…: 1", "…: 2") is one line.
            if name != self._last:
                click.echo(f"  {what}", err=True)
            self._last = name
            return
        (task,) = self._progress.task_ids
        count = re.fullmatch(r" (\d+) of (\d+)", rest)
        if name != self._last:
            # Another step: its estimate is its own.
            self._progress.reset(task, total=None, description=what)
        if count:
            self._progress.update(task, completed=int(count[1]), total=int(count[2]), description=name)
        else:
            self._progress.update(task, description=what)
        self._last = name


def print_problems(problems: Iterable[Problem], form: str, content: Path) -> None:
    """Print problems for people, for programs, or for a Git host."""
    found = list(problems)
    if form == "json":
        click.echo(json.dumps([problem.as_dict() for problem in found], ensure_ascii=False, indent=1))
        return
    prefix = _shown(content)
    for problem in found:
        if form == "github":
            click.echo(problem.as_annotation().replace("file=", f"file={prefix}/", 1))
            continue
        colour = "red" if problem.severity == "error" else "yellow"
        place = f"{prefix}/{problem.file}:{problem.line}:{problem.column}"
        click.echo(f"{click.style(place, bold=True)}: {click.style(problem.severity, fg=colour)} [{problem.code}]")
        click.echo(f"    found     {problem.found}")
        click.echo(f"    expected  {problem.expected}")
        if problem.hint:
            click.echo(f"    hint      {problem.hint}")


def _shown(content: Path) -> str:
    try:
        return content.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return content.as_posix()


class Profile:
    """Where the time of a build goes, step by step: what passed, and what the processors did meanwhile."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._rows: list[tuple[str, float, float]] = []
        self._name, self._began, self._spent = "Beginning", time.perf_counter(), self._cpu()

    def step(self, what: str) -> None:
        """Another step begins."""
        name = what.partition(":")[0]
        if name != self._name:
            self.end()
            self._name = name
        self._say(what)

    def end(self) -> None:
        """The step is over."""
        now, spent = time.perf_counter(), self._cpu()
        self._rows.append((self._name, now - self._began, spent - self._spent))
        self._began, self._spent = now, spent

    @staticmethod
    def _cpu() -> float:
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system

    def print(self) -> None:
        """A line each, with the sum at the end."""
        rows = [*self._rows, ("Everything", sum(row[1] for row in self._rows), sum(row[2] for row in self._rows))]
        click.echo(f"{'':<28}{'seconds':>9}{'of processors':>15}")
        for name, wall, cpu in rows:
            click.echo(f"{name:<28}{wall:>9.2f}{cpu:>15.2f}")
        click.echo("Processes that read pages are not among the processors' seconds: they go on after the build.")


@click.command()
@project_option
@click.option("--site", type=click.Path(path_type=Path), help="Where the site goes; site/ otherwise.")
@click.option(
    "--catalogue", type=click.Path(path_type=Path), help="Where the private catalogue goes; catalogue.json otherwise."
)
@click.option("--profile", is_flag=True, help="Say where the time went.")
def build(project: Project, site: Path | None, catalogue: Path | None, profile: bool) -> None:
    """Build the site, and the private catalogue beside it."""
    # What only a build needs is loaded by a build alone.
    from site_builder.building import build_project
    from site_builder.site.build import BuildError, ContentError, write_catalogue

    site = site or project.folder / "site"
    catalogue = catalogue or project.folder / "catalogue.json"
    content = project.content
    if catalogue.resolve().is_relative_to(site.resolve()):
        fail("The catalogue holds the keys: it cannot go into the site. Name another place with --catalogue.")
    try:
        with Steps() as step:
            times = Profile(step)
            built = build_project(project, site, step=times.step)
            times.end()
    except ContentError as error:
        print_problems(error.problems, "text", content)
        fail(_count(error.problems) + " Nothing was built.")
    except BuildError as error:
        fail(str(error))
    write_catalogue(built, catalogue)
    for address in built.drafts:
        if address.split("/")[1] not in LANGUAGES:
            click.echo(f"draft: {address.removeprefix('drafts/')} is not in the site")
    warnings = [problem for problem in built.problems if problem.severity == "warning"]
    print_problems(warnings, "text", content)
    made = f"{built.fresh} files or pages were made anew" if built.fresh else "nothing had changed"
    click.echo(f"{built.pages} pages in {_shown(site)}/, catalogue in {_shown(catalogue)}: {made}.")
    if profile:
        times.print()


@click.command()
@project_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Mend encodings and line ends, write missing question ids, then check.")
@click.option("--advice/--no-advice", default=True, help="Also say what could be better.")
def check(project: Project, form: str, fix: bool, advice: bool) -> None:
    """Report every problem of every file, and what could be better. Exit code 1 if there is an error."""
    content = project.content
    if fix:
        from site_builder.authoring.fixes import fix_content

        for sentence in fix_content(content, project.languages):
            click.echo(f"fixed {sentence}", err=form != "text")
    with Steps() if sys.stderr.isatty() else nullcontext(lambda what: None) as step:
        loaded = load(
            content, languages=project.languages, done=lambda now, of: step(f"Reading the pages: {now} of {of}")
        )
    problems = sorted(
        [*loaded.problems, *unwritten(loaded), *(advise(loaded, read_times(project.folder)) if advice else ())]
    )
    print_problems(problems, form, content)
    if form == "text":
        click.echo(_count(problems))
    sys.exit(1 if has_errors(problems) else 0)


def _count(problems: list[Problem]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if not problems:
        return "No problems."
    return f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}."


@click.group()
def new() -> None:
    """Make a commented starting file."""


@new.command("site")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", help="As people read it; made of the folder's name otherwise.")
@click.option(
    "--lang",
    "langs",
    multiple=True,
    type=click.Choice(LANGUAGES),
    help="Of the content; say it again for the other languages of the site. All of them otherwise, English first.",
)
def site_command(folder: Path, name: str | None, langs: tuple[str, ...]) -> None:
    """Make a site of your own: content, name, languages, and a first course."""
    languages = tuple(dict.fromkeys([*langs, *LANGUAGES])) if len(langs) == 1 else tuple(dict.fromkeys(langs))
    try:
        made = new_site(folder, name or folder.resolve().name.replace("-", " ").capitalize(), languages or LANGUAGES)
    except NotMade as error:
        fail(str(error))
    for path in made:
        click.echo(f"wrote {_shown(path)}")
    click.echo(f"Go there with `cd {folder}`, then `airlock serve` shows it.")


@new.command("course")
@click.argument("name")
@click.option("--title", help="As learners see it; made of the name otherwise.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Of its texts; the site's first language otherwise.")
@project_option
def course_command(name: str, title: str | None, lang: str | None, project: Project) -> None:
    """Make a course: a folder with an index and a first lesson."""
    try:
        made = new_course(
            project.content,
            name,
            title or name.replace("-", " ").capitalize(),
            lang=lang or project.languages[0],
            languages=project.languages,
        )
        _tell(made)
    except NotMade as error:
        fail(str(error))


@new.command("module")
@click.argument("course")
@click.argument("name")
@click.option("--title", help="As learners see it; made of the name otherwise.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Of its texts; the course's otherwise.")
@project_option
def module_command(course: str, name: str, title: str | None, lang: str | None, project: Project) -> None:
    """Make a lesson in a course, at the end of its list."""
    try:
        made = new_module(
            project.content,
            course,
            name,
            title or name.replace("-", " ").capitalize(),
            lang=lang or "",
            languages=project.languages,
        )
        _tell(made)
    except NotMade as error:
        fail(str(error))


@click.group()
def quiz() -> None:
    """Work with quizzes."""


@quiz.command("preview")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--quiz", "quiz_id", help="Its id; all quizzes of the page otherwise.")
@click.option("--seed", type=int, help="Draw and shuffle in the same way each time.")
def preview_quiz(file: Path, quiz_id: str | None, seed: int | None) -> None:
    """Take the quizzes of a page in the terminal, and see how they are marked."""
    tree = Tree(root=file.parent, languages=_languages(file.parent))
    source = read_page(file, file.name, tree)
    read = default_readers().read([source] if source else [])
    problems = [problem for page in read for problem in (*page.problems, *page.body.problems)]
    print_problems([*tree.problems, *problems], "text", file.parent)
    parsed = [one for page in read for one in page.body.quizzes]
    quizzes = [one.quiz for one in parsed if quiz_id in (None, one.quiz.id)]
    if not quizzes:
        known = ", ".join(one.quiz.id for one in parsed)
        fail(f"{file} has no quiz {quiz_id!r}; it has {known}." if known else f"{file} has no quiz that can be read.")
    from site_builder.authoring.terminal import take_quiz

    chance = Random(seed) if seed is not None else SystemRandom()  # noqa: S311  # Asked for, to see the same again.
    for found in quizzes:
        click.secho(f"Quiz {found.id}", bold=True)
        take_quiz(found, lambda prompt: click.prompt(prompt, default="", show_default=False), click.echo, chance)


def _languages(folder: Path) -> tuple[str, ...]:
    """The languages of the site that a page belongs to; all of them for a page of none."""
    try:
        return find_project(folder).languages
    except ProjectError:
        return LANGUAGES


def _tell(files: list[Path]) -> None:
    for path in files:
        click.echo(f"wrote {_shown(path)}")
    click.echo(NEWLY_MADE)
