"""Verdicts become rows, rows become files; nobody's name is kept."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from msgspec.structs import replace
from pyarrow import parquet

from policy.audit.judging import Judge
from policy.audit.store import PartWriter, keep_part, merge, schema_of, write_json
from policy.audit.tables import TABLES, Rows, rows_of
from policy.audit.tally import Tally
from policy.data.schema import load_schema
from policy.model.findings import Evidence
from policy.model.outcomes import Outcome
from tests.audit.toy_job import centre, given, judge, line

LATE = centre(90007, region="Süd")
LATE["programmes"][0]["learners"][0]["submissions"][0]["authorisations"][0]["due_on"] = "2026-02-02"
LATE["policies"][0]["title"] = "a title that is much too long for the house"


@pytest.fixture(scope="module")
def by() -> Judge:
    """A judge by the toy specs."""
    return judge()


def named(table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    """Return a row by the names of its columns."""
    names = [column.name for column in TABLES[table]]
    return dict(zip(names, row, strict=True))


def test_rows_say_what_the_report_says(by: Judge) -> None:
    """Counts and findings of a document are those of its result."""
    judged = by.judge(given(line(LATE).rstrip()))
    rows = rows_of(judged)
    document = named("documents", rows.documents[0])
    assert (document["centre"], document["region"], document["status"]) == (
        "90007",
        "Süd",
        "judged",
    )
    assert document["findings"] == len(judged.result.findings) == len(rows.findings)
    for outcome in Outcome:
        column = outcome.value.replace(" ", "_")
        total = sum(each.counts[outcome] for each in judged.result.demands)
        assert document[column] == total, column
        assert sum(named("outcomes", row)[column] for row in rows.outcomes) == total, column
    assert document["breached"] == 3
    breached = [named("findings", row) for row in rows.findings]
    window = next(each for each in breached if each["rule"] == "window")
    finding = next(each for each in judged.result.findings if each.rule == "window")
    assert window["message"] == "due on 2026-02-02, the last day is 2025-12-15"
    assert window["clauses"] == ["TOY-003"]
    assert window["fingerprint"] == finding.fingerprint
    assert json.loads(window["evidence"])[0]["pointer"].startswith("/programmes/0/")


def test_the_tally_counts_by_strength(by: Judge) -> None:
    """What the exit code asks for, summed up in parts and over them."""
    tally = Tally()
    tally.add(by.judge(given(line(LATE).rstrip())))
    assert (tally.documents, tally.quarantined, tally.errors) == (1, 0, 0)
    assert (tally.breached_must, tally.breached_should) == (1, 2)
    assert tally.undecided > 0
    tally.add(by.judge(given(b"{")))
    assert (tally.documents, tally.quarantined) == (2, 1)
    twice = Tally.from_json(tally.as_json())
    twice += tally
    assert twice.as_json() == {name: 2 * count for name, count in tally.as_json().items()}


def test_the_hash_of_the_verdicts_changes_with_them(by: Judge) -> None:
    """And with nothing else but the bytes of the document."""
    first, again, other = (
        named("documents", rows_of(by.judge(given(line(each).rstrip()))).documents[0])
        for each in (LATE, LATE, centre(90007, region="Süd"))
    )
    assert first["verdict_hash"] == again["verdict_hash"] != other["verdict_hash"]


def test_nobody_is_named_in_the_tables(by: Judge) -> None:
    """Names of learners and staff stay in the data, in evidence and in what is quarantined too."""
    broken = centre(90008)
    broken["staff"][0]["name"] = {"first": "Zebedee"}
    broken["programmes"][0]["learners"][0]["name"] = 17
    quoted = line(centre(90009)).replace(b'"Learner One"', b'"Zebedee" "Learner One"')
    texts = []
    for content in (line(LATE), line(broken), quoted, line(centre())[:-40]):
        rows = rows_of(by.judge(given(content.rstrip())))
        texts.append(repr(rows))
    assert "Learner One" not in "".join(texts)
    assert "Zebedee" not in "".join(texts)
    assert "A. Lead" not in "".join(texts)
    assert all("P5" in text or "P4" in text for text in texts[1:])


def test_a_name_in_the_wrong_place_is_not_kept(by: Judge) -> None:
    """Whatever field somebody pasted it into: a mistake is told without the value."""
    name = "Zebedee `Q.`, 31"
    problems = set()
    for content in misplaced(name):
        (row,) = rows_of(by.judge(given(content))).documents
        document = named("documents", row)
        if document["status"] == "quarantined":
            assert "Zebedee" not in repr(row)
            problems.add((document["code"], document["problem"].partition(" (")[0]))
    assert {
        ("P401", "`learner` has no field `...`"),
        ("P404", "`...` is not one of the choices of `learner.status`"),
        ("P405", "`...` is not a day: `learner.started_on` is a date"),
        ("P508", "`...` stands twice in one object"),
    } <= problems


def misplaced(name: str) -> Iterator[bytes]:
    """Yield centres in which a name stands as each field of a learner, and as a field's name."""
    fields = load_schema().json["$defs"]["learner"]["properties"]
    for field in (*fields, name):
        spoilt = centre(90010)
        spoilt["programmes"][0]["learners"][0][field] = name
        yield line(spoilt).rstrip()
    key = json.dumps(name).encode()
    yield line(centre(90011)).rstrip()[:-1] + b", %b: 1, %b: 2}" % (key, key)


