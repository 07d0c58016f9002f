"""Tests that cannot go both ways, seen in the text alone.

What is said of one expression is put beside what else is said of it: words of an enumeration,
bounds, a condition and its opposite. A fact nobody recorded makes a test unknown; "always" is said
of the answers it can give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from policy.dsl.checking import mistakes
from policy.dsl.checking.checked import EnumeratorIs, Meaning
from policy.dsl.checking.constants import constant_value
from policy.dsl.meaning.types import Enum, Type
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic
from policy.model.values import Duration

_TRUE_OF_EQUALS = {"=": True, "<=": True, ">=": True, "!=": False, "<": False, ">": False}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def literal_condition(node: ast.Expr) -> Iterator[Diagnostic]:
    """Yield the mistake of `true` or `false` where a test is needed."""
    if isinstance(node, ast.Literal) and isinstance(node.value, bool):
        yield mistakes.always(node.span, node.value, "it asks nothing")


def trivial_comparison(node: ast.Compare) -> Iterator[Diagnostic]:
    """Yield the mistake of comparing something with itself, or two literals."""
    if node.left == node.right:
        yield mistakes.always(node.span, _TRUE_OF_EQUALS[node.op], "both sides are the same")
    elif _is_fixed(node.left) and _is_fixed(node.right):
        left, right = constant_value(node.left), constant_value(node.right)
        if isinstance(left, Duration) and isinstance(right, Duration):
            if left.unit is not right.unit:
                return  # 4 weeks are not 1 month, and nobody can say which is more
            left, right = left.amount, right.amount
        yield mistakes.always(node.span, _compare(node.op, left, right), "both sides are fixed")
    elif _is_count(node.left) and _is_zero(node.right) and node.op in ("<", ">="):
        yield mistakes.always(node.span, node.op == ">=", "a count is never below 0")


# ---------------------------------------------------------------- several tests of one expression


class _Says(Struct, frozen=True):
    """A test as it stands, or its opposite."""

    test: object
    holds: bool


class _Words(Struct, frozen=True):
    """Which words of an enumeration are left."""

    of: ast.Expr
    words: frozenset[str]
    all: frozenset[str]


class _Bound(Struct, frozen=True):
    """`of op limit`, the limit fixed."""

    of: ast.Expr
    op: str
    limit: int | Decimal | date


_Fact: TypeAlias = "_Says | _Words | _Bound"
_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Together(Struct, frozen=True):
    """Looks at tests that stand together; needs what is known of the words in them."""

    types: Mapping[int, Type]
    meanings: Mapping[int, Meaning]

    def contradictions(self, node: ast.And) -> Iterator[Diagnostic]:
        """Yield the mistake of `x is a and x is b`, and its kin."""
        of = _clash(self._facts(node.items))
        if of:
            yield mistakes.always(node.span, False, f"`{of}` cannot be both")

    def tautologies(self, node: ast.Or) -> Iterator[Diagnostic]:
        """Yield the mistake of `x is a or x is not a`, and its kin."""
        single = [item for item in node.items if not isinstance(item, ast.And)]
        of = _clash([_opposite(fact) for fact in self._facts(single)])
        if of:
            yield mistakes.always(node.span, True, f"one of them holds whatever `{of}` is")

    def idle(self, given: Sequence[ast.Expr], condition: ast.Expr) -> Iterator[Diagnostic]:
        """Yield the mistake of a condition that the conditions `given` decide already."""
        before = self._facts(given)
        if _clash(before):
            return  # said there
        facts = self._facts((condition,))
        if _clash(facts):
            return
        if _clash([*before, *facts]):
            yield mistakes.always(condition.span, False, "what stands before rules it out")
        elif len(facts) == 1 and _clash([*before, _opposite(facts[0])]):
            yield mistakes.always(condition.span, True, "what stands before says so already")

    def _facts(self, items: Iterable[ast.Expr]) -> list[_Fact]:
        """Return what conditions say, without those that are decided by themselves."""
        facts: list[_Fact] = []
        for item in items:
            if isinstance(item, ast.And):
                facts.extend(self._facts(item.items))
            else:
                fact = self._fact(item)
                if not (_clash([fact]) or _clash([_opposite(fact)])):
                    facts.append(fact)
        return facts

    def _fact(self, node: ast.Expr) -> _Fact:
        match node:
            case ast.Not(item=item):
                return _opposite(self._fact(item))
            case ast.IsState(item=item, state=state, negated=negated):
                return _Says((item, state == "empty"), (state != "missing") is not negated)
            case ast.IsOneOf(item=item, names=names, negated=negated):
                fact = self._of_words(item, {name.name for name in names})
                return _opposite(fact) if negated else fact
            case ast.Quantifier(kind="no"):
                return _Says(replace(node, kind="some"), False)
            case ast.In() | ast.Has():
                return _Says(replace(node, negated=False), not node.negated)
            case ast.Compare():
                return self._of_comparison(node)
            case _:
                return _Says(node, True)

    def _of_comparison(self, node: ast.Compare) -> _Fact:
        left, right, op = node.left, node.right, node.op
        if op in ("=", "!="):
            for word, other in ((left, right), (right, left)):
                if isinstance(self.meanings.get(id(word)), EnumeratorIs):
                    assert isinstance(word, ast.Name)
                    fact = self._of_words(other, {word.name})
                    return fact if op == "=" else _opposite(fact)
            return _Says(replace(node, op="="), op == "=")
        for limit, other, turned in ((right, left, op), (left, right, _TURNED[op])):
            value = limit.value if isinstance(limit, ast.Literal) else None
            if isinstance(value, int | Decimal | date):
                return _Bound(other, turned, value)
        if op in (">", ">="):
            left, right, op = right, left, _TURNED[op]
        if op == "<=":
            return _Says(("<", right, left), False)
        return _Says(("<", left, right), True)

    def _of_words(self, item: ast.Expr, words: set[str]) -> _Fact:
        kind = self.types.get(id(item))
        known = kind.values if isinstance(kind, Enum) else frozenset(words)
        if not isinstance(kind, Enum):
            return _Says((item, frozenset(words)), True)
        return _Words(item, known & words, known)


def _opposite(fact: _Fact) -> _Fact:
    match fact:
        case _Says(test, holds):
            return _Says(test, not holds)
        case _Words(of, words, every):
            return _Words(of, every - words, every)
        case _Bound(of, op, limit):
            return _Bound(of, _NOT[op], limit)


def _clash(facts: Sequence[_Fact]) -> str:
    """Return the text of an expression of which the facts cannot all hold, empty if none."""
    said: dict[object, bool] = {}
    words: dict[ast.Expr, frozenset[str]] = {}
    bounds: dict[ast.Expr, list[_Bound]] = {}
    for fact in facts:
        if isinstance(fact, _Says):
            if said.setdefault(fact.test, fact.holds) is not fact.holds:
                return _text_of(fact.test)
        elif isinstance(fact, _Words):
            words[fact.of] = words.get(fact.of, fact.words) & fact.words
            if not words[fact.of]:
                return _text_of(fact.of)
        else:
            others = bounds.setdefault(fact.of, [])
            if any(_excludes(fact, other) for other in others):
                return _text_of(fact.of)
            others.append(fact)
    return ""


def _excludes(first: _Bound, second: _Bound) -> bool:
    if first.op[0] == second.op[0]:
        return False
    low, high = (first, second) if first.op[0] == ">" else (second, first)
    is_open = "=" not in low.op or "=" not in high.op
    return _compare(">=" if is_open else ">", low.limit, high.limit)


def _text_of(test: object) -> str:
    """Return the words of the spec for what was tested: the first node there is."""
    parts = test if isinstance(test, tuple) else (test,)
    return next(part.span.text for part in parts if isinstance(part, ast.Node))


# ---------------------------------------------------------------- fixed values


def _is_fixed(node: ast.Expr) -> bool:
    return isinstance(node, ast.Literal | ast.Length) and constant_value(node) is not None


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
