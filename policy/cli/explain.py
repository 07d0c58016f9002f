"""`policy explain`: what a rule asks, who decides a clause, why a subject ended as it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from policy.cli.completions import complete_rules
from policy.cli.error_boundary import ExitCode
from policy.cli.options import (
    as_at_option,
    color_option,
    names_and_paths,
    set_option,
    spec_option,
)
from policy.cli.terminal import takes_color, write, write_diagnostics
from policy.errors import SpecInvalid
from policy.model.diagnostics import Diagnostic, did_you_mean

if TYPE_CHECKING:
    from policy.dsl.plan import RulePlan, SpecPlan
    from policy.report.style import Style


@click.command()
@click.argument("name", metavar="RULE|CLAUSE", shell_complete=complete_rules)
@click.option("--data", metavar="FILE", help="A centre's document, to tell why it ended so.")
@click.option("--subject", metavar="ID", help="Tell it for this row only; needs --data.")
@as_at_option
@spec_option
@set_option
@click.option("--show-personal", is_flag=True, help="Show values that identify people.")
@color_option
def explain(
    name: str,
    data: str | None,
    subject: str | None,
    as_at: date,
    specs: Sequence[str],
    parameters: dict[str, str],
    show_personal: bool,
    color: str,
) -> ExitCode:
    """Tell what a rule asks, or which rules decide a clause.

    With --data and --subject it tells why the rule ended as it did for that row: every value that
    was read, and every day that was skipped.

    \b
    Examples:
      policy explain plan_exists
      policy explain QA24-259
      policy explain plan_exists --data college.json --subject P1

    \b
    Exit codes:
      0  explained
      2  there is no such rule, clause or row, or a spec or data cannot be read
    """
    from policy.pack import load_pack
    from policy.report.style import Style

    if subject and not data:
        raise click.UsageError("--subject needs --data: the document that holds the row")
    names, files = names_and_paths(specs)
    pack = load_pack(names or None, files, parameters)
    write_diagnostics(pack.diagnostics, tally=True)
    found = list(_found(pack.specs, name))
    if not found:
        raise SpecInvalid(_nobody(pack.specs, name))
    style = Style(color=takes_color(color), show_personal=show_personal)
    _show(found, style)
    return ExitCode.CLEAN


def _found(specs: Sequence[SpecPlan], name: str) -> Iterator[tuple[SpecPlan, RulePlan]]:
    """Yield the rules of that name (also `rule.label`), or those that cite the clause."""
    rule_name = name.partition(".")[0]
    for spec in specs:
        for rule in spec.rules:
            if rule.name == rule_name or name in clauses_of(rule):
                yield spec, rule


def clauses_of(rule: RulePlan) -> set[str]:
    """Return every clause a rule cites, those of exceptions included."""
    own = {clause for demand in rule.demands for clause in demand.clauses}
    exceptions = (item for demand in rule.demands for item in demand.exceptions)
    return own.union(*(item.clauses for item in exceptions))


def _nobody(specs: Sequence[SpecPlan], name: str) -> Diagnostic:
    known = {rule.name for spec in specs for rule in spec.rules}
    known |= {clause for spec in specs for rule in spec.rules for clause in clauses_of(rule)}
    return Diagnostic(
        code="P795",
        message=f"there is no rule `{name}`, and no rule cites a clause of that name",
        help=did_you_mean(name, known) or "`policy specs --rules` lists the rules",
    )


def _show(found: list[tuple[SpecPlan, RulePlan]], style: Style) -> None:
    from policy.report.rules import render_rule

    write("\n".join(render_rule(rule, spec, style) for spec, rule in found))
