"""What a newcomer meets: the top level, the README's two commands, and the chores of tox."""

from __future__ import annotations

import re
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    ".ci",
    ".editorconfig",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".pre-commit-hooks.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "MANIFEST.in",
    "README.md",
    "benchmarks",
    "docs",
    "examples",
    "plugins",
    "policy",
    "pyproject.toml",
    "specs",
    "tests",
    "tox.ini",
}
TOX = ConfigParser(interpolation=None)
TOX.read(ROOT / "tox.ini", encoding="utf-8")
ASKED_FOR = ("differential", "spark")
"""Environments that run only when they are named, because of how long they take or what they
download."""
ENVIRONMENTS = [name.removeprefix("testenv:") for name in TOX if name.startswith("testenv:")]


def readme_commands() -> list[str]:
    """Return the commands of the README's console blocks."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```console\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)


def test_the_top_level_is_the_agreed_one() -> None:
    """Every file and folder at the top is meant to be there; what tools leave behind is ignored."""
    ignored = [
        line.strip("/")
        for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    present = {
        path.name
        for path in ROOT.iterdir()
        if path.name != ".git" and not any(fnmatch(path.name, pattern) for pattern in ignored)
    }
    assert present == TOP_LEVEL


def test_the_readme_has_two_commands() -> None:
    """One command to see it work and one to run all checks, each on one line."""
    commands = readme_commands()
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)


def test_the_first_command_checks_a_shipped_centre() -> None:
    """The centre that the README's first command checks is in the checkout."""
    centre = readme_commands()[0].partition("policy check ")[2].split()[0]
    assert (ROOT / centre).is_file()


def test_ci_runs_exactly_the_second_command() -> None:
    """What passes on the developer's machine passes in CI, because it is the same line."""
    script = ROOT / ".ci/run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[-1] == readme_commands()[1]
    assert script.stat().st_mode & 0o111 == 0o111


def test_the_second_command_runs_every_chore() -> None:
    """`tox` alone runs all environments that tox.ini defines."""
    assert readme_commands()[1].endswith("/tox")
    usual = TOX["tox"]["env_list"].split(", ")
    assert sorted([*usual, *ASKED_FOR]) == sorted(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_chore_says_what_it_is(environment: str) -> None:
    """`tox list` explains each environment in one line."""
    assert re.fullmatch(r"[^\n]{20,100}", TOX[f"testenv:{environment}"]["description"])


def test_what_one_chore_leaves_out_another_runs() -> None:
    """The tests that are deselected or ignored in one environment run in one of their own."""
    assert "--ignore=tests/docs" in TOX["testenv:tests"]["commands"]
    assert "pytest -n 2 tests/docs" in TOX["testenv:docs"]["commands"]
    assert "pytest -m packaging tests/packaging" in TOX["testenv:packaging"]["commands"]
