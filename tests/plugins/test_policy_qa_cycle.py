"""Titles however they are spelt, and numbers that can exist."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import policy_qa_cycle
import pytest

from policy.dsl.evaluation.plugin_calls import call
from policy.model.suite import Context
from policy.model.values import Missing
from policy.pack import load_pack
from policy.plugins import discover

FUNCTIONS = {function.name: function for function in policy_qa_cycle.policy_suite().functions}
TABLES = Path(__file__).parents[2] / "specs" / "qa_cycle" / "tables"
Judge = Callable[..., Context]


def answer(name: str, judge: Judge, *texts: str) -> object:
    """Call a function of the plugin as the engine does."""
    return call(FUNCTIONS[name], "qa_cycle", judge(), texts)


def column(table: str, name: str) -> list[str]:
    """Return a column of a table of the spec."""
    with (TABLES / table).open(encoding="utf-8", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines)]


def test_the_plugin_loads() -> None:
    """The manifest is sound: no diagnostic, and every type is one of the language."""
    loaded = discover(["qa_cycle"], extra={"qa_cycle": policy_qa_cycle})
    assert loaded.diagnostics == ()
    assert [suite.name for suite in loaded.suites] == ["qa_cycle"]


@pytest.mark.parametrize(
    ("title", "words", "expected"),
    [
        ("Pearson BTEC Level 2 Award in Principles of Customer Service", "Customer Service", True),
        ("PEARSON BTEC LEVEL 2 AWARD IN CUSTOMER SERVICE", "customer service", True),
        ("BTEC Level 2 Award in Customers and their Service", "Customer Service", False),
        ("BTEC Level 2 Award in Service to the Customer", "Customer Service", False),
        ("BTEC Level 2 Award in End-of-Life Care", "End of Life Care", True),
        (
            "BTEC Level 1 Award in Health & Safety in a Construction Environment",
            "Health and Safety in a Construction Environment",
            True,
        ),
        ("BTEC Level 2 Award in Warehousing", "Warehouse", False),
        ("BTEC Level Entry 3 Award in Land-based Studies", "Entry Level 3", True),
        ("BTEC Entry 3 Award in Land-based Studies", "Entry Level 3", True),
        ("Children\u2019s Play", "Children's Play", True),
        ("BTEC Level 2 Award", "", False),
        ("BTEC Level 2 Award", "the BTEC", False),
        ("", "Award", False),
    ],
)
def test_words_in_a_title(judge: Judge, title: str, words: str, expected: bool) -> None:
    """Words count side by side and whole; brand, small words and punctuation never do."""
    assert answer("title_has", judge, title, words) is expected


@pytest.mark.parametrize(
    ("title", "listed", "expected"),
    [
        (
            "Pearson BTEC Level 3 National Extended Diploma in Dental Technology",
            "BTEC Level 3 Nationals in Dental Technology",
            True,
        ),
        (
            "Pearson BTEC Level 3 Diploma in Dental Technology (QCF)",
            "BTEC Level 3 Nationals in Dental Technology",
            True,
        ),
        (
            "Pearson BTEC Level 4 Diploma in Dental Technology",
            "BTEC Level 3 Nationals in Dental Technology",
            False,
        ),
        (
            "Pearson BTEC Level 3 National Diploma in Sport, Fitness and Personal Training",
            "BTEC Level 3 Sport, Fitness & Personal Training with CIMSPA Accreditation",
            False,
        ),
        (
            "Pearson BTEC Level 3 Foundation Diploma in Art, Design and Media Practice",
            "BTEC Level 3 Art & Design Practice",
            False,
        ),
        ("Pearson BTEC Level 3 Art and Design", "BTEC Level 3 Art & Design Practice", False),
        ("Pearson BTEC National Diploma", "BTEC", False),
    ],
)
def test_a_title_of_a_family(judge: Judge, title: str, listed: str, expected: bool) -> None:
    """Sizes of one family are one; another level or another subject is not."""
    assert answer("title_names", judge, title, listed) is expected


def test_the_families_of_the_guide_do_not_overlap(judge: Judge) -> None:
    """Each title with a sampling of its own names itself, and no other of the list."""
    titles = column("bespoke_titles.csv", "title")
    assert len(titles) == 8
    for title in titles:
        assert [
            listed for listed in titles if answer("title_names", judge, f"Pearson {title}", listed)
        ] == [title]


def test_every_specialist_family_is_found_by_its_own_words(judge: Judge) -> None:
    """No row of the table is made of words that a title cannot show."""
    words = column("specialist_families.csv", "words")
    assert [row for row in words if not answer("title_has", judge, f"Award in {row}", row)] == []
    assert len(set(column("specialist_families.csv", "family"))) == 6


def can_exist(judge: Judge, uln: str | None) -> object:
    """Ask of a learner's number."""
    learner = {"id": "L1"} if uln is None else {"id": "L1", "uln": uln}
    context = judge(programmes=[{"id": "P1", "title": "A", "learners": [learner]}])
    return call(FUNCTIONS["uln_can_exist"], "qa_cycle", context, context.document.rows["learner"])


