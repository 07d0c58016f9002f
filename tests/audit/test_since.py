"""What an earlier run found is taken over: the same bytes come out, with less judged."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from contextlib import chdir
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from policy.audit import since
from policy.audit.documents import DocumentBytes, documents_of
from policy.audit.inputs import files_of, survey
from policy.audit.past_run import PastRun, TableReader
from policy.audit.run import audit
from policy.audit.since import Earlier, among, same_rows
from policy.audit.tables import Rows, rows_of
from policy.audit.tally import Tally
from policy.data.readers.raw import Format
from policy.errors import PolicyError
from policy.model.diagnostics import Level
from tests import toy
from tests.audit.toy_job import centre, judge, line
from tests.audit.toy_runs import QuickJob, assessed, bytes_of, rewrite, rows, run, seal, wrote

COUNT = 12


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of centres, `data`, and a run over it, `out`; one file is broken."""
    place = tmp_path_factory.mktemp("before")
    data = place / "data"
    data.mkdir()
    for number in range(COUNT):
        (data / f"{number:03}.json").write_bytes(line(centre(number)))
    (data / "broken.json").write_bytes(b"{")
    with chdir(place):
        run(Path("data"), Path("out"), part_size=1 << 20)
    return place


@pytest.fixture
def place(before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of both."""
    place: Path = shutil.copytree(before, tmp_path / "place")
    monkeypatch.chdir(place)
    return place


def known(folder: Path, *sources: Path) -> dict[str, Any]:
    """Return what is known of documents, by name."""
    documents = documents_in(*sources)
    return {given.name: kept for given, kept in among(documents, Earlier.of(folder))}


def documents_in(*sources: Path) -> Iterator[DocumentBytes]:
    """Yield the documents of files and folders."""
    for part in survey(files_of([str(source) for source in sources]), 1 << 20).parts:
        yield from documents_of(part)


def judged_rows(source: Path) -> dict[str, Rows]:
    """Return what comes of documents when they are judged, by name."""
    by = judge()
    return {given.name: rows_of(by.judge(given)) for given in documents_in(source)}


def change_some(place: Path) -> None:
    """Change one document, take one away, add one, move one, and mend the broken one."""
    data = place / "data"
    (data / "001.json").write_bytes(line(assessed(1)))
    (data / "002.json").unlink()
    (data / "new.json").write_bytes(line(centre(77)))
    (data / "003.json").rename(data / "moved.json")
    (data / "broken.json").write_bytes(line(centre(78)))


@pytest.mark.parametrize("part_size", [1, 1 << 20])
def test_the_same_bytes_come_out(place: Path, part_size: int) -> None:
    """Tables and manifest are those of a run that judges everything."""
    change_some(place)
    run(Path("data"), place / "plain", part_size=part_size)
    done = run(Path("data"), place / "quick", part_size=part_size, since=Path("out"))
    assert done.diagnostics == ()
    assert bytes_of(place / "quick") == bytes_of(place / "plain")


def test_processes_of_their_own_take_over_too(place: Path) -> None:
    """What is known in this process is known in others, and it ends them if it cannot hold."""
    job = QuickJob(as_at=toy.AS_AT, seconds=60.0, since=Path("out"))
    audit(job, ["data"], place / "quick", workers=2, part_size=1)
    assert bytes_of(place / "quick") == bytes_of(place / "out")
    there = rows(Path("out"), "documents")
    rewrite(Path("out"), "documents", [{**row, "breached": 99} for row in there])
    seal(Path("out"))
    with pytest.raises(PolicyError, match="is judged otherwise now"):
        audit(job, ["data"], place / "again", workers=2, part_size=1)


def test_only_what_changed_is_judged(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one in fifty, the first of each part at least."""
    change_some(place)
    documents = known(Path("out"), Path("data"))
    fresh = {name for name, kept in documents.items() if kept is None}
    assert {Path(name).name for name in fresh} == {"001.json", "new.json", "broken.json"}
    assert Path(next(iter(documents))).name == "000.json"
    assert documents["data/000.json"].is_proof
    monkeypatch.setattr(since, "ONE_IN", 1 << 40)
    proofs = [
        name for name, kept in known(Path("out"), Path("data")).items() if kept and kept.is_proof
    ]
    assert proofs == ["data/000.json"]
    monkeypatch.setattr(since, "ONE_IN", 1)
    kept = known(Path("out"), Path("data")).values()
    assert all(each.is_proof for each in kept if each is not None)


def test_one_in_fifty_is_judged_all_the_same(tmp_path: Path) -> None:
    """The choice follows from the documents, so it is the same each time."""
    source = wrote(tmp_path / "data.ndjson", *(centre(number) for number in range(200)))
    run(source, tmp_path / "out", part_size=1 << 24, rules=("once",))
    proofs = [name for name, kept in known(tmp_path / "out", source).items() if kept.is_proof]
    assert 2 <= len(proofs) <= 12
    assert proofs == [n for n, kept in known(tmp_path / "out", source).items() if kept.is_proof]


def test_rows_are_what_judging_finds(place: Path) -> None:
    """Of each document that is known, also under another name, at another line, or packed."""
    lines = b"".join(line(centre(number)) for number in (5, 1, 5))
    with gzip.open("again.ndjson.gz", "wb") as packed:
        packed.write(b"\n" + lines.replace(b"\n", b"\n\n"))
    # The documents of `data` end in a line feed, those of lines do not.
    run(Path("again.ndjson.gz"), place / "lines")
    Path("other.ndjson").write_bytes(lines)
    documents = known(Path("lines"), Path("other.ndjson"))
    judged = judged_rows(Path("other.ndjson"))
    assert list(documents) == ["other.ndjson:1", "other.ndjson:2", "other.ndjson:3"]
    for name, kept in documents.items():
        for table in ("documents", "outcomes", "findings"):
            assert judged[name].of(table)
            assert same_rows(kept.tables[table], judged[name].of(table)), (name, table)


def test_numbers_are_those_of_judging(place: Path) -> None:
    """The tally of a document that is taken over."""
    (given,) = documents_in(Path("data/004.json"))
    wanted = Tally()
    wanted.add(judge().judge(given))
    assert wanted.breached_should > 0
    (kept,) = known(Path("out"), Path("data/004.json")).values()
    assert kept.tally == wanted


def test_the_same_bytes_in_another_format_are_not_known(place: Path) -> None:
    """JSON read as YAML may say something else."""
    shutil.copy("data/004.json", "004.yaml")
    shutil.copy("data/004.json", "copy.json")
    found = known(Path("out"), Path("004.yaml"), Path("copy.json"))
    assert found["004.yaml"] is None
    assert found["copy.json"] is not None


def test_documents_with_errors_are_judged_again(place: Path) -> None:
    """A check that failed may have been unlucky; one that was put aside says where it stands."""
    there = rows(Path("out"), "documents")
    there[4]["error"] = 1
    rewrite(Path("out"), "documents", there)
    found = known(Path("out"), Path("data"))
    assert [name for name, kept in found.items() if kept is None] == [
        "data/004.json",
        "data/broken.json",
    ]


def test_what_cannot_be_fetched_is_passed_on(place: Path) -> None:
    """A document without bytes is not looked up."""
    given = DocumentBytes(name="x", file="x", line=1, format=Format.JSON)
    assert list(among([given], Earlier.of(Path("out")))) == [(given, None)]


def test_without_an_earlier_run_nothing_is_read_ahead() -> None:
    """Documents come one by one."""
    came: list[int] = []

    def documents() -> Any:
        for number in range(3):
            came.append(number)
            yield number

    stream = among(documents(), Earlier.of(None))
    assert next(iter(stream)) == (0, None)
    assert came == [0]


def test_no_more_than_a_part_is_read_ahead(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many documents are looked up some at a time."""
    monkeypatch.setattr(since, "_MOST_DOCUMENTS", 5)
    assert len(known(Path("out"), Path("data"))) == COUNT + 1
    monkeypatch.setattr(since, "_MOST_BYTES", 1)
    came = 0

    def documents() -> Any:
        nonlocal came
        for each in documents_in(Path("data")):
            came += 1
            yield each

    next(iter(among(documents(), Earlier.of(Path("out")))))
    assert came == 1


@pytest.mark.parametrize("column", ["verdict_hash", "breached"])
def test_a_proof_that_fails_ends_the_run(place: Path, column: str) -> None:
    """P832: the earlier rows are not what judging finds, and nothing is kept as if they were."""
    there = rows(Path("out"), "documents")
    there[0][column] = {"verdict_hash": "0" * 64, "breached": 99}[column]
    rewrite(Path("out"), "documents", there)
    seal(Path("out"))
    with pytest.raises(PolicyError, match=r"`data/000.json` is judged otherwise now") as caught:
        run(Path("data"), place / "quick", part_size=1 << 20, since=Path("out"))
    assert caught.value.diagnostics[0].code == "P832"
    assert not (place / "quick/manifest.json").exists()


def test_a_changed_table_is_not_built_on(place: Path) -> None:
    """P831: a table that is not what the run wrote."""
    there = rows(Path("out"), "findings")
    rewrite(Path("out"), "findings", there[1:])
    with pytest.raises(PolicyError, match=r"`findings.parquet` in `out` was changed") as caught:
        run(Path("data"), place / "quick", since=Path("out"))
    assert caught.value.diagnostics[0].code == "P831"


def test_a_missing_table_is_said_to_be(place: Path) -> None:
    """P808: a table that is gone."""
    Path("out/findings.parquet").unlink()
    with pytest.raises(PolicyError, match="missing or damaged"):
        run(Path("data"), place / "quick", since=Path("out"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules": ("window",)}, "other rules"),
        ({"as_at": date(2026, 5, 2)}, "another day (--as-at)"),
        ({"settings": {"days": "14"}}, "another value of `days`"),
    ],
)
def test_with_other_settings_everything_is_judged(
    place: Path, changes: dict[str, Any], words: str
) -> None:
    """P833: it is said, and the result is that of a run without --since."""
    run(Path("data"), place / "plain", **changes)
    done = run(Path("data"), place / "quick", since=Path("out"), **changes)
    (warning,) = done.diagnostics
    assert (warning.code, warning.level) == ("P833", Level.WARNING)
    assert warning.message == f"nothing is taken over from `out`: it was made with {words}"
    assert bytes_of(place / "quick") == bytes_of(place / "plain")


def test_rows_are_found_among_many_row_groups(tmp_path: Path) -> None:
    """A reader finds the rows of documents wherever they lie, in their order."""
    source = wrote(tmp_path / "data.ndjson", *(centre(number) for number in range(30)))
    run(source, tmp_path / "out", part_size=1 << 24)
    path = tmp_path / "out/outcomes.parquet"
    whole = parquet.read_table(path)
    for statistics in (True, False):
        parquet.write_table(whole, path, row_group_size=7, write_statistics=statistics)
        reader = TableReader(PastRun.of(tmp_path / "out"), "outcomes")
        names = [f"{source}:{at}" for at in (3, 4, 17, 30, 99)]
        wanted = [row for row in whole.to_pylist() if row["document"] in names]
        assert reader.rows("document", names).to_pylist() == wanted
        assert len({row["document"] for row in wanted}) == 4
        assert reader.rows("document", []).num_rows == 0


def test_a_table_with_other_columns_is_refused(place: Path) -> None:
    """P808: another table under the name."""
    shutil.copy("out/findings.parquet", "out/outcomes.parquet")
    with pytest.raises(PolicyError, match=r"`outcomes.parquet` in `out` is missing or damaged"):
        TableReader(PastRun.of(Path("out")), "outcomes")
