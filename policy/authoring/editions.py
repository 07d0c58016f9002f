"""What an edition of a spec changes against the one before it.

In: two checked editions and the file that amends. Out: changes in words, rules first: what is gone
and why, what is new, what is asked more or less strongly, what is read differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from policy.dsl.checking.checked import CheckedRule, CheckedSpec
from policy.dsl.syntax import ast
from policy.dsl.syntax.print_expressions import print_expression
from policy.pack import Pack


class Change(Struct, frozen=True, kw_only=True):
    """One difference. `kind`: drops, adds, replaces, changes; `words` is what and how."""

    kind: str
    words: str


class EditionChanges(Struct, frozen=True, kw_only=True):
    """What the edition of a spec changes against the edition `before`."""

    spec: str
    edition: str
    before: str
    changes: tuple[Change, ...]


def edition_changes(pack: Pack) -> Iterator[EditionChanges]:
    """Yield the changes of each edition that has one before it in the pack."""
    judging = sorted(
        (spec for spec in pack.checked if spec.node.edition),
        key=lambda spec: (spec.node.name, spec.node.edition),
    )
    for before, after in pairwise(judging):
        if before.node.name == after.node.name:
            reasons = _reasons(pack, after)
            yield EditionChanges(
                spec=after.node.name,
                edition=after.node.edition,
                before=before.node.edition,
                changes=(*_rules(before, after, reasons), *_items(before, after)),
            )


def _reasons(pack: Pack, spec: CheckedSpec) -> dict[str, str]:
    """Return why the amending file of that edition drops rules."""
    return {
        item.rule: item.because
        for _, node in pack.catalogue.trees()
        if node.kind == "amends" and (node.name, node.edition) == _key(spec)
        for item in node.items
        if isinstance(item, ast.Drop)
    }


def _key(spec: CheckedSpec) -> tuple[str, str]:
    return spec.node.name, spec.node.edition


def _rules(before: CheckedSpec, after: CheckedSpec, reasons: dict[str, str]) -> Iterator[Change]:
    old = {rule.node.name: rule for rule in before.rules}
    new = {rule.node.name: rule for rule in after.rules}
    for name in old:
        if name not in new:
            why = f": {reasons[name]}" if name in reasons else ""
            yield Change(kind="drops", words=f"rule {name}{why}")
    for name, rule in new.items():
        if name not in old:
            yield Change(kind="adds", words=f"rule {name}: {rule.node.title}")
        elif _is_replaced(old[name], rule):
            yield Change(kind="replaces", words=f"rule {name}: {rule.node.title}")
        else:
            yield from _demands(old[name], rule)


def _is_replaced(old: CheckedRule, new: CheckedRule) -> bool:
    """Whether it is another rule: strength and clauses of a rule may change without that."""
    return _asked(old.node) != _asked(new.node)


def _asked(rule: ast.Rule) -> ast.Rule:
    demands = tuple(
        replace(demand, modal="", terms=replace(demand.terms, cites=())) for demand in rule.demands
    )
    return replace(rule, of_year="", terms=replace(rule.terms, cites=()), demands=demands)


def _demands(old: CheckedRule, new: CheckedRule) -> Iterator[Change]:
    for was, now in zip(old.demands, new.demands, strict=True):
        name = f"{new.node.name}.{now.label}" if now.label else new.node.name
        if was.modal != now.modal:
            yield Change(kind="changes", words=f"rule {name}: {was.modal} becomes {now.modal}")
        if was.cites != now.cites:
            clauses = f"{', '.join(was.cites)} becomes {', '.join(now.cites)}"
            yield Change(kind="changes", words=f"rule {name}: cites {clauses}")


def _items(before: CheckedSpec, after: CheckedSpec) -> Iterator[Change]:
    for name, parameter in after.parameters.items():
        old = before.parameters.get(name)
        value = print_expression(parameter.node.default)
        if old is None:
            yield Change(kind="adds", words=f"parameter {name} = {value}")
        elif old.node.default != parameter.node.default:
            was = print_expression(old.node.default)
            yield Change(kind="changes", words=f"parameter {name}: {was} becomes {value}")
    for name, defined in after.defines.items():
        earlier = before.defines.get(name)
        if earlier is None:
            yield Change(kind="adds", words=f"definition {name}")
        elif (earlier.node.parameters, earlier.node.body) != (
            defined.node.parameters,
            defined.node.body,
        ):
            yield Change(kind="changes", words=f"definition {name}")
    for name, table in after.tables.items():
        known = before.tables.get(name)
        if known is None:
            yield Change(kind="adds", words=f"table {name}")
        elif known.rows != table.rows:
            yield Change(kind="changes", words=f"table {name}")
