"""The example centres end as the pages beside them say: each finding, no more and no less."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from policy.cli import main
from policy.engine import check, load_pack
from policy.model.findings import DemandResult, Finding, Report
from policy.model.outcomes import Outcome
from policy.pack import Pack

ROOT = Path(__file__).parents[2]
CENTRES = ROOT / "examples" / "centres"
EXPECTED: Mapping[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "troubled.expected.yaml").read_text(encoding="utf-8")
)
CASES: list[Mapping[str, Any]] = EXPECTED["cases"]
PLANTED: list[Mapping[str, Any]] = [row for case in CASES for row in case["findings"]]
# Other centres, each with a list of its own: rule, outcome and subject of all that is found.
LISTS: Mapping[str, Mapping[str, Any]] = {
    name: yaml.safe_load((Path(__file__).parent / f"{name}.expected.yaml").read_text("utf-8"))
    for name in ("college", "international", "provider")
}
LISTED = [(name, case) for name, listed in LISTS.items() for case in listed["cases"]]
# Variants in which nothing is wrong: the rules that leave a note all the same, and what the
# troubled variant breaks and this one is not asked (what is on the right route is on no wrong one).
CLEAN: Mapping[str, Mapping[str, set[str]]] = {
    "college_clean.yaml": {
        "notes": {"programme_is_left_out.group"},
        "not asked": {"delivery_cycle.learner_entered_for_external_unit"},
    },
    "international_clean.yaml": {"notes": set(), "not asked": set()},
    "provider_clean.yaml": {
        "notes": {
            "lsv_scope_noted",
            "programme_is_left_out.group",
            "programme_is_left_out.specialist",
            "stage_of_the_cycle",
        },
        "not asked": {
            "wbl.quality_route_is_right.cycle",
            "wbl.quality_route_is_right.functional_skills",
            "wbl.quality_route_is_right.remaining",
        },
    },
}
AS_AT = {
    "clean.json": date(2026, 7, 24),
    "troubled.json": EXPECTED["as_at"],
    "international.json": LISTS["international"]["as_at"],
    "international.yaml": LISTS["international"]["as_at"],
    "international_clean.yaml": date(2024, 6, 20),
    "college.yaml": LISTS["college"]["as_at"],
    "college_clean.yaml": date(2025, 8, 29),
    "provider.yaml": LISTS["provider"]["as_at"],
    "provider_clean.yaml": date(2025, 9, 5),
}
Judge = Callable[..., Report]


@pytest.fixture(scope="module")
def pack() -> Pack:
    """Return all installed specs."""
    return load_pack()


@pytest.fixture(scope="module")
def judge(pack: Pack) -> Judge:
    """Return a function from the name of a centre, and a day, to its report."""
    done: dict[tuple[str, date], Report] = {}

    def judged(name: str, day: date | None = None) -> Report:
        key = (name, day or AS_AT[name])
        if key not in done:
            done[key] = check(pack, [str(CENTRES / name)], key[1])
        return done[key]

    return judged


def demands_of(report: Report) -> tuple[DemandResult, ...]:
    """Return the results of all demands of the one document."""
    (document,) = report.documents
    assert document.readable
    return document.demands


def outcome_of(finding: Finding) -> str:
    """Return the outcome as the list writes it; a note that fired is a note."""
    return "note" if finding.is_note else str(finding.outcome)


def key_of(finding: Finding) -> tuple[str, str, str, int | None]:
    """Return what tells two findings of the list apart."""
    rule = f"{finding.spec}.{finding.name}"
    return rule, outcome_of(finding), str(finding.subject), finding.line


def as_listed(row: Mapping[str, Any]) -> tuple[str, str, str, int]:
    """Return the same of a row of the list."""
    return row["rule"], row["outcome"], row["subject"], row["line"]


def exit_code(*arguments: str) -> object:
    """Return how `policy` ends."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


# ---------------------------------------------------------------- the clean college


