"""What the tests of the shipped suites share: one pack, loaded once, its plugins watched."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from policy.pack import Pack, load_pack
from policy.plugins import discover
from policy.testing import watched


@pytest.fixture(scope="session")
def seen() -> dict[str, set[str]]:
    """Suite -> the fields its functions and checks have read so far, as `entity.field`."""
    return {suite.name: set() for suite in discover().suites}


@pytest.fixture(scope="session")
def pack(seen: dict[str, set[str]]) -> Pack:
    """Everything that is installed, with libraries and examples."""
    loaded = discover()
    suites = tuple(watched(suite, seen[suite.name]) for suite in loaded.suites)
    return load_pack(with_libraries=True, suites=replace(loaded, suites=suites))
