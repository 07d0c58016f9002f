"""From files and folders to the files that hold documents, in a fixed order.

Folders are searched to any depth, names that begin with a dot are passed over, and a file is read
once however often it is named. What is no data file is passed over inside a folder; named by
itself it is read, and refused by its reader.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from msgspec import Struct

from policy.data.readers.reading import format_of
from policy.data.readers.streams import STDIN
from policy.model.diagnostics import Diagnostic


class Discovered(Struct, frozen=True, kw_only=True):
    """The files in order, as they are to be named in reports, and what was not found."""

    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


def discover(paths: Iterable[str], more: tuple[str, ...] = ()) -> Discovered:
    """Return the files that `paths` name: files, folders, or `-` for standard input.

    `more`: endings of further names that are data files inside a folder.
    """
    files: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for path in paths:
        if path == STDIN:
            files.setdefault(STDIN, STDIN)
        elif os.path.isdir(path):
            inside = list(_files_below(path, diagnostics, more))
            if not inside:
                diagnostics.append(_nothing_in(path, more))
            for file in inside:
                files.setdefault(os.path.realpath(file), file)
        else:
            files.setdefault(os.path.realpath(path), path)
    return Discovered(files=tuple(files.values()), diagnostics=tuple(diagnostics))


def _files_below(
    folder: str, diagnostics: list[Diagnostic], more: tuple[str, ...]
) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        diagnostics.append(
            Diagnostic(
                code="P501",
                message=f"the folder `{error.filename}` cannot be opened",
                file=str(error.filename),
            )
        )

    seen: set[str] = set()
    for place, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            is_data = format_of(name) is not None or name.lower().endswith(more or "/")
            if is_data and not name.startswith("."):
                yield os.path.join(place, name)


def _nothing_in(folder: str, more: tuple[str, ...]) -> Diagnostic:
    endings = ", ".join((".json", ".yaml", ".yml", ".ndjson", *more))
    return Diagnostic(
        code="P503",
        message=f"there is no data file in the folder `{folder}`",
        help=f"data files end in {endings} or .jsonl, perhaps with .gz or .zst",
        file=folder,
    )
