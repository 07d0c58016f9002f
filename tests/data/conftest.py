"""What the tests of the data layer share: the schema, a small valid centre, and ways to load it."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from policy.data.loader import Loaded, load
from policy.data.schema import CentreSchema, load_schema

Edit: TypeAlias = Callable[[dict[str, Any]], object]

TINY = Path(__file__).parents[1] / "fixtures" / "tiny.json"
AS_AT = date(2026, 1, 31)


@pytest.fixture(scope="session")
def schema() -> CentreSchema:
    """The schema without any suite's additions."""
    return load_schema()


@pytest.fixture(scope="session")
def tiny_json() -> str:
    """The text of the smallest centre that everybody uses."""
    return TINY.read_text("utf-8")


@pytest.fixture
def tiny(tiny_json: str) -> dict[str, Any]:
    """The smallest centre, to be changed at will."""
    data: dict[str, Any] = json.loads(tiny_json)
    return data


@pytest.fixture
def loaded(schema: CentreSchema, tiny: dict[str, Any]) -> Callable[..., Loaded]:
    """Load the small centre after an edit, as at a day."""

    def run(edit: Edit = lambda data: None, as_at: date = AS_AT) -> Loaded:
        data = copy.deepcopy(tiny)
        edit(data)
        stdin = io.BytesIO(json.dumps(data, indent=1).encode())
        return next(load("-", schema, as_at, stdin=stdin))

    return run
