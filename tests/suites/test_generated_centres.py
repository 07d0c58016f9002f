"""Generated centres end as their list says: notes of the template, what was planted, no more."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from policy.engine import check, load_pack
from policy.pack import Pack

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
# How many learners: a few more than the template of the suite has.
LEARNERS = {"aaq": 32, "international": 56, "qa_cycle": 38, "wbl": 40}
SUITES = tuple(LEARNERS)
Found = Counter[tuple[str, str, str]]
Judge = Callable[..., list[tuple[Mapping[str, Any], Found, Found]]]


@pytest.fixture(scope="module")
def pack() -> Pack:
    """Return all installed specs."""
    return load_pack()


@pytest.fixture(scope="module")
def generator() -> Iterator[ModuleType]:
    """Return the generator, whose folder is on the path for as long."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import make_centres

        yield make_centres
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture
def judge(pack: Pack, generator: ModuleType, tmp_path: Path) -> Judge:
    """Return a function that makes centres of a suite and judges them.

    Of each centre it gives the entry of the list, what is expected, and what was found.
    """

    def judged(
        suite: str, *, seed: int, count: int, learners: int, breaches: int = 0, only: object = ()
    ) -> list[tuple[Mapping[str, Any], Found, Found]]:
        path = tmp_path / f"{suite}-{seed}.ndjson"
        entries = []
        with path.open("w", encoding="utf-8") as lines:
            for centre in generator.centres(
                seed=seed,
                count=count,
                learners=learners,
                mix={suite: 1},
                breaches=breaches,
                only=only,
            ):
                lines.writelines((*centre.pieces(), "\n"))
                entries.append(generator.entry(centre, path.name))
        report = check(pack, [str(path)], generator.SUITES[suite].as_at)
        assert report.diagnostics == ()
        assert [each for one in report.documents for each in one.diagnostics] == []
        assert len(report.documents) == count
        rows = []
        for document, entry in zip(report.documents, entries, strict=True):
            found = Counter(
                (
                    f"{each.spec}.{each.name}",
                    "note" if each.is_note else str(each.outcome),
                    str(each.subject),
                )
                for each in report.findings
                if each.document == document.name
            )
            rows.append((entry, expected_of(entry), found))
        return rows

    return judged


def expected_of(entry: Mapping[str, Any]) -> Found:
    """Return all that will be found in one centre."""
    listed = [*entry["notes"], *(each for plant in entry["plants"] for each in plant["findings"])]
    return Counter((each["rule"], each["outcome"], each["subject"]) for each in listed)


# ---------------------------------------------------------------- what is found


@pytest.mark.parametrize("suite", SUITES)
def test_nothing_planted_nothing_found(suite: str, judge: Judge, generator: ModuleType) -> None:
    """A centre in which everybody who may be is cloned has the notes of its template, no more."""
    template = generator.load(generator.SUITES[suite])
    everybody = len(template.moulds) + len(template.castable)
    for entry, expected, found in judge(suite, seed=3, count=2, learners=everybody):
        assert entry["learners"] == everybody
        assert entry["plants"] == []
        assert found == expected


@pytest.mark.parametrize(("suite", "seed"), [(suite, seed) for suite in SUITES for seed in (7, 8)])
def test_exactly_what_was_planted(suite: str, seed: int, judge: Judge) -> None:
    """With plants, the findings are those of the list."""
    judged = judge(suite, seed=seed, count=2, learners=LEARNERS[suite], breaches=6)
    for entry, expected, found in judged:
        assert len(entry["plants"]) == 6
        assert found == expected


@pytest.mark.parametrize("suite", SUITES)
def test_every_plant_is_found(suite: str, judge: Judge, generator: ModuleType) -> None:
    """Each plant of the catalogue, as many in one centre as fit, is found as it says."""
    left = set(generator.plants_in(suite))
    assert len(left) >= 20
    seed = 20
    while left:
        seed += 1
        ((entry, expected, found),) = judge(
            suite,
            seed=seed,
            count=1,
            learners=LEARNERS[suite],
            breaches=len(left),
            only=tuple(sorted(left)),
        )
        assert found == expected
        planted = {each["plant"] for each in entry["plants"]}
        # A plant that suits no row of this centre may suit one of the next.
        assert planted or seed < 40
        left -= planted


def test_catalogue_has_no_idle_plants(generator: ModuleType) -> None:
    """Each plant suits some row of some template."""
    written = {plant.name for suite in SUITES for plant in generator.SUITES[suite].plants}
    assert {name for suite in SUITES for name in generator.plants_in(suite)} == written


