"""Audits on a real Spark: the files are those that one machine makes, whatever happens to it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.spark.conftest import Ground
from tests.spark.standalone import PATIENCE, Standalone, end, eventually

pytestmark = pytest.mark.spark

UNTRUSTED = 2
"""The exit code of a run that some document, or the machine, kept from being whole."""


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a command; return its exit code and all that it wrote."""
    out, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, out + errors


def tasks(events: Path) -> list[dict[str, Any]]:
    """Return what Spark says of how tasks ended."""
    texts = [path.read_bytes() for path in events.rglob("events_*")]
    told = [json.loads(line) for text in texts for line in text.splitlines()]
    return [each["Task End Reason"] for each in told if each["Event"] == "SparkListenerTaskEnd"]


def parts_done(folder: Path) -> list[Path]:
    """Return the parts that a run has kept so far."""
    return sorted(folder.glob("parts/*/part.json"))


def test_a_cluster_makes_the_files_that_one_machine_makes(
    cluster: Standalone, ground: Ground
) -> None:
    """Tables and manifest are the same bytes, and so are the last words and the exit code."""
    run = ground.begin("--out", "spark", "--engine", "spark", "--master", cluster.master)
    code, said = ended(run)
    assert "2 documents could not be judged" in said
    assert code == UNTRUSTED
    assert ground.made("spark") == ground.made("alone")


def test_a_node_that_is_killed_changes_nothing(
    cluster: Standalone, ground: Ground, tmp_path: Path
) -> None:
    """What a node was doing when it died is done again by another, and nothing twice."""
    events = tmp_path / "events"
    words = ("--out", "killed", "--engine", "spark", "--master", cluster.master)
    run = ground.begin(*words, events=events)
    eventually(cluster.busy, run)
    end(cluster.executors()[0])
    ended(run)
    assert "ExecutorLostFailure" in [each["Reason"] for each in tasks(events)]
    assert ground.made("killed") == ground.made("alone")


def test_a_driver_that_is_killed_goes_on_where_it_stood(
    cluster: Standalone, ground: Ground, tmp_path: Path
) -> None:
    """With --resume no part that is kept is judged again."""
    events = tmp_path / "events"
    words = ("--out", "resumed", "--engine", "spark", "--master", cluster.master)
    run = ground.begin(*words)
    eventually(lambda: parts_done(ground.folder / "resumed"), run)
    run.kill()
    run.communicate()
    done = len(parts_done(ground.folder / "resumed"))
    ended(ground.begin(*words, "--resume", events=events))
    parts = len(list((ground.folder / "centres").glob("*.gz"))) + 1
    # What Spark itself still finishes after the kill may be kept too, after it was counted.
    assert 0 < len(tasks(events)) <= parts - done
    assert ground.made("resumed") == ground.made("alone")


def test_what_a_cluster_gives_up_one_machine_can_finish(
    cluster: Standalone, ground: Ground
) -> None:
    """Where one task after another dies the run ends in words, and goes on without Spark."""
    run = ground.begin("--out", "finished", "--engine", "spark", "--master", cluster.master)
    while run.poll() is None:
        for pid in cluster.busy():
            end(pid)
    code, said = ended(run)
    assert code == UNTRUSTED
    assert "P821" in said
    assert "go on with --resume and --engine local" in said
    assert not (ground.folder / "finished" / "manifest.json").exists()
    ended(ground.begin("--out", "finished", "--resume", "--workers", "1"))
    assert ground.made("finished") == ground.made("alone")


def test_a_cluster_that_is_not_there_is_said(ground: Ground) -> None:
    """The words of Spark are many; ours say what to look at."""
    run = ground.begin("--out", "nowhere", "--engine", "spark", "--master", "no-such-thing")
    code, said = ended(run)
    assert code == UNTRUSTED
    assert "P820" in said
    assert "and see that --master" in said
