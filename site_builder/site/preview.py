"""The author's preview: builds again whenever a file is saved, errors or not, and says when it is done."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from site_builder.compiling.loader import Loaded, load
from site_builder.reading.project import Project
from site_builder.site.policy import write_policies
from site_builder.site.publish import BuildError, Render, swap

QUIET_SECONDS = 0.05
"""How long no file may change before a build starts: editors write a file in several steps."""

WRITES = frozenset({"created", "modified", "moved", "deleted"})


class Preview:
    """A site that follows a content folder.

    Attributes:
        live: A link to the newest build.
        number: Goes up with every build that is ready to be looked at.
        loaded: What came of the newest build.
        message: Why the newest build failed, "" when it did not.
    """

    def __init__(self, project: Project, folder: Path, render: Render, built: Callable[[Loaded], None]) -> None:
        self.live = folder / "site"
        self.number = 0
        self.loaded: Loaded | None = None
        self.message = ""
        self._project, self._folder, self._render, self._built = project, folder, render, built
        self._changed = threading.Condition()
        self._wanted = threading.Event()
        self._observer = Observer()

    def build(self) -> None:
        """Build into a folder of its own and make it the one that is served."""
        target = self._folder / f"build-{(self.number + 1) % 2}"
        shutil.rmtree(target, ignore_errors=True)
        message = ""
        try:
            loaded = load(self._project.content, languages=self._project.languages)
            self._render(self._project, target, loaded, False)
            write_policies(target)
            self._built(loaded)
            swap(self.live, target)
            self.loaded = loaded
        except (BuildError, OSError) as error:
            message = str(error)
        with self._changed:
            self.message = message
            self.number += 1
            self._changed.notify_all()

    def wait_for(self, known: int, seconds: float) -> int:
        """The number of the newest build, as soon as it is not `known`, or after some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.number != known, timeout=seconds)
            return self.number

    def start(self) -> None:
        """Watch the content folder from now on."""
        self._observer.schedule(_Changes(self._wanted), str(self._project.content), recursive=True)
        self._observer.start()
        threading.Thread(target=self._follow, daemon=True, name="airlock-preview").start()

    def stop(self) -> None:
        """Watch no more."""
        self._observer.stop()
        self._observer.join()

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
