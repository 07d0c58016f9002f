"""An entry is used for as long as everything that its pack was made of is as it was."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from policy.pack import Pack
from policy.pack_cache import making
from policy.pack_cache.observing import FILE, is_as_it_was, observe
from tests.pack_cache.worlds import PACKAGE, REGISTER, World, settle

PLUGIN = """\
from policy.hookspecs import hookimpl
from policy.model.outcomes import Outcome, Severity
from policy.model.suite import Check, Decision, Suite
from house_words import WORDS


def decide(context, staff):
    return Decision(outcome=Outcome.BREACHED, message="as always")


@hookimpl
def policy_suite():
    check = Check(
        name="never_good_enough", title=WORDS, scope="staff",
        severity=Severity.MUST, clauses=("HOUSE-001",), decide=decide,
    )
    return Suite(name="house", title="House rules", prefixes=("HOUSE-",), checks=(check,))
"""


def install(place: Path, name: str, module: str) -> None:
    """Say that a distribution with one plugin is installed there."""
    notes = place / f"{name}-1.0.dist-info"
    notes.mkdir(parents=True)
    (notes / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (notes / "entry_points.txt").write_text(f"[policy.suites]\nhouse = {module}\n", "utf-8")


EDITS = {
    "table": ("work/tables/limits.csv", "all,5", "all,1", True),
    "spec": ("work/house.policy", ">= fewest", "> fewest", True),
    "spec, same size and time": ("work/house.policy", "hand in little", "hand in a lot.", True),
    "register": ("work/clauses/house.yaml", "HOUSE-001", "HOUSE-002", True),
    "installed spec": (f"place/{PACKAGE}/other/other.policy", "Installed", "Delivered", False),
}


@pytest.mark.parametrize("edited", EDITS)
def test_an_edit_is_noticed(world: World, edited: str) -> None:
    """The pack is made anew, and the report is the one that it gives."""
    name, old, new, matters = EDITS[edited]
    path = world.work.parent / name
    before = world.check()
    assert (before.loads, world.check().loads) == (1, 0)
    found = path.stat()
    edit(path, old, new)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    after = world.check()
    assert after.loads == 1
    assert after.out == world.check("--no-cache").out
    assert (after.out != before.out) is matters


def edit(path: Path, old: str, new: str) -> None:
    """Edit a file in place."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_comes_and_goes_is_noticed(world: World) -> None:
    """A register, an installed spec, a plugin; a spec that is there no more."""
    world.kept()
    assert world.check().loads == 0
    (world.work / "clauses" / "more.yaml").write_text(REGISTER.replace("HOUSE", "MORE"), "utf-8")
    assert [world.check().loads, world.check().loads] == [1, 0]
    installed = world.installed / "other" / "other.policy"
    shutil.copy(installed, world.installed / "other" / "next.policy")
    edit(world.installed / "other" / "next.policy", "spec other", "spec next")
    assert [world.check().loads, world.check().loads] == [1, 0]
    installed.unlink()
    assert [world.check().loads, world.check().loads] == [1, 0]
    install(world.installed.parent, "newcomer", "no_such_module")
    ended = world.check()
    assert (ended.loads, ended.code) == (1, 2)


def test_what_is_only_touched_is_not_read_anew(world: World) -> None:
    """Contents decide, not times."""
    world.kept()
    for path in sorted(world.work.rglob("*")):
        path.touch()
    assert world.check().loads == 0


def test_settings_and_rules_make_packs_of_their_own(world: World) -> None:
    """Another setting, other rules: each answers for itself, and so does another folder."""
    first = [world.check(*more).out for more in ((), ("--set", "fewest=3"), ("--rule", "named"))]
    again = [world.check(*more) for more in ((), ("--set", "fewest=3"), ("--rule", "named"))]
    assert [each.out for each in again] == first
    assert [each.loads for each in again] == [0, 0, 0]
    assert len(set(first)) == len(world.entries) == 3


def test_what_was_just_written_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system's clock may be too coarse to tell one edit from the next."""
    monkeypatch.setattr(making, "_MARGIN", 60 * 10**9)
    assert [world.check().loads, world.check().loads] == [1, 1]
    assert world.entries == []


def test_a_spec_edited_while_it_was_judged_by_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read and what lies there now are two things."""
    from policy import engine

    judge = engine.check

    def judged_slowly(*arguments: Any, **options: Any) -> Any:
        edit(world.work / "house.policy", ">= fewest", "> fewest")
        return judge(*arguments, **options)

    monkeypatch.setattr(engine, "check", judged_slowly)
    world.check()
    assert world.entries == []


def test_an_edit_of_a_plugin_is_noticed(processes: World) -> None:
    """Of any module of it; each run is a process of its own."""
    place = processes.installed.parent
    package = place / "house_plugin"
    package.mkdir()
    text = PLUGIN.replace("from house_words", "from house_plugin.house_words")
    (package / "__init__.py").write_text(text, "utf-8")
    words = package / "house_words.py"
    words.write_text('WORDS = "Staff are good enough"\n', "utf-8")
    install(place, "house_plugin", "house_plugin")
    settle()
    said = [title(processes.check().out) for _ in range(2)]
    assert len(processes.entries) == 1
    words.write_text('WORDS = "Staff are good"\n', "utf-8")
    assert [*said, title(processes.check().out)] == [
        *["Staff are good enough"] * 2,
        "Staff are good",
    ]


def title(report: str) -> str:
    """Return the title of the check, which the manifest of the plugin holds."""
    (said,) = {
        each["title"] for each in json.loads(report)["rules"] if each["rule"] == "never_good_enough"
    }
    return str(said)


def test_every_file_of_the_engine_is_observed() -> None:
    """Modules, the schema, the grammar: all that lies in the package and is no plain text."""
    import policy

    home = Path(policy.__file__).parent
    pack = SimpleNamespace(catalogue=SimpleNamespace(roots=(), files=(), trees=lambda: ()))
    observed = set(making._made_of(cast("Pack", pack), ()))
    everything = {
        path for path in home.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    missed = {path for path in everything if (FILE, str(path)) not in observed}
    assert {path.name for path in missed} <= {"py.typed"}
    assert home / "data" / "centre.schema.json" in everything - missed
    assert {path.suffix for path in everything - missed} == {".py", ".json", ".lark"}


def test_modules_of_plugins_are_observed() -> None:
    """Those that are installed and were imported, whole packages of them."""
    from policy.plugins import discover

    modules = {check.decide.__module__ for suite in discover().suites for check in suite.checks}
    homes = {str(sys.modules[name].__file__) for name in modules}
    assert homes <= {path for kind, path in making._plugins() if kind == FILE}
    assert len(homes) > 1


def test_an_edit_of_what_is_observed(tmp_path: Path) -> None:
    """Another text is noticed, also a file that goes or comes; the same text again is not."""
    path = tmp_path / "centre.schema.json"
    assert is_as_it_was(nothing := observe(FILE, str(path)))
    path.write_text("{}", "utf-8")
    seen = observe(FILE, str(path))
    assert not is_as_it_was(nothing)
    assert is_as_it_was(seen)
    path.write_text("[]", "utf-8")
    assert not is_as_it_was(seen)
    path.write_text("{}", "utf-8")
    assert is_as_it_was(seen)
    path.unlink()
    assert not is_as_it_was(seen)
