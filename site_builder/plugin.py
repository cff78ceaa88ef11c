"""The thin adapter to MkDocs, and the only file that imports it.

Nothing is computed here: the loader compiles, `pages` says what a page shows, the extension renders quizzes. This file
hands their results to MkDocs, so that `mkdocs build --strict` and `mkdocs serve` work on their own.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, cast

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from site_builder import pages
from site_builder.files import LANGUAGES
from site_builder.loader import DEFAULT_LANG, Loaded, load
from site_builder.problems import has_errors

EXTENSION = "site_builder.extension"
HOUSE = "_airlock/"
"""Made-up folder of the pages that every site has."""

THEME = Path(__file__).resolve().parent.parent / "themes" / "airlock"
KEPT_ASSETS = ("assets/bundle/", "assets/images/airlock", "assets/stylesheets/main.")

log = logging.getLogger("mkdocs.plugins.airlock")


class MemoryCache(BytecodeCache):
    """Compiled templates, kept for the next language and the next build of an author's preview."""

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
    """Options in mkdocs.yml."""

    fail_on_errors = Type(bool, default=True)


class AirlockPlugin(BasePlugin[AirlockConfig]):  # type: ignore[no-untyped-call]  # As above.
    """Gives MkDocs the pages of a course and what they show."""

    def __init__(self) -> None:
        self._loaded: Loaded | None = None
        self._site: pages.Site | None = None

    @event_priority(-200)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Compile the content once a build, at its first language, and report every problem."""
        lang = current_language(config)
        if self._loaded is None or lang == DEFAULT_LANG:
            self._loaded = load(Path(config.docs_dir))
            for problem in self._loaded.problems:
                (log.error if problem.severity == "error" else log.info)("%s", problem.as_line())
            if has_errors(self._loaded.problems) and self.config.fail_on_errors:
                raise PluginError("The content has errors (above). `airlock check` lists them.")
        self._site = pages.Site(
            loaded=self._loaded, lang=lang, texts=read_texts(lang), assets=read_assets(lang, config)
        )
        return config

    @event_priority(-200)
    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        """After the language plugin: leave out what no page uses, add the pages that every site has."""
        site = self._current_site()
        for file in list(files):
            if (
                (file.src_uri.startswith("assets/") and not file.src_uri.startswith(KEPT_ASSETS))
                or file.src_uri.startswith("texts/")
                or file.src_uri.endswith((".map", ".mjs", "manifest.json"))
            ):
                files.remove(file)
        for name in pages.HOUSE_PAGES:
            title = json.dumps(site.texts[f"page_{name.replace('-', '_')}"], ensure_ascii=False)
            file = File.generated(config, f"{HOUSE}{name}.md", content=f"---\ntitle: {title}\n---\n")
            file.dest_uri = f"{site.prefix}{name}/index.html"
            file.url = f"{site.prefix}{name}/"
            files.append(file)
        return files

    def on_env(self, env: Environment, config: MkDocsConfig, files: Files) -> Environment:
        """Compile each template once."""
        env.bytecode_cache = CACHE
        return env

    def on_page_markdown(self, markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Choose the template, and tell the extension the language of the text."""
        loaded = self._current_site().loaded
        if page.file.src_uri.startswith(HOUSE):
            name = page.file.src_uri.removeprefix(HOUSE).removesuffix(".md")
            page.meta["template"] = "app.html" if name in pages.APP_PAGES else f"{name}.html"
        else:
            stem, lang = split_source(page.file.src_uri)
            page.meta["template"] = pages.template_of(stem, loaded)
            if page.file.src_uri in loaded.heavy:
                # The check gave it up; a preview shows the others, and says at the top what is wrong.
                return ""
            config.mdx_configs[EXTENSION] = {"lang": lang}
        return markdown

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        """Give the template its values."""
        site = self._current_site()
        address = page.file.url.removeprefix("./").removeprefix(site.prefix)
        view = pages.common_view(site, address, page.meta)
        catalogue = site.catalogue
        if page.file.src_uri.startswith(HOUSE):
            name = page.file.src_uri.removeprefix(HOUSE).removesuffix(".md")
            views = {"catalogue": pages.catalogue_view, "authoring": pages.authoring_view}
            view.update(views[name](site) if name in views else {"page": name})
        else:
            stem, lang = split_source(page.file.src_uri)
            view["content_lang"] = lang
            folder, _, name = stem.partition("/")
            if stem in catalogue.modules:
                view.update(pages.module_view(site, catalogue.modules[stem]))
            elif stem == "index":
                view.update(pages.home_view(site))
            elif folder == "paths" and name in catalogue.paths:
                view.update(pages.path_view(site, catalogue.paths[name]))
            elif name == "index" and folder in catalogue.courses:
                view.update(pages.course_view(site, catalogue.courses[folder]))
        cast(dict[str, Any], context)["airlock"] = view
        return context

    def on_template_context(
        self, context: TemplateContext, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Values for templates without a page, such as 404.html."""
        cast(dict[str, Any], context)["airlock"] = pages.common_view(self._current_site(), "", {})
        return context

    def on_post_template(self, output_content: str, template_name: str, config: MkDocsConfig) -> str:
        """Each language has a 404 page of its own; MkDocs would write them all to one place."""
        site = self._current_site()
        if template_name != "404.html" or not site.prefix:
            return output_content
        path = Path(config.site_dir, site.prefix, template_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(output_content, encoding="utf-8")
        return ""

    def _current_site(self) -> pages.Site:
        if self._site is None:
            raise PluginError("MkDocs asked for pages before it read its configuration.")
        return self._site


def current_language(config: MkDocsConfig) -> str:
    """The language that the language plugin is building."""
    plugin = config.plugins.get("i18n")
    return str(getattr(plugin, "current_language", None) or DEFAULT_LANG)


def split_source(src_uri: str) -> tuple[str, str]:
    """Stem and language of a page: "a/b.fr.md" is ("a/b", "fr")."""
    stem = src_uri.removesuffix(".md")
    name, _, lang = stem.rpartition(".")
    return (name, lang) if lang in LANGUAGES else (stem, DEFAULT_LANG)


def read_texts(lang: str) -> dict[str, str]:
    """Texts of the interface."""
    return cast(dict[str, str], json.loads((THEME / "texts" / f"{lang}.json").read_text(encoding="utf-8")))


def read_assets(lang: str, config: MkDocsConfig) -> dict[str, str]:
    """Addresses of the bundled files.

    Raises:
        PluginError: The elements were not bundled yet.
    """
    path = THEME / "assets" / "bundle" / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PluginError("The elements are not bundled yet: run `make setup` once.") from None
    material = next(
        sheet
        for folder in config.theme.dirs
        for sheet in sorted(Path(folder, "assets", "stylesheets").glob("main.*.min.css"))
    )
    return {
        **manifest["shared"],
        "script": manifest["scripts"][lang],
        "material": f"assets/stylesheets/{material.name}",
    }


def render_site(config_file: Path, site_dir: Path, *, content: Path | None = None, preview: bool = False) -> Loaded:
    """Run MkDocs.

    Args:
        config_file: mkdocs.yml.
        site_dir: Where the site goes.
        content: Another content folder than the configured one.
        preview: Build although pages have errors.

    Raises:
        PluginError: The content has errors, or a bundled file is missing.
        Abort: MkDocs found something wrong in strict mode.
    """
    overrides: dict[str, Any] = {"site_dir": str(site_dir), "strict": not preview}
    if content:
        overrides["docs_dir"] = str(content)
    config = load_config(str(config_file), **overrides)
    plugin = cast(AirlockPlugin, config.plugins["airlock"])
    plugin.config.fail_on_errors = not preview
    config.plugins.on_startup(command="build", dirty=False)
    try:
        mkdocs_build(config)
    finally:
        config.plugins.on_shutdown()
    assert plugin._loaded is not None
    return plugin._loaded


__all__ = ["Abort", "AirlockPlugin", "PluginError", "render_site"]
