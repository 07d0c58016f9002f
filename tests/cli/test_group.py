"""The list of commands: cheap to show, kind to typing mistakes, complete."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from policy.cli.group import COMMANDS, LazyGroup

Call = Callable[..., Any]


def test_help_lists_every_command(call: Call) -> None:
    """Names, short helps, examples and exit codes, in 80 columns."""
    ended = call("--help")
    assert ended.code == 0
    for name, (_, _, help) in COMMANDS.items():
        assert name in ended.out
        assert help in ended.out
    assert "Exit codes:" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_teaches(call: Call, name: str) -> None:
    """Every command has examples of itself in its help, in 80 columns."""
    ended = call(name, "--help")
    assert ended.code == 0
    assert "Examples:" in ended.out
    assert f"  policy {name}" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80


def test_help_imports_no_command() -> None:
    """Showing the list loads no module of a command."""
    modules = [module for module, _, _ in COMMANDS.values()]
    script = (
        "import sys\nfrom policy.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print('loaded:', *sorted(set({modules!r}) & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=600, check=True
    )
    assert ran.stdout.splitlines()[-1] == "loaded:"


def test_every_file_of_a_command_is_in_the_table() -> None:
    """Each entry of the table leads to a command of that name."""
    for name, (module, attribute, _) in COMMANDS.items():
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        assert command.name == name


def test_a_misspelt_command_is_guessed(call: Call) -> None:
    """The nearest command is offered; without one the mistake is told."""
    ended = call("chek")
    assert ended.code == 2
    assert "there is no command `chek`; did you mean `check`?" in ended.err
    assert "there is no command `xyz`\n" in call("xyz").err


def test_no_command_shows_the_help(call: Call) -> None:
    """`policy` on its own prints the help and exits with 2."""
    ended = call()
    assert ended.code == 2
    assert "Commands:" in ended.err


def test_an_entry_that_is_no_command_is_our_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong entry of the table fails loudly."""
    monkeypatch.setattr("policy.cli.group.COMMANDS", {"x": ("policy.cli.group", "SETTINGS", "")})
    with pytest.raises(TypeError):
        LazyGroup("policy").get_command(click.Context(LazyGroup("policy")), "x")


def _complete(words: str) -> list[str]:
    """Return what a shell would offer for the last word."""
    environment = {
        **os.environ,
        "_POLICY_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "policy"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    assert ran.stderr == ""
    return [line.partition(",")[2] for line in ran.stdout.splitlines()]


def test_a_shell_completes_commands_options_and_rules(tmp_path: Path) -> None:
    """Commands from the table; rules by name from the spec on the line."""
    spec = tmp_path / "toy.policy"
    spec.write_text('spec toy "T" for 2025/26\nrule used_once "T"\nrule unique "U"\n', "utf-8")
    assert _complete("policy ch") == ["check"]
    assert "--fail-on" in _complete("policy check --f")
    assert _complete(f"policy check x --spec {spec} --rule u") == ["unique", "used_once"]
    assert _complete(f"policy check x --spec {tmp_path}/no.policy --rule u") == [""]


def test_the_group_completes_from_its_table() -> None:
    """Commands that begin so, with their short helps."""
    group = LazyGroup("policy")
    items = group.shell_complete(click.Context(group), "s")
    assert [(item.value, item.help) for item in items] == [
        (name, help) for name, (_, _, help) in COMMANDS.items() if name.startswith("s")
    ]


def test_a_shell_completes_installed_specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of specs stand in their texts; where none fits, the shell completes files."""
    from policy.cli.completions import complete_rules, complete_specs, installed_spec_files

    text = 'language 1\nspec toy "T" for 2025/26\nrule used_once "Only once"\n'
    (tmp_path / "toy.policy").write_text(text, "utf-8")
    (tmp_path / "gone.policy").symlink_to(tmp_path / "nowhere")

    class Home:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr("policy.cli.completions.find_spec", lambda name: Home())
    option = click.Option(["--spec"])
    context = click.Context(click.Command("x"))
    assert [item.value for item in complete_specs(context, option, "t")] == ["toy"]
    rules = complete_rules(context, option, "us")
    assert [(item.value, item.help) for item in rules] == [("used_once", "Only once")]
    (none,) = complete_specs(context, option, "./dra")
    assert none.type == "file"
    monkeypatch.setattr("policy.cli.completions.find_spec", lambda name: None)
    assert list(installed_spec_files()) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(call: Call, shell: str) -> None:
    """The script calls `policy` back with the variable that click looks for."""
    ended = call("completion", shell)
    assert ended.code == 0
    assert "_POLICY_COMPLETE" in ended.out
