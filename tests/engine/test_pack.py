"""A pack holds what was asked for, in every edition, and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from policy.pack import load_pack
from tests import toy

HEAD = 'language 1\nspec mine "Mine" for 2025/26\n'
RULE = 'rule r "R" cites TOY-001 for each submission s must s.kind is first\n'


def test_all_specs_in_all_editions() -> None:
    """Without names every spec takes part; an overlay makes another edition."""
    pack = toy.pack()
    assert [(spec.name, spec.edition) for spec in pack.specs] == [
        ("toy", "2025/26"),
        ("toy", "2026/27"),
    ]
    assert not pack.has_errors
    assert pack.libraries == ()


def test_libraries_on_request() -> None:
    """Libraries are planned when they are asked for."""
    pack = toy.pack(with_libraries=True)
    assert [spec.name for spec in pack.libraries] == ["shared"]


def test_an_edition_drops_and_strengthens() -> None:
    """The overlay's changes are in the plan of its edition only."""
    old, new = toy.pack().specs
    assert [rule.name for rule in old.rules] == ["window", "assessed", "someone_assesses", "once"]
    assert [rule.name for rule in new.rules] == ["window", "assessed", "someone_assesses"]
    assert [str(rule.demands[0].severity) for rule in (old.rules[1], new.rules[1])] == [
        "should",
        "must",
    ]
    assert old.hash != new.hash


@pytest.mark.parametrize(
    ("names", "message"),
    [(["toyy"], "there is no spec `toyy`")],
)
def test_unknown_spec(names: list[str], message: str) -> None:
    """A name nobody has is a diagnostic with a suggestion."""
    pack = toy.pack(names)
    assert [(item.message, item.help) for item in pack.diagnostics] == [
        (message, "did you mean `toy`?")
    ]
    assert pack.has_errors


def test_one_edition_in_two_files_of_a_folder(tmp_path: Path) -> None:
    """A copy of a file that kept its name is not silently the only one; a named file may win."""
    (tmp_path / "a.policy").write_text(HEAD + RULE)
    (tmp_path / "b.policy").write_text(HEAD + RULE.replace("rule r", "rule q"))
    pack = load_pack(suites=toy.suites(), roots=[toy.ROOT, tmp_path])
    assert [item.code for item in pack.diagnostics] == ["P713"]
    assert pack.has_errors
    named = load_pack(
        files=[tmp_path / "b.policy", tmp_path / "a.policy"],
        suites=toy.suites(),
        roots=[toy.ROOT],
    )
    assert named.diagnostics == ()
    assert [rule.name for spec in named.specs for rule in spec.rules] == ["r"]


def test_a_spec_asked_for_by_name_that_cannot_be_read(tmp_path: Path) -> None:
    """What is wrong with its file is said, not only that there is no such spec."""
    (tmp_path / "a.policy").write_text(HEAD + RULE + "must\n")
    pack = load_pack(["mine"], suites=toy.suites(), roots=[toy.ROOT, tmp_path])
    codes = [item.code for item in pack.diagnostics]
    assert "P215" in codes
    assert any(code.startswith("P1") for code in codes)


def test_an_edition_amends_an_earlier_one(tmp_path: Path) -> None:
    """There must be something to amend, and a later year is no earlier edition."""
    (tmp_path / "a.policy").write_text(HEAD + RULE)
    overlay = tmp_path / "b.policy"
    for name, message in (
        ("mine", "there is no edition of `mine` before 2024/25"),
        ("other", "there is no spec `other`"),
    ):
        overlay.write_text(f'language 1\namends {name} for 2024/25 "Mine, earlier"\n')
        pack = load_pack(files=[tmp_path], suites=toy.suites(), roots=[toy.ROOT])
        assert [(item.code, item.message) for item in pack.diagnostics] == [("P215", message)]


def test_unknown_rule() -> None:
    """A rule that no spec has is a diagnostic."""
    assert [item.code for item in toy.pack(rules=["windo"]).diagnostics] == ["P216"]


