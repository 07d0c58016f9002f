"""From bytes to text: UTF-8 only, with the place of the first byte that is none."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic, Level
from policy.model.source import SourceText

MARK = codecs.BOM_UTF8
"""The bytes that some programs write first; they are read over, with a note."""

_FOREIGN_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(file: str, content: bytes, first_line: int = 1) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the text and perhaps a note; DataUnreadable if it is not UTF-8."""
    content, notes = _without_mark(file, content)
    try:
        return content.decode("utf-8"), notes
    except UnicodeDecodeError as error:
        raise DataUnreadable(_not_utf8(file, content, error.start, first_line)) from None


def _without_mark(file: str, content: bytes) -> tuple[bytes, tuple[Diagnostic, ...]]:
    if content.startswith(_FOREIGN_MARKS) or b"\x00" in content[:4]:
        raise DataUnreadable(
            Diagnostic(
                code="P504",
                message="the text is in UTF-16 or UTF-32",
                help="save it in the encoding UTF-8",
                file=file,
            )
        )
    if not content.startswith(MARK):
        return content, ()
    note = Diagnostic(
        code="P505",
        message="the file begins with a byte order mark, which is read over",
        level=Level.NOTE,
        file=file,
    )
    return content[len(MARK) :], (note,)


def _not_utf8(file: str, content: bytes, start: int, first_line: int) -> Diagnostic:
    at = len(content[:start].decode("utf-8"))
    source = SourceText(file, content.decode("utf-8", "replace"), first_line)
    return Diagnostic(
        code="P504",
        message="this byte is not UTF-8",
        span=source.span(at, at + 1),
        help="save the file in the encoding UTF-8",
    )


class DecodedFeed:
    """Pieces of bytes as text, decoded as a parser asks for them; DataUnreadable as above."""

    def __init__(self, file: str, stream: Iterator[bytes]) -> None:
        self._file = file
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._parts: list[str] = []
        self._begun = False
        self.notes: tuple[Diagnostic, ...] = ()

    @property
    def text(self) -> str:
        """What was read so far."""
        return "".join(self._parts)

    def read(self, size: int = -1) -> str:
        """Return the next piece, whatever its size; empty at the end."""
        while True:
            piece = next(self._stream, b"")
            part = self._decode(piece)
            if part or not piece:
                self._parts.append(part)
                return part

    def _decode(self, piece: bytes) -> str:
        content = piece
        if not self._begun:
            content, self.notes = _without_mark(self._file, piece)
            self._begun = True
        try:
            return self._decoder.decode(content, final=not piece)
        except UnicodeDecodeError as error:
            read = self.text.encode()
            bad = read + error.object
            raise DataUnreadable(_not_utf8(self._file, bad, len(read) + error.start, 1)) from None
