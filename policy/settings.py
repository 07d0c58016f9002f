"""`--set NAME=VALUE`: texts from the command line -> values of parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from policy.dsl.checked import CheckedSpec
from policy.dsl.tables import read_value
from policy.dsl.types import Enum, List
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
            allowed = f": {', '.join(sorted(kind.values))}" if isinstance(kind, Enum) else ""
            report(
                Diagnostic(
                    code="P704",
                    message=f"`{text}` is no value for `{name}`",
                    help=f"it takes {kind}{allowed}",
                )
            )
        else:
            values[name] = value
    return values
