"""What a pack was made of: files and folders, and whether they still are what they were.

The state of a file as the system tells it (size, times, number) settles most questions without
reading; where it differs, the contents decide. So a file that was only touched, or fetched again,
changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

State = tuple[int, ...]
Observation = tuple[str, str, "State | None", str]
"""Kind (FILE, FOLDER or PLACE), path, state (None: there is nothing), what it holds: a digest, of
a folder the names."""

FILE, FOLDER, PLACE = "file", "folder", "place"
"""A place is a folder in which distributions may be installed: only their names matter."""

_INSTALLED = (".dist-info", ".egg-info", ".egg", ".egg-link", ".pth")


def state_of(path: str) -> State | None:
    """Return what the system says of a file or folder, None if there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return (
        found.st_mode,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
        found.st_ino,
    )


def observe(kind: str, path: str) -> Observation:
    """Look at a file or folder."""
    state = state_of(path)
    return kind, path, state, "" if state is None else _digest(kind, path)


def is_as_it_was(observation: Observation) -> bool:
    """Whether what was observed is still so."""
    kind, path, then, digest = observation
    now = state_of(path)
    if now == then:
        return True
    return now is not None and then is not None and _digest(kind, path) == digest


def changed_last(observations: Iterable[Observation]) -> int:
    """Return when the youngest of them changed, in nanoseconds of the file system's clock.

    Places do not count: anybody may work there, and what is installed has files of its own.
    """
    changed = (
        max(state[2], state[3])
        for kind, _, state, _ in observations
        if state is not None and kind != PLACE
    )
    return max(changed, default=0)


def _digest(kind: str, path: str) -> str:
    try:
        if kind == FILE:
            from hashlib import sha256

            with open(path, "rb") as file:
                return sha256(file.read()).hexdigest()
        names = [name for name in os.listdir(path) if _matters(kind, name)]
    except OSError:
        return "?"  # equals no digest
    return repr(sorted(names))


def _matters(kind: str, name: str) -> bool:
    return name.endswith(_INSTALLED) if kind == PLACE else name[0] not in "._"


def tree(folder: str, endings: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield the kind and path of a folder, and of everything in it that may matter.

    `endings`: of the only files that do; hidden names and those that begin with `_` do not, but
    for modules.
    """
    yield FOLDER, folder
    try:
        entries = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            yield from tree(entry.path, endings)
        elif not endings or entry.name.endswith(endings):
            yield FILE, entry.path


def places(path: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield where plugins may be installed: each place, and what its distributions offer."""
    for place in dict.fromkeys(os.path.abspath(each or ".") for each in path):
        yield PLACE, place
        try:
            names = sorted(os.listdir(place))
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                yield FILE, os.path.join(place, name, "entry_points.txt")
            if name.endswith(".egg-info"):  # its name need not tell its version
                yield FILE, os.path.join(place, name, "PKG-INFO")
