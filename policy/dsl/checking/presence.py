"""Tests that cannot go both ways, seen in the text alone."""

from __future__ import annotations

from collections.abc import Iterator

from policy.dsl.checking import mistakes
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic

_TRUE_OF_EQUALS = {"=": True, "<=": True, ">=": True, "!=": False, "<": False, ">": False}


def trivial_comparison(node: ast.Compare) -> Iterator[Diagnostic]:
    """Yield the mistake of comparing something with itself, or two literals."""
    if node.left == node.right:
        yield mistakes.always(node.span, _TRUE_OF_EQUALS[node.op], "both sides are the same")
    elif isinstance(node.left, ast.Literal) and isinstance(node.right, ast.Literal):
        truth = _compare(node.op, node.left.value, node.right.value)
        yield mistakes.always(node.span, truth, "both sides are fixed")
    elif _is_count(node.left) and _is_zero(node.right) and node.op in ("<", ">="):
        yield mistakes.always(node.span, node.op == ">=", "a count is never below 0")


def contradictions(node: ast.And) -> Iterator[Diagnostic]:
    """Yield the mistake of `x is a and x is b`."""
    allowed: dict[ast.Expr, set[str]] = {}
    for item in node.items:
        if not isinstance(item, ast.IsOneOf) or item.negated:
            continue
        words = {name.name for name in item.names}
        left = allowed.get(item.item, words) & words
        if not left:
            yield mistakes.always(node.span, False, f"`{item.item.span.text}` cannot be both")
            return
        allowed[item.item] = left


def _is_count(node: ast.Expr) -> bool:
    return isinstance(node, ast.Aggregate) and node.kind == "count"


def _is_zero(node: ast.Expr) -> bool:
    return isinstance(node, ast.Literal) and node.value == 0


def _compare(op: str, left: object, right: object) -> bool:
    if op in ("=", "!="):
        return (left == right) == (op == "=")
    below: bool = left < right  # type: ignore[operator]
    above: bool = left > right  # type: ignore[operator]
    return {"<": below, "<=": not above, ">": above, ">=": not below}[op]
