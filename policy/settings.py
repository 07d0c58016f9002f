"""`--set NAME=VALUE`: texts from the command line -> values of parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from policy.dsl.checking.checked import CheckedSpec
from policy.dsl.checking.tables import read_value
from policy.dsl.meaning.types import BOOLEAN, DATE, DURATION, INTEGER, NUMBER, Enum, List, Type
from policy.model.diagnostics import Diagnostic, did_you_mean
from policy.model.values import Value


def read_settings(
    settings: Mapping[str, str],
    specs: Sequence[CheckedSpec],
    report: Callable[[Diagnostic], None],
) -> dict[str, Value]:
    """Return the values set for this run; a name or value that fits no spec is reported."""
    values: dict[str, Value] = {}
    for name, text in sorted(settings.items()):
        kinds = [spec.parameters[name].type for spec in specs if name in spec.parameters]
        if not kinds:
            known = {known for spec in specs for known in spec.parameters}
            report(
                Diagnostic(
                    code="P703",
                    message=f"there is no parameter `{name}`",
                    help=did_you_mean(name, known)
                    or "`policy explain RULE` lists what a rule uses",
                )
            )
            continue
        kind = kinds[0]
        value = None if isinstance(kind, List) else read_value(text, kind)
        if value is None:
            report(
                Diagnostic(
                    code="P704",
                    message=f"`{text}` is no value for `{name}`"
                    if text
                    else f"`{name}` is given no value",
                    help=_wanted(kind),
                )
            )
        else:
            values[name] = value
    return values


def _wanted(kind: Type) -> str:
    """Return what a parameter of the type takes, with an example."""
    if isinstance(kind, Enum):
        return f"it takes one of: {', '.join(sorted(kind.values))}"
    if isinstance(kind, List):
        return "a list cannot be set for a run; change it in the spec"
    examples: dict[Type, str] = {
        INTEGER: "a whole number, such as 15",
        NUMBER: "a number, such as 0.8",
        BOOLEAN: "true or false",
        DATE: "a day, such as 2025-10-28",
        DURATION: "a length of time, such as `10 working days`",
    }
    return f"it takes {examples.get(kind, str(kind))}"