def test_clean_college_has_nothing_to_find(judge: Judge) -> None:
    """A year in order: no breach of must or should, nothing undecided, nothing pending."""
    report = judge("clean.json")
    assert [finding for finding in report.findings if not finding.is_note] == []
    assert [finding.name for finding in report.findings] == ["resubmission_in_term.part_time"]
    assert report.diagnostics == ()
    assert report.documents[0].diagnostics == ()
    assert report.documents[0].assumptions == ()


def test_clean_college_meets_many_demands(judge: Judge) -> None:
    """Nothing found is not for want of anything to judge."""
    met = [demand for demand in demands_of(judge("clean.json")) if demand.counts[Outcome.MET]]
    assert len({(demand.spec, demand.rule) for demand in met}) > 160
    assert {demand.spec for demand in met} == {"aaq", "delivery_cycle"}


IDLE = {
    "aaq.learner_data_kept_current.fallback",
    "aaq.third_attempt_kind_fits.re_sit",
    "aaq.third_attempt_on_time.extension",
    "delivery_cycle.brief_is_complete.evidence",
    "delivery_cycle.brief_is_complete.scenario",
    "delivery_cycle.brief_is_complete.tasks",
    "delivery_cycle.brief_targets_all_criteria",
    "delivery_cycle.brief_verification_covers_aspects.assessor",
    "delivery_cycle.brief_verification_covers_aspects.dates",
    "delivery_cycle.brief_verification_covers_aspects.evidence",
    "delivery_cycle.brief_verification_covers_aspects.scenario",
    "delivery_cycle.brief_verification_covers_aspects.suitable",
    "delivery_cycle.brief_verification_covers_aspects.tasks",
    "delivery_cycle.brief_verified_before_issue.before",
    "delivery_cycle.external_examination_is_for_its_groups",
    "delivery_cycle.own_brief_template_complete",
}


def test_clean_college_leaves_few_demands_idle(judge: Judge) -> None:
    """What met nothing is about own briefs, smaller sizes and examiners, which an AAQ has not."""
    idle = {
        f"{demand.spec}.{demand.name}"
        for demand in demands_of(judge("clean.json"))
        if demand.spec in ("aaq", "delivery_cycle")
        and str(demand.severity) != "note"
        and not demand.counts[Outcome.MET]
    }
    assert idle == IDLE


def test_clean_college_stays_clean(judge: Judge) -> None:
    """What is complete at the end of the year is complete on any later day."""
    later = judge("clean.json", date(2030, 1, 1))
    assert {finding.name for finding in later.findings} == {"resubmission_in_term.part_time"}


# ---------------------------------------------------------------- the troubled college


def test_exactly_the_planted_findings(judge: Judge) -> None:
    """What is found is what was planted: rule, outcome, subject and line."""
    found = [key_of(finding) for finding in judge("troubled.json").findings]
    assert sorted(found, key=str) == sorted((as_listed(row) for row in PLANTED), key=str)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['case']}: {case['about']}")
def test_case_is_found_as_described(judge: Judge, case: Mapping[str, Any]) -> None:
    """Each case has its severity, its clauses, its day, its values and what is missing."""
    found = {key_of(finding): finding for finding in judge("troubled.json").findings}
    for row in case["findings"]:
        finding = found[as_listed(row)]
        assert str(finding.severity) == row["severity"]
        assert list(finding.clauses) == row["clauses"]
        assert finding.due_on == row.get("due_on")
        read = {(item.expression, item.value) for item in finding.evidence}
        assert set(row.get("values", {}).items()) <= read
        missing = {f"{cause.entity} {cause.id} {cause.field}" for cause in finding.missing}
        assert missing == set(row.get("missing", ()))


def test_findings_tell_what_to_do(judge: Judge) -> None:
    """Every breach says what to do and who is to do it."""
    breached = [
        each for each in judge("troubled.json").findings if each.outcome is Outcome.BREACHED
    ]
    assert [each.name for each in breached if not each.remedy or not each.owner] == []


