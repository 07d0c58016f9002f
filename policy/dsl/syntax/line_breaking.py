"""A text with places where a line may break -> lines of limited width.

A `Doc` says what belongs together: a `Group` stands on one line if it fits there, and otherwise
breaks at every `Break` of its own. Each line remembers the places in the source that its pieces
come from, so that comments can be put back where they stood.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct

WIDTH = 100


class Text(Struct, frozen=True):
    """A piece that never breaks; `at` is its place in the source (0-based offset)."""

    text: str
    at: int


class Break(Struct, frozen=True):
    """A place to break; `flat` stands there when the line does not break."""

    flat: str = " "


class Nest(Struct, frozen=True):
    """Indents what breaks inside by `indent` blanks; None: to the column where it begins."""

    indent: int | None
    doc: Doc


class Group(Struct, frozen=True):
    """One line if possible."""

    doc: Doc


Doc: TypeAlias = "str | Text | Break | Nest | Group | tuple[Doc, ...]"


class Line(Struct, frozen=True):
    """One line of output. `places` are offsets in the source; `first_of_item` opens an item."""

    indent: int
    text: str
    places: tuple[int, ...] = ()
    first_of_item: bool = False


def lay_out(doc: Doc, *, indent: int, width: int | None = WIDTH) -> list[Line]:
    """Return the lines of `doc`, no wider than `width` where a break allows it."""
    writer = _Writer(indent)
    waiting: list[_Todo] = [(indent, False, doc)]
    while waiting:
        at, is_flat, item = waiting.pop()
        match item:
            case str():
                writer.write(item)
            case Text():
                writer.write(item.text, item.at)
            case Break() if is_flat:
                writer.write(item.flat)
            case Break():
                writer.new_line(at)
            case Nest():
                inner = writer.column if item.indent is None else at + item.indent
                waiting.append((inner, is_flat, item.doc))
            case Group():
                room = None if width is None else width - writer.column
                fits = is_flat or room is None or _fits(item.doc, waiting, room)
                waiting.append((at, fits, item.doc))
            case tuple():
                waiting.extend((at, is_flat, part) for part in reversed(item))
    return writer.finished()


def separated(items: Iterable[Doc], separator: str) -> Doc:
    """Return the items with `separator` between them, as many on a line as fit."""
    parts: list[Doc] = []
    for item in items:
        parts.append((separator, Group((Break(), item))) if parts else item)
    return tuple(parts)


_Todo: TypeAlias = "tuple[int, bool, Doc]"


def _fits(doc: Doc, after: list[_Todo], room: int) -> bool:
    """Whether `doc`, flat, and what follows up to the next possible break fit into `room`."""
    rest = len(after)
    waiting: list[_Todo] = [(0, True, doc)]
    while room >= 0:
        if not waiting:
            if rest == 0:
                return True
            rest -= 1
            waiting.append(after[rest])
        at, is_flat, item = waiting.pop()
        match item:
            case str():
                room -= len(item)
            case Text():
                room -= len(item.text)
            case Break() if is_flat:
                room -= len(item.flat)
            case Break():
                return True
            case Nest() | Group():
                waiting.append((at, is_flat, item.doc))
            case tuple():
                waiting.extend((at, is_flat, part) for part in reversed(item))
    return False


class _Writer:
    """Collects pieces into lines."""

    def __init__(self, indent: int) -> None:
        self._lines: list[Line] = []
        self._start(indent)

    def _start(self, indent: int) -> None:
        self._indent = indent
        self._pieces: list[str] = []
        self._places: list[int] = []
        self.column = indent

    def write(self, text: str, place: int | None = None) -> None:
        self._pieces.append(text)
        self.column += len(text)
        if place is not None:
            self._places.append(place)

    def new_line(self, indent: int) -> None:
        text = "".join(self._pieces).rstrip()
        self._lines.append(Line(self._indent, text, tuple(self._places)))
        self._start(indent)

    def finished(self) -> list[Line]:
        self.new_line(0)
        return self._lines
