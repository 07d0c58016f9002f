"""Centres in Parquet files: one row for each, nested as a JSON document is.

A row becomes the JSON that says the same, without its nulls, so that it is judged like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from policy.errors import DataUnreadable
from policy.model.diagnostics import Diagnostic, quoted_name

if TYPE_CHECKING:
    from pyarrow import parquet

# Rows that are unpacked at once: a centre is large.
_ROWS_AT_ONCE = 4


class RowGroup(Struct, frozen=True, kw_only=True):
    """Rows that can be read by themselves; where their bytes lie; `first_row` counts from 1."""

    number: int
    first_row: int
    rows: int
    start: int
    end: int


def row_groups(file: str) -> Iterator[RowGroup]:
    """Yield the row groups of a file; DataUnreadable if it is no Parquet file."""
    with _opened(file) as opened:
        metadata = opened.metadata
    first_row = 1
    start = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        packed = sum(group.column(at).total_compressed_size for at in range(group.num_columns))
        yield RowGroup(
            number=number,
            first_row=first_row,
            rows=group.num_rows,
            start=start,
            end=start + packed,
        )
        first_row += group.num_rows
        start += packed


def documents(file: str, group: int) -> Iterator[tuple[bytes | None, tuple[Diagnostic, ...]]]:
    """Yield the rows of a group as JSON, in order, or why a row cannot be; a file without rows has
    no groups."""
    with _opened(file) as opened:
        if group >= opened.metadata.num_row_groups:
            return
        batches = opened.iter_batches(
            batch_size=_ROWS_AT_ONCE, row_groups=[group], use_threads=False
        )
        for batch in batches:
            for row in batch.to_pylist():
                try:
                    yield msgspec.json.encode(_plain(row)), ()
                except _NoForm:
                    yield None, (_no_form(file, _odd_place(row) or ()),)


class _NoForm(ValueError):
    """A value that JSON cannot hold."""


def _plain(value: Any) -> Any:
    """Return the value as JSON has it, without members that are null."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not _has_form(value):
        raise _NoForm
    return value.isoformat() if isinstance(value, date) else value


def _has_form(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (
        isinstance(value, str | int | date) and not isinstance(value, datetime)
    )


def _odd_place(value: Any) -> tuple[str, ...] | None:
    """Return the names that lead to a value without a form, None if there is none."""
    if not isinstance(value, dict | list):
        return None if _has_form(value) else ()
    members = value.items() if isinstance(value, dict) else (("", item) for item in value)
    for name, item in members:
        found = _odd_place(item)
        if found is not None:
            return (name, *found) if name else found
    return None


def _no_form(file: str, place: tuple[str, ...]) -> Diagnostic:
    shown = ".".join(place)
    return Diagnostic(
        code="P816",
        message=f"`{shown}` holds a value that has no form in JSON",
        help="write texts, whole numbers, finite numbers, days without a time, yes or no, lists "
        "and structs",
        file=file,
        quotes=shown if any(map(quoted_name, place)) else "",
    )


@contextmanager
def _opened(file: str) -> Iterator[parquet.ParquetFile]:
    """Give the open file; what its reader cannot understand, then or later, is DataUnreadable."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(file, memory_map=True) as opened:
            yield opened
    except (pa.ArrowException, OSError) as error:
        raise DataUnreadable(
            Diagnostic(
                code="P513",
                message="this is no Parquet file, or it is damaged",
                help="make it again",
                file=file,
            )
        ) from error
