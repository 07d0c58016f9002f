"""Rows that operations go through: where they come from, and what is asked of them."""

from __future__ import annotations

from policy.dsl.meaning import plan
from policy.dsl.planning.expression_planner import _keys
from tests.differential.any_operation import Scope
from tests.differential.operations_by_type import ByType
from tests.differential.schema import SCHEMA
from tests.differential.vocabulary import (
    COLUMNS,
    FIELDS,
    SPAN,
    TABLES,
    TEXT,
    YES_NO,
    Type,
)


class DrawnRows(ByType):
    """Draws lists and conditions."""

    def rows(self, entity: str, scope: Scope, depth: int) -> plan.Operation | None:
        """Return the rows of an entity below some row; None for the root, which is below none."""
        above = tuple(SCHEMA.ancestors(entity))
        if not above:
            return None
        owner = self.random.choice(above)
        known = [
            name
            for name in above
            if any(
                isinstance(kind, tuple)
                and kind[0] == "row"
                and name in (kind[1], *SCHEMA.ancestors(kind[1]))
                for kind in scope.values()
            )
        ]
        if known:
            owner = self.random.choice(known)
        elif depth <= 0:
            return None
        path = SCHEMA.descendants(owner)[SCHEMA.entities[entity].collection]
        return plan.Rows(of=self._row(owner, scope, depth - 1), path=path, span=SPAN)

    def drawn(
        self, scope: Scope, depth: int, of: Type | None = None, variable: str = ""
    ) -> tuple[plan.Drawn, Scope]:
        """Return a drawing, and the scope inside of it."""
        kinds: list[Type] = [("row", name) for name in SCHEMA.entities if name != "centre"]
        kinds += [*(("cells", name) for name in TABLES), TEXT]
        if ("row", "submission") in scope.values():
            kinds += [("row", "submission")] * 8
        wanted = of if of is not None else self.random.choice(kinds)
        source = self._source(wanted, scope, depth)
        variable = variable or self.random.choice("xyz")
        inner = {**scope, variable: wanted}
        where = None
        if self.random.random() < 0.7:
            where = self._where(variable, inner, depth)
        keys = tuple(_keys(where, variable)) if where is not None else ()
        drawn = plan.Drawn(variable=variable, source=source, where=where, keys=keys, span=SPAN)
        return drawn, inner

    def _source(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        if isinstance(wanted, tuple) and wanted[0] == "row":
            made = self.rows(wanted[1], scope, depth)
            if made is not None and (depth <= 0 or self.random.random() < 0.7):
                return made
        if depth > 0 or not isinstance(wanted, tuple) or wanted[0] == "cells":
            return self.make(("list", wanted), scope, depth - 1)
        return self._nothing(wanted, scope)

    def _nothing(self, wanted: Type, scope: Scope) -> plan.Operation:
        """Return a list of rows where there is no other way to one."""
        for name, kind in scope.items():
            if kind == ("list", wanted):
                return plan.Variable(name=name, span=SPAN)
        drawn = plan.Drawn(
            variable="n", source=plan.TableRows(table="secret", span=SPAN), span=SPAN
        )
        if isinstance(wanted, tuple) and wanted[0] == "row" and wanted[1] == "calendar_period":
            result: plan.Operation = plan.BuiltIn(
                name="term_of", arguments=(plan.AsAt(span=SPAN),), span=SPAN
            )
            return plan.Collect(drawn=drawn, result=result, span=SPAN)
        day = plan.BuiltIn(name="term_of", arguments=(plan.AsAt(span=SPAN),), span=SPAN)
        root = plan.Ancestor(of=day, entity="centre", span=SPAN)
        if wanted == ("row", "centre"):
            return plan.Collect(drawn=drawn, result=root, span=SPAN)
        path = SCHEMA.descendants("centre")[SCHEMA.entities[wanted[1]].collection]
        return plan.Rows(of=root, path=path, span=SPAN)

    def _where(self, variable: str, scope: Scope, depth: int) -> plan.Operation:
        kind = scope[variable]
        others = [name for name in scope if scope[name] == kind and name != variable]
        if kind == ("row", "submission") and others and self.random.random() < 0.4:
            pair = (variable, self.random.choice(others))
            arguments = tuple(plan.Variable(name=name, span=SPAN) for name in pair)
            test: plan.Operation = plan.DefinitionOf(name="alike", arguments=arguments, span=SPAN)
            both = self._of(plan.All, plan.All, plan.Any)
            items = (self.make(YES_NO, scope, depth - 1), test)
            return test if self.random.random() < 0.5 else both(items=items, span=SPAN)
        if self.random.random() < 0.4 and isinstance(kind, tuple):
            fields = COLUMNS if kind[0] == "cells" else FIELDS[kind[1]]
            name = self.random.choice(tuple(fields))
            member = plan.FieldOf(of=plan.Variable(name=variable, span=SPAN), field=name, span=SPAN)
            outside = {key: value for key, value in scope.items() if key != variable}
            probe = self.make(fields[name], outside, depth - 1) if outside else None
            if probe is not None:
                test = plan.Compare(op="=", left=member, right=probe, span=SPAN)
                if self.random.random() < 0.5:
                    return test
                other: plan.Operation = plan.IsRecorded(item=member, span=SPAN)
                if self.random.random() < 0.6:
                    other = self.make(YES_NO, scope, depth - 1)
                return plan.All(items=(other, test), span=SPAN)
        return self.make(YES_NO, scope, depth - 1)
