"""One boundary owns every exit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from policy.cli import main
from policy.cli.error_boundary import ExitCode, run

Call = Callable[..., Any]


def _command(raises: BaseException) -> click.Command:
    @click.command()
    def fails() -> None:
        raise raises

    return fails


def _secret_bug() -> click.Command:
    @click.command()
    def fails() -> None:
        secret = "Ada"
        try:
            raise KeyError(secret)
        except KeyError as cause:
            raise ValueError(f"no {secret}") from cause

    return fails


def test_our_bug_writes_a_report_without_centre_data(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One line on the screen names a file that has places and versions, no values."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(_secret_bug(), []) == ExitCode.OUR_BUG
    out, err = capfd.readouterr()
    (file,) = tmp_path.iterdir()
    assert out == ""
    assert err.count("\n") == 1
    assert str(file) in err
    text = file.read_text("utf-8")
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_error_boundary.py" in text
    assert "policy 0." in text
    assert "no Ada" not in text
    assert oct(file.stat().st_mode)[-3:] == "600"


def test_a_chain_cut_on_purpose_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`raise ... from None` shows the last exception only."""

    @click.command()
    def fails() -> None:
        try:
            raise KeyError
        except KeyError:
            raise ValueError from None

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(fails, []) == 3
    (file,) = tmp_path.iterdir()
    assert "KeyError," not in file.read_text("utf-8")


def test_a_bug_is_told_even_if_no_file_can_be_written(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a place for the report the line names the kind of exception."""
    with monkeypatch.context() as nowhere:
        nowhere.setattr("tempfile.tempdir", str(tmp_path / "no"))
        assert run(_command(ZeroDivisionError("Ada")), []) == ExitCode.OUR_BUG
    err = capfd.readouterr().err
    assert "ZeroDivisionError" in err
    assert "Ada" not in err


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), click.Abort(), EOFError()])
def test_an_interrupted_run_says_so(stop: BaseException, capfd: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C is 130 and one line."""
    assert run(_command(stop), []) == ExitCode.INTERRUPTED
    assert capfd.readouterr().err.strip() == "policy: interrupted"


@pytest.mark.parametrize(("code", "expected"), [(1, 1), (None, 0), ("text", 1)])
def test_an_exit_from_within_keeps_its_code(code: Any, expected: int) -> None:
    """What click exits with after completion is passed on."""
    assert run(_command(SystemExit(code)), []) == expected


def test_main_exits_the_process(capfd: pytest.CaptureFixture[str]) -> None:
    """`main` is what the command `policy` calls."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capfd.readouterr().out.startswith("policy 0.")


READER_GONE = """
import os, sys
from policy.cli.terminal import write
os.close(0)
read, out = os.pipe()
os.close(read)
os.dup2(out, 1)
from policy.cli.error_boundary import run
import click
@click.command()
def command():
    {body}
    return 1
sys.exit(run(command, []))
"""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("write('text' * 100000)", 1),
        ("raise BrokenPipeError", 0),
        ("click.echo('text' * 100000)", 0),
    ],
)
def test_a_reader_that_goes_away_is_no_mistake(body: str, code: int) -> None:
    """The rest of the text is dropped without a word, and the verdict stays."""
    script = READER_GONE.format(body=body)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=600, check=False
    )
    assert (ran.returncode, ran.stderr) == (code, "")


def test_a_screen_without_the_characters_gets_them_spelt() -> None:
    """An ASCII screen shows an escape instead of a traceback."""
    script = (
        "from policy.cli.terminal import prepare_streams, write\n"
        "prepare_streams(); write('Zo\\xeb')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert ran.stdout == "Zo\\xeb"