@pytest.mark.parametrize("suite", SUITES)
def test_outcomes_differ(suite: str, generator: ModuleType) -> None:
    """Plants do not only lead to breaches, but to what is pending and unknown as well."""
    outcomes = set()
    for centre in generator.centres(seed=5, count=12, learners=0, mix={suite: 1}, breaches=99):
        assert all(centre.pieces())
        outcomes |= {outcome for _, outcome, _ in expected_of(generator.entry(centre, ""))}
    assert outcomes >= {"breached", "pending", "unknown"}


# ---------------------------------------------------------------- what is written


def run(folder: Path, *options: str) -> dict[str, bytes]:
    """Run the command in a folder and return the files it wrote."""
    folder.mkdir()
    subprocess.run(
        [sys.executable, str(BENCHMARKS / "make_centres.py"), *options],
        cwd=folder,
        check=True,
        timeout=60,
    )
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    """The same arguments give the same bytes, another seed gives others."""
    options = ("--centres", "5", "--learners", "40", "--mix", "aaq=2,wbl", "--breaches", "4")
    files = ("--out", "centres.ndjson", "--expected", "expected.json")
    first = run(tmp_path / "1", "--seed", "7", *options, *files)
    assert set(first) == {"centres.ndjson", "expected.json"}
    assert run(tmp_path / "2", "--seed", "7", *options, *files) == first
    other = run(tmp_path / "3", "--seed", "8", *options, *files)
    assert other["centres.ndjson"] != first["centres.ndjson"]
    assert other["expected.json"] != first["expected.json"]


def test_one_file_each_is_the_same_centre(tmp_path: Path) -> None:
    """In a folder each centre has a file, with what is a line otherwise; the list names it."""
    options = ("--centres", "3", "--learners", "30", "--breaches", "2", "--expected", "e.json")
    lines = run(tmp_path / "1", *options, "--out", "centres.ndjson")
    files = run(tmp_path / "2", *options, "--out", "centres")
    listed = json.loads(files["e.json"])["centres"]
    written = [files[f"centres/{entry['document']}"] for entry in listed]
    assert b"".join(written) == lines["centres.ndjson"]
    assert [entry["document"] for entry in json.loads(lines["e.json"])["centres"]] == [
        f"centres.ndjson:{line}" for line in (1, 2, 3)
    ]


def test_list_says_what_to_judge_on_which_day(tmp_path: Path) -> None:
    """The list has the day of each suite, and each centre its suite in the shares of the mix."""
    files = run(
        tmp_path / "1",
        *("--centres", "8", "--learners", "20", "--mix", "aaq=2,wbl=1,international=1"),
        *("--out", "centres.ndjson", "--expected", "e.json"),
    )
    listed = json.loads(files["e.json"])
    assert set(listed["as_at"]) == {"aaq", "wbl", "international"}
    suites = Counter(entry["suite"] for entry in listed["centres"])
    assert suites == {"aaq": 4, "wbl": 2, "international": 2}
    for entry, line in zip(listed["centres"], files["centres.ndjson"].splitlines(), strict=True):
        document = json.loads(line)
        assert document["number"] == entry["number"]
        assert entry["as_at"] == listed["as_at"][entry["suite"]]
        assert sum(len(each["learners"]) for each in document["programmes"]) == entry["learners"]


def test_numbers_belong_to_one_learner(generator: ModuleType) -> None:
    """Registrations and Unique Learner Numbers occur once in a batch, and can exist."""
    registrations, learner_numbers, centres = [], [], []
    for centre in generator.centres(
        seed=1, count=6, learners=120, mix={"aaq": 1, "wbl": 1}, breaches=0
    ):
        document = json.loads("".join(centre.pieces()))
        centres.append(document["number"])
        ids: list[str] = []
        for programme in document["programmes"]:
            for learner in programme["learners"]:
                ids.append(learner["id"])
                registrations.append(learner["registration_number"])
                learner_numbers.append(learner["uln"])
        assert len(set(ids)) == len(ids)
    assert len(registrations) == 6 * 120
    for numbers in (registrations, learner_numbers, centres):
        assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch("[A-Z]{2}[0-9]{5,}", each) for each in registrations)
    assert all(can_exist(each) for each in learner_numbers)


def can_exist(number: str) -> bool:
    """Return whether a Unique Learner Number has the right last digit, reckoned anew."""
    total = sum(
        weight * int(digit) for weight, digit in zip(range(10, 1, -1), number, strict=False)
    )
    return len(number) == 10 and total % 11 != 0 and 10 - total % 11 == int(number[9])


def test_unknown_suite_is_refused(tmp_path: Path) -> None:
    """A suite there is no template for ends the command, with the names there are."""
    ended = subprocess.run(
        [sys.executable, str(BENCHMARKS / "make_centres.py"), "--mix", "a=1", "--out", "x.ndjson"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "no such suite: `a`" in ended.stderr
    assert "wbl" in ended.stderr
    assert list(tmp_path.iterdir()) == []
