"""Several files -> one: what a spec takes over with `use`, what an edition changes with `amends`.

Both happen on the tree, before any name is resolved, so everything after sees one plain spec.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from policy.dsl.checking import mistakes
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic

Report = Callable[[Diagnostic], None]


class Placed(Struct, frozen=True, kw_only=True):
    """An item with the spec that wrote it, and for a rule the lines of `use` that took it."""

    item: ast.Item
    origin: str
    taken: tuple[ast.Taken, ...] = ()


class Merged(Struct, frozen=True, kw_only=True):
    """A spec with everything it takes over, in the order in which it is read."""

    node: ast.Spec
    items: tuple[Placed, ...] = field(default=())


def merge_uses(spec: ast.Spec, others: Mapping[str, ast.Spec], report: Report) -> Merged:
    """Bring in the libraries of `spec`: their definitions, parameters and tables, and the rules
    that are listed. A library that libraries share comes in once."""
    items: list[Placed] = []
    _bring_in(spec, others, report, items, (spec.name,), set())
    items = [placed for placed in items if _key(placed.item)[1] not in spec.anew]
    items.extend(Placed(item=item, origin=spec.name) for item in spec.items)
    return Merged(node=spec, items=tuple(items))


def _bring_in(
    spec: ast.Spec,
    others: Mapping[str, ast.Spec],
    report: Report,
    items: list[Placed],
    chain: tuple[str, ...],
    seen: set[str],
) -> None:
    for use in spec.uses:
        library = others.get(use.spec)
        if library is None or library.kind != "library":
            known = [name for name, other in others.items() if other.kind == "library"]
            report(mistakes.unknown_spec(use.span, use.spec, known))
        elif use.spec in chain:
            report(mistakes.goes_in_circles(use.span, (*chain, use.spec)))
        else:
            _bring_in(library, others, report, items, (*chain, use.spec), seen)
            if use.spec not in seen:
                seen.add(use.spec)
                items.extend(_declarations(library))
            items.extend(_rules_taken(use, library, report))


def _declarations(library: ast.Spec) -> list[Placed]:
    return [
        Placed(item=item, origin=library.name)
        for item in library.items
        if isinstance(item, ast.Parameter | ast.Table | ast.Define)
    ]


def _rules_taken(use: ast.Use, library: ast.Spec, report: Report) -> list[Placed]:
    wanted: dict[str, list[ast.Taken]] = {}
    for taken in use.rules:
        wanted.setdefault(taken.rule, []).append(taken)
    rules = {item.name: item for item in library.items if isinstance(item, ast.Rule)}
    for name, lines in wanted.items():
        if name not in rules:
            report(mistakes.unknown_rule(lines[0].span, name, library.name, rules))
            continue
        labels = {demand.label for demand in rules[name].demands}
        first: dict[str, ast.Taken] = {}
        for line in lines:
            if first.setdefault(line.label, line) is not line:
                report(mistakes.said_before(line.span, "line for", name, first[line.label].span))
            if line.label and line.label not in labels:
                known = [f"{name}.{label}" for label in labels if label]
                report(
                    mistakes.unknown_rule(line.span, f"{name}.{line.label}", library.name, known)
                )
    return [
        Placed(item=rule, origin=library.name, taken=tuple(wanted[name]))
        for name, rule in rules.items()
        if name in wanted
    ]


def amend(base: ast.Spec, overlay: ast.Spec, report: Report) -> ast.Spec:
    """Return `base` as the edition that `overlay` makes of it.

    A parameter, table or definition of the same name replaces, `replace rule` replaces, `drop rule`
    and `change rule` do what they say; everything else is added. What the base takes over from
    libraries changes in the same way. Examples of the base stay with the base: they are about its
    edition; so are rules marked `this year only`.
    """
    items: dict[tuple[str, str], ast.Item] = {
        _key(item): _of_its_year(item, base.edition)
        for item in base.items
        if not isinstance(item, ast.Example)
    }
    uses = base.uses
    rules = [name for kind, name in items if kind == "rule"]
    rules += [line.rule for use in uses for line in use.rules]
    added: list[ast.Item] = []
    for item in overlay.items:
        if isinstance(item, ast.Example):
            added.append(item)
        elif isinstance(item, ast.Drop | ast.ChangeModal | ast.Replace):
            if _is_taken(uses, item):
                uses = tuple(_amend_use(use, item) for use in uses)
                if isinstance(item, ast.Replace):
                    items[_key(item)] = item.rule
            else:
                _amend_rule(items, item, base.name, rules, report)
        elif isinstance(item, ast.Rule) and _key(item) in items:
            first = items[_key(item)]
            report(mistakes.said_before(item.name_span, "rule", item.name, first.span))
        else:
            items[_key(item)] = item
    return replace(
        base,
        kind="spec",
        title=overlay.title or base.title,
        edition=overlay.edition,
        uses=(*uses, *overlay.uses),
        applies=overlay.applies or base.applies,
        items=(*items.values(), *added),
        anew=base.anew | _anew(overlay),
    )


def _of_its_year(item: ast.Item, edition: str) -> ast.Item:
    if isinstance(item, ast.Rule) and item.this_year_only:
        return replace(item, of_year=item.of_year or edition)
    return item


def _anew(overlay: ast.Spec) -> frozenset[str]:
    declared = (ast.Parameter, ast.Table, ast.Define)
    return frozenset(item.name for item in overlay.items if isinstance(item, declared))


def _is_taken(uses: tuple[ast.Use, ...], change: ast.Replace | ast.Drop | ast.ChangeModal) -> bool:
    """Whether what is to change was taken from a library: the rule, or this demand of it."""
    name = _key(change)[1]
    labels = {line.label for use in uses for line in use.rules if line.rule == name}
    wanted = change.label if isinstance(change, ast.ChangeModal) else ""
    return bool(labels) and (not wanted or not labels.isdisjoint({"", wanted}))


def _amend_use(use: ast.Use, change: ast.Replace | ast.Drop | ast.ChangeModal) -> ast.Use:
    """Change the lines of a `use` as the overlay says of a rule that was taken over."""
    name = _key(change)[1]
    if not isinstance(change, ast.ChangeModal):
        return replace(use, rules=tuple(line for line in use.rules if line.rule != name))
    lines: list[ast.Taken] = []
    for line in use.rules:
        if line.rule == name and change.label in ("", line.label):
            line = replace(line, modal=change.modal, cites=change.cites or line.cites)
        lines.append(line)
    taken = {line.label for line in lines if line.rule == name}
    if change.label not in taken and "" in taken:
        # One demand of a rule that was taken whole. The place is that of the change, for mistakes.
        lines.append(
            ast.Taken(
                span=change.span,
                rule=name,
                label=change.label,
                modal=change.modal,
                cites=change.cites,
            )
        )
    return replace(use, rules=tuple(lines))


def _amend_rule(
    items: dict[tuple[str, str], ast.Item],
    change: ast.Drop | ast.ChangeModal | ast.Replace,
    spec: str,
    rules: list[str],
    report: Report,
) -> None:
    name = change.rule.name if isinstance(change, ast.Replace) else change.rule
    old = items.get(("rule", name))
    if not isinstance(old, ast.Rule):
        report(mistakes.unknown_rule(change.span, name, spec, rules))
    elif isinstance(change, ast.Drop):
        del items["rule", name]
    elif isinstance(change, ast.Replace):
        items["rule", name] = change.rule
    else:
        items["rule", name] = _with_modal(old, change, spec, report)


def _with_modal(rule: ast.Rule, change: ast.ChangeModal, spec: str, report: Report) -> ast.Rule:
    labels = [demand.label for demand in rule.demands]
    if change.label and change.label not in labels:
        report(mistakes.unknown_rule(change.span, f"{rule.name}.{change.label}", spec, labels))
    demands = []
    for demand in rule.demands:
        if demand.modal != "note" and change.label in ("", demand.label):
            terms = demand.terms
            if change.cites:
                terms = replace(terms, cites=change.cites)
            demand = replace(demand, modal=with_strength(demand.modal, change.modal), terms=terms)
        demands.append(demand)
    return replace(rule, demands=tuple(demands))


def with_strength(modal: str, strength: str) -> str:
    """Return `modal` at another strength: (`must not`, `should`) -> `should not`."""
    if modal == "note" or not strength:
        return modal
    return f"{strength} not" if modal.endswith("not") else strength


def _key(item: ast.Item) -> tuple[str, str]:
    if isinstance(item, ast.Replace):
        return ("rule", item.rule.name)
    if isinstance(item, ast.Example):
        return ("example", item.title)
    name = item.rule if isinstance(item, ast.Drop | ast.ChangeModal) else item.name
    return (type(item).__name__.lower(), name)
