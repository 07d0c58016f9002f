"""Texts with a name, and places in them.

In: the text of a spec or of a centre's document. Out: spans that know their line and column.
A span never takes part in equality of the trees that carry it: the same rule at another place
is the same rule.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import ClassVar

from msgspec import Struct


class Position(Struct, frozen=True, order=True):
    """A place as people count it: first line 1, first column 1, columns in characters."""

    line: int
    column: int


class SourceText(Struct, frozen=True, dict=True):
    """A named text. `name` is the path as the user wrote it, or `<stdin>`; `first_line` is the
    number that its first line has there, when the text is only a part."""

    name: str
    text: str
    first_line: int = 1

    def __repr__(self) -> str:
        return f"<text of {self.name}>"

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


class Span(Struct, frozen=True):
    """A stretch of a text: offsets in characters, `end` not included."""

    source: SourceText
    start: int
    end: int

    def __repr__(self) -> str:
        return f"<{self.source.name}:{self.start}-{self.end}>"

    @property
    def text(self) -> str:
        """The underlined text."""
        return self.source.text[self.start : self.end]

    @property
    def position(self) -> Position:
        """Line and column of the first character."""
        return self.source.position(self.start)


class Written(Struct, frozen=True, kw_only=True):
    """What stands somewhere in a text. Equal to what means the same, wherever that stands: `apart`
    names the fields that do not count."""

    span: Span
    apart: ClassVar[frozenset[str]] = frozenset({"span"})

    def _meaning(self) -> list[object]:
        return [getattr(self, name) for name in self.__struct_fields__ if name not in self.apart]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Written) or other.__class__ is not self.__class__:
            return NotImplemented
        return self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash(tuple(self._meaning()))

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({', '.join(map(repr, self._meaning()))})"
