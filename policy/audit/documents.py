"""From a part to the documents in it, as bytes, one after another.

What cannot be read is yielded too, without bytes and with the reason; what follows it goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from policy.audit.inputs import Part, Stretch, cannot_read
from policy.audit.parquet_input import documents as documents_of_rows
from policy.data.readers.decoding import MARK
from policy.data.readers.gathering import LARGEST, Gathering, too_large
from policy.data.readers.raw import Format
from policy.data.readers.reading import format_of, lines_of, read
from policy.data.readers.streams import pieces
from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic


class DocumentBytes(Struct, frozen=True, kw_only=True):
    """One document. `content` is None if it could not even be fetched; `diagnostics` say why.

    `name` is what reports call it, `line` its line (or row) in `file`, 1 for a file of its own.
    """

    name: str
    file: str
    line: int
    format: Format
    content: bytes | None = None
    diagnostics: tuple[Diagnostic, ...] = ()

    def __repr__(self) -> str:
        return f"<bytes of {self.name}>"


def documents_of(part: Part, limit: int = LARGEST) -> Iterator[DocumentBytes]:
    """Yield the documents of a part; blank lines are none. `limit`: bytes of one, unpacked."""
    for stretch in part.stretches:
        try:
            yield from _documents(stretch, limit)
        except DataUnreadable as error:
            yield _unread(stretch.file, error.diagnostics)
        except OSError as error:
            yield _unread(stretch.file, (cannot_read(stretch.file, error),))
        except MemoryError:
            yield _unread(stretch.file, (no_memory(stretch.file),))


def _documents(stretch: Stretch, limit: int) -> Iterator[DocumentBytes]:
    file, form = stretch.file, format_of(stretch.file)
    if stretch.rows is not None:
        yield from _some(file, _rows(stretch, stretch.rows))
    elif stretch.is_lines:
        yield from _numbered(file, _stretch_lines(stretch, limit), stretch.first_line)
    elif form is Format.NDJSON:
        lines = ((line, ()) for line in lines_of(file, limit))
        yield from _some(file, _numbered(file, lines, 1))
    elif form is None:
        (refused,) = read(file)
        yield _unread(file, refused.diagnostics)
    else:
        gathering = Gathering(file, limit)
        for piece in pieces(file):
            gathering.add(piece)
        yield DocumentBytes(name=file, file=file, line=1, format=form, content=gathering.take())


def _rows(stretch: Stretch, group: int) -> Iterator[DocumentBytes]:
    rows = documents_of_rows(stretch.file, group)
    for row, (content, why) in enumerate(rows, start=stretch.first_line):
        yield _line(stretch.file, row, content, why)


def _some(file: str, documents: Iterable[DocumentBytes]) -> Iterator[DocumentBytes]:
    """Yield the documents of a whole file; a file without any is not passed over in silence."""
    found = False
    for each in documents:
        found = True
        yield each
    if not found:
        nothing = Diagnostic(
            code="P506",
            message="there is nothing in the file",
            help="check how the file was made",
            file=file,
        )
        yield _unread(file, (nothing,))


_Line = tuple[bytes | None, tuple[Diagnostic, ...]]


def _stretch_lines(stretch: Stretch, limit: int) -> Iterator[_Line]:
    with open(stretch.file, "rb") as stream:
        stream.seek(stretch.start)
        at = stretch.start
        while at < stretch.end and (line := stream.readline(limit + 1)):
            at += len(line)
            if len(line) <= limit or line.endswith(b"\n"):
                yield line, ()
                continue
            while line and not line.endswith(b"\n"):
                line = stream.readline(limit)
                at += len(line)
            yield None, (too_large(stretch.file, limit),)


def _numbered(file: str, lines: Iterable[_Line], first: int) -> Iterator[DocumentBytes]:
    for number, (line, why) in enumerate(lines, start=first):
        content = line if line is None else line.rstrip(b"\r\n")
        if content is None or content.removeprefix(MARK).strip():
            yield _line(file, number, content, why)


def _line(
    file: str, number: int, content: bytes | None, why: tuple[Diagnostic, ...]
) -> DocumentBytes:
    return DocumentBytes(
        name=f"{file}:{number}",
        file=file,
        line=number,
        format=Format.NDJSON,
        content=content,
        diagnostics=why,
    )


def _unread(file: str, why: tuple[Diagnostic, ...]) -> DocumentBytes:
    return DocumentBytes(name=file, file=file, line=1, format=Format.JSON, diagnostics=why)


def no_memory(file: str) -> Diagnostic:
    """Return the diagnostic for a document that needs more memory than there is."""
    return Diagnostic(
        code="P514",
        message="the document needs more memory than there is",
        help="check how it was made; a document holds one centre and one academic year",
        file=file,
    )
