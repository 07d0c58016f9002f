"""Changes are tried on the examples: what one notices, what none does, and what is no change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from policy.authoring.examples import run_examples
from policy.authoring.mutation.bench import Bench, Verdict, quick_world
from policy.authoring.mutation.item_changes import mutants_of
from policy.authoring.mutation.mutating import MutationReport, mutate
from policy.dsl.printing.printer import print_spec
from policy.dsl.syntax import ast
from policy.model.diagnostics import Level
from policy.pack import Pack
from tests import toy

HEAD = 'language 1\nspec mine "Mine" for 2025/26\n'
RULE = (
    'rule r "R" cites TOY-001 for each submission s\n'
    '  breach "not assessed: {s.kind}"\n'
    "  when s.kind is not retake\n"
    "  must a: s.assessed_on is recorded\n"
    "  should b: s.grade is P\n"
)
EXAMPLE = (
    'example "e" given "tiny.json" as at 2026-05-01\n'
    "  expect r.a met for submission S1\n"
    "  expect r.a breached for submission S2\n"
)


def loading(
    tmp_path: Path, text: str, *others: tuple[str, str], accepted: str = ""
) -> partial[Pack]:
    """Write a spec with the libraries it uses; return what loads it."""
    (tmp_path / "tiny.json").write_text(toy.TINY.read_text())
    for name, other in others:
        (tmp_path / f"{name}.policy").write_text(f'language 1\nlibrary {name} "L"\n{other}')
    (tmp_path / "mine.policy").write_text(text)
    if accepted:
        (tmp_path / "mine.accepted.yaml").write_text(accepted)
    return partial(toy.pack, files=[tmp_path], with_libraries=True)


def tried(
    tmp_path: Path, text: str, *others: tuple[str, str], rules: Sequence[str] = ()
) -> MutationReport:
    """Try the changes of a spec and of the libraries it uses."""
    return mutate(loading(tmp_path, text, *others), rules)


def survivors(report: MutationReport) -> list[str]:
    """Return what no example noticed."""
    return [f"{each.of}: {each.words}" for each in report.survivors]


def test_what_no_example_notices_survives(tmp_path: Path) -> None:
    """A demand without an expectation and a `when` that no example needs are found."""
    report = tried(tmp_path, HEAD + RULE + EXAMPLE)
    assert survivors(report) == [
        "rule r: if `when s.kind is not retake` was left out",
        "rule r.b: if `should` became `should not`",
        "rule r.b: if `s.grade is P` became `s.grade is not P`",
    ]
    assert (len(report.tried), report.failing, report.diagnostics) == (6, (), ())
    assert report.score == 50


def test_an_example_that_notices_closes_the_gap(tmp_path: Path) -> None:
    """With an example for each side of everything, nothing is left."""
    more = (
        'example "f" given "tiny.json" as at 2026-05-01\n'
        "  change submission S1 kind to retake\n"
        "  change submission S2 grade to P\n"
        "  expect r.a not applicable for submission S1\n"
        "  expect r.b met for submission S2\n"
    )
    report = tried(tmp_path, HEAD + RULE + EXAMPLE + more)
    assert survivors(report) == []
    assert report.score == 100


def test_what_does_not_check_is_no_change(tmp_path: Path) -> None:
    """A comparison with every row of another list is refused, so it is not counted."""
    rule = (
        'rule r "R" cites TOY-001 for each assignment a must some s in a.programme.submissions '
        "where s.assignment = a\n"
    )
    report = tried(tmp_path, HEAD + rule)
    assert [each.kind for each in report.tried] == ["modal"]


def test_what_only_messages_read_is_not_tried(tmp_path: Path) -> None:
    """No example can expect what a finding says."""
    define = "define is_first(s: submission) = s.kind is first\nparameter shown = 3\n"
    rule = RULE.replace("{s.kind}", "{s.is_first}{shown}").replace("= 3", '= 3 "days"')
    report = tried(tmp_path, HEAD + define.replace("= 3", '= 3 "days"') + rule + EXAMPLE)
    assert {each.of for each in report.tried} == {"rule r", "rule r.a", "rule r.b"}


def test_a_definition_counts_for_every_rule_that_reads_it(tmp_path: Path) -> None:
    """A change of a definition is noticed through other definitions, and through `applies to`."""
    defines = (
        "applies to programme p where p.is_meant\n"
        "define is_meant(p: programme) = p.suite is nationals\n"
        "define was_marked(s: submission) = s.assessed_on is recorded\n"
        "define is_done(s: submission) = s.was_marked\n"
    )
    rule = 'rule r "R" cites TOY-001 for each submission s must s.is_done\n'
    report = tried(tmp_path, HEAD + defines + rule + EXAMPLE.replace("r.a", "r"))
    assert survivors(report) == []
    assert [each.of for each in report.tried] == [
        "definition is_meant",
        "definition was_marked",
        "rule r",
    ]


LIBRARY = (
    "define is_done(s: submission) = s.assessed_on is recorded\n"
    "define is_lost(s: submission) = s.grade is missing\n"
)


def test_who_uses_a_library_notices_for_it(tmp_path: Path) -> None:
    """Examples of files that use a library count for it; what nobody reads is left out."""
    rule = 'use lib\nrule r "R" cites TOY-001 for each submission s must s.is_done\n'
    report = tried(tmp_path, HEAD + rule + EXAMPLE.replace("r.a", "r"), ("lib", LIBRARY))
    assert [each.words for each in report.tried if each.of == "definition is_done"] == [
        "if `s.assessed_on is recorded` became `s.assessed_on is missing`"
    ]
    assert all(each.noticed for each in report.tried)
    assert "definition is_lost" not in {each.of for each in report.tried}


def test_a_change_of_a_library_must_check_wherever_it_is_used(tmp_path: Path) -> None:
    """What makes another file wrong is no change."""
    library = (
        "define same(x: submission, y: assignment) = x.assignment = y and x.grade is recorded\n"
    )
    rule = (
        'use lib\nrule r "R" cites TOY-001 for each assignment a '
        "must some s in a.programme.submissions where same(s, a)\n"
    )
    report = tried(tmp_path, HEAD + rule, ("lib", library))
    words = [each.words for each in report.tried if each.of == "definition same"]
    assert "if `x.assignment = y` was left out" not in words
    assert "if `x.grade is recorded` was left out" in words


def test_a_rule_is_noticed_where_it_is_taken(tmp_path: Path) -> None:
    """A library's rule without an example of its own may have one where it is used."""
    report = tried(tmp_path, HEAD + "use lib (r cites TOY-002)\n" + EXAMPLE, ("lib", RULE))
    assert "rule r.a: if `must` became `must not`" not in survivors(report)
    assert "rule r.b: if `should` became `should not`" in survivors(report)


