"""The index of the search: one for each language, of the pages that are written in it.

Who reads in another language is shown the same pages where they were not translated: a list beside the index says
which ones and to whom, and the search element asks the indexes of both languages. So each page is indexed once, with
the rules of its own language. (Pagefind's own filters would do, but it writes them in another order each time.)
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from site_builder.compiling.loader import Loaded
from site_builder.site.links import language_prefix, page_address

FOLDER = "pagefind"
SHOWN = "shown.json"
NOT_USED = ("pagefind-*ui*", "pagefind-highlight.js", "pagefind-component*")
"""Its own user interface; ours is an element of the theme."""


class SearchError(Exception):
    """The index could not be made; the message says why."""


def searched_languages(loaded: Loaded, lang: str) -> list[str]:
    """Languages of the pages that a reader of one language is shown, its own first."""
    found = {lang if lang in pages else next(iter(pages)) for pages in loaded.pages.values()}
    return sorted(found, key=lambda one: (one != lang, loaded.languages.index(one)))


def shown_for(loaded: Loaded, stem: str, lang: str) -> list[str]:
    """Other languages whose readers are shown a page because theirs is missing."""
    pages = loaded.pages[stem]
    return [one for one in loaded.languages if one not in pages] if lang == next(iter(pages)) else []


def indexed_pages(loaded: Loaded) -> dict[str, list[tuple[str, str]]]:
    """By language: the address of each page that is written in it, below the language, and its place in the site."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for stem, pages in loaded.pages.items():
        for lang in pages:
            address = page_address(stem)
            found[lang].append((address, f"{language_prefix(lang, loaded.languages)}{address}index.html"))
    return found


def index_site(site: Path, loaded: Loaded) -> list[str]:
    """Make the index of every language; gives the places of all its files.

    Raises:
        SearchError: Pagefind failed.
    """
    with tempfile.TemporaryDirectory(prefix=".search-", dir=site.parent) as beside:
        for lang, pages in indexed_pages(loaded).items():
            folder = Path(beside) / lang
            for address, place in pages:
                target = folder / f"{address.rstrip('/') or 'index'}.html"
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(site / place, target)
                except OSError:
                    shutil.copyfile(site / place, target)
            index = site / FOLDER / lang
            _run(folder, index)
            (index / SHOWN).write_text(json.dumps(_shown(loaded, lang, index), sort_keys=True), encoding="utf-8")
    return [path.relative_to(site).as_posix() for path in (site / FOLDER).rglob("*") if path.is_file()]


def _shown(loaded: Loaded, lang: str, index: Path) -> dict[str, str | list[str]]:
    """By language of the reader: what of an index is shown, "all" or the names of its pages there."""
    own = [stem for stem, pages in loaded.pages.items() if lang in pages]
    shown = {
        other: {stem for stem in own if other in shown_for(loaded, stem, lang)}
        for other in loaded.languages
        if other != lang
    }
    some = {other: stems for other, stems in shown.items() if stems and len(stems) < len(own)}
    names: dict[str, str] = {}
    for path in (index / "fragment").glob("*.pf_fragment") if some else ():
        text = gzip.decompress(path.read_bytes()).decode()
        names[json.loads(text[text.index("{") :])["url"]] = path.stem
    found: dict[str, str | list[str]] = {other: "all" for other, stems in shown.items() if len(stems) == len(own) > 0}
    for other, stems in some.items():
        urls = (f"/{page_address(stem).rstrip('/') or 'index'}.html" for stem in stems)
        found[other] = sorted(names[url] for url in urls if url in names)
    return found


def _run(pages: Path, index: Path) -> None:
    command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(index), "--quiet"]
    done = subprocess.run(  # noqa: S603  # Our own interpreter, a module we depend on, paths of ours.
        command, capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise SearchError(f"The search index failed: {(done.stderr or done.stdout).strip()[-400:]}")
    # It writes in no fixed order; the same content makes the same bytes.
    entry = index / "pagefind-entry.json"
    entry.write_text(json.dumps(json.loads(entry.read_text(encoding="utf-8")), sort_keys=True), encoding="utf-8")
    for pattern in NOT_USED:
        for file in index.glob(pattern):
            file.unlink()
