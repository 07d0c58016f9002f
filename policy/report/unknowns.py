"""Undecided demands -> text: which absent facts leave how many demands undecided.

A list of a thousand unknowns helps nobody; the ten facts behind them do. Facts that would settle
most stand first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from policy.model.findings import Finding
from policy.model.nouns import counted, listed
from policy.model.values import Cause, CauseKind
from policy.report.layout import wrap
from policy.report.style import Style
from policy.report.wording import cause_of_many

_SHOWN = 12


class AbsentFact(Struct, kw_only=True):
    """One absent fact: `alone` demands wait for it only, `shared` wait for other facts as well."""

    cause: Cause
    rows: set[tuple[str, str]] = field(default_factory=set)
    alone: int = 0
    shared: int = 0
    rules: dict[str, None] = field(default_factory=dict)


def absent_facts(findings: Iterable[Finding]) -> tuple[AbsentFact, ...]:
    """Return the facts that leave demands undecided: those that settle most by themselves first."""
    gathered: dict[tuple[CauseKind, str], AbsentFact] = {}
    for item in findings:
        causes = item.missing
        facts = {(cause.kind, cause.fact): cause for cause in causes}
        for key, cause in facts.items():
            fact = gathered.setdefault(key, AbsentFact(cause=cause))
            fact.rules[item.name] = None
            if len(facts) == 1:
                fact.alone += 1
            else:
                fact.shared += 1
        for cause in causes:
            rows = gathered[(cause.kind, cause.fact)].rows
            rows.add((item.document, cause.id))
    return tuple(sorted(gathered.values(), key=_usefulness))


def _usefulness(fact: AbsentFact) -> tuple[int, int, str, str]:
    return (-fact.alone, -fact.shared, fact.cause.fact, str(fact.cause.kind))


def render_unknowns(findings: Iterable[Finding], style: Style) -> str:
    """Return the table of absent facts with the number of demands each would settle."""
    return "\n".join(_lines(list(findings), style)) + "\n"


def _lines(own: list[Finding], style: Style) -> Iterator[str]:
    number = counted(len(own), "demand")
    yield style.paint("strong", f"undecided  {number}, gathered by the fact that is absent")
    yield ""
    facts = absent_facts(own)
    if facts:
        yield style.paint("faint", "  settles  part of")
    shown = facts if style.verbose or len(facts) <= _SHOWN else facts[:_SHOWN]
    for fact in shown:
        start = f"  {fact.alone or '.':>7}  {fact.shared or '.':>7}  "
        yield from wrap(cause_of_many(fact.cause, len(fact.rows)), width=style.width, first=start)
        if style.verbose:
            rules = listed(sorted(fact.rules))
            yield from wrap(f"for {rules}", width=style.width, first=" " * len(start))
    if len(shown) < len(facts):
        more = counted(len(facts) - len(shown), "more fact")
        yield f"  and {more}, shown by --verbose"
    unexplained = sum(not finding.missing for finding in own)
    if unexplained:
        yield f"  {unexplained:>7}  {'.':>7}  no fact is named; --unknown lists them"
    yield ""
    text = (
        "settles: demands that wait for this fact alone; part of: demands that wait for other "
        "facts as well."
    )
    if not style.list_unknown:
        text += " List the demands one by one with --unknown."
    yield from (style.paint("faint", line) for line in wrap(text, width=style.width, first="  "))
