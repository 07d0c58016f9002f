"""Questions to the results: right answers from every view, and nothing else can be got at."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from policy.audit import libraries
from policy.audit.query import asking, made_otherwise
from policy.audit.views import COMPARED, EXAMPLES, EXAMPLES_AGAINST, VIEWS, WHAT
from policy.errors import PolicyError
from tests.audit.toy_job import centre
from tests.audit.toy_runs import FILES, assessed, bytes_of, rows, run, wrote


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs: in `june` four centres and a broken line; since then, in `july`, one mended what
    it was told, one is broken, and there is a new one."""
    place = tmp_path_factory.mktemp("runs")
    june = wrote(
        place / "june.ndjson",
        centre(1, region="North"),
        centre(2, region="South"),
        b"{broken\n",
        centre(3, region="North"),
        centre(4),
    )
    july = wrote(
        place / "july.ndjson",
        assessed(1, region="North"),
        centre(2, region="South"),
        b'{"number": "3"}\n',
        centre(4),
        centre(5),
    )
    run(june, place / "june")
    run(july, place / "july")
    return place


def ask(folder: Path, sql: str, earlier: Path | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of an answer."""
    with asking(folder, earlier) as questions:
        return list(questions.ask(sql).rows)


def refusal(folder: Path, sql: str) -> str:
    """Return code, message and help of a query that is refused."""
    with pytest.raises(PolicyError) as caught:
        ask(folder, sql)
    (diagnostic,) = caught.value.diagnostics
    return f"{diagnostic.code} {diagnostic.message} {diagnostic.help}"


def test_tables_are_what_was_written(runs: Path) -> None:
    """A table has all rows, in the order of the input."""
    wanted = [tuple(row.values()) for row in rows(runs / "june", "findings")]
    assert len(wanted) > 20
    assert ask(runs / "june", "FROM findings") == wanted
    assert [row[0][-1] for row in ask(runs / "june", "FROM documents")] == list("12345")


@pytest.mark.parametrize(
    ("view", "key"),
    [
        ("by_rule", ("spec", "edition", "rule", "label", "severity")),
        ("by_clause", ("clause",)),
    ],
)
def test_outcomes_are_summed(runs: Path, view: str, key: tuple[str, ...]) -> None:
    """Rules and clauses have the sums of all documents, most breaches first."""
    wanted: Counter[tuple[Any, ...]] = Counter()
    subjects: Counter[tuple[Any, ...]] = Counter()
    centres: dict[tuple[Any, ...], set[str]] = {}
    for row in rows(runs / "june", "outcomes"):
        for clause in row["clauses"]:
            of = (clause,) if view == "by_clause" else tuple(row[name] for name in key)
            wanted[of] += row["breached"]
            subjects[of] += row["subjects"]
            centres.setdefault(of, set()).update([row["centre"]] if row["breached"] else [])
    sql = f"SELECT {', '.join(key)}, breached, subjects, centres_in_breach FROM {view}"
    found = ask(runs / "june", sql)
    assert sum(wanted.values()) > 3
    assert [row[:-3] for row in found] == sorted(wanted, key=lambda of: (-wanted[of], of))
    assert {row[:-3]: row[-3:] for row in found} == {
        of: (wanted[of], subjects[of], len(centres[of])) for of in wanted
    }


def test_by_centre_has_each_judged_document(runs: Path) -> None:
    """A row for each judged document with its counts; regions and owners add up to them."""
    judged = [row for row in rows(runs / "july", "documents") if row["status"] == "judged"]
    wanted = [(row["centre"], row["breached"], row["unknown"]) for row in judged]
    sql = "SELECT centre, breached, unknown FROM by_centre"
    assert ask(runs / "july", sql) == sorted(wanted, key=lambda row: (-row[1], row[0]))
    regions = ask(runs / "july", "SELECT region, centres, centres_in_breach FROM by_region")
    assert sorted(regions) == [("", 2, 2), ("North", 1, 0), ("South", 1, 1)]


def test_by_owner_leaves_notes_out(runs: Path) -> None:
    """Findings of each owner; a note is nobody's duty."""
    found = [row for row in rows(runs / "june", "findings") if not row["is_note"]]
    wanted = Counter((row["owner"], row["severity"], row["outcome"]) for row in found)
    answer = ask(runs / "june", "FROM by_owner")
    assert {row[:3]: row[3] for row in answer} == wanted
    assert all(centres == 4 for *_, centres in answer)


def test_quarantined_says_why(runs: Path) -> None:
    """Documents that were put aside, with code and place."""
    ((document, code, problem, line, _),) = ask(runs / "june", "FROM quarantined")
    assert document.endswith("june.ndjson:3")
    assert (code[0], bool(problem), line) == ("P", True, 3)


def test_two_runs_are_compared(runs: Path) -> None:
    """What is new, fixed, still there; and what nobody looked at since, which is not fixed."""
    states = ask(
        runs / "july",
        "SELECT state, centre, count(*) FROM compared GROUP BY ALL ORDER BY ALL",
        runs / "june",
    )
    each = len(ask(runs / "june", "FROM findings WHERE centre = '2'"))
    after = len(ask(runs / "july", "FROM findings WHERE centre = '1'"))
    assert states == [
        ("fixed", "1", each - after),
        ("new", "5", each),
        ("not judged", "3", each),
        ("still there", "1", after),
        ("still there", "2", each),
        ("still there", "4", each),
    ]
    fixed = ask(runs / "july", "SELECT rule, label, outcome FROM fixed", runs / "june")
    assert ("assessed", "done", "breached") in fixed


@pytest.mark.parametrize("view", ["new", "fixed", "still_there", "not_judged"])
def test_each_state_is_a_view(runs: Path, view: str) -> None:
    """The four views part the comparison."""
    state = view.replace("_", " ")
    wanted = f"SELECT * EXCLUDE (state) FROM compared WHERE state = '{state}'"
    found = ask(runs / "july", f"FROM {view}", runs / "june")
    assert found
    assert found == ask(runs / "july", wanted, runs / "june")


def test_a_centre_in_two_documents_is_compared_once(tmp_path: Path) -> None:
    """The same finding in two documents is one finding."""
    run(wrote(tmp_path / "once.ndjson", centre(1)), tmp_path / "once")
    run(wrote(tmp_path / "twice.ndjson", centre(1), centre(1)), tmp_path / "twice")
    states = "SELECT state, count(*) FROM compared GROUP BY ALL"
    ((state, count),) = ask(tmp_path / "twice", states, tmp_path / "once")
    assert (state, count) == ("still there", len(rows(tmp_path / "once", "findings")))


@pytest.mark.parametrize("name", [*VIEWS, *COMPARED])
def test_views_say_in_which_order(runs: Path, name: str) -> None:
    """A view is in the same order every time, and has no two rows that might change places."""
    found = ask(runs / "july", f"FROM {name}", runs / "june")
    assert found == ask(runs / "july", f"FROM {name}", runs / "june")
    assert len({repr(row) for row in found}) == len(found)


def test_everything_is_explained(runs: Path) -> None:
    """Each table and view says what it holds; the examples can be run."""
    with asking(runs / "july", runs / "june") as questions:
        assert set(questions.names) == set(WHAT)
        columns = list(questions.columns().rows)
        assert {name for name, *_ in columns} == set(WHAT)
        assert ("findings", "clauses", "VARCHAR[]") in columns
        for example in (*EXAMPLES, *EXAMPLES_AGAINST):
            assert questions.ask(example).columns
    with asking(runs / "july") as questions:
        assert not {"compared", "earlier_findings"} & set(questions.names)


@pytest.mark.parametrize(
    "sql",
    [
        "FROM '{other}'",
        "FROM read_csv('{other}')",
        "FROM read_text('{other}')",
        "FROM read_blob('{folder}/manifest.json')",
        "FROM read_parquet('{folder}/findings.parquet')",
        "FROM parquet_metadata('{folder}/findings.parquet')",
        "FROM glob('{folder}/*')",
        "FROM sniff_csv('{other}')",
        "FROM 'https://example.org/x.parquet'",
        "COPY findings TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/findings.parquet'",
        "WITH x AS (COPY (SELECT 1) TO '{folder}/findings.parquet' (USE_TMP_FILE false)) FROM x",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/findings.parquet'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/out.db'",
        "CREATE TABLE mine AS FROM findings",
        "DROP VIEW by_rule",
        "INSERT INTO findings FROM findings",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET threads = 2",
        "CALL pragma_version()",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
    ],
)
def test_nothing_else_can_be_got_at(runs: Path, tmp_path: Path, sql: str) -> None:
    """No file is read or written, no extension loaded, nothing set; and it is said in words."""
    folder = tmp_path / "july"
    shutil.copytree(runs / "july", folder)
    other = tmp_path / "other.csv"
    other.write_text("secret\n1\n", "utf-8")
    before = bytes_of(tmp_path)
    words = refusal(folder, sql.format(folder=folder, other=other))
    assert words.startswith("P813 the query cannot be run: ")
    assert str(tmp_path) not in words
    assert bytes_of(tmp_path) == before


def test_variables_of_the_program_are_no_tables(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB looks for tables among the variables of Python unless it is told not to."""
    monkeypatch.setattr("policy.audit.query.secrets", pa.table({"a": [1]}), raising=False)
    assert "table with name secrets does not exist" in refusal(runs / "july", "FROM secrets")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT quux FROM findings", 'referenced column "quux" not found'),
        ("FROM nothing", "table with name nothing does not exist"),
        ("SELECT 'x'::INTEGER", "could not convert string 'x' to INT32"),
        ("DELETE FROM findings", "a query is one SELECT"),
        ("SELECT error('no' || chr(10) || 'more')", "no"),
    ],
)
def test_mistakes_are_worded(runs: Path, sql: str, words: str) -> None:
    """A mistake in SQL is told as DuckDB tells it, on one line, with what could be asked."""
    said = refusal(runs / "july", sql)
    assert said.startswith("P813 the query cannot be run: " + words)
    assert "documents, outcomes, findings, by_rule" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("sql", "meant"),
    [
        ("SELECT rul FROM by_rule", "rule"),
        ("FROM finding", "findings"),
        ("SELECT f.onwer FROM findings f", "owner"),
    ],
)
def test_a_name_that_is_nearly_right(runs: Path, sql: str, meant: str) -> None:
    """The table or column is offered that was meant."""
    assert refusal(runs / "july", sql).endswith(f"did you mean `{meant}`?")


def test_too_large_a_query_is_worded(runs: Path) -> None:
    """Memory is said to be lacking; nothing is put on the disk instead."""
    sql = "SELECT count(DISTINCT i || repeat('x', 1000)) FROM range(100000) t(i)"
    few = pytest.raises(PolicyError, match="it needs more memory than there is")
    with asking(runs / "july", memory="20MB") as questions, few:
        list(questions.ask(sql).rows)


def test_columns_have_different_names(runs: Path) -> None:
    """Two columns of one name are told apart."""
    with asking(runs / "july") as questions:
        answer = questions.ask("SELECT 1 AS a, 2 AS a, 3 AS a_2")
        assert len(set(answer.columns)) == 3
        assert list(answer.rows) == [(1, 2, 3)]


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    """P812: nothing there, or a run that is not finished."""
    with pytest.raises(PolicyError, match="holds no finished audit") as caught:
        ask(tmp_path, "SELECT 1")
    assert caught.value.diagnostics[0].code == "P812"


def test_a_run_of_another_version(runs: Path, tmp_path: Path) -> None:
    """P830: tables of another form are not guessed at."""
    folder = shutil.copytree(runs / "july", tmp_path / "july")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format": 999}), "utf-8")
    with pytest.raises(PolicyError, match="written by another version") as caught:
        ask(folder, "SELECT 1")
    assert caught.value.diagnostics[0].code == "P830"


@pytest.mark.parametrize("content", [None, b"", b"no parquet", "outcomes.parquet"])
def test_a_damaged_table(runs: Path, tmp_path: Path, content: bytes | str | None) -> None:
    """P808: a table that is missing, damaged or another one."""
    folder = shutil.copytree(runs / "july", tmp_path / "july")
    table = folder / "findings.parquet"
    table.unlink()
    if isinstance(content, str):
        shutil.copy(folder / content, table)
    elif content is not None:
        table.write_bytes(content)
    with pytest.raises(PolicyError, match=r"`findings\.parquet` in .* is missing or damaged"):
        ask(folder, "SELECT 1")


def test_a_missing_library_is_named(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """P815: what is not installed, and how to install it."""
    monkeypatch.setattr(libraries, "find_spec", lambda name: None if name == "duckdb" else object())
    with pytest.raises(PolicyError, match="duckdb") as caught:
        ask(runs / "july", "SELECT 1")
    assert "pip install btec-policy[audit]" in caught.value.diagnostics[0].help


def test_runs_made_with_other_rules_are_told(runs: Path, tmp_path: Path) -> None:
    """A warning: what only one run looked for is neither new nor fixed."""
    run(runs / "june.ndjson", tmp_path / "few", rules=("window",))
    (warning,) = made_otherwise(tmp_path / "few", runs / "june")
    assert warning.code == "P834"
    assert warning.message.endswith("were made with other rules")
    assert made_otherwise(runs / "july", runs / "june") == ()


def test_nothing_is_left_behind(runs: Path) -> None:
    """A run's folder has its tables and its manifest, before and after questions."""
    assert {path.name for path in (runs / "july").iterdir()} - {".lock"} == set(FILES)
