"""`policy test`: run the examples that authors wrote beside their rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from policy.cli.completions import complete_specs
from policy.cli.error_boundary import ExitCode
from policy.cli.options import color_option, names_and_paths, rule_option
from policy.cli.terminal import takes_color, write, write_diagnostics
from policy.model.diagnostics import Level

if TYPE_CHECKING:
    from policy.authoring.examples import ExampleResult, TestReport
    from policy.authoring.expectations import Steps
    from policy.report.style import Style


@click.command()
@click.argument("specs", metavar="[SPEC|FILE]...", nargs=-1, shell_complete=complete_specs)
@rule_option
@click.option("--verbose", is_flag=True, help="Name the examples that hold as well.")
@click.option("--explain", is_flag=True, help="Tell of each failure why it came out as it did.")
@color_option
def test(
    specs: Sequence[str], rules: Sequence[str], verbose: bool, explain: bool, color: str
) -> ExitCode:
    """Run the examples that stand in specs.

    SPEC is a name, FILE a spec or a folder of specs; all installed specs otherwise. An example
    fails if an expectation does not hold, and also if it tests nothing. A rule that no example
    mentions is named.

    \b
    Examples:
      policy test
      policy test draft.policy --verbose
      policy test --rule plan_exists --explain

    \b
    Exit codes:
      0  every example holds and every rule has one
      1  an example fails, or a rule has none
      2  a spec has a mistake in it, or there is no example
    """
    from policy.authoring.examples import run_examples
    from policy.pack import load_pack
    from policy.report.style import Style

    names, files = names_and_paths(specs)
    pack = load_pack(names or None, files, {}, rules, with_libraries=True)
    report = run_examples(pack, rules)
    style = Style(color=takes_color(color), verbose=verbose)
    write("\n".join(_lines(report, style, explain)) + "\n")
    write_diagnostics(report.diagnostics, tally=True)
    if pack.has_errors or not report.examples:
        return ExitCode.UNTRUSTED
    return ExitCode.CLEAN if report.passed else ExitCode.FINDINGS


def _lines(report: TestReport, style: Style, explain: bool) -> Iterator[str]:
    from policy.report.diagnostics import arrow
    from policy.report.layout import wrap

    for example in report.examples:
        if not example.passed:
            yield from _failed(example, style, explain)
        elif style.verbose:
            yield from wrap(example.title, width=style.width, first="holds   ")
    if report.untested:
        yield style.paint("warn", "no example")
        for rule in report.untested:
            position, name = rule.span.position, rule.span.source.name
            place = f"{name}:{position.line}:{position.column}"
            yield from arrow(place, style, after=rule.rule)
        yield ""
    yield from wrap(_tally(report), width=style.width)


def _failed(example: ExampleResult, style: Style, explain: bool) -> Iterator[str]:
    from policy.report.diagnostics import place_lines
    from policy.report.layout import facts, wrap

    head, *others = wrap(example.title, width=style.width, first="failed  ")
    yield style.paint("bad", head[:6]) + style.paint("strong", head[6:])
    yield from (style.paint("strong", line) for line in others)
    for failure in example.failures:
        yield from place_lines(failure.span, style)
        said = [("but", failure.message), ("because", failure.help)]
        yield from facts([pair for pair in said if pair[1]], width=style.width, indent=" " * 6)
        for steps in failure.steps if explain else ():
            yield from _explained(steps, style)
    yield ""


def _explained(steps: Steps, style: Style) -> Iterator[str]:
    from policy.report.explanation import render_explanation

    indent = " " * 6
    narrow = replace(style, width=style.width - len(indent))
    for line in render_explanation(steps(), narrow).splitlines():
        yield indent + line


def _tally(report: TestReport) -> str:
    """Return "12 examples hold, 1 fails; 2 of 14 rules have no example."."""
    from policy.model.nouns import counted

    failing = sum(not example.passed for example in report.examples)
    holding = len(report.examples) - failing
    if not report.examples:
        mistaken = any(item.level is Level.ERROR for item in report.diagnostics)
        return "Nothing was tested." if mistaken else "Nothing was tested: there is no example."
    parts = [f"{counted(holding, 'example')} {'holds' if holding == 1 else 'hold'}"]
    if failing:
        parts.append(f"{failing} {'fails' if failing == 1 else 'fail'}")
    text = ", ".join(parts)
    if report.untested:
        number = len(report.untested)
        verb = "has" if number == 1 else "have"
        text += f"; {number} of {counted(report.rules, 'rule')} {verb} no example"
    return f"{text}."
