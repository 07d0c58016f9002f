"""Rows found by an index: those that lack a key are never lost."""

from __future__ import annotations

from typing import Any

from policy.dsl.compiling.absent import MISSING, UNKNOWN
from policy.dsl.compiling.lists import grouped

ROWS = tuple((number % 3, number % 2) for number in range(12))


def first(run: Any, row: Any) -> Any:
    """Return one key of a row."""
    return row[0]


def pair(run: Any, row: Any) -> Any:
    """Return both keys of a row."""
    return row


def asked(rows: Any, member: Any, probe: Any) -> Any:
    """Return what an index finds."""
    return grouped(None, rows, member).get(probe, ())


def test_rows_are_found_by_one_key_or_several() -> None:
    """The rows with the key, in their order; none if there are none."""
    assert asked(ROWS, first, 1) == [row for row in ROWS if row[0] == 1]
    assert asked(ROWS, pair, (2, 1)) == [(2, 1), (2, 1)]
    assert asked(ROWS, pair, (7, 7)) == ()


def test_a_row_that_lacks_a_key_is_not_lost() -> None:
    """With a row that may have any key there is no index: all rows are gone through."""
    for lacking in (MISSING, UNKNOWN):
        rows = (*ROWS, (lacking, 0))
        assert asked(rows, first, 1) is rows
        assert asked(rows, pair, (1, 1)) is rows


def test_a_row_that_is_never_drawn_is_left_out() -> None:
    """Where the condition asks that the key is recorded, rows without one need no looking at."""
    rows = (*ROWS, (None, 0))
    assert asked(rows, first, 1) == [row for row in ROWS if row[0] == 1]
