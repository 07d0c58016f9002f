"""Below the command line nothing reads the environment, the clock or chance.

The same bytes in give the same bytes out; what a run depends on is handed down as an argument.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path
    for top in ("policy", "plugins")
    for path in (ROOT / top).rglob("*.py")
    if not path.is_relative_to(ROOT / "policy/cli")
)
HIDDEN = {
    "environ",
    "getenv",
    "getpid",
    "now",
    "random",
    "time",
    "today",
    "urandom",
    "utcnow",
    "uuid4",
}
OWNERS = {"date", "datetime", "os", "random", "time", "uuid"}


def hidden_inputs(source: str) -> Iterator[str]:
    """Yield the expressions of a module that ask the environment, the clock or chance."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.attr in HIDDEN and node.value.id in OWNERS:
                yield f"line {node.lineno}: {node.value.id}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in {"os", "random", "time", "uuid"}:
            yield from (
                f"line {node.lineno}: {node.module}.{name.name}"
                for name in node.names
                if name.name in HIDDEN
            )


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_read_behind_the_back(module: Path) -> None:
    """`--as-at` is the only clock and the command line the only reader of the environment."""
    assert list(hidden_inputs(module.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.environ['HOME']",
        "from os import getenv",
        "from datetime import date\ndate.today()",
        "import datetime\ndatetime.datetime.now()\nfrom time import time",
        "import random\nrandom.random()",
    ],
)
def test_a_hidden_input_is_noticed(source: str) -> None:
    """The guard above is not blind."""
    assert list(hidden_inputs(source))
