"""What is built and installed, compared with the tree."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.packaging

Run = Callable[..., "subprocess.CompletedProcess[str]"]
FIRST_COMMAND = re.compile(r"\.venv/bin/policy (check .+)$", re.MULTILINE)
INSTALLED = """
import importlib.metadata, importlib.resources, pathlib, sys
tops = {tops}
for top in tops:
    root = pathlib.Path(str(importlib.resources.files(top)))
    for path in root.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            print(f"{{top}}/{{path.relative_to(root).as_posix()}}")
"""


@pytest.fixture(scope="session")
def package_folders(checkout: Path) -> dict[str, str]:
    """Return the folder in the tree of each top-level package, by the package's name."""
    pyproject: dict[str, Any] = tomllib.loads((checkout / "pyproject.toml").read_text())
    setuptools = pyproject["tool"]["setuptools"]
    tops = {name.partition(".")[0] for name in setuptools["packages"]}
    return {top: setuptools["package-dir"].get(top, top) for top in sorted(tops)}


@pytest.fixture(scope="session")
def package_files(checkout: Path, package_folders: dict[str, str]) -> dict[str, str]:
    """Return where each file of the packages is installed: path in the tree -> installed path."""
    files = {}
    for top, folder in package_folders.items():
        for path in (checkout / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                inside = path.relative_to(checkout / folder).as_posix()
                files[f"{folder}/{inside}"] = f"{top}/{inside}"
    return files


@pytest.fixture(scope="session")
def wheel_environment(built: Any, environment: Callable[..., Path]) -> Path:
    """Return the commands of an environment with the wheel in it."""
    return environment(built.wheel)


@pytest.fixture(scope="session")
def editable_environment(checkout: Path, environment: Callable[..., Path]) -> Path:
    """Return the commands of an environment with an editable install of the checkout."""
    return environment("--editable", checkout)


def test_the_sdist_is_the_commit(built: Any, checkout: Path, run: Run) -> None:
    """The sdist holds every committed file and nothing else but what the build writes into it."""
    with tarfile.open(built.sdist) as archive:
        names = {item.name.partition("/")[2] for item in archive if item.isfile()}
    generated = {name for name in names if ".egg-info/" in name} | {"PKG-INFO", "setup.cfg"}
    committed = run("git", "ls-files", "-z", cwd=checkout).stdout.split("\0")
    assert names - generated == set(committed) - {""}


def test_the_wheel_holds_the_packages(built: Any, package_files: dict[str, str]) -> None:
    """The wheel is every file of the packages, under the names they are imported by."""
    with zipfile.ZipFile(built.wheel) as archive:
        names = set(archive.namelist())
    generated = {name for name in names if name.partition("/")[0].endswith(".dist-info")}
    assert names - generated == set(package_files.values())


def test_the_licence_travels_with_the_wheel(built: Any, checkout: Path) -> None:
    """Whoever gets the wheel gets the licence."""
    with zipfile.ZipFile(built.wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        assert archive.read(name) == (checkout / "LICENSE").read_bytes()


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_an_install_finds_every_file(
    kind: str,
    request: pytest.FixtureRequest,
    package_folders: dict[str, str],
    package_files: dict[str, str],
    run: Run,
    tmp_path: Path,
) -> None:
    """Specs, grammar and schemas are found by the import system, installed either way."""
    commands: Path = request.getfixturevalue(f"{kind}_environment")
    script = INSTALLED.format(tops=list(package_folders))
    found = run(commands / "python", "-I", "-c", script, cwd=tmp_path).stdout.split()
    assert set(found) == set(package_files.values())


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_an_install_checks_the_shipped_centre(
    kind: str, request: pytest.FixtureRequest, checkout: Path, run: Run, tmp_path: Path
) -> None:
    """The README's first command, where no file of the tree can help it: findings, so exit 1."""
    commands: Path = request.getfixturevalue(f"{kind}_environment")
    (words,) = FIRST_COMMAND.findall((checkout / "README.md").read_text(encoding="utf-8"))
    shutil.copytree(checkout / "examples", tmp_path / "examples")
    ran = run(commands / "policy", *words.split(), cwd=tmp_path, expect=1)
    assert "breached must" in ran.stdout
    assert ran.stderr == ""


def test_an_install_knows_its_version(wheel_environment: Path, run: Run, tmp_path: Path) -> None:
    """The command, the module and the metadata agree on the version."""
    script = (
        "import importlib.metadata, policy;"
        "assert policy.__version__ == importlib.metadata.version('btec-policy');"
        "print(policy.__version__)"
    )
    version = run(wheel_environment / "python", "-I", "-c", script, cwd=tmp_path).stdout.strip()
    for command in (["policy"], ["python", "-m", "policy"]):
        words = [wheel_environment / command[0], *command[1:], "--version"]
        assert version in run(*words, cwd=tmp_path).stdout


def test_an_install_finds_every_suite(
    wheel_environment: Path, checkout: Path, run: Run, tmp_path: Path
) -> None:
    """The entry points of the installed project are the suites of the tree."""
    script = (
        "from importlib.metadata import entry_points as found;"
        "print(*sorted(e.name for e in found(group='policy.suites') if e.load()))"
    )
    names = run(wheel_environment / "python", "-I", "-c", script, cwd=tmp_path).stdout.split()
    folders = sorted(path.parent.name for path in checkout.glob("plugins/*/__init__.py"))
    assert [f"policy_{name}" for name in names] == folders
