"""What each kind of page shows: plain values for the templates, made from the catalogue.

MkDocs' templates escape nothing. What an author wrote as plain text (titles, summaries, objectives) is escaped here,
once, so that a template cannot forget to.
"""

from __future__ import annotations

import functools
import json
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, Protocol

from babel.dates import format_date

from site_builder.compiling.loader import PATHS, Loaded, ReadPage
from site_builder.course.languages import LANGUAGE
from site_builder.course.model import Catalogue, Course, CourseText, Module, Page, Path, Share
from site_builder.reading.project import Project
from site_builder.site.links import language_prefix, page_address
from site_builder.site.record import hash_of, program_digest
from site_builder.site.search import searched_languages

APP_PAGES = (
    "learning", "refresh", "sign-in", "welcome", "join", "event", "classes", "events", "questions", "results",
    "messages", "mailbox", "documents", "check", "hours", "company",
    "inspect", "centre", "screen", "outcome", "my-account", "my-data", "people", "audit", "upkeep", "settings",
)  # fmt: skip
"""Pages that are one element, which shows what the API gives: address, and name of the element behind `air-`."""

HOUSE_PAGES = ("catalogue", "authoring", *APP_PAGES)
"""Pages that every site has without an author."""


class Example(Protocol):
    """A kind of question on the cheat sheet."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def source(self) -> str:
        """As a trainer writes it."""

    @property
    def html(self) -> str:
        """What becomes of it."""


Texts = Mapping[str, str]
View = dict[str, Any]


class Shared(View):
    """A part that many views have; nobody may change it.

    Attributes:
        digest: Stands for all of it.
    """

    def __init__(self, values: View) -> None:
        super().__init__(values)
        self.digest = hash_of([json.dumps(values, sort_keys=True)])


def essence(view: Any) -> Any:
    """A view as plain values, with what it shares with others as one hash each."""
    if isinstance(view, Shared):
        return view.digest
    if isinstance(view, dict):
        return {key: essence(value) for key, value in view.items()}
    return [essence(value) for value in view] if isinstance(view, list | tuple) else view


@dataclass(frozen=True)
class Site:
    """Everything that the views of one build in one language are made from.

    Attributes:
        project: The site.
        loaded: The compiled content.
        lang: Language of the interface.
        texts: Texts of the interface in that language.
        assets: Addresses of the bundled files, below the site's root.
        examples: What the cheat sheet shows of a language.
        shared: Courses as they are shown, each made once.
    """

    project: Project
    loaded: Loaded
    lang: str
    texts: Texts
    assets: Mapping[str, str]
    examples: Callable[[str], Sequence[Example]] = lambda _: ()
    shared: dict[str, Shared] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        """The compiled catalogue."""
        return self.loaded.catalogue

    @property
    def prefix(self) -> str:
        """What addresses of this language start with: "" or "fr/"."""
        return self.prefix_of(self.lang)

    @functools.cached_property
    def digest(self) -> str:
        """Hash of everything that all of its pages are made of: texts, addresses, settings, terms, and this program."""
        said = [self.lang, self.project.name, repr(self.project.options), repr(self.loaded.glossary)]
        return hash_of(
            [program_digest(), *said, json.dumps([self.texts, self.assets, self.loaded.languages, self.searched])]
        )

    @functools.cached_property
    def searched(self) -> str:
        """Languages whose indexes the search asks, its own first."""
        return " ".join(searched_languages(self.loaded, self.lang))

    def prefix_of(self, lang: str) -> str:
        """What addresses of a language start with: "" for the site's first language, else "fr/"."""
        return language_prefix(lang, self.loaded.languages)

    def only_in(self, lang: str) -> str:
        """A notice for who reads in this language what is written in another one; "" where they are the same."""
        if lang == self.lang:
            return ""
        return self.texts["only_in"].replace("{language}", LANGUAGE[self.lang].called[lang])


def template_of(stem: str, loaded: Loaded) -> str:
    """The template of a page by its stem below the content folder."""
    if stem in loaded.catalogue.modules:
        return "module.html"
    if stem == "index":
        return "home.html"
    if stem.startswith(f"{PATHS}/"):
        return "path.html"
    if stem.endswith("/index"):
        return "course.html"
    return "plain.html"


