"""What the tests of plugins share: the toy suite, and documents made from plain data."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import pytest

from policy.data.schema import CentreSchema, load_schema
from policy.model.suite import Context
from policy.testing import context_of

Judge: TypeAlias = Callable[..., Context]


@pytest.fixture(scope="session")
def schema() -> CentreSchema:
    """The schema of a centre's document, without additions."""
    return load_schema()


@pytest.fixture
def judge(schema: CentreSchema) -> Judge:
    """Return `judge(as_at="2026-07-01", **changes)`: the context of a run over one centre.

    The data must be valid, so that a misspelt field in a test is found.
    """

    def context(as_at: str = "2026-07-01", **changes: Any) -> Context:
        return context_of(changes, as_at, schema)

    return context


@pytest.fixture
def toy() -> ModuleType:
    """The toy suite, imported from its folder."""
    path = Path(__file__).parents[1] / "toy_suite" / "__init__.py"
    spec = spec_from_file_location("toy_suite", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
