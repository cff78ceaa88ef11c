"""Version, edition and JSON of every module, made once for each content and kept from one build to the next."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import fields

from site_builder.compiling.store import Store, code_digest
from site_builder.course.manifest import Dumped, dump_text, module_edition, module_version
from site_builder.course.model import Module

OWN = tuple(item.name for item in fields(Module) if item.name != "pages")
"""What a module has beside its pages."""


class Versions:
    """What modules hash to, and how they are written.

    Args:
        store: Where that is kept from one build to the next.
        addresses: Of each module, by its id: hashes of everything that it was compiled of.
    """

    def __init__(self, store: Store, addresses: Mapping[str, bytes]) -> None:
        self._store, self._addresses = store, addresses
        self._hashes: dict[str, tuple[str, str]] = {}
        self._texts: dict[str, str] = {}

    def hashes(self, modules: Iterable[Module]) -> Mapping[str, tuple[str, str]]:
        """Version and edition of modules, by their ids."""
        missing = [module for module in modules if module.id not in self._hashes]
        if not missing:
            return self._hashes
        kept = self.recall((one, "hashes") for one in missing)
        self._hashes.update((name, pickle.loads(data)) for name, data in kept.items())  # noqa: S301  # This user's own.
        fresh = [one for one in missing if one.id not in kept]
        self._hashes.update((one.id, (module_version(one), module_edition(one))) for one in fresh)
        self.keep((one, "hashes", pickle.dumps(self._hashes[one.id])) for one in fresh)
        return self._hashes

    def edition(self, module: Module) -> str:
        """Of one module."""
        if module.id not in self._hashes:
            self.hashes([module])
        return self._hashes[module.id][1]

    def dumped(self, modules: Iterable[Module]) -> dict[str, Dumped]:
        """Modules as they are written and stored, by their ids."""
        wanted = list(modules)
        hashes = self.hashes(wanted)
        missing = [module for module in wanted if module.id not in self._texts]
        kept = self.recall((one, "text") for one in missing)
        self._texts.update((name, data.decode()) for name, data in kept.items())
        fresh = [one for one in missing if one.id not in kept]
        self._texts.update((one.id, dump_text(one, *hashes[one.id]).text) for one in fresh)
        self.keep((one, "text", self._texts[one.id].encode()) for one in fresh)
        return {one.id: Dumped(*hashes[one.id], self._texts[one.id]) for one in wanted}

    def _address(self, what: str, module: Module) -> bytes | None:
        pages = self._addresses.get(module.id)
        if pages is None:
            return None
        # What is set on a module is checked against the rest of the site, and left out where that has no such thing.
        own = [getattr(module, name) for name in OWN]
        digest = hashlib.blake2b(code_digest() + pages, digest_size=32)
        digest.update(repr((what, own, list(module.pages))).encode("utf-8", "surrogatepass"))
        return digest.digest()

    def recall(self, asked: Iterable[tuple[Module, str]]) -> dict[str, bytes]:
        """What was kept of modules, by their ids.

        Args:
            asked: Modules, each with the name of what is asked for; the name says what it depends on beside the module.
        """
        named = {self._address(what, module): module.id for module, what in asked}
        found = self._store.read(address for address in named if address is not None)
        return {named[address]: data for address, data in found.items()}

    def keep(self, made: Iterable[tuple[Module, str, bytes]]) -> None:
        """Keep what was made of modules, under names as in `recall`."""
        addressed = ((self._address(what, module), data) for module, what, data in made)
        self._store.write({address: data for address, data in addressed if address is not None})
