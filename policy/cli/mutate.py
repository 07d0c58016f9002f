"""`policy mutate`: which mistakes in a rule no example would notice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import click

from policy.cli.completions import complete_specs
from policy.cli.error_boundary import ExitCode
from policy.cli.options import color_option, names_and_paths, rule_option
from policy.cli.terminal import takes_color, write, write_diagnostics

if TYPE_CHECKING:
    from policy.authoring.mutation.mutating import MutationReport, Tried
    from policy.report.style import Style


@click.command()
@click.argument("specs", metavar="[SPEC|FILE]...", nargs=-1, shell_complete=complete_specs)
@rule_option
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    default=0,
    metavar="PERCENT",
    help="Exit with 1 if fewer of the changes are noticed.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that share the work; the report is the same.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write the report.",
)
@color_option
def mutate(
    specs: Sequence[str],
    rules: Sequence[str],
    fail_under: float,
    workers: int,
    form: str,
    color: str,
) -> ExitCode:
    """Change one thing at a time in rules, and list what no example notices.

    `<` becomes `<=`, 15 becomes 16, `every` becomes `some`, a `when` or an exception is left out.
    Each change stands for a mistake that somebody could make; an example ought to fail. SPEC is a
    name, FILE a spec or a folder of specs; all installed specs otherwise.

    \b
    Examples:
      policy mutate draft.policy
      policy mutate draft.policy --rule plan_exists
      policy mutate --fail-under 95 --workers 2

    \b
    Exit codes:
      0  done
      1  fewer changes were noticed than --fail-under asks for
      2  a spec has a mistake in it, or there was nothing to change
    """
    from policy.authoring.mutation.mutating import mutate as try_changes
    from policy.pack import load_pack
    from policy.report.style import Style

    names, files = names_and_paths(specs)
    load = partial(load_pack, names or None, files, {}, rules, with_libraries=True)
    report = try_changes(load, rules, workers)
    if form == "json":
        write(_as_json(report))
    else:
        write("\n".join(_lines(report, Style(color=takes_color(color)))) + "\n")
    write_diagnostics(report.diagnostics, tally=True)
    if report.has_errors or not report.tried:
        return ExitCode.UNTRUSTED
    return ExitCode.FINDINGS if report.score < fail_under else ExitCode.CLEAN


def _lines(report: MutationReport, style: Style) -> Iterator[str]:
    from policy.report.layout import wrap

    for title in report.failing:
        yield from wrap(title, width=style.width, first="fails already, so left out   ")
    for of, changes in groupby(report.survivors, key=lambda each: (each.file, each.of)):
        yield style.paint("strong", of[1])
        for _, at_one_place in groupby(changes, key=lambda each: each.span):
            yield from _survivors(list(at_one_place), style)
        yield ""
    for each in report.accepted:
        yield style.paint("faint", f"accepted: {each.of}")
        yield from wrap(each.words, width=style.width, first="      ")
        yield from wrap(each.because, width=style.width, first="      because ")
    if report.accepted:
        yield ""
    yield from wrap(_tally(report), width=style.width)


def _survivors(changes: Sequence[Tried], style: Style) -> Iterator[str]:
    from policy.report.diagnostics import place_lines
    from policy.report.layout import wrap

    yield from place_lines(changes[0].span, style)
    for each in changes:
        yield from wrap(f"{each.words},", width=style.width, first="      ")
    yield "      no example would notice"


def _tally(report: MutationReport) -> str:
    """Return "95 of 100 changes are noticed (96.0 %), 1 is accepted."."""
    from policy.model.nouns import counted

    if not report.tried:
        return "Nothing was changed."
    noticed = sum(each.noticed for each in report.tried)
    text = f"{noticed} of {counted(len(report.tried), 'change')} noticed"
    if report.accepted:
        text += f", {len(report.accepted)} accepted"
    return f"{text}: {report.score:.1f} %."


def _as_json(report: MutationReport) -> str:
    """Return the whole report as JSON, what was noticed as numbers only."""
    numbers = {
        "changes": len(report.tried),
        "noticed": sum(each.noticed for each in report.tried),
        "accepted": len(report.accepted),
        "score": round(report.score, 1),
    }
    lists = {
        "survivors": [_entry(each) for each in report.survivors],
        "accepted_changes": [_entry(each) for each in report.accepted],
        "failing_examples": list(report.failing),
    }
    return json.dumps({**numbers, **lists}, indent=2, ensure_ascii=False) + "\n"


def _entry(each: Tried) -> dict[str, str | int]:
    position = each.span.position
    entry: dict[str, str | int] = {
        "file": each.file,
        "line": position.line,
        "column": position.column,
        "of": each.of,
        "kind": each.kind,
        "change": each.words,
    }
    return {**entry, "because": each.because} if each.because else entry
