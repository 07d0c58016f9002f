"""The changes that mutation makes: each one slip that an author could make, each once."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from policy.authoring.mutation.change import shown
from policy.authoring.mutation.expression_changes import variants
from policy.authoring.mutation.item_changes import mutants_of
from policy.dsl.checking.checked import CheckedSpec
from policy.dsl.printing.printer import print_spec
from policy.dsl.syntax import ast
from tests.dsl import specs
from tests.dsl.specs import HEAD, RULE, tree

EVERY_CONSTRUCT = Path(__file__).parents[1] / "dsl" / "every_construct.policy"


def checked(text: str) -> CheckedSpec:
    """Check a spec that has no mistake."""
    spec, diagnostics = specs.checked(text)
    assert spec is not None, [item.message for item in diagnostics]
    return spec


def changes(spec: CheckedSpec) -> list[str]:
    """Return "kind: words" of every change of a spec's last item that is no example."""
    item = spec.node.items[-1]
    assert isinstance(item, ast.Rule | ast.Define | ast.Parameter)
    kind = spec.parameters[item.name].type if isinstance(item, ast.Parameter) else None
    return [
        f"{mutant.change.kind}: {mutant.change.words}"
        for mutant in mutants_of(item, spec.types, kind)
    ]


def demand_changes(condition: str) -> list[str]:
    """Return the changes of the condition of a demand."""
    define = "define is_old(v: verification) = v.verified_on < as_at\n"
    found = changes(checked(f"{HEAD}{define}{RULE}{condition}"))
    assert found[0] == "modal: `must` became `must not`"
    return found[1:]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            "s.submitted_on <= s.assessed_on",
            [
                "comparison: `<=` became `<` in `s.submitted_on <= s.assessed_on`",
                "comparison: `s.assessed_on` became `1 day after it`",
            ],
        ),
        (
            "s.submitted_on > 28 February",
            [
                "comparison: `>` became `>=` in `s.submitted_on > 28 February`",
                "figure: `28 February` became `1 March`",
                "figure: `28 February` became `27 February`",
            ],
        ),
        (
            "s.submitted_on < 29 February",
            [
                "comparison: `<` became `<=` in `s.submitted_on < 29 February`",
                "figure: `29 February` became `1 March`",
                "figure: `29 February` became `28 February`",
            ],
        ),
        (
            "s.submitted_on >= 2 days after s.assessed_on",
            [
                "comparison: `>=` became `>` in `s.submitted_on >= 2 days after s.assessed_on`",
                "figure: `2` became `3`",
                "figure: `2` became `1`",
                "unit: `days` became `working days` in `2 days`",
            ],
        ),
        (
            "15 study days of s.learner after s.assessed_on >= s.submitted_on",
            [
                "comparison: `>=` became `>` in "
                "`15 study days of s.learner after s.assessed_on >= s.submitted_on`",
                "figure: `15` became `16`",
                "figure: `15` became `14`",
            ],
        ),
        (
            "s.submitted_on != 2025-10-01",
            [
                "comparison: `!=` became `=` in `s.submitted_on != 2025-10-01`",
                "figure: `2025-10-01` became `2025-10-02`",
                "figure: `2025-10-01` became `2025-09-30`",
            ],
        ),
        (
            "s.assignment.unit.glh > 0",
            [
                "comparison: `>` became `>=` in `s.assignment.unit.glh > 0`",
                "figure: `0` became `1`",
            ],
        ),
        (
            "s.assignment.unit.glh < s.assignment.unit.credit",
            [
                "comparison: `<` became `<=` in `s.assignment.unit.glh < s.assignment.unit.credit`",
                "comparison: `<` became `>` in `s.assignment.unit.glh < s.assignment.unit.credit`",
            ],
        ),
        (
            "s.is_accepted = true",
            [
                "comparison: `=` became `!=` in `s.is_accepted = true`",
                "figure: `true` became `false`",
            ],
        ),
    ],
)
def test_comparisons_and_figures(condition: str, expected: list[str]) -> None:
    """A limit moves by one step to either side; `=` turns round; a figure changes by one."""
    assert demand_changes(condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            "(not s.is_accepted)",
            ["negation: `not s.is_accepted` became `s.is_accepted`"],
        ),
        (
            "s.grade is missing",
            ["presence: `s.grade is missing` became `s.grade is recorded`"],
        ),
        (
            "s.grade is not missing",
            ["presence: `s.grade is not missing` became `s.grade is missing`"],
        ),
        (
            "s.criterion_decisions is not empty",
            [
                "presence: `s.criterion_decisions is not empty` became "
                "`s.criterion_decisions is empty`"
            ],
        ),
        ("s.kind is retake", ["comparison: `s.kind is retake` became `s.kind is not retake`"]),
        (
            "s.kind is one of (retake, re_sit)",
            ["list: `retake` was left out", "list: `re_sit` was left out"],
        ),
        (
            "s.submitted_on not in year",
            ["negation: `not in` became `in` in `s.submitted_on not in year`"],
        ),
        ("s.submitted_on in year", []),
        (
            's.criteria_targeted has no any of ("A.P1", "A.P2")',
            [
                "negation: `has no` became `has` in "
                '`s.criteria_targeted has no any of ("A.P1", "A.P2")`',
                'list: `"A.P1"` was left out',
                'list: `"A.P2"` was left out',
                "connective: `any of` became `all of` in "
                '`s.criteria_targeted has no any of ("A.P1", "A.P2")`',
            ],
        ),
        (
            's.criteria_targeted has only ("A.P1", "A.P2")',
            ['list: `"A.P1"` was left out', 'list: `"A.P2"` was left out'],
        ),
        ('s.criteria_targeted has "A.P1"', []),
        (
            "s.is_accepted and s.is_authentic",
            [
                "connective: `and` became `or` in `s.is_accepted and s.is_authentic`",
                "operand: `s.is_accepted` was left out",
                "operand: `s.is_authentic` was left out",
            ],
        ),
        (
            "s.is_accepted or s.is_authentic or s.is_signed_by_learner",
            [
                "connective: `or` became `and` in "
                "`s.is_accepted or s.is_authentic or s.is_signed_by_learner`",
                "operand: `s.is_accepted` was left out",
                "operand: `s.is_authentic` was left out",
                "operand: `s.is_signed_by_learner` was left out",
            ],
        ),
    ],
)
def test_tests_and_connectives(condition: str, expected: list[str]) -> None:
    """A test turns round, a connective becomes the other, what stands in a list is left out."""
    assert demand_changes(condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            "if s.is_accepted then s.is_authentic else s.is_signed_by_learner",
            [
                "branch: `if s.is_accepted then s.is_authentic else s.is_signed_by_learner` "
                f"became `{branch}`"
                for branch in ("s.is_authentic", "s.is_signed_by_learner")
            ],
        ),
        (
            "(s.assessed_on otherwise s.submitted_on) in year",
            [
                "otherwise: `s.assessed_on otherwise s.submitted_on` became `s.assessed_on`",
                "otherwise: `s.assessed_on otherwise s.submitted_on` became `s.submitted_on`",
            ],
        ),
        (
            "(s.learner.submissions + s.assignment.programme.submissions) is not empty",
            [
                "presence: `s.learner.submissions + s.assignment.programme.submissions is not "
                "empty` became `s.learner.submissions + s.assignment.programme.submissions is "
                "empty`",
                "operand: `s.learner.submissions` was left out",
                "operand: `s.assignment.programme.submissions` was left out",
            ],
        ),
        (
            "s.assignment.unit.glh + s.assignment.unit.credit = 1",
            [
                "comparison: `=` became `!=` in "
                "`s.assignment.unit.glh + s.assignment.unit.credit = 1`",
                "arithmetic: `+` became `-` in `s.assignment.unit.glh + s.assignment.unit.credit`",
                "figure: `1` became `2`",
                "figure: `1` became `0`",
            ],
        ),
        (
            "earlier(s.submitted_on, s.assessed_on) in year",
            [
                "choice: `earlier` became `later` in `earlier(s.submitted_on, s.assessed_on)`",
            ],
        ),
        (
            "(latest v.verified_on for v in s.verifications where v.is_old) in year",
            [
                "choice: `latest` became `earliest` in "
                "`latest v.verified_on for v in s.verifications where v.is_old`",
                "where: `where v.is_old` was left out",
            ],
        ),
    ],
)
def test_values(condition: str, expected: list[str]) -> None:
    """A branch is always taken, `otherwise` is dropped, the earliest becomes the latest."""
    assert demand_changes(condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            "every x in s.verifications where x.verified_on in year satisfies x.is_late",
            [
                "`every x in s.verifications satisfies ...` became "
                "`some x in s.verifications where ...`",
                "`where x.verified_on in year` was left out",
            ],
        ),
        (
            "some x in s.verifications where x.verified_on in year",
            [
                "`some x in s.verifications where ...` became "
                "`every x in s.verifications satisfies ...`",
                "`where x.verified_on in year` was left out",
            ],
        ),
        (
            "some x in s.verifications",
            ["`some x in s.verifications` became `no x in s.verifications`"],
        ),
        (
            "no x in s.verifications",
            ["`no x in s.verifications` became `some x in s.verifications`"],
        ),
        (
            "exactly 1 x in s.verifications",
            [
                "`exactly 1 x in s.verifications` became `at least 1 x in s.verifications`",
                "`exactly 1 x in s.verifications` became `at most 1 x in s.verifications`",
                "`1` became `2`",
                "`1` became `0`",
            ],
        ),
        (
            "at least days x in s.verifications",
            ["`at least days x in s.verifications` became `exactly days x in s.verifications`"],
        ),
    ],
)
def test_quantifiers(condition: str, expected: list[str]) -> None:
    """Each quantifier becomes the one it is most easily mistaken for."""
    define = "define is_late(v: verification) = v.monitored_on < v.verified_on\n"
    parameter = 'parameter days = 2 "days"\n' if "days" in condition else ""
    found = changes(checked(f"{HEAD}{define}{parameter}{RULE}{condition}"))[1:]
    words = [change.partition(": ")[2] for change in found]
    assert words == expected


