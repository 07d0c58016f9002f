"""The cache in two calls: `find` an entry, or `begin` to make one and `keep` it.

The folder is the user's own (0700), so are the files (0600): what belongs to somebody else, or may
be written by others, is refused. A folder that cannot be used means that there is no cache.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from zlib import adler32, crc32

from policy.pack_cache.observing import is_as_it_was
from policy.pack_cache.sections import Damaged, Sections, is_own, opened

if TYPE_CHECKING:
    from policy.pack import Pack
    from policy.pack_cache.kept import KeptReady

SUFFIX = ".pack"
MOST_KEPT = 20
"""Entries that stay, the youngest."""

_UNFINISHED = ".new-"
_HOUR = 3600 * 10**9


class Request:
    """What a pack was asked for, and by whom: entries answer exactly one request.

    Our own version is no part of it: every file of the engine is observed.
    """

    def __init__(
        self,
        names: Sequence[str] | None,
        files: Iterable[str],
        settings: Mapping[str, str],
        rules: Sequence[str],
    ) -> None:
        self.key = repr(
            (
                None if names is None else list(names),
                list(files),
                sorted(settings.items()),
                list(rules),
                os.getcwd(),
                sys.path,
                sys.version,
                os.path.dirname(os.path.dirname(__file__)),
            )
        ).encode("utf-8", "surrogateescape")

    @property
    def file(self) -> str:
        """The name of the entry's file."""
        return f"{crc32(self.key):08x}{adler32(self.key):08x}{SUFFIX}"


def find(folder: str, request: Request, *, at_once: bool = False) -> KeptReady | None:
    """Return the pack that was kept for this request, None if there is none that can be used.

    `at_once`: import functions of plugins now, not when they are called.
    """
    try:
        if not is_own(os.lstat(folder), stat.S_ISDIR):
            return None
        file = opened(os.path.join(folder, request.file))
    except (OSError, Damaged):
        return None
    try:
        return _usable(file, request, at_once)
    except (Damaged, EOFError, ValueError, TypeError, KeyError, IndexError):
        # The others: written by a version of ours with other parts under the same names.
        os.close(file)
        return None
    except Exception:
        if not at_once:
            raise
        os.close(file)  # a plugin cannot be imported: who loads it will say so
        return None


def _usable(file: int, request: Request, at_once: bool) -> KeptReady:
    sections = Sections(file)
    if sections.part("request") != request.key:
        raise Damaged
    if not all(map(is_as_it_was, marshal.loads(sections.part("observed")))):
        raise Damaged
    from policy.pack_cache.kept import KeptReady

    return KeptReady(sections, at_once=at_once)


class Begun:
    """A file that was made when the loading began; it becomes the entry, or goes away."""

    def __init__(self, folder: str, request: Request, file: int, unfinished: str) -> None:
        self._folder = folder
        self._request = request
        self._file = file
        self._unfinished = unfinished
        self._since = os.fstat(file).st_mtime_ns

    def keep(self, pack: Pack, files: Sequence[str] = ()) -> bool:
        """Keep a pack, for which `files` were named; whether that was done.

        Nothing that goes wrong here is anybody's mistake.
        """
        from policy.pack_cache.kept_code import CannotKeep
        from policy.pack_cache.making import entry_of

        try:
            content = entry_of(pack, files, self._request.key, self._since)
            if content is None:
                return False
            with os.fdopen(os.dup(self._file), "wb") as file:
                file.write(content)
            os.replace(self._unfinished, os.path.join(self._folder, self._request.file))
            _clean(self._folder, self._since)
        except (OSError, CannotKeep):
            return False
        finally:
            self.drop()
        return True

    def drop(self) -> None:
        """Leave nothing behind."""
        from contextlib import suppress

        with suppress(OSError):
            os.close(self._file)
        with suppress(OSError):
            os.unlink(self._unfinished)


def begin(folder: str, request: Request) -> Begun | None:
    """Return what will keep the pack that is now to be loaded, None if there can be no cache."""
    import tempfile

    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not is_own(os.lstat(folder), stat.S_ISDIR):
            return None
        file, unfinished = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
    except OSError:
        return None
    return Begun(folder, request, file, unfinished)


def _clean(folder: str, now: int) -> None:
    """Remove all but the youngest entries, and what was never finished."""
    entries: list[tuple[int, str]] = []
    for each in os.scandir(folder):
        changed = each.stat(follow_symlinks=False).st_mtime_ns
        if each.name.startswith(_UNFINISHED) and changed < now - _HOUR:
            os.unlink(each.path)
        elif each.name.endswith(SUFFIX):
            entries.append((changed, each.path))
    for _, path in sorted(entries, reverse=True)[MOST_KEPT:]:
        os.unlink(path)
