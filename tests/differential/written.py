"""Cases as text that can be kept, read by people, and judged again.

A case is JSON: what it is about, what the spec says in words, how the evaluators differed, the day
of the run, the centre, and the spec as the plan of it, from which it is read again.
Each part of a plan is an object whose `is` names it; what has its default is left out, and so are
spans, and keys, which follow from the condition. A plugin's function is known by its name. Lists
are tuples. Objects that fit on a line stand on one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct

from policy.dsl.meaning import plan
from policy.dsl.planning.expression_planner import _keys
from policy.model.outcomes import Severity
from policy.model.source import Written
from policy.model.suite import Function
from policy.model.values import Duration, DurationUnit
from tests.differential.cases import Case
from tests.differential.vocabulary import FUNCTIONS, SPAN
from tests.differential.wording import lines

CORPUS = Path(__file__).with_name("corpus")
WIDTH = 100
_ENUMS: Mapping[str, type[Enum]] = {kind.__name__: kind for kind in (DurationUnit, Severity)}
_PARTS: Mapping[str, type] = {
    kind.__name__: kind
    for kind in (*vars(plan).values(), Duration)
    if isinstance(kind, type) and issubclass(kind, Struct)
}
_FUNCTIONS = {function.name: function for function, _, _ in FUNCTIONS}


def as_text(case: Case, about: str, differed: Sequence[str] = ()) -> str:
    """Return a case as JSON; the same case gives the same text.

    `differed`: what each evaluator said when the case was kept, for whoever reads it.
    """
    written = {
        "about": about,
        "reads": list(lines(case.spec)),
        "differed": list(differed),
        "as_at": case.as_at.isoformat(),
        "centre": case.data,
        "spec": _written(case.spec),
    }
    return _laid_out(written, "") + "\n"


def from_text(text: str) -> tuple[Case, str]:
    """Return the case that `as_text` wrote, and what it is about."""
    found = json.loads(text)
    case = Case(
        spec=_read(found["spec"]),
        data=found["centre"],
        as_at=date.fromisoformat(found["as_at"]),
    )
    return case, found["about"]


def corpus() -> Mapping[str, tuple[Case, str]]:
    """Return the cases that are kept, by the names of their files."""
    files = sorted(CORPUS.glob("*.json"))
    return {path.stem: from_text(path.read_text("utf-8")) for path in files}


# ---------------------------------------------------------------- parts


def _written(value: Any) -> Any:
    match value:
        case Function():
            return {"is": "Function", "name": value.name}
        case Enum():
            return {"is": type(value).__name__, "value": value.value}
        case date():
            return {"is": "date", "value": value.isoformat()}
        case Decimal():
            return {"is": "Decimal", "value": str(value)}
        case tuple():
            return [_written(item) for item in value]
        case Mapping():
            return {name: _written(item) for name, item in value.items()}
        case None | bool() | int() | str():
            return value
    left_out = {"span", "keys"} if isinstance(value, plan.Drawn) else {"span"}
    names, usual = value.__struct_fields__, value.__struct_defaults__
    defaults = dict(zip(reversed(names), reversed(usual), strict=False))
    kept = {
        name: _written(getattr(value, name))
        for name in names
        if name not in left_out and (name not in defaults or getattr(value, name) != defaults[name])
    }
    return {"is": type(value).__name__, **kept}


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(item) for item in value)
    if not isinstance(value, dict):
        return value
    if "is" not in value:
        return {name: _read(item) for name, item in value.items()}
    kind = value["is"]
    if kind == "Function":
        return _FUNCTIONS[value["name"]]
    if kind in _ENUMS:
        return _ENUMS[kind](value["value"])
    if kind in ("date", "Decimal"):
        return date.fromisoformat(value["value"]) if kind == "date" else Decimal(value["value"])
    given = {name: _read(item) for name, item in value.items() if name != "is"}
    if issubclass(_PARTS[kind], Written):
        given["span"] = SPAN
    if kind == "Drawn" and given.get("where") is not None:
        given["keys"] = tuple(_keys(given["where"], given["variable"]))
    return _PARTS[kind](**given)


# ---------------------------------------------------------------- lines


def _laid_out(value: Any, indent: str) -> str:
    """Return JSON on one line if it fits, otherwise an item to a line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) < WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner = indent + "  "
    if isinstance(value, list):
        lines = [f"{inner}{_laid_out(item, inner)}" for item in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    lines = [f"{inner}{json.dumps(name)}: {_laid_out(item, inner)}" for name, item in value.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
