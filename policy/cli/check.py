"""`policy check`: judge centres' data, print a report, exit by what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy.cli.error_boundary import ExitCode
from policy.cli.group import EXIT_CODES
from policy.cli.options import (
    as_at_option,
    color_option,
    names_and_paths,
    rule_option,
    set_option,
    spec_option,
)
from policy.cli.terminal import takes_color, write
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic
from policy.model.findings import Report
from policy.model.outcomes import Outcome, Severity

if TYPE_CHECKING:
    from policy.report.style import Style

FAIL_ON = ("must", "should", "unknown")


@click.command(epilog=EXIT_CODES)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@as_at_option
@spec_option
@rule_option
@set_option
@click.option(
    "--waivers",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of approved waivers: what they cover is judged but does not fail.",
)
@click.option(
    "--edition",
    type=click.Choice(["nearest", "exact"]),
    default="nearest",
    show_default=True,
    help="Judge by the latest edition up to the year of the data, or only by that of the year.",
)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="must",
    show_default=True,
    help="Exit 1 if a must is breached; or also a should; or also if anything is undecided.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for machines.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report to this file instead of the screen.",
)
@click.option("--unknown", is_flag=True, help="List each undecided demand.")
@click.option("--verbose", is_flag=True, help="Fold nothing: all rules, all findings in full.")
@click.option("--show-personal", is_flag=True, help="Show values that identify people.")
@color_option
def check(
    paths: Sequence[str],
    as_at: date,
    specs: Sequence[str],
    rules: Sequence[str],
    parameters: dict[str, str],
    waivers: Path | None,
    edition: str,
    fail_on: str,
    format_name: str,
    output: Path | None,
    unknown: bool,
    verbose: bool,
    show_personal: bool,
    color: str,
) -> ExitCode:
    """Judge centres' data by the rules of the specs.

    PATH is a document (JSON, YAML, NDJSON; .gz and .zst too), a folder of documents, or - for
    standard input.

    \b
    Examples:
      policy check college.json
      policy check data/ --as-at 2026-05-15 --fail-on should
      policy check college.json --rule plan_exists --unknown
      policy check college.json --format json --output report.json
    """
    from policy.engine import check as judge
    from policy.pack import load_pack
    from policy.report.style import Style

    names, files = names_and_paths(specs)
    pack = load_pack(names or None, files, parameters, rules)
    report = judge(pack, paths, as_at, waivers, exact_edition=edition == "exact")
    report = replace(report, diagnostics=(*report.diagnostics, *nothing_checked(report, rules)))
    style = Style(
        color=takes_color("never" if output and color == "auto" else color),
        verbose=verbose,
        list_unknown=unknown,
        show_personal=show_personal,
    )
    _deliver(_render(report, format_name, style), output)
    return exit_code(report, fail_on)


def exit_code(report: Report, fail_on: str) -> ExitCode:
    """Return 2 if the run cannot be trusted, 1 if it found what `fail_on` names, otherwise 0.

    A broken plugin and a demand that ended in *error* make the run untrustworthy: something that
    was to be judged was not.
    """
    broken = any(plugin.broken for plugin in report.run.plugins)
    failed = any(finding.outcome is Outcome.ERROR for finding in report.findings)
    if broken or failed or not report.can_be_trusted:
        return ExitCode.UNTRUSTED
    severities = [Severity.MUST] if fail_on == "must" else [Severity.MUST, Severity.SHOULD]
    for finding in report.findings:
        if finding.outcome is Outcome.BREACHED and finding.severity in severities:
            return ExitCode.FINDINGS
        if finding.outcome is Outcome.UNKNOWN and fail_on == "unknown":
            return ExitCode.FINDINGS
    return ExitCode.CLEAN


def nothing_checked(report: Report, rules: Sequence[str]) -> Iterator[Diagnostic]:
    """Yield what was asked for and not done: an empty run must not look like a clean one."""
    from policy.report.summary import applied_to_nothing

    demands = report.totals()
    if not report.can_be_trusted:
        return
    if not report.documents:
        yield Diagnostic(
            code="P791",
            message="nothing was checked: there is no document",
            help="name a document, or a folder that holds documents",
        )
    elif not demands:
        yield Diagnostic(
            code="P791",
            message="nothing was checked: no rule took part",
            help="`policy specs` lists the specs there are, and the years they are for",
        )
    elif demands and all(map(applied_to_nothing, demands)):
        yield Diagnostic(
            code="P791",
            message="nothing was checked: no rule applied to anything in the data",
            help="--verbose tells for each rule why it did not apply",
        )
    else:
        yield from _idle_rules(report, rules)


def _idle_rules(report: Report, rules: Sequence[str]) -> Iterator[Diagnostic]:
    from policy.report.summary import applied_to_nothing

    demands = report.totals()
    for rule in dict.fromkeys(rules):
        own = [demand for demand in demands if rule in (demand.rule, demand.name)]
        if own and all(map(applied_to_nothing, own)):
            yield Diagnostic(
                code="P792",
                message=f"the rule `{rule}` applied to nothing in the data",
                help="--verbose tells why it did not apply",
            )


def _render(report: Report, format_name: str, style: Style) -> str:
    if format_name == "json":
        from policy.report import json

        return json.render_report(report, style)
    from policy.report import text

    return text.render_report(report, style)


def _deliver(text: str, output: Path | None) -> None:
    if output is None:
        write(text)
        return
    try:
        output.write_text(text, "utf-8", errors="backslashreplace")
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise PolicyError(
            Diagnostic(
                code="P793",
                message=f"the report cannot be written: {reason}",
                file=str(output),
                help="check that the folder is there and may be written to",
            )
        ) from error
