"""What was read, as readers of findings see it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from policy.model.entities import EntityType, Field, Kind, ValueType
from policy.model.evidence import evidence_of, in_words, json_pointer
from policy.model.findings import Evidence
from policy.model.records import FilledRecord, Record
from policy.model.values import Cause, CauseKind, Failure, Missing, Pointer, Unknown

CAKE = EntityType(
    name="cake",
    collection="cakes",
    parent=None,
    fields=MappingProxyType(
        {
            "baker": Field(name="baker", type=ValueType(kind=Kind.TEXT), personal=True),
            "baked_on": Field(name="baked_on", type=ValueType(kind=Kind.DATE)),
        }
    ),
)


@pytest.fixture
def cake() -> Record:
    """A cake with a baker and no date."""
    row = FilledRecord(type=CAKE, id="C1", pointer=("cakes", 0), parent=None)
    row.set_value("baker", "Ada")
    return row


@pytest.mark.parametrize(
    ("path", "text"),
    [((), ""), (("a", 0, "b"), "/a/0/b"), (("a/b", "m~n"), "/a~1b/m~0n")],
)
def test_pointers(path: Pointer, text: str) -> None:
    """Slashes and tildes in keys are escaped as RFC 6901 says."""
    assert json_pointer(path) == text


def test_evidence_of_a_field(cake: Record) -> None:
    """Expression, value and place; personal fields are marked, absent ones say so."""
    assert evidence_of(cake, "baker") == Evidence(
        expression="cake.baker", value="Ada", pointer="/cakes/0/baker", personal=True
    )
    assert evidence_of(cake, "baked_on", "the day") == Evidence(
        expression="the day", value="not recorded", pointer="/cakes/0/baked_on"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "yes"),
        (False, "no"),
        (date(2025, 10, 28), "2025-10-28"),
        (3, "3"),
        (Decimal("0.50"), "0.50"),
        ("A.P1", "A.P1"),
        ((), "none"),
        (("A", date(2025, 1, 2)), "A, 2025-01-02"),
        (Missing(), "not recorded"),
        (Unknown((Cause(CauseKind.DANGLING, "cake", "C1", "baker"),)), "refers to nobody"),
        (Failure("it broke"), "it broke"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    """Each kind of value reads as in a report."""
    assert in_words(value) == words


def test_rows_in_words(cake: Record) -> None:
    """A row is its entity and id, never its fields."""
    assert in_words(cake) == "cake C1"
