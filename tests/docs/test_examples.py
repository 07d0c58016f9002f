"""What the pages show is what happens; the head of `literate.py` says how to write such a page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from policy.dsl.syntax.parser import parse
from policy.model.source import SourceText
from tests.docs.literate import blocks, play, problem, refreshed

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("plugins/*/*.md")])
WHOLE = 'language 1\nspec page "a page" for 2025/26\n'


def by_name(page: Path) -> str:
    """Return the name of a page, for the name of a test."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_specs_on_a_page_can_be_read(page: Path) -> None:
    """What a page shows as a spec, or as items of one, has no syntax error."""
    for block in blocks(page.read_text("utf-8")):
        if block.language == "policy" and not block.kind:
            text = block.text if block.text.startswith("language ") else WHOLE + block.text
            assert parse(SourceText(by_name(page), text))[1] == (), block.text


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_commands_on_a_page_do_what_it_says(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A reader who types what the page says sees what the page shows."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    text = page.read_text("utf-8")
    if request.config.getoption("--update-golden"):
        page.write_text(refreshed(text, tmp_path), "utf-8")
    else:
        for command, ended in play(text, tmp_path):
            assert problem(command, ended) == ""
