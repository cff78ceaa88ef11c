"""What a site consists of: every page with its template and its values, and every file, each with its place.

Whatever writes a site is given this: the builder's own writer (`writer`), and MkDocs by way of the plugin. So both give
the same pages, and neither reads Markdown.
"""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import json
import posixpath
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from site_builder.compiling.loader import Loaded, ReadPage
from site_builder.problems import has_errors
from site_builder.reading.files import SCENES
from site_builder.reading.project import Project
from site_builder.site import pages
from site_builder.site.colours import style_sheet
from site_builder.site.dressing import dress_media, mark_terms
from site_builder.site.links import Linker, page_address
from site_builder.site.record import hash_of, source_stamp
from site_builder.site.scenes import dress_scenes
from site_builder.site.theme import read_manifest, read_texts

KEPT_ASSETS = ("assets/bundle/", "assets/images/airlock", "assets/stylesheets/main.")
NOT_KEPT = ("*.map", "*.mjs", "*.md", "*.py", "*.html", "texts/*", "locales/*", ".*", "*/.*", "*manifest.json")
"""Files of a theme that are no part of a site."""

NOT_FOUND = "404.html"
DRAFTS = "drafts/"
"""Where pages of drafts stand, for those who may see them."""

Examples = Callable[[str], Sequence[pages.Example]]


class NoFile(Exception):
    """A file that the configuration names is not there; the message says which."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a site.

    Attributes:
        address: Below the site, with a slash at its end; "" for the first one.
        lang: Of the site around it.
        template: Name of its template.
        title: As its author wrote it, "" where it has none.
        html: Gives what stands in the template's frame.
        view: Gives the values of the template.
        made_of: Gives the hash of everything that decides how the page looks; "" for one that is always made anew.
    """

    address: str
    lang: str
    template: str
    title: str
    html: Callable[[], str]
    view: Callable[[], pages.View]
    made_of: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """A site as it is to be.

    Attributes:
        project: Whose it is.
        loaded: What was compiled.
        sites: What the pages of each language have in common.
        generated: Files that stand nowhere, by their place.
        only_drafts: Whether there are the pages of drafts alone, below `drafts/`.
        media: By the path of a file up to its first dot: what the disk says of all files of that name.
    """

    project: Project
    loaded: Loaded
    sites: Mapping[str, pages.Site]
    generated: Mapping[str, str]
    only_drafts: bool = False
    media: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many pages there are."""
        stems = len(self.loaded.drafts) if self.only_drafts else len(self.loaded.pages) + len(pages.HOUSE_PAGES)
        return stems * len(self.sites)

    @property
    def first(self) -> pages.Site:
        """The site in its first language."""
        return next(iter(self.sites.values()))

    def all_pages(self) -> Iterator[Shown]:
        """Every page but the one for what is not there."""
        loaded = self.loaded
        linker = Linker(loaded.languages, loaded.pages.keys(), loaded.media)
        below = DRAFTS if self.only_drafts else ""
        for lang, site in self.sites.items():
            for stem, written in loaded.pages.items():
                if self.only_drafts and stem not in loaded.drafts:
                    continue
                page = written.get(lang) or next(iter(written.values()))
                address = below + site.prefix + page_address(stem)
                yield Shown(
                    address,
                    lang,
                    template=pages.template_of(stem, loaded),
                    title=str(page.matter.values.get("title", "")),
                    html=functools.partial(self._html, page, linker, stem=stem, lang=lang, at=address),
                    view=functools.partial(pages.content_view, site, stem=stem, page=page),
                    made_of=functools.partial(self._made_of, site, page, linker, stem=stem, at=address),
                )
            for name in () if self.only_drafts else pages.HOUSE_PAGES:
                for prefix in dict.fromkeys((site.prefix, f"{lang}/")):
                    yield Shown(
                        f"{prefix}{name}/",
                        lang,
                        template="app.html" if name in pages.APP_PAGES else f"{name}.html",
                        title=site.texts[f"page_{name.replace('-', '_')}"],
                        html=str,
                        view=functools.partial(pages.house_view, site, name=name),
                        made_of=functools.partial(_house_made_of, site, name, prefix),
                    )

    def files(self, folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
        """Place and source of every file that is taken as it is.

        Args:
            folders: Of the theme, the first one counting most, Material's last.
        """
        if self.only_drafts:
            return
        seen = {*self.generated, *self.loaded.media}
        for path in sorted(self.loaded.media):
            yield path, self.project.content / path
        options = self.project.options
        if options.picture:
            yield options.logo_place, options.picture
        yield from ((place, path) for place, path in theme_files(folders) if place not in seen)

    def _made_of(self, site: pages.Site, page: ReadPage, linker: Linker, *, stem: str, at: str) -> str:
        if has_errors(page.report.problems):
            return ""
        facts = []
        for target in page.body.targets:
            path = posixpath.normpath(posixpath.join(page.source.folder, target.address))
            if path.endswith(".md"):
                facts.append(repr(linker.page_of(path.removesuffix(".md"), site.lang)))
            elif target.address:
                facts.append(self.media.get(name_of(path), "?"))
        for scene in page.scenes.values():
            place = posixpath.join(page.source.folder, SCENES, scene.id, "")
            facts += [
                f"{name} {stamp}" if stamp else "" for name, stamp in self.media.items() if name.startswith(place)
            ]
        if "" in facts:
            return ""
        values = page.matter.values
        own = pages.essence(pages.own_view(site, stem=stem, page=page))
        said = json.dumps([at, values.get("title"), values.get("summary"), own], sort_keys=True, default=str)
        return hash_of([site.digest, page.address, said, *facts])

    def _html(self, page: ReadPage, linker: Linker, *, stem: str, lang: str, at: str) -> str:
        """A compiled page as it is shown at an address."""
        own, loaded = page.source.lang, self.loaded
        html = dress_media(
            page.body.html,
            folder=page.source.folder,
            lang=own,
            root=self.project.content,
            media=loaded.media,
            texts=read_texts(own),
        )
        html = dress_scenes(html, page.scenes, folder=page.source.folder, media=loaded.media, texts=read_texts(own))
        html = linker.place(html, stem=stem, lang=lang, written_in=own, at=at)
        return mark_terms(html, loaded.glossary.terms.get(own, ()), read_texts(own)["glossary"])


def theme_files(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Place and source of the files that themes add to a site; the first folder counts most, Material's comes last."""
    seen: set[str] = set()
    for folder in folders:
        # Of Material, only its style sheet; it brings ten thousand pictures.
        top = folder / "assets" / "stylesheets" if folder == folders[-1] else folder
        for found in sorted(top.rglob("*")):
            place = found.relative_to(folder).as_posix()
            if place not in seen and is_theme_file(place) and found.is_file():
                seen.add(place)
                yield place, found


