"""Rows of tables for generated code: cells as attributes, found by their keys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from policy.dsl.compiling.absent import MISSING, strict
from policy.model.records import Row
from policy.model.values import Value, is_absent


class CompiledRow(Row):
    """A row whose cells are attributes, `level` as `level_`."""


def compiled_rows(
    name: str, rows: Collection[Mapping[str, Value]], columns: Collection[str]
) -> tuple[CompiledRow, ...]:
    """Return the rows of a table."""
    made = []
    for number, cells in enumerate(rows, start=1):
        row = CompiledRow(name, number, cells)
        for column in columns:
            value = cells.get(column)
            absent = value is None or is_absent(value)
            setattr(row, f"{column}_", MISSING if absent else value)
        made.append(row)
    return tuple(made)


class Finder:
    """Values of the key columns -> the first row with them."""

    __slots__ = ("_found", "keys", "rows", "table")

    def __init__(self, table: str, rows: tuple[CompiledRow, ...], keys: tuple[str, ...]) -> None:
        self.table = table
        self.rows = rows
        self.keys = keys
        self._found: dict[tuple[Any, ...], CompiledRow] = {}
        for row in rows:
            self._found.setdefault(tuple(getattr(row, f"{key}_") for key in keys), row)

    def __call__(self, *values: Any) -> Any:
        """Return the row, or a mark."""
        lacking = strict(*values)
        return self._found.get(values, MISSING) if lacking is None else lacking
