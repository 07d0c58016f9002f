"""Names that a shell can complete. Asked at every press of the key: fast, and never a message.

Names are taken from the texts of the installed specs by their first words, without parsing them, so
that a spec with a mistake in it can still be completed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import click
from click.shell_completion import CompletionItem

_SPEC = re.compile(r"^\s*spec\s+(\w+)", re.MULTILINE)
_RULE = re.compile(r'^\s*rule\s+(\w+)\s+(?:"([^"\n]*)")?', re.MULTILINE)
_HOME = "policy_specs"


def installed_spec_files() -> Iterator[Path]:
    """Yield the specs that are installed with this project, sorted."""
    home = find_spec(_HOME)
    for folder in (home.submodule_search_locations or ()) if home else ():
        yield from sorted(Path(folder).rglob("*.policy"))


def complete_specs(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the names of specs; a shell completes paths once a name does not fit."""
    names = {name for text in _texts(installed_spec_files()) for name in _SPEC.findall(text)}
    items = _starting_with(incomplete, dict.fromkeys(names, ""))
    return items or [CompletionItem(incomplete, type="file")]


def complete_rules(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the names of rules with their titles: of the specs on the line, or of all."""
    given = [Path(spec) for spec in ctx.params.get("specs") or () if spec.endswith(".policy")]
    rules: dict[str, str] = {}
    for text in _texts(given or installed_spec_files()):
        rules.update(_RULE.findall(text))
    return _starting_with(incomplete, rules)


def _starting_with(incomplete: str, titles: dict[str, str]) -> list[CompletionItem]:
    return [
        CompletionItem(name, help=titles[name] or None)
        for name in sorted(titles)
        if name.startswith(incomplete)
    ]


def _texts(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        try:
            yield file.read_text("utf-8", errors="replace")
        except OSError:
            continue
