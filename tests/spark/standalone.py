"""A Spark cluster on this machine: a master and two workers, each with one core.

And whom to kill in it: the processes of its nodes are found as descendants of the workers started
here, so nobody else's are touched.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 900.0
"""Seconds after which something that should happen is said not to."""

_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_EXECUTOR = "CoarseGrainedExecutorBackend"
_HERE = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Standalone:
    """A running cluster: its name for `--master`, and the ids of its worker processes."""

    master: str
    workers: tuple[int, ...]

    def executors(self) -> list[int]:
        """Return the processes that run tasks."""
        return [pid for pid in self._descendants() if _EXECUTOR in _command(pid)]

    def busy(self) -> list[int]:
        """Return the Python processes that judge, which are those that a daemon forked."""
        daemons = [pid for pid in self._descendants() if "pyspark.daemon" in _command(pid)]
        return [pid for pid in daemons if _parent(pid) in daemons]

    def _descendants(self) -> list[int]:
        children: dict[int, list[int]] = {}
        for path in Path("/proc").iterdir():
            if path.name.isdigit():
                children.setdefault(_parent(int(path.name)), []).append(int(path.name))
        found = list(self.workers)
        for pid in found:
            found += children.get(pid, ())
        return found[len(self.workers) :]


@contextmanager
def standalone(folder: Path) -> Iterator[Standalone]:
    """Start a cluster that keeps its files in `folder`; end it."""
    with ExitStack() as stack:
        log = folder / "master.log"
        stack.enter_context(_daemon(log, _MASTER, "--port", "0"))
        master = _said(log, r"Starting Spark master at (spark://\S+)")
        workers = []
        for name in ("worker1", "worker2"):
            options = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / name))
            log = folder / f"{name}.log"
            workers.append(stack.enter_context(_daemon(log, _WORKER, *options, master)))
            _said(log, r"Successfully registered with master (\S+)")
        yield Standalone(master=master, workers=tuple(workers))


def end(pid: int) -> None:
    """Kill a process, unless it has just ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def eventually(happens: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until something happens while a process runs; AssertionError if it does not."""
    until = time.monotonic() + PATIENCE
    while not happens():
        assert process.poll() is None, f"it ended before: {process.communicate()}"
        assert time.monotonic() < until, "it does not happen"
        time.sleep(0.05)


def environment() -> dict[str, str]:
    """Return what processes of Spark are started with."""
    return {
        **os.environ,
        "SPARK_LOCAL_IP": _HERE,
        "PYSPARK_PYTHON": sys.executable,
    }


@contextmanager
def _daemon(log: Path, name: str, *arguments: str) -> Iterator[int]:
    import pyspark

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    command = [str(program), name, "--host", _HERE, "--webui-port", "0", *arguments]
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=subprocess.STDOUT, env=environment(), cwd=log.parent
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _said(log: Path, pattern: str) -> str:
    """Return what a process writes to its log, sooner or later."""
    until = time.monotonic() + PATIENCE
    while True:
        text = log.read_text("utf-8")
        if found := re.search(pattern, text):
            return found[1]
        assert time.monotonic() < until, text
        time.sleep(0.1)


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
    return ""


def _parent(pid: int) -> int:
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1])
    return 0
