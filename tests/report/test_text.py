"""The report for people: complete, grouped, within 80 columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from policy.model.findings import (
    Evidence,
    PluginInfo,
    Report,
    SpecInfo,
    Subject,
)
from policy.model.outcomes import Outcome, Severity
from policy.model.values import Cause, CauseKind
from policy.report.layout import columns
from policy.report.style import Style
from policy.report.text import render_report
from policy.report.wording import cause_of_many, cause_of_one, days_until

Golden = Callable[[str, str], None]
Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("name", "style"),
    [
        ("report", Style()),
        ("report_verbose", Style(verbose=True, list_unknown=True, show_personal=True)),
        ("report_colour", Style(color=True)),
    ],
)
def test_a_report_with_everything(
    golden: Golden, full_report: Report, name: str, style: Style
) -> None:
    """Every kind of finding, an unreadable document and a broken plugin in one report."""
    text = render_report(full_report, style)
    golden(name, text)
    if not style.color:
        assert max(map(columns, text.splitlines())) <= 80


def test_forty_findings_of_a_kind_stay_readable(
    golden: Golden, finding: Make, document: Make, demand: Make, report: Make
) -> None:
    """One heading, the first in full, the others on three lines each with every fact."""
    many = tuple(
        finding(
            subject=Subject(type="submission", id=f"S{n}"),
            line=200 + 10 * n,
            message=f"unit {n} is attempted again with version A, used before on 2026-02-03",
        )
        for n in range(1, 41)
    )
    counts = demand("used_once", breached=40, met=2)
    text = render_report(report(document(findings=many, demands=(counts,))))
    golden("forty", text)
    assert text.count("A set assignment version is used once") == 1
    assert text.count("set a published version") == 1
    assert all(f"submission S{n}\n" in text for n in range(1, 41))
    assert "(personal)" in text
    assert "Ada" not in text


def test_nothing_found_says_so(golden: Golden, document: Make, demand: Make, report: Make) -> None:
    """A clean run shows one folded row and says that no breach was found."""
    golden(
        "clean", render_report(report(document(demands=(demand("a", met=3), demand("b", met=1)))))
    )


def test_personal_values_are_shown_only_when_asked_for(
    finding: Make, document: Make, report: Make
) -> None:
    """Evidence marked personal, and the underlined value it came from, read (personal)."""
    named = finding(
        pointer="/l/0",
        source_line='  "name": "Ada", "uln": "123"',
        underline=(11, 5),
        evidence=(Evidence(expression="l.name", value="Ada", pointer="/l/0", personal=True),),
    )
    whole = report(document(findings=(named,)))
    masked = render_report(whole)
    assert "Ada" not in masked
    assert '"name": (personal) ...' in masked
    assert "123" not in masked.partition("-->")[2].partition("unit")[0]
    shown = render_report(whole, Style(show_personal=True))
    assert '"name": "Ada", "uln": "123"' in shown
    assert "l.name = Ada" in shown


def test_data_cannot_steer_the_terminal(finding: Make, document: Make, report: Make) -> None:
    """An escape in any text of the data comes out spelt, wherever it stands."""
    evil = "a\x1b[2Jb\u202ec"
    bad = finding(
        subject=Subject(type="submission", id=evil),
        message=evil,
        source_line=f'"{evil}": 1',
        underline=(1, 3),
        document=evil,
        evidence=(Evidence(expression=evil, value=evil),),
        parameters={evil: evil},
        owner=evil,
        remedy=evil,
        title=evil,
        clauses=(evil,),
    )
    text = render_report(
        report(document(name=evil, centre=evil, academic_year=evil, findings=(bad,))),
        Style(show_personal=True),
    )
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\x1b" in text
    assert "<U+202E>" in text


def test_pending_demands_stand_by_date(finding: Make, document: Make, report: Make) -> None:
    """The nearest date comes first and those without a date last."""
    days = [date(2026, 6, 1), None, date(2026, 5, 1)]
    pending = tuple(
        finding(rule=f"rule_{n}", outcome=Outcome.PENDING, due_on=day) for n, day in enumerate(days)
    )
    text = render_report(report(document(findings=pending)))
    assert text.index("rule_2") < text.index("rule_0") < text.index("rule_1")
    assert "3 demands are pending, the nearest due by 2026-05-01 (in 16 days)." in text


def test_pending_rows_of_a_demand_are_named_once(
    finding: Make, document: Make, report: Make
) -> None:
    """The first is shown, the others are named; --verbose shows each with its line."""
    subjects = [Subject(type="learner", id=f"L{number}") for number in range(1, 5)]
    due = {"outcome": Outcome.PENDING, "due_on": date(2026, 7, 5)}
    pending = tuple(finding(subject=subject, **due) for subject in subjects)
    text = render_report(report(document(findings=pending)))
    assert "learner L1\n" in text
    assert "and 3 learners, L2, L3 and L4" in text
    shown = render_report(report(document(findings=pending)), Style(verbose=True))
    assert "learner L4\n" in shown
    assert "and 3 learners" not in shown
    mixed = (*pending, finding(subject=Subject(type="unit", id="U1"), **due))
    text = render_report(report(document(findings=mixed)))
    assert "and learner L2, learner L3, learner L4 and unit U1" in text


def test_the_same_breach_of_two_specs_is_told_once(
    finding: Make, document: Make, report: Make
) -> None:
    """Two specs that ask the same are one finding, at the stronger modal, citing each its own."""
    weak = finding(severity=Severity.SHOULD, spec="other", clauses=("OTH-1",))
    text = render_report(report(document(findings=(weak, finding()))))
    assert text.count("breached must  used_once") == 1
    assert "breached should" not in text
    assert "also in  other 2025/26 (should: OTH-1)" in text
    assert "1 must is breached, for 1 submission." in text


def test_facts_that_differ_stay_with_their_finding(
    finding: Make, document: Make, report: Make
) -> None:
    """A remedy or a setting that not all share is said at each finding."""
    two = (
        finding(),
        finding(
            subject=Subject(type="submission", id="S10"),
            remedy="ask the standards verifier",
            parameters={"resubmission_days": "10 working days"},
        ),
    )
    text = render_report(report(document(findings=two)))
    head = text.partition("-->")[0]
    assert "published version" not in head
    assert "setting" not in head
    assert "who      lead IV" in head
    assert "do       ask the standards verifier" in text
    assert "setting  resubmission_days = 10 working days" in text


def test_undecided_demands_are_gathered_most_useful_fact_first(
    unknown: Make, document: Make, report: Make
) -> None:
    """The fact that settles most by itself stands first; --unknown lists them one by one."""
    marked = [Cause(CauseKind.NOT_RECORDED, "submission", f"S{n}", "marked_on") for n in range(9)]
    absent = Cause(CauseKind.ABSENT_COLLECTION, "centre", "12345", "policies")
    found = [unknown(n, marked[n]) for n in range(3)]
    found += [unknown(n, absent) for n in range(3, 8)]
    found += [unknown(8, absent, marked[8]), unknown(9)]
    whole = report(document(findings=tuple(found)))
    text = render_report(whole)
    assert "undecided  10 demands" in text
    assert "        5        1  no `policies` recorded for centre 12345" in text
    assert "        3        1  `submission.marked_on` not recorded for 4 submissions" in text
    assert "        1        .  no fact is named" in text
    assert text.index("no `policies`") < text.index("`submission.marked_on`")
    assert "undecided must" not in text
    assert "undecided must  marked_in_time  (10 times)" in render_report(
        whole, Style(list_unknown=True)
    )


def test_more_than_a_dozen_absent_facts_are_folded(
    unknown: Make, document: Make, report: Make
) -> None:
    """Thirteen facts show twelve and say that one is left; verbose shows all."""
    found = [
        unknown(n, Cause(CauseKind.NOT_RECORDED, "unit", "U", f"field_{n:02}")) for n in range(13)
    ]
    whole = report(document(findings=tuple(found)))
    assert "and 1 more fact, shown by --verbose" in render_report(whole)
    assert "field_12" in render_report(whole, Style(verbose=True))


def test_rows_and_columns_of_the_table_add_up(full_report: Report) -> None:
    """Each row sums to its last number, and the last row is the sum of the others."""
    lines = render_report(full_report).splitlines()
    head = next(n for n, line in enumerate(lines) if line.split()[:1] == ["breached"])
    rule = next(n for n, line in enumerate(lines) if set(line) == {"-"})
    rows = []
    for line in [*lines[head + 1 : rule], lines[rule + 1]]:
        cells = line.split()[-8:]
        if len(cells) == 8 and all(cell == "." or cell.isdigit() for cell in cells):
            rows.append([0 if cell == "." else int(cell) for cell in cells])
    assert len(rows) == 10
    assert all(sum(row[:-1]) == row[-1] for row in rows)
    assert [sum(column) for column in zip(*rows[:-1], strict=True)] == rows[-1]


def test_seldom_columns_are_left_out_and_named(document: Make, demand: Make, report: Make) -> None:
    """Waived and error have no column when nothing ended so, and the table says none did."""
    text = render_report(report(document(demands=(demand("a", breached=1),))))
    assert "waived and error: none" in text
    other = render_report(report(document(demands=(demand("a", breached=1, waived=2),))))
    assert "\nerror: none" in other


def test_many_undecided_rows_are_folded(document: Make, demand: Make, report: Make) -> None:
    """Eleven demands that are undecided at worst become one row, unless they are asked for."""
    breach = demand("broken", breached=1, unknown=1)
    some = [demand(f"open_{n}", unknown=2, met=1, na=1) for n in range(10)]
    assert "open_9 " in render_report(report(document(demands=(breach, *some))))
    more = report(document(demands=(breach, *some, demand("open_10", unknown=1))))
    (row,) = [line for line in render_report(more).splitlines() if "undecided, met" in line]
    assert " ".join(row.split()) == "11 demands undecided, met or n/a only . . 21 10 10 41"
    assert "open_" not in render_report(more)
    assert "  broken " in render_report(more)
    for style in (Style(list_unknown=True), Style(verbose=True)):
        assert "open_10 " in render_report(more, style)


def test_reasons_for_not_applicable_are_split_when_verbose(
    document: Make, demand: Make, report: Make
) -> None:
    """Verbose tells why a demand did not apply, and leaves no row folded."""
    whole = report(document(demands=(demand("a", met=1, na=4),)))
    assert "met or n/a only" in render_report(whole)
    text = render_report(whole, Style(verbose=True))
    assert "n/a  4 `when` is false" in text
    assert "met or n/a only" not in text


def test_demands_that_applied_to_nothing_are_named(
    document: Make, demand: Make, report: Make
) -> None:
    """A few are named; many are counted, and named when verbose."""
    few = report(document(demands=(demand("a", na=4), demand("b"), demand("c", met=1))))
    assert "2 demands applied to nothing in this data: a, b." in render_report(few)
    many = report(document(demands=tuple(demand(f"r{n}", na=1) for n in range(6))))
    assert "6 demands applied to nothing in this data; --verbose names them." in render_report(many)


def test_the_last_sentences_count_right(finding: Make, document: Make, report: Make) -> None:
    """Rules, subjects of each kind, one date, none, one document: all in the right number."""
    one = finding(outcome=Outcome.PENDING, due_on=date(2026, 4, 15))
    assert "1 demand is pending, due by 2026-04-15 (today)." in render_report(
        report(document(findings=(one,)))
    )
    assert "1 demand is pending, without a date yet." in render_report(
        report(document(findings=(replace(one, due_on=None),)))
    )
    found = (
        finding(),
        finding(rule="other"),
        finding(subject=Subject(type="learner", id="L1")),
        finding(subject=Subject(type="learner", id="L2")),
    )
    broken = (document(readable=False, name="a"), document(readable=False, name="b"))
    text = render_report(report(document(findings=found), *broken))
    assert "2 musts are breached, for 2 learners and 1 submission." in text
    assert "2 documents could not be read and were not judged." in text


def test_a_date_long_past_is_kept_with_a_breach(
    finding: Make, document: Make, report: Make
) -> None:
    """A breached deadline says when it was due."""
    late = finding(due_on=date(2026, 4, 1))
    assert "due      2026-04-01" in render_report(report(document(findings=(late,))))


def test_the_head_folds_documents_and_names_editions(document: Make, report: Make) -> None:
    """Seven documents show six; verbose shows all, and plugins that work."""
    spec = SpecInfo(name="s", title="T", edition="2023/24", hash="", notes=("older than the data",))
    plugin = PluginInfo(name="p", distribution="d", version="1")
    documents = [document(name=f"{n}.json", centre="", academic_year="") for n in range(7)]
    whole = report(*documents, specs=(spec,), plugins=(plugin,))
    text = render_report(whole)
    assert "note     older than the data" in text
    assert "and 1 more document" in text
    assert "6.json" not in text
    assert "plugin" not in text
    assert "plugin   p (d 1)" in render_report(whole, Style(verbose=True))


def test_a_place_without_a_line_is_file_and_pointer(
    finding: Make, document: Make, report: Make
) -> None:
    """Data without lines (a workbook) is pointed at by its pointer."""
    bare = finding(line=None, column=None, source_line="")
    assert "--> college.json /submissions/8/version  submission S9" in render_report(
        report(document(findings=(bare,)))
    )


def test_a_subject_too_long_for_its_place_stands_below_it(
    finding: Make, document: Make, report: Make
) -> None:
    """File and line stay in one piece; the subject takes the next line."""
    far = finding(document="folder/" * 9 + "x.json", subject=Subject(type="learner", id="L" * 20))
    lines = render_report(report(document(findings=(far,)))).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("  --> "))
    assert lines[at].endswith("x.json:214:18")
    assert lines[at + 1] == f"      learner {'L' * 20}"


def test_a_name_too_long_for_its_heading_gets_lines_of_its_own(
    finding: Make, document: Make, report: Make
) -> None:
    """A very long rule name is wrapped, not cut."""
    name = "a_rule_" * 14
    text = render_report(report(document(findings=(finding(rule=name),))))
    assert name in text.replace("\n", "")
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("kind", list(CauseKind))
def test_each_kind_of_absent_fact_has_words(kind: CauseKind) -> None:
    """One row and many rows are worded for every kind, naming the field."""
    cause = Cause(kind, "unit", "U1", "table", detail="2030-01-01")
    assert "`table`" in cause_of_one(cause)
    assert cause_of_one(cause).endswith("(2030-01-01)")
    assert "table" in cause_of_many(cause, 2)
    assert "  " not in cause_of_many(Cause(kind, "", "", "table"), 2)


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 4, 15), "today"),
        (date(2026, 4, 16), "tomorrow"),
        (date(2026, 4, 25), "in 10 days"),
        (date(2026, 4, 14), "1 day ago"),
        (date(2026, 4, 12), "3 days ago"),
    ],
)
def test_days_are_told_from_the_day_of_the_run(due_on: date, words: str) -> None:
    """Near dates have words of their own."""
    assert days_until(due_on, date(2026, 4, 15)) == words


def test_nothing_at_all_still_reads(report: Make) -> None:
    """A report without documents has a head and a last sentence."""
    text = render_report(report())
    assert text.startswith("policy 1.2.0, as at 2026-04-15\n")
    assert text.endswith("\nNothing was checked.\n")