def test_one_rule_alone(tmp_path: Path) -> None:
    """`rules` keeps the changes of those rules and of what they read."""
    more = (
        "define is_done(s: submission) = s.assessed_on is recorded\n"
        'rule q "Q" cites TOY-001 for each submission s must s.is_done\n'
    )
    report = tried(tmp_path, HEAD + RULE + more + EXAMPLE, rules=["q"])
    assert [each.of for each in report.tried] == ["definition is_done", "rule q"]


def test_examples_that_fail_anyway_notice_nothing(tmp_path: Path) -> None:
    """An example that fails as things stand is named and left out."""
    wrong = EXAMPLE.replace('"e"', '"wrong"').replace("S2", "S1")
    lost = EXAMPLE.replace('"e"', '"lost"').replace("tiny", "no")
    report = tried(tmp_path, HEAD + RULE + wrong + lost)
    assert [title.rpartition(": ")[2] for title in report.failing] == ["wrong", "lost"]
    assert report.score == 0


def test_the_next_edition_is_tried_by_its_own_examples(tmp_path: Path) -> None:
    """An amending file has its own changes; those of the spec before are tried once."""
    overlay = (
        'language 1\namends mine for 2026/27 "Mine"\n'
        + RULE.replace("rule r", "replace rule r")
        + EXAMPLE
    )
    load = loading(tmp_path, HEAD + RULE + EXAMPLE)
    (tmp_path / "mine_next.policy").write_text(overlay)
    report = mutate(load)
    files = [Path(each.file).name for each in report.tried]
    assert files == ["mine.policy"] * 6 + ["mine_next.policy"] * 6


def test_the_same_words_are_numbered(tmp_path: Path) -> None:
    """Two places that read alike can be told apart."""
    rule = (
        'rule r "R" cites TOY-001 for each submission s '
        "must a: s.grade is P or (s.grade is P and s.is_accepted)\n"
    )
    report = tried(tmp_path, HEAD + rule)
    words = [each.words for each in report.tried]
    assert "if `s.grade is P` was left out" in words
    assert "if `s.grade is P` was left out (2)" in words


def test_a_plugins_check_may_read_a_parameter(tmp_path: Path) -> None:
    """Every example of a check counts for a parameter: Python may read it."""
    toy_file = toy.ROOT / "toy" / "toy.policy"
    text = toy_file.read_text() + 'parameter longest = 3 "letters"\n'
    text += 'rule reads "It" cites TOY-001 for each centre c must c.name is recorded '
    text += "when longest > 1\n"
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "tiny.json").write_text(toy.TINY.read_text())
    (tmp_path / "toy.policy").write_text(text)
    report = mutate(partial(toy.pack, files=[tmp_path / "toy.policy"]))
    assert [each.noticed for each in report.tried if each.of == "parameter longest"] == [False] * 2


