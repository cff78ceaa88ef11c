"""The author's preview: follows what is saved, errors or not, and says when it is done."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from site_builder.compiling.loader import PATHS, Loaded, compile_tree, load
from site_builder.compiling.readers import Readers
from site_builder.reading.files import read_tree
from site_builder.reading.project import Project
from site_builder.site.build import BuildError, Step, Tools, plan_of
from site_builder.site.links import language_prefix
from site_builder.site.policy import with_policy
from site_builder.site.record import Record
from site_builder.site.templates import Templates, configured, needs_mkdocs
from site_builder.site.writer import Writer

QUIET_SECONDS = 0.02
"""How long no file may change before a build starts: editors write a file in several steps."""

WRITES = frozenset({"created", "modified", "moved", "deleted"})


class Preview:
    """A site that follows a content folder.

    Attributes:
        live: The site.
        number: Goes up with every build that is ready to be looked at.
        loaded: What came of the newest build.
        message: Why the newest build failed, "" when it did not.
    """

    def __init__(
        self,
        project: Project,
        folder: Path,
        tools: Tools,
        built: Callable[[Loaded], None],
        step: Step = lambda what: None,
    ) -> None:
        self.live = folder / "site"
        self.number = 0
        self.loaded: Loaded | None = None
        self.message = ""
        self._project, self._tools, self._built, self._step = configured(project), tools, built, step
        self._record = Record()
        self._templates: Templates | None = None
        self._early, self._early_readers, self._prepared = threading.Lock(), Readers(), False
        self._changed = threading.Condition()
        self._wanted = threading.Event()
        self._observer = Observer()
        if self.live.is_symlink() or self.live.is_file():
            self.live.unlink()
        shutil.rmtree(self.live, ignore_errors=True)
        self.live.mkdir(parents=True)

    def build(self) -> None:
        """Bring the site up to what is saved now."""
        message = ""
        try:
            loaded = load(
                self._project.content,
                languages=self._project.languages,
                done=lambda now, of: self._step(f"Reading the pages: {now} of {of}"),
            )
            self._write(loaded)
            self._built(loaded)
            self.loaded = loaded
        except (BuildError, OSError) as error:
            message = str(error)
            self._step(message)
        with self._changed:
            self.message = message
            self.number += 1
            self._changed.notify_all()

    def _write(self, loaded: Loaded) -> None:
        self._step("Writing the pages")
        writer = Writer(self.live, self._record, in_place=True)
        if needs_mkdocs(self._project):
            self._tools.mkdocs(self._project, self.live, loaded, False)
            for page in self.live.rglob("*.html"):
                writer.protect(page.relative_to(self.live).as_posix())
            return
        templates = self._current_templates()
        plan = plan_of(self._project, loaded, self._tools, templates)
        written = writer.write(plan, templates, lambda now, of: self._step(f"Writing the pages: {now} of {of}"))
        writer.remove_stale()
        self._record = Record(made=written.made, pages=len(written.pages))

    def _current_templates(self) -> Templates:
        """The templates, compiled anew only when one of them changed."""
        found = Templates(self._project)
        if self._templates is None or self._templates.digest != found.digest:
            self._templates = found
        return self._templates

    def early(self, address: str) -> bytes | None:
        """A page or a file that is asked for before the site is there: what it needs is compiled first.

        Args:
            address: Below the site.

        Returns:
            None where that takes the whole site, or where there is nothing.
        """
        if self.number or needs_mkdocs(self._project):
            return None
        with self._early:
            tree = read_tree(self._project.content, self._project.languages)
            if address in tree.media:
                return (self._project.content / address).read_bytes()
            name = address.removesuffix("index.html")
            prefixes = [language_prefix(lang, tree.languages) for lang in tree.languages]
            below = next((name.removeprefix(prefix) for prefix in prefixes if prefix and name.startswith(prefix)), name)
            folder = below.partition("/")[0]
            # The course of the page, and the pages at the top, which are few.
            tree.sources = [one for one in tree.sources if one.folder in ("", folder, *((PATHS,) if folder else ()))]
            try:
                templates = self._current_templates()
                plan = plan_of(self._project, compile_tree(tree, self._early_readers), self._tools, templates)
                for place, source in () if self._prepared else plan.files(templates.folders):
                    if place not in tree.media:
                        target = self.live / place
                        target.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copyfile(source, target)
                self._prepared = True
                shown = next((one for one in plan.all_pages() if one.address == name), None)
                return with_policy(templates.render(shown)).encode() if shown else None
            except BuildError:
                return None

    def wait_for(self, known: int, seconds: float) -> int:
        """The number of the newest build, as soon as it is not `known`, or after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.number != known, timeout=seconds)
            return self.number

    def start(self) -> None:
        """Watch the content folder from now on; the first build begins, if there was none."""
        if not self.number:
            self._wanted.set()
        self._observer.schedule(_Changes(self._wanted), str(self._project.content), recursive=True)
        self._observer.start()
        threading.Thread(target=self._follow, daemon=True, name="airlock-preview").start()

    def stop(self) -> None:
        """Watch no more."""
        self._observer.stop()
        self._observer.join()
        self._early_readers.close()

    def _follow(self) -> None:
        while True:
            self._wanted.wait()
            while self._wanted.is_set():
                self._wanted.clear()
                self._wanted.wait(QUIET_SECONDS)
            self.build()


class _Changes(FileSystemEventHandler):
    def __init__(self, wanted: threading.Event) -> None:
        self._wanted = wanted

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Ask for a build when something was written."""
        if event.event_type in WRITES and not Path(str(event.src_path)).name.startswith((".", "~")):
            self._wanted.set()