def test_the_one_row_with_the_latest() -> None:
    """`with latest` becomes `with earliest`."""
    one = "the x in s.verifications with latest x.verified_on"
    assert demand_changes(f"({one}).outcome is recorded")[1:] == [
        f"choice: `latest` became `earliest` in `{one}`"
    ]


RULE_WITH_ALL = """
rule r "R" cites TOY-1
  for each programme p, each u in p.units where u.level = 3
  when p.is_full_time
  except small "few learners" cites TOY-2 when p.is_small
  breach "{u.level}"
  should a: p.first_ready_on by 30 April
    when p.is_new
  should b: p.starts_on by p.ends_on
  must not c: p.is_small
  note d: p.is_new "new"
"""


def test_rules() -> None:
    """Scope, `when`, exceptions, modals and deadlines change, messages and titles do not."""
    rule = tree(HEAD + RULE_WITH_ALL).items[0]
    assert isinstance(rule, ast.Rule)
    found = [(each.label, each.change.words) for each in mutants_of(rule, {})]
    assert found == [
        ("", "`where u.level = 3` was left out"),
        ("", "`=` became `!=` in `u.level = 3`"),
        ("", "`3` became `4`"),
        ("", "`3` became `2`"),
        ("", "`when p.is_full_time` was left out"),
        ("", "`except small` was left out"),
        ("a", "`by 30 April` was left out"),
        ("a", "`30 April` became `1 May`"),
        ("a", "`30 April` became `29 April`"),
        ("a", "`when p.is_new` was left out"),
        ("b", "`by p.ends_on` was left out"),
        ("b", "`p.ends_on` became `1 day before it`"),
        ("b", "`p.ends_on` became `1 day after it`"),
        ("c", "`must not` became `must`"),
    ]


