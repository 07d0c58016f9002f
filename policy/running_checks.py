"""Where a plugin's checks run; its functions run inside expressions, guarded there.

What a check raises becomes an outcome *error* that names the plugin and the kind of exception,
never its text: that could quote the data.
"""

from __future__ import annotations

from typing import Any

from policy.model.outcomes import Outcome
from policy.model.records import Record
from policy.model.suite import Check, Context, Decision


def run_check(check: Check, context: Context, subject: Record, *, plugin: str = "") -> Decision:
    """Let a check decide; whatever goes wrong in it, or is wrong with its answer, is an error.

    `plugin` is the name used in the message; without it the package of the check is.
    """
    try:
        decision: Any = check.decide(context, subject)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code may raise anything
        return _failed(check, plugin, _raised(error))
    if not isinstance(decision, Decision):
        return _failed(check, plugin, "did not return a decision")
    fault = _fault_of(decision)
    return _failed(check, plugin, fault) if fault else decision


def _fault_of(decision: Decision) -> str:
    """Say what the answer of a check lacks, "" if nothing."""
    match decision.outcome:
        case Outcome.WAIVED:
            return "waived a subject, which only a waiver can"
        case Outcome.BREACHED | Outcome.ERROR if not decision.message:
            return "gave a verdict without a message"
        case Outcome.UNKNOWN if not decision.missing:
            return "did not say what it lacks to decide"
        case Outcome.NOT_APPLICABLE if not decision.reason:
            return "did not say why it is not applicable"
    return "" if isinstance(decision.outcome, Outcome) else "gave a verdict that there is not"


def _failed(check: Check, plugin: str, what: str) -> Decision:
    name = plugin or _package_of(check.decide)
    return Decision(
        outcome=Outcome.ERROR, message=f"check `{check.name}` of plugin `{name}` {what}"
    )


def _raised(error: BaseException) -> str:
    return f"raised `{type(error).__name__}`"


def _package_of(call: object) -> str:
    return str(getattr(call, "__module__", "") or "unknown").partition(".")[0]