ACCEPTED = """
accepted:
  - of: rule r.b
    change: if `should` became
      `should not`
    because: nobody minds
  - of: rule r
    change: if `when s.kind is not retake` was left out
    because: there are no retakes
"""


def test_a_change_may_be_accepted_for_a_reason(tmp_path: Path) -> None:
    """Accepted changes are no survivors and do not count."""
    report = mutate(loading(tmp_path, HEAD + RULE + EXAMPLE, accepted=ACCEPTED))
    assert [each.because for each in report.accepted] == ["there are no retakes", "nobody minds"]
    assert len(survivors(report)) == 1
    assert report.score == 75
    assert report.diagnostics == ()


def test_an_acceptance_that_excuses_nothing_is_said(tmp_path: Path) -> None:
    """A change that is noticed by now, or was never tried, needs no acceptance."""
    accepted = (
        "accepted:\n"
        "  - {of: rule r.a, change: 'if `must` became `must not`', because: x}\n"
        "  - {of: rule r.b, change: 'if `should` became `should no`', because: x}\n"
        "  - {of: rule gone, change: 'if `must` became `must not`', because: x}\n"
    )
    load = loading(tmp_path, HEAD + RULE + EXAMPLE, accepted=accepted)
    report = mutate(load)
    assert [
        (each.code, each.level, each.message.rpartition(", ")[2]) for each in report.diagnostics
    ] == [
        ("P716", Level.WARNING, "is noticed by an example"),
        ("P716", Level.WARNING, "is none of those tried"),
        ("P716", Level.WARNING, "is none of those tried"),
    ]
    assert "should not" in report.diagnostics[1].help
    assert report.diagnostics[2].help == "remove the entry"
    assert not report.has_errors
    assert len(mutate(load, ["r"]).diagnostics) == 2


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("other: []\n", "there is no list `accepted`"),
        ("accepted: [x]\n", "accepted change 1: it is no object"),
        ("accepted: [{of: rule r, change: if}]\n", "accepted change 1: `because` is not given"),
        (
            "accepted: [{of: rule r, change: if, because: x, when: y}]\n",
            "accepted change 1: `when` means nothing here",
        ),
        ("accepted: [\n", None),
    ],
)
def test_a_file_of_acceptances_that_cannot_be_used(
    tmp_path: Path, accepted: str, expected: str | None
) -> None:
    """What is wrong with it is said, and nothing is accepted."""
    report = mutate(loading(tmp_path, HEAD + RULE + EXAMPLE, accepted=accepted))
    (diagnostic,) = report.diagnostics
    assert report.has_errors
    assert report.accepted == ()
    if expected:
        assert (diagnostic.code, diagnostic.message[: len(expected)]) == ("P717", expected)


def test_the_report_is_the_same_whatever_the_number_of_workers(tmp_path: Path) -> None:
    """Two processes find what one finds, in the same order."""
    load = loading(tmp_path, HEAD + RULE + EXAMPLE, ("lib", LIBRARY))
    assert mutate(load, workers=2) == mutate(load)


def test_nothing_to_change(tmp_path: Path) -> None:
    """A file without rules is no failure."""
    report = tried(tmp_path, HEAD)
    assert (report.tried, report.score) == ((), 100)


def test_trying_a_part_finds_what_trying_the_whole_finds(tmp_path: Path) -> None:
    """What only the reached part of a spec is tried on ends as the whole spec, written anew."""
    pack = toy.pack(with_libraries=True)
    world = quick_world(pack)
    trees = {node.name: node for _, node in pack.catalogue.trees() if node.kind == "library"}
    verdicts = []
    for spec in pack.checked[:1]:
        bench = Bench(pack, spec, trees, world)
        for item in spec.node.items:
            if isinstance(item, ast.Rule | ast.Define):
                for mutant in mutants_of(item, spec.types):
                    assert not isinstance(mutant.new, ast.AppliesTo)
                    items = tuple(mutant.new if each is item else each for each in spec.node.items)
                    text = print_spec(replace(spec.node, items=items, comments=()))
                    verdicts.append((bench.verdict(mutant), _whole(tmp_path, text)))
    assert [one for one, _ in verdicts] == [other for _, other in verdicts]
    assert {Verdict.NOTICED, Verdict.SURVIVED} <= {one for one, _ in verdicts}


def _whole(tmp_path: Path, text: str) -> Verdict:
    """Run all examples of a spec as `policy test` does."""
    (tmp_path / "examples").mkdir(exist_ok=True)
    (tmp_path / "examples" / "tiny.json").write_text(toy.TINY.read_text())
    (tmp_path / "toy.policy").write_text(text)
    report = run_examples(toy.pack(files=[tmp_path / "toy.policy"]))
    if not report.examples:
        return Verdict.REFUSED
    holds = all(example.passed for example in report.examples)
    return Verdict.SURVIVED if holds else Verdict.NOTICED
