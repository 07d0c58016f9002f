"""Examples are tests: they fail when they should, and say what happened instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy.authoring.examples import run_examples
from tests import toy

HEAD = 'language 1\nspec mine "Mine" for 2025/26\n'
RULE = (
    'rule r "R" cites TOY-001 for each submission s\n'
    "  when s.kind is not retake\n"
    "  must a: s.assessed_on is recorded\n"
    "  must b: s.grade is P\n"
)
GIVEN = 'example "e" given "tiny.json" as at 2026-05-01 '


def failures(tmp_path: Path, steps: str, rule: str = RULE) -> list[str]:
    """Run one example of a spec of its own; return what failed."""
    (tmp_path / "tiny.json").write_text(toy.TINY.read_text())
    file = tmp_path / "mine.policy"
    file.write_text(HEAD + rule + GIVEN + steps)
    report = run_examples(toy.pack(files=[file]))
    assert report.diagnostics == ()
    (example,) = report.examples
    return [f"{item.message} | {item.help}" for item in example.failures]


def test_the_toy_examples_hold() -> None:
    """Every example of the toy specs holds, and every rule has one."""
    report = run_examples(toy.pack(with_libraries=True))
    assert [item.title for item in report.examples if not item.passed] == []
    assert report.untested == ()
    assert report.passed
    assert len(report.examples) == 6


@pytest.mark.parametrize(
    "steps",
    [
        "expect r.a met for submission S1",
        "expect r.a not met for submission S2",
        "expect r.a breached for submission S2",
        "expect r.a breached",
        "change submission S2 assessed_on to 2025-12-11\n"
        "change submission S3 assessed_on to 2025-12-11 expect r.a met",
        "change submission S1 kind to retake expect r.a not applicable for submission S1",
        "copy submission S1 as S9 expect r.a met for submission S9",
        'copy learner L1 as L9 expect r.a met for submission "L9-S1"',
        "remove submission S2 remove submission S3 expect r.a met",
        "change learner L1 submissions to missing expect r.a unknown for learner L1",
        "change learner L1 submissions to empty expect r.a breached for submission S3",
        'change centre 90001 name to "Other" expect r.a met for submission S1',
        'change submission S2 criteria_targeted to ("A.P1", "A.P2") expect r.a breached',
    ],
)
def test_examples_that_hold(tmp_path: Path, steps: str) -> None:
    """Steps do what they say, and expectations that hold pass."""
    assert failures(tmp_path, steps) == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("expect r.a met", "`r.a` is breached for submission S2; breached for submission S3"),
        ("expect r.a breached for submission S1", "`r.a` is met for submission S1"),
        ("expect r.a not met for submission S1", "`r.a` is met for submission S1"),
        ("expect r.a met for submission S8", "`r.a` says nothing of submission S8"),
        ("change submission S8 kind to first expect r.a met", "there is no submission S8"),
        (
            "change submission S1 kind to first expect r.a breached",
            "`kind` of submission S1 is that already",
        ),
        (
            "change submission S1 grade to missing expect r.a breached",
            "`grade` of submission S1 is that already",
        ),
        ("remove centre 90001 expect r.a met", "the centre is the whole document"),
        ("copy submission S1 as S2 expect r.a met", "there is a submission S2 already"),
        (
            "change submission S1 kind to retake expect r.a met for submission S1",
            "`r.a` never applied",
        ),
        (
            "change centre 90001 year_ends_on to 2024-08-31 expect r.a met",
            "the data does not hold together",
        ),
    ],
)
def test_examples_that_fail(tmp_path: Path, steps: str, expected: str) -> None:
    """What does not hold, touches nothing or never applied is said."""
    (failure,) = failures(tmp_path, steps)
    assert failure.startswith(expected)


def test_a_note_that_has_nothing_to_say_was_asked(tmp_path: Path) -> None:
    """`not noted` holds for a note whose condition is false."""
    rule = 'rule r "R" cites TOY-001 for each submission s note a: s.kind is retake "a retake"\n'
    assert failures(tmp_path, "expect r.a not noted for submission S1", rule) == []
    assert failures(tmp_path, "expect r.a noted for submission S1", rule) != []


def test_what_happened_instead_is_said(tmp_path: Path) -> None:
    """A failed expectation names the subject, the outcome and the lacking fact."""
    (failure,) = failures(tmp_path, "expect r.b met for submission S1")
    said = "`r.b` is unknown for submission S1 (submission.grade of submission S1)"
    assert failure.startswith(said)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    """The file an example starts from must be there and readable."""
    steps = "expect r.a met"
    (tmp_path / "bad.json").write_text("{")
    file = tmp_path / "mine.policy"
    for given, expected in (("no.json", "there is no file"), ("bad.json", "cannot be read")):
        file.write_text(f'{HEAD}{RULE}example "e" given "{given}" {steps}')
        (example,) = run_examples(toy.pack(files=[file])).examples
        assert expected in example.failures[0].message


def test_data_without_a_last_day_need_as_at(tmp_path: Path) -> None:
    """Without `as at` an example is judged as at the last day of the data's year."""
    (tmp_path / "tiny.json").write_text(toy.TINY.read_text())
    file = tmp_path / "mine.policy"
    steps = "change centre 90001 year_ends_on to missing expect r.a met"
    file.write_text(f'{HEAD}{RULE}example "e" given "tiny.json" {steps}')
    (example,) = run_examples(toy.pack(files=[file])).examples
    assert [item.message for item in example.failures] == [
        "`tiny.json` names no last day of its year"
    ]


