"""A rule of a spec -> text: what it asks, of whom, on which clauses, in the author's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy.dsl.meaning.plan import DemandPlan, RulePlan, SpecPlan
from policy.dsl.planning.cost import JOIN, LISTS, NESTED, ROW
from policy.model.evidence import in_words
from policy.model.nouns import words_of
from policy.model.outcomes import Severity
from policy.model.suite import Check
from policy.register import Register, RegisteredClause
from policy.report.diagnostics import arrow
from policy.report.layout import facts, visible, wrap
from policy.report.snippet import gutter_width, snippet
from policy.report.style import Style

_COSTS = {
    ROW: "cost for each subject: its own row and what that refers to",
    LISTS: "cost for each subject: once through the lists it asks about",
    NESTED: "cost for each subject: a list for each row of a list",
    JOIN: "cost for each subject: rows from elsewhere, picked by an equality",
}
_ROLES = {Severity.MUST: "bad", Severity.SHOULD: "warn", Severity.NOTE: "info"}


def render_rule(rule: RulePlan, spec: SpecPlan, register: Register, style: Style) -> str:
    """Return name, title, the text as it stands in the spec, what each demand rests on, and what
    the clauses say."""
    lines = [*_lines(rule, spec, style), *_sayings(rule.clauses, register, style)]
    return "\n".join(lines) + "\n"


def render_check(check: Check, register: Register, style: Style) -> str:
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
    lines += facts(pairs, width=style.width, indent="  ")
    return "\n".join([*lines, *_sayings(check.clauses, register, style)]) + "\n"


def _sayings(clauses: Iterable[str], register: Register, style: Style) -> Iterator[str]:
    """Yield what each clause says, as far as the register knows."""
    found = (register.get(clause) for clause in dict.fromkeys(clauses))
    says = [(clause.id, clause.says) for clause in found if clause is not None and clause.says]
    if says:
        yield ""
        yield style.paint("strong", "what the clauses say")
        yield from facts(says, width=style.width, indent="  ")


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
    yield from wrap(_COSTS[rule.cost], width=style.width, first="  ", rest="  ")
    yield ""
    yield from _source(rule, style)
    for demand in rule.demands:
        yield ""
        yield from _demand(rule, demand, spec, style)


def _source(rule: RulePlan, style: Style) -> Iterator[str]:
    source, first = rule.span.source, rule.span.position.line
    last = source.position(rule.span.end).line
    yield from arrow(f"{source.name}:{first}", style)
    gutter = gutter_width([last])
    blank = " " * gutter
    yield style.paint("place", f"{blank} |")
    for number in range(first, last + 1):
        part, *parts = wrap_source(source.line_text(number), style.width - gutter - 3)
        yield from snippet(part, number, [], style=style, gutter=gutter)
        yield from (f"{style.paint('place', f'{blank} |')} {part}" for part in parts)


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
