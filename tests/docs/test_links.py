"""Links between the pages lead somewhere, and every page of docs/ can be reached from its index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *DOCS.rglob("*.md"),
        *ROOT.glob("benchmarks/*.md"),
        *ROOT.glob("plugins/*/*.md"),
    ]
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """Return the text of a page without its fenced blocks."""
    return FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return the anchors that a forge gives to the headings of a page."""
    headings = (re.sub(r"[^\w\- ]", "", title).lower() for title in HEADING.findall(prose(page)))
    return {heading.strip().replace(" ", "-") for heading in headings}


def local_links(page: Path) -> list[tuple[Path, str]]:
    """Return the files that a page links to, each with the anchor in it or an empty text."""
    found = []
    for link in LINK.findall(prose(page)):
        if "://" not in link and not link.startswith("mailto:"):
            target, _, anchor = link.partition("#")
            found.append(((page.parent / target).resolve() if target else page, anchor))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """The file that a link names exists, and has the heading that the link names."""
    broken = [
        f"{target}#{anchor}"
        for target, anchor in local_links(page)
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert broken == []


def test_every_page_can_be_reached() -> None:
    """A page that no other page links to is not read."""
    reached: set[Path] = set()
    ahead = [DOCS / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        ahead.extend(target for target, _ in local_links(page))
    assert set(DOCS.rglob("*.md")) - reached == set()


def test_decisions_are_numbered_without_gaps() -> None:
    """A decision is known by its number."""
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("# The rule language", "the-rule-language"),
        ("## What `fmt` does, and why", "what-fmt-does-and-why"),
    ],
)
def test_anchors_are_those_of_the_forge(text: str, anchor: str, tmp_path: Path) -> None:
    """The anchors compared above are the ones a reader's browser jumps to."""
    page = tmp_path / "page.md"
    page.write_text(f"{text}\n\n```\n# a comment\n```\n", encoding="utf-8")
    assert anchors(page) == {anchor}
