"""`policy explain`: what a rule asks, who decides a clause, why a subject ended as it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
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
from policy.errors import DataUnreadable, SpecInvalid
from policy.model.diagnostics import Diagnostic, Level, did_you_mean
from policy.model.outcomes import Outcome

if TYPE_CHECKING:
    from policy.authoring.explaining import Explained
    from policy.dsl.meaning.plan import RulePlan, SpecPlan
    from policy.model.suite import Check
    from policy.pack import Pack
    from policy.register import Register, RegisteredClause
    from policy.report.style import Style


@click.command()
@click.argument("name", metavar="RULE|CLAUSE", shell_complete=complete_rules)
@click.option("--code", is_flag=True, help="Print the generated Python of the rule instead.")
@click.option("--data", metavar="FILE", help="A centre's document, to tell why it ended so.")
@click.option("--subject", metavar="ID", help="Tell it for this row only; needs --data.")
@as_at_option
@spec_option
@set_option
@click.option("--show-personal", is_flag=True, help="Show values that identify people.")
@color_option
def explain(
    name: str,
    code: bool,
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
    was read, and every day that was skipped. With --code it prints what judges: Python, generated
    from the rule.

    \b
    Examples:
      policy explain plan_exists
      policy explain QA24-259
      policy explain plan_exists --data college.json --subject P1
      policy explain plan_exists --code

    \b
    Exit codes:
      0  explained
      2  there is no such rule, clause or row, or a spec or data cannot be read
    """
    from policy.pack import load_pack
    from policy.report.style import Style

    _fit_together(code, data, subject)
    names, files = names_and_paths(specs)
    pack = load_pack(names or None, files, parameters, with_libraries=True)
    write_diagnostics((item for item in pack.diagnostics if item.level is Level.ERROR), tally=True)
    style = Style(color=takes_color(color), show_personal=show_personal)
    found = list(_found((*pack.specs, *pack.libraries), name))
    checks = [check for suite in pack.suites.values() for check in suite.checks]
    checks = [check for check in checks if name == check.name or name in check.clauses]
    clause = pack.register.get(name)
    if not (found or checks or clause):
        raise SpecInvalid(_nobody(pack, name))
    if code:
        _show_code(pack, found, checks)
    elif data:
        _show_judgements(pack, name, data, subject, as_at, style)
    else:
        _show(found, checks, clause, pack.register, style)
    return ExitCode.UNTRUSTED if pack.has_errors else ExitCode.CLEAN


def _fit_together(code: bool, data: str | None, subject: str | None) -> None:
    """Refuse options of which one would mean nothing."""
    if subject and not data:
        raise click.UsageError("--subject needs --data: the document that holds the row")
    if code and data:
        raise click.UsageError("--code and --data answer two questions: give one at a time")


def _found(specs: Sequence[SpecPlan], name: str) -> Iterator[tuple[SpecPlan, RulePlan]]:
    """Yield the rules of that name (also `rule.label`), or those that cite the clause."""
    rule_name = name.partition(".")[0]
    for spec in specs:
        for rule in spec.rules:
            if rule.name == rule_name or name in rule.clauses:
                yield spec, rule


def _nobody(pack: Pack, name: str) -> Diagnostic:
    rules = [rule for spec in (*pack.specs, *pack.libraries) for rule in spec.rules]
    known = {rule.name for rule in rules}.union(*(rule.clauses for rule in rules))
    return Diagnostic(
        code="P795",
        message=f"there is no rule `{name}`, and no clause of that name",
        help=did_you_mean(name, known) or "`policy specs --rules` lists the rules",
    )


def _show(
    found: Sequence[tuple[SpecPlan, RulePlan]],
    checks: Sequence[Check],
    clause: RegisteredClause | None,
    register: Register,
    style: Style,
) -> None:
    from policy.report.rules import render_check, render_clause, render_rule

    texts = [render_clause(clause, style)] if clause else []
    texts += [render_rule(rule, spec, register, style) for spec, rule in found]
    texts += [render_check(check, register, style) for check in checks]
    if not (found or checks):
        texts.append("No rule that is loaded cites it.\n")
    write("\n".join(texts))


def _show_code(
    pack: Pack, found: Sequence[tuple[SpecPlan, RulePlan]], checks: Sequence[Check]
) -> None:
    """Print Python, so that a file or an editor can take it as it is: headings are comments."""
    from policy.authoring.rule_code import code_of_rules

    texts = []
    for _, group in groupby(found, key=lambda pair: id(pair[0])):
        (spec, *_), rules = zip(*group, strict=True)
        for rule, text in code_of_rules(spec, rules, pack.schema.types):
            edition = f"{spec.name} {spec.edition}".rstrip()
            texts += [f"# {rule.name}  ({edition})\n", text]
    texts += [
        f"# {check.name}  (decided by a plugin, which is Python already)\n" for check in checks
    ]
    write("\n\n".join(texts or ["# no rule that is loaded cites it\n"]))


def _show_judgements(
    pack: Pack, name: str, data: str, subject: str | None, as_at: date, style: Style
) -> None:
    from policy.authoring.explaining import explain_data
    from policy.report.explanation import render_explanation

    found = list(explain_data(pack, name, data, as_at, subject))
    if not found:
        known = {str(each.subject) for each in explain_data(pack, name, data, as_at)}
        raise DataUnreadable(_no_subject(subject, sorted(known), data))
    shown = found if subject else [each for each in found if each.steps.value not in _AT_REST]
    texts = [render_explanation(each.steps, style) for each in shown]
    if len(shown) < len(found):
        texts.append("\n".join(_left_out(found)) + "\n")
    write("\n".join(texts))


_AT_REST = (str(Outcome.MET), str(Outcome.NOT_APPLICABLE))


def _left_out(found: Sequence[Explained]) -> Iterator[str]:
    """Yield how many outcomes need no explanation, and how to get one all the same."""
    for outcome in _AT_REST:
        subjects = [str(each.subject) for each in found if each.steps.value == outcome]
        if subjects:
            yield f"{len(subjects)} more {outcome}: --subject {subjects[0]!r} explains one of them"


def _no_subject(subject: str | None, known: list[str], data: str) -> Diagnostic:
    wanted = f"`{subject}`" if subject else "at all"
    some = f"its subjects are: {', '.join(known[:10])}" if known else "it has no subject there"
    return Diagnostic(
        code="P796", message=f"the rule has no subject {wanted} in this data", file=data, help=some
    )
