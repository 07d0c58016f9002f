"""The core is written for any suite, so it names none.

A word may mean something else than the suite of that name, and only these two do: the values a
centre's data may have (programmes run in the country `international`), which are the `enum` lists
of the schema; and the English word `common`, which is the suite only where it is written as a name.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SUITES = sorted(PYPROJECT["project"]["entry-points"]["policy.suites"])


def names_suite(line: str, suite: str) -> bool:
    """Tell whether a line of the core names the suite or its package."""
    bare = (
        rf"[`'\"/]{suite}[`'\"/]|\b(use|spec) {suite}\b" if suite == "common" else rf"\b{suite}\b"
    )
    return re.search(rf"\bpolicy_{suite}\b|{bare}", line, re.IGNORECASE) is not None


def without_value_lists(node: Any) -> Any:
    """Return a JSON Schema without its `enum` lists."""
    if isinstance(node, dict):
        return {key: without_value_lists(part) for key, part in node.items() if key != "enum"}
    if isinstance(node, list):
        return [without_value_lists(part) for part in node]
    return node


def core_lines() -> Iterator[tuple[str, str]]:
    """Yield each line of the core, with the place to find it at."""
    for path in sorted((ROOT / "policy").rglob("*")):
        if path.is_dir() or path.suffix == ".pyc":
            continue
        text = path.read_text(encoding="utf-8")
        if path.name.endswith(".schema.json"):
            text = json.dumps(without_value_lists(json.loads(text)), indent=1)
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line.strip()


@pytest.mark.parametrize("suite", SUITES)
def test_no_suite_is_named_in_the_core(suite: str) -> None:
    """Neither the name of a suite nor that of its package occurs under policy/."""
    assert [f"{at}: {line}" for at, line in core_lines() if names_suite(line, suite)] == []


@pytest.mark.parametrize(
    ("line", "suite"),
    [
        ("from policy_aaq import suite", "aaq"),
        ("the prefix of a clause (`AAQ-`)", "aaq"),
        ('if spec == "common":', "common"),
        ("`use common (rule as should)`", "common"),
    ],
)
def test_a_suite_is_noticed(line: str, suite: str) -> None:
    """The guard above sees suites in code, in docstrings and in any case."""
    assert names_suite(line, suite)


@pytest.mark.parametrize(
    ("line", "suite"),
    [
        ("when they have none in common", "common"),
        ("%import common.WS", "common"),
        ("internationally known", "international"),
    ],
)
def test_a_mere_word_is_not_a_suite(line: str, suite: str) -> None:
    """The guard above leaves plain English alone."""
    assert not names_suite(line, suite)
