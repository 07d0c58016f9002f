"""Files made to break the reader: they end quickly, in little memory, and print nothing harmful."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from policy.data.readers import reading
from tests.bad_input.conftest import CENTRE, ROOT, Call, policy_in_a_process

SPEC = ROOT / "tests" / "fixtures" / "property_specs" / "facts" / "facts.policy"
HOSTILE = "Ada\x1b[31m\x1b]0;pwned\x07\x9b2J\u202e\u2066\r\x08\x00"
"""Colours, a title of the window, C1 controls, text from right to left, carriage return, NUL."""
MIB = 1 << 20
GIB = 1 << 30


@pytest.mark.parametrize("name", ["brackets.json", "brackets.json.gz", "brackets.yaml.gz"])
def test_200_mb_of_brackets(name: str, tmp_path: Path) -> None:
    """Refused after the first piece: with 1 GiB of address space there is memory to spare."""
    path = tmp_path / name
    piece = b"[" * MIB
    with gzip.open(path, "wb", 1) if name.endswith(".gz") else path.open("wb") as file:
        for _ in range(200):
            file.write(piece)
    process = policy_in_a_process("check", path, "--spec", SPEC, memory=GIB)
    out, err = process.communicate(timeout=600)
    path.unlink()
    assert (process.returncode, err) == (2, "")
    assert "error[P510]: the data are nested more than 100 levels deep" in out
    assert len(out) < 2000


def test_a_document_that_does_not_fit_into_memory(
    check: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the document that is too large: worded, 2, and the next file is judged."""

    def no_room(source: object) -> None:
        raise MemoryError

    (tmp_path / "large.json").write_bytes(CENTRE.read_bytes())
    (tmp_path / "small.yaml").write_bytes(CENTRE.read_bytes())
    monkeypatch.setattr(reading, "parse_json", no_room)
    ended = check(tmp_path / "large.json", tmp_path / "small.yaml", "--format", "json")
    assert ended.code == 2
    report = json.loads(ended.out)
    assert [item["readable"] for item in report["documents"]] == [False, True]
    (told,) = [item for item in report["diagnostics"] if item["level"] == "error"]
    assert told["code"] == "P514"
    assert told["message"] == "the document needs more memory than there is"


def test_names_full_of_escapes_are_printed_harmlessly(check: Call, tmp_path: Path) -> None:
    """No control character leaves, on demand of personal values either."""
    data = json.loads(CENTRE.read_bytes())
    data["name"] = data["staff"][0]["name"] = data["programmes"][0]["title"] = HOSTILE
    for learner in data["programmes"][0]["learners"]:
        learner["name"] = learner["registration_number"] = HOSTILE
    path = tmp_path / "centre.json"
    path.write_text(json.dumps(data, ensure_ascii=True), "utf-8")
    everything = ("--show-personal", "--verbose", "--unknown")
    for arguments in ((), everything, (*everything, "--format", "json")):
        ended = check(path, *arguments)
        assert ended.code == 0
        assert ended.out.isascii() or all(char.isprintable() or char == "\n" for char in ended.out)
        assert not set(ended.out) & set(HOSTILE[3:]) - set("[31m]0;pwned2J"), ascii(ended.out)
        assert ("pwned" in ended.out) is bool(arguments)


def test_colour_is_ours_alone(check: Call, tmp_path: Path) -> None:
    """Where we colour, the only escapes are those we put in."""
    data = json.loads(CENTRE.read_bytes())
    for learner in data["programmes"][0]["learners"]:
        learner["name"] = learner["registration_number"] = HOSTILE
    path = tmp_path / "centre.json"
    path.write_text(json.dumps(data), "utf-8")
    ended = check(path, "--show-personal", "--color", "always")
    assert "\x1b[" in ended.out
    for part in ended.out.split("\x1b[")[1:]:
        assert part.partition("m")[0].replace(";", "").isdigit() or part.startswith("m")
    assert "\x07" not in ended.out
    assert "\x9b" not in ended.out


@pytest.mark.parametrize("where", ["field", "value", "id", "file", "spec", "set"])
def test_escapes_elsewhere(where: str, check: Call, tmp_path: Path) -> None:
    """In names of fields, wrong values, ids, names of files, of specs and of parameters."""
    evil = "\x1b[31m\u202ex"
    data = json.loads(CENTRE.read_bytes())
    path, arguments = tmp_path / "centre.json", ("--color", "never")
    if where == "field":
        data[evil] = 1
    elif where == "value":
        data["type"] = evil
    elif where == "id":
        data["staff"][0]["id"] = evil
    elif where == "file":
        path = tmp_path / f"{evil}.json"
    else:
        arguments = ("--spec", evil) if where == "spec" else ("--set", f"{evil}={evil}")
    path.write_text(json.dumps(data), "utf-8")
    ended = check(path, *arguments)
    assert ended.code == (0 if where == "file" else 2)
    assert all(char.isprintable() or char == "\n" for char in ended.out + ended.err)
    assert "\\x1b[31m<U+202E>x" in ended.text or "\\u001b[31m\\u202ex" in ended.text


def test_a_folder_that_holds_itself(check: Call, tmp_path: Path) -> None:
    """A link that leads back up is followed once."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "centre.json").write_bytes(CENTRE.read_bytes())
    (folder / "again").symlink_to(folder)
    ended = check(folder, folder / "centre.json", "--format", "json")
    assert ended.code == 0
    assert len(json.loads(ended.out)["documents"]) == 1


def test_special_files_named_by_mistake(check: Call) -> None:
    """A device without a known ending is refused before it is opened."""
    ended = check("/dev/zero")
    assert ended.code == 2
    assert "error[P502]: " in ended.text


def test_a_large_document_on_one_line(tmp_path: Path) -> None:
    """Thousands of findings in one line of a megabyte: none of them keeps the line."""
    data = json.loads(CENTRE.read_bytes())
    learners = data["programmes"][0]["learners"]
    (submission,) = learners[1]["submissions"]
    for number in range(1000, 1300):
        row = {**submission, "id": f"S{number}", "evidence_forms": ["-" * 4000]}
        learners.append({"id": f"L{number}", "submissions": [row]})
    path = tmp_path / "centre.json"
    path.write_text(json.dumps(data) + "\n", "utf-8")
    process = policy_in_a_process(
        *("check", path, "--spec", SPEC, "--as-at", "2026-05-01", "--format", "json"), memory=GIB
    )
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (1, "")
    report = json.loads(out)
    assert len(report["findings"]) > 3000
    assert {item["line"] for item in report["findings"]} == {1}
