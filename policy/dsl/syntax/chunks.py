"""The pieces of a file -> its head and items, each to be read on its own.

One item's mistake then hides no other's. An item begins with its word at the start of a line,
followed by what only an item can have there.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from msgspec import Struct

from policy.dsl.syntax.scanning import Piece
from policy.dsl.syntax.vocabulary import CLAUSE_WORDS, ITEM_WORDS, RESERVED

_HEADERS = ("language", "spec", "library", "amends")
_TEXTS = ("text", "open_text", "curly_text", "single_text")


class Chunk(Struct, frozen=True):
    """`kind`: head, or the word the item begins with; `pieces`: without comments.

    `start` and `end` are offsets in the text; a chunk ends where the next one starts.
    """

    kind: str
    pieces: tuple[Piece, ...]
    start: int
    end: int

    @property
    def start_rule(self) -> str:
        """The rule of the grammar that reads it."""
        if self.kind in ("use", "applies"):
            return "placed"
        return "start" if self.kind in ("head", "file", *_HEADERS) else "items"


def split(text: str, pieces: Sequence[Piece]) -> list[Chunk]:
    """Return the chunks of a text; the first is the head, perhaps empty."""
    pieces = [piece for piece in pieces if piece.kind != "comment"]
    marks: list[tuple[int, str]] = [(0, "head")]
    headers: set[str] = set()
    for number, piece in enumerate(pieces):
        if piece.kind == "word" and _starts_line(text, piece.start):
            kind = _item_word(text, pieces, number)
            line = "language" if kind == "language" else "header"
            if kind in _HEADERS and line not in headers:
                headers.add(line)
            elif kind:
                marks.append((number, kind))
    chunks = []
    for position, (first, kind) in enumerate(marks):
        is_last = position + 1 == len(marks)
        last = len(pieces) if is_last else marks[position + 1][0]
        start = pieces[first].start if position else 0
        end = len(text) if is_last else pieces[last].start
        chunks.append(Chunk(kind, tuple(pieces[first:last]), start, end))
    return chunks


def _starts_line(text: str, offset: int) -> bool:
    return not text[text.rfind("\n", 0, offset) + 1 : offset].strip()


def _item_word(text: str, pieces: Sequence[Piece], number: int) -> str:
    """Return the item that begins with this piece, empty when none does."""
    word = pieces[number].text.lower()
    follower = pieces[number + 1] if number + 1 < len(pieces) else None
    if follower is None:
        return ""
    is_named = follower.kind == "word" and follower.text not in RESERVED
    is_titled = follower.kind in _TEXTS
    match word:
        case "replace" | "drop" | "change":
            return word if follower.text == "rule" else ""
        case "rule" | "define" | "parameter" | "table" | "example" | "use" | "applies":
            return word if is_named or is_titled else ""
        case "language":
            return word if follower.kind == "number" else ""
        case "spec" | "library" | "amends":
            third = pieces[number + 2] if number + 2 < len(pieces) else None
            is_header = third is not None and (third.kind in _TEXTS or third.text == "for")
            return word if is_named and is_header else ""
    is_flush = pieces[number].start == 0 or text[pieces[number].start - 1] == "\n"
    if is_flush and (is_named or is_titled) and word not in CLAUSE_WORDS:
        near = get_close_matches(word, ITEM_WORDS, n=1, cutoff=0.75)
        return near[0] if near else ""
    return ""