def duration(minutes: int) -> str:
    """Minutes as people say them, the same in the three languages: "45 min", "1 h 30"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\N{NO-BREAK SPACE}min"
    return f"{hours}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{rest:02}" if rest else "")


def _escaped(texts: Iterable[str]) -> list[str]:
    return [escape(text) for text in texts]


def content_view(site: Site, *, stem: str, page: ReadPage) -> View:
    """What a page of the content shows.

    Args:
        site: The build.
        stem: Of the page.
        page: In the language that the reader gets.
    """
    meta = page.matter.values
    view = common_view(site, page_address(stem), title=str(meta.get("title", "")), summary=str(meta.get("summary", "")))
    return {**view, **own_view(site, stem=stem, page=page)}


def own_view(site: Site, *, stem: str, page: ReadPage) -> View:
    """What a page of the content has for itself; for the arguments see `content_view`."""
    own = page.source.lang == site.lang and stem not in site.loaded.drafts
    view: View = {
        "indexed": " data-pagefind-body" if own else "",
        "draft": stem in site.loaded.drafts,
        "content_lang": page.source.lang,
        "only_in": site.only_in(page.source.lang),
    }
    folder, _, name = stem.partition("/")
    catalogue = site.catalogue
    if stem in catalogue.modules:
        view.update(module_view(site, catalogue.modules[stem]))
    elif stem == "index":
        view.update(home_view(site))
    elif folder == PATHS and name in catalogue.paths:
        view.update(path_view(site, catalogue.paths[name]))
    elif name == "index" and folder in catalogue.courses:
        view.update(course_view(site, catalogue.courses[folder]))
    return view


def house_view(site: Site, *, name: str) -> View:
    """What a page that every site has shows."""
    view = common_view(site, f"{name}/", title=site.texts[f"page_{name.replace('-', '_')}"])
    views = {"catalogue": catalogue_view, "authoring": authoring_view}
    view.update(views[name](site) if name in views else {"page": name})
    return view


def common_view(site: Site, address: str, *, title: str = "", summary: str = "") -> View:
    """What every page has.

    Args:
        site: The build.
        address: The page's address below the language's root, "" for the home page.
        title: Of the page.
        summary: Of the page, in a sentence.
    """
    return {
        "title": escape(title),
        "summary": escape(summary),
        "lang": site.lang,
        "texts": site.texts,
        "assets": site.assets,
        "home": site.prefix,
        "searched": site.searched,
        "indexed": "",
        "address": address,
        "languages": [
            {
                "code": code,
                "name": LANGUAGE[code].name,
                "url": f"{site.prefix_of(code)}{address}",
                "current": code == site.lang,
            }
            for code in site.loaded.languages
            if code in {*(site.project.options.offered or site.loaded.languages), site.project.languages[0], site.lang}
        ],
        "description": escape(site.project.options.descriptions.get(site.lang, "")),
        "logo": site.project.options.logo_place,
        "content_lang": site.lang,
        "only_in": "",
        "draft": False,
        "page_links": [{"name": name, "url": f"{site.prefix}{name}/"} for name in HOUSE_PAGES],
        "links": {name.replace("-", "_"): f"{site.prefix}{name}/" for name in HOUSE_PAGES},
        "page": "plain",
    }


def home_view(site: Site) -> View:
    """Courses and paths, to be found from the first page."""
    return {"page": "home", "courses": _courses(site), "paths": _paths(site)}


def catalogue_view(site: Site) -> View:
    """All courses, with what they can be filtered by."""
    languages = {code for course in site.catalogue.courses.values() for code in course.texts}
    audiences = sorted({name for course in site.catalogue.courses.values() for name in course.audiences})
    return {
        "page": "catalogue",
        "courses": _courses(site),
        "paths": _paths(site),
        "course_languages": [
            {"code": code, "name": LANGUAGE[code].name} for code in site.loaded.languages if code in languages
        ],
        "audiences": [{"id": name, "title": site.texts[f"audience_{name.replace('-', '_')}"]} for name in audiences],
    }


def course_view(site: Site, course: Course) -> View:
    """The landing page of a course."""
    return {"page": "course", "course": _course(site, course)}


def module_view(site: Site, module: Module) -> View:
    """A module in its course."""
    course = site.catalogue.course_of(module.id)
    page = module.page(site.lang)
    order = course.module_ids
    place = order.index(module.id)
    shown = _course(site, course)
    return {
        "page": "module",
        "course": shown,
        "module": {
            **shown["modules"][place],
            "edition": site.loaded.versions.edition(module),
            "changed_on": module.changed_on,
            "changed_day": _day(module.changed_on, site.lang),
            "changed": escape(page.changed or next(iter(module.pages.values())).changed),
            "changed_lang": page.lang if page.changed else next(iter(module.pages.values())).lang,
            "objectives": _escaped(page.objectives),
            "checklist": [
                {
                    "text": escape(line),
                    "critical": place in page.critical,
                    "level": escape(page.levels[page.asked_level(place) - 1]) if page.levels else "",
                    "picture": posixpath.normpath(f"{course.id}/{page.pictures[place]}")
                    if page.pictures and page.pictures[place]
                    else "",
                }
                for place, line in enumerate(page.checklist)
            ],
            "levels": _escaped(page.levels),
            "bring": _escaped(page.bring),
            "has_dates": not module.rules.online,
            "launches": _launches(module),
            "has_scene": module.application is not None or any(quiz.scene is not None for quiz in page.quizzes),
            "only_in": site.only_in(page.lang),
            "requires": [
                _module(site, site.catalogue.modules[name])
                for name in module.requires
                if name in site.catalogue.modules
            ],
            "any_of": [
                [_module(site, site.catalogue.modules[name]) for name in group if name in site.catalogue.modules]
                for group in module.any_of
            ],
            "shares": [_share(site, share) for share in module.shares if share.module in site.catalogue.modules],
            "asks_first": bool(module.comes_after),
            "valid": _valid(site, module.valid),
            "graded": len(module.graded_quiz_ids),
            "questions": sum(quiz.asked for quiz in page.quizzes if not quiz.practice),
        },
        "previous": shown["modules"][place - 1] if place else None,
        "next": shown["modules"][place + 1] if place + 1 < len(order) else None,
    }


def _share(site: Site, share: Share) -> dict[str, Any]:
    """A share of right answers that is asked for, in words."""
    module = site.catalogue.modules[share.module]
    objective = module.page(site.lang).objectives[share.objective - 1]
    words = site.texts["requires_share"].format(percent=share.percent, objective=objective)
    return {**_module(site, module), "words": escape(words)}


def _valid(site: Site, valid: str) -> str:
    """For how long a completion counts, in words; "" is for good."""
    if not valid:
        return ""
    if "-" in valid:
        month, day = map(int, valid.split("-"))
        shown = format_date(date(2000, month, day), "d MMMM", locale=LANGUAGE[site.lang].locale.replace("-", "_"))
        return site.texts["valid_day"].format(day=shown)
    number, unit = valid.split()
    return site.texts["valid_days" if unit == "days" else "valid_months"].format(count=number)


def _day(day: str, lang: str) -> str:
    """A day as a language writes it: "20 November 2026"; "" for none."""
    return format_date(date.fromisoformat(day), "long", locale=LANGUAGE[lang].locale.replace("-", "_")) if day else ""


QUIZ_ATTRIBUTES = {
    "pass": 'pass="80%"',
    "attempts": 'attempts="3"',
    "practice": "practice",
    "draw": 'draw="5"',
    "shuffle": "shuffle",
    "minutes": 'minutes="20"',
    "wait": 'wait="1h"',
    "release": 'release="passed"',
    "show": 'show="one"',
    "marking": 'marking="all-or-nothing"',
    "confidence": "confidence",
    "objective": 'objective="2"',
    "critical": "{#id .critical objective=2}",
}
"""How each setting of a quiz is written, and the last one that of a question."""


def authoring_view(site: Site) -> View:
    """The cheat sheet for those who write quizzes."""
    return {
        "page": "authoring",
        "examples": [
            {
                "kind": example.kind,
                "title": site.texts[f"asked_{example.kind}"],
                "source": escape(example.source),
                "html": example.html,
            }
            for example in site.examples(site.lang)
        ],
        "attributes": [
            {"source": escape(source), "text": site.texts[f"attribute_{name}"]}
            for name, source in QUIZ_ATTRIBUTES.items()
        ],
    }


def path_view(site: Site, path: Path) -> View:
    """A trade's programme."""
    return {
        "page": "path",
        "path": {
            **_path(site, path),
            "courses": [_course(site, site.catalogue.courses[name]) for name in path.course_ids],
        },
    }


