"""Tables for generated code: cells as attributes, rows found by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy.dsl.compiling.absent import MISSING, strict
from policy.dsl.compiling.shapes import MISSING_ONLY, NOTHING, NotCompiled, Shape, of_constant
from policy.model.records import Row
from policy.model.values import Value, is_absent


class CompiledRow(Row):
    """A row whose cells are attributes, `level` as `level_`."""


@dataclass(frozen=True, kw_only=True)
class CompiledTable:
    """`columns`: the shape of each column's cells."""

    name: str
    rows: tuple[CompiledRow, ...]
    columns: Mapping[str, Shape]

    @classmethod
    def of(cls, name: str, rows: tuple[Mapping[str, Value], ...]) -> CompiledTable:
        """Make the table."""
        columns = sorted({column for cells in rows for column in cells})
        shapes = {column: _column([cells.get(column) for cells in rows]) for column in columns}
        made = []
        for number, cells in enumerate(rows, start=1):
            row = CompiledRow(name, number, cells)
            for column in columns:
                value = cells.get(column)
                absent = value is None or is_absent(value)
                setattr(row, f"{column}_", MISSING if absent else value)
            made.append(row)
        return cls(name=name, rows=tuple(made), columns=shapes)

    def finder(self, keys: tuple[str, ...]) -> Any:
        """Return a function: values of the key columns -> the first row with them."""
        found: dict[tuple[Any, ...], CompiledRow] = {}
        for row in self.rows:
            found.setdefault(tuple(getattr(row, f"{key}_") for key in keys), row)

        def find(*values: Any) -> Any:
            lacking = strict(*values)
            return found.get(values, MISSING) if lacking is None else lacking

        return find


def _column(cells: list[Any]) -> Shape:
    known = {of_constant(cell) for cell in cells if cell is not None and not is_absent(cell)}
    if not known:
        return NOTHING.of_marks(MISSING_ONLY)
    if len(known) != 1:
        raise NotCompiled("a column of mixed kinds")
    shape = known.pop()
    return shape.or_marks(MISSING_ONLY) if any(c is None or is_absent(c) for c in cells) else shape
