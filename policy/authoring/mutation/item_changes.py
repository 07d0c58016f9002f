"""A rule, definition, parameter or `applies to` -> the same with one thing changed.

Only what decides outcomes is changed: no titles, messages, owners or citations. `must` for `should`
is no change here: an example cannot see it, and the register of clauses knows the strength.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from policy.authoring.mutation.change import Change, became, left_out, shown
from policy.authoring.mutation.expression_changes import Types, a_day_off, variants
from policy.dsl.meaning.types import Enum, Type
from policy.dsl.syntax import ast

Changeable: TypeAlias = "ast.Rule | ast.Define | ast.Parameter | ast.AppliesTo"


class Mutant(Struct, frozen=True, kw_only=True):
    """An item with one thing changed. `label` is of the demand, if it was changed in one."""

    old: Changeable
    new: Changeable
    change: Change
    label: str = ""


def mutants_of(item: Changeable, types: Types, kind: Type | None = None) -> Iterator[Mutant]:
    """Yield the item with one thing changed, each result once; `kind` is a parameter's type."""
    seen = {item}
    for label, change, new in _variants(item, types, kind):
        if new not in seen:
            seen.add(new)
            yield Mutant(old=item, new=new, change=change, label=label)


def _variants(
    item: Changeable, types: Types, kind: Type | None
) -> Iterator[tuple[str, Change, Changeable]]:
    if isinstance(item, ast.Rule):
        yield from _rule(item, types)
    elif isinstance(item, ast.Parameter):
        for change, default in _default(item.default, types, kind):
            yield "", change, replace(item, default=default)
    elif isinstance(item, ast.Define):
        for change, body in variants(item.body, types):
            yield "", change, replace(item, body=body)
    else:
        for change, where in variants(item.where, types):
            yield "", change, replace(item, where=where)


def _default(node: ast.Expr, types: Types, kind: Type | None) -> Iterator[tuple[Change, ast.Expr]]:
    if isinstance(node, ast.Name) and isinstance(kind, Enum):
        for word in sorted(kind.values - {node.name}):
            yield became("figure", node, node.name, word), replace(node, name=word)
    else:
        yield from variants(node, types)


def _rule(rule: ast.Rule, types: Types) -> Iterator[tuple[str, Change, ast.Rule]]:
    for change, scope in _scope(rule.scope, types):
        yield "", change, replace(rule, scope=scope)
    for change, terms in _terms(rule.terms, types):
        yield "", change, replace(rule, terms=terms)
    for at, demand in enumerate(rule.demands):
        for change, new in _demand(demand, types):
            demands = (*rule.demands[:at], new, *rule.demands[at + 1 :])
            yield demand.label, change, replace(rule, demands=demands)


def _scope(scope: ast.Scope, types: Types) -> Iterator[tuple[Change, ast.Scope]]:
    if scope.where is not None:
        change = left_out("where", scope.where, f"where {shown(scope.where)}")
        yield change, replace(scope, where=None)
    yield from variants(scope, types)


def _terms(terms: ast.Terms, types: Types) -> Iterator[tuple[Change, ast.Terms]]:
    for at, when in enumerate(terms.when):
        before, after = terms.when[:at], terms.when[at + 1 :]
        change = left_out("when", when, f"when {shown(when)}")
        yield change, replace(terms, when=(*before, *after))
        for change, new in variants(when, types):
            yield change, replace(terms, when=(*before, new, *after))
    for at, exception in enumerate(terms.exceptions):
        others = (terms.exceptions[:at], terms.exceptions[at + 1 :])
        change = left_out("exception", exception, f"except {exception.name}")
        yield change, replace(terms, exceptions=(*others[0], *others[1]))
        for change, new in variants(exception.when, types):
            made = replace(exception, when=new)
            yield change, replace(terms, exceptions=(*others[0], made, *others[1]))


def _demand(demand: ast.Demand, types: Types) -> Iterator[tuple[Change, ast.Demand]]:
    if demand.modal != "note" and demand.by is None:
        is_negative = demand.modal.endswith(" not")
        modal = demand.modal.removesuffix(" not") if is_negative else f"{demand.modal} not"
        place = demand.condition
        yield became("modal", place, demand.modal, modal), replace(demand, modal=modal)
    for change, condition in variants(demand.condition, types):
        yield change, replace(demand, condition=condition)
    if demand.by is not None:
        change = left_out("deadline", demand.by, f"by {shown(demand.by)}")
        yield change, replace(demand, by=None)
        for change, by in a_day_off(demand.by):
            yield change, replace(demand, by=by)
        for change, by in variants(demand.by, types):
            yield change, replace(demand, by=by)
    for change, terms in _terms(demand.terms, types):
        yield change, replace(demand, terms=terms)
