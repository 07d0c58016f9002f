"""How a run ends that nobody foresaw: the reader goes away, somebody stops it, code breaks."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from policy.cli.error_boundary import run
from policy.cli.group import policy
from tests import toy
from tests.bad_input.conftest import CENTRE, ROOT, Call, policy_in_a_process

SPEC = ROOT / "tests" / "fixtures" / "property_specs" / "facts" / "facts.policy"


def test_a_reader_that_goes_away_is_no_mistake() -> None:
    """`policy check ... | head -1`: the verdict of the run, and not a word on standard error."""
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [sys.executable, "-m", "policy", "check", str(CENTRE), "--spec", str(SPEC)],
        cwd=ROOT,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write)
    _, err = process.communicate(timeout=600)
    whole = policy_in_a_process("check", CENTRE, "--spec", SPEC)
    whole.communicate(timeout=600)
    assert err == ""
    assert process.returncode == whole.returncode


def test_a_closed_output_is_no_mistake() -> None:
    """`policy check ... >&-`: there is nowhere to write to, and the verdict still counts."""
    command = f'"{sys.executable}" -m policy check "{CENTRE}" --spec "{SPEC}" >&-'
    ended = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode in (0, 1)
    assert "Traceback" not in ended.stderr
    assert "mistake in policy itself" not in ended.stderr


def test_a_closed_input_is_told(check: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """`policy check - <&-`: there is nothing to read, which is the caller's mistake."""
    monkeypatch.setattr("sys.stdin", None)
    ended = check("-")
    assert ended.code == 2
    assert "error[P501]: standard input is closed" in ended.text
    assert "name a file" in ended.text


def test_an_interrupt_ends_the_run_with_130() -> None:
    """Ctrl-C while it waits for data: one line on standard error."""

    def hears_interrupts() -> None:
        # Started in the background of a shell, tests inherit that interrupts are ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = policy_in_a_process(
        "check", "-", "--spec", SPEC, stdin=subprocess.PIPE, preexec_fn=hears_interrupts
    )
    # It has begun to read data once it takes more than a pipe holds.
    process.stdin.write(" " * (1 << 20))
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 130
    assert (out, err.strip()) == ("", "policy: interrupted")


def test_a_check_that_crashes_is_an_error_for_its_subjects(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, the plugin and the kind of its mistake are named, nobody's name is quoted."""
    monkeypatch.setattr("policy.catalogue.files", lambda package: toy.ROOT)
    monkeypatch.setattr("policy.pack.discover", lambda *names: toy.suites())
    code = run(policy, ["check", str(CENTRE), "--spec", "toy", "--as-at", "2026-05-01"])
    out, err = capfd.readouterr()
    assert (code, err) == (2, "")
    text = " ".join(out.split())
    assert "error must never_decided (3 times)" in text
    assert "check `never_decided` of plugin `toy` raised `RuntimeError`" in text
    assert "window" in text
    assert "A. Lead" not in out
    assert "Traceback" not in out


def test_our_own_mistake_leaves_a_file_and_no_traceback(
    check: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One line that names the file; the file tells places and versions, nothing of the centre."""

    name = " ".join(("Ada", "Lovelace"))

    def breaks(*arguments: object) -> None:
        raise KeyError(name)

    monkeypatch.setattr("policy.engine.judge_document", breaks)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "installed"))
    ended = check(CENTRE)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("policy: this is a mistake in policy itself; what happened is in ")
    found = re.search(r"in (\S+\.txt)", ended.err)
    assert found is not None
    text = Path(found.group(1)).read_text("utf-8")
    assert "builtins.KeyError" in text
    assert "test_ends.py" in text
    assert name not in text + ended.err
    assert "Traceback" not in ended.err


def test_an_interrupt_inside_the_engine(check: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is at work, 130 and one line."""

    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("policy.engine.judge_document", stop)
    ended = check(CENTRE)
    assert (ended.code, ended.out, ended.err.strip()) == (130, "", "policy: interrupted")


def test_a_folder_that_is_gone(
    check: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started in a folder that somebody deleted since: full paths still work."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert check(CENTRE).code == 0
