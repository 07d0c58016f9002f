"""`policy schema`: the JSON Schema of a centre's document, with what suites add to it."""

from __future__ import annotations

import json
from typing import Any

import click

from policy.cli.error_boundary import ExitCode
from policy.cli.terminal import write, write_diagnostics


@click.command()
@click.option("--report", is_flag=True, help="Print the schema of the JSON report instead.")
@click.option("--register", is_flag=True, help="Print the schema of registers of clauses instead.")
@click.option("--core", is_flag=True, help="Leave out the fields that plugins add.")
def schema(report: bool, register: bool, core: bool) -> ExitCode:
    """Print the JSON Schema (2020-12) that centres' data must satisfy.

    Editors that know JSON Schema complete field names and mark mistakes with it.

    \b
    Examples:
      policy schema > centre.schema.json
      policy schema --report > report.schema.json
    """
    if report:
        from policy.report.json import report_schema

        return _print(report_schema())
    if register:
        from policy.register import register_schema

        return _print(register_schema())
    from policy.data.schema import load_schema
    from policy.plugins import discover

    loaded = None if core else discover()
    suites = loaded.suites if loaded else ()
    found = load_schema({suite.name: suite.schema_extensions for suite in suites})
    _print(found.json)
    problems = [*(loaded.diagnostics if loaded else ()), *found.diagnostics]
    write_diagnostics(problems)
    return ExitCode.UNTRUSTED if problems else ExitCode.CLEAN


def _print(value: Any) -> ExitCode:
    write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    return ExitCode.CLEAN
