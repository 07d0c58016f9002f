"""The hooks, as another repository uses them: the real pre-commit, installing from a commit."""

from __future__ import annotations

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
        args: [--spec=specs/house.policy, --as-at=2026-05-01]
      - id: policy-fmt
      - id: policy-test
"""
SPEC = """\
language 1
spec house "House rules" for 2025/26

rule policy_reviewed "Every policy has a day on which it was reviewed"
  cites QA24-004
  for each policy p
  must p.reviewed_on is recorded
  breach "nobody recorded a review"
  remedy "review the policy, and record the day"
  owner quality_nominee

example "a policy that was reviewed"
  given "../centres/reviewed.yaml" as at 2026-05-01
  expect policy_reviewed met for policy O1

example "a policy that was not"
  given "../centres/reviewed.yaml" as at 2026-05-01
  change policy O1 reviewed_on to missing
  expect policy_reviewed breached for policy O1
"""
CENTRE = """\
number: "90001"
academic_year: 2025/26
year_starts_on: 2025-09-01
year_ends_on: 2026-08-31
policies:
  - {id: O1, topics: [assessment], reviewed_on: 2025-09-10}
"""


@pytest.fixture(scope="session")
def hook_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where pre-commit keeps the environment it builds once for all hooks."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def consumer(checkout: Path, run: Run, commit_all: Callable[[Path], None], tmp_path: Path) -> Path:
    """Return a repository that uses the hooks: a spec, a clean and a troubled centre."""
    commit = run("git", "rev-parse", "HEAD", cwd=checkout).stdout.strip()
    repository = tmp_path / "consumer"
    files = {
        ".pre-commit-config.yaml": CONFIG.format(checkout=checkout, commit=commit),
        "specs/house.policy": SPEC,
        "centres/reviewed.yaml": CENTRE,
        "centres/unreviewed.yaml": CENTRE.replace(", reviewed_on: 2025-09-10", ""),
        "elsewhere.yaml": "kind: something else\n",
    }
    for name, text in files.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text, encoding="utf-8")
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
    printed = hook("policy-check", "centres/reviewed.yaml", expect=0)
    assert "Passed" in printed
    assert "No breach was found." in printed


def test_check_stops_a_troubled_centre(hook: Callable[..., str]) -> None:
    """A commit with a troubled centre is stopped: one run over all its files, exit code 1."""
    files = ("centres/reviewed.yaml", "centres/unreviewed.yaml")
    printed = hook("policy-check", *files, expect=1)
    assert "exit code: 1" in printed
    assert "nobody recorded a review" in printed


def test_check_leaves_other_data_alone(hook: Callable[..., str]) -> None:
    """Only the files that the user's `files:` names are a centre's documents."""
    assert "no files to check" in hook("policy-check", "elsewhere.yaml", expect=0)


def test_fmt_passes_a_formatted_spec(hook: Callable[..., str]) -> None:
    """A spec that is already written the one way stays."""
    assert "Passed" in hook("policy-fmt", "specs/house.policy", expect=0)


def test_fmt_mends_a_spec(hook: Callable[..., str], consumer: Path) -> None:
    """A spec with odd spacing is rewritten, and the commit stopped so that it can be looked at."""
    spec = consumer / "specs/house.policy"
    spec.write_text(SPEC.replace("  must p.", "\n\n must   p."), encoding="utf-8")
    printed = hook("policy-fmt", "specs/house.policy", expect=1)
    assert "files were modified by this hook" in printed
    assert spec.read_text(encoding="utf-8") == SPEC


def test_test_runs_the_examples(hook: Callable[..., str]) -> None:
    """The examples of a spec are run."""
    printed = hook("policy-test", "specs/house.policy", expect=0)
    assert "2 examples hold." in printed


def test_test_stops_an_example_that_fails(hook: Callable[..., str], consumer: Path) -> None:
    """A rule that no longer does what its example says stops the commit, with exit code 1."""
    spec = consumer / "specs/house.policy"
    spec.write_text(SPEC.replace("is recorded", "is missing"), encoding="utf-8")
    assert "exit code: 1" in hook("policy-test", "specs/house.policy", expect=1)


def test_test_stops_a_broken_spec(hook: Callable[..., str], consumer: Path) -> None:
    """A spec that cannot be read stops the commit, with exit code 2."""
    spec = consumer / "specs/house.policy"
    spec.write_text(f"{SPEC}\nrule\n", encoding="utf-8")
    assert "exit code: 2" in hook("policy-test", "specs/house.policy", expect=1)
