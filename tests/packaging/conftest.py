"""A commit of the working tree, what is built from it, and fresh environments to install it in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The two files that a release uploads."""

    sdist: Path
    wheel: Path


def run(
    *command: str | Path, cwd: Path, expect: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command outside the checkout's influence; fail with its output when it ends otherwise.

    `environment` is added to the caller's, from which what steers git and Python is taken away: the
    tests may themselves run inside a git hook or with another tree on the path.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "COV_", "COVERAGE_", "PRE_COMMIT"))
        and name not in {"PYTHONPATH", "VIRTUAL_ENV"}
    }
    ran = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == expect, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran


def commit_all(repository: Path) -> None:
    """Make `repository` a git repository whose only commit holds all its files."""
    run("git", "init", "--quiet", cwd=repository)
    run("git", "add", "--all", cwd=repository)
    who = ("-c", "user.name=test", "-c", "user.email=test@example.invalid")
    run("git", *who, "commit", "--quiet", "--no-verify", "-m", "all", cwd=repository)


@pytest.fixture(scope="session", name="run")
def _run() -> Run:
    """Return the runner of commands."""
    return run


@pytest.fixture(scope="session", name="commit_all")
def _commit_all() -> Callable[[Path], None]:
    """Return the maker of repositories."""
    return commit_all


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose commit is the working tree: all files that git does not ignore."""
    target = tmp_path_factory.mktemp("checkout")
    listed = run("git", "ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    commit_all(target)
    return target


@pytest.fixture(scope="session")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return the sdist, and the wheel that is built from the sdist."""
    dist = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", dist, cwd=checkout)
    (sdist,) = dist.glob("*.tar.gz")
    (wheel,) = dist.glob("*.whl")
    return Built(sdist=sdist, wheel=wheel)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a maker of virtual environments: its arguments go to `pip install`, and the folder of
    the environment's commands comes back."""

    def make(*requirements: str | Path) -> Path:
        home = tmp_path_factory.mktemp("environment")
        venv.create(home, with_pip=True)
        run(home / "bin/pip", "install", "--quiet", *requirements, cwd=home)
        return home / "bin"

    return make