def test_a_field_that_is_not_known_is_named(by: Judge) -> None:
    """What looks like the name of a field is told: nobody would find the mistake otherwise."""
    document = named("documents", rows_of(by.judge(given(line(centre(colour=1))))).documents[0])
    assert document["problem"] == "`centre` has no field `colour`"


def test_personal_evidence_is_masked(by: Judge) -> None:
    """Its expression and its place are kept, its value is not."""
    judged = by.judge(given(line(LATE).rstrip()))
    seen = Evidence(expression="l.name", value="Zebedee", pointer="/x", personal=True)
    finding = replace(judged.result.findings[0], evidence=(seen,))
    rows = rows_of(replace(judged, result=replace(judged.result, findings=(finding,))))
    (kept,) = json.loads(named("findings", rows.findings[0])["evidence"])
    assert kept == {"expression": "l.name", "value": "(personal)", "pointer": "/x"}
    assert "Zebedee" not in repr(rows)


def test_a_quarantined_document_has_its_mistake(by: Judge) -> None:
    """Code, words, line and column of the first, and how many more."""
    content = line(centre(country="narnia", type="castle")).rstrip()
    document = named("documents", rows_of(by.judge(given(content))).documents[0])
    assert (document["status"], document["code"]) == ("quarantined", "P404")
    assert document["problem"].endswith("(and 1 more)")
    assert (document["problem_line"], document["subjects"], document["warnings"]) == (1, 0, 0)
    assert content[document["problem_column"] - 1 :].startswith((b'"narnia', b'"castle'))


def test_names_of_files_that_are_no_text(by: Judge, tmp_path: Path) -> None:
    """Some systems allow any bytes; the tables hold texts."""
    name = os.fsdecode(b"caf\xe9.json")
    one = given(line(LATE).rstrip())
    judged = by.judge(
        type(one)(name=name, file=name, line=1, format=one.format, content=one.content)
    )
    writer = PartWriter(folder=tmp_path / "000000")
    writer.add(rows_of(judged))
    writer.finish({})
    (document,) = parquet.read_table(tmp_path / "000000" / "documents.parquet").to_pylist()
    assert document["document"] == document["file"] == "caf\ufffd.json"


def row(number: int) -> Rows:
    """Return the rows of an imaginary document."""
    values = {"text": f"t{number}", "integer": number, "yes_no": True, "day": None, "texts": ["c"]}
    made = {
        table: (tuple(values[column.kind] for column in columns),)
        for table, columns in TABLES.items()
    }
    return Rows(**made)


