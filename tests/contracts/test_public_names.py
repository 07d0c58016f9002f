"""The names that `import policy` offers."""

from __future__ import annotations

import re
import runpy

import pytest

import policy


@pytest.mark.parametrize("name", policy.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    """Names that load lazily are really there."""
    assert getattr(policy, name) is not None


def test_public_names_are_listed_before_they_are_loaded() -> None:
    """Completion in an editor shows what there is."""
    assert dir(policy) == sorted(policy.__all__)


def test_other_names_are_not_invented() -> None:
    """A misspelt name is an error that says so."""
    with pytest.raises(AttributeError, match="no attribute `chek`"):
        _ = policy.chek


def test_the_version_is_one() -> None:
    """The version is three numbers; pyproject.toml reads it from the package."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", policy.__version__)


def test_the_module_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m policy` does what `policy` does."""
    monkeypatch.setattr("sys.argv", ["policy", "--version"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("policy", run_name="__main__")
    assert stop.value.code == 0
    assert policy.__version__ in capsys.readouterr().out


def test_importing_the_module_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Tools that import every module are not met by a usage message."""
    runpy.run_module("policy.__main__", run_name="elsewhere")
    assert capsys.readouterr().out == ""
