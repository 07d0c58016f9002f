"""The command line run in this process, with an engine that returns what a test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from policy.cli.error_boundary import run
from policy.cli.group import policy
from policy.model.findings import DemandResult, DocumentResult, Finding, Report, RunInfo, Subject
from policy.model.outcomes import Counts, Outcome, Severity


@dataclass
class Ended:
    """How a command ended: exit code and both streams."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Run `policy` with arguments and return how it ended."""

    def run_policy(*arguments: str) -> Ended:
        code = run(policy, arguments)
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run_policy


@dataclass
class FakePack:
    """What the fake engine loads."""

    specs: tuple[Any, ...] = ()
    libraries: tuple[Any, ...] = ()
    checked: tuple[Any, ...] = ()
    catalogue: Any = field(default_factory=lambda: SimpleNamespace(trees=lambda: ()))
    suites: dict[str, Any] = field(default_factory=dict)
    register: dict[str, Any] = field(default_factory=dict)
    diagnostics: tuple[Any, ...] = ()
    has_errors: bool = False


@dataclass
class FakeEngine:
    """Remembers what it was asked, and answers with `report` or raises `mistake`."""

    report: Report | None = None
    mistake: BaseException | None = None
    pack: FakePack = field(default_factory=FakePack)
    asked: dict[str, Any] = field(default_factory=dict)

    def load_pack(self, *arguments: Any, with_libraries: bool = False) -> FakePack:
        """Return the pack."""
        self.asked["load_pack"] = arguments
        return self.pack

    def check(self, pack: FakePack, *arguments: Any, **options: Any) -> Report:
        """Return the report, or raise."""
        assert pack is self.pack
        self.asked["check"] = arguments
        if self.mistake:
            raise self.mistake
        assert self.report
        return self.report


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Put a fake in the place of the pack maker and the engine."""
    fake = FakeEngine(report=make_report())
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")  # where there can be no cache
    monkeypatch.setattr("policy.pack.load_pack", fake.load_pack)
    monkeypatch.setattr("policy.engine.check", fake.check)
    return fake


def make_finding(
    outcome: Outcome = Outcome.BREACHED, severity: Severity = Severity.MUST
) -> Finding:
    """Return a finding."""
    return Finding(
        spec="toy",
        edition="2025/26",
        rule="used_once",
        title="A version is used once",
        clauses=("TOY-1",),
        severity=severity,
        outcome=outcome,
        subject=Subject(type="submission", id="S9"),
        document="college.json",
        message="it is used twice",
    )


def make_report(*findings: Finding, **changes: Any) -> Report:
    """Return a report on one document in which `used_once` was met three times."""
    counts = {Outcome.MET: 3}
    for finding in findings:
        counts[finding.outcome] = counts.get(finding.outcome, 0) + 1
    demand = DemandResult(
        spec="toy",
        edition="2025/26",
        rule="used_once",
        severity=Severity.MUST,
        counts=Counts(by_outcome=counts),
    )
    document = DocumentResult(name="college.json", demands=(demand,), findings=findings)
    parts: dict[str, Any] = {
        "run": RunInfo(as_at=date(2026, 4, 15), engine_version="1"),
        "documents": (document,),
    }
    return Report(**{**parts, **changes})


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Return a maker of findings."""
    return make_finding


@pytest.fixture
def report() -> Callable[..., Report]:
    """Return a maker of reports."""
    return make_report
