"""The hooks, as another repository uses them: the real pre-commit, installing from a commit."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

Run = Callable[..., "subprocess.CompletedProcess[str]"]
CONFIG = """
repos:
  - repo: {checkout}
    rev: {commit}
    hooks:
      - id: policy-check
        files: ^centres/
      - id: policy-fmt
      - id: policy-test
"""


@pytest.fixture(scope="session")
def hook_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where pre-commit keeps the environment it builds once for all hooks."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def consumer(checkout: Path, run: Run, commit_all: Callable[[Path], None], tmp_path: Path) -> Path:
    """Return a repository that uses the hooks: a sound spec, a clean and a troubled centre."""
    commit = run("git", "rev-parse", "HEAD", cwd=checkout).stdout.strip()
    repository = tmp_path / "consumer"
    (repository / "centres").mkdir(parents=True)
    (repository / "specs").mkdir()
    for name in ("clean", "troubled"):
        document = (checkout / f"examples/centres/{name}.json").read_bytes()
        (repository / f"centres/{name}.json").write_bytes(document)
    (repository / "not-a-centre.json").write_text(json.dumps({"kind": "something else"}))
    spec = min((checkout / "specs").rglob("*.policy"), key=lambda path: path.stat().st_size)
    (repository / "specs" / spec.name).write_bytes(spec.read_bytes())
    config = CONFIG.format(checkout=checkout, commit=commit)
    (repository / ".pre-commit-config.yaml").write_text(config)
    commit_all(repository)
    return repository


@pytest.fixture
def hook(consumer: Path, hook_home: Path, run: Run) -> Callable[..., str]:
    """Return a runner of one hook on the given files; it returns what pre-commit printed."""

    def call(name: str, *files: str, expect: int) -> str:
        words = [sys.executable, "-m", "pre_commit", "run", name, "--verbose", "--files", *files]
        ran = run(*words, cwd=consumer, expect=expect, PRE_COMMIT_HOME=str(hook_home))
        return ran.stdout

    return call


def test_check_passes_a_clean_centre(hook: Callable[..., str]) -> None:
    """A commit with a clean centre goes through."""
    assert "Passed" in hook("policy-check", "centres/clean.json", expect=0)


def test_check_stops_a_troubled_centre(hook: Callable[..., str]) -> None:
    """A commit with a troubled centre is stopped, and says with what exit code: 1, findings."""
    printed = hook("policy-check", "centres/troubled.json", expect=1)
    assert "Failed" in printed
    assert "exit code: 1" in printed


def test_check_leaves_other_data_alone(hook: Callable[..., str]) -> None:
    """Only the files that the user's `files:` names are a centre's documents."""
    assert "no files to check" in hook("policy-check", "not-a-centre.json", expect=0)


def test_fmt_passes_a_formatted_spec(hook: Callable[..., str], consumer: Path) -> None:
    """A spec of this project is already written the one way."""
    (spec,) = (consumer / "specs").iterdir()
    assert "Passed" in hook("policy-fmt", f"specs/{spec.name}", expect=0)


def test_fmt_mends_a_spec(hook: Callable[..., str], consumer: Path) -> None:
    """A spec with odd spacing is rewritten, and the commit stopped so that it can be looked at."""
    (spec,) = (consumer / "specs").iterdir()
    formatted = spec.read_text()
    spec.write_text(formatted.replace("\nrule ", "\n\n\n\nrule   ", 1) + "\n\n\n")
    assert "Failed" in hook("policy-fmt", f"specs/{spec.name}", expect=1)
    assert spec.read_text() == formatted


def test_test_runs_the_examples(hook: Callable[..., str], consumer: Path) -> None:
    """The examples of a spec of this project hold."""
    (spec,) = (consumer / "specs").iterdir()
    assert "Passed" in hook("policy-test", f"specs/{spec.name}", expect=0)


def test_test_stops_a_broken_spec(hook: Callable[..., str], consumer: Path) -> None:
    """A spec that cannot be read stops the commit, with exit code 2."""
    (spec,) = (consumer / "specs").iterdir()
    spec.write_text(spec.read_text() + "\nrule\n")
    assert "exit code: 2" in hook("policy-test", f"specs/{spec.name}", expect=1)