def test_memory_does_not_grow_with_a_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows go to the disk as they become many, whichever table they are for."""
    monkeypatch.setattr("policy.audit.store._ROWS_AT_ONCE", 30)
    writer = PartWriter(folder=tmp_path / "000000")
    most = 0
    for number in range(100):
        writer.add(row(number))
        most = max(most, sum(map(len, writer._rows.values())))
    assert most < 30 + 3
    assert not (tmp_path / "000000").exists()
    writer.finish({"hash": "x"})
    for table in TABLES:
        found = parquet.read_table(tmp_path / "000000" / f"{table}.parquet")
        assert found.schema == schema_of(table)
        first = next(column.name for column in TABLES[table] if column.kind == "text")
        assert found.column(first).to_pylist() == [f"t{number}" for number in range(100)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000"]


@pytest.mark.parametrize("held", [2, 7, 1000])
def test_how_the_input_was_parted_does_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    """One part or many, flushed often or seldom: the merged files are the same bytes."""
    merged = []
    for name, sizes in (("one", [23]), ("many", [1, 9, 0, 13])):
        numbers = iter(range(23))
        parts = []
        for at, size in enumerate(sizes):
            monkeypatch.setattr("policy.audit.store._ROWS_AT_ONCE", held * (at + 1))
            writer = PartWriter(folder=tmp_path / name / str(at))
            for _ in range(size):
                writer.add(row(next(numbers)))
            writer.finish({})
            parts.append(writer.folder)
        monkeypatch.setattr("policy.audit.store._ROWS_AT_ONCE", held)
        merge(parts, tmp_path / name)
        merged.append([(tmp_path / name / f"{table}.parquet").read_bytes() for table in TABLES])
        groups = parquet.ParquetFile(tmp_path / name / "findings.parquet").metadata.num_row_groups
        assert groups == -(-23 // held)
    assert merged[0] == merged[1]


def test_parts_do_not_show_in_values_too_many_for_one_page(tmp_path: Path) -> None:
    """Where Parquet begins a page depends on how its writer is given the values."""
    digest = hashlib.sha256
    texts = [digest(str(number).encode()).hexdigest() * 40 for number in range(3_000)]
    merged = []
    for name, size in (("one", 3_000), ("many", 130)):
        parts = []
        for at in range(0, len(texts), size):
            writer = PartWriter(folder=tmp_path / name / str(at))
            for number, text in enumerate(texts[at : at + size], start=at):
                (finding,) = row(number).findings
                place = [column.name for column in TABLES["findings"]].index("evidence")
                findings = ((*finding[:place], text, *finding[place + 1 :]),)
                writer.add(replace(row(number), findings=findings))
            writer.finish({})
            parts.append(writer.folder)
        merge(parts, tmp_path / name)
        merged.append((tmp_path / name / "findings.parquet").read_bytes())
    assert merged[0] == merged[1]


def test_merging_leaves_memory_to_others_as_it_was(tmp_path: Path) -> None:
    """Whoever used Arrow before goes on with the memory that it chose."""
    usual = pa.default_memory_pool().backend_name
    merge([], tmp_path)
    assert pa.default_memory_pool().backend_name == usual != "system"


def test_a_part_made_elsewhere_is_kept_as_a_whole(tmp_path: Path) -> None:
    """It takes the place of what was there, and of a draft that somebody left."""
    folder = tmp_path / "000000"
    for each in (folder, folder.with_suffix(".draft")):
        each.mkdir()
        (each / "old").write_bytes(b"")
    keep_part(folder, {"part.json": b"{}", "findings.parquet": b"x"})
    assert sorted(path.name for path in folder.iterdir()) == ["findings.parquet", "part.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000"]


def test_a_file_is_written_at_once_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fills up half-way leaves the file that was there."""
    write_json(tmp_path / "x.json", {"a": 1})

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_json(tmp_path / "x.json", {"a": 2})
    assert json.loads((tmp_path / "x.json").read_text()) == {"a": 1}


def test_columns_have_types() -> None:
    """What queries rely on."""
    assert schema_of("findings").field("due_on").type == pa.date32()
    assert schema_of("outcomes").field("clauses").type == pa.list_(pa.string())
    assert all(len({column.name for column in each}) == len(each) for each in TABLES.values())
