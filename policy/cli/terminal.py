"""The screen: whether it takes colour, and text that reaches it whatever its encoding.

The only place that reads the environment. A reader that goes away (`policy check x | head`) is no
mistake: the rest of the text is dropped and the verdict stays what it is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from policy.model.diagnostics import Diagnostic


def takes_color(choice: str, stream: TextIO | None = None) -> bool:
    """Return whether text for `stream` (standard output unless given) is to be coloured.

    `choice` is auto, always or never; auto means a terminal, unless NO_COLOR is set or TERM is
    dumb.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return (stream or sys.stdout).isatty()


def prepare_streams() -> None:
    """Let characters that the encoding of the screen lacks be spelt instead of failing.

    A stream that was closed before the process began (`policy check x >&-`) leads to nowhere.
    """
    if sys.stdout is None:
        sys.stdout = _nowhere()
    if sys.stderr is None:
        sys.stderr = _nowhere()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def write(text: str, *, error: bool = False) -> None:
    """Write `text` as it is to standard output, or to standard error."""
    stream = sys.stderr if error else sys.stdout
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        silence(stream)


def write_diagnostics(diagnostics: Iterable[Diagnostic], *, tally: bool = False) -> None:
    """Write diagnostics about specs, plugins or the call to standard error."""
    from policy.report.diagnostics import render_diagnostics
    from policy.report.style import Style

    style = Style(color=takes_color("auto", sys.stderr))
    write(render_diagnostics(diagnostics, style, tally=tally), error=True)


def silence(stream: TextIO) -> None:
    """Point `stream` at nothing, so that the interpreter can still flush it when it ends."""
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), stream.fileno())
