"""Operations of any type drawn at random: leaves, fields, choices, calls of definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias, TypeVar

from policy.dsl.meaning import plan
from policy.model.values import Duration, DurationUnit, Value
from tests.differential.schema import SCHEMA
from tests.differential.vocabulary import (
    COLUMNS,
    DATE,
    DAYS,
    FIELDS,
    FUNCTIONS,
    LENGTH,
    NUMBER,
    PARAMETERS,
    SPAN,
    TABLES,
    TEXT,
    WORDS,
    YES_NO,
    Type,
)

Made = TypeVar("Made")
Scope: TypeAlias = Mapping[str, Type]
Typed: TypeAlias = "dict[int, tuple[plan.Operation, Type, Scope]]"
"""`id` of an operation -> the operation, its type, and what it could name: for who replaces it."""


def near(scope: Scope) -> list[str]:
    """Return the entities of the rows in scope, and of those that enclose them."""
    rows = [kind[1] for kind in scope.values() if isinstance(kind, tuple) and kind[0] == "row"]
    return sorted({name for row in rows for name in (row, *SCHEMA.ancestors(row))})


@dataclass(kw_only=True)
class AnyOperation:
    """Draws operations by their type; what is made of operations of one type, subclasses know."""

    random: Random
    definitions: dict[str, tuple[tuple[Type, ...], Type]] = field(default_factory=dict)
    typed: Typed = field(default_factory=dict)

    def type(self) -> Type:
        """Return any type."""
        simple: tuple[Type, ...] = (YES_NO, NUMBER, DATE, TEXT, LENGTH)
        entity = self.random.choice(tuple(SCHEMA.entities))
        return self.random.choice((*simple, ("row", entity), ("list", self.item())))

    def item(self) -> Type:
        """Return a type that members of lists have."""
        entity = self.random.choice(("submission", "attempt", "learner", "staff_member", "unit"))
        return self.random.choice((TEXT, DATE, ("row", entity), ("row", entity)))

    def make(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        """Return an operation of a type."""
        ways: list[Callable[[], plan.Operation | None]] = [
            lambda: self._leaf(wanted, scope),
            lambda: self._field(wanted, scope, depth),
        ]
        if depth > 0:
            ways += [
                lambda: self._if(wanted, scope, depth),
                lambda: self._otherwise(wanted, scope, depth),
                lambda: self._definition(wanted, scope, depth),
                lambda: self._plugin(wanted, scope, depth),
                *[lambda: self._own(wanted, scope, depth)] * 6,
            ]
        made = self._made(wanted, scope, depth, ways)
        self.typed[id(made)] = made, wanted, scope
        return made

    def _made(
        self, wanted: Type, scope: Scope, depth: int, ways: Sequence[Callable[[], Any]]
    ) -> plan.Operation:
        for _ in range(12):
            made: plan.Operation | None = self.random.choice(ways)()
            if made is not None:
                return made
        made = self._leaf(wanted, scope)
        if made is None and wanted[0] == "list":
            made = self._nothing(wanted[1], scope)
        if made is None and wanted[0] == "cells":
            made = self._of_cells(wanted, scope, 0)
        return made if made is not None else self._the(wanted, scope, max(depth, 0))

    def _leaf(self, wanted: Type, scope: Scope) -> plan.Operation | None:
        options: list[plan.Operation] = [
            plan.Variable(name=name, span=SPAN) for name, kind in scope.items() if kind == wanted
        ]
        options += [
            plan.ParameterValue(name=name, span=SPAN)
            for name, (kind, _) in PARAMETERS.items()
            if kind == wanted
        ]
        values: Mapping[Any, Sequence[Value]] = {
            YES_NO: (True, False),
            NUMBER: (0, 1, 3, Decimal("1.5")),
            DATE: DAYS,
            TEXT: WORDS,
            LENGTH: (Duration(2, DurationUnit.WEEKS), Duration(3, DurationUnit.DAYS)),
            ("list", TEXT): (("first", "x"), ()),
            ("list", DATE): (DAYS[:2],),
        }
        options += [plan.Constant(value=value, span=SPAN) for value in values.get(wanted, ())]
        if wanted == DATE:
            options += [
                plan.AsAt(span=SPAN),
                plan.DayOfYear(day=self.random.randint(1, 31), month=2, span=SPAN),
            ]
        options += [
            plan.TableRows(table=name, span=SPAN)
            for name in TABLES
            if wanted == ("list", ("cells", name))
        ]
        return self.random.choice(options) if options else None

    def _row(self, entity: str, scope: Scope, depth: int) -> plan.Operation:
        """Return a row of an entity: a variable, an ancestor of one, or one that is drawn."""
        options: list[plan.Operation] = []
        for name, kind in scope.items():
            if isinstance(kind, tuple) and kind[0] == "row":
                variable = plan.Variable(name=name, span=SPAN)
                if kind[1] == entity:
                    options += [variable] * 3
                elif entity in SCHEMA.ancestors(kind[1]):
                    options.append(plan.Ancestor(of=variable, entity=entity, span=SPAN))
        if options and (depth <= 0 or self.random.random() < 0.8):
            made = self.random.choice(options)
        else:
            made = self._the(("row", entity), scope, depth - 1)
        self.typed[id(made)] = made, ("row", entity), scope
        return made

    def _field(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation | None:
        places = [
            (entity, name)
            for entity in near(scope)
            for name, kind in FIELDS[entity].items()
            if kind == wanted
        ]
        cells = [
            (name, column)
            for name, known in scope.items()
            if isinstance(known, tuple) and known[0] == "cells"
            for column, kind in COLUMNS.items()
            if kind == wanted
        ]
        if cells and self.random.random() < 0.5:
            variable, column = self.random.choice(cells)
            of: plan.Operation = plan.Variable(name=variable, span=SPAN)
            return plan.FieldOf(of=of, field=column, span=SPAN)
        columns = [column for column, kind in COLUMNS.items() if kind == wanted]
        if columns and depth > 0 and self.random.random() < 0.1:
            row = self.make(("cells", self._of(*TABLES)), scope, depth - 1)
            return plan.FieldOf(of=row, field=self.random.choice(columns), span=SPAN)
        if not places:
            return None
        entity, name = self.random.choice(places)
        return plan.FieldOf(of=self._row(entity, scope, depth), field=name, span=SPAN)

    def _if(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        return plan.If(
            condition=self.make(YES_NO, scope, depth - 1),
            then=self.make(wanted, scope, depth - 1),
            orelse=self.make(wanted, scope, depth - 1),
            span=SPAN,
        )

    def _otherwise(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        first = self._field(wanted, scope, depth - 1) or self.make(wanted, scope, depth - 1)
        second = self.make(wanted, scope, depth - 1)
        return plan.Otherwise(first=first, second=second, span=SPAN)

    def _definition(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation | None:
        fitting = [name for name, (_, returns) in self.definitions.items() if returns == wanted]
        if not fitting:
            return None
        name = self.random.choice(fitting)
        arguments = tuple(self.make(kind, scope, depth - 1) for kind in self.definitions[name][0])
        return plan.DefinitionOf(name=name, arguments=arguments, span=SPAN)

    def _plugin(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation | None:
        fitting = [(function, takes) for function, takes, returns in FUNCTIONS if returns == wanted]
        if not fitting:
            return None
        function, takes = self.random.choice(fitting)
        arguments = tuple(self.make(kind, scope, depth - 1) for kind in takes)
        return plan.PluginCall(function=function, suite="drawn", arguments=arguments, span=SPAN)

    def _of(self, *options: Made) -> Made:
        return self.random.choice(options)
