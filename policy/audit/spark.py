"""The cluster engine: parts judged by the tasks of a Spark application, kept by the driver.

 driver  a job for every few parts, some jobs at a time: no part waits for the slowest
 node    spark_task: a part -> the files that hold what came of it, as rows of bytes
 driver  the files go into the folder of the part, as if a process of this machine had written them

Spark gives the parts of a node that is lost to another. A part over which one task after another
dies is left, the others are judged, and the run ends in words: `--resume` on one machine can put
the document aside that is at fault.
"""

from __future__ import annotations

import json
import os
import pickle
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from policy.audit.folder import writing
from policy.audit.job import Job
from policy.audit.part_judging import Assignment
from policy.audit.spark_task import COLUMNS, REFUSED, Errand, depends_on, judge_parts
from policy.audit.store import keep_part
from policy.audit.tally import Tally
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MOST_JOBS = 16
"""Jobs that run at a time; on a small cluster, two for each core."""

_MOST_GIVEN_UP = 8
"""Parts given up after which it is no longer the documents' fault."""

Batch = tuple[Assignment, ...]
Failures = tuple[type[Exception], ...]


class Cluster(Struct, frozen=True, kw_only=True):
    """Judges parts on the cluster that `master` names; empty: the one that Spark is set up for."""

    master: str = ""

    def run(self, job: Job, waiting: Sequence[Assignment]) -> Iterator[tuple[Assignment, Tally]]:
        """Yield each part when it is done, in whatever order.

        Raises PolicyError if there is no Spark, if a node has other specs or inputs than this
        machine, if parts had to be given up, or if there is no room left on the disk.
        """
        if not waiting:
            return
        errand = Errand(
            job=pickle.dumps(replace(job, cache="")),  # a folder of this machine
            depends_on=depends_on(job),
            folder=os.getcwd(),
            parts=(),
        )
        with _session(self.master) as (session, failures):
            yield from Running(
                session=session, failures=failures, errand=errand, waiting=list(waiting)
            ).results()


class Running(Struct, kw_only=True):
    """Jobs under way on a cluster. `failures`: how Spark says that a job failed. `given_up`: parts
    over which tasks kept dying."""

    session: SparkSession
    failures: Failures
    errand: Errand
    waiting: list[Assignment]
    under_way: dict[Future[list[Any]], Batch] = field(default_factory=dict)
    given_up: list[Assignment] = field(default_factory=list)

    def results(self) -> Iterator[tuple[Assignment, Tally]]:
        """Yield each part when its files are kept."""
        self.waiting.reverse()
        threads = ThreadPoolExecutor(_MOST_JOBS)
        try:
            self._fill(threads)
            while self.under_way:
                ended, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
                for each in ended:
                    batch = self.under_way.pop(each)
                    self._fill(threads)
                    yield from self._kept(batch, each)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
        if self.given_up:
            raise PolicyError(_gave_up(self.given_up))

    def _fill(self, threads: ThreadPoolExecutor) -> None:
        """Begin as many jobs as the cluster, which may have grown, can use."""
        cores = self.session.sparkContext.defaultParallelism
        size = max(1, cores // (_MOST_JOBS // 2))
        while self.waiting and len(self.under_way) < min(_MOST_JOBS, 2 * cores):
            batch = tuple(self.waiting.pop() for _ in range(min(size, len(self.waiting))))
            self.under_way[threads.submit(self._rows, batch)] = batch

    def _rows(self, batch: Batch) -> list[Any]:
        """Judge parts on the cluster, one in each task."""
        errand = replace(self.errand, parts=tuple(work.part for work in batch))
        numbers = self.session.range(0, len(batch), 1, len(batch))
        rows: list[Any] = numbers.mapInArrow(partial(judge_parts, errand), COLUMNS).collect()
        return rows

    def _kept(self, batch: Batch, job: Future[list[Any]]) -> Iterator[tuple[Assignment, Tally]]:
        files: dict[int, dict[str, bytes]] = defaultdict(dict)
        try:
            for row in job.result():
                files[row["part"]][row["name"]] = bytes(row["content"])
        except self.failures as error:
            if "No module named 'policy" in str(error):
                raise PolicyError(_not_installed()) from None
            self.given_up += batch
            if len(self.given_up) > _MOST_GIVEN_UP * len(batch):
                raise PolicyError(_gave_up(self.given_up)) from None
            return
        for work in batch:
            yield work, _keep(work, files[work.part.number])


def _keep(work: Assignment, files: dict[str, bytes]) -> Tally:
    if REFUSED in files:
        raise PolicyError(Diagnostic(**json.loads(files[REFUSED])))
    with writing(work.folder):
        keep_part(work.folder, files)
    return Tally.from_json(json.loads(files["part.json"]))


@contextmanager
def _session(master: str) -> Iterator[tuple[SparkSession, Failures]]:
    """Begin a Spark application, and end it with all that is still running there."""
    try:
        import pandas  # noqa: F401 - mapInArrow asks for it, late and in other words
        import pyarrow  # noqa: F401
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise PolicyError(_no_spark(f"`{error.name}` is not installed")) from error
    failures = (Py4JError, PySparkException)
    builder = SparkSession.builder.appName("policy audit")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    if master:
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
    except (*failures, OSError) as error:
        raise PolicyError(_no_spark("Spark does not start; what it said stands above")) from error
    try:
        yield session, failures
    finally:
        session.stop()


def _no_spark(why: str) -> Diagnostic:
    return Diagnostic(
        code="P820",
        message=f"the audit cannot run on a cluster: {why}",
        help="install `btec-policy[audit,spark]` and Java 17, and see that --master is right",
    )


def _gave_up(parts: Sequence[Assignment]) -> Diagnostic:
    first = min(parts, key=lambda work: work.part.number).part.stretches[0]
    more = f", and {len(parts) - 1} more" if len(parts) > 1 else ""
    return Diagnostic(
        code="P821",
        message=f"the cluster gave up on documents in `{first.file}` from number "
        f"{first.first_line}{more}",
        help="go on with --resume and --engine local, which puts aside the document at fault",
        file=first.file,
    )


def _not_installed() -> Diagnostic:
    return Diagnostic(
        code="P822",
        message="a node of the cluster does not have this program",
        help="install the same version on every node, or send it with the application",
    )
