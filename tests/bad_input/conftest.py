"""A small installation that works, so that what a test breaks is all that is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from policy.cli.error_boundary import run
from policy.cli.group import policy
from policy.plugins import LoadedSuites

ROOT = Path(__file__).parents[2]
CENTRE = ROOT / "tests" / "fixtures" / "tiny.json"
SPEC = """language 1
spec house "House rules" for 2025/26

parameter marking = 10 "days an assessor has to mark" setting
parameter manner: one of (strict, kind) = strict "how to judge" setting
parameter window = 10 working days "to hand in again" setting
parameter share = 0.8 "of work to sample" setting
parameter from_day = 2025-09-01 "when the rules begin" setting
parameter is_loud = true "whether to mind" setting
table limits (key kind: submission.kind, days: integer) from "tables/limits.csv"

rule assessed_in_time "Work is assessed in time"
  cites HSE-001
  for each submission s
  when is_loud and manner is strict and share > 0.5 and s.submitted_on >= from_day
  must s.assessed_on <= window after s.submitted_on
  breach "assessed on {s.assessed_on}, handed in on {s.submitted_on}"
  owner assessor

rule signed "Learners sign their work"
  cites HSE-002
  for each submission s
  should s.is_signed_by_learner
  breach "not signed"

rule known_limit "There is a limit"
  cites HSE-002
  for each submission s
  should limits[s.kind].days < marking * 5

rule named "The learner is somebody else"
  cites HSE-002
  for each learner l
  should l.name != l.registration_number
  breach "registered as {l.name}"

example "signed work"
  given "examples/tiny.json" as at 2026-01-10
  expect signed met for submission S1
"""
CLAUSES = """guide: HSE
title: House rules
clauses:
  - {id: HSE-001, where: page 1, strength: must, checkable: "yes", says: Work is marked.}
  - {id: HSE-002, where: page 1, strength: must, checkable: "yes", says: Work is signed.}
"""
LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
sys.argv = ["policy", *sys.argv[1:]]
runpy.run_module("policy", run_name="__main__")
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both streams, every stretch of blanks one blank: lines are wrapped."""
        return " ".join((self.out + self.err).split())


Call = Callable[..., Ended]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a folder with the spec, its clauses, its table and a document."""
    folder = tmp_path / "installed"
    for name in ("clauses", "house/tables", "house/examples"):
        (folder / name).mkdir(parents=True)
    (folder / "clauses" / "hse.yaml").write_text(CLAUSES, "utf-8")
    (folder / "house" / "house.policy").write_text(SPEC, "utf-8")
    (folder / "house" / "tables" / "limits.csv").write_text("kind,days\nfirst,20\n", "utf-8")
    (folder / "house" / "examples" / "tiny.json").write_bytes(CENTRE.read_bytes())
    return folder


@pytest.fixture
def spec(home: Path) -> Path:
    """Return the spec, to be broken."""
    return home / "house" / "house.policy"


@pytest.fixture
def call(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Return what runs `policy` in this process, with nothing installed but `home`."""
    monkeypatch.setattr("policy.catalogue.files", lambda package: home)
    monkeypatch.setattr("policy.pack.discover", lambda *names: LoadedSuites())

    def run_policy(*arguments: object) -> Ended:
        code = run(policy, [str(item) for item in arguments])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run_policy


@pytest.fixture
def check(call: Call, spec: Path) -> Call:
    """Return what runs `policy check` on a document with the house rules."""

    def run_check(path: object, *arguments: object) -> Ended:
        return call("check", path, "--spec", spec, "--as-at", "2026-05-01", *arguments)

    return run_check


def policy_in_a_process(*arguments: object, memory: int = 0, **options: Any) -> Any:
    """Start `policy` in a process of its own, with at most `memory` bytes if given."""
    start = ["-c", LIMITED.format(limit=memory)] if memory else ["-m", "policy"]
    return subprocess.Popen(
        [sys.executable, *start, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
