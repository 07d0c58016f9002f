"""The folder that a run owns: whether it may have it, and where it stands in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from policy.audit.inputs import Inputs, Part
from policy.audit.manifest import BEGUN, MANIFEST, read_json, read_manifest, refuse_another
from policy.audit.store import DRAFT, cannot_write, write_json
from policy.audit.tables import TABLES
from policy.audit.tally import Tally
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic

LOCK, PARTS = ".lock", "parts"


@contextmanager
def owned(folder: Path) -> Iterator[None]:
    """Make the folder, and hold it for this run alone; the lock goes when all its processes have
    gone. Raises PolicyError if it cannot be had."""
    import fcntl

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("w", encoding="utf-8")
    with lock:
        try:
            with writing(folder):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PolicyError(_in_use(folder)) from None
        yield


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what keeps results from being written into a PolicyError."""
    try:
        yield
    except BlockingIOError:
        raise
    except OSError as error:
        raise PolicyError(cannot_write(folder, error)) from error


def refuse_inside(folder: Path, paths: Iterable[str]) -> None:
    """Raise PolicyError if results would lie among the input: the next run would read them."""
    for path in map(Path, paths):
        if path.is_dir() and folder.resolve().is_relative_to(path.resolve()):
            raise PolicyError(_inside(folder, path))


def refuse_results(files: Iterable[str]) -> None:
    """Raise PolicyError if files are the tables of an audit, finished or not, and no centres."""
    names: dict[Path, set[str]] = {}
    for file in map(Path, files):
        names.setdefault(file.parent, set()).add(file.name)
    tables = {f"{table}.parquet" for table in TABLES}
    for folder, found in names.items():
        if tables <= found:
            raise PolicyError(_are_results(folder))


def refuse_taken(folder: Path, *, resume: bool) -> None:
    """Raise PolicyError if the folder holds something else than the run that is to go on."""
    if any((folder / name).exists() for name in (MANIFEST, BEGUN)):
        if not resume:
            raise PolicyError(_holds_a_run(folder))
        return
    strangers = sorted(path.name for path in folder.iterdir() if not _is_ours(path.name))
    if strangers:
        raise PolicyError(_not_empty(folder, strangers[0]))


def where_it_stands(
    folder: Path, begun: Mapping[str, Any], inputs: Inputs
) -> tuple[Tally | None, dict[int, Tally]]:
    """Return the tally of a run that is done, None for any other, and the parts that are done.

    A run that was not begun is begun. Raises PolicyError if the run was begun with something else.
    """
    for name in (MANIFEST, BEGUN):
        if not (folder / name).exists():
            continue
        before = read_json(folder / name)
        refuse_another(before, begun, folder)
        if name == MANIFEST:
            return Tally.from_json(read_manifest(folder)["totals"]), {}
        return None, dict(_parts_done(folder / PARTS, inputs.parts))
    write_json(folder / BEGUN, begun)
    return None, {}


def tidy(folder: Path) -> None:
    """Remove what only a run that is under way needs."""
    shutil.rmtree(folder / PARTS, ignore_errors=True)
    (folder / BEGUN).unlink(missing_ok=True)


def _is_ours(name: str) -> bool:
    """Whether a name is of what a run that was killed at its very beginning may leave."""
    return name in (LOCK, BEGUN + DRAFT)


def _parts_done(folder: Path, parts: Sequence[Part]) -> Iterator[tuple[int, Tally]]:
    for part in parts:
        about = folder / f"{part.number:06}" / "part.json"
        if about.exists():
            found = read_json(about, "hash", *Tally().as_json())
            if found["hash"] == part.hash:
                yield part.number, Tally.from_json(found)


def _in_use(folder: Path) -> Diagnostic:
    return Diagnostic(
        code="P809",
        message=f"another audit is writing to `{folder}`",
        help="wait for it, or name another folder",
        file=str(folder),
    )


def _inside(folder: Path, path: Path) -> Diagnostic:
    return Diagnostic(
        code="P817",
        message=f"the folder for results, `{folder}`, lies inside the input `{path}`",
        help="name a folder outside: otherwise the next run would read the results",
        file=str(folder),
    )


def _are_results(folder: Path) -> Diagnostic:
    return Diagnostic(
        code="P817",
        message=f"the input `{folder}` holds the results of an audit",
        help="name the input without it, or move the results elsewhere",
        file=str(folder),
    )


def _holds_a_run(folder: Path) -> Diagnostic:
    return Diagnostic(
        code="P810",
        message=f"`{folder}` holds an audit already",
        help="--resume goes on with it; otherwise name another folder",
        file=str(folder),
    )


def _not_empty(folder: Path, stranger: str) -> Diagnostic:
    return Diagnostic(
        code="P811",
        message=f"`{folder}` holds something else, such as `{stranger}`",
        help="name a folder that is empty or not there yet",
        file=str(folder),
    )
