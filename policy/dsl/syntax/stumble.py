"""Where reading stopped, and what stands around that place.

A `Stumble` is all that the recognisers of mistakes see: the pieces of one item, the first piece
that cannot stand where it stands, and what could.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from policy.dsl.syntax.scanning import Piece
from policy.dsl.syntax.vocabulary import all_words
from policy.model.diagnostics import Diagnostic, Label
from policy.model.source import SourceText, Span

CLOSER = {"(": ")", "[": "]"}
_NOTHING = Piece("end", "", 0)


class Stumble(Struct, frozen=True, kw_only=True):
    """`index` is that of the unexpected piece, `len(pieces)` when the item ended too early.

    `accepts`: the terminals of the grammar that could stand there. `kind`: the item's word, head,
    or template for the braces of a message. `base`: where the pieces begin in the source.
    """

    source: SourceText
    kind: str
    pieces: Sequence[Piece]
    index: int
    accepts: frozenset[str]
    base: int = 0

    @property
    def at_end(self) -> bool:
        """Whether nothing is left of the item."""
        return self.index >= len(self.pieces)

    @property
    def here(self) -> Piece:
        """The unexpected piece; one of kind `end` when there is none."""
        return self.piece(0)

    @property
    def previous(self) -> Piece:
        """The piece before it."""
        return self.piece(-1)

    @property
    def words(self) -> list[str]:
        """The words that could stand here."""
        return all_words(self.accepts)

    def piece(self, distance: int) -> Piece:
        """Return the piece so many places away, one of kind `end` outside the item."""
        number = self.index + distance
        return self.pieces[number] if 0 <= number < len(self.pieces) else _NOTHING

    def starts_line(self, distance: int) -> bool:
        """Whether the piece so many places away is the first of its line."""
        piece = self.piece(distance)
        if piece.kind == "end":
            return True
        before = self.source.text[: self.base + piece.start]
        return not before[before.rfind("\n") + 1 :].strip()

    def touches_previous(self) -> bool:
        """Whether no blank stands before the unexpected piece."""
        return not self.at_end and self.index > 0 and self.previous.end == self.here.start

    def open_brackets(self) -> list[Piece]:
        """Return the brackets opened and not closed before the unexpected piece."""
        opened: list[Piece] = []
        for piece in self.pieces[: self.index]:
            if piece.kind == "opening":
                opened.append(piece)
            elif piece.kind == "closing" and opened:
                opened.pop()
        return opened

    def back(self) -> Iterator[Piece]:
        """Yield the pieces before the unexpected one in the same brackets, nearest first."""
        depth = 0
        for piece in reversed(self.pieces[: self.index]):
            if piece.kind == "closing":
                depth += 1
            elif piece.kind == "opening":
                depth -= 1
                if depth < 0:
                    return
            elif depth == 0:
                yield piece

    def after(self, piece: Piece) -> Piece:
        """Return the piece that follows."""
        number = self.pieces.index(piece) + 1
        return self.pieces[number] if number < len(self.pieces) else _NOTHING

    def find_back(self, *words: str) -> Piece | None:
        """Return the nearest of the words in the same brackets."""
        return next((p for p in self.back() if p.kind == "word" and p.text in words), None)

    def span(self, first: Piece, last: Piece | None = None) -> Span:
        """Return the place of a piece, or from one to another."""
        return self.source.span(self.base + first.start, self.base + (last or first).end)

    def place(self) -> Span:
        """Return the place of the unexpected piece, the last piece when the item ended."""
        piece = self.here if not self.at_end else self.previous
        return self.span(piece)

    def diagnostic(
        self,
        code: str,
        message: str,
        *,
        span: Span | None = None,
        help: str = "",
        label: tuple[Piece, str] | None = None,
    ) -> Diagnostic:
        """Return a diagnostic about the unexpected piece, or about `span`."""
        labels = () if label is None else (Label(span=self.span(label[0]), text=label[1]),)
        return Diagnostic(
            code=code, message=message, span=span or self.place(), help=help, labels=labels
        )
