"""The libraries that audits need and that checking one centre does not."""

from __future__ import annotations

from importlib.util import find_spec

from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic


def refuse_without(*names: str) -> None:
    """Raise PolicyError unless all the libraries are installed. None of them is imported."""
    lacking = [name for name in names if find_spec(name) is None]
    if lacking:
        listed = " and ".join(f"`{name}`" for name in lacking)
        raise PolicyError(
            Diagnostic(
                code="P815",
                message=f"audits need {listed}, which is not installed",
                help="`pip install btec-policy[audit]` installs what audits need",
            )
        )
