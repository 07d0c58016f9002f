"""Options that several commands share, and the values they turn into."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from policy.cli.completions import complete_rules, complete_specs

F = TypeVar("F", bound=Callable[..., Any])

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def today() -> date:
    """Return the day it is here: the only clock of the whole program."""
    return datetime.now().astimezone().date()


def as_at_option(command: F) -> F:
    """Add `--as-at DATE`."""
    return click.option(
        "--as-at",
        metavar="DATE",
        callback=_day,
        show_default="today",
        help="The day to judge for; every report prints it.",
    )(command)


def spec_option(command: F) -> F:
    """Add `--spec NAME_OR_PATH`, which may be repeated."""
    return click.option(
        "--spec",
        "specs",
        metavar="NAME_OR_PATH",
        multiple=True,
        shell_complete=complete_specs,
        help="Use this spec only: a name that `policy specs` lists, or a file or folder. "
        "May be repeated; all installed specs otherwise.",
    )(command)


def rule_option(command: F) -> F:
    """Add `--rule NAME`, which may be repeated."""
    return click.option(
        "--rule",
        "rules",
        metavar="NAME",
        multiple=True,
        shell_complete=complete_rules,
        help="Judge by this rule only. May be repeated.",
    )(command)


def set_option(command: F) -> F:
    """Add `--set PARAMETER=VALUE`, which may be repeated."""
    return click.option(
        "--set",
        "parameters",
        metavar="PARAMETER=VALUE",
        multiple=True,
        callback=_assignments,
        help="Give a parameter of a spec another value for this run; the report prints it.",
    )(command)


def color_option(command: F) -> F:
    """Add `--color`."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour the text; auto asks the terminal and NO_COLOR.",
    )(command)


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:
    """Return the day written as in 2026-04-15, today if none is given."""
    if value is None:
        return today()
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        message = f"`{value}` is no day; write one as 2026-04-15"
        raise click.BadParameter(message, ctx, param) from None


def _assignments(
    ctx: click.Context, param: click.Parameter, values: Iterable[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"`{value}` is not of the form PARAMETER=VALUE", ctx, param)
        if name.strip() in found:
            raise click.BadParameter(f"`{name.strip()}` is set twice", ctx, param)
        found[name.strip()] = text.strip()
    return found


def names_and_paths(specs: Iterable[str]) -> tuple[list[str], list[Path]]:
    """Part the values of `--spec`: what looks like a file or is one, and what is a name."""
    names: list[str] = []
    paths: list[Path] = []
    for spec in specs:
        if is_path(spec):
            paths.append(Path(spec))
        else:
            names.append(spec)
    return names, paths


def is_path(text: str) -> bool:
    """Return whether `text` means a file or folder rather than the name of a spec or rule.

    A folder without specs is no path unless it is written as one: a centre may well keep a folder
    of data under the name of a spec.
    """
    if text.endswith(".policy") or "/" in text or os.sep in text:
        return True
    return Path(text).is_file() or any(Path(text).rglob("*.policy"))
