"""From the name of a file to its bytes, unpacked, piece by piece.

Raises `DataUnreadable` with the diagnostic, which `reading` turns into a document without data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import BinaryIO

from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic

STDIN = "-"
STDIN_NAME = "<stdin>"
PIECE = 1 << 16
"""Bytes read at once."""

# One block of zstd, four bytes, may unpack to 128 KiB: a small piece keeps a bomb at 64 MiB.
_ZST_PIECE = 1 << 11
_GZIP_MAGIC = b"\x1f\x8b"
_ZST_MAGIC = b"\x28\xb5\x2f\xfd"


def pieces(path: str, stdin: BinaryIO | None = None) -> Iterator[bytes]:
    """Yield the bytes of the file, unpacked if its name ends in .gz or .zst.

    Standard input has no name: there the first bytes tell whether it is packed.
    """
    if path == STDIN:
        if stdin is None and sys.stdin is None:  # it was closed before the process began
            raise DataUnreadable(
                Diagnostic(
                    code="P501",
                    message="standard input is closed",
                    help="pipe a document into it, or name a file",
                    file=STDIN_NAME,
                )
            )
        yield from _standard_input(stdin if stdin is not None else sys.stdin.buffer)
        return
    try:
        with open(path, "rb") as file:
            yield from _unpacked(path, file, path.lower().rpartition(".")[2])
    except OSError as error:
        raise _cannot_open(path, error) from None


def _standard_input(stdin: BinaryIO) -> Iterator[bytes]:
    file = _Ahead(stdin)
    head = file.head
    kind = "gz" if head.startswith(_GZIP_MAGIC) else "zst" if head.startswith(_ZST_MAGIC) else ""
    yield from _unpacked(STDIN_NAME, file, kind)


class _Ahead:
    """A stream whose first piece was looked at and is still to be read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.head = file.read(PIECE)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size` of them."""
        if not self.head:
            return self._file.read(size)
        piece, self.head = (self.head, b"") if size < 0 else (self.head[:size], self.head[size:])
        return piece


def _unpacked(name: str, file: BinaryIO | _Ahead, kind: str) -> Iterator[bytes]:
    if kind == "gz":
        yield from _gunzip(name, file)
    elif kind == "zst":
        yield from _unzstd(name, file)
    else:
        while piece := file.read(PIECE):
            yield piece


def _gunzip(name: str, file: BinaryIO | _Ahead) -> Iterator[bytes]:
    import gzip
    import zlib

    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as packed:  # type: ignore[arg-type]
            while piece := packed.read(PIECE):
                yield piece
    except EOFError:
        raise _damaged(name, "gzip", "it ends too early") from None
    except (gzip.BadGzipFile, zlib.error):
        raise _damaged(name, "gzip", "its contents are not what they were") from None


def _unzstd(name: str, file: BinaryIO | _Ahead) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError:
        raise DataUnreadable(
            Diagnostic(
                code="P516",
                message="reading zstd needs the library `zstandard`, which is not installed",
                help="install it, or unpack the file first",
                file=name,
            )
        ) from None
    frame = zstandard.ZstdDecompressor().decompressobj()
    begun = False
    try:
        while packed := file.read(_ZST_PIECE):
            while packed:
                begun = True
                if piece := frame.decompress(packed):
                    yield piece
                packed = b""
                if frame.eof:
                    packed, begun = frame.unused_data, False
                    frame = zstandard.ZstdDecompressor().decompressobj()
    except zstandard.ZstdError:
        raise _damaged(name, "zstd", "its contents are not what they were") from None
    if begun:
        raise _damaged(name, "zstd", "it ends too early")


def _damaged(name: str, kind: str, how: str) -> DataUnreadable:
    return DataUnreadable(
        Diagnostic(
            code="P513",
            message=f"the {kind} file is damaged: {how}",
            help="fetch or make the file again",
            file=name,
        )
    )


def _cannot_open(path: str, error: OSError) -> DataUnreadable:
    reasons = {
        FileNotFoundError: "there is no such file",
        IsADirectoryError: "it is a folder",
        PermissionError: "it may not be read",
    }
    why = reasons.get(type(error), (error.strerror or "reading failed").lower())
    return DataUnreadable(
        Diagnostic(
            code="P501",
            message=f"`{path}` cannot be opened: {why}",
            help="check the path and the permissions",
            file=path,
        )
    )
