"""Whatever a file holds, reading it gives data or words, and never an exception."""

from __future__ import annotations

import builtins
import gzip
import io
import json
import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.data.readers.raw import Format, RawDocument
from policy.data.readers.reading import format_of, read
from policy.data.readers.streams import PIECE
from policy.model.diagnostics import Diagnostic, Level

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstandard.compress,
}
CENTRE = {"number": "1", "name": "Åse", "list": [1, 2.5, True, None]}


def of_text(tmp_path: Path, name: str, content: str | bytes, **more: Any) -> list[RawDocument]:
    """Write a file and read it."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read(str(path), **more))


def one(tmp_path: Path, name: str, content: str | bytes, **more: Any) -> RawDocument:
    """Write a file that holds one document and read it."""
    (document,) = of_text(tmp_path, name, content, **more)
    return document


def refused(document: RawDocument) -> Diagnostic:
    """Return the one reason why the document was refused."""
    assert document.data is None
    (reason,) = document.diagnostics
    assert reason.level is Level.ERROR
    assert reason.file_name == document.file
    return reason


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.json", Format.JSON),
        ("A.JSON.GZ", Format.JSON),
        ("a.yml", Format.YAML),
        ("a.yaml.zst", Format.YAML),
        ("a.jsonl", Format.NDJSON),
        ("a.ndjson.gz", Format.NDJSON),
        ("a.json.txt", None),
        ("json", None),
        ("a.gz", None),
    ],
)
def test_the_name_tells_the_format(name: str, form: Format | None) -> None:
    """Suffixes count in any case, before the one that says how it is packed."""
    assert format_of(name) is form


@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.ndjson"])
def test_all_formats_give_the_same_data(tmp_path: Path, name: str, packed: str) -> None:
    """JSON is YAML and a line of NDJSON, so one text serves; packing makes no difference."""
    text = json.dumps(CENTRE, ensure_ascii=False).encode()
    content = PACKERS[packed](text)
    document = one(tmp_path, name + packed, content)
    assert document.data == CENTRE
    assert document.diagnostics == ()
    assert document.text == text.decode()


def test_a_raw_document_does_not_print_its_data(tmp_path: Path) -> None:
    """Data may be personal, so they stay out of reprs."""
    assert "Åse" not in repr(one(tmp_path, "a.json", json.dumps(CENTRE, ensure_ascii=False)))


def test_ndjson_documents_have_the_number_of_their_line(tmp_path: Path) -> None:
    """Blank lines are skipped, a broken line spoils no other, places count in the file."""
    lines = '{"a": 1}\n\n  \n{"a": \n{"a": 3, "a": 4}\r\n{"a": 5}'
    first, broken, twice, last = of_text(tmp_path, "b.ndjson", lines)
    path = str(tmp_path / "b.ndjson")
    assert [item.name for item in (first, broken, twice, last)] == [
        f"{path}:{number}" for number in (1, 4, 5, 6)
    ]
    assert (first.data, last.data) == ({"a": 1}, {"a": 5})
    for document, code, line, column in ((broken, "P507", 4, 5), (twice, "P508", 5, 10)):
        reason = refused(document)
        assert reason.code == code
        assert reason.position is not None
        assert (reason.position.line, reason.position.column) == (line, column)
        assert reason.span is not None
        assert reason.span.source.line_text(line) == document.text.rstrip("\r")


def test_ndjson_is_read_as_it_comes() -> None:
    """The first document is there before the second was sent."""

    class Sender(io.RawIOBase):
        sent = 0

        def read(self, size: int = -1) -> bytes:
            Sender.sent += 1
            return b'{"a": %d}\n' % Sender.sent if Sender.sent < 100 else b""

    documents = read("-", stdin=Sender())  # type: ignore[arg-type]
    assert next(documents).data == {"a": 1}
    assert Sender.sent < 10
    assert len(list(documents)) == 98


@pytest.mark.parametrize(
    ("text", "message", "underlined", "column"),
    [
        ('{"a": 1,}', "a comma stands before the closing bracket", "}", 9),
        ('{"a": [1,]}', "a comma stands before the closing bracket", "]", 10),
        ('{"a": "abc', "a text begins here and is not closed", '"', 7),
        ('{"a": [1, ', "the text ends before the document does", ",", 9),
        ('{"a": 1', "the text ends before the document does", "1", 7),
        ("{'a': 1}", "here a name in double quotes should stand", "'", 2),
        ("{\"a\": 'b'}", "here a value should stand", "'", 7),
        ('{"a" 1}', "a colon is missing before this", "1", 6),
        ('{"a": 1 "b": 2}', "a comma is missing before this", '"', 9),
        ('{"a": 1} x', "the document has ended and something follows", "x", 10),
        ('{"a": "\t"}', "a line break or tab stands inside a text", "\t", 8),
        ('{"a": "\\q"}', "after a backslash stands what JSON does not know", "\\", 8),
        ('{"a": "\\u12"}', "after `\\u` four hexadecimal digits should stand", "u", 9),
        ('{"a": undefined}', "here a value should stand", "u", 7),
    ],
)
def test_broken_json_is_pointed_at(
    tmp_path: Path, text: str, message: str, underlined: str, column: int
) -> None:
    """Each way to break JSON has its own words, and one character is underlined."""
    reason = refused(one(tmp_path, "a.json", text))
    assert (reason.code, reason.message) == ("P507", message)
    assert reason.span is not None
    assert reason.span.text == underlined
    assert reason.span.position.column == column


def test_json_that_libraries_accept_and_we_do_not(tmp_path: Path) -> None:
    """All of it is found in one go, in the order of the text."""
    text = (
        '{"a": 1, "\\u0061": 2, "b": [NaN, -Infinity, 1e999, 1234567890123456789],\n'
        ' "c": "\\ud800x", "ok": "\\ud83d\\ude00", "d": {"e": -1.5e3, "f": true, "e": null}}'
    )
    document = one(tmp_path, "a.json", text)
    assert document.data is None
    found = [(item.code, item.span.text if item.span else "") for item in document.diagnostics]
    assert found == [
        ("P508", '"\\u0061"'),
        ("P509", "N"),
        ("P509", "-"),
        ("P509", "1"),
        ("P509", "1"),
        ("P511", '"'),
        ("P508", '"e"'),
    ]
    (label,) = document.diagnostics[-1].labels
    assert label.span.text == '"e"'
    assert label.span.start < document.text.index("-1.5e3")


@pytest.mark.parametrize("literal", ["1e999", "-1e999", "9" * 19, "9" * 10_000, "NaN"])
def test_a_number_that_is_none_is_refused(tmp_path: Path, literal: str) -> None:
    """Neither infinity nor digits without end come in."""
    assert refused(one(tmp_path, "a.json", f'{{"a": {literal}}}')).code == "P509"
    assert one(tmp_path, "a.json", '{"a": 999999999999999999}').data == {"a": 10**18 - 1}


def test_faults_before_broken_json_are_said(tmp_path: Path) -> None:
    """The slow look stops quietly where the text is no longer JSON."""
    for rest in ("\\q", '"\\q"', "1.2.3", "}}}", '{"b"'):
        document = one(tmp_path, "a.json", '{"a": 1, "a": 2, "c": {"d": 1, "d": 2}, "b": ' + rest)
        assert [item.code for item in document.diagnostics][:2] == ["P508"] * 2


def test_paired_surrogates_are_a_character(tmp_path: Path) -> None:
    """An escaped pair is what JSON writes for characters beyond the first plane."""
    assert one(tmp_path, "a.json", '{"a": "\\ud83d\\ude00"}').data == {"a": "😀"}


def test_what_is_no_object_is_refused(tmp_path: Path) -> None:
    """A list of centres is not a document."""
    for name, text in (("a.json", " [1]"), ("a.yaml", "- 1"), ("a.ndjson", '"x"')):
        assert refused(one(tmp_path, name, text)).code == "P515"


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.ndjson"])
@pytest.mark.parametrize("content", [b"", b" \n\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, name: str, content: bytes) -> None:
    """Blank is empty, in every format."""
    document = of_text(tmp_path, name, content)[-1]
    assert document.data is None
    assert document.diagnostics[-1].code == "P506"


def test_yaml_with_nothing_but_comments_is_empty(tmp_path: Path) -> None:
    """A comment is no document."""
    assert refused(one(tmp_path, "a.yaml", "# nothing\n")).code == "P506"


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.ndjson"])
def test_a_byte_order_mark_is_read_over_with_a_note(tmp_path: Path, name: str) -> None:
    """The data are there, columns are counted without the mark, and somebody may care."""
    document = one(tmp_path, name, b'\xef\xbb\xbf{"a": "\xc3\xa9"}')
    assert document.data == {"a": "é"}
    assert document.text.startswith("{")
    (note,) = document.diagnostics
    assert (note.code, note.level) == ("P505", Level.NOTE)


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.ndjson"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_refused(tmp_path: Path, name: str, encoding: str) -> None:
    """UTF-16 and UTF-32 are known by their first bytes."""
    assert refused(one(tmp_path, name, '{"a": 1}'.encode(encoding))).code == "P504"


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.ndjson"])
@pytest.mark.parametrize("padding", [0, PIECE - 12, PIECE - 3])
def test_broken_utf_8_has_a_place(tmp_path: Path, name: str, padding: int) -> None:
    """The byte is found by line and column, across the border of two pieces too."""
    lead = b" " * padding + b'{"a": "\xc3\xa9'
    reason = refused(one(tmp_path, name, lead + b'\xff"}'))
    assert reason.code == "P504"
    assert reason.position is not None
    assert (reason.position.line, reason.position.column) == (1, padding + 9)


def test_a_text_cut_within_a_character_is_refused(tmp_path: Path) -> None:
    """The last byte of a cut file may be the first of a character."""
    for name in ("a.json", "a.yaml"):
        assert refused(one(tmp_path, name, b'{"a": "\xc3')).code == "P504"


def test_yaml_reads_only_what_json_can_say(tmp_path: Path) -> None:
    """Words, days and codes stay texts; only `true` and `false` are booleans."""
    text = (
        "no: no\nyes: [yes, on, Off, n]\nday: 2025-09-01\ncode: 007\nold: 1_000\ntime: 12:30:00\n"
        "hex: 0x1F\ntrue_: [true, False]\nnull_: [null, ~, ]\nnumbers: [1, -2, +3, 1.5, .5, 1e3]\n"
        'quoted: ["1", \'true\', "null"]\nempty:\nblock: |\n  a\n  b\n1: one\n'
    )
    assert one(tmp_path, "a.yaml", text).data == {
        "no": "no",
        "yes": ["yes", "on", "Off", "n"],
        "day": "2025-09-01",
        "code": "007",
        "old": "1_000",
        "time": "12:30:00",
        "hex": "0x1F",
        "true_": [True, False],
        "null_": [None, None],
        "numbers": [1, -2, 3, 1.5, 0.5, 1000.0],
        "quoted": ["1", "true", "null"],
        "empty": None,
        "block": "a\nb\n",
        "1": "one",
    }


@pytest.mark.parametrize(
    ("text", "code", "underlined"),
    [
        ("a: 1\nb: 2\na: 3\n", "P508", "a"),
        ("a: .nan\n", "P509", "."),
        ("a: -.inf\n", "P509", "-"),
        ("a: 1e999\n", "P509", "1"),
        ("a: 12345678901234567890\n", "P509", "1"),
        ("a: &x [1]\nb: 2\n", "P512", "&"),
        ("a: *x\n", "P512", "*x"),
        ("a: !!python/object:os.system x\n", "P512", "!"),
        ("a: !!map {b: 1}\n", "P512", "!"),
        ("<<: {a: 1}\n", "P512", "<<"),
        ("a: 1\n---\nb: 1\n", "P515", "---"),
        ("a: 'x\nb: 1\n", "P507", "1"),
        ("a: b: c\n", "P507", ":"),
        ("\ta: 1\n", "P507", "\t"),
        ("a: 1\n  b: 2\n", "P507", ":"),
        ("a: \x01\n", "P507", "\x01"),
        ('a: "\\ud800"\n', "P507", "d"),
        ("[a]: 1\n", "P507", "["),
        ("? {a: 1}\n: 2\n", "P507", "{"),
    ],
)
def test_yaml_that_is_refused(tmp_path: Path, text: str, code: str, underlined: str) -> None:
    """Broken YAML and its devices are pointed at."""
    reason = refused(one(tmp_path, "a.yaml", text))
    assert reason.code == code
    assert reason.span is not None
    assert reason.span.text == underlined


def test_yaml_is_read_without_the_c_library_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PyYAML was built without libyaml the answers are the same."""
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert one(tmp_path, "a.yaml", "é: [no, 1]\n").data == {"é": ["no", 1]}
    assert refused(one(tmp_path, "a.yaml", "a: \x01\n")).code == "P507"
    assert refused(one(tmp_path, "a.yaml", "[" * 5000)).code == "P510"


