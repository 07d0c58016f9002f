"""Judgements and decisions -> findings: what a person is shown.

A finding is made of every outcome but *met* and *not applicable*, and of notes that fired.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from policy.data.loader import Loaded
from policy.dsl.evaluation.evaluator import Evaluator
from policy.dsl.evaluation.judgement import Judgement
from policy.dsl.explaining.explanation import evidence, message, remedy, words
from policy.dsl.explaining.wording import operands
from policy.dsl.meaning.plan import FieldOf, Operation, Variable
from policy.model.evidence import json_pointer
from policy.model.findings import Finding, Subject
from policy.model.outcomes import Outcome
from policy.model.records import Record, Row
from policy.model.suite import Check, Decision
from policy.model.values import Pointer, Value, is_absent

_SHOWN = 400
"""Characters to either side of a value that a finding keeps of its line."""


def subject_of(record: Record, second: Value | None) -> Subject:
    """Return the name of a subject: its entity and id, with those of the second half of a pair."""
    if second is None:
        return Subject(type=record.entity, id=record.id)
    kind, id = _name_of(second)
    return Subject(type=record.entity, id=record.id, with_type=kind, with_id=id)


def _name_of(value: Value) -> tuple[str, str]:
    if isinstance(value, Record):
        return value.entity, value.id
    if isinstance(value, Row):
        return value.table, value.id
    return "value", words(value)


def of_judgement(evaluator: Evaluator, judgement: Judgement) -> Finding:
    """Return the finding of a judgement, without its place in the file."""
    demand, verdict = judgement.demand, judgement.verdict
    parameters = evaluator.context.parameters
    return Finding(
        spec=evaluator.plan.name,
        edition=evaluator.plan.edition,
        rule=judgement.rule.name,
        label=demand.label,
        title=judgement.rule.title,
        clauses=demand.clauses,
        severity=demand.severity,
        outcome=judgement.outcome,
        is_note=judgement.has_fired,
        subject=subject_of(judgement.record, judgement.second),
        document=evaluator.document.name,
        centre=evaluator.document.root.id,
        pointer=json_pointer(judgement.at.pointer),
        focus=_focus(judgement),
        message=message(evaluator, judgement),
        remedy=remedy(evaluator, judgement),
        owner=demand.owner,
        due_on=verdict.due_on,
        missing=verdict.causes if judgement.outcome is not Outcome.BREACHED else (),
        evidence=evidence(evaluator, judgement),
        parameters={name: words(parameters[name]) for name in demand.settings},
    )


def of_decision(evaluator: Evaluator, check: Check, record: Record, decision: Decision) -> Finding:
    """Return the finding of a plugin's decision, without its place in the file."""
    at = decision.at or record
    return Finding(
        spec=evaluator.plan.name,
        edition=evaluator.plan.edition,
        rule=check.name,
        title=check.title,
        clauses=check.clauses,
        severity=check.severity,
        outcome=decision.outcome,
        subject=subject_of(record, None),
        document=evaluator.document.name,
        centre=evaluator.document.root.id,
        pointer=json_pointer(at.pointer),
        message=decision.message or check.title,
        remedy=check.remedy,
        owner=check.owner,
        due_on=decision.due_on,
        missing=decision.missing,
        evidence=decision.evidence,
    )


def read_pointer(text: str) -> tuple[str, ...]:
    """Return the parts of a pointer; indexes stay texts."""
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def _focus(judgement: Judgement) -> str:
    """Return the pointer of the value to underline, empty for the row itself.

    Of a breach it is the first row at fault that lies in the subject, otherwise the first field of
    the subject that the demand reads, otherwise the first that the author's sentence names.
    """
    if judgement.outcome is not Outcome.BREACHED:
        return ""
    record, demand = judgement.record, judgement.demand
    for row in judgement.failing:
        if isinstance(row, Record) and row.pointer[: len(record.pointer)] == record.pointer:
            return json_pointer(row.pointer)
    named = demand.message.values if demand.message else ()
    for operation in (demand.condition, *filter(None, [demand.by]), *named):
        for field in _fields_read(operation, judgement.rule.scope.variable):
            if not is_absent(record.value(field)) and not record.type.fields[field].personal:
                return json_pointer((*record.pointer, field))
    return ""


def _fields_read(operation: Operation, variable: str) -> Iterator[str]:
    """Yield the fields of the subject's own row that an operation reads, in the order of the
    text."""
    match operation:
        case FieldOf(of=Variable(name=name), field=field) if name == variable:
            yield field
        case _:
            for part in operands(operation):
                yield from _fields_read(part, variable)


def placed(finding: Finding, loaded: Loaded) -> Finding:
    """Return the finding with line, column and the line's text.

    The place is that of its focus, otherwise of the first value read that lies in the subject's
    row, otherwise of the row.
    """
    span = loaded.locate(_best_pointer(finding))
    if span is None:
        return finding
    position = span.position
    line, place = span.source.line_near(span.start, _SHOWN)
    length = min(span.end - span.start, max(1, len(line) - place))
    return replace(
        finding,
        line=position.line,
        column=position.column,
        source_line=line,
        underline=(place + 1, max(1, length)),
    )


def _best_pointer(finding: Finding) -> Pointer:
    inside = [
        item.pointer
        for item in finding.evidence
        if item.pointer.startswith(finding.pointer + "/") and not item.personal
    ]
    chosen = finding.pointer
    if finding.outcome is Outcome.BREACHED:
        chosen = next(iter([*filter(None, [finding.focus]), *inside]), finding.pointer)
    return tuple(int(part) if part.isdecimal() else part for part in read_pointer(chosen))
