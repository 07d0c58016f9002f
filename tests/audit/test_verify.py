"""A run verified: the same comes out, or it is said which document does not, or why not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from policy.audit.run import Step, audit
from policy.audit.verify import Difference, Verified, verify, verify_all
from policy.errors import PolicyError
from policy.model.outcomes import Outcome
from policy.model.suite import Decision
from tests.audit import toy_job
from tests.audit.toy_job import ToyJob, centre
from tests.audit.toy_runs import QuickJob, audit_here, bytes_of, rewrite, rows, run, seal, wrote

HOUSE = """language 1
spec toy_house "Rules of a house" for 2025/26

rule has_few_staff "There are few staff"
  cites TOY-002
  for each centre c
  must (count of s in c.staff) <= {most}
"""


@pytest.fixture(autouse=True)
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge by the toy specs, in this process."""
    monkeypatch.setattr("policy.audit.verify.Job", QuickJob)
    monkeypatch.setattr("policy.audit.verify.audit", audit_here)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run over four centres and a broken line."""
    place = tmp_path_factory.mktemp("original")
    centres = [centre(number) for number in range(1, 5)]
    with chdir(place):
        source = wrote(Path("data.ndjson"), *centres[:2], b"{broken\n", *centres[2:])
        run(source, Path("out"))
    return place


@pytest.fixture
def place(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the run to spoil, verified where it was run."""
    place: Path = shutil.copytree(original, tmp_path / "place")
    monkeypatch.chdir(place)
    return place


Verify = Callable[[Path], Verified]


def sampled(folder: Path) -> Verified:
    """Verify every document as a sample."""
    return verify(folder, sample=100)


def whole(folder: Path) -> Verified:
    """Verify by a second run."""
    return verify_all(folder)


both = pytest.mark.parametrize("check", [sampled, whole])


@both
def test_a_run_is_as_it_was(place: Path, check: Verify) -> None:
    """Nothing differs, and nothing is changed or left behind by looking."""
    before = bytes_of(place)
    found = check(Path("out"))
    assert found == Verified(documents=5, judged=5)
    assert found.is_same
    assert bytes_of(place) == before


def test_all_is_judged_by_processes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many of them as are asked for; steps are told."""
    monkeypatch.setattr("policy.audit.verify.audit", audit)
    steps: list[Step] = []
    found = verify_all(Path("out"), workers=2, progress=steps.append)
    assert found == Verified(documents=5, judged=5)
    assert steps[-1].tally.documents == 5


def test_a_sample_is_some_of_them(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as were asked for, the same each time, others with another seed."""
    judged: list[str] = []
    usual = toy_job.Judge.judge

    def noted(self: Any, given: Any) -> Any:
        judged.append(given.name)
        return usual(self, given)

    monkeypatch.setattr("policy.audit.judging.Judge.judge", noted)

    def chosen(seed: int) -> tuple[str, ...]:
        judged.clear()
        found = verify(Path("out"), sample=2, seed=seed)
        assert (found.documents, found.judged, found.is_same) == (5, 2, True)
        return tuple(judged)

    assert len(chosen(0)) == 2
    assert chosen(0) == chosen(0)
    assert len({chosen(seed) for seed in range(6)}) > 1


@pytest.mark.parametrize(
    ("check", "table", "column", "value"),
    [
        (whole, "documents", "verdict_hash", "0" * 64),
        (whole, "outcomes", "met", 99),
        (sampled, "documents", "verdict_hash", "0" * 64),
        (sampled, "documents", "breached", 99),
        (sampled, "outcomes", "met", 99),
        (sampled, "findings", "message", "all is well"),
    ],
)
def test_a_changed_row_is_found(
    place: Path, check: Verify, table: str, column: str, value: Any
) -> None:
    """One changed value: the document is named, and the table is not what the run wrote."""
    there = rows(place / "out", table)
    at = next(at for at, row in enumerate(there) if row["document"] == "data.ndjson:4")
    there[at][column] = value
    rewrite(place / "out", table, there)
    found = check(Path("out"))
    assert found.differences == (Difference(document="data.ndjson:4", tables=(table,)),)
    assert (found.altered, found.other_bytes) == ((table,), ())
    assert not found.is_same


@both
def test_plugins_have_the_time_that_they_had(
    place: Path, monkeypatch: pytest.MonkeyPatch, check: Verify
) -> None:
    """Less would end what was not ended then."""
    jobs: list[Any] = []

    def noted(**made: Any) -> QuickJob:
        jobs.append(made["seconds"])
        return QuickJob(**made)

    monkeypatch.setattr("policy.audit.verify.Job", noted)
    run(Path("data.ndjson"), Path("quick"), seconds=7.5)
    assert check(Path("quick")).is_same
    assert check(Path("out")).is_same
    assert jobs == [7.5, 60.0]


def test_a_changed_row_is_found_under_a_changed_manifest(place: Path) -> None:
    """Who changes the manifest as well is found out by the second judgement."""
    there = rows(place / "out", "documents")
    there[0]["breached"] += 1
    rewrite(place / "out", "documents", there)
    seal(place / "out")
    found = sampled(Path("out"))
    assert [each.document for each in found.differences] == ["data.ndjson:1"]
    assert found.altered == ()


@both
def test_a_row_too_many_is_found(place: Path, check: Verify) -> None:
    """A document that the input does not have, and a finding twice."""
    documents = rows(place / "out", "documents")
    rewrite(place / "out", "documents", [*documents, {**documents[0], "document": "x.ndjson:1"}])
    findings = rows(place / "out", "findings")
    rewrite(place / "out", "findings", [findings[0], *findings])
    found = check(Path("out"))
    assert found.differences == (
        Difference(document="data.ndjson:1", tables=("findings",)),
        Difference(document="x.ndjson:1", tables=("documents",)),
    )


