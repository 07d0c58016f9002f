"""`policy audit query`, `verify` and `--since` as they are typed."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policy.cli.error_boundary import run as run_command
from policy.cli.group import policy
from tests.audit.toy_job import centre, line
from tests.audit.toy_runs import (
    QuickJob,
    assessed,
    audit_here,
    bytes_of,
    rewrite,
    rows,
    run,
    seal,
    wrote,
)

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Run `policy audit` by the toy specs; return exit code and both streams."""
    monkeypatch.setattr("policy.audit.job.Job", QuickJob)
    monkeypatch.setattr("policy.audit.verify.Job", QuickJob)
    monkeypatch.setattr("policy.audit.run.audit", audit_here)
    monkeypatch.setattr("policy.audit.verify.audit", audit_here)

    def typed(*words: str) -> tuple[int, str, str]:
        code = run_command(policy, ["audit", *words])
        return code, *capfd.readouterr()

    return typed


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a run in it, `june`, over `data`."""
    monkeypatch.chdir(tmp_path)
    Path("data").mkdir()
    for number in range(30):
        Path(f"data/{number:02}.json").write_bytes(line(centre(number)))
    run(Path("data"), Path("june"))
    return tmp_path


def test_without_a_query_everything_is_listed(place: Path, call: Call) -> None:
    """Tables and views with their columns, in 80 columns, and questions that can be pasted."""
    code, out, err = call("query", "june")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0] == "documents     one row for each document, judged or quarantined"
    assert '  policy audit query june "SELECT rule, breached FROM by_rule LIMIT 10"' in lines
    assert "compared" not in out
    code, out, err = call("query", "june", "--against", "june")
    assert (code, err) == (0, "")
    assert '  policy audit query june --against june "SELECT centre, rule, subject FROM new"' in out


def test_answers_in_three_forms(place: Path, call: Call) -> None:
    """Text, JSON and CSV have the same rows."""
    query = ("query", "june", "SELECT rule, breached FROM by_rule LIMIT 3")
    code, out, err = call(*query)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "3 rows"
    listed = json.loads(call(*query, "--format", "json")[1])
    assert [row["rule"] for row in listed] == [row.split()[0] for row in out.splitlines()[2:5]]
    table = list(csv.reader(call(*query, "--format", "csv")[1].splitlines()))
    assert table == [["rule", "breached"], *[[r["rule"], str(r["breached"])] for r in listed]]
    columns = json.loads(call("query", "june", "--format", "json")[1])
    assert columns[0] == {"name": "documents", "column": "document", "type": "VARCHAR"}


def test_a_mistake_in_a_query(place: Path, call: Call) -> None:
    """Exit 2, in words."""
    code, out, err = call("query", "june", "FROM nothing")
    assert (code, out) == (2, "")
    assert err.startswith("error[P813]: the query cannot be run: table with name nothing")


def test_runs_made_otherwise_are_compared_with_a_warning(place: Path, call: Call) -> None:
    """The answer comes, and after it what to be careful about."""
    run(Path("data"), Path("july"), rules=("window",))
    code, out, err = call("query", "july", "--against", "june", "SELECT count(*) AS n FROM fixed")
    assert code == 0
    assert out.splitlines()[-1] == "1 row"
    assert err.startswith("warning[P834]: `july` and `june` were made with other rules")


@pytest.mark.parametrize("how", [("--sample", "4", "--seed", "7"), ("--all",), ()])
def test_a_run_that_holds(place: Path, call: Call, how: tuple[str, ...]) -> None:
    """Exit 0, and how many were judged again."""
    code, out, _ = call("verify", "june", *how)
    assert code == 0
    assert out.startswith(("4" if how[:1] == ("--sample",) else "30") + " of 30 documents were")


def test_a_run_that_does_not_hold(place: Path, call: Call) -> None:
    """Exit 1, with the documents and tables that differ; not all of very many."""
    there = rows(Path("june"), "documents")
    rewrite(Path("june"), "documents", [{**row, "verdict_hash": "0"} for row in there])
    code, out, _ = call("verify", "june")
    lines = out.splitlines()
    assert code == 1
    assert lines[0] == "differs  data/00.json  other rows in documents"
    assert lines[20:] == [
        "differs  and 10 more documents",
        "changed  documents.parquet is not the file that the run wrote",
        "30 of 30 documents were judged again: 30 came out otherwise",
    ]


def test_other_bytes_do_not_hold(place: Path, call: Call) -> None:
    """Exit 1 for a table with the same rows in other bytes."""
    rewrite(Path("june"), "findings", rows(Path("june"), "findings")[::-1])
    seal(Path("june"))
    code, out, _ = call("verify", "june", "--all")
    assert code == 1
    assert out.startswith("changed  findings.parquet has the same rows in other bytes\n")


def test_other_totals_are_told(place: Path, call: Call) -> None:
    """What `--resume` of a finished run would tell again is held against the tables."""
    totals = json.loads(Path("june/manifest.json").read_text("utf-8"))["totals"]
    seal(Path("june"), totals={**totals, "breached_must": totals["breached_must"] + 1})
    code, out, _ = call("verify", "june")
    assert code == 1
    assert out.startswith("changed  manifest.json has other totals than the tables\n")


def test_a_run_that_cannot_be_verified(place: Path, call: Call) -> None:
    """Exit 2: an input has changed, and its name is said."""
    Path("data/07.json").write_bytes(line(centre(99)))
    code, out, err = call("verify", "june")
    assert (code, out) == (2, "")
    assert "`data/07.json`" in err


REFUSED = {
    ("--all", "--sample", "5"): "--sample and --seed choose documents; --all takes every one",
    ("--all", "--seed", "0"): "--sample and --seed choose documents; --all takes every one",
    ("--workers", "2"): "--workers is for --all; a sample is judged by one process",
}


@pytest.mark.parametrize(("how", "words"), REFUSED.items(), ids=" ".join)
def test_what_does_not_go_together(
    place: Path, call: Call, how: tuple[str, ...], words: str
) -> None:
    """Nothing that was typed is passed over in silence."""
    code, out, err = call("verify", "june", *how)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize("option", [(), ("--no-cache",)])
def test_where_packs_are_kept(
    place: Path, call: Call, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...]
) -> None:
    """In the folder of the user that `policy check` has, unless that is not wanted."""
    asked: list[str] = []

    def noted(job: Any) -> Any:
        asked.append(job.cache)
        return usual(job)

    usual = QuickJob.ready
    monkeypatch.setattr(QuickJob, "ready", noted)
    monkeypatch.setenv("XDG_CACHE_HOME", "/home/of/packs")
    call("data", "--as-at", "2026-05-01", "--out", "july", *option)
    call("verify", "july", *option)
    call("verify", "july", "--all", *option)
    assert set(asked) == ({""} if option else {"/home/of/packs/btec-policy"})
    assert len(asked) >= 4


def test_since_takes_over(place: Path, call: Call) -> None:
    """The same bytes as without; with another day a warning and all judged."""
    Path("data/03.json").write_bytes(line(assessed(3)))
    run(Path("data"), Path("plain"))
    words = ("data", "--as-at", "2026-05-01")
    code, _, err = call(*words, "--out", "july", "--since", "june")
    assert (code, err) == (0, "")
    assert bytes_of(Path("july")) == bytes_of(Path("plain"))
    words = ("data", "--as-at", "2026-05-02")
    code, _, err = call(*words, "--out", "late", "--since", "june")
    assert code == 0
    assert err.startswith("warning[P833]: nothing is taken over from `june`")


def test_a_cluster_takes_nothing_over(place: Path, call: Call) -> None:
    """A cluster does not see the earlier run."""
    words = ("data", "--as-at", "2026-05-01", "--out", "july", "--since", "june")
    code, out, err = call(*words, "--engine", "spark")
    assert (code, out) == (2, "")
    assert "--since is for the local engine" in err
    assert not Path("july").exists()


def test_the_folder_of_the_run_itself(place: Path, call: Call) -> None:
    """A run cannot be put where the earlier one is."""
    words = ("data", "--as-at", "2026-05-01", "--out", "june", "--since", "june")
    before = bytes_of(Path("june"))
    code, _, err = call(*words)
    assert code == 2
    assert "holds an audit already" in err
    assert bytes_of(Path("june")) == before


def test_no_run_to_ask(tmp_path: Path, call: Call) -> None:
    """P812: all three need a finished run."""
    source = wrote(tmp_path / "data.ndjson", centre(1))
    words = (str(source), "--as-at", "2026-05-01", "--out", str(tmp_path / "out"))
    for ended in (
        call("query", str(tmp_path / "none")),
        call("verify", str(tmp_path / "none")),
        call(*words, "--since", str(tmp_path / "none")),
    ):
        assert ended[0] == 2
        assert ended[2].startswith("error[P812]: ")


def test_nothing_is_said_when_the_process_ends(place: Path) -> None:
    """A process of its own leaves only its answer: no library complains of what was not let go."""
    words = [sys.executable, "-m", "policy", "audit", "query", "june", "SELECT 1 AS one"]
    ended = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "one" in ended.stdout
