"""What a node of a cluster does: parts in, the files that hold what came of them out.

It is the function that a process of the local engine maps, between two precautions: the node must
see the same bytes and hold the same specs as the driver, and what goes wrong says nothing of data.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import pickle
import socket
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec import Struct

from policy.audit.inputs import Inputs, Part, hash_of
from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.manifest import made_of
from policy.audit.part_judging import Assignment, judge_part
from policy.audit.time_limit import limited
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = "part long, name string, content binary"
"""Types of the columns that `judge_parts` yields, in the words of Spark."""

REFUSED = "refused.json"
"""Name of the file that stands for a part which the node will not judge: code, words, help."""

_GRACE = 5.0
"""Seconds that a process may be silent besides the time that a plugin has."""


class Errand(Struct, frozen=True, kw_only=True):
    """Parts for a node. `job`: pickled; `depends_on`: see `without_inputs`, as JSON.

    `folder`: where the driver stands, for paths that do not begin at the root.
    """

    job: bytes
    depends_on: str
    folder: str
    parts: tuple[Part, ...]


def depends_on(job: Job) -> str:
    """Return, as JSON, what results depend on besides the inputs, as it is in this process."""
    return _loaded(job)[1]


def judge_parts(errand: Errand, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Judge those parts of an errand that the column `id` names; yield a row for each file."""
    import pyarrow as pa

    types = pa.schema([("part", pa.int64()), ("name", pa.string()), ("content", pa.binary())])
    for batch in batches:
        for at in batch.column("id").to_pylist():
            part = errand.parts[at]
            for name, content in _files(errand, part).items():
                columns = {"part": [part.number], "name": [name], "content": [content]}
                yield pa.RecordBatch.from_pydict(columns, types)


def _files(errand: Errand, part: Part) -> dict[str, bytes]:
    room = os.path.abspath(_room())
    try:
        with chdir(errand.folder) if os.path.isdir(errand.folder) else nullcontext():
            return _judged(errand, part, room)
    except PolicyError as error:
        first = error.diagnostics[0]
        about = {"code": first.code, "message": first.message, "help": first.help}
        return {REFUSED: json.dumps(about).encode()}
    except OSError:
        raise
    except Exception as bug:  # noqa: BLE001 - said in words that Spark may log
        # The text of an exception may quote the data.
        raise RuntimeError(f"a mistake in policy itself, {type(bug).__name__}") from None


def _judged(errand: Errand, part: Part, room: str) -> dict[str, bytes]:
    job, judge, here = _settled(errand.job)
    if here != errand.depends_on:
        raise PolicyError(_differs("its specs or versions are not those of the driver"))
    _must_be_here(part)
    with TemporaryDirectory(dir=room, prefix="policy-") as temporary, _timed(job) as begun:
        work = Assignment(part=part, folder=Path(temporary) / "part")
        judge_part(judge, work, begun)
        return {path.name: path.read_bytes() for path in sorted(work.folder.iterdir())}


@lru_cache(maxsize=1)
def _settled(pickled: bytes) -> tuple[Job, Judge, str]:
    """Load what a job needs once: a process of a cluster judges many parts."""
    job: Job = pickle.loads(pickled)
    judge, here = _loaded(job)
    gc.collect()
    gc.freeze()
    gc.disable()  # `judge_part` collects between documents, when there is little to go through
    return job, judge, here


def _loaded(job: Job) -> tuple[Judge, str]:
    ready = job.ready()
    if ready.pack.has_errors:
        raise PolicyError(_differs("the specs cannot be loaded there"))
    made = made_of(job, ready.pack, Inputs(files=(), parts=()))
    return Judge(ready, job.as_at, trusting=job.trusting), json.dumps(made, sort_keys=True)


@contextmanager
def _timed(job: Job) -> Iterator[Callable[[int], None]]:
    """Limit how long plugins may take; give what is to be told of each document.

    A plugin that does not let itself be ended ends the process, and Spark tries elsewhere.
    """

    def alive() -> None:
        if job.seconds is not None:
            faulthandler.dump_traceback_later(job.seconds + _GRACE, exit=True)

    with limited(job.seconds, alive) as watch:
        try:
            yield lambda number: watch.next_document() if watch else None
        finally:
            faulthandler.cancel_dump_traceback_later()


def _must_be_here(part: Part) -> None:
    """Refuse a part whose bytes are not here, or are others than the driver read."""
    first = part.stretches[0]
    try:
        if first.rows is None:
            is_same = hash_of(part.stretches) == part.hash
        else:  # rows lie all over their file, which may be large: its size must do
            is_same = os.stat(first.file).st_size == first.stamp[0]
    except OSError:
        raise PolicyError(_differs(f"`{first.file}` cannot be read there")) from None
    if not is_same:
        raise PolicyError(_differs(f"`{first.file}` holds something else there"))


def _room() -> str:
    """Return the folder that Spark clears when it is done."""
    from pyspark import SparkFiles

    return str(SparkFiles.getRootDirectory())


def _differs(why: str) -> Diagnostic:
    return Diagnostic(
        code="P822",
        message=f"the node `{socket.gethostname()}` would not come to the same: {why}",
        help="every node needs the same paths, specs and versions; then go on with --resume",
    )
