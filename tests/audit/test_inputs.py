"""Inputs become parts: the same parts whoever judges them, each line once, with its number."""

from __future__ import annotations

import gzip
import hashlib
import os
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet

from policy.audit.documents import DocumentBytes, documents_of
from policy.audit.inputs import Inputs, Part, changed, files_of, hash_of, survey
from policy.errors import PolicyError

LONG = b"x" * 70
TEXTS = {
    "plain": b"a\nbb\nccc\n",
    "no end": b"a\nbb\nccc",
    "crlf": b"a\r\nbb\r\nccc\r\n",
    "blank lines": b"\n\na\n  \n\nbb\n\t\nccc\n\n\n",
    "mark": b"\xef\xbb\xbfa\nbb\nccc\n",
    "long lines": b"a\n" + LONG + b"\n" + LONG + b"\nb\n",
    "carriage return inside": b"a\rb\nccc\n",
}


def documents(inputs: Inputs) -> list[tuple[int, bytes | None]]:
    """Return the line and the bytes of each document."""
    return [(each.line, each.content) for part in inputs.parts for each in documents_of(part)]


def written(path: Path, content: bytes) -> str:
    """Write a file and return its name."""
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 64, 1 << 20])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_every_line_is_in_one_part_with_its_number(tmp_path: Path, text: bytes, size: int) -> None:
    """However small the parts, the documents are the lines that are not blank, in order."""
    inputs = survey([written(tmp_path / "x.ndjson", text)], size)
    expected = [
        (number, each.rstrip(b"\r"))
        for number, each in enumerate(text.split(b"\n"), start=1)
        if each.strip()
    ]
    assert documents(inputs) == expected
    stretches = [each for part in inputs.parts for each in part.stretches]
    assert [each.start for each in stretches] == [0, *(each.end for each in stretches[:-1])]
    assert stretches[-1].end == len(text) == inputs.size
    assert all(part.size >= min(size, 1) for part in inputs.parts)


@pytest.mark.parametrize("piece", [1, 2, 3, 7])
def test_where_reading_stops_for_breath_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    """Parts depend on the bytes, never on how many of them are read at once."""
    for name, text in TEXTS.items():
        file = written(tmp_path / f"{name}.ndjson", text)
        whole = survey([file], 4)
        with monkeypatch.context() as patched:
            patched.setattr("policy.audit.inputs._PIECE", piece)
            assert survey([file], 4) == whole


def test_parts_are_as_large_as_asked_and_cross_files(tmp_path: Path) -> None:
    """Small files share a part; a part is closed once it is large enough."""
    files = [written(tmp_path / f"{at}.ndjson", b"12345\n" * at) for at in (1, 2, 3)]
    parts = survey(files, 12).parts
    assert [part.size for part in parts] == [12, 12, 12]
    assert [[os.path.basename(each.file) for each in part.stretches] for part in parts] == [
        ["1.ndjson", "2.ndjson"],
        ["2.ndjson", "3.ndjson"],
        ["3.ndjson"],
    ]
    assert [part.number for part in parts] == [0, 1, 2]
    assert [part.stretches[0].first_line for part in parts] == [1, 2, 2]


def test_hashes_are_over_the_bytes(tmp_path: Path) -> None:
    """Of each file, and of each part, so that it can be told whether they changed."""
    text = TEXTS["long lines"]
    file = written(tmp_path / "x.ndjson", text)
    packed = written(tmp_path / "y.ndjson.gz", gzip.compress(text, mtime=0))
    inputs = survey([file, packed], 10)
    assert inputs.files[0].hash == hashlib.sha256(text).hexdigest()
    assert inputs.files[1].hash == hashlib.sha256(Path(packed).read_bytes()).hexdigest()
    assert len(inputs.parts) > 2
    assert all(hash_of(part.stretches) == part.hash for part in inputs.parts)


