"""What the pages show is what happens.

Three conventions make a page checkable, from top to bottom, in a folder of its own that holds a
copy of `examples/`:

- a fenced block of the language `policy` is a spec, or a part of one, without syntax errors;
- a block whose info string names a file (```` ```yaml college.yaml ````) is written to that file;
- in a `console` block, a line after `$ ` is a command and the lines below it are what it prints, on
  either stream. A line `...` stands for any number of lines. Only `policy` and `cat` can be run.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from policy.dsl.parser import parse
from policy.model.source import SourceText

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("plugins/*/*.md")])
BLOCK = re.compile(r"^(`{3,})([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
WHOLE = 'language 1\nspec page "a page" for 2025/26\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, the file it is written to (or nothing), its text."""

    language: str
    file: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    found = []
    for _, info, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        language, _, file = info.strip().partition(" ")
        found.append(Block(language=language, file=file.strip(), text=text))
    return found


def commands(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield the commands of a console block, each with what it is said to print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield shlex.split(command), output


def as_pattern(shown: str) -> re.Pattern[str]:
    """Return the pattern of an output in which a line `...` stands for any lines."""
    parts = re.split(r"^ *\.\.\.\n", shown.rstrip() + "\n", flags=re.MULTILINE)
    return re.compile("(?:.*\n)*?".join(map(re.escape, parts)))


def run(words: list[str], folder: Path) -> str:
    """Run a command of a page; return what it printed."""
    if words[0] == "cat":
        return (folder / words[1]).read_text(encoding="utf-8")
    assert words[0] == "policy", f"a page may run `policy` and `cat`, not `{words[0]}`"
    ran = subprocess.run(
        [sys.executable, "-m", "policy", *words[1:]],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return ran.stdout.rstrip() + "\n"


def by_name(page: Path) -> str:
    """Return the name of a page, for the name of a test."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_specs_on_a_page_can_be_read(page: Path) -> None:
    """What a page shows as a spec has no syntax error."""
    for block in blocks(page):
        if block.language == "policy":
            text = block.text if block.text.startswith("language ") else WHOLE + block.text
            assert parse(SourceText(by_name(page), text))[1] == (), block.text


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_commands_on_a_page_print_what_it_says(page: Path, tmp_path: Path) -> None:
    """A reader who types what the page says sees what the page shows."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for block in blocks(page):
        if block.file:
            (tmp_path / block.file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.file).write_text(block.text, encoding="utf-8")
        if block.language == "console":
            for words, shown in commands(block.text):
                printed = run(words, tmp_path)
                assert as_pattern(shown).fullmatch(printed), f"{words} printed:\n{printed}"


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\n...\nthree\n", "one\ntwo\nand a half\nthree\n", True),
        ("one\n...\n", "one\n", True),
        ("one\n", "one\ntwo\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_outputs_are_compared_line_by_line(shown: str, printed: str, same: bool) -> None:
    """The comparison above is strict but for a line of three dots."""
    assert (as_pattern(shown).fullmatch(printed) is not None) is same
