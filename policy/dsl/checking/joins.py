"""Refuses comparisons of every row with every row.

Quadratic in the size of a centre, and mostly a mistake, is to go through many rows once for each
row of something else:

- a list reached by going up from a row and down again (`a.programme.submissions`), for each row of
  a scope or of a definition;
- a list that does not depend on the row drawn last (`c.submissions` inside `every a in
  c.assignments`), for each such row.

An equality in `where` that picks the rows (`s.assignment = a`) is a key: then rows can be found by
an index. Lists of siblings (`s.learner.submissions`) and lists that do not grow with the number of
learners (children of the root) stay small and need no key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from policy.dsl.checking import mistakes
from policy.dsl.checking.checked import AncestorIs, DefinitionIs, Meaning, RowsAre, VariableIs
from policy.dsl.meaning.types import BOOLEAN, Entity, Enum, Type
from policy.dsl.syntax import ast
from policy.dsl.syntax.walk import children, descend
from policy.model.diagnostics import Diagnostic


def cross_joins(
    nodes: tuple[ast.Node, ...],
    types: Mapping[int, Type],
    meanings: Mapping[int, Meaning],
    defines: Mapping[str, ast.Define],
) -> Iterator[Diagnostic]:
    """Yield a mistake for each list gone through without a key that picks its rows."""
    joins = _Joins(types=types, meanings=meanings, defines=defines)
    for node in nodes:
        yield from joins.inside(node, "")


class _Joins(Struct, frozen=True, kw_only=True):
    types: Mapping[int, Type]
    meanings: Mapping[int, Meaning]
    defines: Mapping[str, ast.Define]

    def inside(self, node: ast.Node, drawn: str) -> Iterator[Diagnostic]:
        """Yield for everything in `node`, which is asked for each `drawn` (empty: once)."""
        if not isinstance(node, ast.Quantifier | ast.Aggregate):
            for child in children(node):
                yield from self.inside(child, drawn)
            return
        generator = node.generator
        for source in _summands(generator.source):
            wide = self._goes_up_and_down(source) or (drawn and self._stays(source, drawn))
            if wide and not self._has_key(node):
                yield mistakes.cross_join(generator.span, source.span.text)
        yield from self.inside(generator.source, drawn)
        for child in children(node):
            if child is not generator:
                yield from self.inside(child, generator.variable)

    def _goes_up_and_down(self, source: ast.Expr, seen: frozenset[str] = frozenset()) -> bool:
        """Whether `source` goes up from a row and down again through two lists or more."""
        meaning = self.meanings.get(id(source))
        if isinstance(meaning, DefinitionIs) and meaning.name not in seen:
            body = self.defines[meaning.name].body
            below = seen | {meaning.name}
            return any(self._goes_up_and_down(part, below) for part in _summands(body))
        if not self._is_deep(source):
            return False
        assert isinstance(source, ast.Member)
        of = source.of
        if not isinstance(of, ast.Member) or not isinstance(self.meanings.get(id(of)), AncestorIs):
            return False
        return isinstance(self.types.get(id(of.of)), Entity)

    def _stays(self, source: ast.Expr, drawn: str) -> bool:
        """Whether `source` is the same many rows whatever `drawn` is."""
        return self._is_deep(source) and not _mentions(source, {drawn})

    def _is_deep(self, source: ast.Expr) -> bool:
        meaning = self.meanings.get(id(source))
        is_rows = isinstance(source, ast.Member) and isinstance(meaning, RowsAre)
        return is_rows and isinstance(meaning, RowsAre) and len(meaning.path) > 1

    def _has_key(self, node: ast.Quantifier | ast.Aggregate) -> bool:
        if node.where is None:
            return False
        drawn = {node.generator.variable}
        return any(self._is_key(item, drawn) for item in _conjuncts(node.where))

    def _is_key(self, item: ast.Expr, drawn: set[str]) -> bool:
        """Whether `item` is an equality between the drawn row and another one."""
        if isinstance(item, ast.Compare) and item.op == "=":
            left, right = _mentions(item.left, drawn), _mentions(item.right, drawn)
            probe = item.right if left else item.left
            return left != right and self._picks(probe)
        if isinstance(item, ast.Call) and isinstance(self.meanings.get(id(item)), DefinitionIs):
            define = self.defines[item.name]
            inner = {
                parameter.name
                for parameter, argument in zip(define.parameters, item.arguments, strict=False)
                if _mentions(argument, drawn)
            }
            if not inner or len(inner) == len(define.parameters):
                return False
            return any(self._is_key(part, inner) for part in _conjuncts(define.body))
        return False

    def _picks(self, probe: ast.Expr) -> bool:
        """Whether few rows are equal to `probe`: it is of a row, and no word or yes/no."""
        kind = self.types.get(id(probe))
        of_a_row = any(isinstance(self.meanings.get(id(p)), VariableIs) for p in descend(probe))
        return of_a_row and kind != BOOLEAN and not isinstance(kind, Enum)


def _summands(source: ast.Expr) -> Iterator[ast.Expr]:
    if isinstance(source, ast.Binary):
        yield from _summands(source.left)
        yield from _summands(source.right)
    else:
        yield source


def _conjuncts(condition: ast.Expr) -> tuple[ast.Expr, ...]:
    return condition.items if isinstance(condition, ast.And) else (condition,)


def _mentions(node: ast.Expr, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.name in names for part in descend(node))
