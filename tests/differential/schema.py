"""The toy schema, with what real schemas have besides: fields that are required or have defaults.

Generated code does not test for what the schema requires, and fills in what has a default.
"""

from __future__ import annotations

from msgspec.structs import replace

from policy.model.entities import Field, Kind, Schema, Tense, ValueType
from tests.dsl.builders import DATE, NUMBER, TEXT, TEXTS, YES_NO, entity, ref, refs
from tests.dsl.builders import SCHEMA as TOY

GRADES = ("P1", "M1", "x")


def _required(name: str, kind: ValueType) -> Field:
    return Field(name=name, type=kind, required=True)


_ATTEMPT = entity(
    "attempt",
    "submission",
    grade=_required("grade", ValueType(kind=Kind.ENUM, enum="grade", values=GRADES)),
    points=_required("points", ValueType(kind=Kind.INTEGER)),
    is_final=_required("is_final", YES_NO),
    opened_on=_required("opened_on", DATE),
    closed_on=Field(name="closed_on", type=DATE, required=True, tense=Tense.DONE),
    marker=_required("marker", ref("staff_member")),
    checkers=_required("checkers", refs("staff_member")),
    topics=_required("topics", TEXTS),
    word=Field(name="word", type=TEXT, default="first"),
    weight=Field(name="weight", type=NUMBER, default=1),
    is_late=Field(name="is_late", type=YES_NO, default=False),
    earlier=ref("submission"),
)
SCHEMA = Schema(
    root=TOY.root,
    entities={
        **TOY.entities,
        "submission": replace(TOY.entities["submission"], children={"attempts": "attempt"}),
        "attempt": _ATTEMPT,
    },
)
