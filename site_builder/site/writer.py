"""Writes the pages and files of a site; what the last build made of the same is taken over as it is.

A page is its template around what was compiled: no Markdown is read. `mkdocs build` gives the same bytes for each page.
"""

from __future__ import annotations

import gzip
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import brotli

from site_builder.site.plan import Plan
from site_builder.site.policy import with_policy
from site_builder.site.record import Made, Record, Stamp, hash_of, source_stamp, stamps
from site_builder.site.templates import Templates

COMPRESSED = frozenset([".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".mjs", ".vtt", ".csv"])
SMALLEST = 300
"""Bytes; smaller files gain nothing from being compressed."""

USUAL, BEST = 9, 11
"""Of brotli: the best takes fifty times as long as the usual one, for a tenth less."""

WINDOW = 16
"""Of brotli, as a power of two: pages are smaller than 64 kB, and a larger window is cleared anew for each of them."""

Check = Callable[[str, str], None]
"""Told the place and the text of every page that is made."""


@dataclass(slots=True)
class Written:
    """What a build wrote.

    Attributes:
        made: By place.
        pages: Places of all pages.
        fresh: How many places were made and not taken over.
    """

    made: dict[str, Made] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    fresh: int = 0


class Writer:
    """Writes one site.

    Args:
        folder: Where it goes: an empty folder, or that of the last build for a site `in_place`.
        before: What the last build wrote.
        check: Looks at each page that is made.
        in_place: Whether to leave what is there and change only the rest, uncompressed: for a preview.
    """

    def __init__(
        self,
        folder: Path,
        before: Record,
        check: Check = lambda place, text: None,
        *,
        in_place: bool = False,
    ) -> None:
        self.folder, self._before, self._check, self._in_place = folder, before, check, in_place
        self._there: Mapping[str, Stamp] = stamps(Path(before.site)) if before.site and not in_place else {}
        self._folders: set[str] = set()
        self.written = Written()

    def write(self, plan: Plan, templates: Templates, done: Callable[[int, int], None]) -> Written:
        """Write everything but the index of the search."""
        now = time.time_ns()
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            futures = []
            for place, source in plan.files(templates.folders):
                futures.append(pool.submit(self._file, place, source, source_stamp(source, now)))
            texts = {} if plan.only_drafts else {**plan.generated, "sitemap.xml": _sitemap(plan, templates)}
            for place, text in texts.items():
                futures.append(pool.submit(self._text, place, text, hash_of(["generated", text])))
            for number, (place, made_of, render) in enumerate(plan_pages(plan, templates)):
                self.written.pages.append(place)
                if not self.take_over(place, made_of):
                    text = with_policy(render())
                    self._check(place, text)
                    futures.append(pool.submit(self._text, place, text, made_of))
                if number % 50 == 0:
                    done(number, len(plan))
            for future in futures:
                future.result()
        return self.written

    def add(self, place: str, made_of: str, names: Iterable[str]) -> None:
        """Note files that something else wrote."""
        self.written.made[place] = Made(made_of, dict.fromkeys(names, (0, 0, 0)))
        self.written.fresh += 1

    def protect(self, place: str) -> str:
        """Put its policy into a page that something else wrote; gives its text."""
        path = self.folder / place
        text = with_policy(path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        return text

    def compress(self, names: Iterable[str]) -> list[str]:
        """Compress files that something else wrote; gives the places of what was added."""
        listed = list(names)
        there = set(listed)
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            made = pool.map(self._compress_file, [name for name in listed if f"{name}.br" not in there])
            return [name for found in made for name in found]

    def remove_stale(self) -> None:
        """Remove what a site in its place no longer has."""
        for place in set(self._before.made) - set(self.written.made):
            (self.folder / place).unlink(missing_ok=True)

    def record(self) -> Record:
        """What was written, to be kept for the next build."""
        there = stamps(self.folder)
        for made in self.written.made.values():
            made.files = {name: there[name] for name in made.files}
        return Record(made=self.written.made, pages=len(self.written.pages))

    def take_over(self, place: str, made_of: str) -> bool:
        """Take over what the last build made of the same; false where it has to be made."""
        if self._in_place:
            there = self._before.made.get(place)
            if there is None or not made_of or there.made_of != made_of:
                return False
            self.written.made[place] = there
            return True
        made = self._before.reusable(place, made_of, self._there)
        if made is None:
            return False
        try:
            for name in made.files:
                target = self._target(name)
                source = os.path.join(self._before.site, name)
                try:
                    os.link(source, target)
                except OSError:  # Another disk, or one without links.
                    shutil.copy2(source, target)
        except OSError:
            return False
        self.written.made[place] = Made(made_of, dict(made.files))
        return True

    def _file(self, place: str, source: Path, made_of: str) -> None:
        if self.take_over(place, made_of):
            return
        # What the bundler compressed already lies beside it, and is a file of its own.
        if source.suffix in COMPRESSED and not source.with_name(f"{source.name}.br").exists():
            self._put(place, source.read_bytes(), made_of)
        else:
            shutil.copyfile(source, self._target(place))
            self._made(place, made_of, [place])

    def _text(self, place: str, text: str, made_of: str) -> None:
        if not self.take_over(place, made_of):
            self._put(place, text.encode("utf-8", "xmlcharrefreplace"), made_of)

    def _put(self, place: str, data: bytes, made_of: str) -> None:
        target = self._target(place)
        with open(f"{target}.new" if self._in_place else target, "wb") as file:
            file.write(data)
        if self._in_place:
            os.replace(f"{target}.new", target)
        self._made(place, made_of, [place, *self._compressed(place, data)])

    def _made(self, place: str, made_of: str, names: list[str]) -> None:
        self.written.made[place] = Made(made_of, dict.fromkeys(names, (0, 0, 0)))
        self.written.fresh += 1

    def _compress_file(self, name: str) -> list[str]:
        return self._compressed(name, (self.folder / name).read_bytes())

    def _compressed(self, place: str, data: bytes) -> list[str]:
        """Put a .br and a .gz beside a text file; a server sends them as they are."""
        if self._in_place or len(data) < SMALLEST or os.path.splitext(place)[1] not in COMPRESSED:
            return []
        window = WINDOW if len(data) < 1 << WINDOW else 22
        # Files of the theme are few, and every visitor's browser loads them.
        quality = BEST if place.startswith("assets/") else USUAL
        small = {
            f"{place}.br": brotli.compress(data, mode=brotli.MODE_TEXT, quality=quality, lgwin=window),
            f"{place}.gz": gzip.compress(data, compresslevel=9, mtime=0),
        }
        for name, found in small.items():
            with open(self._target(name), "wb") as file:
                file.write(found)
        return list(small)

    def _target(self, place: str) -> str:
        folder = os.path.join(self.folder, os.path.dirname(place))
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)
            self._folders.add(folder)
        return os.path.join(self.folder, place)


def plan_pages(plan: Plan, templates: Templates) -> Iterator[tuple[str, str, Callable[[], str]]]:
    """Place of each page, the hash of what it is made of, and what renders it."""
    for shown in plan.all_pages():
        made_of = shown.made_of()
        made_of = made_of and hash_of([templates.digest, made_of])
        yield f"{shown.address}index.html", made_of, partial(templates.render, shown)
    for lang, site in () if plan.only_drafts else plan.sites.items():
        made_of = hash_of([templates.digest, site.digest, "not found"])
        yield f"{site.prefix}404.html", made_of, partial(templates.not_found, plan, lang)


def _sitemap(plan: Plan, templates: Templates) -> str:
    """Addresses of all pages, for a site that knows its own (sitemaps.org, 0.9)."""
    found = [templates.canonical(shown.address) for shown in plan.all_pages()] if templates.address else []
    lines = "".join(f"    <url><loc>{address}</loc></url>\n" for address in found)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'
    )
