"""Reports made by hand, and golden files to compare their text with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from policy.model.diagnostics import Diagnostic, Label, Level
from policy.model.findings import (
    DemandResult,
    DocumentResult,
    Evidence,
    Finding,
    PluginInfo,
    Report,
    RunInfo,
    SpecInfo,
    Subject,
)
from policy.model.outcomes import Counts, Outcome, Severity
from policy.model.records import Assumption
from policy.model.source import SourceText
from policy.model.values import Cause, CauseKind

GOLDEN = Path(__file__).parent / "golden"
AS_AT = date(2026, 4, 15)
SPEC = SourceText(
    "specs/toy/toy.policy",
    "language 1\n"
    'spec toy "Toys" for 2025/26\n'
    'rule used_twice "A version is used once"\n'
    "  for each submission s\n"
    "  must s.resubmited_on is recorded\n"
    "  must s.version = s.assignment.version and s.version is not missing "
    "or s.version is late_on_paper\n",
)
DATA = SourceText(
    "college.json",
    '{\n  "number": "12345",\n  "learners": [{"id": "L1", "name": "Ada", "kind": "ghost"}]\n}\n',
)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with `golden/NAME.txt`, or rewrite that file with `--update-golden`."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / f"{name}.txt"
        if request.config.getoption("--update-golden"):
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8")

    return compare


def make_finding(**changes: object) -> Finding:
    """Return a breached must with everything a finding can carry, changed as asked."""
    found = Finding(
        spec="toy",
        edition="2025/26",
        rule="used_once",
        label="",
        title="A set assignment version is used once by each learner",
        clauses=("TOY-068", "TOY-071"),
        severity=Severity.MUST,
        outcome=Outcome.BREACHED,
        subject=Subject(type="submission", id="S9"),
        document="college.json",
        centre="12345",
        pointer="/submissions/8/version",
        line=214,
        column=18,
        source_line='      "version": "A",',
        underline=(18, 3),
        message="unit 3 is attempted again with version A, used before on 2026-02-03",
        remedy="set a published version that this learner has not seen",
        owner="lead_iv",
        evidence=(
            Evidence(expression="s.version", value="A", pointer="/submissions/8/version"),
            Evidence(expression="s.learner.name", value="Ada", pointer="/l/0", personal=True),
        ),
        parameters={"resubmission_days": "15 working days"},
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def make_demand(rule: str, severity: Severity = Severity.MUST, **numbers: int) -> DemandResult:
    """Return a demand of the spec `toy` with so many of each outcome; `na` for not applicable."""
    words = {"na": Outcome.NOT_APPLICABLE}
    by_outcome = {words.get(key) or Outcome(key): number for key, number in numbers.items()}
    because = {"`when` is false": numbers["na"]} if "na" in numbers else {}
    return DemandResult(
        spec="toy",
        edition="2025/26",
        rule=rule,
        title="",
        severity=severity,
        clauses=("TOY-001",),
        counts=Counts(by_outcome=by_outcome, because=because),
    )


def make_report(*documents: DocumentResult, **changes: object) -> Report:
    """Return a report as at 15 April 2026 with one spec."""
    run = RunInfo(
        as_at=AS_AT,
        engine_version="1.2.0",
        specs=(SpecInfo(name="toy", title="Toys of the trade", edition="2025/26", hash="0" * 64),),
    )
    return Report(run=replace(run, **changes), documents=documents)  # type: ignore[arg-type]


def make_document(**changes: object) -> DocumentResult:
    """Return a readable document without findings."""
    base = DocumentResult(name="college.json", centre="12345", academic_year="2025/26")
    return replace(base, **changes)  # type: ignore[arg-type]


def _cause(kind: CauseKind, entity: str, id: str, field: str) -> Cause:
    return Cause(kind, entity, id, field)


def make_unknown(number: int, *causes: Cause) -> Finding:
    """Return an undecided must for submission number `number`."""
    return make_finding(
        rule="marked_in_time",
        title="Work is marked within the time planned",
        clauses=("TOY-090",),
        outcome=Outcome.UNKNOWN,
        subject=Subject(type="submission", id=f"S{number}"),
        pointer=f"/submissions/{number}",
        line=200 + number,
        column=5,
        source_line="",
        underline=(0, 0),
        message="whether work is marked in time cannot be told",
        remedy="record when the work was marked",
        owner="assessor",
        missing=causes,
        evidence=(),
        parameters={},
    )


@pytest.fixture
def full_report() -> Report:
    """Return a report with every kind of finding, diagnostics, an unreadable document."""
    lacks_policies = _cause(CauseKind.ABSENT_COLLECTION, "centre", "12345", "policies")
    unknown = [make_unknown(n, lacks_policies) for n in (1, 2)]
    unknown += [
        make_unknown(3, _cause(CauseKind.NOT_RECORDED, "submission", "S3", "marked_on")),
        make_unknown(
            4, lacks_policies, _cause(CauseKind.NOT_RECORDED, "submission", "S4", "marked_on")
        ),
    ]
    ready = make_finding(
        rule="unit_ready_by_15_may",
        title="One unit is ready for standards verification by 15 May",
        clauses=("TOY-109",),
        severity=Severity.SHOULD,
        outcome=Outcome.PENDING,
        subject=Subject(type="programme", id="P1"),
        line=12,
        column=7,
        pointer="/programmes/0",
        source_line="",
        message="no unit of programme P1 is ready yet",
        remedy="plan a unit for sampling",
        owner="quality_nominee",
        due_on=date(2026, 5, 15),
        evidence=(Evidence(expression="earliest u.ready_on", value="not recorded"),),
        parameters={},
    )
    earlier = replace(ready, rule="plan_signed", due_on=date(2026, 4, 16), title="Plans are signed")
    open_end = replace(ready, rule="visit_held", due_on=None, title="A visit is held")
    late = make_finding(
        rule="policy_reviewed",
        label="yearly",
        title="Policies are reviewed every year",
        severity=Severity.SHOULD,
        subject=Subject(type="policy", id="Q2"),
        line=31,
        column=22,
        pointer="/policies/1/reviewed_on",
        source_line='     "reviewed_on": "2023-09-01", "owner_name": "Grace Hopper"',
        underline=(21, 12),
        message="the assessment policy was last reviewed on 2023-09-01",
        remedy="review it, and record the day",
        owner="quality_nominee",
        evidence=(Evidence(expression="q.reviewed_on", value="2023-09-01"),),
        parameters={"policy_review": "12 months"},
    )
    note = make_finding(
        rule="check_in_likely",
        title="A check-in is likely",
        severity=Severity.NOTE,
        outcome=Outcome.MET,
        is_note=True,
        subject=Subject(type="centre", id="12345"),
        line=None,
        column=None,
        pointer="",
        message="the last check-in was more than two years ago",
        remedy="",
        owner="",
        evidence=(),
        parameters={},
    )
    waived = replace(late, outcome=Outcome.WAIVED, waived_until=date(2026, 7, 31))
    waived = replace(waived, rule="policy_shared", title="Policies are shared", label="")
    failed = make_finding(
        rule="titles_agree",
        title="Titles agree with the register",
        outcome=Outcome.ERROR,
        subject=Subject(type="learner", id="L1", with_type="claim", with_id="C7"),
        message="function `title_key` failed",
        remedy="",
        owner="",
        evidence=(),
        parameters={},
    )
    document = make_document(
        findings=(make_finding(), late, *unknown, open_end, ready, earlier, note, waived, failed),
        demands=(
            make_demand("used_once", breached=1, met=7, na=1),
            make_demand("policy_reviewed", Severity.SHOULD, breached=1, met=2),
            make_demand("marked_in_time", unknown=4, met=5),
            make_demand("unit_ready_by_15_may", Severity.SHOULD, pending=1),
            make_demand("plan_signed", Severity.SHOULD, pending=1),
            make_demand("visit_held", Severity.SHOULD, pending=1),
            make_demand("policy_shared", Severity.SHOULD, waived=1),
            make_demand("titles_agree", error=1),
            make_demand("check_in_likely", Severity.NOTE, met=1),
            make_demand("never_asked", na=9),
            make_demand("a_rule_that_has_a_very_long_name_to_say_what_it_wants", met=1204, na=31),
        ),
        assumptions=(Assumption(entity="submission", field="is_late", value="no", count=14),),
    )
    broken = DocumentResult(
        name="north.json",
        readable=False,
        diagnostics=(
            Diagnostic(
                code="P501",
                message="this is not JSON: a value is expected",
                file="north.json",
                help="save the file as UTF-8 JSON",
            ),
        ),
    )
    report = make_report(
        document,
        broken,
        plugins=(PluginInfo(name="toy", distribution="toys", version="0.3", broken="no `tinker`"),),
        parameters={"resubmission_days": "15"},
    )
    warning = Diagnostic(
        code="P999",
        message="the plugin `toy` could not be loaded",
        level=Level.WARNING,
        help="install it again",
    )
    return replace(report, diagnostics=(warning,))


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Return a maker of findings."""
    return make_finding


