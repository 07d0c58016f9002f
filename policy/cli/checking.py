"""What `policy check` does once it is known what was typed: judge, report, exit by what was found.

Imports no click: the plain form of the command is read without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from policy.cli.exit_codes import ExitCode
from policy.cli.terminal import takes_color, write
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic
from policy.model.findings import Report
from policy.model.outcomes import Outcome, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from policy.pack_cache.cache import Request
    from policy.report.style import Style


def run_check(
    paths: Sequence[str],
    as_at: date,
    specs: Sequence[str],
    rules: Sequence[str],
    parameters: Mapping[str, str],
    waivers: Path | None,
    edition: str,
    fail_on: str,
    format_name: str,
    output: Path | None,
    unknown: bool,
    verbose: bool,
    show_personal: bool,
    color: str,
    no_cache: bool,
) -> ExitCode:
    """Judge the documents in `paths`, deliver the report, and say how to exit."""
    from policy.report.style import Style

    report = _judged(paths, as_at, specs, rules, parameters, waivers, edition, no_cache)
    report = replace(report, diagnostics=(*report.diagnostics, *nothing_checked(report, rules)))
    style = Style(
        color=takes_color("never" if output and color == "auto" else color),
        verbose=verbose,
        list_unknown=unknown,
        show_personal=show_personal,
    )
    _deliver(_render(report, format_name, style), output)
    return exit_code(report, fail_on)


def _judged(
    paths: Sequence[str],
    as_at: date,
    specs: Sequence[str],
    rules: Sequence[str],
    parameters: Mapping[str, str],
    waivers: Path | None,
    edition: str,
    no_cache: bool,
) -> Report:
    """Judge by the pack that was kept, otherwise load it, and keep it for the next time."""
    from policy.cli.cache_folder import cache_folder, request_of
    from policy.cli.words import names_and_paths

    exact = edition == "exact"
    names, files = names_and_paths(specs) if specs else ([], [])
    folder = "" if no_cache else cache_folder()
    request = request_of(names or None, files, parameters, rules) if folder else None
    if request is not None:
        report = _by_kept(folder, request, paths, as_at, waivers, exact)
        if report is not None:
            return report
        from policy.pack_cache.cache import begin

        begun = begin(folder, request)
    else:
        begun = None
    from policy import engine
    from policy.pack import load_pack

    try:
        pack = load_pack(names or None, files, parameters, rules)
        report = engine.check(pack, paths, as_at, waivers, exact_edition=exact)
        if begun is not None:
            begun.keep(pack, [str(file) for file in files])
    finally:
        if begun is not None:
            begun.drop()
    return report


def _by_kept(
    folder: str,
    request: Request,
    paths: Sequence[str],
    as_at: date,
    waivers: Path | None,
    exact: bool,
) -> Report | None:
    """Return the report of a run with the pack that was kept, None if there is none to be used."""
    from policy.pack_cache.cache import find

    ready = find(folder, request)
    # What came by standard input comes only once: nothing may turn out to be damaged later.
    if ready is None or ("-" in paths and not ready.is_whole()):
        return None
    from policy import engine
    from policy.pack_cache.sections import Damaged

    try:
        return engine.check_ready(ready, paths, as_at, waivers, exact_edition=exact)
    except Damaged:  # noticed only when a part of it was wanted
        return None


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
