"""The words of `policy check` and what they turn into: one table, whoever reads the line.

`policy.cli.options` makes options of click from it; `policy.cli.plain` reads the plain form of the
command without click, which costs more to import than judging a document.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from pathlib import Path

FAIL_ON = ("must", "should", "unknown")


class Word(Struct, frozen=True, kw_only=True):
    """One option. `name` is the argument it is handed over as; `kind` is what it takes: text, many
    (text that may be given again), file, choice or flag."""

    option: str
    name: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    default: str | None = None
    shown: str | bool = False
    """The default as help shows it, or whether it does."""
    metavar: str | None = None
    help: str


AS_AT = Word(
    option="--as-at",
    name="as_at",
    metavar="DATE",
    shown="today",
    help="The day to judge for; every report prints it.",
)
SPEC = Word(
    option="--spec",
    name="specs",
    kind="many",
    metavar="NAME_OR_PATH",
    help="Use this spec only: a name that `policy specs` lists, or a file or folder. "
    "May be repeated; all installed specs otherwise.",
)
RULE = Word(
    option="--rule",
    name="rules",
    kind="many",
    metavar="NAME",
    help="Judge by this rule only. May be repeated.",
)
SET = Word(
    option="--set",
    name="parameters",
    kind="many",
    metavar="PARAMETER=VALUE",
    help="Give a parameter of a spec another value for this run; the report prints it.",
)
COLOR = Word(
    option="--color",
    name="color",
    kind="choice",
    choices=("auto", "always", "never"),
    default="auto",
    shown=True,
    help="Colour the text; auto asks the terminal and NO_COLOR.",
)
NO_CACHE = Word(
    option="--no-cache",
    name="no_cache",
    kind="flag",
    help="Read the specs anew, and keep nothing for the next run.",
)
WAIVERS = Word(
    option="--waivers",
    name="waivers",
    kind="file",
    help="File of approved waivers: what they cover is judged but does not fail.",
)
EDITION = Word(
    option="--edition",
    name="edition",
    kind="choice",
    choices=("nearest", "exact"),
    default="nearest",
    shown=True,
    help="Judge by the latest edition up to the year of the data, or only by that of the year.",
)
FAIL = Word(
    option="--fail-on",
    name="fail_on",
    kind="choice",
    choices=FAIL_ON,
    default="must",
    shown=True,
    help="Exit 1 if a must is breached; or also a should; or also if anything is undecided.",
)
FORMAT = Word(
    option="--format",
    name="format_name",
    kind="choice",
    choices=("text", "json"),
    default="text",
    shown=True,
    help="Text for people, JSON for machines.",
)
OUTPUT = Word(
    option="--output",
    name="output",
    kind="file",
    help="Write the report to this file instead of the screen.",
)
UNKNOWN = Word(option="--unknown", name="unknown", kind="flag", help="List each undecided demand.")
VERBOSE = Word(
    option="--verbose",
    name="verbose",
    kind="flag",
    help="Fold nothing: all rules, all findings in full.",
)
PERSONAL = Word(
    option="--show-personal",
    name="show_personal",
    kind="flag",
    help="Show values that identify people.",
)
CHECK = (
    *(AS_AT, SPEC, RULE, SET, WAIVERS, EDITION, FAIL, FORMAT, OUTPUT, UNKNOWN, VERBOSE, PERSONAL),
    *(COLOR, NO_CACHE),
)
"""The options of `policy check`, in the order in which help lists them."""


class Misread(ValueError):
    """A word that cannot be what it was typed for."""


def today() -> date:
    """Return the day it is here: the only clock of the whole program."""
    return datetime.now().astimezone().date()


def day_of(text: str) -> date:
    """Return the day written as in 2026-04-15. Raises Misread."""
    digits = text.replace("-", "")
    try:
        if not (digits.isascii() and digits.isdigit() and text[4:8:3] == "--" and len(text) == 10):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Misread(f"`{text}` is no day; write one as 2026-04-15") from None


def assignments(values: Iterable[str]) -> dict[str, str]:
    """Return what `PARAMETER=VALUE`s set. Raises Misread."""
    found: dict[str, str] = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            raise Misread(f"`{value}` is not of the form PARAMETER=VALUE")
        if name.strip() in found:
            raise Misread(f"`{name.strip()}` is set twice")
        found[name.strip()] = text.strip()
    return found


def names_and_paths(specs: Iterable[str]) -> tuple[list[str], list[Path]]:
    """Part the values of `--spec`: what looks like a file or is one, and what is a name."""
    from pathlib import Path

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
    from pathlib import Path

    return Path(text).is_file() or any(Path(text).rglob("*.policy"))
