"""From what a user names to parts: stretches of files that one process judges at a time.

All bytes are read once, for their hash and to find where lines end, before anything is judged.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from policy.audit.parquet_input import RowGroup, row_groups
from policy.data.discovery import discover
from policy.data.readers.decoding import MARK
from policy.data.readers.raw import Format
from policy.data.readers.reading import PACKED, format_of
from policy.data.readers.streams import STDIN
from policy.errors import DataUnreadable, PolicyError
from policy.model.diagnostics import Diagnostic

LARGEST_PART = 16 << 20
"""Bytes of input that a part has at least, unless it is the last or the input is small; a longer
document makes it longer."""

_SMALLEST_PART = 2 << 20
_PARTS = 32
"""So many parts a small input has, that processes may end at about the same time."""

_MOST_FILES = 512
_PIECE = 1 << 20

# How many times larger documents are than the Parquet they are packed in, about.
_PACKED_ROWS = 16

PARQUET = ".parquet"

Seen = Callable[[int], None]
"""Told how many bytes more were read."""


class Stretch(Struct, frozen=True, kw_only=True):
    """Part of a file: bytes `start` to `end` for lines, all of it for any other kind.

    `first_line` is the number of the first line, or of the first row, in the file. `rows`: the row
    group of a Parquet file. `stamp`: size and time of the file when it was read first. `documents`:
    how many there are, blank lines counted in; 0 if only unpacking it would tell.
    """

    file: str
    start: int
    end: int
    first_line: int = 1
    rows: int | None = None
    is_lines: bool = False
    stamp: tuple[int, int] = (0, 0)
    documents: int = 1


class Part(Struct, frozen=True, kw_only=True):
    """What one process judges at a time. `hash`: SHA-256 over the bytes of its stretches."""

    number: int
    stretches: tuple[Stretch, ...]
    hash: str

    @property
    def size(self) -> int:
        """Bytes, as they lie on the disk."""
        return sum(each.end - each.start for each in self.stretches)


class InputFile(Struct, frozen=True, kw_only=True):
    """One file: its name as the user wrote it, bytes, SHA-256."""

    file: str
    size: int
    hash: str


class Inputs(Struct, frozen=True, kw_only=True):
    """Everything a run reads, in order."""

    files: tuple[InputFile, ...]
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(each.size for each in self.files)

    @property
    def documents(self) -> int:
        """How many documents there are, about; 0 if nobody knows yet."""
        counts = [each.documents for part in self.parts for each in part.stretches]
        return sum(counts) if all(counts) else 0


def files_of(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the files that `paths` name, in order. Raises PolicyError for what is not there or
    cannot be read twice."""
    found = discover(paths, more=(PARQUET,))
    diagnostics = list(found.diagnostics)
    for file in found.files:
        try:
            is_lasting = file != STDIN and stat.S_ISREG(os.stat(file).st_mode)
        except OSError as error:
            diagnostics.append(cannot_read(file, error))
        else:
            if not is_lasting:
                diagnostics.append(_not_lasting(file))
    if diagnostics:
        raise PolicyError(*diagnostics)
    return found.files


def survey(files: Sequence[str], part_size: int = 0, seen: Seen = lambda size: None) -> Inputs:
    """Read all files once and part them. Raises PolicyError for what cannot be read.

    `part_size`: bytes of a part; 0 for what suits so much input.
    """
    parting = _Parting(part_size or _suitable(files))
    known = []
    for file in files:
        try:
            known.append(_read(file, parting, seen))
        except OSError as error:
            raise PolicyError(cannot_read(file, error)) from error
    parting.close()
    return Inputs(files=tuple(known), parts=tuple(parting.parts))


