"""Whether the screen takes colour."""

from __future__ import annotations

import io

import pytest

from policy.cli.terminal import takes_color


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.mark.parametrize(
    ("choice", "environment", "stream", "expected"),
    [
        ("auto", {}, Screen(), True),
        ("auto", {}, io.StringIO(), False),
        ("auto", {"NO_COLOR": "1"}, Screen(), False),
        ("auto", {"NO_COLOR": ""}, Screen(), True),
        ("auto", {"TERM": "dumb"}, Screen(), False),
        ("always", {"NO_COLOR": "1"}, io.StringIO(), True),
        ("never", {}, Screen(), False),
    ],
)
def test_colour(
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    environment: dict[str, str],
    stream: io.StringIO,
    expected: bool,
) -> None:
    """auto asks the terminal, NO_COLOR and TERM; always and never ask nobody."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert takes_color(choice, stream) is expected
