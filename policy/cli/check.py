"""`policy check`: judge centres' data, print a report, exit by what was found."""

from __future__ import annotations

from typing import Any

import click

from policy.cli import words
from policy.cli.checking import run_check
from policy.cli.exit_codes import ExitCode
from policy.cli.group import EXIT_CODES
from policy.cli.options import (
    as_at_option,
    as_option,
    color_option,
    no_cache_option,
    rule_option,
    set_option,
    spec_option,
)


@click.command(epilog=EXIT_CODES)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@as_at_option
@spec_option
@rule_option
@set_option
@as_option(words.WAIVERS)
@as_option(words.EDITION)
@as_option(words.FAIL)
@as_option(words.FORMAT)
@as_option(words.OUTPUT)
@as_option(words.UNKNOWN)
@as_option(words.VERBOSE)
@as_option(words.PERSONAL)
@color_option
@no_cache_option
def check(**given: Any) -> ExitCode:
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
    return run_check(**given)
