"""Checked expression -> operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policy.dsl.checking.checked import (
    AncestorIs,
    BuiltInIs,
    CheckedTable,
    ConstantIs,
    DefinitionIs,
    EnumeratorIs,
    FunctionIs,
    Meaning,
    ParameterIs,
    RowsAre,
    TableIs,
    VariableIs,
)
from policy.dsl.meaning import plan
from policy.dsl.meaning.types import List, TableRow, Type
from policy.dsl.syntax import ast
from policy.model.source import Span
from policy.model.values import DurationUnit

_SIGN = {"after": 1, "before": -1}
_GREATEST = ("latest", "greatest")
_BOUNDS = {"at least": ">=", "at most": "<=", "exactly": "="}


class ExpressionPlanner:
    """Turns expressions of one spec into operations; one method per kind of node."""

    def __init__(
        self,
        types: Mapping[int, Type],
        meanings: Mapping[int, Meaning],
        tables: Mapping[str, CheckedTable],
    ) -> None:
        self._types = types
        self._meanings = meanings
        self._tables = tables

    def operation(self, node: ast.Expr) -> plan.Operation:
        """Return the operation that `node` stands for."""
        made: plan.Operation = getattr(self, "_" + type(node).__name__.lower())(node)
        return made

    def _negated(self, made: plan.Operation, negated: bool) -> plan.Operation:
        return plan.Not(span=made.span, item=made) if negated else made

    # ------------------------------------------------------------ words

    def _literal(self, node: ast.Literal) -> plan.Operation:
        return plan.Constant(span=node.span, value=node.value)

    def _daymonth(self, node: ast.DayMonth) -> plan.Operation:
        return plan.DayOfYear(span=node.span, day=node.day, month=node.month)

    def _length(self, node: ast.Length) -> plan.Operation:
        amount = self._amount(node.amount, node.span)
        return plan.LengthOf(span=node.span, amount=amount, unit=DurationUnit(node.unit))

    def _name(self, node: ast.Name) -> plan.Operation:
        meaning = self._meanings[id(node)]
        match meaning:
            case VariableIs(name):
                return plan.Variable(span=node.span, name=name)
            case ParameterIs(name):
                return plan.ParameterValue(span=node.span, name=name)
            case TableIs(name):
                return plan.TableRows(span=node.span, table=name)
            case EnumeratorIs(value):
                return plan.Constant(span=node.span, value=value)
            case ConstantIs("as_at"):
                return plan.AsAt(span=node.span)
            case _:
                return plan.Year(span=node.span)

    # ------------------------------------------------------------ navigation

    def _member(self, node: ast.Member) -> plan.Operation:
        of, span = self.operation(node.of), node.span
        meaning = self._meanings[id(node)]
        match meaning:
            case AncestorIs():
                return plan.Ancestor(span=span, of=of, entity=node.name)
            case RowsAre(path):
                return plan.Rows(span=span, of=of, path=path)
            case DefinitionIs(name):
                return plan.DefinitionOf(span=span, name=name, arguments=(of,))
            case _:
                return plan.FieldOf(span=span, of=of, field=node.name)

    def _lookup(self, node: ast.Lookup) -> plan.Operation:
        kind = self._types[id(node)]
        assert isinstance(kind, TableRow)
        columns = self._tables[kind.table].keys
        keys = tuple(
            (column, self.operation(key)) for column, key in zip(columns, node.keys, strict=True)
        )
        return plan.TableRow(span=node.span, table=kind.table, keys=keys)

    def _call(self, node: ast.Call) -> plan.Operation:
        arguments = tuple(self.operation(argument) for argument in node.arguments)
        meaning = self._meanings[id(node)]
        match meaning:
            case DefinitionIs(name):
                return plan.DefinitionOf(span=node.span, name=name, arguments=arguments)
            case BuiltInIs(name):
                return plan.BuiltIn(span=node.span, name=name, arguments=arguments)
            case FunctionIs(function, suite):
                return plan.PluginCall(
                    span=node.span, function=function, suite=suite, arguments=arguments
                )
            case _:
                raise TypeError(f"cannot call {meaning}")

    # ------------------------------------------------------------ conditions

    def _not(self, node: ast.Not) -> plan.Operation:
        return plan.Not(span=node.span, item=self.operation(node.item))

    def _and(self, node: ast.And) -> plan.Operation:
        return plan.All(span=node.span, items=tuple(self.operation(item) for item in node.items))

    def _or(self, node: ast.Or) -> plan.Operation:
        return plan.Any(span=node.span, items=tuple(self.operation(item) for item in node.items))

    def _compare(self, node: ast.Compare) -> plan.Operation:
        left, right = self.operation(node.left), self.operation(node.right)
        return plan.Compare(span=node.span, op=node.op, left=left, right=right)

    def _isstate(self, node: ast.IsState) -> plan.Operation:
        item = self.operation(node.item)
        if node.state == "empty":
            return self._negated(plan.IsEmpty(span=node.span, item=item), node.negated)
        recorded = plan.IsRecorded(span=node.span, item=item)
        return self._negated(recorded, node.negated == (node.state == "recorded"))

    def _isoneof(self, node: ast.IsOneOf) -> plan.Operation:
        item = self.operation(node.item)
        tests: list[plan.Operation] = [
            plan.Compare(
                span=node.span,
                op="=",
                left=item,
                right=plan.Constant(span=name.span, value=name.name),
            )
            for name in node.names
        ]
        made = tests[0] if len(tests) == 1 else plan.Any(span=node.span, items=tuple(tests))
        return self._negated(made, node.negated)

    def _in(self, node: ast.In) -> plan.Operation:
        item = self.operation(node.item)
        if self._meanings.get(id(node.container)) == ConstantIs("terms"):
            made: plan.Operation = plan.InTerms(span=node.span, day=item)
        else:
            container = self.operation(node.container)
            made = plan.Contains(span=node.span, item=item, container=container)
        return self._negated(made, node.negated)

    def _has(self, node: ast.Has) -> plan.Operation:
        container = self.operation(node.list)
        members = tuple(self.operation(member) for member in node.members)
        if node.mode == "only":
            made: plan.Operation = plan.HasOnly(span=node.span, list=container, members=members)
            return self._negated(made, node.negated)
        tests: tuple[plan.Operation, ...] = tuple(
            plan.Contains(span=node.span, item=member, container=container) for member in members
        )
        if len(tests) == 1:
            made = tests[0]
        elif node.mode == "all":
            made = plan.All(span=node.span, items=tests)
        else:
            made = plan.Any(span=node.span, items=tests)
        return self._negated(made, node.negated)

    def _if(self, node: ast.If) -> plan.Operation:
        condition = self.operation(node.condition)
        then, orelse = self.operation(node.then), self.operation(node.orelse)
        return plan.If(span=node.span, condition=condition, then=then, orelse=orelse)

    def _otherwise(self, node: ast.Otherwise) -> plan.Operation:
        first, second = self.operation(node.first), self.operation(node.second)
        return plan.Otherwise(span=node.span, first=first, second=second)

    # ------------------------------------------------------------ arithmetic and time

    def _binary(self, node: ast.Binary) -> plan.Operation:
        left, right = self.operation(node.left), self.operation(node.right)
        if isinstance(self._types[id(node)], List):
            return plan.Joined(span=node.span, left=left, right=right)
        return plan.Arithmetic(span=node.span, op=node.op, left=left, right=right)

    def _shift(self, node: ast.Shift) -> plan.Operation:
        base, sign = self.operation(node.base), _SIGN[node.direction]
        if isinstance(node.length, ast.Length):
            return plan.Moved(
                span=node.span,
                amount=self._amount(node.length.amount, node.length.span),
                unit=DurationUnit(node.length.unit),
                sign=sign,
                base=base,
            )
        length = self.operation(node.length)
        return plan.MovedBy(span=node.span, length=length, sign=sign, base=base)

    def _studydays(self, node: ast.StudyDays) -> plan.Operation:
        return plan.MovedByStudyDays(
            span=node.span,
            amount=self._amount(node.amount, node.span),
            learner=self.operation(node.learner),
            sign=_SIGN[node.direction],
            base=self.operation(node.base),
        )

    def _amount(self, amount: int | ast.Name, span: Span) -> plan.Operation:
        if isinstance(amount, int):
            return plan.Constant(span=span, value=amount)
        return self.operation(amount)

    # ------------------------------------------------------------ quantifiers and aggregates

    def _drawn(self, node: ast.Quantifier | ast.Aggregate) -> plan.Drawn:
        variable = node.generator.variable
        where = None if node.where is None else self.operation(node.where)
        return plan.Drawn(
            span=node.generator.span,
            variable=variable,
            source=self.operation(node.generator.source),
            where=where,
            keys=tuple(_keys(where, variable)) if where is not None else (),
        )

    def _quantifier(self, node: ast.Quantifier) -> plan.Operation:
        drawn, span = self._drawn(node), node.span
        if node.kind == "every":
            assert node.satisfies is not None
            return plan.Every(span=span, drawn=drawn, satisfies=self.operation(node.satisfies))
        if node.kind in ("some", "no"):
            return self._negated(plan.Some(span=span, drawn=drawn), node.kind == "no")
        assert node.amount is not None
        return plan.Compare(
            span=span,
            op=_BOUNDS[node.kind],
            left=plan.Count(span=span, drawn=drawn),
            right=self._amount(node.amount, span),
        )

    def _aggregate(self, node: ast.Aggregate) -> plan.Operation:
        drawn, span = self._drawn(node), node.span
        result = None if node.result is None else self.operation(node.result)
        if node.kind == "count":
            return plan.Count(span=span, drawn=drawn)
        if node.kind == "the" and node.by is not None:
            by = self.operation(node.by)
            greatest = node.pick in _GREATEST
            return plan.TheMost(span=span, drawn=drawn, by=by, greatest=greatest)
        if node.kind == "the":
            return plan.The(span=span, drawn=drawn)
        if node.kind in ("all", "distinct"):
            distinct = node.kind == "distinct"
            return plan.Collect(span=span, drawn=drawn, result=result, distinct=distinct)
        assert result is not None
        if node.kind == "sum":
            return plan.Sum(span=span, drawn=drawn, result=result)
        greatest = node.kind in _GREATEST
        return plan.Extreme(span=span, drawn=drawn, result=result, greatest=greatest)


def _keys(where: plan.Operation, variable: str) -> Iterator[plan.EqualityKey]:
    """Yield the equalities that must hold for a row to be drawn, the row on one side only."""
    items = where.items if isinstance(where, plan.All) else (where,)
    for item in items:
        if isinstance(item, plan.Compare) and item.op == "=":
            for member, probe in ((item.left, item.right), (item.right, item.left)):
                if variables_of(member) == {variable} and variable not in variables_of(probe):
                    yield plan.EqualityKey(span=item.span, member=member, probe=probe)


def variables_of(operation: Any) -> set[str]:
    """Return the names of the variables an operation reads."""
    if isinstance(operation, plan.Variable):
        return {operation.name}
    found: set[str] = set()
    if isinstance(operation, plan.Operation):
        for name in operation.__struct_fields__:
            if name != "span":
                found |= variables_of(getattr(operation, name))
    elif isinstance(operation, tuple):
        for item in operation:
            found |= variables_of(item)
    return found