def with_last_digit(nine: str) -> list[str]:
    """Return all numbers that begin with these nine digits."""
    return [nine + last for last in "0123456789"]


@pytest.mark.parametrize(
    ("nine", "last"),
    [
        ("100000000", "0"),  # 10, and nothing is left of 10
        ("000000001", "8"),  # 2, and 10 - 2
        ("123456789", "9"),  # 210 = 19 * 11 + 1, and 10 - 1
        ("110000000", "2"),  # 19 = 11 + 8, and 10 - 8
        ("010000020", "6"),  # 15 = 11 + 4, and 10 - 4
        ("010000001", ""),  # 11: nothing is left over
        ("000000000", ""),
    ],
)
def test_the_last_digit_of_a_uln(judge: Judge, nine: str, last: str) -> None:
    """Of ten numbers that begin alike one can exist, or none."""
    found = [uln[9] for uln in with_last_digit(nine) if can_exist(judge, uln) is True]
    assert found == ([last] if last else [])


@pytest.mark.parametrize("uln", ["1", "123456789", "12345678990", "12345 6789", "123456789O"])
def test_texts_that_are_no_uln(judge: Judge, uln: str) -> None:
    """Ten digits and nothing else."""
    assert can_exist(judge, uln) is False


def test_spaces_between_the_digits_of_a_uln(judge: Judge) -> None:
    """A number written in groups of digits is the same number."""
    assert can_exist(judge, "123 456 7899") is True
    assert can_exist(judge, "123 456 7890") is False


@pytest.mark.parametrize("uln", ["9999999999", "999 999 9999", None])
def test_a_uln_that_is_not_known(judge: Judge, uln: str | None) -> None:
    """A number that is not known yet is neither right nor wrong."""
    found = can_exist(judge, uln)
    assert isinstance(found, Missing)
    assert [(cause.fact, cause.id) for cause in found.causes] == [("learner.uln", "L1")]


def test_every_field_a_function_reads_is_declared(judge: Judge) -> None:
    """`reads` names fields that the schema has."""
    entities = judge().document.schema.entities
    fields = [name.partition(".") for each in FUNCTIONS.values() for name in each.reads]
    assert fields
    assert [name for entity, _, name in fields if name not in entities[entity].fields] == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("610/3965/2", True),
        ("500/8254/X", True),
        ("C00/1234/5", True),
        ("61039652", False),
        ("610/3965", False),
        ("610/3965/", False),
        ("610/396/52", False),
        ("610/3965/22", False),
        ("610/3965/x", False),
        ("61O/3965/2", False),
        (" 610/3965/2", False),
        ("", False),
    ],
)
def test_the_form_of_a_qualification_number(judge: Judge, number: str, expected: bool) -> None:
    """Three figures, four, and one, with strokes between them."""
    assert answer("qualification_number_can_exist", judge, number) is expected


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    """What is printed there is accepted by the checker, beside a rule that calls both functions."""
    readme = Path(str(policy_qa_cycle.__file__)).with_name("README.md").read_text("utf-8")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "bespoke_titles.csv").write_text("title\nLevel 3 Sport\n", "utf-8")
    lines = [
        "language 1",
        'spec trial "Trial" for 2024/25',
        "applies to programme p where p.level is level_3",
        readme.split("```")[1],
        'rule r "R" cites QA24-184 for each programme p',
        'must p.is_bespoke or title_has(p.title, "Sport")',
        'breach "b" remedy "m" owner lead_iv',
        'example "e" given "none.yaml" expect r met',
    ]
    spec = tmp_path / "trial.policy"
    spec.write_text("\n".join(lines), "utf-8")
    suites = discover(["qa_cycle"], extra={"qa_cycle": policy_qa_cycle})
    pack = load_pack(files=[spec], suites=suites, roots=())
    assert [item.message for item in pack.diagnostics] == []
    assert [spec.name for spec in pack.specs] == ["trial"]
