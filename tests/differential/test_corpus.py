"""What once made the evaluators differ, or made a mutant differ, is judged again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

import pytest

from tests.differential import cases
from tests.differential.cases import Case, drawn_centres, judged, maker_of
from tests.differential.mutants import MUTANTS, file_name, planted
from tests.differential.written import CORPUS, as_text, corpus, from_text

NAMES = sorted(corpus())
TITLES = [title for title, *_ in MUTANTS]


@pytest.mark.parametrize("name", NAMES)
def test_kept_cases_are_judged_alike(name: str) -> None:
    """Every version of the generated code comes to what the reference evaluator comes to."""
    case, _ = corpus()[name]
    found = judged(case)
    assert found.found == ()
    assert found.compared > 0


@pytest.mark.parametrize("name", NAMES)
def test_kept_cases_are_written_as_they_are_read(name: str) -> None:
    """A file of the corpus is what would be written for its case."""
    text = (CORPUS / f"{name}.json").read_text("utf-8")
    case, about = from_text(text)
    assert as_text(case, about, json.loads(text)["differed"]) == text


def test_a_copy_of_the_compiler_agrees(tmp_path: Path) -> None:
    """What mutants are noticed by is their change, not that they are copies."""
    copy = planted(tmp_path, None)
    assert [judged(case, copy).found for case, _ in corpus().values()] == [()] * len(NAMES)


@pytest.mark.parametrize("number", range(len(MUTANTS)), ids=TITLES)
def test_the_corpus_notices_every_mutant(number: int, tmp_path: Path) -> None:
    """The case that is kept of a mutant is judged otherwise by it."""
    case, about = corpus()[file_name(TITLES[number])]
    assert TITLES[number] in about
    assert judged(case, planted(tmp_path, number)).found


def test_there_are_mutants_enough() -> None:
    """The corpus holds a case for each of many changes of meaning."""
    assert len(set(map(file_name, TITLES))) == len(MUTANTS) >= 20


def test_a_reader_is_told_what_a_spec_says() -> None:
    """Beside the plan stands what it says in words, and what each evaluator said."""
    text = (CORPUS / "unknown-feeds-otherwise.json").read_text("utf-8")
    found = json.loads(text)
    assert " otherwise " in found["reads"][-1]
    assert found["reads"][-1].startswith("for each ")
    assert "reference: unknown" in found["differed"][0]


def test_every_operation_can_be_written() -> None:
    """Whatever is drawn can be kept: written, read again, and put into words."""
    for number in range(60):
        data, as_at = next(drawn_centres(3, number, 1))
        case = Case(spec=maker_of(3, number).spec(), data=data, as_at=as_at)
        text = as_text(case, "")
        again, _ = from_text(text)
        assert again == case
        assert as_text(again, "") == text


@pytest.mark.parametrize("whose", ["by_reference", "endings_of"])
def test_an_evaluator_that_breaks_is_a_difference(
    whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is raised is told like any other difference, and whose it is."""

    def breaks(*given: object) -> NoReturn:
        raise OverflowError("too far away")

    case, _ = corpus()[NAMES[0]]
    monkeypatch.setattr(cases, whose, breaks)
    (difference,) = judged(case).found
    told = (("breaks", "OverflowError: too far away", "", ""),)
    assert (difference.reference, difference.compiled) == (
        (told, ()) if whose == "by_reference" else ((), told)
    )
