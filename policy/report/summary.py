"""The end of a report: the table of counts, and the sentences that say what they mean."""

from __future__ import annotations

from collections.abc import Iterator

from policy.model.findings import DemandResult, Finding, Report
from policy.model.nouns import counted, listed
from policy.model.outcomes import Outcome, Severity
from policy.report.layout import wrap
from policy.report.style import Style
from policy.report.table import grand_total, table_lines

_NAMED_AT_MOST = 5


def applied_to_nothing(demand: DemandResult) -> bool:
    """Return whether the demand had no subject that it applied to."""
    return demand.counts.subjects == demand.counts[Outcome.NOT_APPLICABLE]


def render_summary(report: Report, style: Style) -> str:
    """Return table, demands that applied to nothing, and the last sentences."""
    demands = report.totals()
    lines: list[str] = []
    if demands:
        lines.extend([*table_lines(demands, style), "", *_idle(demands, style)])
    for sentence in sentences(report):
        lines.extend(wrap(sentence, width=style.width))
    return "\n".join(lines) + "\n"


def _idle(demands: tuple[DemandResult, ...], style: Style) -> Iterator[str]:
    idle = [item.name for item in demands if applied_to_nothing(item)]
    if not idle:
        return
    text = f"{counted(len(idle), 'demand')} applied to nothing in this data"
    named = style.verbose or len(idle) <= _NAMED_AT_MOST
    text += f": {', '.join(idle)}." if named else "; --verbose names them."
    yield from wrap(text, width=style.width)


def sentences(report: Report) -> Iterator[str]:
    """Yield what a reader who knows no table needs: breaches, dates, what is undecided."""
    demands = report.totals()
    nothing = all(applied_to_nothing(item) for item in demands)
    if nothing:
        why = ": no demand applied to anything in the data" if demands else ""
        yield f"Nothing was checked{why}."
    items: list[Finding] = []
    if report.findings:
        from policy.report.findings import merged

        items = [item.finding for item in merged(report.findings)]
    breached = [item for item in items if item.outcome is Outcome.BREACHED]
    if breached or not nothing:
        yield _breaches(breached)
    pending = [item for item in items if item.outcome is Outcome.PENDING]
    if pending:
        yield _pending(pending, report)
    yield from _excepted(demands)
    failed = [item for item in items if item.outcome is Outcome.ERROR]
    if failed:
        names = listed(sorted({item.name for item in failed}))
        yield f"{counted(len(failed), 'demand')} could not be judged: {names}."
    unreadable = sum(not item.readable for item in report.documents)
    if unreadable:
        verb = "was" if unreadable == 1 else "were"
        yield f"{counted(unreadable, 'document')} could not be read and {verb} not judged."
    undecided = grand_total(demands)[Outcome.UNKNOWN]
    if undecided:
        verb = "is" if undecided == 1 else "are"
        yield (
            f"Nothing found is not a promise: {counted(undecided, 'demand')} {verb} undecided, "
            "for want of facts in the data."
        )


def _breaches(breached: list[Finding]) -> str:
    if not breached:
        return "No breach was found."
    parts = []
    for severity in Severity:
        own = [item for item in breached if item.severity is severity]
        if not own:
            continue
        rules = len({(item.spec, item.name) for item in own})
        verb = "is" if rules == 1 else "are"
        parts.append(f"{counted(rules, str(severity))} {verb} breached, for {_subjects(own)}")
    return f"{'; '.join(parts)}."


def _excepted(demands: tuple[DemandResult, ...]) -> Iterator[str]:
    """Yield the exceptions that took subjects out of demands, with how many."""
    numbers: dict[str, int] = {}
    for demand in demands:
        for reason, number in demand.counts.because.items():
            kind, _, name = reason.partition(": ")
            if kind == "excepted":
                numbers[name] = numbers.get(name, 0) + number
    if numbers:
        names = ", ".join(f"{name} ({number})" for name, number in sorted(numbers.items()))
        total = sum(numbers.values())
        yield f"{counted(total, 'demand')} did not apply because of an exception: {names}."


def _subjects(findings: list[Finding]) -> str:
    by_type: dict[str, set[tuple[str, str]]] = {}
    for item in findings:
        by_type.setdefault(item.subject.type, set()).add((item.document, str(item.subject)))
    return listed([counted(len(ids), kind) for kind, ids in sorted(by_type.items())])


def _pending(pending: list[Finding], report: Report) -> str:
    dates = sorted(item.due_on for item in pending if item.due_on)
    text = f"{counted(len(pending), 'demand')} {'is' if len(pending) == 1 else 'are'} pending"
    if not dates:
        return f"{text}, without a date yet."
    from policy.report.wording import days_until

    near = f"{dates[0]} ({days_until(dates[0], report.run.as_at)})"
    return f"{text}, {'due' if len(pending) == 1 else 'the nearest due'} by {near}."
