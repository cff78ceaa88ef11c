"""A site as its owner set it up: where its content is, in which languages it speaks, its name and its look.

All of it stands in the site's `mkdocs.yml`, which MkDocs reads as well; nothing here needs MkDocs. A folder with
content and without that file is a site with every language and the default look.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from site_builder.course.languages import LANGUAGES

CONFIG = "mkdocs.yml"
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class ProjectError(Exception):
    """A site's configuration that cannot be used; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the plugin `airlock` in mkdocs.yml.

    Attributes:
        languages: Codes of the site's languages. Content is in the first one unless the name of a file says otherwise;
            pages of the first one have no prefix in their address.
        logo: Path of a picture below the content folder; "" for Airlock's own mark.
        colour: Of buttons and links, "#rrggbb"; "" for Airlock's own.
        descriptions: What the site is for, in a sentence, by language.
        offered: Which of the languages readers are offered; none is all of them.
        picture: A logo that stands outside the content folder and comes before `logo`; mkdocs.yml names none.
    """

    languages: tuple[str, ...] = LANGUAGES
    logo: str = ""
    colour: str = ""
    descriptions: Mapping[str, str] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    picture: Path | None = None

    @property
    def logo_place(self) -> str:
        """Where the logo is in the site; "" where there is none."""
        return f"assets/images/{self.picture.name}" if self.picture else self.logo


@dataclass(frozen=True, slots=True)
class Look:
    """What stands before a site's own configuration; an empty value changes nothing.

    Attributes:
        name: Of the site, as HTML.
        languages: Which ones are offered to readers, beside that of the content. Pages of the others are there, for
            letters and links that lead to them.
        colour: As in `Options`.
        picture: As in `Options`.
    """

    name: str = ""
    languages: tuple[str, ...] = ()
    colour: str = ""
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A site on the disk.

    Attributes:
        folder: Where mkdocs.yml is; where content is, for a site without one.
        content: The content folder.
        config: mkdocs.yml, None for a site without one.
        name: Of the site.
        options: What the plugin was told.
        look: What stands before it.
    """

    folder: Path
    content: Path
    config: Path | None = None
    name: str = "Airlock"
    options: Options = field(default_factory=Options)
    look: Look = field(default_factory=Look)

    def dressed(self) -> Project:
        """The site with what stands before its configuration."""
        look, options = self.look, self.options
        picture = look.picture or options.picture
        dressed = replace(options, offered=look.languages, colour=look.colour or options.colour, picture=picture)
        return replace(self, name=look.name or self.name, options=dressed)

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the site's languages, that of its content first."""
        return self.options.languages

    @property
    def state(self) -> Path:
        """Where the demo and the preview keep what they made; git ignores it."""
        return self.folder / ".airlock"


def find_project(start: Path) -> Project:
    """The site that a folder belongs to: that of the nearest mkdocs.yml, going up.

    Raises:
        ProjectError: There is none, and no content folder either.
    """
    folder = start.resolve()
    for place in (folder, *folder.parents):
        if (place / CONFIG).is_file():
            return read_project(place / CONFIG)
    if (folder / "content").is_dir():
        return Project(folder=folder, content=folder / "content")
    raise ProjectError(
        f"There is no site in {folder}: neither {CONFIG} nor a folder content. Make one with `airlock new site FOLDER`."
    )


def project_of_content(content: Path) -> Project:
    """The site that a content folder belongs to; one of its own when no mkdocs.yml names it."""
    content = content.resolve()
    for place in (content, *content.parents):
        if (place / CONFIG).is_file():
            project = read_project(place / CONFIG)
            if project.content == content:
                return project
    return Project(folder=content.parent, content=content)


class _Loader(yaml.SafeLoader):
    """Reads what other plugins need tags for, without making anything of the tags."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def read_project(config: Path) -> Project:
    """Read mkdocs.yml.

    Raises:
        ProjectError: It cannot be read, or has a value that means nothing.
    """
    try:
        values = yaml.load(config.read_text(encoding="utf-8"), Loader=_Loader) or {}  # noqa: S506  # A SafeLoader.
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProjectError(f"{config} cannot be read: {error}") from error
    if not isinstance(values, dict):
        raise ProjectError(f"{config} holds no keys; it begins with site_name: …")
    folder = config.parent.resolve()
    return Project(
        folder=folder,
        content=(folder / str(values.get("docs_dir") or "docs")).resolve(),
        config=config.resolve(),
        name=str(values.get("site_name") or "Airlock"),
        options=read_options(
            _plugin_options(values.get("plugins")), config, description=str(values.get("site_description") or "")
        ),
    )


def _plugin_options(plugins: object) -> Mapping[str, Any]:
    """What stands under `airlock` in a list or a mapping of plugins."""
    items = plugins if isinstance(plugins, list) else [plugins]
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("airlock"), dict):
            return dict(item["airlock"])
    return {}


def read_options(values: Mapping[str, Any], config: Path, *, description: str = "") -> Options:
    """The options of the plugin.

    Args:
        values: By key.
        config: The file that they stand in.
        description: Of the site, in every language that has none of its own.

    Raises:
        ProjectError: One of them means nothing.
    """

    def wrong(key: str, expected: str) -> ProjectError:
        return ProjectError(f"{config}: plugins, airlock, {key}: {values.get(key)!r} is not {expected}.")

    languages = values.get("languages") or list(LANGUAGES)
    if isinstance(languages, str):
        languages = [languages]
    known = isinstance(languages, list) and all(code in LANGUAGES for code in languages)
    if not known or len(set(languages)) < len(languages):
        raise wrong("languages", f"a list of some of {', '.join(LANGUAGES)}, the language of the content first")
    colour = values.get("colour") or ""
    if colour and not (isinstance(colour, str) and COLOUR.fullmatch(colour)):
        raise wrong("colour", "a colour such as '#0b6b66', in quotation marks")
    logo = values.get("logo") or ""
    if not isinstance(logo, str):
        raise wrong("logo", "the path of a picture below the content folder")
    descriptions = values.get("descriptions") or {}
    if not isinstance(descriptions, dict) or not all(
        code in LANGUAGES and isinstance(text, str) for code, text in descriptions.items()
    ):
        raise wrong("descriptions", "a sentence for each language, for example fr: …")
    descriptions = descriptions or (dict.fromkeys(languages, description) if description else {})
    return Options(tuple(languages), logo, colour, descriptions)
