"""Making the contents of an entry, unless something changed while its pack was loaded."""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterator, Sequence

from policy.catalogue import Catalogue, SpecFile
from policy.dsl.syntax import ast
from policy.pack import Pack
from policy.pack_cache.keeping import parts_of
from policy.pack_cache.observing import FILE, changed_last, observe, places, tree
from policy.pack_cache.sections import packed
from policy.plugins import GROUP
from policy.ready import ReadyPack
from policy.register import FOLDER as CLAUSES

_MARGIN = 200_000_000
"""Nanoseconds: clocks of file systems tick, and some of us was read before the loading began."""

_ENGINE = (".py", ".lark", ".json")


def entry_of(pack: Pack, files: Sequence[str], key: bytes, since: int) -> bytes | None:
    """Return the contents of an entry, None if there is to be none. Raises CannotKeep.

    `files`: those that a user named; `since`: when loading began, by the clock of the file system.
    """
    if pack.has_errors:
        return None
    observed = [observe(*each) for each in dict.fromkeys(_made_of(pack, files))]
    if changed_last(observed) > since - _MARGIN or not _is_what_was_read(pack):
        return None
    parts = {"request": key, "observed": marshal.dumps(observed)}
    return packed(parts | parts_of(ReadyPack(pack=pack)))


# ---------------------------------------------------------------- what a pack is made of


def _made_of(pack: Pack, files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield kind and path of everything that a change in would make another pack."""
    catalogue = pack.catalogue
    yield from tree(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), _ENGINE)
    yield from places(sys.path)
    yield from _plugins()
    for root in catalogue.roots:
        yield from tree(os.path.join(str(root), CLAUSES))
    # The first root is where specs are installed.
    for folder in (*map(str, catalogue.roots[:1]), *filter(os.path.isdir, files)):
        yield from tree(folder)
    for file in catalogue.files:
        yield FILE, os.path.join(str(file.folder), os.path.basename(file.path))
        yield from _tables(catalogue, file)


def _tables(catalogue: Catalogue, file: SpecFile) -> Iterator[tuple[str, str]]:
    """Yield where the tables of a spec lie, or might: in the folder of any file of its name."""
    name = file.node.name if file.node else ""
    for _, node in catalogue.trees():
        if node.name == name:
            for item in node.items:
                if isinstance(item, ast.Table):
                    yield FILE, os.path.join(str(file.folder), *item.path.split("/"))


def _plugins() -> Iterator[tuple[str, str]]:
    """Yield the modules of plugins."""
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        module = sys.modules.get(entry.module.partition(".")[0])
        for folder in getattr(module, "__path__", ()):
            yield from tree(folder)
        file = getattr(module, "__file__", None)
        if file:
            yield FILE, file


def _is_what_was_read(pack: Pack) -> bool:
    """Whether the specs are still those that were read."""
    for file in pack.catalogue.files:
        path = os.path.join(str(file.folder), os.path.basename(file.path))
        try:
            with open(path, encoding="utf-8-sig") as stream:
                if stream.read() != file.source.text:
                    return False
        except (OSError, UnicodeDecodeError):
            return False
    return True
