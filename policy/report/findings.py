"""Findings -> text: what broke which rule, where, what was read, what to do and who acts.

Findings of one demand stand under one heading, so that forty of a kind stay readable: what they
share (remedy, owner, settings) is said once, the first is shown in full and the others on a few
lines each. Two specs that ask the same of the same subject are one finding, at its strongest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from policy.model.findings import Finding
from policy.model.nouns import counted, listed, words_of
from policy.model.outcomes import SEVERITY_RANK, Outcome
from policy.report.diagnostics import arrow
from policy.report.layout import columns, facts, visible, wrap
from policy.report.snippet import Mark, gutter_width, outline, snippet
from policy.report.style import MASKED, Style
from policy.report.wording import cause_of_one, kind_of, place_of, role_of, value_of

_SHOWN_IN_FULL = 3
"""With more findings under one heading, only the first is shown with its source line."""

_READ_IN_FULL = 6
_READ_IN_BRIEF = 3
"""Values shown of what a finding rests on, the most telling first; --verbose shows all."""

_ORDER = (Outcome.ERROR, Outcome.BREACHED, Outcome.UNKNOWN, Outcome.WAIVED, Outcome.MET)


class Merged(Struct, frozen=True, kw_only=True):
    """A finding, and those other specs raise for the same reason: they are not said twice."""

    finding: Finding
    also: tuple[Finding, ...] = ()


def merged(findings: Iterable[Finding]) -> tuple[Merged, ...]:
    """Return findings that are equal but for spec, modal and clauses as one, strongest modal first.

    The order is that of first appearance.
    """
    together: dict[tuple[object, ...], list[Finding]] = {}
    for item in findings:
        key = (item.name, item.outcome, item.is_note, item.document, item.subject, item.message)
        together.setdefault(key, []).append(item)
    result = []
    for group in together.values():
        ranked = sorted(group, key=lambda item: SEVERITY_RANK[item.severity])
        result.append(Merged(finding=ranked[0], also=tuple(ranked[1:])))
    return tuple(result)


def render_findings(findings: Iterable[Finding], style: Style) -> str:
    """Return the findings grouped by demand: errors, breached musts, breached shoulds, the rest."""
    groups: dict[tuple[object, ...], list[Merged]] = {}
    for item in merged(findings):
        one = item.finding
        also = tuple((other.spec, other.severity) for other in item.also)
        groups.setdefault((one.spec, one.name, one.outcome, one.severity, also), []).append(item)
    ordered = sorted(groups.values(), key=_rank)
    return "\n".join("\n".join(_group(group, style)) + "\n" for group in ordered)


def _rank(group: list[Merged]) -> tuple[int, int]:
    first = group[0].finding
    return (_ORDER.index(first.outcome), SEVERITY_RANK[first.severity])


def _group(group: list[Merged], style: Style) -> Iterator[str]:
    first = group[0].finding
    in_full = style.verbose or len(group) <= _SHOWN_IN_FULL
    yield from group_lines(group, style, kind_of(first), role_of(first), in_full=in_full)


def group_lines(
    group: list[Merged], style: Style, kind: str, role: str, *, in_full: bool
) -> Iterator[str]:
    """Yield a heading, what all findings of the group share, then each finding.

    `in_full` shows each with its source line; otherwise only the first has it.
    """
    first = group[0].finding
    yield from _heading(first, style, kind, role, len(group))
    shared = _shared_facts(group)
    yield from facts(shared, width=style.width, indent="  ")
    gutter = gutter_width([item.finding.line or 0 for item in group])
    for number, item in enumerate(group):
        if in_full or number < 2:
            yield ""
        full = in_full or number == 0
        most = _READ_IN_FULL if full else _READ_IN_BRIEF
        own = [pair for pair in own_facts(item.finding, style, most=most) if pair not in shared]
        yield from (_full if full else _brief)(item.finding, own, style, gutter)


def outline_lines(group: list[Merged], style: Style, kind: str, role: str) -> Iterator[str]:
    """Yield a heading, what the group shares, the first finding in brief, and whom else it is
    about."""
    first, *others = group
    yield from _heading(first.finding, style, kind, role, len(group))
    shared = _shared_facts(group)
    yield from facts(shared, width=style.width, indent="  ")
    gutter = gutter_width([first.finding.line or 0])
    own = own_facts(first.finding, style, most=_READ_IN_BRIEF)
    yield from _brief(first.finding, [pair for pair in own if pair not in shared], style, gutter)
    indent = " " * (gutter + 2)
    if others:
        yield from wrap(f"and {_subjects(others)}", width=style.width, first=indent)


def _subjects(group: list[Merged]) -> str:
    """Return whom findings are about: "2 learners, L2 and L3"."""
    subjects = [item.finding.subject for item in group]
    kinds = {(subject.type, subject.with_type) for subject in subjects}
    if kinds == {(subjects[0].type, "")}:
        return f"{counted(len(group), subjects[0].type)}, {listed([each.id for each in subjects])}"
    return listed([str(subject) for subject in subjects])


def _heading(finding: Finding, style: Style, kind: str, role: str, times: int) -> Iterator[str]:
    name = visible(finding.name)
    often = f"  ({times} times)" if times > 1 else ""
    if columns(f"{kind}  {name}{often}") > style.width:
        yield style.paint(role, kind)
        yield from (style.paint("strong", line) for line in wrap(name + often, width=style.width))
    else:
        yield f"{style.paint(role, kind)}  {style.paint('strong', name)}{often}"
    yield from wrap(finding.title, width=style.width, first="  ", rest="  ")


def _shared_facts(group: list[Merged]) -> list[tuple[str, str]]:
    first = group[0].finding
    spec = f"{first.spec} {first.edition}"
    clauses = ", ".join(first.clauses)
    pairs = [("clauses", f"{clauses} ({spec})") if clauses else ("spec", spec)]
    for other in group[0].also:
        asked = f"{other.spec} {other.edition} ({other.severity}: {', '.join(other.clauses)})"
        pairs.append(("also in", asked))
    for read in (_remedy, _owner, _due, _waiver):
        pairs.extend(_if_all_agree(group, read))
    settings = [set(_settings(item.finding)) for item in group]
    pairs.extend(pair for pair in _settings(first) if all(pair in own for own in settings))
    return pairs


def _if_all_agree(
    group: list[Merged], read: Callable[[Finding], list[tuple[str, str]]]
) -> list[tuple[str, str]]:
    first = read(group[0].finding)
    return first if all(read(item.finding) == first for item in group) else []


def _remedy(finding: Finding) -> list[tuple[str, str]]:
    return [("do", finding.remedy)] if finding.remedy else []


def _owner(finding: Finding) -> list[tuple[str, str]]:
    return [("who", words_of(finding.owner))] if finding.owner else []


def _due(finding: Finding) -> list[tuple[str, str]]:
    """Return the date, unless it is pending: then the heading says it."""
    told = finding.due_on is None or finding.outcome is Outcome.PENDING
    return [] if told else [("due", f"{finding.due_on}")]


def _waiver(finding: Finding) -> list[tuple[str, str]]:
    return [("waived", f"until {finding.waived_until}")] if finding.waived_until else []


def _settings(finding: Finding) -> list[tuple[str, str]]:
    return [("setting", f"{name} = {value}") for name, value in sorted(finding.parameters.items())]


def own_facts(
    finding: Finding, style: Style, *, most: int = _READ_IN_FULL
) -> list[tuple[str, str]]:
    """Return what there is to say of one finding beside its message, name by name.

    Of the values read, `most` are told, and how many more there are; all of them when verbose.
    """
    told = finding.evidence if style.verbose else finding.evidence[:most]
    pairs = [("read", f"{item.expression} = {value_of(item, style)}") for item in told]
    left = len(finding.evidence) - len(told)
    pairs += [("read", f"and {left} more, shown by --verbose")] if left else []
    pairs += [("missing", cause_of_one(cause)) for cause in finding.missing]
    pairs += _remedy(finding) + _owner(finding) + _due(finding) + _waiver(finding)
    return pairs + _settings(finding)


def _full(finding: Finding, own: list[tuple[str, str]], style: Style, gutter: int) -> Iterator[str]:
    yield from arrow(place_of(finding), style, after=str(finding.subject))
    if finding.source_line and finding.line is not None:
        yield style.paint("place", f"{' ' * gutter} |")
        yield from _source(finding, style, gutter)
    indent = " " * (gutter + 2)
    for line in wrap(finding.message, width=style.width, first=indent):
        yield style.paint("strong", line) if finding.message else line
    yield from facts(own, width=style.width, indent=indent)


def _source(finding: Finding, style: Style, gutter: int) -> Iterator[str]:
    start, length = finding.underline
    start, length = max(1, start), max(1, length)
    line = finding.source_line
    if not style.show_personal:
        line, start, length = outline(line, start, length, finding.subject.id)
        if _underlines_personal(finding):
            line = line[: start - 1] + MASKED + line[start - 1 + length :]
            length = len(MASKED)
    mark = Mark(start=start, length=length, role=role_of(finding))
    yield from snippet(line, finding.line or 1, [mark], style=style, gutter=gutter)


def _underlines_personal(finding: Finding) -> bool:
    return any(item.personal and item.pointer == finding.pointer for item in finding.evidence)


def _brief(
    finding: Finding, own: list[tuple[str, str]], style: Style, gutter: int
) -> Iterator[str]:
    """Yield place and subject, then message and facts run together."""
    yield from arrow(place_of(finding), style, after=str(finding.subject))
    indent = " " * (gutter + 2)
    said = "; ".join(f"{name} {value}" if name != "read" else value for name, value in own)
    text = f"{finding.message} ({said})" if said else finding.message
    yield from wrap(text, width=style.width, first=indent)