@pytest.mark.parametrize(
    ("name", "bomb"),
    [
        ("a.json", b"[" * 30_000_000),
        ("a.json", b"[" * 200_000),
        ("a.json", b'{"a":' * 200_000),
        ("a.yaml", b"[" * 30_000_000),
        ("a.yaml", b"- " * 200_000),
        ("a.ndjson", b"\n" * 50 + b"[" * 30_000_000),
        ("a.json.gz", gzip.compress(b"[" * 30_000_000)),
        ("a.json.zst", zstandard.compress(b"[" * 30_000_000)),
        ("a.yaml.gz", gzip.compress(b"[" * 30_000_000)),
    ],
    ids=["json", "small", "objects", "yaml", "dashes", "ndjson", "gz", "zst", "yaml-gz"],
)
def test_nesting_bombs_are_refused_early(tmp_path: Path, name: str, bomb: bytes) -> None:
    """Neither the memory nor the stack is filled."""
    path = tmp_path / name
    path.write_bytes(bomb)
    tracemalloc.start()
    try:
        (document,) = read(str(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused(document).code == "P510"
    # A zst frame unpacks in one block of at most 64 MiB; nothing else may hold the whole text.
    assert peak < (70 if name.endswith("zst") else 12) * 1_000_000


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.ndjson"])
@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
def test_a_document_larger_than_the_limit_is_refused(
    tmp_path: Path, name: str, packed: str
) -> None:
    """The limit counts what comes out of the packing."""
    text = b'{"a": "' + b"x" * 100_000 + b'"}'
    content = PACKERS[packed](text)
    assert refused(one(tmp_path, name + packed, content, limit=100_000)).code == "P514"
    assert one(tmp_path, name + packed, content, limit=100_009).data is not None


def test_the_limit_is_for_each_document_of_a_file(tmp_path: Path) -> None:
    """Many small documents are no large one."""
    lines = "\n".join('{"a": "xxxxxxxxxx"}' for _ in range(50))
    assert len(of_text(tmp_path, "a.ndjson", lines, limit=30)) == 50


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json.gz", gzip.compress(b'{"a": 1}')[:-5]),
        ("a.json.gz", b"hello, this is no gzip"),
        ("a.json.gz", gzip.compress(bytes(range(256)))[:60] + b"\xff" * 300),
        ("a.json.zst", zstandard.compress(b'{"a": 1}')[:-2]),
        ("a.json.zst", b"hello, this is no zstd"),
        ("a.ndjson.zst", b""),
    ],
    ids=["gz-cut", "gz-foreign", "gz-altered", "zst-cut", "zst-foreign", "zst-empty"],
)
def test_damaged_packing_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    """Cut, foreign and altered files are refused; an empty one is empty."""
    assert refused(one(tmp_path, name, content)).code == ("P513" if content else "P506")


