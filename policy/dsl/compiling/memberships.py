"""Which rows of a document a spec judges, found once for all its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from policy.dsl.compiling.absent import UNKNOWN
from policy.dsl.compiling.truths import either
from policy.model.records import Document, Record, owners_lacking


class Members:
    """The rows that belong, by entity. `conditions`: entity -> generated condition; rows below
    one that has a condition follow it, those above belong if any row below them does."""

    def __init__(
        self, run: Any, document: Document, conditions: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._run = run
        self._document = document
        self._conditions = conditions
        self._own: dict[Record, Any] = {}
        self._below: dict[Record, Any] = {}
        self._deciders: dict[str, tuple[str, bool]] = {}
        self._rows: dict[str, tuple[Record, ...]] = {}
        self._owners: dict[str, tuple[Record, ...]] = {}

    def of(self, entity: str) -> tuple[Record, ...]:
        """Return the rows of an entity that belong for certain."""
        if entity not in self._rows:
            rows = self._document.rows.get(entity, ())
            self._rows[entity] = self._belonging(entity, rows) if self._conditions else rows
        return self._rows[entity]

    def owners(self, entity: str) -> tuple[Record, ...]:
        """Return the rows that belong and lack a collection in which the entity may stand."""
        if entity not in self._owners:
            found = owners_lacking(self._document, entity)
            self._owners[entity] = tuple(row for row in found if self.belongs(row) is True)
        return self._owners[entity]

    def undecided(self, entity: str) -> list[tuple[Any, Record]]:
        """Return the rows whose condition is not decided, each with its mark."""
        marks = [(self._decided(row), row) for row in self._document.rows.get(entity, ())]
        found = [(mark, row) for mark, row in marks if mark is not True and mark is not False]
        return [*found, *((UNKNOWN, row) for row in owners_lacking(self._document, entity))]

    def belongs(self, row: Record) -> Any:
        """Return whether a row belongs: true, false or a mark."""
        if not self._conditions:
            return True
        up, is_below = self._decider(row.type.name)
        return self._answer(attrgetter(up)(row) if up else row, is_below)

    def _belonging(self, entity: str, rows: tuple[Record, ...]) -> tuple[Record, ...]:
        up, is_below = self._decider(entity)
        tops = self._tops(up, entity)
        belonging = {top for top in tops if self._answer(top, is_below) is True}
        if len(belonging) == len(tops):
            return rows
        if not belonging:
            return ()
        above = map(attrgetter(up), rows) if up else rows
        return tuple([row for row, top in zip(rows, above, strict=True) if top in belonging])

    def _tops(self, up: str, entity: str) -> Sequence[Record]:
        """Return the rows that decide about those of an entity."""
        above = (entity, *self._document.schema.ancestors(entity))
        return self._document.rows.get(above[up.count("parent")], ())

    def _decider(self, entity: str) -> tuple[str, bool]:
        """Return the way from a row up to the one that decides, and whether those below it do."""
        if entity not in self._deciders:
            schema = self._document.schema
            above = (entity, *schema.ancestors(entity))
            own = [at for at, name in enumerate(above) if name in self._conditions]
            enclosers = {name for each in self._conditions for name in schema.ancestors(each)}
            others = [at for at, name in enumerate(above) if name in enclosers]
            hops = (own or others or [len(above) - 1])[0]
            self._deciders[entity] = ".".join(["parent"] * hops), not own
        return self._deciders[entity]

    def _answer(self, top: Record, is_below: bool) -> Any:
        return self._of_those_below(top) if is_below else self._decided(top)

    def _decided(self, row: Record) -> Any:
        if row not in self._own:
            self._own[row] = self._conditions[row.type.name](self._run, row)
        return self._own[row]

    def _of_those_below(self, top: Record) -> Any:
        if top not in self._below:
            result: Any = False
            for entity in self._conditions:
                for row in self._document.rows.get(entity, ()):
                    if _encloses(top, row):
                        result = either(result, self._decided(row))
                for owner in owners_lacking(self._document, entity):
                    if owner is top or _encloses(top, owner):
                        result = either(result, UNKNOWN)
            self._below[top] = result
        return self._below[top]


def _encloses(top: Record, row: Record) -> bool:
    parent = row.parent
    while parent is not None and parent is not top:
        parent = parent.parent
    return parent is top
