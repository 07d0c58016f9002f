"""Putting the pieces of one document together, watching its size and its depth."""

from __future__ import annotations

from policy.data.readers.json_text import too_deep
from policy.data.readers.nesting import NestingGuard
from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText

LARGEST = 2 << 30
"""Bytes of one document, unpacked, that are read unless another limit is given."""

_WATCHED_FROM = 1 << 20
"""Bytes from which on the depth is watched; a parser meets its own limit in smaller texts."""


class Gathering:
    """The document being gathered. Raises DataUnreadable as soon as it is too large or too deep."""

    def __init__(self, file: str, limit: int) -> None:
        self._file = file
        self._limit = limit
        self._line = 0
        self._clear()

    def _clear(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0
        self._guard: NestingGuard | None = None
        self._line += 1

    def add(self, piece: bytes) -> bytes:
        """Take a piece in, and return it."""
        self._parts.append(piece)
        self._size += len(piece)
        if self._size > self._limit:
            raise DataUnreadable(too_large(self._file, self._limit))
        unseen = piece
        if self._guard is None and self._size > _WATCHED_FROM:
            self._guard = NestingGuard()
            unseen = b"".join(self._parts)
        if self._guard is not None and not self._guard.admits(unseen):
            head = self._parts[0][:80].decode("utf-8", "replace")
            raise DataUnreadable(too_deep(SourceText(self._file, head, self._line).span(0, 1)))
        return piece

    def take(self) -> bytes:
        """Return what was gathered and begin the next document, one line further on."""
        whole = b"".join(self._parts)
        self._clear()
        return whole


def too_large(file: str, limit: int) -> Diagnostic:
    """Return the diagnostic for a document larger than `limit` bytes."""
    return Diagnostic(
        code="P514",
        message=f"a document is larger than {limit} bytes",
        help="check how it was made, or raise the limit",
        file=file,
    )
