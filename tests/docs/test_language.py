"""Everything the page about the language shows is read by the parser, laid out as shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy.dsl.printing.printer import format_text
from policy.dsl.syntax.parser import parse
from policy.dsl.syntax.vocabulary import RESERVED
from policy.model.source import SourceText

PAGE = (Path(__file__).parents[2] / "docs/reference/language.md").read_text(encoding="utf-8")
HEAD = 'language 1\nspec toy "Toy" for 2025/26\n'
BLOCKS = [
    (match["kind"] or "file", re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE))
    for match in re.finditer(
        r"^(?P<indent> *)```policy(?: (?P<kind>\w+))?\n(?P<text>.*?)^ *```$",
        PAGE,
        re.MULTILINE | re.DOTALL,
    )
]


def as_file(kind: str, text: str) -> str:
    """Complete a block to a file: items, the clauses of a rule, or expressions, one a line."""
    if kind == "clauses":
        return f'{HEAD}rule shown "Shown"\n{text}'
    if kind == "expressions":
        lines = enumerate(text.splitlines())
        return HEAD + "".join(f"define shown_{n}(s: submission) = {line}\n" for n, line in lines)
    return text if text.startswith("language") else f"{HEAD}\n{text}"


@pytest.mark.parametrize(("kind", "text"), BLOCKS, ids=[text[:40] for _, text in BLOCKS])
def test_a_block_is_read(kind: str, text: str) -> None:
    """No example of the page has a mistake."""
    _, diagnostics = parse(SourceText("language.md", as_file(kind, text)))
    assert [(item.message, item.position) for item in diagnostics] == []


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "file"])
def test_files_and_items_are_in_the_formatters_layout(text: str) -> None:
    """What the page shows is what `policy fmt` writes."""
    shown = as_file("file", text)
    assert format_text(SourceText("language.md", shown)) == (shown, ())


def test_the_page_shows_enough() -> None:
    """A page without blocks would pass every test above."""
    kinds = [kind for kind, _ in BLOCKS]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "file": 10,
        "clauses": 4,
        "expressions": 5,
    }


def test_the_reserved_words_are_listed() -> None:
    """An author finds every word that cannot be a name."""
    start = PAGE.index("Words that expressions are made of")
    listed = set(
        re.findall(r"`(\w+)`", PAGE[start : PAGE.index("All other words are free", start)])
    )
    assert listed == RESERVED
