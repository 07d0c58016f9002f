"""Cases are made small, and stay what they were: well typed, judged alike, able to be kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.dsl.compiling.operations import parts
from policy.dsl.meaning import plan
from tests.differential.cases import Case, drawn_centres, judged, maker_of
from tests.differential.keeping import kept
from tests.differential.long_run import operations
from tests.differential.mutants import MUTANTS, noticed, planted
from tests.differential.shrinking import shrunk
from tests.differential.written import as_text, from_text


def rows(data: object) -> int:
    """Return how many rows a centre has."""
    if isinstance(data, dict):
        return 1 + sum(rows(value) for value in data.values())
    return sum(rows(item) for item in data) if isinstance(data, list) else 0


def first_with(kind: type, number: int = 0) -> int:
    """Return the number of a spec in which a demand has an operation of that kind."""
    while not any(isinstance(each, kind) for each in operations(maker_of(0, number).spec().rules)):
        number += 1
    return number


KINDS = (plan.TheMost, plan.Every, plan.MovedByStudyDays, plan.TableRow, plan.DefinitionOf)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_needed_goes(kind: type) -> None:
    """Of a spec and a centre there is left what makes the case; it is well typed on all the way."""
    number = first_with(kind)
    maker = maker_of(0, number)
    data, as_at = next(drawn_centres(0, number, 1))
    case = Case(spec=maker.spec(), data=data, as_at=as_at)
    taken: list[Case] = []

    def fails(smaller: Case) -> bool:
        taken.append(smaller)
        return any(isinstance(each, kind) for each in operations(smaller.spec.rules))

    small = shrunk(case, maker, fails)
    every = list(operations(small.spec.rules))
    assert len(small.spec.rules) == len(small.spec.rules[0].demands) == 1
    assert len(every) < 12
    assert all(list(parts(each)) for each in every if isinstance(each, kind))
    assert rows(small.data) == 1
    assert small.spec.membership == ()
    for each in taken[:: len(taken) // 20 + 1]:
        assert judged(each).found == ()


def test_shrinking_ends_where_it_is_told_to() -> None:
    """No more cases are tried than are allowed."""
    maker = maker_of(0, 1)
    data, as_at = next(drawn_centres(0, 1, 1))
    case = Case(spec=maker.spec(), data=data, as_at=as_at)
    tried: list[Case] = []

    def fails(smaller: Case) -> bool:
        tried.append(smaller)
        return len(tried) % 2 == 0

    small = shrunk(case, maker, fails, tries=20)
    assert len(tried) == 20
    assert small == tried[-1]


def test_what_cannot_be_judged_is_no_smaller_case() -> None:
    """A case on which the judging itself breaks is not taken."""
    maker = maker_of(0, 2)
    data, as_at = next(drawn_centres(0, 2, 1))
    case = Case(spec=maker.spec(), data=data, as_at=as_at)

    def fails(smaller: Case) -> bool:
        raise ValueError(smaller)

    assert shrunk(case, maker, fails) == case


def test_a_difference_is_kept_small(tmp_path: Path) -> None:
    """What a mutant is noticed by is written down: read again it shows the mutant, and only it."""
    number = [title for title, *_ in MUTANTS].index("two rows are one")
    mutant = planted(tmp_path, number)
    found = noticed(mutant, 0, 50)
    assert found is not None
    case = kept(0, found.number, found.data, found.as_at, by=mutant, folder=tmp_path / "corpus")
    text = case.file.read_text("utf-8")
    again, about = from_text(text)
    assert about == f"found by seed 0, spec {found.number}"
    assert as_text(again, about, case.differed) == text
    assert "reference: error" in text
    assert judged(again, mutant).found
    assert judged(again).found == ()
    assert rows(again.data) < 6
