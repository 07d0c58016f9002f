"""Well-typed specs drawn at random, as plans over the toy schema.

Every operation of the plan is drawn, quantifiers within each other, definitions, tables (one of
them not loaded), parameters, exceptions, deadlines, pairs and memberships. A plain generator does
it, so that Hypothesis can steer it and a long run can do without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, TypeAlias, TypeVar

from msgspec.structs import replace

from policy.dsl.meaning import plan
from policy.dsl.planning.expression_planner import _keys
from policy.model.outcomes import Severity
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
    UNITS,
    WORDS,
    YES_NO,
    Type,
)

Made = TypeVar("Made")
Scope: TypeAlias = Mapping[str, Type]
Typed: TypeAlias = "dict[int, tuple[plan.Operation, Type, Scope]]"
"""`id` of an operation -> the operation, its type, and what it could name: for who replaces it."""


def _near(scope: Scope) -> list[str]:
    """Return the entities of the rows in scope, and of those that enclose them."""
    rows = [kind[1] for kind in scope.values() if isinstance(kind, tuple) and kind[0] == "row"]
    return sorted({name for row in rows for name in (row, *SCHEMA.ancestors(row))})


def _alike() -> plan.DefinitionPlan:
    """Return `a.kind = b.kind and a.unit = b.unit`: equalities that a condition hides."""

    def field_of(variable: str, name: str) -> plan.Operation:
        return plan.FieldOf(of=plan.Variable(name=variable, span=SPAN), field=name, span=SPAN)

    items = tuple(
        plan.Compare(op="=", left=field_of("a", name), right=field_of("b", name), span=SPAN)
        for name in ("kind", "unit")
    )
    body = plan.All(items=items, span=SPAN)
    return plan.DefinitionPlan(name="alike", parameters=("a", "b"), body=body)


@dataclass(kw_only=True)
class PlanMaker:
    """Makes one spec."""

    random: Random
    definitions: dict[str, tuple[tuple[Type, ...], Type]] = field(default_factory=dict)
    typed: Typed = field(default_factory=dict)

    # ------------------------------------------------------------ specs

    def spec(self) -> plan.SpecPlan:
        """Return a spec."""
        submission: Type = ("row", "submission")
        definitions = {"alike": _alike()}
        self.definitions["alike"] = (submission, submission), YES_NO
        for number in range(self.random.randint(0, 3)):
            types = tuple(self.type() for _ in range(self.random.randint(1, 2)))
            names = tuple(f"a{at}" for at in range(len(types)))
            returns = self.type()
            body = self.make(returns, dict(zip(names, types, strict=True)), 2)
            name = f"define_{number}"
            definitions[name] = plan.DefinitionPlan(name=name, parameters=names, body=body)
            self.definitions[name] = types, returns
            if self.random.random() < 0.5:
                arguments = tuple(plan.Variable(name=each, span=SPAN) for each in names)
                call = plan.DefinitionOf(name=name, arguments=arguments, span=SPAN)
                alias = f"alias_{number}"
                definitions[alias] = plan.DefinitionPlan(name=alias, parameters=names, body=call)
                self.definitions[alias] = types, returns
        members = self.random.sample(("programme", "learner", "unit"), self._of(0, 0, 0, 1, 1, 2))
        rules = [self.rule(f"r{number}") for number in range(2)]
        if self.random.random() < 0.5:
            # What two rules ask alike is worked out once.
            rules.append(replace(rules[0], name="again", when=()))
        return plan.SpecPlan(
            name="drawn",
            title="Drawn",
            edition=self.random.choice((*["2025/26"] * 9, "2026/27")),
            suite="drawn",
            hash="0",
            rules=tuple(rules),
            membership=tuple(
                plan.MembershipPlan(
                    entity=entity,
                    variable="m",
                    condition=self.make(YES_NO, {"m": ("row", entity)}, self._of(1, 2)),
                )
                for entity in members
            ),
            definitions=definitions,
            tables=TABLES,
            parameters={name: value for name, (_, value) in PARAMETERS.items()},
        )

    def rule(self, name: str) -> plan.RulePlan:
        """Return a rule of two demands."""
        entity = self.random.choice(
            (*SCHEMA.entities, *["submission"] * 4, "attempt", "programme", "learner")
        )
        scope: dict[str, Type] = {"s": ("row", entity)}
        pair = None
        if self.random.random() < 0.25:
            pair, inner = self.drawn(scope, 1, variable="p")
            scope = {**scope, "p": inner["p"]}
        when = tuple(self.make(YES_NO, scope, 1) for _ in range(self.random.choice((0, 0, 1, 2))))
        return plan.RulePlan(
            name=name,
            title="A rule",
            spec="drawn",
            only_year=self.random.choice((*[""] * 9, "2024/25")),
            scope=plan.ScopePlan(entity=entity, variable="s", pair=pair),
            when=when,
            demands=tuple(self.demand(scope, f"d{at}") for at in range(2)),
            span=SPAN,
        )

    def demand(self, scope: Scope, label: str) -> plan.DemandPlan:
        """Return a demand, with a deadline or exceptions now and then."""
        by = self.make(DATE, scope, 1) if self.random.random() < 0.3 else None
        is_date = by is not None and self.random.random() < 0.7
        is_note = by is None and self.random.random() < 0.15
        exceptions = tuple(
            plan.ExceptionPlan(name=f"e{at}", why="", clauses=(), when=self.make(YES_NO, scope, 1))
            for at in range(self.random.choice((0, 0, 0, 1, 2)))
        )
        return plan.DemandPlan(
            label=label,
            severity=Severity.NOTE if is_note else Severity.MUST,
            is_negative=by is None and not is_note and self.random.random() < 0.3,
            condition=self.make(DATE if is_date else YES_NO, scope, self._of(3, 3, 3, 4)),
            by=by,
            is_yes_no=not is_date,
            when=(self.make(YES_NO, scope, 1),) if self.random.random() < 0.3 else (),
            exceptions=exceptions,
            clauses=(),
            note=plan.MessagePlan(texts=("so",)) if is_note else None,
            span=SPAN,
        )

    # ------------------------------------------------------------ types

    def type(self) -> Type:
        """Return any type."""
        simple: tuple[Type, ...] = (YES_NO, NUMBER, DATE, TEXT, LENGTH)
        entity = self.random.choice(tuple(SCHEMA.entities))
        return self.random.choice((*simple, ("row", entity), ("list", self.item())))

    def item(self) -> Type:
        """Return a type that members of lists have."""
        entity = self.random.choice(("submission", "attempt", "learner", "staff_member", "unit"))
        return self.random.choice((TEXT, DATE, ("row", entity), ("row", entity)))

    # ------------------------------------------------------------ operations

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
            for entity in _near(scope)
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

    # ------------------------------------------------------------ by type

    def _own(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation | None:
        if isinstance(wanted, tuple):
            return {"row": self._of_row, "list": self._of_list, "cells": self._of_cells}[wanted[0]](
                wanted, scope, depth
            )
        return {
            YES_NO: self._of_yes_no,
            NUMBER: self._of_number,
            DATE: self._of_date,
            LENGTH: self._of_length,
            TEXT: self._of_text,
        }[wanted](scope, depth)

    def _of_yes_no(self, scope: Scope, depth: int) -> plan.Operation:
        less = depth - 1
        pick = self.random.randrange(16)
        if pick <= 1:
            kind = self.type()
            left, right = self.make(kind, scope, less), self.make(kind, scope, less)
            return plan.Compare(op=self._of("=", "!="), left=left, right=right, span=SPAN)
        if pick <= 4:
            kind = self._of(NUMBER, DATE, NUMBER, DATE, LENGTH)
            left, right = self.make(kind, scope, less), self.make(kind, scope, less)
            sign = self._of("=", "!=", "<", "<=", ">", ">=")
            return plan.Compare(op=sign, left=left, right=right, span=SPAN)
        if pick == 5:
            return plan.Not(item=self.make(YES_NO, scope, less), span=SPAN)
        if pick <= 8:
            count = self.random.randint(2, 3)
            items = tuple(self.make(YES_NO, scope, less) for _ in range(count))
            return self._of(plan.All, plan.Any)(items=items, span=SPAN)
        if pick == 9:
            near = [kind for entity in _near(scope) for kind in FIELDS[entity].values()]
            kind = self.random.choice(near) if near else self.type()
            field_of = self._field(kind, scope, less)
            if field_of is not None:
                return plan.IsRecorded(item=field_of, span=SPAN)
            return plan.IsRecorded(item=self.make(kind, scope, less), span=SPAN)
        if pick == 10:
            return self._test_of_list(scope, less)
        if pick == 15 and self.definitions:
            return self._twice(scope, less)
        if pick == 11:
            day = self.make(DATE, scope, less)
            return self._of(
                plan.InTerms(day=day, span=SPAN),
                plan.Contains(item=day, container=plan.Year(span=SPAN), span=SPAN),
                plan.BuiltIn(name="teaching_day", arguments=(day,), span=SPAN),
            )
        drawn, inner = self.drawn(scope, less)
        if pick == 12:
            return plan.Some(drawn=drawn, span=SPAN)
        satisfies = self.make(YES_NO, inner, less)
        return plan.Every(drawn=drawn, satisfies=satisfies, span=SPAN)

    def _twice(self, scope: Scope, depth: int) -> plan.Operation:
        """Return whether a definition says the same of two things."""
        name = self.random.choice(tuple(self.definitions))
        types, returns = self.definitions[name]
        sides = [
            plan.DefinitionOf(
                name=name,
                arguments=tuple(self.make(kind, scope, depth) for kind in types),
                span=SPAN,
            )
            for _ in range(2)
        ]
        self.typed.update({id(side): (side, returns, scope) for side in sides})
        return plan.Compare(op="=", left=sides[0], right=sides[1], span=SPAN)

    def _test_of_list(self, scope: Scope, depth: int) -> plan.Operation:
        item = self.item()
        container = self.make(("list", item), scope, depth)
        pick = self.random.randrange(3)
        if pick == 0:
            return plan.IsEmpty(item=container, span=SPAN)
        if pick == 1:
            return plan.Contains(item=self.make(item, scope, depth), container=container, span=SPAN)
        members = tuple(self.make(item, scope, depth) for _ in range(2))
        return plan.HasOnly(list=container, members=members, span=SPAN)

    def _of_number(self, scope: Scope, depth: int) -> plan.Operation:
        less = depth - 1
        pick = self.random.randrange(4)
        if pick == 0:
            left, right = self.make(NUMBER, scope, less), self.make(NUMBER, scope, less)
            return plan.Arithmetic(op=self._of(*"+-*/"), left=left, right=right, span=SPAN)
        drawn, inner = self.drawn(scope, less)
        if pick == 1:
            return plan.Count(drawn=drawn, span=SPAN)
        result = self.make(NUMBER, inner, less)
        if pick == 2:
            return plan.Sum(drawn=drawn, result=result, span=SPAN)
        return plan.Extreme(
            drawn=drawn, result=result, greatest=self.random.random() < 0.5, span=SPAN
        )

    def _of_date(self, scope: Scope, depth: int) -> plan.Operation:
        less = depth - 1
        pick = self.random.randrange(6)
        sign = self._of(1, -1)
        if pick == 0:
            drawn, inner = self.drawn(scope, less)
            result = self.make(DATE, inner, less)
            return plan.Extreme(
                drawn=drawn, result=result, greatest=self.random.random() < 0.5, span=SPAN
            )
        base = self.make(DATE, scope, less)
        if pick == 1:
            arguments = (base, self.make(DATE, scope, less))
            name = self._of("earlier", "later")
            return plan.BuiltIn(name=name, arguments=arguments, span=SPAN)
        if pick == 2:
            length = self.make(LENGTH, scope, less)
            return plan.MovedBy(length=length, sign=sign, base=base, span=SPAN)
        amount = plan.Constant(value=self.random.randint(0, 15), span=SPAN)
        if pick == 3:
            learner = self._row("learner", scope, less)
            return plan.MovedByStudyDays(
                amount=amount, learner=learner, sign=sign, base=base, span=SPAN
            )
        return plan.Moved(
            amount=amount, unit=self.random.choice(UNITS), sign=sign, base=base, span=SPAN
        )

    def _of_length(self, scope: Scope, depth: int) -> plan.Operation:
        amount = self._of(
            plan.Constant(value=self.random.randint(0, 9), span=SPAN),
            plan.ParameterValue(name="limit", span=SPAN),
        )
        return plan.LengthOf(amount=amount, unit=self.random.choice(UNITS), span=SPAN)

    def _of_text(self, scope: Scope, depth: int) -> plan.Operation:
        day = self.make(DATE, scope, depth - 1)
        return plan.BuiltIn(name="academic_year", arguments=(day,), span=SPAN)

    def _of_row(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        entity = wanted[1]
        if entity == "calendar_period" and self.random.random() < 0.5:
            day = self.make(DATE, scope, depth - 1)
            return plan.BuiltIn(name="term_of", arguments=(day,), span=SPAN)
        named = self._field(wanted, scope, depth) if self.random.random() < 0.5 else None
        return self._row(entity, scope, depth) if named is None else named

    def _of_cells(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        keys = tuple(
            (key, self.make(COLUMNS[key], scope, depth - 1)) for key in TABLES[wanted[1]].keys
        )
        return plan.TableRow(table=wanted[1], keys=keys, span=SPAN)

    def _the(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        drawn, inner = self.drawn(scope, depth, of=wanted)
        if self.random.random() < 0.5 or depth < 0:
            return plan.The(drawn=drawn, span=SPAN)
        return plan.TheMost(
            drawn=drawn,
            by=self.make(self._of(DATE, NUMBER), inner, depth),
            greatest=self.random.random() < 0.5,
            span=SPAN,
        )

    def _of_list(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation | None:
        item = wanted[1]
        if self.random.random() < 0.3:
            left, right = self.make(wanted, scope, depth - 1), self.make(wanted, scope, depth - 1)
            return plan.Joined(left=left, right=right, span=SPAN)
        if item[0] == "row" and self.random.random() < 0.6:
            return self.rows(item[1], scope, depth)
        distinct = self.random.random() < 0.3
        if item[0] == "row" and self.random.random() < 0.5:
            drawn, _ = self.drawn(scope, depth - 1, of=item)
            return plan.Collect(drawn=drawn, distinct=distinct, span=SPAN)
        drawn, inner = self.drawn(scope, depth - 1)
        kind = wanted if self.random.random() < 0.2 else item
        result = self.make(kind, inner, depth - 1)
        return plan.Collect(drawn=drawn, result=result, distinct=distinct, span=SPAN)

    # ------------------------------------------------------------ drawings

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

    def _of(self, *options: Made) -> Made:
        return self.random.choice(options)
