"""The same centre gets the same verdicts, however it is written down."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
import zstandard
from pyarrow import parquet

from policy.audit.documents import documents_of
from policy.audit.inputs import Part, survey
from policy.audit.judging import Judge
from policy.audit.tables import rows_of
from tests.audit.toy_job import centre, judge, judged, line

TWO = [centre(90001), centre(90002, name="Other College", region="North", country=None)]


@pytest.fixture(scope="module")
def by() -> Judge:
    """A judge by the toy specs."""
    return judge()


def as_rows(path: Path, rows: list[dict[str, Any]], size: int = 1 << 20) -> Path:
    """Write centres as Parquet, one a row, in groups of `size` rows."""
    parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=size)
    return path


def days(value: Any) -> Any:
    """Return data with days as Parquet has them, rather than as texts."""
    if isinstance(value, dict):
        return {
            name: date.fromisoformat(item)
            if name.endswith("_on") and isinstance(item, str)
            else days(item)
            for name, item in value.items()
        }
    return [days(item) for item in value] if isinstance(value, list) else value


def verdicts(file: Path, by: Judge) -> list[Any]:
    """Return what the documents of a file add to the tables, but for where they stand."""
    found = []
    for each in judged(file, by):
        rows = rows_of(each)
        assert each.result.readable, each.result.diagnostics
        assert rows.outcomes
        assert rows.findings
        found.append(([row[1:] for row in rows.outcomes], [row[1:] for row in rows.findings]))
    return found


def test_one_centre_in_every_form(tmp_path: Path, by: Judge) -> None:
    """Lines, packed lines, JSON, packed JSON, YAML and Parquet come to the same."""
    lines = b"".join(map(line, TWO))
    (tmp_path / "x.ndjson").write_bytes(lines)
    expected = verdicts(tmp_path / "x.ndjson", by)
    assert len(expected) == 2
    (tmp_path / "x.ndjson.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "x.jsonl.zst").write_bytes(zstandard.compress(lines))
    as_rows(tmp_path / "texts.parquet", TWO)
    as_rows(tmp_path / "days.parquet", [days(each) for each in TWO])
    for name in ("x.ndjson.gz", "x.jsonl.zst", "texts.parquet", "days.parquet"):
        assert verdicts(tmp_path / name, by) == expected, name
    for data, one in zip(TWO, expected, strict=True):
        (tmp_path / "one.json").write_text(json.dumps(data, indent=1))
        (tmp_path / "one.json.gz").write_bytes(gzip.compress(line(data)))
        (tmp_path / "one.yaml").write_text(yaml.safe_dump(data))
        for name in ("one.json", "one.json.gz", "one.yaml"):
            assert verdicts(tmp_path / name, by) == [one], name


def test_broken_files_of_their_own_are_quarantined(tmp_path: Path, by: Judge) -> None:
    """JSON, YAML, packed files and Parquet that are not what their names say."""
    broken = {
        "a.json": (b'{"number": ', "P507"),
        "b.yaml": (b"number: [", "P507"),
        "c.json.gz": (b"{}", "P513"),
        "d.json.zst": (b"{}", "P513"),
        "e.parquet": (b"PAR1 and no more", "P513"),
        "f.json": (b"", "P506"),
        "g.yaml": (b"- 1\n", "P515"),
    }
    for name, (content, code) in broken.items():
        (tmp_path / name).write_bytes(content)
        (found,) = judged(tmp_path / name, by)
        assert not found.result.readable
        assert [each.code for each in found.result.diagnostics] == [code], name
        assert found.given.name == str(tmp_path / name)


def test_row_groups_are_parts(tmp_path: Path) -> None:
    """Several where rows are many, one where they are few; rows have numbers from 1."""
    rows = [{"number": str(at), "name": None, "staff": [{"id": "T1"}]} for at in range(1, 8)]
    file = as_rows(tmp_path / "x.parquet", rows, 2)
    few = survey([str(file)]).parts
    many = survey([str(file)], 1).parts
    assert (len(few), len(many)) == (1, 4)
    assert [part.number for part in many] == [0, 1, 2, 3]
    for parts in (few, many):
        found = [each for part in parts for each in documents_of(part)]
        assert [each.line for each in found] == list(range(1, 8))
        assert found[4].content == b'{"number":"5","staff":[{"id":"T1"}]}'
    assert len({part.hash for part in many}) == 4


def test_an_absent_collection_is_not_an_empty_one(tmp_path: Path) -> None:
    """Null is left out, an empty list stays."""
    types = pa.schema([("number", pa.string()), ("staff", pa.list_(pa.int64()))])
    rows = [{"number": "1", "staff": []}, {"number": "2", "staff": None}, {"staff": [1, None]}]
    parquet.write_table(pa.Table.from_pylist(rows, types), tmp_path / "x.parquet")
    found = _contents(survey([str(tmp_path / "x.parquet")]).parts)
    assert found == [b'{"number":"1","staff":[]}', b'{"number":"2"}', b'{"staff":[1,null]}']


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", Decimal("1.5")])
def test_a_value_that_json_has_no_form_for(tmp_path: Path, by: Judge, value: Any) -> None:
    """Only its own row is quarantined."""
    rows = [{"number": "1", "x": None}, {"number": "2", "x": value}, {"number": "3", "x": None}]
    found = judged(as_rows(tmp_path / "x.parquet", rows), by)
    codes = [[each.code for each in one.result.diagnostics] for one in found]
    assert "P816" not in codes[0] + codes[2]
    assert codes[1] == ["P816"]
    assert [one.given.line for one in found] == [1, 2, 3]


def test_where_a_value_has_no_form(tmp_path: Path, by: Judge) -> None:
    """The columns that lead there are named, unless they could be anything."""
    day = datetime(2025, 9, 1, tzinfo=UTC)
    places = {"staff.joined_on": [{"joined_on": None}, {"joined_on": day}], "A. Lead": day}
    for at, (place, value) in enumerate(places.items()):
        row = {"number": "1", place.partition(".")[0] if at == 0 else place: value}
        (found,) = judged(as_rows(tmp_path / f"{at}.parquet", [row]), by)
        (said,) = found.result.diagnostics
        assert said.message == f"`{place}` holds a value that has no form in JSON"
        shown = "..." if at else place
        assert said.kept_message == f"`{shown}` holds a value that has no form in JSON"


def test_parquet_without_rows_is_said(tmp_path: Path, by: Judge) -> None:
    """Like any other file without a document."""
    empty = pa.Table.from_pylist([], pa.schema([("number", pa.string())]))
    parquet.write_table(empty, tmp_path / "x.parquet")
    (found,) = judged(tmp_path / "x.parquet", by)
    assert [each.code for each in found.result.diagnostics] == ["P506"]


def test_parquet_that_is_damaged_inside(tmp_path: Path, by: Judge) -> None:
    """Its end is whole, its pages are not."""
    file = as_rows(tmp_path / "x.parquet", TWO * 3)
    content = bytearray(file.read_bytes())
    content[4 : len(content) // 2] = bytes(len(content) // 2 - 4)
    file.write_bytes(content)
    found = judged(file, by)
    assert [each.code for each in found[-1].result.diagnostics] == ["P513"]


def _contents(parts: tuple[Part, ...]) -> list[bytes | None]:
    return [each.content for part in parts for each in documents_of(part)]
