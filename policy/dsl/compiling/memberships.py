"""Which rows of a document a spec judges, found once for all its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from policy.dsl.compiling.absent import UNKNOWN
from policy.dsl.compiling.support import either
from policy.model.records import Document, Record


class Members:
    """The rows that belong, by entity. `conditions`: entity -> generated condition."""

    def __init__(
        self, run: Any, document: Document, conditions: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._run = run
        self._document = document
        self._conditions = conditions
        self._own: dict[Record, Any] = {}
        self._below: dict[Record, Any] = {}
        self._rows: dict[str, tuple[Record, ...]] = {}
        self._owners: dict[str, tuple[Record, ...]] = {}

    def of(self, entity: str) -> tuple[Record, ...]:
        """Return the rows of an entity that belong for certain."""
        if entity not in self._rows:
            rows = self._document.rows.get(entity, ())
            if self._conditions:
                rows = tuple([row for row in rows if self.belongs(row) is True])
            self._rows[entity] = rows
        return self._rows[entity]

    def owners(self, entity: str) -> tuple[Record, ...]:
        """Return the rows that belong and lack a collection in which the entity may stand."""
        if entity not in self._owners:
            found = self._absent(entity)
            self._owners[entity] = tuple(row for row in found if self.belongs(row) is True)
        return self._owners[entity]

    def undecided(self, entity: str) -> list[tuple[Any, Record]]:
        """Return the rows whose condition is not decided, each with its mark."""
        marks = [(self._decided(row), row) for row in self._document.rows.get(entity, ())]
        found = [(mark, row) for mark, row in marks if mark is not True and mark is not False]
        return [*found, *((UNKNOWN, row) for row in self._absent(entity))]

    def _absent(self, entity: str) -> list[Record]:
        found = []
        for cause in self._document.absent.get(entity, ()):
            owner = self._document.find(cause.entity, cause.id)
            found.append(self._document.root if owner is None else owner)
        return found

    def belongs(self, row: Record) -> Any:
        """Return whether a row belongs: true, false or a mark."""
        if not self._conditions:
            return True
        enclosing: Record | None = row
        while enclosing is not None:
            if enclosing.type.name in self._conditions:
                return self._decided(enclosing)
            enclosing = enclosing.parent
        return self._of_those_below(self._nearest_above_some(row))

    def _decided(self, row: Record) -> Any:
        if row not in self._own:
            self._own[row] = self._conditions[row.type.name](self._run, row)
        return self._own[row]

    def _nearest_above_some(self, row: Record) -> Record:
        schema = self._document.schema
        enclosers = {name for entity in self._conditions for name in schema.ancestors(entity)}
        while row.type.name not in enclosers and row.parent is not None:
            row = row.parent
        return row

    def _of_those_below(self, top: Record) -> Any:
        if top not in self._below:
            result: Any = False
            for entity in self._conditions:
                for row in self._document.rows.get(entity, ()):
                    if _encloses(top, row):
                        result = either(result, self._decided(row))
                for owner in self._absent(entity):
                    if owner is top or _encloses(top, owner):
                        result = either(result, UNKNOWN)
            self._below[top] = result
        return self._below[top]


def _encloses(top: Record, row: Record) -> bool:
    parent = row.parent
    while parent is not None and parent is not top:
        parent = parent.parent
    return parent is top
