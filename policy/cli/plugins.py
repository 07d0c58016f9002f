"""`policy plugins`: which suites are installed, what they bring, and which are broken."""

from __future__ import annotations

from collections.abc import Iterator

import click

from policy.cli.error_boundary import ExitCode
from policy.cli.terminal import write, write_diagnostics
from policy.model.findings import PluginInfo
from policy.model.suite import Suite


@click.command()
def plugins() -> ExitCode:
    """List the plugins that are installed: version, functions and checks.

    \b
    Examples:
      policy plugins
      policy plugins | grep function

    \b
    Exit codes:
      0  all plugins can be used
      2  one cannot, or none is installed
    """
    from policy.plugins import discover

    loaded = discover()
    suites = {suite.name: suite for suite in loaded.suites}
    for info in loaded.infos:
        write("\n".join(_lines(info, suites.get(info.name))) + "\n")
    if not loaded.infos:
        write("policy: no plugin is installed\n", error=True)
    write_diagnostics(loaded.diagnostics)
    usable = loaded.infos and not loaded.diagnostics
    return ExitCode.CLEAN if usable else ExitCode.UNTRUSTED


def _lines(info: PluginInfo, suite: Suite | None) -> Iterator[str]:
    from policy.report.layout import facts, visible

    source = f" ({info.distribution} {info.version})" if info.distribution else ""
    yield visible(f"{info.name}{source}")
    yield from facts(_facts(info, suite), width=80, indent="  ", column=10)


def _facts(info: PluginInfo, suite: Suite | None) -> Iterator[tuple[str, str]]:
    if suite is None:
        yield "broken", info.broken
        return
    yield "title", suite.title
    yield "clauses", ", ".join(f"{prefix}..." for prefix in suite.prefixes)
    for function in suite.functions:
        given = ", ".join(f"{item.name}: {item.type}" for item in function.parameters)
        signature = f"{function.name}({given}): {function.returns}"
        yield "function", f"{signature}, {_first_line(function.description)}"
    for check in suite.checks:
        yield "check", f"{check.name} ({check.severity}), {check.title}"


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]