@pytest.fixture
def unknown() -> Callable[..., Finding]:
    """Return a maker of undecided findings."""
    return make_unknown


@pytest.fixture
def demand() -> Callable[..., DemandResult]:
    """Return a maker of demand results."""
    return make_demand


@pytest.fixture
def document() -> Callable[..., DocumentResult]:
    """Return a maker of documents."""
    return make_document


@pytest.fixture
def report() -> Callable[..., Report]:
    """Return a maker of reports."""
    return make_report


@pytest.fixture
def spec_diagnostics() -> list[Diagnostic]:
    """Return mistakes in a spec: one with a label in the same text, one wide, one in no file."""
    at = SPEC.text.index
    wrong = at("resubmited_on")
    scope = at("for each submission s")
    wide = at("s.version is late_on_paper")
    return [
        Diagnostic(
            code="P201",
            message="a submission has no field `resubmited_on`",
            span=SPEC.span(wrong, wrong + 13),
            help="did you mean `resubmitted_on`?",
            labels=(Label(span=SPEC.span(scope, scope + 21), text="`s` is a submission"),),
        ),
        Diagnostic(
            code="P105",
            message="`and` beside `or` needs brackets, because people read such a line in two "
            "ways and only one of them can be meant",
            span=SPEC.span(wide, wide + 26),
            level=Level.WARNING,
            labels=(
                Label(
                    span=DATA.span(4, 12),
                    text="and this is a second place in another text, with a remark that is too "
                    "long to stand beside it",
                ),
            ),
        ),
        Diagnostic(code="P701", message="there is no spec `toi`", help="did you mean `toy`?"),
    ]
