"""`policy mutate`: what no example notices, as text and as JSON, and how the command ends."""

from __future__ import annotations

import json
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
  must s.is_accepted and (s.assessed_on is recorded)

example "e"
  given "tiny.json" as at 2026-05-01
  expect r not met for submission S1
"""
SURVIVORS = """rule r
  --> {file}:7:8
     |
   7 |   must s.is_accepted and (s.assessed_on is recorded)
     |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      if `must` became `must not`,
      no example would notice
  --> {file}:7:27
     |
   7 |   must s.is_accepted and (s.assessed_on is recorded)
     |                           ^^^^^^^^^^^^^^^^^^^^^^^^^
      if `s.assessed_on is recorded` was left out,
      if `s.assessed_on is recorded` became `s.assessed_on is missing`,
      no example would notice

2 of 5 changes noticed: 40.0 %.
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of one rule with one example, in the current folder."""
    (tmp_path / "tiny.json").write_text(toy.TINY.read_text())
    (tmp_path / "mine.policy").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("policy.pack.load_pack", toy.pack)
    return Path("mine.policy")


def test_survivors_are_shown_where_they_stand(spec: Path, call: Callable[..., Ended]) -> None:
    """Changes at one place stand together, and the last line counts."""
    ended = call("mutate", str(spec))
    assert ended.out == SURVIVORS.format(file=spec)
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(("wanted", "code"), [("40", 0), ("41", 1)])
def test_too_few_changes_noticed_is_a_failure(
    spec: Path, call: Callable[..., Ended], wanted: str, code: int
) -> None:
    """`--fail-under` is for those who run it on every change of their specs."""
    assert call("mutate", str(spec), "--fail-under", wanted).code == code


def test_json_has_numbers_and_places(spec: Path, call: Callable[..., Ended]) -> None:
    """What programs read: numbers, survivors with their place, what is accepted and why."""
    spec.with_name("mine.accepted.yaml").write_text(
        "accepted: [{of: rule r, change: if `must` became `must not`, because: known}]\n"
    )
    found = json.loads(call("mutate", str(spec), "--format", "json").out)
    survivors = found.pop("survivors")
    assert survivors[0] == {
        "file": "mine.policy",
        "line": 7,
        "column": 27,
        "of": "rule r",
        "kind": "operand",
        "change": "if `s.assessed_on is recorded` was left out",
    }
    (accepted,) = found.pop("accepted_changes")
    assert accepted["because"] == "known"
    assert found == {
        "changes": 5,
        "noticed": 2,
        "accepted": 1,
        "score": 50.0,
        "failing_examples": [],
    }


def test_what_is_accepted_is_printed_with_its_reason(
    spec: Path, call: Callable[..., Ended]
) -> None:
    """Nothing is passed over in silence."""
    spec.with_name("mine.accepted.yaml").write_text(
        "accepted:\n"
        "  - {of: rule r, change: if `must` became `must not`, because: known}\n"
        "  - {of: rule r, change: if `and` became `or`, because: unknown}\n"
    )
    ended = call("mutate", str(spec))
    assert ended.out.endswith(
        "accepted: rule r\n"
        "      if `must` became `must not`\n"
        "      because known\n"
        "\n"
        "2 of 5 changes noticed, 1 accepted: 50.0 %.\n"
    )
    assert "P716" in ended.err
    assert ended.code == 0


def test_examples_that_fail_are_named(spec: Path, call: Callable[..., Ended]) -> None:
    """They could not notice anything."""
    spec.write_text(SPEC.replace("not met", "met"))
    ended = call("mutate", str(spec))
    assert ended.out.startswith("fails already, so left out   mine.policy: e\n")
    assert ended.out.endswith("\n0 of 5 changes noticed: 0.0 %.\n")


def test_a_mistake_in_a_spec_ends_with_2(spec: Path, call: Callable[..., Ended]) -> None:
    """What could not be read was not tried."""
    spec.write_text(SPEC.replace("s.is_accepted", "s.is_acepted"))
    ended = call("mutate", str(spec))
    assert (ended.code, ended.out) == (2, "Nothing was changed.\n")
    assert "is_accepted" in ended.err
