"""What a run found: the report as a value, before anybody prints it.

`policy.engine` makes a `Report`; `policy.report` turns it into text and JSON. Nothing here knows a
terminal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from policy.model.diagnostics import Diagnostic, Level
from policy.model.outcomes import Counts, Outcome, Severity
from policy.model.records import Assumption
from policy.model.values import Cause


class Subject(Struct, frozen=True, kw_only=True, order=True):
    """Who or what a demand was judged for. A pair scope has a second half."""

    type: str
    id: str
    with_type: str = ""
    with_id: str = ""

    def __str__(self) -> str:
        first = f"{self.type} {self.id}"
        return f"{first} with {self.with_type} {self.with_id}" if self.with_type else first


class Evidence(Struct, frozen=True, kw_only=True):
    """One value that was read: the expression as the rule writes it, the value as words, its place
    as a JSON Pointer (empty for a computed value). `personal` ones are masked unless asked for."""

    expression: str
    value: str
    pointer: str = ""
    personal: bool = False


class Finding(Struct, frozen=True, kw_only=True):
    """One outcome somebody should look at: breached, pending, unknown, waived, error, or a note.

    A note that fired has severity NOTE and outcome BREACHED is never used for it: its outcome is
    MET (the condition is true) and `is_note` is set.
    """

    spec: str
    edition: str
    rule: str
    label: str = ""
    title: str
    clauses: tuple[str, ...]
    severity: Severity
    outcome: Outcome
    is_note: bool = False
    subject: Subject
    document: str
    """Name of the document, as in `DocumentResult.name`."""
    pointer: str = ""
    focus: str = ""
    """Pointer of the value to underline, empty for the row itself."""
    line: int | None = None
    column: int | None = None
    source_line: str = ""
    """The text of that line, of a very long one what lies around the place; `underline` is (first
    column in it, length)."""
    underline: tuple[int, int] = (0, 0)
    message: str
    remedy: str = ""
    owner: str = ""
    due_on: date | None = None
    missing: tuple[Cause, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Settings the verdict rests on, with their values: NAME -> value as words."""
    waived_until: date | None = None

    @property
    def name(self) -> str:
        """`rule` or `rule.label`."""
        return f"{self.rule}.{self.label}" if self.label else self.rule

    @property
    def fingerprint(self) -> str:
        """16 hex digits, the same as long as spec, rule, label, outcome, document root and subject
        are the same: unmoved by reordering and by edits elsewhere."""
        from hashlib import sha256

        parts = (
            self.spec,
            self.rule,
            self.label,
            str(self.outcome),
            self.centre,
            str(self.subject),
        )
        return sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    centre: str = ""
    """Id of the document's root row."""


class DemandResult(Struct, frozen=True, kw_only=True):
    """How one demand ended over all its subjects in one document, or in a whole run."""

    spec: str
    edition: str
    rule: str
    label: str = ""
    title: str = ""
    severity: Severity
    clauses: tuple[str, ...] = ()
    counts: Counts

    @property
    def name(self) -> str:
        """`rule` or `rule.label`."""
        return f"{self.rule}.{self.label}" if self.label else self.rule


class DocumentResult(Struct, frozen=True, kw_only=True):
    """One document: `readable` is False when it could not be judged, and then the diagnostics say
    why."""

    name: str
    centre: str = ""
    academic_year: str = ""
    readable: bool = True
    demands: tuple[DemandResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    assumptions: tuple[Assumption, ...] = ()


class SpecInfo(Struct, frozen=True, kw_only=True):
    """A spec that took part: `hash` is over its normalised text and its tables."""

    name: str
    title: str
    edition: str
    hash: str
    notes: tuple[str, ...] = ()
    """Said once per run: "written for 2023/24, used for documents of 2025/26"."""


class PluginInfo(Struct, frozen=True, kw_only=True):
    """A plugin that was asked for; `broken` says why it could not be loaded."""

    name: str
    distribution: str
    version: str
    broken: str = ""


class RunInfo(Struct, frozen=True, kw_only=True):
    """What a verdict depends on besides the data."""

    as_at: date
    engine_version: str
    specs: tuple[SpecInfo, ...] = ()
    plugins: tuple[PluginInfo, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Those set for this run with `--set`, NAME -> value."""


class Report(Struct, frozen=True, kw_only=True, dict=True):
    """The result of a run."""

    run: RunInfo
    documents: tuple[DocumentResult, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    """Those about specs, plugins and the call itself; a document's are its own."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, document by document."""
        return tuple(finding for document in self.documents for finding in document.findings)

    def totals(self) -> tuple[DemandResult, ...]:
        """Counts of each demand summed over the documents, in order of first appearance."""
        return self._totals

    @cached_property
    def _totals(self) -> tuple[DemandResult, ...]:
        merged: dict[tuple[str, str, str, str], DemandResult] = {}
        for document in self.documents:
            for demand in document.demands:
                key = (demand.spec, demand.edition, demand.rule, demand.label)
                known = merged.get(key)
                merged[key] = (
                    replace(demand, counts=known.counts + demand.counts) if known else demand
                )
        return tuple(merged.values())

    @property
    def can_be_trusted(self) -> bool:
        """Whether every spec and every document could be read; False is exit code 2."""
        own = any(item.level is Level.ERROR for item in self.diagnostics)
        return not own and all(document.readable for document in self.documents)
