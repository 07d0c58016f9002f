"""Texts with a name, and places in them.

In: the text of a spec or of a centre's document. Out: spans that know their line and column.
A span never takes part in equality of the trees that carry it: the same rule at another place
is the same rule.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place as people count it: first line 1, first column 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class SourceText:
    """A named text. `name` is the path as the user wrote it, or `<stdin>`; `first_line` is the
    number that its first line has there, when the text is only a part."""

    name: str
    text: str = field(repr=False)
    first_line: int = 1

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Return line and column of the character at `offset` (0-based, clamped to the text)."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._line_starts, offset)
        return Position(line + self.first_line - 1, offset - self._line_starts[line - 1] + 1)

    def line_text(self, line: int) -> str:
        """Return line number `line` without its line break; empty outside the text."""
        line -= self.first_line - 1
        if not 1 <= line <= len(self._line_starts):
            return ""
        start = self._line_starts[line - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")

    def line_near(self, offset: int, reach: int) -> tuple[str, int]:
        """Return the line of the character at `offset`, at most `reach` characters to either side,
        and the 0-based place of that character in what is returned.

        A document may be one line of a million characters, and be pointed at ten thousand times.
        """
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._line_starts, offset)
        is_last = line == len(self._line_starts)
        end = len(self.text) if is_last else self._line_starts[line] - 1
        begin = max(self._line_starts[line - 1], offset - reach)
        return self.text[begin : min(end, offset + reach)].rstrip("\r"), offset - begin

    def span(self, start: int, end: int) -> Span:
        """Return the span of the characters from `start` up to but not including `end`."""
        return Span(self, start, end)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: offsets in characters, `end` not included."""

    source: SourceText = field(repr=False)
    start: int
    end: int

    @property
    def text(self) -> str:
        """The underlined text."""
        return self.source.text[self.start : self.end]

    @property
    def position(self) -> Position:
        """Line and column of the first character."""
        return self.source.position(self.start)
