"""The thin adapter to MkDocs, and the only file that imports it.

Nothing is computed here and no Markdown is read: the loader compiles, `pages` says what a page shows, `links` where it
stands. This file hands their results to MkDocs, so that `mkdocs build --strict` and `mkdocs serve` work on their own
and give the pages that `airlock build` gives. All languages of a site are written in one pass.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from jinja2 import BytecodeCache, Environment, Template
from jinja2.bccache import Bucket
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.config_options import DictOfItems, ListOfItems, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.templates import TemplateContext

from site_builder.authoring.cheatsheet import ExampleMissing, examples
from site_builder.authoring.skeletons import unwritten
from site_builder.compiling.loader import Loaded, load
from site_builder.problems import has_errors
from site_builder.reading.project import Options, Project, ProjectError, read_options
from site_builder.site import pages
from site_builder.site.colours import style_sheet
from site_builder.site.dressing import dress_media, mark_terms
from site_builder.site.links import Linker, page_address
from site_builder.site.publish import BuildError, Built, build_site
from site_builder.site.theme import DEFAULT_CONFIG, THEME, NotBundled, read_manifest, read_texts

KEPT_ASSETS = ("assets/bundle/", "assets/images/airlock", "assets/stylesheets/main.")
NOT_FOUND = "404.html"
DRAFTS = "drafts/"
"""Where pages of drafts stand, for those who may see them."""
PICTURE = "@picture@"
"""What stands in the cheat sheet where its picture will be."""

log = logging.getLogger("mkdocs.plugins.airlock")


class MemoryCache(BytecodeCache):
    """Compiled templates, kept for the next build of an author's preview."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if its source is the same."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


CACHE = MemoryCache()


class AirlockConfig(Config):  # type: ignore[no-untyped-call]  # MkDocs leaves it untyped.
    """Options in mkdocs.yml; `project` says what they mean."""

    fail_on_errors = Type(bool, default=True)
    languages = ListOfItems(Type(str), default=[])
    logo = Type(str, default="")
    colour = Type(str, default="")
    descriptions = DictOfItems(Type(str), default={})