def test_a_rule_without_an_example_fails_the_run(tmp_path: Path) -> None:
    """A rule nobody tested is named."""
    (tmp_path / "tiny.json").write_text(toy.TINY.read_text())
    file = tmp_path / "mine.policy"
    other = RULE.replace("rule r", "rule q")
    file.write_text(HEAD + RULE + other + GIVEN + "expect r.a met for submission S1")
    report = run_examples(toy.pack(files=[file]))
    assert [item.rule for item in report.untested] == ["q"]
    assert not report.passed


def test_a_run_without_examples_did_not_pass(tmp_path: Path) -> None:
    """Nothing tested is not success."""
    file = tmp_path / "mine.policy"
    file.write_text(HEAD + RULE)
    assert not run_examples(toy.pack(files=[file])).passed


def test_examples_can_be_picked_by_rule() -> None:
    """Only examples that expect something of the rule run."""
    report = run_examples(toy.pack(with_libraries=True), ["window"])
    assert {item.spec for item in report.examples} == {"shared", "toy"}
    assert len(report.examples) == 5


def test_settings_of_an_example_count(tmp_path: Path) -> None:
    """`set` changes a parameter for one example."""
    rule = (
        'parameter lowest: submission.grade = P "grade" setting\n'
        'rule r "R" cites TOY-001 for each submission s must a: s.grade = lowest\n'
    )
    steps = "change submission S1 grade to M set lowest to M expect r.a met for submission S1"
    assert failures(tmp_path, steps, rule) == []


def test_a_failure_can_be_explained(tmp_path: Path) -> None:
    """Whoever speaks against an expectation is explained, and so is a rule that never applied."""
    (tmp_path / "tiny.json").write_text(toy.TINY.read_text())
    file = tmp_path / "mine.policy"
    steps = "change submission S1 kind to retake expect r.a met expect r.a met for submission S1"
    file.write_text(f"{HEAD}{RULE}{GIVEN}{steps}")
    (example,) = run_examples(toy.pack(files=[file])).examples
    made = [[each().text for each in failure.steps] for failure in example.failures]
    assert made == [
        ["r.a for submission S2", "r.a for submission S3"],
        ["r.a for submission S1"],
    ]


def test_a_plugins_check_can_be_explained(tmp_path: Path) -> None:
    """The values that a check says it has read are the steps."""
    text = (toy.ROOT / "toy" / "toy.policy").read_text()
    file = tmp_path / "toy.policy"
    file.write_text(text.replace("expect title_is_short unknown", "expect title_is_short met"))
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "tiny.json").write_text(toy.TINY.read_text())
    (example,) = run_examples(toy.pack(files=[file])).examples
    ((steps,),) = [failure.steps for failure in example.failures]
    assert (steps().text, steps().value) == ("title_is_short for policy O1", "unknown")
