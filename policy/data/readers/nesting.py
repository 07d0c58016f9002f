"""How deeply brackets are nested in JSON that arrives piece by piece.

A parser needs the whole text and as many stack frames as there are levels; this needs neither, so
that a file of nothing but opening brackets is refused after its first piece.
"""

from __future__ import annotations

import re

DEEPEST = 100
"""Levels of brackets that are read; a document of a centre has about ten."""

_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class NestingGuard:
    """Watches one text; `admits` is asked once for each piece, in order."""

    def __init__(self) -> None:
        self._open = b""
        self._in_text = 0
        self._escape = b""

    def admits(self, piece: bytes) -> bool:
        """Return whether the text up to the end of `piece` is nested no deeper than allowed."""
        piece = self._escape + piece
        self._escape = b""
        if b"\\" in piece:
            piece = _ESCAPED.sub(b"", piece)
            if piece.endswith(b"\\"):
                piece, self._escape = piece[:-1], b"\\"
        parts = piece.split(b'"')
        outside = b"".join(parts[self._in_text :: 2])
        self._in_text = (self._in_text + len(parts) - 1) % 2
        return self._level(self._open + outside.translate(None, _NO_BRACKETS))

    def _level(self, brackets: bytes) -> bool:
        """Take away closed pairs, innermost first; what is left is open."""
        left = brackets
        for closed in range(DEEPEST + 1):
            shorter = left.replace(b"{}", b"").replace(b"[]", b"")
            if shorter == left:
                # Closing brackets that nothing opened are for the parser to complain about.
                self._open = left.lstrip(b"]}")
                if closed + len(self._open) <= DEEPEST:
                    return True
                return len(self._open) <= DEEPEST and _depth(brackets) <= DEEPEST
            left = shorter
        return False


def _depth(brackets: bytes) -> int:
    """Return the depth, counted one by one: for the rare piece that comes near the limit."""
    depth = deepest = 0
    for bracket in brackets:
        depth = depth + 1 if bracket in b"[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
