"""Refuses comparisons of every row with every row.

A list that is reached by going up from a variable and down again (`a.programme.submissions`) holds
rows that have nothing to do with that variable. To look through it once for each row of a scope is
quadratic in the size of a centre, unless `where` has an equality that picks the rows: then the
evaluator finds them by an index. Lists of siblings (`s.learner.submissions`) and lists that do not
grow with the number of learners (children of the root) stay small and need no key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy.dsl.checking import mistakes
from policy.dsl.checking.checked import AncestorIs, DefinitionIs, Meaning, RowsAre
from policy.dsl.meaning.types import Entity, Type
from policy.dsl.syntax import ast
from policy.dsl.syntax.walk import descend
from policy.model.diagnostics import Diagnostic


def cross_joins(
    nodes: tuple[ast.Node, ...],
    types: Mapping[int, Type],
    meanings: Mapping[int, Meaning],
    defines: Mapping[str, ast.Define],
) -> Iterator[Diagnostic]:
    """Yield a mistake for each list gone through without a key that picks its rows."""
    for part in nodes:
        for node in descend(part):
            if not isinstance(node, ast.Quantifier | ast.Aggregate):
                continue
            for source in _summands(node.generator.source):
                wide = _is_wide(source, types, meanings)
                if wide and not _has_key(node, defines, meanings):
                    yield mistakes.cross_join(node.generator.span, source.span.text)


def _summands(source: ast.Expr) -> Iterator[ast.Expr]:
    if isinstance(source, ast.Binary):
        yield from _summands(source.left)
        yield from _summands(source.right)
    else:
        yield source


def _is_wide(source: ast.Expr, types: Mapping[int, Type], meanings: Mapping[int, Meaning]) -> bool:
    """Whether `source` goes up from a row and down again through two lists or more."""
    rows = meanings.get(id(source))
    if not isinstance(source, ast.Member) or not isinstance(rows, RowsAre) or len(rows.path) < 2:
        return False
    of = source.of
    if not isinstance(of, ast.Member) or not isinstance(meanings.get(id(of)), AncestorIs):
        return False
    return isinstance(types.get(id(of.of)), Entity)


def _has_key(
    node: ast.Quantifier | ast.Aggregate,
    defines: Mapping[str, ast.Define],
    meanings: Mapping[int, Meaning],
) -> bool:
    variable = node.generator.variable
    if node.where is None:
        return False
    return any(_is_key(item, {variable}, defines, meanings) for item in _conjuncts(node.where))


def _conjuncts(condition: ast.Expr) -> tuple[ast.Expr, ...]:
    return condition.items if isinstance(condition, ast.And) else (condition,)


def _is_key(
    item: ast.Expr,
    drawn: set[str],
    defines: Mapping[str, ast.Define],
    meanings: Mapping[int, Meaning],
) -> bool:
    """Whether `item` is an equality between the drawn row and something else."""
    if isinstance(item, ast.Compare) and item.op == "=":
        left, right = _mentions(item.left, drawn), _mentions(item.right, drawn)
        return left != right
    if isinstance(item, ast.Call) and isinstance(meanings.get(id(item)), DefinitionIs):
        define = defines[item.name]
        inner = {
            parameter.name
            for parameter, argument in zip(define.parameters, item.arguments, strict=False)
            if _mentions(argument, drawn)
        }
        if not inner or len(inner) == len(define.parameters):
            return False
        return any(_is_key(part, inner, defines, meanings) for part in _conjuncts(define.body))
    return False


def _mentions(node: ast.Expr, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.name in names for part in descend(node))
