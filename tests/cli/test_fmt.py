"""`policy fmt` lays specs out and touches nothing else."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]
UNTIDY = (
    'language 1\nspec toy "Toys" for 2025/26\nrule tidy "T" cites TOY-1 for each submission s '
    "must s.submitted_on   is recorded\n"
)
TIDY = """language 1
spec toy "Toys" for 2025/26

rule tidy "T"
  cites TOY-1
  for each submission s
  must s.submitted_on is recorded
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """Return an untidy spec."""
    file = tmp_path / "toy.policy"
    file.write_text(UNTIDY, "utf-8")
    file.chmod(0o640)
    return file


def test_a_spec_is_laid_out_in_place(call: Call, spec: Path) -> None:
    """The file is replaced, keeps its permissions, and a second run does nothing."""
    ended = call("fmt", str(spec))
    assert (ended.code, ended.out, ended.err) == (0, "", f"laid out {spec}\n")
    assert spec.read_text("utf-8") == TIDY
    assert spec.stat().st_mode & 0o777 == 0o640
    assert list(spec.parent.iterdir()) == [spec]
    assert call("fmt", str(spec)).err == ""


def test_check_changes_nothing(call: Call, spec: Path) -> None:
    """--check tells which files would change and exits with 1."""
    ended = call("fmt", "--check", str(spec.parent))
    assert (ended.code, ended.err) == (1, f"would change {spec}\n")
    assert spec.read_text("utf-8") == UNTIDY
    call("fmt", str(spec))
    assert call("fmt", "--check", str(spec)).code == 0


def test_standard_input_is_printed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads standard input and writes standard output; --check only judges it."""

    def stdin() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(UNTIDY.encode()))

    monkeypatch.setattr(sys, "stdin", stdin())
    ended = call("fmt", "-")
    assert (ended.code, ended.out) == (0, TIDY)
    monkeypatch.setattr(sys, "stdin", stdin())
    ended = call("fmt", "--check", "-")
    assert (ended.code, ended.out) == (1, "")


def test_a_spec_with_a_mistake_stays_as_it_is(call: Call, spec: Path) -> None:
    """The mistake is shown like a compiler would, other files are laid out, and the exit is 2."""
    wrong = spec.with_name("wrong.policy")
    wrong.write_text("language 1\nspec wrong\nrule\n", "utf-8")
    ended = call("fmt", str(spec.parent))
    assert ended.code == 2
    assert "error[P1" in ended.err
    assert f"--> {wrong}:" in ended.err
    assert wrong.read_text("utf-8") == "language 1\nspec wrong\nrule\n"
    assert spec.read_text("utf-8") == TIDY


def test_files_that_cannot_be_read_are_told(call: Call, tmp_path: Path) -> None:
    """A missing file, a folder without specs, a file that is not UTF-8: each is told."""
    latin = tmp_path / "latin.txt"
    latin.write_bytes(b"spec \xff")
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = call("fmt", str(tmp_path / "no.policy"), str(empty), str(latin))
    assert ended.code == 2
    assert "the spec cannot be read: no such file or directory" in ended.err
    assert "there is no spec" in ended.err
    assert "the spec is not UTF-8" in ended.err
    assert ended.err.endswith("3 errors\n")


def test_a_file_that_cannot_be_replaced_is_told(
    call: Call, spec: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the new text cannot be put in place, the old one stays and nothing is left behind."""

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    ended = call("fmt", str(spec))
    assert ended.code == 2
    assert "the spec cannot be written: permission denied" in ended.err
    assert list(spec.parent.iterdir()) == [spec]
    assert spec.read_text("utf-8") == UNTIDY
