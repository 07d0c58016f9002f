"""What may be imported when nothing is asked for yet."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("holidays", "jsonschema", "jsonschema_rs", "lark", "pluggy", "yaml", "zstandard")
LOADED = """
import contextlib, io, sys
{statement}
print(*sorted(set({heavy}) & set(sys.modules)))
"""
HELP = """
from policy.cli import main
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()) as out:
    main({arguments})
assert {expected!r} in out.getvalue(), out.getvalue()
"""


def heavy_modules_after(statement: str) -> str:
    """Return the heavy modules that a fresh interpreter has loaded after `statement`."""
    script = LOADED.format(statement=statement, heavy=HEAVY)
    ran = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=600
    )
    return ran.stdout.strip()


@pytest.mark.parametrize(
    "statement",
    [
        "import policy",
        "import policy.cli",
        HELP.format(arguments=["--help"], expected="Usage"),
        HELP.format(arguments=["--version"], expected="0."),
    ],
    ids=["import", "import-cli", "help", "version"],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str) -> None:
    """Startup is a feature: help costs neither a parser generator nor a schema validator."""
    assert heavy_modules_after(statement) == ""


def test_the_probe_sees_heavy_modules() -> None:
    """The probe of the test above is not blind."""
    assert heavy_modules_after("import lark, pluggy") == "lark pluggy"
