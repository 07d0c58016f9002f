"""Titles and sectors of work-based learning: what is one, however it is written."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import policy_wbl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_wbl.sectors import sector_group
from policy_wbl.titles import normal_title
from policy_wbl.wording import words_of

from policy.dsl.evaluation.plugin_calls import call
from policy.model.suite import Context
from policy.plugins import discover

Judge = Callable[..., Context]

FUNCTIONS = {function.name: function for function in policy_wbl.policy_suite().functions}
TABLE = Path(__file__).parents[2] / "specs" / "wbl" / "tables" / "lsv_removed_titles.csv"
INTRODUCTORY = "Pearson BTEC Level 1 Introductory"


def removed() -> list[dict[str, str]]:
    """Return the rows of the table of titles outside the lead model."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(judge: Judge, name: str, one: str, other: str) -> object:
    """Call a function of the suite."""
    return call(FUNCTIONS[name], "wbl", judge(), (one, other))


def test_the_plugin_loads() -> None:
    """The manifest is sound, and the suite has the name of its folder of specs."""
    loaded = discover(["wbl"], extra={"wbl": policy_wbl})
    assert loaded.diagnostics == ()
    assert [suite.name for suite in loaded.suites] == ["wbl"]
    assert sorted(FUNCTIONS) == ["in_sector", "same_sector", "same_title"]


def test_the_table_of_the_guide() -> None:
    """Ninety-six titles in ten groups, none of them twice however it is written."""
    titles = [normal_title(row["title"]) for row in removed()]
    assert len(titles) == len(set(titles)) == 96
    assert Counter(row["sector_code"] for row in removed()) == {
        "159": 2,
        "205": 2,
        "214": 9,
        "215": 10,
        "302": 3,
        "318": 2,
        "350": 5,
        "599": 50,
        "664": 1,
        "858": 12,
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pearson BTEC Level 2 Award for IT Users (ITQ)", "btec level 2 award for it users itq"),
        (
            f"{INTRODUCTORY} Diploma in Land-based Studies",
            "BTEC Level 1 INTRODUCTORY Diploma in Land‑Based Studies",
        ),
        (
            "Pearson BTEC Level Entry 3 Award in Entry to Vocational Study",
            "Pearson BTEC Entry Level 3 Award in Entry to Vocational Study (RQF)",
        ),
        (
            "Edexcel BTEC Level 2 Diploma in Team Leading (QCF)",
            "BTEC Level 2 Diploma in Team Leading",
        ),
        (f"{INTRODUCTORY} Award in Art & Design", f"{INTRODUCTORY} Award in Art and Design"),
        ("BTEC Award in Children’s Care", "BTEC Award in Childrens Care (NQF)"),
    ],
)
def test_spellings_of_one_title(judge: Judge, one: str, other: str) -> None:
    """What only looks different is one title, whichever comes first."""
    assert ask(judge, "same_title", one, other) is True
    assert ask(judge, "same_title", other, one) is True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BTEC Level 2 Diploma in Team Leading", "BTEC Level 3 Diploma in Team Leading"),
        ("BTEC Level 2 Diploma in Team Leading", "BTEC Level 2 Award in Team Leading"),
        ("BTEC Level 2 Diploma in Team Leading", "Level 2 Diploma in Team Leading"),
        ("BTEC Level 2 Award", "BTEC Level 2 Award in Pearson"),
        ("BTEC Level 2 Award in the QCF for Teachers", "BTEC Level 2 Award in the for Teachers"),
        ("Entry Level 1 Level Entry 2", "Entry Level 1 Entry Level 2 Award"),
        ("", ""),
        ("Pearson (RQF)", "Edexcel"),
    ],
)
def test_other_titles(judge: Judge, one: str, other: str) -> None:
    """Level, size, subject and BTEC make another title; a text without words names none."""
    assert ask(judge, "same_title", one, other) is False


@given(st.text(max_size=60))
def test_a_normal_title_stays_as_it_is(title: str) -> None:
    """Comparing again changes nothing, and only plain words are left."""
    normal = normal_title(title)
    assert normal_title(normal) == normal
    assert normal.split() == list(words_of(normal))


@given(st.sampled_from(sorted(row["title"] for row in removed())))
def test_every_title_of_the_table_is_found_in_capitals(title: str) -> None:
    """A centre may write a title without the awarding body and all in capitals."""
    assert normal_title(title.removeprefix("Pearson ").upper()) == normal_title(title)


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        ("214 - ADMINISTRATION (NVQ)", "214", ("administration",)),
        ("214", "214", ()),
        (
            " 159 – FOUNDATION DIP ART & DESIGN",
            "159",
            ("foundation", "dip", "art", "and", "design"),
        ),
        ("Sport (Excellence) Skills", "", ("sport", "skills")),
        ("3D Design", "", ("3d", "design")),
        ("", "", ()),
    ],
)
def test_a_sector_group_is_read(text: str, code: str, name: tuple[str, ...]) -> None:
    """Code first, then the name without what stands in brackets."""
    group = sector_group(text)
    assert (group.code, group.name) == (code, name)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("214 - ADMINISTRATION (NVQ)", "Administration", True),
        ("214 - ADMINISTRATION (NVQ)", "214", True),
        ("214 - ADMINISTRATION (NVQ)", "214 - Business administration", True),
        ("214 - ADMINISTRATION (NVQ)", "215 - ADMINISTRATION (NVQ)", False),
        ("Administration", "Call handling", False),
        ("(NVQ)", "(SVQ)", False),
        ("214", "Administration", False),
    ],
)
def test_sector_groups_that_are_one(judge: Judge, one: str, other: str, same: bool) -> None:
    """Codes decide where both have one, else names; nothing is no name."""
    assert ask(judge, "same_sector", one, other) is same
    assert ask(judge, "same_sector", other, one) is same


@pytest.mark.parametrize(
    ("named", "sector", "inside"),
    [
        ("171 - SECURITY (RQF)", "Security", True),
        ("Security", "Security", True),
        ("Security and Fire", "Security", True),
        ("Cyber Security", "Security", False),
        ("Building and Construction", "Construction", True),
        ("Building, Construction", "Construction", True),
        ("Planning/Construction Crafts", "Construction", True),
        ("Health & Emergency Care", "Emergency care", True),
        ("Emergency", "Emergency care", False),
        ("Reconstruction", "Construction", False),
        ("Pre-hospital emergency care", "Emergency care", False),
        ("Retail (Construction)", "Construction", False),
        ("Construction", "", False),
        ("", "Construction", False),
    ],
)
def test_what_is_in_a_sector(judge: Judge, named: str, sector: str, inside: bool) -> None:
    """A part of the text begins with the sector's name."""
    assert ask(judge, "in_sector", named, sector) is inside
