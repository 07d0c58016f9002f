"""The page of a spec says in English what each rule asks."""

from __future__ import annotations

import re

import pytest

from policy.authoring.spec_pages import spec_pages
from tests import toy


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The pages of the toy specs, by file."""
    return {page.file: page.text for page in spec_pages(toy.pack(with_libraries=True))}


def test_each_edition_has_a_page(pages: dict[str, str]) -> None:
    """Libraries have none: their rules stand with the specs that take them."""
    assert sorted(pages) == ["toy-2025-26.md", "toy-2026-27.md"]


def test_a_rule_stands_with_all_it_rests_on(pages: dict[str, str]) -> None:
    """Scope, condition, clauses, parameter, definition, examples by outcome."""
    page = pages["toy-2025-26.md"]
    rule = page[page.index("### window") : page.index("### assessed")]
    assert "from the library `shared`" in rule
    assert "Asked of each authorisation, when the authorisation’s outcome is granted." in rule
    assert (
        "- **must**: the authorisation’s day due is on or before the authorisation’s last day. "
        "[TOY-003](#toy-003)"
    ) in rule
    assert "  - breached: the day after is too late" in rule
    assert "[days](#parameter-days)" in rule
    assert "### word last day" in page
    assert "15 working days after the authorisation’s submission’s day results received" in page
    assert "`days` = 15: working days to hand in again; the guides leave it open" in page


def test_deadlines_notes_and_exceptions(pages: dict[str, str]) -> None:
    """Each kind of demand has its sentence."""
    page = pages["toy-2025-26.md"]
    assert "except `late`: it came after its deadline, when the submission’s kind is first" in page
    assert "**should** `done`: by 40 days after" in page
    assert "**note** `merit`: it is noted when the submission’s grade is M" in page
    assert "for each programme and each staff among the programme’s assessors" in page.replace(
        "Asked of", "for"
    )


def test_checks_of_plugins_stand_beside_rules(pages: dict[str, str]) -> None:
    """What Python decides is listed with its clauses."""
    assert "### title_is_short" in pages["toy-2025-26.md"]
    assert "decided in Python" in pages["toy-2025-26.md"]


def test_every_link_of_a_page_leads_to_a_heading(pages: dict[str, str]) -> None:
    """Clauses, words and parameters can be followed."""
    for page in pages.values():
        headings = {
            re.sub(r"[^\w\- ]", "", title).lower().strip().replace(" ", "-")
            for title in re.findall(r"^#+ (.+)$", page, re.MULTILINE)
        }
        assert set(re.findall(r"\]\(#([^)]+)\)", page)) - headings == set()


def test_what_a_spec_says_is_no_markup(pages: dict[str, str]) -> None:
    """Underscores and stars of names do not set text in italics."""
    assert "next\\_year" not in pages["toy-2025-26.md"]
    assert not re.search(r"(?<![`\\(\[#\w])_\w", pages["toy-2025-26.md"])