def test_troubles_differ(judge: Judge) -> None:
    """At least sixty different rules are breached, and every kind of outcome occurs."""
    findings = judge("troubled.json").findings
    breached = {finding.rule for finding in findings if finding.outcome is Outcome.BREACHED}
    assert len(breached) >= 60
    assert {outcome_of(finding) for finding in findings} == {
        "breached",
        "pending",
        "unknown",
        "note",
    }


def test_exceptions_hold(judge: Judge) -> None:
    """What a rule excepts is counted apart, by the name of the exception."""
    excepted = {
        (f"{demand.spec}.{demand.name}", why.removeprefix("excepted: ")): count
        for demand in demands_of(judge("troubled.json"))
        for why, count in demand.counts.because.items()
        if why.startswith("excepted: ")
    }
    listed = {(row["rule"], row["exception"]): row["count"] for row in EXPECTED["excepted"]}
    assert excepted == listed


def test_dangling_reference_is_reported(judge: Judge) -> None:
    """A person who is not in the document is a warning, and nothing else is wrong with the data."""
    (diagnostic,) = judge("troubled.json").documents[0].diagnostics
    assert diagnostic.code == "P520"
    assert "`T19`" in diagnostic.message


def test_page_tells_every_finding() -> None:
    """The page has each rule with its line, and each case with its title."""
    page = " ".join((CENTRES / "troubled.md").read_text(encoding="utf-8").split())
    for case in CASES:
        assert f"### {case['case']}. {case['about']}" in page
    for row in PLANTED:
        told = re.search(
            rf"- `{re.escape(row['rule'].removeprefix('aaq.'))}`,(?:(?! - `| ### ).)*"
            rf"{re.escape(row['subject'].replace('_', ' '))} \(line {row['line']}\)",
            page,
        )
        assert told, (row["rule"], row["subject"], row["line"])


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2031, 5, 1)], ids=str)
def test_breaches_stay_on_later_days(judge: Judge, day: date) -> None:
    """Judged on a later day, every breach of today is still there."""
    then = {str(key_of(each)) for each in judge("troubled.json", day).findings}
    today = [each for each in judge("troubled.json").findings if each.outcome is Outcome.BREACHED]
    assert {str(key_of(each)) for each in today} <= then


# ---------------------------------------------------------------- the International school


def test_clean_school_leaves_no_demand_idle(judge: Judge) -> None:
    """Each demand of the one spec that judges the school is met by something, notes apart."""
    demands = demands_of(judge("international_clean.yaml"))
    assert {each.spec for each in demands if each.counts[Outcome.MET]} == {"international"}
    asked = [
        each for each in demands if each.spec == "international" and str(each.severity) != "note"
    ]
    assert {each.name for each in asked if not each.counts[Outcome.MET]} == {
        "plan_versions_numbered.numbered",
        "psa_control_applied.limited",
        "third_attempt_kind_fits.retake",
        "third_attempt_on_time.extension",
    }
    assert len(asked) > 200


def test_yaml_and_json_say_the_same(judge: Judge) -> None:
    """One document in two formats ends in the same findings; only positions differ."""

    def told(name: str) -> list[tuple[object, ...]]:
        return [
            (each.fingerprint, each.message, each.pointer, each.evidence, each.clauses)
            for each in judge(name).findings
        ]

    def counted(name: str) -> list[tuple[object, ...]]:
        return [
            (each.spec, each.name, each.severity, each.counts) for each in demands_of(judge(name))
        ]

    assert told("international.yaml") == told("international.json")
    assert counted("international.yaml") == counted("international.json")


def test_school_counts_its_own_weekend(judge: Judge) -> None:
    """The last day of the window is a Sunday, as the weekend is Friday and Saturday."""
    (late,) = [each for each in judge("international.yaml").findings if each.subject.id == "Z2"]
    assert "2023-11-26" in late.message
    assert date(2023, 11, 26).strftime("%A") == "Sunday"


# ---------------------------------------------------------------- centres with lists of their own


def named(finding: Finding) -> tuple[str, str, str]:
    """Return what tells two findings of these lists apart."""
    rule, outcome, subject, _ = key_of(finding)
    return rule, outcome, subject


