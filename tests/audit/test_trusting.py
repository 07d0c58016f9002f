"""Data that are known to satisfy the schema: only what the rules read is looked at."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from policy.audit.job import Job
from policy.audit.judging import Judge, Judged
from policy.audit.run import audit
from policy.audit.verify import verify
from policy.model.outcomes import Outcome
from tests.audit.toy_job import centre, given, line

AS_AT = date(2026, 7, 24)
SPEC = """language 1
spec house "What a centre asks of itself" for 2025/26

rule assessor_is_named "Whoever assessed is named"
  cites CYC-001
  for each submission s
  must s.assessor is recorded
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job with one rule, that trusts the data."""
    (tmp_path / "house.policy").write_text(SPEC)
    return Job(as_at=AS_AT, files=(str(tmp_path / "house.policy"),), trusting=True)


def centre_with(**members: object) -> dict[str, object]:
    """Return a centre with one submission that nobody assessed."""
    submission = {"id": "S1", "assignment": "A1", "kind": "first", **members}
    learner = {"id": "L1", "submissions": [submission]}
    unit = {"id": "U1", "number": "1", "assignments": [{"id": "A1"}]}
    programme = {"id": "P1", "title": "Applied Science", "units": [unit], "learners": [learner]}
    return centre(programmes=[programme])


def judged(job: Job, data: object, *, trusting: bool) -> Judged:
    """Return what comes of a document."""
    by = Judge(job.ready(), AS_AT, trusting=trusting)
    return by.judge(given(json.dumps(data).encode()))


def breaches(found: Judged) -> int:
    """Return how often something was breached."""
    return sum(each.counts[Outcome.BREACHED] for each in found.result.demands)


def test_what_no_rule_reads_is_not_checked(job: Job) -> None:
    """A mistake there puts a document aside, unless the data are trusted."""
    odd = centre_with(submitted_on="yesterday")
    trusted, checked = (judged(job, odd, trusting=each) for each in (True, False))
    assert (trusted.result.readable, breaches(trusted)) == (True, 1)
    assert not checked.result.readable


def test_what_rules_read_is_checked(job: Job) -> None:
    """A mistake there puts the document aside all the same."""
    assert not judged(job, centre_with(assessor=7), trusting=True).result.readable


def test_the_same_comes_of_data_that_satisfy_the_schema(job: Job) -> None:
    """Nulls, days and references included."""
    data = centre_with(submitted_on="2026-02-03", assessed_on=None, assessor=None)
    trusted, checked = (judged(job, data, trusting=each) for each in (True, False))
    assert breaches(trusted) == 1
    assert trusted.result.demands == checked.result.demands
    assert trusted.result.findings == checked.result.findings


def test_a_run_says_that_it_trusted(job: Job, tmp_path: Path) -> None:
    """The manifest keeps it, and whoever verifies the run trusts too."""
    (tmp_path / "odd.ndjson").write_bytes(line(centre_with(submitted_on="yesterday")))
    done = audit(job, [str(tmp_path / "odd.ndjson")], tmp_path / "out", workers=1)
    assert (done.tally.quarantined, done.tally.breached_must) == (0, 1)
    assert json.loads((tmp_path / "out/manifest.json").read_text())["trusting"] is True
    assert verify(tmp_path / "out", sample=5).differences == ()
