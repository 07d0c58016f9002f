"""Expressions whose value stands in the text: defaults of parameters, settings of examples."""

from __future__ import annotations

from policy.dsl.syntax import ast
from policy.model.values import Duration, DurationUnit, Value


def constant_value(node: ast.Expr) -> Value | None:
    """Return the value of a literal, a length of time or a bare word; None if it is computed."""
    if isinstance(node, ast.Literal):
        return node.value
    if isinstance(node, ast.Name):
        return node.name
    if isinstance(node, ast.Length) and isinstance(node.amount, int):
        return Duration(node.amount, DurationUnit(node.unit))
    return None
