"""From a file, or standard input, to its raw documents.

The format is told by the name; standard input has none, so there the first line tells. Several
documents in one file are NDJSON: one on each line, blank lines skipped, and a line that cannot be
read does not keep the others from being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from policy.data.readers.decoding import MARK, DecodedFeed, decoded
from policy.data.readers.gathering import LARGEST, Gathering, too_large
from policy.data.readers.json_text import parse_json
from policy.data.readers.raw import Format, RawDocument
from policy.data.readers.streams import STDIN, STDIN_NAME, pieces
from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText

SUFFIXES = {
    ".json": Format.JSON,
    ".yaml": Format.YAML,
    ".yml": Format.YAML,
    ".ndjson": Format.NDJSON,
    ".jsonl": Format.NDJSON,
}
PACKED = (".gz", ".zst")

_LONGEST_LOOK = 1 << 26
"""Bytes of standard input that are looked at to tell its format."""


def format_of(path: str) -> Format | None:
    """Return the format that the name of a file tells, or None."""
    name = path.lower()
    for packed in PACKED:
        name = name.removesuffix(packed)
    return next((form for suffix, form in SUFFIXES.items() if name.endswith(suffix)), None)


def read(
    path: str, *, stdin: BinaryIO | None = None, limit: int = LARGEST
) -> Iterator[RawDocument]:
    """Yield the documents of a file, or of standard input for `-`, as they are asked for.

    What cannot be read is yielded too, without data and with the diagnostic that says why.
    `limit` is in bytes, for each document after unpacking.
    """
    file = STDIN_NAME if path == STDIN else path
    form = format_of(path)
    if form is None and path != STDIN:
        yield _unread(file, Format.JSON, _unknown_format(path))
        return
    try:
        stream = pieces(path, stdin)
        if form is None:
            form, stream = _guess(file, stream)
        if form is Format.NDJSON:
            yield from _read_lines(file, stream, limit)
        elif form is Format.YAML:
            yield _read_yaml(file, stream, limit)
        else:
            yield _read_json(file, stream, limit)
    except DataUnreadable as error:
        yield _unread(file, form or Format.JSON, *error.diagnostics)
    except MemoryError:
        yield _unread(file, form or Format.JSON, _no_room(file))


def _unread(file: str, form: Format, *diagnostics: Diagnostic) -> RawDocument:
    return RawDocument(name=file, file=file, format=form, diagnostics=diagnostics)


def _unknown_format(path: str) -> Diagnostic:
    return Diagnostic(
        code="P502",
        message=f"the name of `{path}` does not tell what kind of file it is",
        help=f"names end in {', '.join(SUFFIXES)}, packed ones also in {' or '.join(PACKED)}",
        file=path,
    )


def _guess(file: str, stream: Iterator[bytes]) -> tuple[Format, Iterator[bytes]]:
    """Return the format and the whole stream: an object on the first of several lines is NDJSON."""
    head, line, more = _first_line(stream)
    form = Format.JSON if line.startswith((b"{", b"[")) else Format.YAML
    if more:
        found, _ = parse_json(SourceText(file, line.decode("utf-8", "replace")))
        if isinstance(found, dict):
            form = Format.NDJSON
    return form, chain(head, stream)


def _first_line(stream: Iterator[bytes]) -> tuple[list[bytes], bytes, bool]:
    """Return the pieces read, the first line that is not blank, and whether more follows it."""
    parts: list[bytes] = []
    size = 0
    line, end, more = b"", b"", b""
    for piece in stream:
        parts.append(piece)
        size += len(piece)
        if end:
            more = piece
        elif b"\n" in piece or not line:
            line, end, more = b"".join(parts).removeprefix(MARK).lstrip().partition(b"\n")
        if more.strip() or size > _LONGEST_LOOK:
            break
    return parts, line, bool(more.strip())


def _read_json(file: str, stream: Iterator[bytes], limit: int) -> RawDocument:
    gathering = Gathering(file, limit)
    for piece in stream:
        gathering.add(piece)
    return parsed_json(file, file, gathering.take(), Format.JSON)


def parsed_json(
    name: str, file: str, content: bytes, form: Format, first_line: int = 1
) -> RawDocument:
    """Return the document that one JSON text holds. Raises DataUnreadable if it is no text."""
    text, notes = decoded(file, content, first_line)
    source = SourceText(file, text, first_line)
    data, faults = parse_json(source) if text.strip() else (None, (_empty(file),))
    if not faults and not isinstance(data, dict):
        faults = (_not_an_object(source),)
    return RawDocument(
        name=name,
        file=file,
        format=form,
        text=text,
        first_line=first_line,
        data=None if faults else data,
        diagnostics=(*notes, *faults),
    )


def _read_lines(file: str, stream: Iterator[bytes], limit: int) -> Iterator[RawDocument]:
    """Yield one document for each line that is not blank."""
    found = False
    for number, line in enumerate(_lines(file, stream, limit), start=1):
        if not line.removeprefix(MARK).strip():
            continue
        found = True
        name = f"{file}:{number}"
        try:
            yield parsed_json(name, file, line, Format.NDJSON, number)
        except DataUnreadable as error:
            yield RawDocument(
                name=name, file=file, format=Format.NDJSON, diagnostics=error.diagnostics
            )
    if not found:
        raise DataUnreadable(_empty(file))


def lines_of(path: str, limit: int = LARGEST) -> Iterator[bytes]:
    """Yield the lines of a file, unpacked, blank ones too. Raises DataUnreadable."""
    return _lines(path, pieces(path), limit)


def _lines(file: str, stream: Iterator[bytes], limit: int) -> Iterator[bytes]:
    gathering = Gathering(file, limit)
    for piece in stream:
        *whole, rest = piece.split(b"\n")
        for line in whole:
            gathering.add(line)
            yield gathering.take()
        gathering.add(rest)
    yield gathering.take()


def _read_yaml(file: str, stream: Iterator[bytes], limit: int) -> RawDocument:
    from policy.data.readers.yaml_text import parse_yaml

    feed = DecodedFeed(file, _limited(file, stream, limit))
    data, found = parse_yaml(feed)
    text = feed.text
    source = SourceText(file, text)
    faults = [fault.diagnostic(source) for fault in found]
    if not faults and data is None:
        faults.append(_empty(file))
    elif not faults and not isinstance(data, dict):
        faults.append(_not_an_object(source))
    return RawDocument(
        name=file,
        file=file,
        format=Format.YAML,
        text=text,
        data=None if faults else data,
        diagnostics=(*feed.notes, *faults),
    )


def _limited(file: str, stream: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in stream:
        size += len(piece)
        if size > limit:
            raise DataUnreadable(too_large(file, limit))
        yield piece


def _empty(file: str) -> Diagnostic:
    return Diagnostic(
        code="P506",
        message="there is nothing in the file",
        help="check how the file was made",
        file=file,
    )


def _no_room(file: str) -> Diagnostic:
    return Diagnostic(
        code="P514",
        message="the document needs more memory than there is",
        help="check how it was made; a document holds one centre and one academic year",
        file=file,
    )


def _not_an_object(source: SourceText) -> Diagnostic:
    start = len(source.text) - len(source.text.lstrip())
    return Diagnostic(
        code="P515",
        message="the document is not one object that holds a centre",
        span=source.span(start, start + 1),
        help="several documents go into NDJSON, one on each line, or into files of their own",
    )