def _suitable(files: Sequence[str]) -> int:
    try:
        size = sum(os.stat(file).st_size for file in files)
    except OSError:  # whoever reads them will say which
        return LARGEST_PART
    return min(max(size // _PARTS, _SMALLEST_PART), LARGEST_PART)


def hash_of(stretches: Iterable[Stretch]) -> str:
    """Return the SHA-256 over stretches of lines and whole files as they are now."""
    digest = hashlib.sha256()
    for each in stretches:
        with open(each.file, "rb") as stream:
            stream.seek(each.start)
            left = each.end - each.start
            while left > 0 and (piece := stream.read(min(_PIECE, left))):
                digest.update(piece)
                left -= len(piece)
    return digest.hexdigest()


def changed(stretches: Iterable[Stretch]) -> str | None:
    """Return the first file that is not as it was when it was read first, None if all are."""
    for each in stretches:
        try:
            if _stamp(os.stat(each.file)) != each.stamp:
                return each.file
        except OSError:
            return each.file
    return None


def input_changed(file: str) -> PolicyError:
    """Return what to raise about a file that changed during a run."""
    return PolicyError(
        Diagnostic(
            code="P806",
            message=f"the input changed while it was judged: `{file}`",
            help="begin again in another folder, once nobody writes to it any more",
            file=file,
        )
    )


def cannot_read(file: str, error: OSError) -> Diagnostic:
    """Return the diagnostic for a file that cannot be opened, or not be read to its end."""
    why = (error.strerror or "reading failed").lower()
    return Diagnostic(
        code="P501",
        message=f"`{file}` cannot be read: {why}",
        help="check the path and the permissions",
        file=file,
    )


class _Parting:
    """Puts stretches together until they make a part."""

    def __init__(self, part_size: int) -> None:
        self.part_size = part_size
        self.parts: list[Part] = []
        self.digest = hashlib.sha256()
        self._open: list[Stretch] = []
        self._size = 0

    @property
    def room(self) -> int:
        """Bytes that the part being filled still lacks."""
        return self.part_size - self._size

    def take(self, stretch: Stretch) -> None:
        """Add a stretch, whose bytes are in the digest, to the part being filled."""
        self._open.append(stretch)
        self._size += stretch.end - stretch.start
        if self.room <= 0 or len(self._open) >= _MOST_FILES:
            self.close()

    def close(self) -> None:
        """End the part being filled."""
        if self._open:
            part = Part(
                number=len(self.parts),
                stretches=tuple(self._open),
                hash=self.digest.hexdigest(),
            )
            self.parts.append(part)
            self._open, self._size, self.digest = [], 0, hashlib.sha256()


def _read(file: str, parting: _Parting, seen: Seen) -> InputFile:
    """Read one file, cut it, and return what identifies it."""
    digest = hashlib.sha256()
    with open(file, "rb") as stream:
        before = _stamp(os.fstat(stream.fileno()))

        def pieces() -> Iterator[bytes]:
            while piece := stream.read(_PIECE):
                digest.update(piece)
                seen(len(piece))
                yield piece

        whole = Stretch(file=file, start=0, end=before[0], stamp=before)
        is_lines = format_of(file) is Format.NDJSON
        if file.lower().endswith(PARQUET):
            for _ in pieces():
                pass
            _cut_rows(whole, digest.hexdigest(), parting)
        elif is_lines and not file.lower().endswith(PACKED):
            _cut_lines(whole, pieces(), parting)
        else:
            for piece in pieces():
                parting.digest.update(piece)
            parting.take(replace(whole, documents=0) if is_lines else whole)
            if is_lines:  # packed: they may be any number of documents
                parting.close()
        if _stamp(os.fstat(stream.fileno())) != before:
            raise input_changed(file)
    return InputFile(file=file, size=before[0], hash=digest.hexdigest())


def _cut_lines(whole: Stretch, pieces: Iterable[bytes], parting: _Parting) -> None:
    """Take stretches that end where a line does, each as long as the part being filled lacks."""
    start = at = 0
    first_line = line = 1
    is_blank = True
    for piece in pieces:
        is_blank = is_blank and not piece.removeprefix(MARK).strip()
        done = 0
        while done < len(piece):
            lacking = parting.room - (at - start)
            end = piece.find(b"\n", done + max(0, lacking - 1)) + 1
            part = piece[done : end or len(piece)]
            parting.digest.update(part)
            line += part.count(b"\n")
            at += len(part)
            done += len(part)
            if end:
                parting.take(_lines(whole, start, at, first_line, line))
                start, first_line = at, line
    if at > start:
        next_line = line if part.endswith(b"\n") else line + 1
        parting.take(_lines(whole, start, at, first_line, next_line))
    if is_blank:  # not passed over in silence, as no other file without a document is
        parting.take(whole)


def _lines(whole: Stretch, start: int, end: int, first_line: int, next_line: int) -> Stretch:
    return replace(
        whole,
        start=start,
        end=end,
        first_line=first_line,
        is_lines=True,
        documents=next_line - first_line,
    )


def _cut_rows(whole: Stretch, hash: str, parting: _Parting) -> None:
    """Take the row groups, which can be read by themselves, one or more of them for each part."""
    parting.close()
    try:
        groups = list(row_groups(whole.file))
    except DataUnreadable:  # who reads it will say so
        groups = []
    start = 0
    for group in groups:
        _take_rows(whole, hash, group, parting)
        if (group.end - start) * _PACKED_ROWS >= parting.part_size:
            parting.close()
            start = group.end
    if not groups:
        nothing = RowGroup(number=0, first_row=1, rows=1, start=0, end=whole.end)
        _take_rows(whole, hash, nothing, parting)
    parting.close()


def _take_rows(whole: Stretch, hash: str, group: RowGroup, parting: _Parting) -> None:
    parting.digest.update(f"{hash} {group.number}".encode())
    parting.take(
        replace(
            whole,
            start=group.start,
            end=group.end,
            first_line=group.first_row,
            rows=group.number,
            documents=group.rows,
        )
    )


def _stamp(found: os.stat_result) -> tuple[int, int]:
    return (found.st_size, found.st_mtime_ns)


def _not_lasting(file: str) -> Diagnostic:
    what = "standard input" if file == STDIN else f"`{file}`"
    return Diagnostic(
        code="P801",
        message=f"an audit cannot read {what}: it may have to read it again",
        help="put the documents into a file",
        file="" if file == STDIN else file,
    )
