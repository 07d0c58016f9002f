"""A rule of a spec -> text: what it asks, of whom, on which clauses, in the author's own words."""

from __future__ import annotations

from collections.abc import Iterator

from policy.dsl.plan import DemandPlan, RulePlan, SpecPlan
from policy.model.evidence import in_words
from policy.model.outcomes import Severity
from policy.model.source import SourceText
from policy.model.suite import Check
from policy.register import RegisteredClause
from policy.report.diagnostics import arrow
from policy.report.layout import facts, visible, words_of, wrap
from policy.report.snippet import gutter_width, snippet
from policy.report.style import Style

_ROLES = {Severity.MUST: "bad", Severity.SHOULD: "warn", Severity.NOTE: "info"}


def render_rule(rule: RulePlan, spec: SpecPlan, style: Style) -> str:
    """Return name, title, the text as it stands in the spec, then what each demand rests on."""
    return "\n".join(_lines(rule, spec, style)) + "\n"


def render_check(check: Check, style: Style) -> str:
    """Return what a check asks that a plugin decides: there is no text of a rule to show."""
    lines = [
        f"{style.paint('strong', visible(check.name))}  (decided by a plugin)",
        *wrap(check.title, width=style.width, first="  ", rest="  "),
        "",
        f"{style.paint(_ROLES[check.severity], check.severity)}  {visible(check.name)}",
    ]
    pairs = [("clauses", ", ".join(check.clauses)), ("scope", f"each {words_of(check.scope)}")]
    pairs += [("do", check.remedy)] if check.remedy else []
    pairs += [("who", words_of(check.owner))] if check.owner else []
    return "\n".join([*lines, *facts(pairs, width=style.width, indent="  ")]) + "\n"


def render_clause(clause: RegisteredClause, style: Style) -> str:
    """Return where a clause stands and what it says, as far as the register knows."""
    lines = [f"{style.paint('strong', visible(clause.id))}  ({visible(clause.guide)})"]
    pairs = [("guide", clause.guide_title), ("where", clause.where)]
    pairs += [("strength", clause.strength.replace("_", " ")), ("says", clause.says)]
    known = [pair for pair in pairs if pair[1]]
    return "\n".join([*lines, *facts(known, width=style.width, indent="  ")]) + "\n"


def _lines(rule: RulePlan, spec: SpecPlan, style: Style) -> Iterator[str]:
    edition = f"{spec.name} {spec.edition}".rstrip()
    yield f"{style.paint('strong', visible(rule.name))}  ({visible(edition)})"
    yield from wrap(rule.title, width=style.width, first="  ", rest="  ")
    yield ""
    yield from _source(rule, style)
    for demand in rule.demands:
        yield ""
        yield from _demand(rule, demand, spec, style)


def _source(rule: RulePlan, style: Style) -> Iterator[str]:
    source, first = rule.span.source, rule.span.position.line
    lines = _rule_lines(source, first)
    yield from arrow(f"{source.name}:{first}", style)
    gutter = gutter_width([first + len(lines) - 1])
    blank = " " * gutter
    yield style.paint("place", f"{blank} |")
    for number, line in enumerate(lines, first):
        part, *parts = wrap_source(line, style.width - gutter - 3)
        yield from snippet(part, number, [], style=style, gutter=gutter)
        yield from (f"{style.paint('place', f'{blank} |')} {part}" for part in parts)


def _rule_lines(source: SourceText, first: int) -> list[str]:
    """Return the lines of the rule that begins on line `first`: all that are indented below it."""
    head, *others = source.text.split("\n")[first - 1 :]
    lines = [head]
    for line in others:
        if line.strip() and _indent(line) <= _indent(head):
            break
        lines.append(line)
    while not lines[-1].strip():
        lines.pop()
    return lines


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def wrap_source(line: str, width: int) -> list[str]:
    """Return a line of a spec in pieces of at most `width` columns: nothing of a rule is cut."""
    indent = line[: _indent(line)]
    return wrap(line.strip(), width=width, first=indent, rest=f"{indent}    ")


def _demand(rule: RulePlan, demand: DemandPlan, spec: SpecPlan, style: Style) -> Iterator[str]:
    name = f"{rule.name}.{demand.label}" if demand.label else rule.name
    modal = f"{demand.severity} not" if demand.is_negative else str(demand.severity)
    yield f"{style.paint(_ROLES[demand.severity], modal)}  {style.paint('strong', visible(name))}"
    yield from facts(_facts(demand, spec), width=style.width, indent="  ")


def _facts(demand: DemandPlan, spec: SpecPlan) -> Iterator[tuple[str, str]]:
    yield "clauses", ", ".join(demand.clauses)
    for item in demand.exceptions:
        clauses = f" ({', '.join(item.clauses)})" if item.clauses else ""
        yield "except", f"{item.name}: {item.why}{clauses}"
    if demand.by is not None:
        yield "by", demand.by.span.text
    if demand.owner:
        yield "who", words_of(demand.owner)
    for setting in demand.settings:
        yield "setting", f"{setting} = {in_words(spec.parameters[setting])}"
