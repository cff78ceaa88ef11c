"""The thin adapter to MkDocs, and the only file that imports it.

Nothing is computed here and no Markdown is read: the loader compiles, and `site.plan` says what the site consists of.
This file hands it to MkDocs, so that `mkdocs build --strict` and `mkdocs serve` work on their own and give the pages
that `airlock build` gives. All languages of a site are written in one pass.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

from jinja2 import Template
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

from site_builder.authoring.cheatsheet import ExampleMissing, marked_examples
from site_builder.authoring.skeletons import unwritten
from site_builder.compiling.loader import Loaded, load
from site_builder.problems import has_errors
from site_builder.reading.project import Look, Project, ProjectError, read_options
from site_builder.site import pages
from site_builder.site.build import BuildError
from site_builder.site.plan import NOT_FOUND, NoFile, Plan, Shown, is_theme_file, make_plan
from site_builder.site.theme import DEFAULT_CONFIG, THEME, NotBundled

log = logging.getLogger("mkdocs.plugins.airlock")


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
        self.content = self.shown.html()
        self.toc = TableOfContents([])

    def validate_anchor_links(self, *, files: Files, log_level: int) -> None:
        """The loader did."""


class AirlockPlugin(BasePlugin[AirlockConfig]):  # type: ignore[no-untyped-call]  # As above.
    """Gives MkDocs the pages of a site and what they show.

    Attributes:
        handed: What was compiled already, for a build that must show exactly that; read anew otherwise.
        only_drafts: Whether to write the pages of drafts alone, below `drafts/`.
        look: What stands before the configuration.
    """

    def __init__(self) -> None:
        self.handed: Loaded | None = None
        self.only_drafts = False
        self.look = Look()
        self._plan: Plan | None = None
        self._template: Template | None = None
        self._not_found: dict[str, Any] = {}

    @property
    def plan(self) -> Plan:
        """What the site consists of."""
        if self._plan is None:
            raise PluginError("MkDocs asked for pages before it read its configuration.")
        return self._plan

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Compile the content, and report every problem."""
        try:
            project = self._project(config)
        except ProjectError as error:
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
        config.site_name = project.name
        if str(THEME) not in map(str, config.theme.dirs):
            # Behind a folder of the site's own, and before Material.
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME))
        folders = [Path(folder) for folder in config.theme.dirs]
        try:
            self._plan = make_plan(
                project, loaded, examples=marked_examples, folders=folders, only_drafts=self.only_drafts
            )
        except (NotBundled, NoFile) as error:
            raise PluginError(str(error)) from None
        return config

    def _project(self, config: MkDocsConfig) -> Project:
        place = Path(config.config_file_path)
        values = {key: self.config[key] for key in ("languages", "logo", "colour", "descriptions")}
        options = read_options(values, place, description=config.site_description or "")
        return Project(
            folder=place.parent,
            content=Path(config.docs_dir),
            config=place,
            name=config.site_name,
            options=options,
            look=self.look,
        ).dressed()

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """The media and the theme's files as they are; the pages as they were compiled."""
        kept = Files([file for file in files if self._is_kept(file)])
        for place, text in self.plan.generated.items():
            kept.append(File.generated(config, place, content=text))
        options = self.plan.project.options
        if options.picture:
            kept.append(File.generated(config, options.logo_place, abs_src_path=str(options.picture)))
        for number, shown in enumerate(self.plan.all_pages()):
            file = File.generated(config, f"{number}.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
            file.dest_uri = f"{shown.address}index.html"
            file.url = shown.address or "./"
            file.page = CompiledPage(file, config, shown)
            kept.append(file)
        return kept

    def _is_kept(self, file: File) -> bool:
        if file.generated_by or file.src_uri == NOT_FOUND:
            return False
        if Path(file.src_dir or "") == Path(self.plan.project.content):
            return file.src_uri in self.plan.loaded.media
        return is_theme_file(file.src_uri)

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the template its values."""
        shown = cast(CompiledPage, page).shown
        config.theme["language"] = shown.lang
        cast(dict[str, Any], context)["airlock"] = shown.view()
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
        site = self.plan.first
        config.theme["language"] = site.lang
        values = cast(dict[str, Any], context)
        values["airlock"] = pages.common_view(site, "")
        if template_name == NOT_FOUND:
            self._not_found = values
        return context

    def on_post_template(self, output_content: str, template_name: str, config: MkDocsConfig) -> str:
        """Write the page for what is not there in the other languages too."""
        if template_name == NOT_FOUND and self._template is not None:
            for site in list(self.plan.sites.values())[1:]:
                config.theme["language"] = site.lang
                output = self._template.render({**self._not_found, "airlock": pages.common_view(site, "")})
                path = Path(config.site_dir, site.prefix, template_name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(output, encoding="utf-8")
        return output_content


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
        plugin.handed, plugin.only_drafts, plugin.look = loaded, only_drafts, project.look
        config.plugins.on_startup(command="build", dirty=False)
        try:
            mkdocs_build(config)
        finally:
            config.plugins.on_shutdown()
    except (PluginError, Abort, RecursionError, KeyError, ExampleMissing) as error:
        raise BuildError(f"MkDocs stopped: {error}") from error
