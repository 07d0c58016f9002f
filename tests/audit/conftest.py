"""What runs over a few lines are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.line_runs import NAMES
from tests.audit.toy_job import lines


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five centres, one a line."""
    path = tmp_path / "x.ndjson"
    path.write_bytes(lines(*NAMES))
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where results are to be."""
    return tmp_path / "out"