def rows_of(rows: Sequence[Mapping[str, Any]]) -> set[tuple[str, str, str]]:
    """Return the same of rows of a list."""
    return {(row["rule"], row["outcome"], row["subject"]) for row in rows}


def excepted_in(report: Report) -> dict[tuple[str, str], int]:
    """Return how often each exception held, by demand and name."""
    return {
        (f"{demand.spec}.{demand.name}", why.removeprefix("excepted: ")): count
        for demand in demands_of(report)
        for why, count in demand.counts.because.items()
        if why.startswith("excepted: ")
    }


@pytest.mark.parametrize("name", LISTS)
def test_exactly_the_list_is_found(judge: Judge, name: str) -> None:
    """What is found, and what is excepted, is what the list has, each once."""
    listed, report = LISTS[name], judge(f"{name}.yaml")
    found = [named(finding) for finding in report.findings]
    rows = [row for case in listed["cases"] for row in case["findings"]]
    assert len(found) == len(rows)
    assert set(found) == rows_of(rows)
    excepted = {(row["rule"], row["exception"]): row["count"] for row in listed["excepted"]}
    assert excepted_in(report) == excepted
    totals = {
        each: sum(demand.counts[Outcome(each)] for demand in demands_of(report))
        for each in listed["totals"]
    }
    assert totals == listed["totals"]


@pytest.mark.parametrize(
    ("name", "case"), LISTED, ids=lambda value: value if isinstance(value, str) else value["about"]
)
def test_case_of_a_list_is_as_described(judge: Judge, name: str, case: Mapping[str, Any]) -> None:
    """Each finding has its severity, clauses, day and gaps, and the page tells it in its case."""
    found = {named(finding): finding for finding in judge(f"{name}.yaml").findings}
    page = " ".join((CENTRES / f"{name}.md").read_text(encoding="utf-8").split())
    _, title, rest = page.partition(f"### {case['case']}. {case['about']} ")
    assert title
    told = re.split(r" ##+ ", rest)[0]
    for row in case["findings"]:
        finding = found[row["rule"], row["outcome"], row["subject"]]
        assert str(finding.severity) == row["severity"]
        assert list(finding.clauses) == row["clauses"]
        assert finding.due_on == row.get("due_on")
        missing = [f"{cause.entity} {cause.id} {cause.field}" for cause in finding.missing]
        assert missing == row.get("missing", [])
        assert row["subject"].replace("_", " ") in told
        assert finding.name in told
        assert finding.outcome is not Outcome.BREACHED or (finding.remedy and finding.owner)


@pytest.mark.parametrize("name", [name for name, listed in LISTS.items() if "later" in listed])
def test_what_is_left_undone_is_found_later(judge: Judge, name: str) -> None:
    """On a later day the list has changed by what was pending, and by what only then can be."""
    later = LISTS[name]["later"]
    today = {named(finding) for finding in judge(f"{name}.yaml").findings}
    then = {named(finding) for finding in judge(f"{name}.yaml", later["as_at"]).findings}
    assert then - today == rows_of(later["new"])
    assert today - then == rows_of(later["gone"])


@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize("day", [None, date(2031, 5, 1)], ids=["then", "later"])
def test_clean_variant_has_nothing_to_find(judge: Judge, name: str, day: date | None) -> None:
    """Nothing is breached, pending or undecided, then or later; a few notes are left."""
    report = judge(name, day)
    assert [finding for finding in report.findings if not finding.is_note] == []
    assert {finding.name for finding in report.findings} == CLEAN[name]["notes"]
    assert report.documents[0].diagnostics == ()


@pytest.mark.parametrize("name", CLEAN)
def test_clean_variant_meets_what_the_other_one_breaks(judge: Judge, name: str) -> None:
    """What the troubled variant breaks, then or later, is asked and met in the clean one."""
    other = name.partition("_")[0]
    met = {
        f"{demand.spec}.{demand.name}"
        for demand in demands_of(judge(name))
        if demand.counts[Outcome.MET]
    }
    rows = [row for case in LISTS[other]["cases"] for row in case["findings"]]
    rows += LISTS[other].get("later", {}).get("new", [])
    broken = {row["rule"] for row in rows if row["outcome"] == "breached"}
    assert broken - met == CLEAN[name]["not asked"]