def test_parameters() -> None:
    """A default moves by one step, a word becomes each other word of its choice."""
    assert changes(checked(f'{HEAD}parameter p = 0.25 "rate"')) == [
        "figure: `0.25` became `0.26`",
        "figure: `0.25` became `0.24`",
    ]
    assert changes(checked(f'{HEAD}parameter p = 12 weeks "time"')) == [
        "figure: `12` became `13`",
        "figure: `12` became `11`",
    ]
    assert changes(checked(f'{HEAD}parameter p: one of (a, b, c) = b "choice" setting')) == [
        "figure: `b` became `a`",
        "figure: `b` became `c`",
    ]
    assert changes(checked(f'{HEAD}parameter p = "text" "a text"')) == []


def test_definitions_and_membership() -> None:
    """The body of a definition and the condition of `applies to` change like any other."""
    assert changes(checked(f"{HEAD}define d(s: submission) = s.kind is retake")) == [
        "comparison: `s.kind is retake` became `s.kind is not retake`"
    ]
    spec = checked(f"{HEAD}applies to programme p where p.suite is nationals")
    (applies,) = spec.node.applies
    (mutant,) = mutants_of(applies, spec.types)
    assert mutant.change.words == "`p.suite is nationals` became `p.suite is not nationals`"


def test_a_long_expression_loses_its_middle() -> None:
    """A sentence stays readable however long the condition is."""
    condition = " and ".join(["s.is_accepted"] * 20)
    (*_, rule) = tree(f"{HEAD}{RULE}{condition}").items
    assert isinstance(rule, ast.Rule)
    assert shown(rule.demands[0].condition) == (
        "s.is_accepted and s.is_accepted a ... d s.is_accepted and s.is_accepted"
    )


def test_every_change_can_be_written_down() -> None:
    """What a change makes is a spec that an author could have written: it prints and parses."""
    spec = replace(tree(EVERY_CONSTRUCT.read_text(encoding="utf-8")), comments=())
    count = 0
    for at, item in enumerate(spec.items):
        if isinstance(item, ast.Rule | ast.Define | ast.Parameter):
            for mutant in mutants_of(item, {}):
                assert not isinstance(mutant.new, ast.AppliesTo)
                items = (*spec.items[:at], mutant.new, *spec.items[at + 1 :])
                changed = replace(spec, items=items)
                assert changed != spec
                assert tree(print_spec(changed)) == changed, mutant.change.words
                count += 1
    assert count > 100


def test_nothing_is_tried_twice() -> None:
    """Two ways to the same result count once."""
    (*_, rule) = tree(f"{HEAD}{RULE}s.is_accepted and s.is_accepted").items
    assert isinstance(rule, ast.Rule)
    found = [each.change.kind for each in mutants_of(rule, {})]
    assert found == ["modal", "connective", "operand"]
    assert len(list(variants(rule.demands[0].condition, {}))) == 3
