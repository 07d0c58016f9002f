"""The README shows a rule that is shipped, and a finding that its first command prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.literate import Command, blocks, run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "README.md"
README = PAGE.read_text("utf-8")


def shown(language: str, start: str) -> str:
    """Return the block of a language that begins with `start`."""
    (text,) = [
        block.text
        for block in blocks(README)
        if block.language == language and block.text.startswith(start)
    ]
    return text


def test_the_rule_is_shipped() -> None:
    """The rule stands in a spec word for word."""
    rule = shown("policy", "rule ")
    specs = [path.read_text("utf-8") for path in (ROOT / "specs").rglob("*.policy")]
    assert [rule in spec for spec in specs].count(True) == 1


def test_the_finding_is_of_that_rule_and_is_printed(request: pytest.FixtureRequest) -> None:
    """The first command prints the finding, and it is of the rule above it."""
    finding = shown("text", "breached ")
    assert shown("policy", "rule ").split()[1] in finding.splitlines()[0]
    ended = run(Command(typed="policy check examples/centres/troubled.json", shown=()), ROOT)
    assert ended.exit_code == 1
    printed = "\n".join(ended.printed)
    if request.config.getoption("--update-golden"):
        start = printed.index(finding.splitlines()[0])
        now = re.split(r"\n(?=\S)", printed[start:], maxsplit=1)[0].rstrip() + "\n"
        PAGE.write_text(README.replace(finding, now), "utf-8")
    else:
        assert finding in printed
