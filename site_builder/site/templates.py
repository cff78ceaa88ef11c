"""The templates of a site and what they are given: the same for the builder's own writer as MkDocs gives them.

Material's templates ask for MkDocs' names (`config`, `page`, `base_url`, the filter `url`). What a site's mkdocs.yml
says to its theme counts here too. A site that uses more of MkDocs than this is written by MkDocs (`needs_mkdocs`).
"""

from __future__ import annotations

import posixpath
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import jinja2
import yaml

from site_builder.reading.project import Project, read_project
from site_builder.site.pages import View, common_view
from site_builder.site.plan import NOT_FOUND, Plan, Shown, material_folder, theme_files
from site_builder.site.record import hash_of, source_stamp
from site_builder.site.theme import DEFAULT_CONFIG, THEME

KNOWN = frozenset(
    [
        "site_name",
        "site_description",
        "site_author",
        "site_url",
        "docs_dir",
        "site_dir",
        "use_directory_urls",
        "strict",
        "theme",
        "plugins",
        "extra",
        "extra_css",
        "copyright",
        "repo_url",
        "repo_name",
        "edit_uri",
        "dev_addr",
        "watch",
        "markdown_extensions",
        "validation",
    ]
)
"""Keys of mkdocs.yml that change nothing of a page, or that are honoured here."""


def read_config(project: Project) -> dict[str, Any]:
    """What a site's mkdocs.yml says."""
    text = (project.config or DEFAULT_CONFIG).read_text(encoding="utf-8")
    return yaml.safe_load(text) or {}


def configured(project: Project) -> Project:
    """A site with the default configuration where it has none of its own, and with what stands before either."""
    if project.config is not None:
        return project.dressed()
    default = read_project(DEFAULT_CONFIG)
    return replace(project, name=default.name, options=default.options).dressed()


def needs_mkdocs(project: Project) -> bool:
    """Whether a site uses what only MkDocs knows: other plugins, hooks, another theme, tags in its configuration."""
    try:
        config = read_config(project)
    except yaml.YAMLError:
        return True  # A tag such as !ENV.
    plugins = config.get("plugins") or []
    names = (
        [next(iter(one)) if isinstance(one, dict) else one for one in plugins] if isinstance(plugins, list) else ["?"]
    )
    theme = config.get("theme")
    return bool(
        not KNOWN.issuperset(config)
        or names != ["airlock"]
        or not isinstance(theme, dict)
        or theme.get("name") != "material"
        or (config.get("extra") or {}).get("polyfills")
        or bool(config.get("extra_javascript"))
    )


@dataclass(frozen=True, slots=True)
class FramePage:
    """What a template may ask of the page that it frames."""

    content: str
    url: str
    title: str
    meta: Mapping[str, Any]
    toc: Sequence[Any] = ()


