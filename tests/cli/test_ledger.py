"""`policy ledger` prints the ledger, and holds a threshold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import toy

Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the toy specs be the installed ones, with a register that fits its schema."""
    monkeypatch.setattr("policy.pack.load_pack", toy.pack)
    monkeypatch.setattr("policy.register.problems", lambda roots: [])


def test_the_table_comes_first(call: Call) -> None:
    """Without arguments it is the table and the sum."""
    ended = call("ledger")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[1].startswith("TOY ")
    assert "TOY-001" not in ended.out


@pytest.mark.parametrize("name", ["TOY-003", "TOY", "toy"])
def test_clauses_guides_and_specs_choose_what_is_listed(call: Call, name: str) -> None:
    """The clause is listed with what it says."""
    assert "TOY-003  decided  (TOY, must)" in call("ledger", name).out


def test_a_name_that_is_nothing(call: Call) -> None:
    """An unknown name is a mistake of the call, with what was probably meant."""
    ended = call("ledger", "TOY-00")
    assert ended.code == 2
    assert "there is no clause, guide or spec `TOY-00`" in ended.err
    assert "did you mean" in ended.err


def test_open_clauses_fail_a_threshold(call: Call) -> None:
    """Exit 1 below the threshold, and the open ones by name."""
    assert call("ledger", "--fail-under", "10").code == 0
    ended = call("ledger", "--open", "--fail-under", "100")
    assert ended.code == 1
    assert "TOY-001  not yet" in ended.out
    assert "TOY-003  " not in ended.out


def test_machines_and_people_get_other_forms(call: Call) -> None:
    """JSON parses; HTML is a page."""
    assert json.loads(call("ledger", "--format", "json").out)["ledger_version"] == 1
    assert call("ledger", "--format", "html").out.startswith("<!doctype html>")


def test_what_changed_since_an_earlier_ledger(call: Call, tmp_path: Path) -> None:
    """The rules to review stand below the table."""
    earlier = json.loads(call("ledger", "--format", "json").out)
    file = tmp_path / "earlier.json"
    file.write_text(json.dumps(earlier))
    assert "No clause has changed" in call("ledger", "--since", str(file)).out
    earlier["clauses"][2]["says"] = "Something else."
    file.write_text(json.dumps(earlier))
    out = call("ledger", "--since", str(file)).out
    assert "TOY-003  changed in says; review window" in out


def test_a_file_that_is_no_ledger(call: Call, tmp_path: Path) -> None:
    """It is named with what to do."""
    file = tmp_path / "notes.txt"
    file.write_text("[]")
    ended = call("ledger", "--since", str(file))
    assert ended.code == 2
    assert "error[P715]: this is no ledger" in ended.err


def test_an_entry_that_does_not_fit_the_schema(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A register that lacks something makes the run untrusted."""
    monkeypatch.undo()
    monkeypatch.setattr("policy.pack.load_pack", toy.pack)
    ended = call("ledger")
    assert ended.code == 2
    assert "clause TOY-001: 'kind' is a required property" in ended.err
