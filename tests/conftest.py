"""Options of the whole test suite, and a cache folder of its own."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_CACHE = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be rewritten; who does so justifies the difference."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files with what comes out now"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep packs in a folder that goes away: no test sees the user's cache, or fills it."""
    config.stash[_CACHE] = os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="policy-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder."""
    shutil.rmtree(config.stash[_CACHE], ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def findable() -> Iterator[None]:
    """Let processes that begin anew import from `tests`: they get the path of this one."""
    root = str(Path(__file__).parents[1])
    sys.path.append(root)
    yield
    sys.path.remove(root)