class Templates:
    """Renders pages.

    Args:
        project: The site.
        kept: A folder for compiled templates, None to compile them anew.
    """

    def __init__(self, project: Project, kept: Path | None = None) -> None:
        config = read_config(project)
        theme = {key: value for key, value in config["theme"].items() if key not in ("custom_dir", "static_templates")}
        own = config["theme"].get("custom_dir")
        material = material_folder()
        folders = [project.folder / own] if own else []
        self.folders = [*folders, *([] if THEME in [path.resolve() for path in folders] else [THEME]), material]
        self._theme = {**_defaults(material), **theme, "locale": "en"}
        self.address = str(config.get("site_url") or "")
        self._base = urlsplit(self.address or "/").path
        self._config: dict[str, Any] = {
            "site_name": project.name,
            "site_description": config.get("site_description"),
            "site_author": config.get("site_author"),
            "site_url": self.address,
            "copyright": config.get("copyright"),
            "extra": config.get("extra") or {},
            "extra_css": config.get("extra_css") or [],
            "extra_javascript": config.get("extra_javascript") or [],
            "plugins": {"airlock": {}},
            "theme": self._theme,
        }
        self.environment = jinja2.Environment(  # noqa: S701  # `pages` escapes what authors wrote, as MkDocs wants it.
            loader=jinja2.FileSystemLoader(self.folders),
            auto_reload=False,
            bytecode_cache=_bytecode(kept),
        )
        self.environment.filters["url"] = _url
        self.environment.filters["script_tag"] = _script
        self.digest = hash_of([repr(self._config), *(path.read_bytes() for path in self._files())])

    def _files(self) -> list[Path]:
        """The templates of the site and of Airlock; Material's are known by its version."""
        return sorted(path for folder in self.folders[:-1] for path in folder.rglob("*.html"))

    def files_digest(self) -> str:
        """Hash of what the disk says of the theme's files; "" while that may still change without a trace."""
        now = time.time_ns()
        found = [source_stamp(path, now) for _, path in theme_files(self.folders)]
        return hash_of(found) if all(found) else ""

    def render(self, shown: Shown) -> str:
        """A page in its template."""
        page = FramePage(shown.html(), shown.address, shown.title, {"title": shown.title, "template": shown.template})
        return self._render(shown.template, shown.lang, shown.view(), page)

    def not_found(self, plan: Plan, lang: str) -> str:
        """The page for what is not there; it may be shown at any address."""
        return self._render(NOT_FOUND, lang, common_view(plan.sites[lang], ""), None)

    def _render(self, template: str, lang: str, view: View, page: FramePage | None) -> str:
        self._theme["language"] = lang
        # Read when the template is first asked for.
        return self.environment.get_template(template).render(
            airlock=view, config=self._config, page=page, nav=(), base_url=self._base if page is None else ""
        )

    def canonical(self, address: str) -> str:
        """The full address of a page, "" for a site that does not know its own."""
        return urljoin(self.address, address) if self.address else ""


def _bytecode(folder: Path | None) -> jinja2.BytecodeCache | None:
    """Where compiled templates are kept; None where they cannot be."""
    try:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return jinja2.FileSystemBytecodeCache(str(folder))
    except OSError:
        pass
    return None


def _defaults(material: Path) -> dict[str, Any]:
    """What Material's own configuration says."""
    values = yaml.safe_load((material / "mkdocs_theme.yml").read_text(encoding="utf-8"))
    return {"name": "material", **{key: value for key, value in values.items() if key != "static_templates"}}


@jinja2.pass_context
def _url(context: jinja2.runtime.Context, value: object) -> str:
    """An address as seen from the page, as MkDocs' filter of this name gives it."""
    path, ups = _known(str(value))
    if ups < 0:
        return path
    page = context["page"]
    if page is None:
        return posixpath.join(context["base_url"], path)
    return "../" * ups + _relative(path, page.url)


@jinja2.pass_context
def _script(context: jinja2.runtime.Context, value: object) -> str:
    """A script that the configuration names by its address alone; MkDocs writes sites that say more."""
    return f'<script src="{escape(_url(context, value))}"></script>'


@lru_cache(maxsize=100_000)
def _known(path: str) -> tuple[str, int]:
    """A path, and how many folders it goes up; -1 for an address that stays as it is."""
    path = path or "."
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or path.startswith(("/", "#")):
        return path, -1
    normal = f"{posixpath.normpath(path)}/"
    ups = 0
    while normal.startswith("../", ups * 3):
        ups += 1
    return path, ups


@lru_cache(maxsize=100_000)
def _parts(path: str) -> tuple[str, ...]:
    normal = posixpath.normpath(path if path.startswith("/") else f"/{path}")[1:]
    return tuple(normal.split("/")) if normal else ()


def _relative(path: str, page: str) -> str:
    folder, _, name = page.rpartition("/")
    here, there = _parts(folder if "." in name else page), _parts(path)
    common = 0
    for one, other in zip(here, there, strict=False):
        if one != other:
            break
        common += 1
    found = "/".join((*([".."] * (len(here) - common)), *there[common:])) or "."
    return f"{found}/" if path.endswith("/") else found
