"""Data that cannot be judged: each file is named with the reason, the place, and what to do."""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.bad_input.conftest import CENTRE, Call

TEXT = CENTRE.read_text("utf-8")
BYTES = TEXT.encode()
ZST = zstandard.ZstdCompressor().compress(BYTES)
BOMB = "a0: &a0 [x, x, x]\n" + "".join(
    f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]\n" for number in range(1, 30)
)


def swapped(old: str, new: str) -> bytes:
    """Return the document with one text in place of another."""
    assert old in TEXT
    return TEXT.replace(old, new, 1).encode()


UNREADABLE: dict[str, tuple[str, bytes, str, str, str]] = {
    # name of the file, its bytes, code, message, help
    "empty": ("c.json", b"", "P506", "there is nothing in the file", "how the file was made"),
    "blank": ("c.json", b" \n\t\n", "P506", "there is nothing in the file", ""),
    "blank YAML": ("c.yaml", b"# nothing\n", "P506", "there is nothing in the file", ""),
    "blank lines": ("c.ndjson", b"\n\n", "P506", "there is nothing in the file", ""),
    "empty gz": ("c.json.gz", b"", "P506", "there is nothing in the file", ""),
    "cut off": ("c.json", BYTES[:-20], "P507", "the text ends before the document does",
                "the file was cut off"),
    "cut in a text": ("c.json", BYTES[:30], "P507", "a text begins here and is not closed", '`"`'),
    "comma too many": ("c.json", swapped('"england",', '"england",,'), "P507", "double quotes", ""),
    "comma missing": ("c.json", swapped('"england",', '"england"'), "P507", "a comma is missing",
                      "put a comma"),
    "Python quotes": ("c.json", b"{'number': 1}", "P507", "", "texts and names stand in double"),
    "broken UTF-8": ("c.json", swapped("Example College", "Coll?ge").replace(b"?", b"\xe8"),
                     "P504", "this byte is not UTF-8", "UTF-8"),
    "UTF-16": ("c.json", TEXT.encode("utf-16"), "P504", "the text is in UTF-16", "UTF-8"),
    "broken UTF-8 in YAML": ("c.yaml", b"number: Coll\xe8ge\n", "P504", "not UTF-8", "UTF-8"),
    "NaN": ("c.json", swapped('"glh": 90', '"glh": NaN'), "P509",
            "`NaN` is not a number that JSON knows", "write `null`"),
    "Infinity": ("c.json", swapped('"glh": 90', '"glh": -Infinity'), "P509", "-Infinity", "`null`"),
    "too large a number": ("c.json", swapped('"glh": 90', '"glh": 1e999'), "P509", "too large", ""),
    "a name twice": ("c.json", swapped('"type": "college"', '"country": "wales"'), "P508",
                     "`country` stands twice in one object", "keep one of the two"),
    "half a character": ("c.json", swapped("Example College", "\\ud83d"), "P511", "surrogate", ""),
    "nested": ("c.json", b'{"a":' * 500 + b"1" + b"}" * 500, "P510", "100 levels deep", ""),
    "nested without end": ("c.json", b'{"a":' * 5000, "P510", "more than 100 levels deep", ""),
    "nested YAML": ("c.yaml", b"[" * 500, "P510", "more than 100 levels deep", ""),
    "alias bomb": ("c.yaml", BOMB.encode(), "P512", "anchors are not read", "write the value out"),
    "tag": ("c.yaml", b"number: !!python/object/apply:os.getcwd []\n", "P512", "tags are not", ""),
    "merge": ("c.yaml", b"<<: {number: 1}\n", "P512", "merge keys are not read", ""),
    "two documents": ("c.yaml", b"a: 1\n---\na: 2\n", "P515", "a second document begins", "NDJSON"),
    "YAML with a tab": ("c.yaml", b"a: x\n\tb: 1\n", "P507", "this is not YAML", "indentation"),
    "list": ("c.json", b"[" + BYTES + b"]", "P515", "not one object", "NDJSON"),
    "text": ("c.json", b'"centre"', "P515", "not one object", ""),
    "broken gz": ("c.json.gz", gzip.compress(BYTES)[:-40], "P513", "it ends too early", "again"),
    "no gz": ("c.json.gz", BYTES, "P513", "the gzip file is damaged", "fetch or make the file"),
    "broken zst": ("c.json.zst", ZST[:-40], "P513", "it ends too early", "again"),
    "no zst": ("c.json.zst", BYTES, "P513", "the zstd file is damaged", "fetch or make the file"),
    "another kind": ("c.docx", BYTES, "P502", "does not tell what kind of file", "names end in"),
    "year": ("c.json", swapped('"2025/26"', '"2025/27"'), "P523", "its two years do not follow",
             "`2025/26` begins in 2025"),
    "year in another form": ("c.json", swapped('"2025/26"', '"2025-26"'), "P408",
                             "`2025-26` is not an academic year", "write it like `2025/26`"),
    "year and days": ("c.json", swapped('"2025-09-01"', '"2024-09-01"'), "P523",
                      "the academic year 2025/26 cannot start on 2024-09-01", ""),
    "year that ends first": ("c.json", swapped('"2026-08-31"', '"2025-08-31"'), "P523",
                             "before it starts", ""),
    "ids twice": ("c.json", swapped('"id": "T2"', '"id": "T1"'), "P521",
                  "two rows of `staff` have the id `T1`", "give each its own"),
    "unknown field": ("c.json", swapped('"glh"', '"ghl"'), "P401", "`unit` has no field `ghl`",
                      "did you mean `glh`?"),
    "field lacking": ("c.json", swapped('"number": "1",', ""), "P402", "`unit` needs", ""),
    "number as text": ("c.json", swapped('"glh": 90', '"glh": "90"'), "P403",
                       "is a whole number, not text", "without quotes"),
    "no choice": ("c.json", swapped('"kind": "first"', '"kind": "frist"'), "P404",
                  "`frist` is not one of the choices", "did you mean `first`?"),
    "British date": ("c.json", swapped("2025-11-20", "20/11/2025"), "P405",
                     "`20/11/2025` is not a day", "like 2025-09-01"),
    "no such day": ("c.json", swapped("2025-11-20", "2025-02-30"), "P405",
                    "`2025-02-30` is not a day", "no such day in the calendar"),
    "year of a typist": ("c.json", swapped("2025-11-20", "0025-11-20"), "P405",
                         "no day to be expected", "between 1900 and 2099"),
    "out of range": ("c.json", swapped('"glh": 90', '"glh": -1'), "P406", "is 0 or more", ""),
    "empty text": ("c.json", swapped('"Example College"', '""'), "P407", "is an empty text",
                   "`null`"),
    "no text for a name": ("c.json", swapped('"Learner One"', "17"), "P403", "not a number",
                           "in quotes"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_data_that_cannot_be_judged(name: str, check: Call, tmp_path: Path) -> None:
    """One worded error with its file, the line for a fault inside it; exit code 2."""
    file, content, code, message, help_text = UNREADABLE[name]
    path = tmp_path / file
    path.write_bytes(content)
    ended = check(path)
    assert (ended.code, ended.err) == (2, "")
    assert ended.out.count("error[") == 1, ended.out
    told = ended.out[ended.out.index("error[") :].partition("\n\n")[0]
    assert told.startswith(f"error[{code}]: ")
    assert message in " ".join(told.split())
    assert help_text in " ".join(told.partition("= help: ")[2].split())
    assert f"--> {path}" in told
    whole_file = code in ("P502", "P506", "P513") or name == "UTF-16"
    assert (f"--> {path}:" in told) is not whole_file
    assert "Learner One" not in ended.out
    assert ended.out.endswith("1 document could not be read and was not judged.\n")


def test_help_is_there_wherever_something_can_be_done(check: Call, tmp_path: Path) -> None:
    """A missing file, an empty folder, something that is no file."""
    for path, code, help_text in (
        (tmp_path / "gone.json", "P501", "check the path"),
        (tmp_path / "gone", "P502", "names end in"),
    ):
        ended = check(path)
        assert ended.code == 2
        assert f"error[{code}]: " in ended.out
        assert help_text in ended.text
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "letter.docx").write_bytes(b"x")
    ended = check(tmp_path / "none")
    assert ended.code == 2
    assert "error[P503]: there is no data file in the folder" in ended.text
    assert "data files end in .json" in ended.text


def test_a_broken_file_does_not_keep_others_from_being_judged(check: Call, tmp_path: Path) -> None:
    """The good documents of a folder, and of a file of lines, have their verdicts; still 2."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.json").write_bytes(b"{")
    (tmp_path / "data" / "b.json").write_bytes(BYTES)
    line = json.dumps(json.loads(TEXT)).encode()
    (tmp_path / "data" / "c.ndjson").write_bytes(line + b"\nnull\n" + line + b"\n")
    ended = check(tmp_path / "data", "--format", "json")
    assert ended.code == 2
    report = json.loads(ended.out)
    assert [item["readable"] for item in report["documents"]] == [False, True, True, False, True]
    assert report["totals"]["subjects"] > 0


@pytest.mark.parametrize(
    ("name", "change", "code", "message"),
    [
        ("byte order mark", lambda data: codecs.BOM_UTF8 + data, "note[P505]", "is read over"),
        (
            "nobody",
            lambda data: data.replace(b'"lead_iv": "T1"', b'"lead_iv": "T9"'),
            "warning[P520]",
            "`programme.lead_iv` names the staff `T9`, which is not in the document",
        ),
        (
            "wrong kind of row",
            lambda data: data.replace(b'"lead_iv": "T1"', b'"lead_iv": "L1"'),
            "warning[P520]",
            "`L1` is the id of a row of `learner`",
        ),
        (
            "done in the future",
            lambda data: data.replace(b'"2025-11-20"', b'"2026-11-20"'),
            "warning[P522]",
            "`submission.assessed_on` is later than 2026-05-01",
        ),
    ],
)
def test_data_that_can_be_judged_all_the_same(
    name: str,
    change: Callable[[bytes], bytes],
    code: str,
    message: str,
    check: Call,
    tmp_path: Path,
) -> None:
    """A note or a warning with its place, and a verdict."""
    path = tmp_path / "c.json"
    path.write_bytes(change(BYTES))
    assert path.read_bytes() != BYTES
    ended = check(path)
    assert ended.code == 0
    assert code in ended.out
    assert message in ended.text
    assert f"--> {path}" in ended.out


def test_every_mistake_of_a_document_is_listed_up_to_a_point(check: Call, tmp_path: Path) -> None:
    """Mistakes are collected, not told one run at a time; thousands are cut and counted."""
    data: dict[str, Any] = json.loads(TEXT)
    data["staff"] = [{"id": f"T{number}", "nmae": "x"} for number in range(3000)]
    path = tmp_path / "c.json"
    path.write_text(json.dumps(data), "utf-8")
    ended = check(path)
    assert ended.code == 2
    assert "error[P410]: " in ended.out
    assert "more mistakes are not listed" in ended.text
    assert 10 < ended.out.count("error[P401]") < 500
    assert len(ended.out) < 200_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"waivers": [{"rule": "signed"}]}', "P707"),
        ('{"waivers": "none"}', "P707"),
        ("{", "P507"),
        ("", "P506"),
    ],
)
def test_waivers_that_are_none(check: Call, tmp_path: Path, content: str, code: str) -> None:
    """A file of waivers in which something is wrong excuses nothing and is told; 2."""
    path = tmp_path / "waivers.json"
    path.write_text(content, "utf-8")
    ended = check(CENTRE, "--waivers", path)
    assert ended.code == 2
    assert f"error[{code}]: " in ended.out
    assert str(path) in ended.out
