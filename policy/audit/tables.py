"""What an audit keeps: three tables, their columns, and rows made of verdicts.

Personal values are not kept: evidence that is personal reads "(personal)", and of a document that
cannot be judged only the place and the kind of the mistake are, not the value: a name may stand in
any field by mistake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from policy.audit.judging import Judged
from policy.model.diagnostics import Diagnostic, Level
from policy.model.findings import DemandResult, Finding
from policy.model.outcomes import Counts, Outcome

OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {outcome: outcome.value.replace(" ", "_") for outcome in Outcome}
)
"""Outcome -> name of its column."""

JUDGED, QUARANTINED = "judged", "quarantined"
PERSONAL = "(personal)"


class Column(Struct, frozen=True):
    """One column: text, integer, yes_no, day or texts (a list)."""

    name: str
    kind: str = "text"


_WHERE = (Column("document"), Column("centre"), Column("academic_year"))
_RULE = (
    *(Column("spec"), Column("edition"), Column("rule"), Column("label")),
    *(Column("title"), Column("severity"), Column("clauses", "texts")),
)
_COUNTS = tuple(Column(name, "integer") for name in ("subjects", *OUTCOMES.values()))

TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "documents": (
            *(*_WHERE, Column("region"), Column("file"), Column("line", "integer")),
            *(Column("size", "integer"), Column("hash"), Column("status")),
            *(Column("findings", "integer"), *_COUNTS),
            *(Column("code"), Column("problem"), Column("problem_line", "integer")),
            *(Column("problem_column", "integer"), Column("warnings", "integer")),
            Column("verdict_hash"),
        ),
        "outcomes": (*_WHERE, *_RULE, *_COUNTS),
        "findings": (
            *(*_WHERE, *_RULE, Column("outcome"), Column("is_note", "yes_no")),
            *(Column("subject_type"), Column("subject"), Column("with_type")),
            *(Column("with_subject"), Column("pointer"), Column("message"), Column("remedy")),
            *(Column("owner"), Column("due_on", "day"), Column("waived_until", "day")),
            *(Column("missing", "texts"), Column("evidence"), Column("parameters")),
            Column("fingerprint"),
        ),
    }
)
"""Name of the table, which is that of its file, -> columns."""

Row = tuple[Any, ...]


class Rows(Struct, frozen=True, kw_only=True):
    """What one document adds to each table."""

    documents: tuple[Row, ...]
    outcomes: tuple[Row, ...]
    findings: tuple[Row, ...]

    def of(self, table: str) -> tuple[Row, ...]:
        """Return the rows for a table."""
        found: tuple[Row, ...] = getattr(self, table)
        return found


def rows_of(judged: Judged) -> Rows:
    """Return what a document adds. The hash of its verdicts is over all but where it stands."""
    result = judged.result
    where = (shown_name(result.name), result.centre, result.academic_year)
    applied = [demand for demand in result.demands if demand.counts.by_outcome]
    outcomes = tuple((*where, *_rule(demand), *_counts(demand.counts)) for demand in applied)
    findings = tuple(_finding(where, finding) for finding in result.findings)
    first = len(TABLES["outcomes"]) - len(_COUNTS)
    counts = [sum(row[at] for row in outcomes) for at in range(first, first + len(_COUNTS))]
    document = (
        *(*where, judged.region, shown_name(judged.given.file), judged.given.line),
        *(judged.size, judged.hash),
        *(JUDGED if result.readable else QUARANTINED, len(findings)),
        *(*counts, *_problem(result.diagnostics)),
    )
    verdict = _without_place(document, outcomes, findings)
    digest = hashlib.sha256(repr(verdict).encode("utf-8", "replace"))
    return Rows(documents=((*document, digest.hexdigest()),), outcomes=outcomes, findings=findings)


def _without_place(document: Row, outcomes: Sequence[Row], findings: Sequence[Row]) -> Row:
    """Return the rows without name, file and line: a document that was moved is judged alike."""
    at = [column.name for column in TABLES["documents"]].index("file")
    verdict = (*document[1:at], *document[at + 2 :])
    return (verdict, [row[1:] for row in outcomes], [row[1:] for row in findings])


def shown_name(name: str) -> str:
    """Return the name of a file as a text, whatever bytes it is made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _counts(counts: Counts) -> Row:
    by_outcome = counts.by_outcome
    return (counts.subjects, *[by_outcome.get(outcome, 0) for outcome in OUTCOMES])


def _problem(diagnostics: Sequence[Diagnostic]) -> Row:
    """Return code, words, line and column of the first mistake, and how many warnings there are."""
    errors = [item for item in diagnostics if item.level is Level.ERROR]
    warnings = len(diagnostics) - len(errors)
    if not errors:
        return ("", "", None, None, warnings)
    first = errors[0]
    place = first.position
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    line, column = (place.line, place.column) if place else (None, None)
    return (first.code, first.kept_message + more, line, column, warnings)


def _rule(of: DemandResult | Finding) -> Row:
    head = (of.spec, of.edition, of.rule, of.label, of.title)
    return (*head, str(of.severity), list(of.clauses))


def _finding(where: Row, finding: Finding) -> Row:
    subject = finding.subject
    evidence = [
        {
            "expression": item.expression,
            "value": PERSONAL if item.personal else item.value,
            "pointer": item.pointer,
        }
        for item in finding.evidence
    ]
    missing = [f"{cause.fact} of {cause.entity} {cause.id}" for cause in finding.missing]
    return (
        *(*where, *_rule(finding), OUTCOMES[finding.outcome], finding.is_note),
        *(subject.type, subject.id, subject.with_type, subject.with_id),
        *(finding.pointer, finding.message, finding.remedy, finding.owner),
        *(finding.due_on, finding.waived_until, missing, json.dumps(evidence)),
        *(json.dumps(dict(sorted(finding.parameters.items()))), finding.fingerprint),
    )
