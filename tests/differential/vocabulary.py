"""What drawn specs may name: types and fields of the schema, tables, parameters, functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from policy.dsl.meaning import plan
from policy.model.entities import Kind
from policy.model.suite import Function, Parameter
from policy.model.values import Duration, DurationUnit, Missing, Unknown, Value
from tests.differential.schema import SCHEMA
from tests.dsl.builders import at

Type: TypeAlias = "str | tuple[str, Any]"
"""yes/no, number, date, length, text, ("row", entity), ("cells", table), ("list", type)."""

YES_NO, NUMBER, DATE, LENGTH, TEXT = "yes/no", "number", "date", "length", "text"
SPAN = at("drawn")
UNITS = tuple(DurationUnit)
WORDS = ("first", "retake", "P1", "M1", "x", "Monday")
DAYS = (date(2025, 9, 1), date(2025, 10, 28), date(2025, 12, 19), date(2026, 3, 1))
PARAMETERS: Mapping[str, tuple[Type, Value]] = {
    "limit": (NUMBER, 2),
    "share": (NUMBER, Decimal("0.5")),
    "word": (TEXT, "first"),
    "length": (LENGTH, Duration(10, DurationUnit.WORKING_DAYS)),
    "words": (("list", TEXT), ("first", "P1")),
    "switch": (YES_NO, True),
}
TABLES = {
    "levels": plan.TablePlan(
        name="levels",
        keys=("code",),
        rows=(
            {"code": "P1", "weight": 1, "until": date(2026, 1, 1)},
            {"code": "M1", "weight": 2},
            {"code": "x", "weight": 2, "until": date(2025, 11, 1)},
        ),
    ),
    "fees": plan.TablePlan(
        name="fees",
        keys=("code", "weight"),
        rows=(
            {"code": "P1", "weight": 1, "until": date(2026, 1, 1)},
            {"code": "P1", "weight": 3},
            {"code": "first", "weight": 0, "until": date(2025, 10, 28)},
            {"code": "x"},
        ),
    ),
    "secret": plan.TablePlan(name="secret", keys=("code",), rows=None),
}
COLUMNS: Mapping[str, Type] = {"code": TEXT, "weight": NUMBER, "until": DATE}


def _broken(context: Any, number: Any) -> Any:
    return 1 / (number - number)


def _moody(context: Any, text: str) -> Any:
    return {"x": Missing(), "P1": Unknown(), "M1": 3}.get(text, text * 2)


def _function(name: str, takes: Sequence[str], returns: str, call: Callable[..., Any]) -> Function:
    parameters = tuple(Parameter(name=f"a{at}", type=each) for at, each in enumerate(takes))
    return Function(
        name=name, parameters=parameters, returns=returns, call=call, description="a function"
    )


FUNCTIONS: Sequence[tuple[Function, tuple[Type, ...], Type]] = (
    (
        _function("size", ["list of text"], "integer", lambda c, texts: len(texts)),
        (("list", TEXT),),
        NUMBER,
    ),
    (_function("broken", ["number"], "number", _broken), (NUMBER,), NUMBER),
    (_function("moody", ["text"], "text", _moody), (TEXT,), TEXT),
    (
        _function("late", ["submission"], "boolean", lambda c, s: s.value("due_on") < c.as_at),
        (("row", "submission"),),
        YES_NO,
    ),
    (
        _function("leads", ["programme"], "list of staff_member", lambda c, p: (p.value("lead"),)),
        (("row", "programme"),),
        ("list", ("row", "staff_member")),
    ),
    (
        _function("apart", ["date", "date"], "integer", lambda c, a, b: abs((a - b).days)),
        (DATE, DATE),
        NUMBER,
    ),
    (
        _function("limit", [], "number", lambda c: c.parameters["limit"]),
        (),
        NUMBER,
    ),
)
"""Function, types of what it takes, type of what it returns."""


_TYPES: Mapping[Kind, Type] = {
    Kind.TEXT: TEXT,
    Kind.ENUM: TEXT,
    Kind.DATE: DATE,
    Kind.BOOLEAN: YES_NO,
    Kind.NUMBER: NUMBER,
    Kind.INTEGER: NUMBER,
}


def type_of(entity: str, name: str) -> Type:
    """Return the type of a field of the toy schema."""

    def of(kind: Any) -> Type:
        if kind.kind == "list":
            return ("list", of(kind.item))
        if kind.kind == "ref":
            return ("row", kind.entity)
        return _TYPES[kind.kind]

    return of(SCHEMA.entities[entity].fields[name].type)


FIELDS: Mapping[str, Mapping[str, Type]] = {
    entity: {name: type_of(entity, name) for name in kind.fields}
    for entity, kind in SCHEMA.entities.items()
}
