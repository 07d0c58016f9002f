"""`policy ledger`: which rule decides each clause, which examples show it, or why none can."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from policy.cli.error_boundary import ExitCode
from policy.cli.options import color_option
from policy.cli.terminal import takes_color, write, write_diagnostics
from policy.errors import DataUnreadable, SpecInvalid
from policy.model.diagnostics import Diagnostic, did_you_mean

if TYPE_CHECKING:
    from policy.model.ledger import Ledger, LedgerEntry


@click.command()
@click.argument("clauses", metavar="[CLAUSE|GUIDE|SPEC]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="Text for the screen, JSON for machines, or one page for people.",
)
@click.option("--open", "only_open", is_flag=True, help="List the clauses that are not settled.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit 1 if fewer of the checkable clauses are decided or carry a reason.",
)
@click.option(
    "--since",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="A ledger written as JSON before: list the rules to review since clauses changed.",
)
@click.option("--verbose", is_flag=True, help="Name all examples of a clause.")
@color_option
def ledger(
    clauses: Sequence[str],
    form: str,
    only_open: bool,
    fail_under: float | None,
    since: str | None,
    verbose: bool,
    color: str,
) -> ExitCode:
    """Tell of each clause of the guides which rule decides it.

    A clause is decided if a rule cites it and an example shows that rule failing. CLAUSE, GUIDE and
    SPEC choose what is listed below the table.

    \b
    Examples:
      policy ledger
      policy ledger QA24-259
      policy ledger --open --fail-under 100
      policy ledger --format html > ledger.html
      policy ledger --since last-year.json

    \b
    Exit codes:
      0  written
      1  fewer clauses are settled than --fail-under asks for
      2  a spec or the register of clauses has a mistake in it
    """
    from policy.authoring.ledger import ledger_of
    from policy.pack import load_pack
    from policy.register import problems
    from policy.report.ledger import ledger_json, render_ledger
    from policy.report.ledger_page import ledger_page
    from policy.report.style import Style

    pack = load_pack(with_libraries=True)
    diagnostics = [*pack.diagnostics, *problems(pack.catalogue.roots)]
    found = ledger_of(pack)
    shown = _shown(found, clauses, only_open)
    if form == "json":
        write(ledger_json(found))
    elif form == "html":
        write(ledger_page(found))
    else:
        style = Style(color=takes_color(color), verbose=verbose)
        write(render_ledger(found, shown, style))
        if since:
            write(_review(found, since, style.width))
    write_diagnostics(diagnostics, tally=True)
    if diagnostics:
        return ExitCode.UNTRUSTED
    short = fail_under is not None and found.percent < fail_under
    return ExitCode.FINDINGS if short else ExitCode.CLEAN


def _shown(found: Ledger, names: Sequence[str], only_open: bool) -> list[LedgerEntry]:
    from policy.model.ledger import Standing

    known = {name for entry in found.entries for name in _names(entry)}
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or "`policy ledger` lists the guides"
            message = f"there is no clause, guide or spec `{name}` in the ledger"
            raise SpecInvalid(Diagnostic(code="P795", message=message, help=hint))
    if not (names or only_open):
        return []
    wanted = [entry for entry in found.entries if not names or {*names} & _names(entry)]
    return [each for each in wanted if not only_open or each.standing is Standing.OPEN]


def _names(entry: LedgerEntry) -> set[str]:
    return {entry.id, entry.guide, *(decider.spec for decider in entry.deciders)}


def _review(found: Ledger, since: str, width: int) -> str:
    from policy.authoring.ledger import changes
    from policy.report.layout import facts

    listed = [(change.id, change.words) for change in changes(found, _earlier(since))]
    if not listed:
        return "\nNo clause has changed since then.\n"
    return "\n".join(["", "Clauses that changed:", *facts(listed, width=width, indent="  ")]) + "\n"


def _earlier(file: str) -> dict[str, dict[str, Any]]:
    """Return the clauses of an earlier ledger by id."""
    try:
        with open(file, encoding="utf-8") as earlier:
            return {each["id"]: each for each in json.load(earlier)["clauses"]}
    except (ValueError, KeyError, TypeError):
        message = "this is no ledger"
        help = "write one with `policy ledger --format json`"
        raise DataUnreadable(
            Diagnostic(code="P715", message=message, help=help, file=file)
        ) from None