class CompiledPage(Page):
    """A page that was compiled already: MkDocs reads and renders nothing."""

    def __init__(self, file: File, config: MkDocsConfig, shown: Shown) -> None:
        self.shown = shown
        super().__init__(shown.title, file, config)

    def read_source(self, config: MkDocsConfig) -> None:
        """Nothing is read."""
        self.markdown = ""
        self.meta = {"title": self.shown.title, "template": self.shown.template}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Nothing is rendered."""
        self.content = self.shown.html
        self.toc = TableOfContents([])

    def validate_anchor_links(self, *, files: Files, log_level: int) -> None:
        """The loader did."""


class Shown:
    """One page of the site: where it is, in which template, and what it shows.

    Attributes:
        address: Below the site.
        lang: Of the site around it.
    """

    def __init__(
        self,
        address: str,
        lang: str,
        *,
        template: str,
        title: str = "",
        html: str = "",
        view: Callable[[pages.Site], pages.View],
    ) -> None:
        self.address, self.lang, self.template, self.title, self.html = address, lang, template, title, html
        self.view = view


class AirlockPlugin(BasePlugin[AirlockConfig]):  # type: ignore[no-untyped-call]  # As above.
    """Gives MkDocs the pages of a site and what they show.

    Attributes:
        handed: What was compiled already, for a build that must show exactly that; read anew otherwise.
        only_drafts: Whether to write the pages of drafts alone, below `drafts/`.
    """

    def __init__(self) -> None:
        self.handed: Loaded | None = None
        self.only_drafts = False
        self._sites: dict[str, pages.Site] = {}
        self._colours = ("", "")
        self._template: Template | None = None
        self._not_found: dict[str, Any] = {}

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Compile the content, and report every problem."""
        try:
            project = self._project(config)
            manifest = read_manifest()
        except (ProjectError, NotBundled) as error:
            raise PluginError(str(error)) from None
        loaded = self.handed or load(project.content, languages=project.languages).published()
        if self.handed is None:
            left = unwritten(loaded) if self.config.fail_on_errors else []
            for problem in left:
                log.error("%s", problem.as_line())
            for problem in loaded.problems:
                (log.error if problem.severity == "error" else log.info)("%s", problem.as_line())
            if (left or has_errors(loaded.problems)) and self.config.fail_on_errors:
                raise PluginError("The content has errors (above). `airlock check` lists them.")
        if str(THEME) not in map(str, config.theme.dirs):
            # Behind a folder of the site's own, and before Material.
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME))
        sheet = next(
            sheet
            for folder in config.theme.dirs
            for sheet in sorted(Path(folder, "assets", "stylesheets").glob("main.*.min.css"))
        )
        if project.options.logo and project.options.logo not in loaded.media:
            raise PluginError(
                f"{config.config_file_path}: plugins, airlock, logo: there is no content/{project.options.logo}."
            )
        colours = style_sheet(project.options.colour) if project.options.colour else ""
        digest = hashlib.sha256(colours.encode()).hexdigest()[:8]
        self._colours = (f"assets/stylesheets/site.{digest}.css", colours)
        shared = {
            **manifest["shared"],
            "colours": self._colours[0] if colours else "",
            "material": f"assets/stylesheets/{sheet.name}",
        }
        self._sites = {
            lang: pages.Site(
                project=project,
                loaded=loaded,
                lang=lang,
                texts=read_texts(lang),
                assets={**shared, "script": manifest["scripts"][lang]},
                examples=functools.partial(examples, picture=PICTURE),
            )
            for lang in project.languages
        }
        return config

    def _project(self, config: MkDocsConfig) -> Project:
        place = Path(config.config_file_path)
        values = {key: self.config[key] for key in ("languages", "logo", "colour", "descriptions")}
        options: Options = read_options(values, place)
        if config.site_description and not options.descriptions:
            options = replace(options, descriptions=dict.fromkeys(options.languages, config.site_description))
        return Project(
            folder=place.parent, content=Path(config.docs_dir), config=place, name=config.site_name, options=options
        )

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """The media and the theme's files as they are; the pages as they were compiled."""
        site = self._first()
        kept = Files([file for file in files if self._is_kept(file, site.loaded)])
        if self._colours[1]:
            kept.append(File.generated(config, self._colours[0], content=self._colours[1]))
        for number, shown in enumerate(self._pages()):
            file = File.generated(config, f"{number}.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
            file.dest_uri = f"{shown.address}index.html"
            file.url = shown.address or "./"
            file.page = CompiledPage(file, config, shown)
            kept.append(file)
        return kept

    def _is_kept(self, file: File, loaded: Loaded) -> bool:
        if file.generated_by or file.src_uri == NOT_FOUND:
            return False
        if Path(file.src_dir or "") == Path(self._first().project.content):
            return file.src_uri in loaded.media
        if file.src_uri.startswith("texts/") or file.src_uri.endswith((".map", ".mjs", "manifest.json", ".md")):
            return False
        return not file.src_uri.startswith("assets/") or file.src_uri.startswith(KEPT_ASSETS)

    def _pages(self) -> Iterator[Shown]:
        for lang, site in self._sites.items():
            loaded = site.loaded
            linker = Linker(loaded.languages, loaded.pages.keys(), loaded.media)
            below = DRAFTS if self.only_drafts else ""
            for stem, written in loaded.pages.items():
                if self.only_drafts and stem not in loaded.drafts:
                    continue
                page = written.get(lang) or next(iter(written.values()))
                address = below + site.prefix + page_address(stem)
                own = page.source.lang
                html = dress_media(
                    page.body.html,
                    folder=page.source.folder,
                    lang=own,
                    root=site.project.content,
                    media=loaded.media,
                    texts=read_texts(own),
                )
                html = linker.place(html, stem=stem, lang=lang, written_in=own, at=address)
                yield Shown(
                    address,
                    lang,
                    template=pages.template_of(stem, loaded),
                    title=str(page.matter.values.get("title", "")),
                    html=mark_terms(html, loaded.glossary.terms.get(own, ()), read_texts(own)["glossary"]),
                    view=functools.partial(pages.content_view, stem=stem, page=page),
                )
            for name in () if self.only_drafts else pages.HOUSE_PAGES:
                for prefix in dict.fromkeys((site.prefix, f"{lang}/")):
                    yield Shown(
                        f"{prefix}{name}/",
                        lang,
                        template="app.html" if name in pages.APP_PAGES else f"{name}.html",
                        title=site.texts[f"page_{name.replace('-', '_')}"],
                        view=functools.partial(pages.house_view, name=name),
                    )

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Compile each template once."""
        env.bytecode_cache = CACHE
        return env

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the template its values."""
        shown = cast(CompiledPage, page).shown
        config.theme["language"] = shown.lang
        cast(dict[str, Any], context)["airlock"] = shown.view(self._sites[shown.lang])
        return context

    def on_pre_template(self, template: Template, template_name: str, config: MkDocsConfig) -> Template:
        """Keep the template of the page for what is not there: each language has one."""
        if template_name == NOT_FOUND:
            self._template = template
        return template

    def on_template_context(
        self, context: TemplateContext, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Values for templates without a page, such as 404.html."""
        site = self._first()
        config.theme["language"] = site.lang
        values = cast(dict[str, Any], context)
        values["airlock"] = pages.common_view(site, "")
        if template_name == NOT_FOUND:
            self._not_found = values
        return context

    def on_post_template(self, output_content: str, template_name: str, config: MkDocsConfig) -> str:
        """Write the page for what is not there in the other languages too."""
        if template_name == NOT_FOUND and self._template is not None:
            for site in list(self._sites.values())[1:]:
                config.theme["language"] = site.lang
                output = self._template.render({**self._not_found, "airlock": pages.common_view(site, "")})
                path = Path(config.site_dir, site.prefix, template_name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(output, encoding="utf-8")
        return output_content

    def _first(self) -> pages.Site:
        """The site in its first language."""
        if not self._sites:
            raise PluginError("MkDocs asked for pages before it read its configuration.")
        return next(iter(self._sites.values()))


def build_project(
    project: Project, site: Path, *, step: Callable[[str], None] = lambda _: None, search: bool = True
) -> Built:
    """`build_site` with MkDocs as the writer of pages.

    Raises:
        ContentError: Pages have errors, or texts that nobody has written yet.
        BuildError: A step failed.
    """
    return build_site(project, site, render=render_site, unwritten=unwritten, step=step, search=search)


def render_site(
    project: Project, site_dir: Path, loaded: Loaded, only_drafts: bool = False, *, preview: bool = False
) -> None:
    """Write the pages of what was compiled.

    Args:
        project: The site.
        site_dir: Where it goes.
        loaded: What was compiled. Nothing of it is read again: a page that is saved meanwhile changes nothing.
        only_drafts: Write the pages of drafts alone, below `drafts/`.
        preview: Write them although pages have errors.

    Raises:
        BuildError: MkDocs found something wrong, or a bundled file is missing.
    """
    try:
        config = load_config(
            str(project.config or DEFAULT_CONFIG),
            site_dir=str(site_dir),
            docs_dir=str(project.content),
            strict=not preview and not only_drafts,
        )
        plugin = cast(AirlockPlugin, config.plugins["airlock"])
        plugin.handed, plugin.only_drafts = loaded, only_drafts
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()
    except (PluginError, Abort, RecursionError, KeyError, ExampleMissing) as error:
        raise BuildError(f"MkDocs stopped: {error}") from error
