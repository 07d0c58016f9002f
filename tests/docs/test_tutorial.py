"""What the pages for newcomers promise; `test_examples.py` runs every command on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.cli.group import policy
from tests.docs.literate import Command, blocks, commands, put

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("tutorial.md", "centres.md", "audits.md")


def text_of(page: str) -> str:
    """Return the text of a page of docs/."""
    return (DOCS / page).read_text("utf-8")


def shown(page: str) -> list[Command]:
    """Return the commands of a page."""
    return [
        command
        for block in blocks(text_of(page))
        if block.language == "console"
        for command in commands(block.text)
    ]


def test_every_command_is_shown_to_somebody() -> None:
    """What a newcomer can type is shown at work, but for what lists plugins or serves the shell."""
    used = {command.typed.split()[1] for page in PAGES for command in shown(page)}
    assert set(policy.list_commands(None)) - used == {"completion", "plugins"}  # type: ignore[arg-type]


@pytest.mark.parametrize("page", PAGES)
def test_every_judgement_names_its_day(page: str) -> None:
    """What a page shows does not depend on the day it is read."""
    signs = (" check ", "--data", "--out")
    judging = [each.typed for each in shown(page) if any(sign in each.typed for sign in signs)]
    assert judging
    assert [typed for typed in judging if "--as-at" not in typed] == []


def test_both_ways_of_ending_are_shown() -> None:
    """The tutorial shows examples that hold, one that fails, and a mistake."""
    codes = {each.exit_code for each in shown("tutorial.md") if each.typed == "policy test house"}
    assert codes == {0, 1, 2}


def test_the_tutorial_leaves_three_files(tmp_path: Path) -> None:
    """The folder that a reader ends up with is the one that is described."""
    for block in blocks(text_of("tutorial.md")):
        if block.file:
            put(block, tmp_path)
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert files == [
        "house/clauses/house.yaml",
        "house/examples/college.yaml",
        "house/house.policy",
    ]


@pytest.mark.parametrize("page", PAGES)
def test_the_text_names_each_file(page: str) -> None:
    """A reader does not see the info string of a block, so the text above it has the name."""
    text = text_of(page)
    first: dict[str, int] = {}
    for block in blocks(text):
        first.setdefault(block.file, block.start)
    first.pop("")
    assert first
    assert [file for file, start in first.items() if f"`{file}`" not in text[:start]] == []
