"""Texts into trees: places, names that are words of the language, what is found while building."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from policy.dsl.syntax import ast
from policy.dsl.syntax.parser import parse, parse_without_examples
from policy.model.source import SourceText

HEAD = 'language 1\nspec toy "Toy" for 2025/26\n'
EVERY_CONSTRUCT = Path(__file__).with_name("every_construct.policy").read_text(encoding="utf-8")


def spec_of(text: str) -> ast.Spec:
    """Parse a text that must have no mistake."""
    spec, diagnostics = parse(SourceText("toy.policy", text))
    assert diagnostics == ()
    assert spec is not None
    return spec


def condition_of(text: str) -> ast.Expr:
    """Parse the condition of a definition."""
    (item,) = spec_of(f"{HEAD}define f(s: submission) = {text}").items
    assert isinstance(item, ast.Define)
    return item.body


def rule_of(text: str) -> ast.Rule:
    """Parse one rule."""
    (item,) = spec_of(HEAD + text).items
    assert isinstance(item, ast.Rule)
    return item


def test_a_file_with_every_construct_is_read() -> None:
    """Counts, because a construct that vanished would leave a hole in the list."""
    spec = spec_of(EVERY_CONSTRUCT)
    kinds = [type(item).__name__ for item in spec.items]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "ChangeModal": 1,
        "Define": 10,
        "Drop": 1,
        "Example": 1,
        "Parameter": 5,
        "Replace": 1,
        "Rule": 3,
        "Table": 1,
    }
    assert [use.spec for use in spec.uses] == ["common", "shared"]
    assert [(t.rule, t.label, t.modal) for t in spec.uses[1].rules] == [
        ("plan_exists", "", "should"),
        ("plan_is_kept", "dated", ""),
        ("staffed", "", ""),
    ]
    assert [applies.entity for applies in spec.applies] == ["programme", "retained_record"]


def test_comments_are_kept_with_their_places() -> None:
    """A double hyphen inside quotes is no comment."""
    spec = spec_of('-- one\nlanguage 1 -- two\nspec s "a -- b" for 2025/26\n--')
    assert [comment.text for comment in spec.comments] == ["-- one", "-- two", "--"]
    assert spec.comments[1].span.text == "-- two"


def test_windows_files_are_read() -> None:
    """A byte order mark and carriage returns are what some editors write."""
    spec = spec_of("\ufeff" + HEAD.replace("\n", "\r\n") + "-- note\r\n")
    assert spec.name == "toy"
    assert spec.comments[0].text == "-- note"


@pytest.mark.parametrize(
    ("text", "kind", "name", "edition", "title"),
    [
        ('spec s "T" for 2025/26', "spec", "s", "2025/26", "T"),
        ('library shared "T"', "library", "shared", "", "T"),
        ('amends s for 2026/27 "T"', "amends", "s", "2026/27", "T"),
        ("amends s for 2026/27", "amends", "s", "2026/27", ""),
    ],
)
def test_headers(text: str, kind: str, name: str, edition: str, title: str) -> None:
    """Three kinds of files have three kinds of second lines."""
    spec = spec_of(f"language 1 {text}")
    assert (spec.kind, spec.name, spec.edition, spec.title) == (kind, name, edition, title)
    assert spec.name_span.text == name


@pytest.mark.parametrize("word", ["where", "every", "rule", "is", "count", "must", "for", "true"])
def test_fields_may_have_any_name(word: str) -> None:
    """The data model names its fields, not the language."""
    found = condition_of(f"s.{word}")
    assert isinstance(found, ast.Member)
    assert found.name == word
    assert isinstance(found.of, ast.Name)


@pytest.mark.parametrize("word", ["rule", "change", "where", "copy", "example", "with", "to"])
def test_entities_and_fields_of_examples_may_have_any_name(word: str) -> None:
    """The same holds after `for each`, `change`, `remove`, `copy` and `expect .. for`."""
    text = (
        f'{HEAD}example "e" given "f" change {word} 12345 {word} to missing remove {word} A1'
        f" copy {word} A1 as A2 expect r met for {word} {word} with {word} 7"
    )
    (item,) = spec_of(text).items
    assert isinstance(item, ast.Example)
    change, remove, copied = item.steps
    assert isinstance(change, ast.Change)
    assert (change.entity, change.id, change.field, change.value) == (word, "12345", word, None)
    assert isinstance(remove, ast.Remove)
    assert isinstance(copied, ast.Copy)
    (expect,) = item.expects
    assert (expect.entity, expect.id, expect.with_entity, expect.with_id) == (word, word, word, "7")
    rule = rule_of(f'rule r "t" for each {word} x must x.{word}')
    assert rule.scope.entity == word


@pytest.mark.parametrize("word", ["owner", "breach", "cites", "day", "May", "rule", "expect", "to"])
def test_variables_may_be_named_like_clauses(word: str) -> None:
    """Words of clauses and units are not reserved."""
    found = condition_of(f"some {word} in s.list where {word} = {word}.x")
    assert isinstance(found, ast.Quantifier)
    assert found.generator.variable == word
    assert isinstance(found.where, ast.Compare)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a"', "a"),
        ("15", 15),
        ("0.80", Decimal("0.80")),
        ("2025-10-28", date(2025, 10, 28)),
        ("true", True),
        ("false", False),
    ],
)
def test_literals(text: str, value: object) -> None:
    """Each has the Python type its value has, decimals never a float."""
    found = condition_of(text)
    assert isinstance(found, ast.Literal)
    assert (type(found.value), found.value) == (type(value), value)


@pytest.mark.parametrize(
    ("written", "unit"),
    [("1 day", "days"), ("12 weeks", "weeks"), ("1 working  day", "working days")],
)
def test_units_are_plural_in_the_tree(written: str, unit: str) -> None:
    """One day and several days are one unit."""
    found = condition_of(written)
    assert isinstance(found, ast.Length)
    assert found.unit == unit


def test_negations_bind_to_the_modal() -> None:
    """`must not a` is a modal; `must (not a)` negates the condition."""
    rule = rule_of('rule r "t" for each s s must not s.a must (not s.a)')
    assert [demand.modal for demand in rule.demands] == ["must not", "must"]
    assert isinstance(rule.demands[1].condition, ast.Not)


def test_clauses_belong_to_the_rule_before_the_first_demand() -> None:
    """Afterwards to the demand they follow; citations add up."""
    rule = rule_of(
        'rule r "t" cites IA-001 for each s s cites IA-002 owner lead_iv'
        ' must a: s.a cites IA-003 breach "{s.x} and {s.y}" must b: s.b'
    )
    assert [clause.id for clause in rule.terms.cites] == ["IA-001", "IA-002"]
    assert rule.terms.owner == "lead_iv"
    assert rule.terms.owner_span is not None
    assert rule.terms.owner_span.text == "lead_iv"
    breach = rule.demands[0].terms.breach
    assert breach is not None
    assert breach.texts == ("", " and ", "")
    assert [hole.span.text for hole in breach.holes] == ["s.x", "s.y"]
    assert rule.demands[1].terms == ast.Terms(span=rule.span)


def test_spans_underline_what_was_written() -> None:
    """The places that diagnostics of later stages point at."""
    rule = rule_of('rule r "t" for each s s must s.a = (s.b otherwise 3)')
    condition = rule.demands[0].condition
    assert isinstance(condition, ast.Compare)
    assert rule.name_span.text == "r"
    assert condition.left.span.text == "s.a"
    assert condition.right.span.text == "s.b otherwise 3"


def test_values_of_examples() -> None:
    """Texts, enumerators, missing, empty and lists."""
    text = (
        f'{HEAD}example "e" given "f" change a 1 b to retake change a 1 b to "A 1"'
        " change a 1 b to empty change a 1 b to (P1, 2, 2025-10-28) expect r not breached"
        " expect r not applicable"
    )
    (item,) = spec_of(text).items
    assert isinstance(item, ast.Example)
    values = [step.value for step in item.steps if isinstance(step, ast.Change)]
    assert values == ["retake", "A 1", (), ("P1", 2, date(2025, 10, 28))]
    assert [(e.outcome, e.negated) for e in item.expects] == [
        ("breached", True),
        ("not applicable", False),
    ]


def test_nesting_has_an_end() -> None:
    """A text no person could read is a diagnostic, not a crash of the machine."""
    text = HEAD + "define f(s: submission) = " + "not " * 5000 + "s.a"
    spec, (diagnostic,) = parse(SourceText("deep", text))
    assert spec is None
    assert diagnostic.code == "P138"
    assert spec_of(HEAD + "define f(s: submission) = " + "(" * 500 + "s.a" + ")" * 500)


SHIPPED = sorted((Path(__file__).parents[2] / "specs").rglob("*.policy"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_without_examples_nothing_else_changes(path: Path) -> None:
    """The other items are the same, and stand in the same places."""
    source = SourceText(path.name, path.read_text(encoding="utf-8"))
    whole, short = parse(source)[0], parse_without_examples(source)
    assert whole is not None
    assert short is not None
    kept = [item for item in whole.items if not isinstance(item, ast.Example)]
    assert list(short.items) == kept
    assert [item.span.start for item in short.items] == [item.span.start for item in kept]
    assert (short.uses, short.applies) == (whole.uses, whole.applies)


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ('example "a"\n  given "f"\n  expect r met\n\n', 1),
        ('example "a"\n  given "f"\n\n  expect r met\n', 1),
        ('example "a"\n  given "f"\n  expect r met\n  define two(p: programme) = true\n', 3),
        ('example "a"\n  given "f"\n  expect r met\n-- more\n  expect r met\n', None),
        ('  example "a"\n    given "f"\n    expect r met\n', 2),
        ('example "a"\n  what is this\n', 1),
    ],
)
def test_what_counts_as_an_example(lines: str, left: int | None) -> None:
    """Only an example in the usual layout is left out; what might be an item is read in full."""
    text = f"{HEAD}{lines}define one(p: programme) = true\n"
    spec = parse_without_examples(SourceText("toy.policy", text))
    assert (None if spec is None else len(spec.items)) == left