@pytest.mark.parametrize("name", ["x.ndjson", "x.ndjson.gz", "x.jsonl", "x.ndjson.zst"])
@pytest.mark.parametrize("content", [b"", b"\n \r\n\n", b"\xef\xbb\xbf\n"])
def test_a_file_without_a_document_is_not_passed_over(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """It is quarantined by its own name, however it is packed."""
    if name.endswith("gz"):
        content = gzip.compress(content)
    if name.endswith("zst"):
        content = zstandard.compress(content)
    (found,) = _all(survey([written(tmp_path / name, content)], 2))
    assert found.content is None
    assert found.name == str(tmp_path / name)
    assert [each.code for each in found.diagnostics] == ["P506"]


def test_packed_lines_are_a_part_of_their_own(tmp_path: Path) -> None:
    """Nobody knows how many documents are in them; their lines have numbers all the same."""
    text = b"a\n\nbb\n"
    files = [
        written(tmp_path / "1.json", b"{}"),
        written(tmp_path / "2.ndjson.gz", gzip.compress(text)),
        written(tmp_path / "3.json", b"{}"),
    ]
    inputs = survey(files)
    assert [len(part.stretches) for part in inputs.parts] == [2, 1]
    assert documents(inputs) == [(1, b"{}"), (1, b"a"), (3, b"bb"), (1, b"{}")]


def test_a_damaged_packed_file_keeps_what_was_before(tmp_path: Path) -> None:
    """Documents before the damage are judged, the rest is quarantined by the name of the file."""
    texts = [hashlib.sha256(str(at).encode()).hexdigest().encode() for at in range(4000)]
    packed = gzip.compress(b"\n".join(texts))
    found = _all(survey([written(tmp_path / "x.ndjson.gz", packed[: len(packed) // 2])]))
    *before, last = found
    assert len(before) > 100
    assert [each.content for each in before] == texts[: len(before)]
    assert last.content is None
    assert [each.code for each in last.diagnostics] == ["P513"]


def test_a_file_of_no_known_kind_is_refused_by_name(tmp_path: Path) -> None:
    """As `policy check` does."""
    (found,) = _all(survey([written(tmp_path / "x.txt", b"{}")]))
    assert [each.code for each in found.diagnostics] == ["P502"]


def test_a_line_longer_than_any_document_is_left_out(tmp_path: Path) -> None:
    """It never gets into memory; the lines around it do not suffer."""
    text = b"a\n" + b"x" * 100 + b"\nbb\n" + b"y" * 20 + b"\nc"
    (part,) = survey([written(tmp_path / "x.ndjson", text)]).parts
    found = list(documents_of(part, 20))
    assert [(each.line, each.content) for each in found] == [
        (1, b"a"),
        (2, None),
        (3, b"bb"),
        (4, b"y" * 20),
        (5, b"c"),
    ]
    assert [each.code for each in found[1].diagnostics] == ["P514"]
    (whole,) = survey([written(tmp_path / "y.json", b"x" * 21)]).parts
    assert [each.code for each in next(documents_of(whole, 20)).diagnostics] == ["P514"]


def test_folders_are_searched_and_files_come_once(tmp_path: Path) -> None:
    """JSON, YAML, lines and Parquet, in the order of their names."""
    names = ["b.yaml", "a.json", "c.ndjson", "d.parquet"]
    for name in names:
        written(tmp_path / name, b"x")
    written(tmp_path / "notes.txt", b"x")
    found = files_of([str(tmp_path), str(tmp_path / "a.json")])
    assert [os.path.basename(each) for each in found] == sorted(names)


def test_what_cannot_be_read_is_said_at_once(tmp_path: Path) -> None:
    """Before anything is judged, and all of it."""
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.ndjson")
    paths = ["-", "missing.ndjson", str(tmp_path / "empty"), str(tmp_path / "pipe.ndjson")]
    with pytest.raises(PolicyError) as caught:
        files_of(paths)
    said = {each.code: each.message for each in caught.value.diagnostics}
    assert sorted(each.code for each in caught.value.diagnostics) == [
        "P501",
        "P503",
        "P801",
        "P801",
    ]
    assert said["P501"] == "`missing.ndjson` cannot be read: no such file or directory"
    assert ".parquet" in next(each.help for each in caught.value.diagnostics if each.code == "P503")
    words = "an audit cannot read standard input: it may have to read it again"
    assert words in [each.message for each in caught.value.diagnostics]


def test_a_file_that_goes_away_while_it_is_read(tmp_path: Path) -> None:
    """The survey refuses it; a process that comes later quarantines what is no longer there."""
    file = written(tmp_path / "x.ndjson", b"a\n")
    parts = survey([file]).parts
    assert _changed(parts) is None
    os.utime(file, (1, 1))
    assert _changed(parts) == file
    os.remove(file)
    assert _changed(parts) == file
    with pytest.raises(PolicyError, match="no such file"):
        survey([file])
    (lost,) = documents_of(parts[0])
    assert [each.code for each in lost.diagnostics] == ["P501"]


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    """Whoever still writes to a file has to end that first."""
    file = written(tmp_path / "x.ndjson", b"a\n")

    def grow(size: int) -> None:
        Path(file).write_bytes(b"a\nb\n")

    with pytest.raises(PolicyError) as caught:
        survey([file], seen=grow)
    assert [each.code for each in caught.value.diagnostics] == ["P806"]


def test_many_small_files_are_not_one_part(tmp_path: Path) -> None:
    """A part has at most 512 files, so that several processes have something to do."""
    files = [written(tmp_path / f"{at}.json", b"") for at in range(513)]
    assert [len(part.stretches) for part in survey(files).parts] == [512, 1]


def test_numbers_of_parts_follow_each_other(tmp_path: Path) -> None:
    """They are the names of the folders that results lie in."""
    parts = survey([written(tmp_path / "x.ndjson", b"a\n" * 30)], 7).parts
    assert all(after.number == before.number + 1 for before, after in pairwise(parts))


def _all(inputs: Inputs) -> list[DocumentBytes]:
    return [each for part in inputs.parts for each in documents_of(part)]


def _changed(parts: tuple[Part, ...]) -> str | None:
    return changed(each for part in parts for each in part.stretches)


def test_small_inputs_have_parts_for_many_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts grow with the input, between two bounds."""
    monkeypatch.setattr("policy.audit.inputs._SMALLEST_PART", 100)
    monkeypatch.setattr("policy.audit.inputs.LARGEST_PART", 1_000)
    file = tmp_path / "x.ndjson"
    for size, parts in ((150, 2), (3_200, 32), (9_600, 32), (32_000, 32), (64_000, 64)):
        file.write_bytes(b"123456789\n" * (size // 10))
        assert len(survey([str(file)]).parts) == parts


def test_how_many_documents_there_are(tmp_path: Path) -> None:
    """Lines, rows and files; nobody knows before a packed file is unpacked."""
    files = [str(tmp_path / name) for name in ("a.ndjson", "b.json", "c.ndjson", "d.parquet")]
    Path(files[0]).write_bytes(b"{}\n" * 7 + b"{}")
    Path(files[1]).write_bytes(b"{}\n")
    Path(files[2]).write_bytes(b"\n\n")
    rows = pa.Table.from_pylist([{"number": str(at)} for at in range(5)])
    parquet.write_table(rows, files[3], row_group_size=2)
    for part_size in (1, 1 << 20):
        assert [survey([file], part_size).documents for file in files] == [8, 1, 3, 5]
        assert survey(files, part_size).documents == 17
    packed = tmp_path / "e.ndjson.gz"
    packed.write_bytes(gzip.compress(b"{}\n"))
    assert survey([*files, str(packed)]).documents == 0
