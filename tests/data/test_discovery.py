"""Files and folders become a list of files, the same on every machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from policy.data.discovery import discover


def make(folder: Path, *names: str) -> None:
    """Make empty files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")


def below(folder: Path, *paths: str) -> list[str]:
    """Return what is found, named from the folder."""
    found = discover([str(folder / path) for path in paths])
    assert found.diagnostics == ()
    return [os.path.relpath(file, folder) for file in found.files]


def test_folders_are_searched_to_any_depth_in_order(tmp_path: Path) -> None:
    """Hidden names and other kinds of files are passed over."""
    make(tmp_path, "b.json", "a.yaml", "z/c.ndjson.gz", "d/e/f.json.zst", ".x.json", ".git/a.json")
    make(tmp_path, "notes.txt", "a.xlsx", "d/.hidden/a.json")
    expected = ["a.yaml", "b.json", os.path.join("d", "e", "f.json.zst"), "z/c.ndjson.gz"]
    assert below(tmp_path, ".") == [os.path.normpath(name) for name in expected]


def test_files_keep_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    """Only what is inside a folder is sorted; a file named twice is read once."""
    make(tmp_path, "b.json", "a.json", "d/x.json")
    (tmp_path / "link.json").symlink_to(tmp_path / "a.json")
    assert below(tmp_path, "b.json", "link.json", "a.json", "d", "d/x.json") == [
        "b.json",
        "link.json",
        os.path.join("d", "x.json"),
    ]


def test_files_named_by_themselves_are_left_to_the_reader(tmp_path: Path) -> None:
    """A missing file or an odd suffix is a mistake that the reader words."""
    assert below(tmp_path, "none.json", "notes.txt", ".hidden.json") == [
        "none.json",
        "notes.txt",
        ".hidden.json",
    ]


def test_standard_input_is_a_file(tmp_path: Path) -> None:
    """It is read once however often it is named."""
    make(tmp_path, "a.json")
    assert discover(["-", str(tmp_path / "a.json"), "-"]).files == ("-", str(tmp_path / "a.json"))


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    """An empty answer would look like a clean one."""
    make(tmp_path, "notes.txt")
    found = discover([str(tmp_path)])
    (problem,) = found.diagnostics
    assert found.files == ()
    assert (problem.code, problem.file_name) == ("P503", str(tmp_path))


def test_folders_that_contain_themselves_are_searched_once(tmp_path: Path) -> None:
    """A link to an enclosing folder leads nowhere new; a link to another folder is followed."""
    make(tmp_path, "data/a.json", "other/b.json")
    (tmp_path / "data/loop").symlink_to(tmp_path / "data")
    (tmp_path / "data/other").symlink_to(tmp_path / "other")
    assert below(tmp_path, "data") == [
        os.path.join("data", "a.json"),
        os.path.join("data", "other", "b.json"),
    ]


def test_a_folder_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are searched all the same."""
    make(tmp_path, "a/x.json", "b/y.json")
    real = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("a"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = discover([str(tmp_path)])
    assert found.files == (str(tmp_path / "b" / "y.json"),)
    assert [item.code for item in found.diagnostics] == ["P501"]
