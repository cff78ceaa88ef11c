"""Building a site, with everything that the rooms below give to it."""

from __future__ import annotations

from pathlib import Path

from site_builder.authoring.skeletons import unwritten
from site_builder.compiling.loader import Loaded
from site_builder.reading.project import Project
from site_builder.site.build import BuildError, Built, Step, Tools, build_site
from site_builder.site.pages import Example


def examples(lang: str) -> list[Example]:
    """What the cheat sheet shows of a language.

    Raises:
        BuildError: An example is missing.
    """
    # Making the examples loads the libraries that read pages: only where the cheat sheet is made anew.
    from site_builder.authoring import cheatsheet

    try:
        return list(cheatsheet.marked_examples(lang))
    except cheatsheet.ExampleMissing as error:
        raise BuildError(str(error)) from None


def render_with_mkdocs(project: Project, folder: Path, loaded: Loaded, only_drafts: bool) -> None:
    """Write the pages of a site that uses what only MkDocs knows.

    Raises:
        BuildError: MkDocs stopped.
    """
    # Most sites need nothing of it.
    from site_builder import plugin

    plugin.render_site(project, folder, loaded, only_drafts)


TOOLS = Tools(examples, unwritten, render_with_mkdocs)


def build_project(
    project: Project,
    site: Path,
    *,
    step: Step = lambda _: None,
    search: bool = True,
    before: Path | None = None,
) -> Built:
    """`build_site` with the tools of this program.

    Raises:
        ContentError: Pages have errors, or texts that nobody has written yet.
        BuildError: A step failed.
    """
    return build_site(project, site, TOOLS, step=step, search=search, before=before)
