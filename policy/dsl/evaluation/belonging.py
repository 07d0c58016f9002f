"""Whether a row belongs to a spec: `applies to ENTITY x where ...`.

The nearest of the row and its ancestors that the spec has a condition for decides. A row beside or
above all of those belongs if some such row below it, or below the nearest row that encloses both,
does. A spec without conditions takes every row.
"""

from __future__ import annotations

from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.kleene import Truth, disjunction
from policy.model.records import Record, absent_collections
from policy.model.values import Unknown


class Belonging:
    """Answers for the rows of one document; each condition is evaluated once per row."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._conditions = {item.entity: item for item in evaluator.plan.membership}
        self._own: dict[Record, Truth] = {}
        self._below: dict[Record, Truth] = {}

    def of(self, row: Record) -> Truth:
        """Return whether `row` belongs to the spec."""
        if not self._conditions:
            return True
        enclosing: Record | None = row
        while enclosing is not None:
            if enclosing.entity in self._conditions:
                return self.decided(enclosing)
            enclosing = enclosing.parent
        return self._of_those_below(self._nearest_above_some(row))

    def decided(self, row: Record) -> Truth:
        """Return the condition for `row`, which is of an entity that has one."""
        if row not in self._own:
            condition = self._conditions[row.entity]
            self._own[row] = self._evaluator.truth(condition.condition, {condition.variable: row})
        return self._own[row]

    def _nearest_above_some(self, row: Record) -> Record:
        schema = self._evaluator.document.schema
        enclosers = {name for entity in self._conditions for name in schema.ancestors(entity)}
        while row.entity not in enclosers and row.parent is not None:
            row = row.parent
        return row

    def _of_those_below(self, top: Record) -> Truth:
        if top not in self._below:
            document = self._evaluator.document
            self._below[top] = disjunction(
                truth
                for entity in self._conditions
                for truth in (
                    *(self.decided(row) for row in document.all(entity) if encloses(top, row)),
                    *(
                        Unknown((cause,))
                        for cause, owner in absent_collections(document, entity)
                        if owner is top or encloses(top, owner)
                    ),
                )
            )
        return self._below[top]


def encloses(top: Record, row: Record) -> bool:
    """Return whether `row` lies below `top`."""
    parent = row.parent
    while parent is not None and parent is not top:
        parent = parent.parent
    return parent is top