def name_of(path: str) -> str:
    """The path of a file up to the first dot of its name: a film, its poster and its captions have the same."""
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0]}"


def _house_made_of(site: pages.Site, name: str, prefix: str) -> str:
    own = pages.essence(pages.catalogue_view(site)) if name == "catalogue" else {}
    return hash_of([site.digest, name, prefix, json.dumps(own, sort_keys=True)])


def _media_facts(project: Project, loaded: Loaded) -> dict[str, str]:
    """By name, what the disk says of the files; "" while that may still change without a trace."""
    now = time.time_ns()
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(loaded.media):
        found[name_of(path)].append(source_stamp(project.content / path, now))
    return {name: " ".join(stamps) if all(stamps) else "" for name, stamps in found.items()}


def make_plan(
    project: Project,
    loaded: Loaded,
    *,
    examples: Examples,
    folders: Sequence[Path],
    only_drafts: bool = False,
) -> Plan:
    """Say what a site consists of.

    Args:
        project: Whose it is.
        loaded: What was compiled.
        examples: What the cheat sheet shows of a language.
        folders: Where templates and files of the theme are, the first one counting most.
        only_drafts: Whether to show the pages of drafts alone.

    Raises:
        NotBundled: The elements were not bundled yet.
        NoFile: The logo is not there.
    """
    manifest = read_manifest()
    if project.options.logo and not project.options.picture and project.options.logo not in loaded.media:
        raise NoFile(f"{project.config}: plugins, airlock, logo: there is no content/{project.options.logo}.")
    colours = style_sheet(project.options.colour) if project.options.colour else ""
    sheet = f"assets/stylesheets/site.{hashlib.sha256(colours.encode()).hexdigest()[:8]}.css" if colours else ""
    material = next(
        found.name
        for folder in folders
        for found in sorted(Path(folder, "assets", "stylesheets").glob("main.*.min.css"))
    )
    shared = {**manifest["shared"], "colours": sheet, "material": f"assets/stylesheets/{material}"}
    return Plan(
        project=project,
        loaded=loaded,
        sites={
            lang: pages.Site(
                project=project,
                loaded=loaded,
                lang=lang,
                texts=read_texts(lang),
                assets={**shared, "script": manifest["scripts"][lang]},
                examples=examples,
            )
            for lang in project.languages
        },
        generated={sheet: colours} if colours else {},
        only_drafts=only_drafts,
        media=_media_facts(project, loaded),
    )


def material_folder() -> Path:
    """Where Material's templates and style sheets are."""
    spec = find_spec("material")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("mkdocs-material is not installed")
    return Path(spec.submodule_search_locations[0]) / "templates"


def is_theme_file(path: str) -> bool:
    """Whether a file of a theme, by its path below the theme's folder, is a part of the site."""
    if any(fnmatch.fnmatchcase(path.lower(), pattern) for pattern in NOT_KEPT):
        return False
    return not path.startswith("assets/") or path.startswith(KEPT_ASSETS)
