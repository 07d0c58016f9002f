"""What is said of very many subjects of one rule is what is said of few."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policy import document_judge
from policy.engine import check
from policy.pack import load_pack

CENTRES = Path(__file__).parents[2] / "examples" / "centres"


@pytest.mark.parametrize("name", ["troubled.json", "college.yaml"])
def test_findings_are_worded_alike(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Evidence, messages and remedies are the same, whoever works them out."""
    reports = []
    for many in (0, 10**9):
        monkeypatch.setattr(document_judge, "MANY", many)
        reports.append(check(load_pack(), [str(CENTRES / name)], date(2026, 7, 24)))
    assert reports[0].findings
    assert reports[0] == reports[1]
