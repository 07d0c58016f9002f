"""Exceptions that cross a layer, caught only by the command line (and by the engine for plugins).

A spec author's mistake is a `Diagnostic`, data that breaks a rule is a `Finding`; these are for
callers of the Python API who asked for a result that cannot be given.
"""

from __future__ import annotations

from policy.model.diagnostics import Diagnostic


class PolicyError(Exception):
    """Root of the project's own exceptions; carries what to tell the user."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(item.message for item in diagnostics))
        self.diagnostics = diagnostics


class SpecInvalid(PolicyError):
    """Specs that were asked for cannot be used."""


class DataUnreadable(PolicyError):
    """A document cannot be read at all."""
