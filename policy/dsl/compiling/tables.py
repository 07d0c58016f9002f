"""Tables for generated code, with the shapes of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from policy.dsl.compiling.shapes import MISSING_ONLY, NOTHING, NotCompiled, Shape, of_constant
from policy.dsl.compiling.table_rows import CompiledRow, Finder, compiled_rows
from policy.model.values import Value, is_absent


class CompiledTable(Struct, frozen=True, kw_only=True):
    """`columns`: the shape of each column's cells."""

    name: str
    rows: tuple[CompiledRow, ...]
    columns: Mapping[str, Shape]

    @classmethod
    def of(cls, name: str, rows: tuple[Mapping[str, Value], ...]) -> CompiledTable:
        """Make the table."""
        columns = sorted({column for cells in rows for column in cells})
        shapes = {column: _column([cells.get(column) for cells in rows]) for column in columns}
        return cls(name=name, rows=compiled_rows(name, rows, columns), columns=shapes)

    def finder(self, keys: tuple[str, ...]) -> Finder:
        """Return a function: values of the key columns -> the first row with them."""
        return Finder(self.name, self.rows, keys)


def _column(cells: list[Any]) -> Shape:
    known = {of_constant(cell) for cell in cells if cell is not None and not is_absent(cell)}
    if not known:
        return NOTHING.of_marks(MISSING_ONLY)
    if len(known) != 1:
        raise NotCompiled("a column of mixed kinds")
    shape = known.pop()
    return shape.or_marks(MISSING_ONLY) if any(c is None or is_absent(c) for c in cells) else shape
