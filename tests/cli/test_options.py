"""What `--spec` and its like make of the words that people type."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.cli.options import names_and_paths


def test_names_and_paths_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of specs needs no slash; a folder of data does not hide the spec of its name."""
    for path in ("house/house.policy", "results/college.json", "draft"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    names, paths = names_and_paths(["house", "results", "results/", "draft", "x.policy", "common"])
    assert names == ["results", "common"]
    assert paths == [Path("house"), Path("results/"), Path("draft"), Path("x.policy")]
