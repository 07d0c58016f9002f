"""What the tests of plugins share: the toy suite, and documents made from plain data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import jsonschema_rs
import pytest

from policy.data.linking import link
from policy.data.schema import CentreSchema, load_schema
from policy.model.calendars import calendar_of
from policy.model.suite import Context

Judge: TypeAlias = Callable[..., Context]

TERMS = (
    {"id": "K1", "kind": "term", "starts_on": "2025-09-01", "ends_on": "2025-12-19"},
    {"id": "K2", "kind": "half_term", "starts_on": "2025-10-27", "ends_on": "2025-10-31"},
    {"id": "K3", "kind": "term", "starts_on": "2026-01-05", "ends_on": "2026-03-27"},
    {"id": "K4", "kind": "term", "starts_on": "2026-04-13", "ends_on": "2026-07-17"},
)
CENTRE = {
    "number": "90001",
    "academic_year": "2025/26",
    "year_starts_on": "2025-09-01",
    "year_ends_on": "2026-08-31",
    "country": "england",
    "calendar_periods": list(TERMS),
}


@pytest.fixture(scope="session")
def schema() -> CentreSchema:
    """The schema of a centre's document, without additions."""
    return load_schema()


@pytest.fixture
def judge(schema: CentreSchema) -> Judge:
    """Return `judge(as_at="2026-07-01", **changes)`: the context of a run over one centre.

    The data must be valid, so that a misspelt field in a test is found.
    """
    validator = jsonschema_rs.validator_for(json.loads(json.dumps(schema.json)))

    def context(as_at: str = "2026-07-01", **changes: Any) -> Context:
        data = {**CENTRE, **changes}
        problems = [str(error.message) for error in validator.iter_errors(data)]
        assert problems == []
        linked = link("test.json", data, schema.types, date.fromisoformat(as_at))
        assert linked.document is not None
        return Context(
            document=linked.document,
            calendar=calendar_of(linked.document.root),
            as_at=date.fromisoformat(as_at),
        )

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
