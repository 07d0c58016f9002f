"""Options of the whole test suite."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be rewritten; who does so justifies the difference."""
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files with what comes out now"
    )