def test_rules_and_demands_can_be_picked() -> None:
    """`--rule` takes rules, demands, and checks of plugins."""
    pack = toy.pack(["toy"], rules=["assessed.done", "title_is_short"])
    assert [[demand.label for demand in rule.demands] for rule in pack.specs[0].rules] == [["done"]]
    assert pack.wants("title_is_short")
    assert not pack.wants("never_decided")


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        ({"days": "10"}, []),
        ({"days": "ten"}, ["P704"]),
        ({"dayss": "10"}, ["P703"]),
    ],
)
def test_settings(settings: dict[str, str], codes: list[str]) -> None:
    """Settings have the type of their parameter."""
    pack = toy.pack(settings=settings)
    assert [item.code for item in pack.diagnostics] == codes
    assert pack.specs[0].parameters["days"] == (10 if not codes else 15)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    """A named file is judged alone, with the installed libraries and clauses behind it."""
    file = tmp_path / "mine.policy"
    file.write_text(HEAD + "use shared (window)\n" + RULE)
    pack = toy.pack(files=[file])
    assert [item.message for item in pack.diagnostics] == []
    assert [spec.name for spec in pack.specs] == ["mine"]
    assert [rule.name for rule in pack.specs[0].rules] == ["window", "r"]


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    """A named folder brings its files, its clauses and its tables."""
    (tmp_path / "clauses").mkdir()
    (tmp_path / "clauses" / "own.yaml").write_text(
        "guide: OWN\ntitle: Own guide\nclauses:\n  - {id: OWN-1, says: Something.}\n"
    )
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "own.policy").write_text(HEAD + RULE.replace("TOY-001", "OWN-1"))
    pack = toy.pack(files=[tmp_path])
    assert pack.diagnostics == ()
    assert pack.register.clauses["OWN-1"].says == "Something."
    assert pack.specs[0].suite == "own"


def test_a_file_wins_over_an_installed_one_of_the_same_name(tmp_path: Path) -> None:
    """Authors work on a copy."""
    file = tmp_path / "toy.policy"
    file.write_text((toy.ROOT / "toy" / "toy.policy").read_text().replace("Toy rules", "My copy"))
    pack = toy.pack(files=[file])
    assert "My copy" in [spec.title for spec in pack.specs]


@pytest.mark.parametrize("name", ["absent.policy", "empty"])
def test_nothing_there(tmp_path: Path, name: str) -> None:
    """A path without a spec is a diagnostic."""
    (tmp_path / "empty").mkdir()
    pack = toy.pack(files=[tmp_path / name])
    assert [item.code for item in pack.diagnostics] == ["P701"]


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 are a diagnostic, not a traceback."""
    file = tmp_path / "bad.policy"
    file.write_bytes(b"language 1\n\xff")
    pack = toy.pack(files=[file])
    assert [item.code for item in pack.diagnostics] == ["P702"]


def test_a_syntax_error_in_a_library_is_said(tmp_path: Path) -> None:
    """A spec is not told that its library is missing without being told why."""
    (tmp_path / "lib.policy").write_text('language 1\nlibrary lib "L"\nrule\n')
    (tmp_path / "mine.policy").write_text(HEAD + "use lib\n" + RULE)
    pack = toy.pack(files=[tmp_path])
    assert {item.code for item in pack.diagnostics} >= {"P215"}
    assert any(item.code.startswith("P1") for item in pack.diagnostics)


def test_an_overlay_of_nothing(tmp_path: Path) -> None:
    """`amends` needs an earlier edition."""
    file = tmp_path / "next.policy"
    file.write_text("language 1\namends nobody for 2026/27\n")
    assert [item.code for item in toy.pack(files=[file]).diagnostics] == ["P215"]


def test_tables_cannot_leave_their_folder(tmp_path: Path) -> None:
    """A path upwards is no table: the pack counts as not loaded."""
    (tmp_path / "secret.csv").write_text("k\na\n")
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "own.policy").write_text(
        HEAD
        + 'table t (key k) from "../secret.csv"\n'
        + RULE.replace("s.kind is first", 't["a"] is recorded')
    )
    (spec,) = toy.pack(files=[folder / "own.policy"]).specs
    assert spec.tables["t"].rows is None


def test_a_plugin_cannot_take_a_name_of_the_language() -> None:
    """A function called like a built-in is left out, and said."""
    loaded = toy.suites()
    (suite,) = loaded.suites
    taken = replace(suite.functions[0], name="earlier")
    loaded = replace(loaded, suites=(replace(suite, functions=(taken,)),))
    pack = load_pack(suites=loaded, roots=[toy.ROOT])
    assert [item.code for item in pack.diagnostics] == ["P913"]