ROUTES = (
    *("examined", "family", "framework", "functional_skills", "new_tech_award", "nvq", "old_care"),
    *("old_tech_award", "private", "remaining", "standalone", "standard", "svq", "work_based"),
)


def test_clean_year_leaves_few_demands_idle(judge: Judge) -> None:
    """What nothing of the year meets is what college.md says: other suites, and large cohorts."""
    idle = {
        demand.name
        for demand in demands_of(judge("college_clean.yaml"))
        if demand.spec in ("qa_cycle", "delivery_cycle", "legacy", "internal_assessment")
        and str(demand.severity) != "note"
        and not demand.counts[Outcome.MET]
    }
    assert {name.split(".")[-1] for name in idle if "quality_route" in name} == set(ROUTES)
    assert {name for name in idle if "quality_route" not in name} == {
        "declarations_made_on_line.link_shared",
        "external_examination_is_for_its_groups",
        "large_cohort_is_prepared.learners",
        "large_cohort_is_prepared.planned",
        "large_cohort_is_prepared.procedure",
        "large_cohort_is_prepared.team",
        "learner_entered_for_external_unit",
        "plan_versions_numbered.numbered",
        "sv_completed_without_check_in",
        "third_attempt_kind_fits.re_sit",
        "third_attempt_on_time.extension",
    }


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize("name", AS_AT)
def test_counts_add_up(judge: Judge, name: str) -> None:
    """All demands of a rule have the same subjects, and every count has its findings."""
    demands = demands_of(judge(name))
    subjects: dict[tuple[str, str], set[int]] = {}
    for demand in demands:
        subjects.setdefault((demand.spec, demand.rule), set()).add(demand.counts.subjects)
    assert subjects
    assert {rule: counts for rule, counts in subjects.items() if len(counts) > 1} == {}
    found = [each for each in judge(name).findings if not each.is_note]
    for outcome in (Outcome.BREACHED, Outcome.PENDING, Outcome.UNKNOWN, Outcome.ERROR):
        counted = sum(demand.counts[outcome] for demand in demands)
        assert counted == sum(each.outcome is outcome for each in found)


def test_totals_are_those_of_the_list(judge: Judge) -> None:
    """The list gives the totals of the troubled college."""
    demands = demands_of(judge("troubled.json"))
    totals = {
        name: sum(demand.counts[Outcome(name)] for demand in demands) for name in EXPECTED["totals"]
    }
    assert totals == EXPECTED["totals"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("clean.json", "--fail-on", "unknown"), 0),
        (("troubled.json",), 1),
        (("international.yaml",), 1),
        (("international_clean.yaml", "--fail-on", "unknown"), 0),
        (("college.yaml",), 1),
        (("college_clean.yaml", "--fail-on", "unknown"), 0),
        (("provider.yaml",), 1),
        (("provider_clean.yaml", "--fail-on", "unknown"), 0),
    ],
    ids=lambda value: str(value),
)
def test_exit_codes_are_those_of_the_page(arguments: tuple[str, ...], code: int) -> None:
    """The command ends as examples/README.md says, with the day it gives for the document."""
    name, *more = arguments
    day = AS_AT[name].isoformat()
    page = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    assert f"| {day} | {code} |" in next(line for line in page.splitlines() if f"[{name}]" in line)
    assert exit_code("check", str(CENTRES / name), "--as-at", day, *more) == code


def test_setting_takes_a_case_away() -> None:
    """With holidays left out of the count, case 9 is gone."""
    path = str(CENTRES / "troubled.json")
    call = ("check", path, "--as-at", "2026-04-24", "--rule", "resubmission_in_term")
    assert exit_code(*call) == 1
    assert exit_code(*call, "--set", "holiday_policy=skip") == 0
