"""Ledger -> text of 80 columns, or JSON.

The text begins with a table, guides down and standings across, whose rows add up; below it stand
the clauses that were asked for, each with the rules that decide it or the reason why none can.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from policy.model.ledger import Decider, Ledger, LedgerEntry, Standing, counts
from policy.model.nouns import counted
from policy.report.layout import facts, pad, visible, wrap
from policy.report.style import Style

LEDGER_VERSION = 1

_HEADS = {
    Standing.DECIDED: "decided",
    Standing.PARTLY: "partly",
    Standing.SHOWN: "allowed",
    Standing.KEPT: "kept",
    Standing.PERSON: "person",
    Standing.OPEN: "not yet",
}
_ROLES = {Standing.DECIDED: "good", Standing.PARTLY: "good", Standing.OPEN: "bad"}
_EXAMPLES_SHOWN = 3


def render_ledger(ledger: Ledger, shown: Sequence[LedgerEntry], style: Style) -> str:
    """Return the table over all clauses, the entries of `shown`, and the sum of checkable ones."""
    lines = list(_table(ledger, style))
    for entry in shown:
        lines += ["", *_entry(entry, style)]
    lines += ["", *_sum(ledger, style)]
    return "\n".join(lines) + "\n"


def ledger_value(ledger: Ledger) -> dict[str, Any]:
    """Return the ledger as plain JSON values (`ledger_version` 1)."""
    return {
        "ledger_version": LEDGER_VERSION,
        "percent": round(ledger.percent, 2),
        "checkable": _counted(ledger.checkable),
        "guides": {
            guide: _counted(entry for entry in ledger.entries if entry.guide == guide)
            for guide in guides(ledger)
        },
        "clauses": [_entry_value(entry) for entry in ledger.entries],
    }


def ledger_json(ledger: Ledger) -> str:
    """Return the ledger as JSON text: same ledger, same bytes."""
    return json.dumps(ledger_value(ledger), indent=2, ensure_ascii=True) + "\n"


def guides(ledger: Ledger) -> list[str]:
    """Return the guides by name."""
    return sorted({entry.guide for entry in ledger.entries})


def _counted(entries: Iterable[LedgerEntry]) -> dict[str, int]:
    return {str(standing): number for standing, number in counts(entries).items()}


def _table(ledger: Ledger, style: Style) -> Iterator[str]:
    first = max([len("all guides"), *(len(guide) for guide in guides(ledger))])
    heads = [pad(head, len(head), right=True) for head in (*_HEADS.values(), "all")]
    yield style.paint("faint", "  ".join([" " * first, *heads]))
    for guide in guides(ledger):
        entries = [entry for entry in ledger.entries if entry.guide == guide]
        yield _row(guide, entries, first, style)
    yield style.paint("faint", "-" * style.width)
    yield _row("all guides", ledger.entries, first, style)


def _row(name: str, entries: Sequence[LedgerEntry], first: int, style: Style) -> str:
    cells = [pad(visible(name), first)]
    for standing, number in counts(entries).items():
        role = _ROLES.get(standing, "") if number else "faint"
        cells.append(style.paint(role, pad(str(number or "."), len(_HEADS[standing]), right=True)))
    cells.append(pad(str(len(entries)), len("all"), right=True))
    return "  ".join(cells)


def _sum(ledger: Ledger, style: Style) -> Iterator[str]:
    """Yield both counts: what rules decide, and what carries a reason instead."""
    found = counts(ledger.checkable)
    decided = found[Standing.DECIDED] + found[Standing.PARTLY]
    reasons = found[Standing.KEPT] + found[Standing.PERSON]
    text = (
        f"Of {counted(len(ledger.checkable), 'checkable clause')} {decided} are decided by a rule "
        f"with an example of its failing, {found[Standing.SHOWN]} are shown as allowed, {reasons} "
        f"carry a reason, {found[Standing.OPEN]} are open: {ledger.percent:.1f} %."
    )
    yield from wrap(text, width=style.width)


def _entry(entry: LedgerEntry, style: Style) -> Iterator[str]:
    role = _ROLES.get(entry.standing, "")
    head = f"{style.paint('strong', visible(entry.id))}  {style.paint(role, entry.standing)}"
    yield f"{head}  ({visible(entry.guide)}, {entry.strength.replace('_', ' ')})"
    pairs = [("where", entry.where), ("says", entry.says), ("because", entry.reason)]
    pairs += [("rule", _decider(each)) for each in entry.deciders]
    titles = dict.fromkeys(title for each in entry.deciders for title in each.examples)
    pairs += [("example", title) for title in _some(list(titles), style)]
    pairs += [("allowed", title) for title in _some(entry.allowed, style)]
    yield from facts([pair for pair in pairs if pair[1]], width=style.width, indent="  ")


def _some(titles: Sequence[str], style: Style) -> list[str]:
    if style.verbose or len(titles) <= _EXAMPLES_SHOWN:
        return list(titles)
    return [*titles[:_EXAMPLES_SHOWN], f"and {len(titles) - _EXAMPLES_SHOWN} more"]


def _decider(decider: Decider) -> str:
    edition = f"{decider.spec} {decider.edition}".rstrip()
    origin = "" if decider.origin == decider.spec else f", from {decider.origin}"
    lacking = "" if decider.examples else ": no example shows it failing"
    return f"{decider.severity} {decider.rule} ({edition}{origin}){lacking}"


def _entry_value(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "guide": entry.guide,
        "where": entry.where,
        "strength": entry.strength,
        "kind": entry.kind,
        "checkable": entry.checkable,
        "says": entry.says,
        "standing": str(entry.standing),
        "reason": entry.reason,
        "rules": [
            {
                "spec": each.spec,
                "edition": each.edition,
                "rule": each.rule,
                "origin": each.origin,
                "severity": str(each.severity),
                "examples": list(each.examples),
            }
            for each in entry.deciders
        ],
        "allowed": list(entry.allowed),
    }
