"""Types of arithmetic, of time, and of what is asked of many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.dsl.checking import mistakes, presence
from policy.dsl.checking.names import Variables
from policy.dsl.meaning.types import (
    ANYTHING,
    BOOLEAN,
    DATE,
    DURATION,
    INTEGER,
    NUMBER,
    Entity,
    List,
    Type,
    has_order,
    is_number,
)
from policy.dsl.syntax import ast

if TYPE_CHECKING:
    from policy.dsl.checking.expression_checker import Expressions


def binary(run: Expressions, node: ast.Binary, variables: Variables, wanted: Type | None) -> Type:
    """Of `+ - * /`: numbers, or lists that are joined."""
    left, right = run.infer(node.left, variables), run.infer(node.right, variables)
    if ANYTHING in (left, right):
        return ANYTHING
    if node.op == "+" and isinstance(left, List) and isinstance(right, List):
        return run.joined(node.span, left, right)
    for side, kind in ((node.left, left), (node.right, right)):
        if not is_number(kind):
            hint = (
                "a date is moved with `after` and `before`: `5 days after x`"
                if kind in (DATE, DURATION)
                else "only numbers are counted with, and only lists are joined"
            )
            run.report(mistakes.wrong_type(side.span, kind, "number", hint))
            return ANYTHING
    return INTEGER if left == right == INTEGER and node.op != "/" else NUMBER


def shift(run: Expressions, node: ast.Shift, variables: Variables, wanted: Type | None) -> Type:
    """Of a date moved by a length of time."""
    run.expect(
        node.length, variables, DURATION, "write a length of time, such as `15 working days`"
    )
    run.expect(node.base, variables, DATE, "only a date can be moved")
    return DATE


def study_days(
    run: Expressions, node: ast.StudyDays, variables: Variables, wanted: Type | None
) -> Type:
    """Of a date moved by study days of a row that has them."""
    run.amount(node.amount, variables)
    learner = run.infer(node.learner, variables)
    has_days = isinstance(learner, Entity) and run.names.field_type(learner.name, "study_days")
    if not has_days and learner != ANYTHING:
        help = "name the learner"
        run.report(mistakes.wrong_type(node.learner.span, learner, "row with study days", help))
    run.expect(node.base, variables, DATE, "only a date can be moved")
    return DATE


def quantifier(
    run: Expressions, node: ast.Quantifier, variables: Variables, wanted: Type | None
) -> Type:
    """Of `every`, `some`, `no` and the bounds."""
    inner = run.bind(node.generator, variables)
    if node.where is not None:
        run.condition(node.where, inner)
    if node.satisfies is not None:
        run.condition(node.satisfies, inner)
        if node.where is not None:
            together = presence.Together(run.types, run.meanings)
            run.report_all(together.idle((node.where,), node.satisfies))
    run.amount(node.amount, variables)
    if node.kind == "at least" and node.amount == 0:
        run.report(mistakes.always(node.span, True, "no list has fewer than 0 rows"))
    return BOOLEAN


def aggregate(
    run: Expressions, node: ast.Aggregate, variables: Variables, wanted: Type | None
) -> Type:
    """Of `count`, `sum`, `earliest`, `the`, `all` and their kin."""
    inner = run.bind(node.generator, variables)
    item = inner[node.generator.variable]
    if node.where is not None:
        run.condition(node.where, inner)
    if node.by is not None:
        _ordered(run, node.by, inner)
    if node.kind == "count":
        return INTEGER
    if node.kind == "the":
        return item
    if node.kind == "sum" and node.result is not None:
        run.expect(node.result, inner, NUMBER)
        kind = run.types[id(node.result)]
        return kind if is_number(kind) else ANYTHING
    if node.kind in ("earliest", "latest", "least", "greatest") and node.result is not None:
        return _ordered(run, node.result, inner)
    result = item if node.result is None else run.infer(node.result, inner)
    return result if isinstance(result, List) else List(result)


def _ordered(run: Expressions, node: ast.Expr, variables: Variables) -> Type:
    kind = run.infer(node, variables)
    if not has_order(kind):
        run.report(mistakes.no_order(node.span, kind))
        return ANYTHING
    return kind
