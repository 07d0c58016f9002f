"""A toy centre and plans built by hand, to test the evaluator without parser and planner.

`centre(...)` links a document over `SCHEMA`; `v("s.learner.name")` and its kin make operations
whose span holds the text given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from policy.data.linking import link
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.meaning import plan
from policy.model.calendars import calendar_of
from policy.model.entities import EntityType, Field, Kind, Schema, Tense, ValueType
from policy.model.outcomes import Severity
from policy.model.records import Document
from policy.model.source import SourceText, Span
from policy.model.values import DurationUnit, Value

AS_AT = date(2025, 12, 1)

TEXT = ValueType(kind=Kind.TEXT)
DATE = ValueType(kind=Kind.DATE)
YES_NO = ValueType(kind=Kind.BOOLEAN)
NUMBER = ValueType(kind=Kind.NUMBER)
TEXTS = ValueType(kind=Kind.LIST, item=TEXT)


def ref(entity: str) -> ValueType:
    """Return the type of a reference."""
    return ValueType(kind=Kind.REF, entity=entity)


def refs(entity: str) -> ValueType:
    """Return the type of a list of references."""
    return ValueType(kind=Kind.LIST, item=ref(entity))


def entity(
    name: str, parent: str | None, children: tuple[str, ...] = (), /, **fields: Any
) -> EntityType:
    """Return an entity `name` whose collection is `name` + s; a field is a type or a Field."""
    typed = {
        key: item if isinstance(item, Field) else Field(name=key, type=item)
        for key, item in fields.items()
    }
    return EntityType(
        name=name,
        collection=f"{name}s",
        parent=parent,
        fields={"id": Field(name="id", type=TEXT, required=True), **typed},
        children={f"{child}s": child for child in children},
    )


SCHEMA = Schema(
    root="centre",
    entities={
        item.name: item
        for item in (
            entity(
                "centre",
                None,
                ("calendar_period", "staff_member", "programme"),
                academic_year=TEXT,
                year_starts_on=DATE,
                year_ends_on=DATE,
                country=TEXT,
            ),
            entity("calendar_period", "centre", kind=TEXT, starts_on=DATE, ends_on=DATE),
            entity(
                "staff_member",
                "centre",
                name=Field(name="name", type=TEXT, personal=True),
                left_on=DATE,
            ),
            entity(
                "programme",
                "centre",
                ("learner", "unit"),
                family=TEXT,
                starts_on=DATE,
                is_open=YES_NO,
                lead=ref("staff_member"),
                assessors=refs("staff_member"),
                verifiers=refs("staff_member"),
                topics=TEXTS,
            ),
            entity("unit", "programme", number=TEXT),
            entity(
                "learner",
                "programme",
                ("submission",),
                name=Field(name="name", type=TEXT, personal=True),
                study_mode=TEXT,
                study_days=TEXTS,
                left_on=DATE,
            ),
            entity(
                "submission",
                "learner",
                kind=TEXT,
                marks=NUMBER,
                is_signed=YES_NO,
                submitted_on=Field(name="submitted_on", type=DATE, tense=Tense.DONE),
                due_on=DATE,
                unit=ref("unit"),
                first=ref("submission"),
                criteria=TEXTS,
            ),
        )
    },
)

TERMS = [
    {"id": "K1", "kind": "term", "starts_on": "2025-09-01", "ends_on": "2025-12-19"},
    {"id": "K2", "kind": "half_term", "starts_on": "2025-10-27", "ends_on": "2025-10-31"},
    {"id": "K3", "kind": "term", "starts_on": "2026-01-05", "ends_on": "2026-03-27"},
    {"id": "K4", "kind": "term", "starts_on": "2026-04-13", "ends_on": "2026-07-17"},
]


def centre(as_at: date = AS_AT, **fields: Any) -> Document:
    """Link a centre; a collection not given is absent, one given as None too."""
    data = {
        "id": "90001",
        "academic_year": "2025/26",
        "year_starts_on": "2025-09-01",
        "year_ends_on": "2026-08-31",
        "country": "england",
        "calendar_periods": TERMS,
        **fields,
    }
    document = link("centre.json", data, SCHEMA, as_at).document
    assert document is not None
    return document


def centre_of(*submissions: Mapping[str, Any], **learner: Any) -> Document:
    """Link a centre of one programme P1 with one learner L1 with these submissions, S1 to Sn."""
    numbered = [{"id": f"S{at}", **item} for at, item in enumerate(submissions, start=1)]
    row = {"id": "L1", "name": "Ann Other", "submissions": numbered, **learner}
    return centre(
        staff_members=[{"id": "T1", "name": "Tom One"}, {"id": "T2", "name": "Tess Two"}],
        programmes=[
            {"id": "P1", "learners": [row], "units": [{"id": "U1", "number": "1"}], "lead": "T1"}
        ],
    )


def at(text: str = "") -> Span:
    """Return a span that underlines `text`."""
    return SourceText("test.policy", text).span(0, len(text))


def c(value: Value) -> plan.Constant:
    """A constant."""
    return plan.Constant(value=value, span=at(str(value)))


def v(text: str) -> plan.Operation:
    """A variable and fields of it: `s.learner.name`. Names that are entities are ancestors, names
    of collections the rows below."""
    first, *names = text.split(".")
    operation: plan.Operation = plan.Variable(name=first, span=at(first))
    done = first
    for name in names:
        done = f"{done}.{name}"
        if name in SCHEMA.entities and name != "unit":
            operation = plan.Ancestor(of=operation, entity=name, span=at(done))
        elif name in _COLLECTIONS:
            path = _PATHS.get((text.split(".")[0], name), (name,))
            operation = plan.Rows(of=operation, path=path, span=at(done))
        else:
            operation = plan.FieldOf(of=operation, field=name, span=at(done))
    return operation


_COLLECTIONS = {item.collection for item in SCHEMA.entities.values()}
_PATHS = {
    ("c", "submissions"): ("programmes", "learners", "submissions"),
    ("c", "learners"): ("programmes", "learners"),
    ("p", "submissions"): ("learners", "submissions"),
}


def compare(left: plan.Operation, op: str, right: plan.Operation) -> plan.Compare:
    """`left op right`."""
    text = f"{left.span.text} {op} {right.span.text}"
    return plan.Compare(op=op, left=left, right=right, span=at(text))


def both(*items: plan.Operation) -> plan.All:
    """`a and b`."""
    return plan.All(items=items, span=at(" and ".join(item.span.text for item in items)))


def either(*items: plan.Operation) -> plan.Any:
    """`a or b`."""
    return plan.Any(items=items, span=at(" or ".join(item.span.text for item in items)))


def no(item: plan.Operation) -> plan.Not:
    """`not a`."""
    return plan.Not(item=item, span=at(f"not {item.span.text}"))


def recorded(item: plan.Operation) -> plan.IsRecorded:
    """`a is recorded`."""
    return plan.IsRecorded(item=item, span=at(f"{item.span.text} is recorded"))


def drawn(variable: str, source: plan.Operation, where: plan.Operation | None = None) -> plan.Drawn:
    """`variable in source where ...`."""
    return plan.Drawn(variable=variable, source=source, where=where, span=at(variable))


def text_of(item: plan.Drawn) -> str:
    """Return how a drawing is written."""
    where = f" where {item.where.span.text}" if item.where else ""
    return f"{item.variable} in {item.source.span.text}{where}"


def every(item: plan.Drawn, satisfies: plan.Operation) -> plan.Every:
    """`every x in .. satisfies ..`."""
    span = at(f"every {text_of(item)} satisfies {satisfies.span.text}")
    return plan.Every(drawn=item, satisfies=satisfies, span=span)


def some(item: plan.Drawn) -> plan.Some:
    """`some x in .. where ..`."""
    return plan.Some(drawn=item, span=at(f"some {text_of(item)}"))


def count(item: plan.Drawn) -> plan.Count:
    """`count of x in ..`."""
    return plan.Count(drawn=item, span=at(f"count of {text_of(item)}"))


def extreme(result: plan.Operation, item: plan.Drawn, greatest: bool) -> plan.Extreme:
    """`earliest` or `latest E for x in ..`."""
    word = "latest" if greatest else "earliest"
    span = at(f"{word} {result.span.text} for {text_of(item)}")
    return plan.Extreme(drawn=item, result=result, greatest=greatest, span=span)


def total(result: plan.Operation, item: plan.Drawn) -> plan.Sum:
    """`sum of E for x in ..`."""
    span = at(f"sum of {result.span.text} for {text_of(item)}")
    return plan.Sum(drawn=item, result=result, span=span)


def the(item: plan.Drawn) -> plan.The:
    """`the x in .. where ..`."""
    return plan.The(drawn=item, span=at(f"the {text_of(item)}"))


def the_most(item: plan.Drawn, by: plan.Operation, greatest: bool = True) -> plan.TheMost:
    """`the x in .. with latest ..`."""
    return plan.TheMost(drawn=item, by=by, greatest=greatest, span=at(f"the {text_of(item)}"))


def collect(
    item: plan.Drawn, result: plan.Operation | None = None, distinct: bool = False
) -> plan.Collect:
    """`all` or `distinct E for x in ..`."""
    return plan.Collect(
        drawn=item, result=result, distinct=distinct, span=at(f"all {text_of(item)}")
    )


def days(amount: int, base: plan.Operation, unit: DurationUnit = DurationUnit.DAYS) -> plan.Moved:
    """`N days after base`."""
    span = at(f"{amount} {unit} after {base.span.text}")
    return plan.Moved(amount=c(amount), unit=unit, sign=1, base=base, span=span)


def demand(condition: plan.Operation, **more: Any) -> plan.DemandPlan:
    """`must condition`."""
    fields: dict[str, Any] = {"label": "", "severity": Severity.MUST, "clauses": ("X-001",), **more}
    return plan.DemandPlan(condition=condition, span=condition.span, **fields)


def rule(scope_entity: str, variable: str, *demands: plan.DemandPlan, **more: Any) -> plan.RulePlan:
    """A rule `r` for each row of an entity."""
    pair = more.pop("pair", None)
    return plan.RulePlan(
        name="r",
        title="A rule",
        spec="toy",
        scope=plan.ScopePlan(entity=scope_entity, variable=variable, pair=pair),
        demands=demands,
        span=at("rule r"),
        **more,
    )


def spec(*rules: plan.RulePlan, **more: Any) -> plan.SpecPlan:
    """A spec of these rules, for 2025/26."""
    fields: dict[str, Any] = {
        "name": "toy",
        "title": "A toy",
        "edition": "2025/26",
        "suite": "toy",
        "hash": "0",
        "rules": rules,
        "membership": (),
        "definitions": {},
        "tables": {},
        "parameters": {},
        **more,
    }
    return plan.SpecPlan(**fields)


def evaluator(document: Document, as_at: date = AS_AT, **more: Any) -> Evaluator:
    """An evaluator of an otherwise empty spec; `more` are fields of the spec."""
    return Evaluator(spec(**more), document, calendar_of(document.root), as_at)


def define(name: str, parameters: tuple[str, ...], body: plan.Operation) -> dict[str, Any]:
    """A table of one definition."""
    return {name: plan.DefinitionPlan(name=name, parameters=parameters, body=body)}


def applied(name: str, *arguments: plan.Operation) -> plan.DefinitionOf:
    """A definition applied; written with a dot if it has one argument."""
    text = f"{arguments[0].span.text}.{name}"
    return plan.DefinitionOf(name=name, arguments=arguments, span=at(text))
