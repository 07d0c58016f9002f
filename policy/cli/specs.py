"""`policy specs`: which specs there are, for which years, with which rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from policy.cli.completions import complete_specs
from policy.cli.error_boundary import ExitCode
from policy.cli.options import names_and_paths
from policy.cli.terminal import write, write_diagnostics

if TYPE_CHECKING:
    from policy.authoring.editions import EditionChanges
    from policy.dsl.meaning.plan import RulePlan, SpecPlan


@click.command()
@click.argument("specs", metavar="[SPEC]...", nargs=-1, shell_complete=complete_specs)
@click.option("--rules", is_flag=True, help="List the rules of each spec.")
def specs(specs: Sequence[str], rules: bool) -> ExitCode:
    """List specs and libraries of rules: name, edition, title, number of rules.

    SPEC is a name, a file or a folder; all installed specs otherwise. A spec named on its own is
    shown with its rules. Below an edition stands what it changes against the one before it.

    \b
    Examples:
      policy specs
      policy specs --rules
      policy specs draft.policy

    \b
    Exit codes:
      0  all specs can be used
      2  one has a mistake in it, or there is none
    """
    from policy.authoring.editions import edition_changes
    from policy.pack import load_pack

    names, files = names_and_paths(specs)
    pack = load_pack(names or None, files, {}, with_libraries=True)
    found = (*pack.specs, *pack.libraries)
    amending = sorted({node.name for _, node in pack.catalogue.trees() if node.kind == "amends"})
    both = load_pack([*amending, *names], files) if amending else pack
    changes = {(item.spec, item.edition): item for item in edition_changes(both)}
    for spec in found:
        lines = [*_lines(spec, rules=rules or bool(specs))]
        if (spec.name, spec.edition) in changes:
            lines += _changes(changes[spec.name, spec.edition])
        write("\n".join(lines) + "\n")
    if not (found or pack.diagnostics):
        write("policy: there is no spec\n", error=True)
    write_diagnostics(pack.diagnostics, tally=True)
    usable = found and not pack.has_errors
    return ExitCode.CLEAN if usable else ExitCode.UNTRUSTED


def _lines(spec: SpecPlan, *, rules: bool) -> Iterator[str]:
    from policy.model.nouns import counted
    from policy.report.layout import wrap

    name = f"{spec.name} {spec.edition}".rstrip()
    kind = "" if spec.edition else "library, "
    number = counted(len(spec.rules), "rule")
    yield from wrap(f"{spec.title} ({kind}{number})", width=80, first=f"{name}  ", rest="    ")
    if rules:
        for rule in spec.rules:
            yield f"  {rule.name}"
            yield from wrap(f"{rule.title} ({_modals(rule)})", width=80, first="    ")


def _changes(edition: EditionChanges) -> Iterator[str]:
    from policy.report.layout import wrap

    before = edition.before
    yield f"  against {before}:" if edition.changes else f"  the same as {before}"
    for change in edition.changes:
        yield from wrap(change.words, width=80, first=f"    {change.kind} ", rest="      ")


def _modals(rule: RulePlan) -> str:
    return ", ".join(sorted({str(demand.severity) for demand in rule.demands}))