def test_documents_before_the_damage_are_read(tmp_path: Path) -> None:
    """NDJSON gives what came out whole, then says that the file is damaged."""
    lines = b"".join(b'{"a": "%s"}\n' % os.urandom(50).hex().encode() for _ in range(5000))
    *whole, last = of_text(tmp_path, "a.ndjson.gz", gzip.compress(lines)[:-100_000])
    assert whole
    assert all(document.data for document in whole)
    assert refused(last).code == "P513"


def test_packed_files_may_have_several_parts(tmp_path: Path) -> None:
    """Packed files that were put one behind the other are one text."""
    for suffix, pack in ((".gz", gzip.compress), (".zst", zstandard.compress)):
        content = pack(b'{"a":') + pack(b" 1}")
        assert one(tmp_path, "a.json" + suffix, content).data == {"a": 1}


def test_zstd_without_its_library_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names what to install."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "zstandard":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    reason = refused(one(tmp_path, "a.json.zst", b"x"))
    assert reason.code == "P516"
    assert "`zstandard`" in reason.message


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    """A missing file, a folder and an unknown suffix have their own words."""
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    for name, code, words in (
        ("none.json", "P501", "there is no such file"),
        ("folder.json", "P501", "it is a folder"),
        ("loop.json", "P501", "symbolic links"),
        ("a.xls", "P502", "does not tell what kind of file it is"),
    ):
        (document,) = read(str(tmp_path / name))
        reason = refused(document)
        assert reason.code == code
        assert words in reason.message


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system's no is passed on in words."""

    def no(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.json").write_text("{}")
    monkeypatch.setattr(builtins, "open", no)
    assert "it may not be read" in refused(next(read(str(tmp_path / "a.json")))).message


@pytest.mark.parametrize(
    ("content", "names", "form"),
    [
        (b'{"a": 1}\n{"a": 2}\n', ["<stdin>:1", "<stdin>:2"], Format.NDJSON),
        (b'\n {"a": 1}\n\n{"a": 2}', ["<stdin>:2", "<stdin>:4"], Format.NDJSON),
        (b'{"a": 1}\n\n', ["<stdin>"], Format.JSON),
        (b'{\n"a": 1}\n', ["<stdin>"], Format.JSON),
        (b"\xef\xbb\xbf{}", ["<stdin>"], Format.JSON),
        (b"a: 1\nb: 2\n", ["<stdin>"], Format.YAML),
        (b"", ["<stdin>"], Format.YAML),
        (gzip.compress(b'{"a": 1}'), ["<stdin>"], Format.JSON),
        (zstandard.compress(b"a: 1"), ["<stdin>"], Format.YAML),
        (gzip.compress(Random(7).randbytes(PIECE)), ["<stdin>"], Format.YAML),
    ],
    ids=["two", "apart", "one", "lines", "mark", "yaml", "empty", "gz", "zst", "gz-noise"],
)
def test_standard_input_tells_its_format_itself(
    content: bytes, names: list[str], form: Format
) -> None:
    """Packed or not, its first line tells."""
    documents = list(read("-", stdin=io.BytesIO(content)))
    assert [document.name for document in documents] == names
    assert {document.format for document in documents} == {form}
    assert {document.file for document in documents} == {"<stdin>"}


def test_standard_input_is_the_process_own_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a stream to read from, the process's is read."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}')))
    assert next(read("-")).data == {"a": 1}


def test_a_long_first_line_of_standard_input_is_not_looked_at_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What has no line break in its first part is one JSON document."""
    monkeypatch.setattr("policy.data.readers.reading._LONGEST_LOOK", PIECE)
    text = json.dumps({"a": "x" * 3 * PIECE}).encode()
    (document,) = read("-", stdin=io.BytesIO(text))
    assert document.data is not None


def texts() -> Iterator[str]:
    """Yield pieces that documents are made of."""
    yield from ('{"a":', "[", "]", "}", ",", '"x"', "1", "-", ":", "\n", "NaN", "\\", '"', " ")
    yield from ("- ", "a: ", "&x", "*x", "|", "'", "#", "!", "\ufeff", "\ud83d", "%", "\x00", "é")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(list(texts())), max_size=25).map("".join),
    st.sampled_from(["a.json", "a.yaml", "a.ndjson", "a.json.gz", "a.json.zst"]),
)
def test_no_text_breaks_a_reader(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str
) -> None:
    """Every document has data, or an error that says why not."""
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    documents = list(read(str(path)))
    assert documents
    for document in documents:
        bad = any(item.level is Level.ERROR for item in document.diagnostics)
        assert bad == (document.data is None)