def test_other_bytes_of_the_same_rows_are_found(place: Path) -> None:
    """Rows in another order are not what a run writes, whatever the manifest says."""
    there = rows(place / "out", "outcomes")
    rewrite(place / "out", "outcomes", [there[1], there[0], *there[2:]])
    seal(place / "out")
    found = whole(Path("out"))
    assert (found.differences, found.other_bytes) == ((), ("outcomes",))
    assert not found.is_same
    seal(place / "out", parquet={"pyarrow": "another version"})
    assert whole(Path("out")).is_same


@both
def test_other_totals_are_found(place: Path, check: Verify) -> None:
    """What a run that goes on would tell, and exit by, is what the tables come to."""
    totals = json.loads(Path("out/manifest.json").read_text("utf-8"))["totals"]
    assert totals["findings"] > 0
    assert not check(Path("out")).other_totals
    for name in totals:
        seal(place / "out", totals={**totals, name: totals[name] + 1})
        found = check(Path("out"))
        assert found.other_totals, name
        assert not found.is_same


@pytest.mark.parametrize("text", ["[]", "{", '{"format": 1}', ""])
@both
def test_a_manifest_that_is_none_is_refused(place: Path, check: Verify, text: str) -> None:
    """P808: damaged, whatever is wrong with it."""
    (place / "out/manifest.json").write_text(text, "utf-8")
    assert refusal(check) == ("P808", "`out/manifest.json` is damaged, or cannot be read")


def test_a_plugin_that_judges_otherwise_is_found(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin whose version says nothing of its change: its documents are named."""
    usual = toy_job.decide_as_named

    def otherwise(context: Any, record: Any) -> Decision:
        if record.id == "2":
            return Decision(outcome=Outcome.BREACHED)
        return usual(context, record)

    monkeypatch.setattr(toy_job, "decide_as_named", otherwise)
    monkeypatch.setattr("policy.audit.verify.Job", ToyJob)
    found = sampled(Path("out"))
    (difference,) = found.differences
    assert difference == Difference(
        document="data.ndjson:2", tables=("documents", "outcomes", "findings")
    )
    assert found.altered == ()


@both
def test_specs_that_judge_otherwise_are_found(
    tmp_path: Path, check: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are not of the specs that the manifest names, whose files are whole."""
    monkeypatch.chdir(tmp_path)
    data = wrote(Path("data.ndjson"), centre(1), centre(2, staff=[]))
    for most, folder in ((3, "out"), (2, "other")):
        Path("house.policy").write_text(HOUSE.format(most=most), "utf-8")
        run(data, Path(folder), files=("house.policy",))
    specs = json.loads(Path("other/manifest.json").read_text("utf-8"))["specs"]
    seal(Path("out"), specs=specs)
    found = check(Path("out"))
    assert [each.document for each in found.differences] == ["data.ndjson:1"]
    assert found.altered == ()


def refusal(check: Verify, folder: Path = Path("out")) -> tuple[str, str]:
    """Return code and words of why a run cannot be verified."""
    with pytest.raises(PolicyError) as caught:
        check(folder)
    return caught.value.diagnostics[0].code, caught.value.diagnostics[0].message


@both
def test_a_changed_input_is_refused(place: Path, check: Verify) -> None:
    """P806: which file is not what it was, or not where it was."""
    (place / "data.ndjson").write_bytes((place / "data.ndjson").read_bytes() + b"\n")
    assert refusal(check) == (
        "P806",
        "the input is not what it was when the run began: `data.ndjson`",
    )
    (place / "data.ndjson").unlink()
    assert refusal(check) == ("P806", "the input is not where it was: `data.ndjson`")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("engine", "0.0.1", "another version of this program"),
        ("calendars", {"holidays": "0.1"}, "another version of the calendars"),
        ("plugins", [{"name": "toy", "version": "1"}], "another plugin `toy`"),
    ],
)
def test_another_program_is_refused(place: Path, key: str, value: Any, words: str) -> None:
    """P807: what differs from the manifest is named."""
    seal(place / "out", **{key: value})
    assert refusal(sampled) == ("P807", f"`out` was made with {words}")


@both
def test_another_spec_is_refused(
    tmp_path: Path, check: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P807: the spec is named; one that is gone cannot be loaded. Settings and files of the run
    are used again."""
    monkeypatch.chdir(tmp_path)
    house = tmp_path / "house.policy"
    house.write_text(HOUSE.format(most=3), "utf-8")
    run(wrote(Path("data.ndjson"), centre(1)), Path("out"), files=("house.policy",))
    assert {row["spec"] for row in rows(Path("out"), "outcomes")} == {"toy_house"}
    assert check(Path("out")).is_same
    house.write_text(HOUSE.format(most=2), "utf-8")
    assert refusal(check) == ("P807", "`out` was made with another spec `toy_house`")
    house.write_text("language 1\nspec", "utf-8")
    assert refusal(check)[0].startswith("P1")


def test_a_document_that_ended_its_process_is_left_alone(place: Path) -> None:
    """It would end this process, too."""
    there = rows(place / "out", "documents")
    there[0].update(code="P802", status="quarantined")
    rewrite(place / "out", "documents", there)
    found = sampled(Path("out"))
    assert (found.documents, found.judged, found.differences) == (5, 4, ())


def test_a_damaged_table_cannot_be_verified(place: Path) -> None:
    """P808: a table that cannot be read."""
    (place / "out/outcomes.parquet").write_bytes(b"PAR1")
    code, words = refusal(sampled)
    assert (code, words) == ("P808", "the table `outcomes.parquet` in `out` is missing or damaged")
