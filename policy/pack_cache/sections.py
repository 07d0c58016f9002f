"""A file of named parts, each with a checksum, each read when it is needed.

    magic, length and checksum of the table (little endian), table, parts

The file belongs to the user alone, as does its folder: both are refused otherwise. What is damaged
raises `Damaged`, and never gets as far as being taken apart.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
from collections.abc import Mapping
from zlib import crc32

MAGIC = b"policy pack 1\n"
_PYTHON = crc32(sys.version.encode()).to_bytes(4, "little")
"""What `marshal` writes is for one Python only."""

_HEAD = len(MAGIC) + len(_PYTHON) + 8


class Damaged(Exception):
    """An entry, or a part of it, is not what was written."""


class Sections:
    """An open file of parts. Keeps its hold on the file, whatever becomes of the name."""

    def __init__(self, file: int, start: int = 0) -> None:
        self._file = file
        head = self._read(start, _HEAD)
        if head[: len(MAGIC)] != MAGIC or head[len(MAGIC) : -8] != _PYTHON:
            raise Damaged
        size = int.from_bytes(head[-8:-4], "little")
        table = self._read(start + _HEAD, size)
        if crc32(table) != int.from_bytes(head[-4:], "little"):
            raise Damaged
        self._table: Mapping[str, tuple[int, int, int]] = marshal.loads(table)
        self._start = start + _HEAD + size

    def inside(self, name: str) -> Sections:
        """Return the parts of a part that has parts itself."""
        if name not in self._table:
            raise Damaged
        return Sections(self._file, self._start + self._table[name][0])

    def part(self, name: str) -> bytes:
        """Return a part. Raises Damaged if it is not what was written, or is not there."""
        if name not in self._table:
            raise Damaged
        at, size, checksum = self._table[name]
        found = self._read(self._start + at, size)
        if crc32(found) != checksum:
            raise Damaged
        return found

    def is_whole(self) -> bool:
        """Whether every part is what was written, so that no use of one can fail."""
        try:
            for name in self._table:
                self.part(name)
        except Damaged:
            return False
        return True

    def _read(self, at: int, size: int) -> bytes:
        try:
            found = os.pread(self._file, size, at)
        except OSError:
            raise Damaged from None
        if len(found) != size:
            raise Damaged
        return found

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the contents of the file with these parts."""
    at = 0
    table: dict[str, tuple[int, int, int]] = {}
    for name, part in parts.items():
        table[name] = (at, len(part), crc32(part))
        at += len(part)
    head = marshal.dumps(table)
    sizes = len(head).to_bytes(4, "little") + crc32(head).to_bytes(4, "little")
    return b"".join((MAGIC, _PYTHON, sizes, head, *parts.values()))


def opened(path: str) -> int:
    """Return a file that is open for reading. Raises Damaged if it is not the user's own."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        file = os.open(path, flags)
    except OSError:
        raise Damaged from None
    if not is_own(os.fstat(file), stat.S_ISREG):
        os.close(file)
        raise Damaged
    return file


def is_own(found: os.stat_result, is_kind: object) -> bool:
    """Whether a file or folder is the user's, and nobody else may write to it."""
    if not callable(is_kind) or not is_kind(found.st_mode):
        return False
    if not hasattr(os, "getuid"):  # no such thing as modes there
        return True
    return found.st_uid == os.getuid() and not found.st_mode & 0o022
