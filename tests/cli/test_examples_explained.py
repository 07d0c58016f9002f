"""`policy test --explain`: why a failed example came out as it did."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import toy
from tests.cli.conftest import Ended

SPEC = """language 1
library mine "Mine"

rule r "R"
  for each submission s
  cites TOY-001
  must s.assessed_on is recorded

example "everything is assessed"
  given "tiny.json" as at 2026-05-01
  expect r met for submission S2
"""
FAILED = """failed  everything is assessed
  --> mine.policy:11:3
     |
  11 |   expect r met for submission S2
     |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      but      `r` is breached for submission S2
"""
EXPLAINED = """      r for submission S2: breached
        must: s.assessed_on is recorded = no
          s.assessed_on = not recorded
"""


def test_a_failed_example_is_explained_on_request(
    tmp_path: Path, call: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step by step, below what came out instead; without the option it is left at that."""
    (tmp_path / "tiny.json").write_text(toy.TINY.read_text())
    (tmp_path / "mine.policy").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("policy.pack.load_pack", toy.pack)
    tally = "\n0 examples hold, 1 fails.\n"
    assert call("test", "mine.policy").out == FAILED + tally
    assert call("test", "mine.policy", "--explain").out == FAILED + EXPLAINED + tally
