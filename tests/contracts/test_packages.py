"""What pyproject.toml says is installed, against what lies in the tree.

An unlisted package works in an editable install and is missing from the wheel; these tests notice
in a moment what the builds in tests/packaging prove.
"""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS: dict[str, Any] = PYPROJECT["tool"]["setuptools"]
ROOT_PACKAGES = sorted({name.partition(".")[0] for name in SETUPTOOLS["packages"]})
SUITES: dict[str, str] = PYPROJECT["project"]["entry-points"]["policy.suites"]


def folder_of(package: str) -> Path:
    """Return the folder that `package` is installed from."""
    top, _, rest = package.partition(".")
    folder: str = SETUPTOOLS["package-dir"].get(top, top)
    return ROOT / folder / rest.replace(".", "/")


def package_of(module: Path) -> str:
    """Return the import name of the package that `module`, a file of the tree, belongs to."""
    for top in ROOT_PACKAGES:
        if module.is_relative_to(folder_of(top)):
            return ".".join((top, *module.parent.relative_to(folder_of(top)).parts))
    return f"no package: {module.relative_to(ROOT)}"


def installed_patterns(package: str) -> list[str]:
    """Return the patterns of the data files that are installed with `package`."""
    data = SETUPTOOLS["package-data"]
    return [*data.get("*", ()), *data.get(package, ())]


def test_every_package_of_the_tree_is_listed() -> None:
    """A folder with Python in it is a listed package, and a listed package is such a folder."""
    modules = [
        path for top in ("policy", "plugins", "specs") for path in ROOT.glob(f"{top}/**/*.py")
    ]
    assert {package_of(module) for module in modules} == set(SETUPTOOLS["packages"])


@pytest.mark.parametrize("package", SETUPTOOLS["packages"])
def test_every_package_has_an_init(package: str) -> None:
    """Without `__init__.py` an editable install cannot read the data files of a package."""
    assert (folder_of(package) / "__init__.py").is_file()


@pytest.mark.parametrize("top", ROOT_PACKAGES)
def test_every_data_file_is_installed(top: str) -> None:
    """A file that lies in a package and is not Python matches a pattern of the package data."""
    left_out = []
    for path in sorted(folder_of(top).rglob("*")):
        if path.is_dir() or path.suffix in {".py", ".pyc"}:
            continue
        owner = path.parent
        while not (owner / "__init__.py").is_file():
            owner = owner.parent
        patterns = installed_patterns(package_of(owner / "__init__.py"))
        inside = path.relative_to(owner).as_posix()
        if not any(fnmatch(inside, pattern.removeprefix("**/")) for pattern in patterns):
            left_out.append(str(path.relative_to(ROOT)))
    assert left_out == []


@pytest.mark.parametrize("top", ROOT_PACKAGES)
def test_nothing_generic_is_installed(top: str) -> None:
    """`tests`, `plugins` or `specs` in site-packages would clash with everybody else's."""
    assert top == "policy" or top.startswith("policy_")


@pytest.mark.parametrize("top", [name for name in ROOT_PACKAGES if name != "policy_specs"])
def test_every_package_says_that_it_is_typed(top: str) -> None:
    """Type checkers read our annotations only beside a `py.typed`."""
    assert (folder_of(top) / "py.typed").is_file()


def test_every_plugin_is_an_entry_point() -> None:
    """A plugin in plugins/ is found under the name of its suite."""
    plugins = {path.parent.name for path in ROOT.glob("plugins/*/__init__.py")}
    assert {f"policy_{suite}" for suite in SUITES} == plugins
    assert set(SUITES.values()) == plugins


@pytest.mark.parametrize(
    ("tool", "names"),
    [
        ("coverage", PYPROJECT["tool"]["coverage"]["run"]["source_pkgs"]),
        ("coverage paths", PYPROJECT["tool"]["coverage"]["paths"]),
        ("mypy", PYPROJECT["tool"]["mypy"]["packages"]),
        ("import-linter", PYPROJECT["tool"]["importlinter"]["root_packages"]),
    ],
)
def test_every_tool_looks_at_every_package(tool: str, names: list[str]) -> None:
    """A new plugin is measured, typed and held to the layers, like the others."""
    assert sorted(names) == [name for name in ROOT_PACKAGES if name != "policy_specs"], tool


def test_suites_stay_apart_in_the_contracts() -> None:
    """Each import-linter contract about suites names all of them."""
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    by_name = {contract["name"]: contract for contract in contracts}
    plugins = sorted(SUITES.values())
    assert by_name["the core knows no suite"]["forbidden_modules"] == plugins
    assert by_name["a suite sees only the contract"]["source_modules"] == plugins
    assert by_name["suites do not know each other"]["modules"] == plugins


def test_a_suite_sees_only_what_is_meant_for_suites() -> None:
    """Every part of the core but the hooks and the plain values is closed to suites."""
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each["name"] == "a suite sees only the contract"]
    parts = {
        f"policy.{path.stem}"
        for path in (ROOT / "policy").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    open_to_suites = {"policy.__init__", "policy.__main__", "policy.hookspecs", "policy.model"}
    assert set(contract["forbidden_modules"]) == parts - open_to_suites
