"""Register, plans and examples -> the ledger of clauses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from policy.authoring.expected import Expected, expected_of, titles
from policy.dsl.meaning.plan import DemandPlan, SpecPlan
from policy.model.ledger import Decider, Ledger, LedgerEntry, Standing
from policy.model.outcomes import Severity
from policy.pack import Pack
from policy.register import RegisteredClause

_CAN_BE_ALLOWED = ("may", "info", "scope")


def ledger_of(pack: Pack) -> Ledger:
    """Return the ledger of a pack that was loaded with its libraries.

    Only specs that judge decide anything: a rule of a library counts through the specs that take
    it, with the clauses they cite for it.
    """
    expected = expected_of(pack)
    deciders = defaultdict(list)
    for clause, decider in _deciders(pack, expected):
        deciders[clause].append(decider)
    allowed = _allowed(pack, expected)
    return Ledger(
        entries=tuple(
            _entry(clause, tuple(deciders[id]), tuple(allowed.get(id, ())))
            for id, clause in sorted(pack.register.clauses.items())
        )
    )


def _entry(
    clause: RegisteredClause, deciders: tuple[Decider, ...], allowed: tuple[str, ...]
) -> LedgerEntry:
    standing = _standing(clause, deciders, allowed)
    reason = clause.kept_by if standing is Standing.KEPT else clause.why_not
    return LedgerEntry(
        id=clause.id,
        guide=clause.guide,
        where=clause.where,
        strength=clause.strength,
        kind=clause.kind,
        checkable=clause.checkable,
        says=clause.says,
        standing=standing,
        reason="" if standing is Standing.DECIDED else reason,
        deciders=deciders,
        allowed=allowed,
    )


def _standing(
    clause: RegisteredClause, deciders: tuple[Decider, ...], allowed: tuple[str, ...]
) -> Standing:
    if any(decider.examples for decider in deciders):
        return Standing.PARTLY if clause.checkable == "partly" else Standing.DECIDED
    if deciders:
        return Standing.OPEN  # a rule that nothing shows is no decision, whatever the reason says
    if allowed and clause.strength in _CAN_BE_ALLOWED:
        return Standing.SHOWN
    if clause.kept_by:
        return Standing.KEPT
    return Standing.PERSON if clause.why_not else Standing.OPEN


# ---------------------------------------------------------------- what decides a clause
def _deciders(pack: Pack, expected: Expected) -> Iterator[tuple[str, Decider]]:
    """Yield (clause, demand) for all demands of specs and of plugins' checks."""
    origins = {
        (spec.node.name, spec.node.edition, rule.node.name): rule.origin
        for spec in pack.checked
        for rule in spec.rules
    }
    for spec in pack.specs:
        for rule in spec.rules:
            origin = origins.get((spec.name, spec.edition, rule.name), spec.name)
            for demand in rule.demands:
                outcome = "noted" if demand.is_note else "breached"
                examples = titles(expected, (origin, rule.name, demand.label), outcome)
                decider = _decider(spec, _name(rule.name, demand), origin, demand.severity)
                for clause in demand.clauses:
                    yield clause, _with(decider, examples)
        suite = pack.suites.get(spec.name)
        for check in suite.checks if suite else ():
            outcome = "noted" if check.severity is Severity.NOTE else "breached"
            examples = titles(expected, (spec.name, check.name, ""), outcome)
            decider = _decider(spec, check.name, f"plugin {spec.name}", check.severity)
            for clause in check.clauses:
                yield clause, _with(decider, examples)


def _decider(spec: SpecPlan, rule: str, origin: str, severity: Severity) -> Decider:
    return Decider(
        spec=spec.name, edition=spec.edition, rule=rule, origin=origin, severity=severity
    )


def _with(decider: Decider, examples: tuple[str, ...]) -> Decider:
    return replace(decider, examples=examples)


def _name(rule: str, demand: DemandPlan) -> str:
    return f"{rule}.{demand.label}" if demand.label else rule


# ---------------------------------------------------------------- what examples show
def _allowed(pack: Pack, expected: Expected) -> Mapping[str, list[str]]:
    """Return for clauses the examples that show them allowed: those that cite the clause, and those
    that expect an exception which cites it."""
    found = defaultdict(list)
    for spec in pack.checked:
        for example in spec.node.examples:
            for clause in example.cites:
                found[clause.id].append(example.title)
        for rule in spec.rules:
            for demand in rule.demands:
                key = (rule.origin, rule.node.name, demand.label)
                for exception in (*rule.node.terms.exceptions, *demand.node.terms.exceptions):
                    for clause in exception.cites:
                        found[clause.id] += titles(expected, key, "excepted")
    return {clause: list(dict.fromkeys(titles)) for clause, titles in found.items() if titles}


# ---------------------------------------------------------------- what changed
class Change(Struct, frozen=True, kw_only=True):
    """A clause that is not what it was, in words, with the rules to review."""

    id: str
    words: str


_COMPARED = ("says", "where", "strength", "kind", "checkable")


def changes(ledger: Ledger, earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    """Yield the clauses that came, went or changed since an earlier ledger (its JSON, by id)."""
    now = {entry.id: entry for entry in ledger.entries}
    for id in sorted({*now, *earlier}):
        if id not in now:
            rules = [str(each.get("rule", "")) for each in earlier[id].get("rules", ())]
            yield Change(id=id, words=f"is gone{_to_review(rules)}")
            continue
        entry = now[id]
        rules = [decider.rule for decider in entry.deciders]
        if id not in earlier:
            yield Change(id=id, words=f"is new{_to_review(rules)}")
            continue
        changed = [name for name in _COMPARED if getattr(entry, name) != earlier[id].get(name)]
        if changed:
            yield Change(id=id, words=f"changed in {', '.join(changed)}{_to_review(rules)}")


def _to_review(rules: list[str]) -> str:
    names = ", ".join(dict.fromkeys(rules))
    return f"; review {names}" if names else "; no rule cites it"
