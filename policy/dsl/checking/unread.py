"""Variables that nothing asks for: mostly another name stands where theirs was meant."""

from __future__ import annotations

from collections.abc import Iterator

from policy.dsl.checking import mistakes
from policy.dsl.syntax import ast
from policy.dsl.syntax.walk import descend
from policy.model.diagnostics import Diagnostic


def variables_of(item: ast.Item) -> Iterator[Diagnostic]:
    """Yield for each variable of a rule or definition that is named and never read."""
    if isinstance(item, ast.Define):
        yield from _parameters(item)
    elif isinstance(item, ast.Rule):
        yield from _subjects(item)
    else:
        return
    yield from _rows(item)


def _rows(item: ast.Node) -> Iterator[Diagnostic]:
    """Yield for each `x in C` whose `where`, `satisfies` or result says nothing of x.

    Without any of them only the number of rows counts, and x need not be read.
    """
    for node in descend(item):
        if isinstance(node, ast.Quantifier):
            asked: tuple[ast.Expr | None, ...] = (node.where, node.satisfies)
        elif isinstance(node, ast.Aggregate):
            asked = (node.where, node.result, node.by)
        else:
            continue
        listed = tuple(part for part in asked if part is not None)
        variable = node.generator.variable
        if listed and not _is_read(variable, listed):
            yield mistakes.unread(node.generator.span, variable)


def _parameters(node: ast.Define) -> Iterator[Diagnostic]:
    for parameter in node.parameters:
        if not _is_read(parameter.name, (node.body,)):
            yield mistakes.unread(parameter.span, parameter.name)


def _subjects(node: ast.Rule) -> Iterator[Diagnostic]:
    # Messages count: a rule may ask of everybody the same and only name the subject.
    scope = node.scope
    parts = (node.terms, *node.demands)
    inside: tuple[ast.Node, ...] = tuple(
        part for part in (scope.pair, scope.where, *parts) if part is not None
    )
    if not _is_read(scope.variable, inside):
        yield mistakes.unread(scope.span, scope.variable)
    if scope.pair is not None and not _is_read(scope.pair.variable, inside):
        yield mistakes.unread(scope.pair.span, scope.pair.variable)


def _is_read(name: str, nodes: tuple[ast.Node, ...]) -> bool:
    return any(
        isinstance(part, ast.Name) and part.name == name for node in nodes for part in descend(node)
    )
