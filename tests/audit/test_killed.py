"""A run that is killed, again and again, comes to what an undisturbed one comes to."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audit.line_runs import ROOT, contents
from tests.audit.toy_job import lines

CENTRES = 24


def start(out: Path, source: Path, *how: str) -> subprocess.Popen[bytes]:
    """Begin a run in a group of processes of its own."""
    command = [sys.executable, "-m", "tests.audit.toy_job", str(out), str(source), "2", *how]
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def parts(out: Path) -> int:
    """Return how many parts are done."""
    return len(list(out.glob("parts/*/part.json")))


MOMENTS: tuple[Callable[[Path], bool], ...] = (
    lambda out: (out / "begun.json").exists(),
    lambda out: parts(out) >= 1,
    lambda out: parts(out) >= CENTRES // 2,
    lambda out: any(out.glob("*.parquet*")),
)
"""When to kill: before anything is judged, twice on the way, and while tables are put together."""


def test_killed_at_four_moments(tmp_path: Path) -> None:
    """Kill -9 of all its processes; what was done is kept, and nothing comes twice."""
    source = tmp_path / "x.ndjson"
    source.write_bytes(lines(*["Slow"] * CENTRES))
    whole = start(tmp_path / "whole", source)
    out = tmp_path / "out"
    done = 0
    killed = 0
    for moment in MOMENTS:
        running = start(out, source, "resume")
        while running.poll() is None and not moment(out):
            time.sleep(0.001)
        killed += running.poll() is None
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert parts(out) >= done or not (out / "parts").exists()
        done = parts(out)
    assert start(out, source, "resume").wait(timeout=600) == 0
    assert whole.wait(timeout=600) == 0
    assert contents(out) == contents(tmp_path / "whole")
    assert killed >= 2


def test_the_others_end_with_the_first_process(tmp_path: Path) -> None:
    """A process that nobody listens to any more ends, and lets go of the folder."""
    source = tmp_path / "x.ndjson"
    source.write_bytes(lines(*["Slow"] * CENTRES))
    out = tmp_path / "out"
    running = start(out, source)
    while parts(out) < 1:
        time.sleep(0.001)
    running.kill()
    running.wait()
    end = time.monotonic() + 60
    while _is_held(out):
        if time.monotonic() > end:
            os.killpg(running.pid, signal.SIGKILL)
            pytest.fail("a process is left over")
        time.sleep(0.01)
    assert start(out, source, "resume").wait(timeout=600) == 0
    assert (out / "manifest.json").exists()


def _is_held(out: Path) -> bool:
    """Return whether any process of a run holds the folder."""
    with (out / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
