"""Options that several commands share, as click has them, and the values they turn into."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from policy.cli import words
from policy.cli.completions import complete_rules, complete_specs
from policy.cli.words import Word, is_path, names_and_paths, today

__all__ = ["as_option", "is_path", "names_and_paths", "today"]

F = TypeVar("F", bound=Callable[..., Any])


def as_option(word: Word, **more: Any) -> Callable[[F], F]:
    """Return the option of click that a word of the table is."""
    if word.kind == "flag":
        more["is_flag"] = True
    else:
        more["multiple"] = word.kind == "many"
        more["default"] = word.default
        more["show_default"] = word.shown
        more["metavar"] = word.metavar
    if word.kind == "choice":
        more["type"] = click.Choice(word.choices)
    if word.kind == "file":
        more["type"] = click.Path(dir_okay=False, path_type=Path)
    return click.option(word.option, word.name, help=word.help, **more)


def as_at_option(command: F) -> F:
    """Add `--as-at DATE`."""
    return as_option(words.AS_AT, callback=_day)(command)


def given_as_at_option(command: F) -> F:
    """Add `--as-at DATE` to a command whose results are kept: there it must be named."""
    return click.option(
        "--as-at",
        metavar="DATE",
        callback=_day,
        required=True,
        help="The day to judge for.",
    )(command)


def spec_option(command: F) -> F:
    """Add `--spec NAME_OR_PATH`, which may be repeated."""
    return as_option(words.SPEC, shell_complete=complete_specs)(command)


def rule_option(command: F) -> F:
    """Add `--rule NAME`, which may be repeated."""
    return as_option(words.RULE, shell_complete=complete_rules)(command)


def set_option(command: F) -> F:
    """Add `--set PARAMETER=VALUE`, which may be repeated."""
    return as_option(words.SET, callback=_assignments)(command)


def color_option(command: F) -> F:
    """Add `--color`."""
    return as_option(words.COLOR)(command)


def no_cache_option(command: F) -> F:
    """Add `--no-cache`."""
    return as_option(words.NO_CACHE)(command)


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date:
    """Return the day written as in 2026-04-15, today if none is given."""
    if value is None:
        return today()
    try:
        return words.day_of(value)
    except words.Misread as mistake:
        raise click.BadParameter(str(mistake), ctx, param) from None


def _assignments(
    ctx: click.Context, param: click.Parameter, values: Iterable[str]
) -> dict[str, str]:
    try:
        return words.assignments(values)
    except words.Misread as mistake:
        raise click.BadParameter(str(mistake), ctx, param) from None