def lang_of(texts: Mapping[str, CourseText], lang: str) -> str:
    """The language in which a reader of `lang` sees a course or a path."""
    return lang if lang in texts else next(iter(texts))


def _courses(site: Site) -> list[Shared]:
    return [_course(site, course) for course in site.catalogue.courses.values()]


def _paths(site: Site) -> list[View]:
    return [_path(site, path) for path in site.catalogue.paths.values()]


def _path(site: Site, path: Path) -> View:
    text = path.text(site.lang)
    minutes = sum(
        module.minutes for name in path.course_ids for module in site.catalogue.modules_of(site.catalogue.courses[name])
    )
    return {
        "id": path.id,
        "title": escape(text.title),
        "summary": escape(text.summary),
        "content_lang": lang_of(path.texts, site.lang),
        "only_in": site.only_in(lang_of(path.texts, site.lang)),
        "url": f"{site.prefix}{PATHS}/{path.id}/",
        "count": len(path.course_ids),
        "duration": duration(minutes),
    }


def _course(site: Site, course: Course) -> Shared:
    if course.id not in site.shared:
        site.shared[course.id] = Shared(_course_values(site, course))
    return site.shared[course.id]


def _course_values(site: Site, course: Course) -> View:
    text = course.text(site.lang)
    modules = site.catalogue.modules_of(course)
    minutes = sum(module.minutes for module in modules)
    online = sum(module.minutes for module in modules if module.rules.online)
    languages = [code for code in site.loaded.languages if code in course.texts]
    return {
        "id": course.id,
        "title": escape(text.title),
        "summary": escape(text.summary),
        "objectives": _escaped(text.objectives),
        "url": f"{site.prefix}{course.id}/",
        "duration": duration(minutes),
        "online": duration(online),
        "count": len(modules),
        "dated": ",".join(module.id for module in modules if not module.rules.online),
        "modules": [_module(site, module, number) for number, module in enumerate(modules, start=1)],
        "requires": [
            {
                "title": escape(site.catalogue.courses[name].text(site.lang).title),
                "url": f"{site.prefix}{name}/",
                "content_lang": lang_of(site.catalogue.courses[name].texts, site.lang),
            }
            for name in course.requires
            if name in site.catalogue.courses
        ],
        "trade": course.trade,
        "paths": [_path(site, site.catalogue.paths[name]) for name in course.trade if name in site.catalogue.paths],
        "audiences": [
            {"id": name, "title": site.texts[f"audience_{name.replace('-', '_')}"]} for name in course.audiences
        ],
        "languages": [{"code": code, "name": LANGUAGE[code].name} for code in languages],
        "content_lang": lang_of(course.texts, site.lang),
        "only_in": site.only_in(lang_of(course.texts, site.lang)),
    }


def _marked(site: Site, page: Page) -> str:
    """The title of a page inside a text of the interface: marked when it is in another language."""
    title = escape(page.title)
    return title if page.lang == site.lang else f'<span lang="{page.lang}">{title}</span>'


def _launches(module: Module) -> str:
    """How its application is begun: "browser", "headset" alone, or "" without one."""
    if module.application is None:
        return ""
    return "browser" if module.application.url else "headset"


def _module(site: Site, module: Module, number: int = 0) -> View:
    page = module.page(site.lang)
    return {
        "id": module.id,
        "number": number,
        "title": escape(page.title),
        "marked": _marked(site, page),
        "summary": escape(page.summary),
        "kind": module.kind,
        "is_read": module.rules.is_read or module.replay,
        "is_replay": module.replay,
        "is_accepted": module.rules.is_accepted,
        "note": site.texts["application_note" if module.application else module.rules.note]
        if module.rules.note
        else "",
        "kind_text": site.texts[f"kind_{module.kind}"],
        "minutes": module.minutes,
        "duration": duration(module.minutes),
        "url": f"{site.prefix}{module.id}/",
        "content_lang": page.lang,
    }
