"""The checker finds each mistake once, at the words that are wrong, and lets good specs pass."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from policy.dsl.checking.expression_checker import _TYPES
from policy.dsl.checking.tables import read_value
from policy.dsl.meaning import plan
from policy.dsl.meaning.types import BOOLEAN, DATE, DURATION, INTEGER, NUMBER, Type
from policy.dsl.planning.expression_planner import ExpressionPlanner
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax import ast
from policy.model.diagnostics import Level
from policy.model.values import Duration, DurationUnit
from tests.dsl.specs import HEAD, RULE, checked, found_in

GOOD_CONDITIONS = [
    "s.kind is first",
    "s.kind is one of (first, re_sit)",
    "s.kind = first",
    "first = s.kind",
    "s.submitted_on <= s.assignment.due_on",
    "s.submitted_on is recorded and s.assessor is not missing",
    's.learner.cohort.name = "A"',
    's.programme.centre.number = "12345"',
    "every d in s.criterion_decisions satisfies d.outcome is achieved",
    "no e in s.learner.submissions where (e.kind is first and e.id != s.id)",
    "at least 2 d in s.criterion_decisions where d.outcome is achieved",
    "count of d in s.criterion_decisions where d.outcome is achieved >= 1".replace(
        "count of", "(count of"
    ).replace(" >= 1", ") >= 1"),
    "s.submitted_on in year",
    "s.submitted_on in terms",
    "s.submitted_on <= 15 working days after s.assignment.issued_on",
    "s.submitted_on <= 5 study days of s.learner after s.assignment.issued_on",
    "s.submitted_on >= 28 October",
    "s.support_given has only (general, brief_clarified)",
    "s.support_given has general",
    "general in s.support_given",
    "not (some k in s.criteria_targeted where grade_of(k) is P)",
    "earlier(s.submitted_on, s.assessed_on) <= as_at",
    "(s.due_on otherwise s.assignment.due_on) >= s.submitted_on",
    "(if s.kind is first then 1 else 2) <= 2".replace(
        "<= 2", "<= (count of d in s.criterion_decisions)"
    ),
    "(the f in s.learner.submissions where f.kind is first).submitted_on is recorded",
    "(all d.criterion for d in s.criterion_decisions) is not empty",
    '(distinct l.criteria for l in s.assignment.unit.learning_aims) has "A.P1"',
    "s.assessor in s.programme.assessors + s.programme.internal_verifiers",
    "academic_year(s.submitted_on) = s.centre.academic_year",
    "some a in s.programme.assignments where a = s.assignment",
    "s.submitted_on > 2025-10-10 and s.submitted_on <= 2025-10-11",
    "s.submitted_on <= s.assessed_on and s.submitted_on > s.assignment.issued_on",
    "s.is_accepted or 4 weeks <= 1 month",
    "s.submitted_on > 2025-10-10 or s.submitted_on < 2025-10-10",
    "s.is_accepted and not s.is_signed_by_learner",
    "s.grade is P or (s.kind is first and s.kind is not retake) or s.kind is not first",
]


@pytest.mark.parametrize("condition", GOOD_CONDITIONS)
def test_good_conditions_pass(condition: str) -> None:
    """Conditions that mean something are not complained about."""
    assert found_in(HEAD + RULE + condition) == []


BAD_CONDITIONS = [
    ("s.knd is first", "P202 knd"),
    ("s.kind is frist", "P203 frist"),
    ("s.kind = frist", "P203 frist"),
    ("s.kind is one of (first, resit)", "P203 resit"),
    ("s.kind is one of (first, re_sit, first)", "P209 first"),
    ('s.kind = "first"', 'P302 s.kind = "first"'),
    ("x.kind is first", "P201 x"),
    ("s.submitted_on", "P301 s.submitted_on"),
    ("s.submitted_on = 5", "P302 s.submitted_on = 5"),
    ("s.kind < retake", "P303 s.kind < retake"),
    ("s.grade is higher", "P203 higher"),
    ("s.submitted_on is first", "P312 s.submitted_on is first"),
    ("s.assignment is missing", "P305 s.assignment is missing"),
    ("s.assignment is recorded", "P304 s.assignment is recorded"),
    (
        "s.kind is one of (first, resubmission, retake, re_sit)",
        "P304 s.kind is one of (first, resubmission, retake, re_sit)",
    ),
    ("s.kind is first and s.kind is retake", "P305 s.kind is first and s.kind is retake"),
    ("s.grade = s.grade", "P304 s.grade = s.grade"),
    ("1 < 2", "P304 1 < 2"),
    ("2 <= 1", "P305 2 <= 1"),
    (
        "(count of d in s.criterion_decisions) >= 0",
        "P304 (count of d in s.criterion_decisions) >= 0",
    ),
    ("at least 0 d in s.criterion_decisions", "P304 at least 0 d in s.criterion_decisions"),
    ("s.learner.submissions.kind is first", "P307 kind"),
    ("nothing(s)", "P206 nothing(s)"),
    ("grade_of(s.submitted_on) is P", "P301 s.submitted_on"),
    ("grade_of(s.id, s.id) is P", "P308 grade_of(s.id, s.id)"),
    (
        "every s in s.learner.submissions satisfies s.kind is first",
        "P210 s in s.learner.submissions",
    ),
    ("every e in s.kind satisfies e is first", "P301 s.kind"),
    ("s.due_on > s.submitted_on", "P306 s.due_on"),
    (
        "some e in s.programme.submissions where e.kind is first",
        "P309 e in s.programme.submissions",
    ),
    ("s.submitted_on + 5 = as_at", "P301 s.submitted_on"),
    ("s.support_given has only (generall)", "P203 generall"),
    ("s.criteria_targeted has P1", "P314 P1"),
    ("s.submitted_on in s.kind", "P301 s.kind"),
    ("s.kind has first", "P301 s.kind"),
    (
        "s.support_given is missing and s.criterion_decisions is missing",
        "P301 s.criterion_decisions",
    ),
    ("s.kind is empty", "P301 s.kind"),
    ("(s.kind otherwise retake) is first", "P304 s.kind otherwise retake"),
    ('(if s.kind is first then 1 else "a") = 1', 'P302 if s.kind is first then 1 else "a"'),
    ("as_at[1] is recorded", "P301 as_at"),
    ("s.submitted_on <= s.learner after s.submitted_on", "P301 s.learner"),
    ("s.submitted_on <= 5 study days of s.assignment after s.submitted_on", "P301 s.assignment"),
    ("5 in year", "P301 5"),
    ("s.kind in s.criteria_targeted", "P302 s.kind in s.criteria_targeted"),
    ("(earliest e.kind for e in s.learner.submissions) is recorded", "P303 e.kind"),
    ("s.submitted_on.day = 1", "P202 day"),
    ("true", "P304 true"),
    ("not false", "P305 false"),
    ("s.is_accepted or true", "P304 true"),
    ("s.kind is first and s.kind is not first", "P305 s.kind is first and s.kind is not first"),
    ("s.kind is first and s.kind = re_sit", "P305 s.kind is first and s.kind = re_sit"),
    (
        "s.kind is first and (s.kind is re_sit and s.is_accepted)",
        "P305 s.kind is first and (s.kind is re_sit and s.is_accepted)",
    ),
    ("s.grade is P or s.grade is not P", "P304 s.grade is P or s.grade is not P"),
    ("s.grade is P or s.grade != P", "P304 s.grade is P or s.grade != P"),
    (
        "s.grade is recorded or s.grade is missing",
        "P304 s.grade is recorded or s.grade is missing",
    ),
    ("s.is_accepted and not s.is_accepted", "P305 s.is_accepted and not s.is_accepted"),
    (
        "s.submitted_on in terms and s.submitted_on not in terms",
        "P305 s.submitted_on in terms and s.submitted_on not in terms",
    ),
    (
        "(some d in s.criterion_decisions) or (no d in s.criterion_decisions)",
        "P304 (some d in s.criterion_decisions) or (no d in s.criterion_decisions)",
    ),
    (
        "s.submitted_on > 2025-10-10 and s.submitted_on < 2025-10-01",
        "P305 s.submitted_on > 2025-10-10 and s.submitted_on < 2025-10-01",
    ),
    (
        "s.submitted_on >= 2025-10-10 and s.submitted_on < 2025-10-10",
        "P305 s.submitted_on >= 2025-10-10 and s.submitted_on < 2025-10-10",
    ),
    (
        "2025-10-10 <= s.submitted_on or s.submitted_on < 2025-10-20",
        "P304 2025-10-10 <= s.submitted_on or s.submitted_on < 2025-10-20",
    ),
    (
        "s.submitted_on < s.assessed_on or s.submitted_on >= s.assessed_on",
        "P304 s.submitted_on < s.assessed_on or s.submitted_on >= s.assessed_on",
    ),
    (
        "every d in s.criterion_decisions where d.outcome is achieved "
        "satisfies d.outcome is achieved",
        "P304 d.outcome is achieved",
    ),
    ("5 days < 2 days", "P305 5 days < 2 days"),
    (
        "s.submitted_on <= s.assessed_on and s.submitted_on > s.assessed_on",
        "P305 s.submitted_on <= s.assessed_on and s.submitted_on > s.assessed_on",
    ),
    ("year = terms", "P301 terms"),
    ("s.submitted_on in (if s.kind is first then year else terms)", "P301 terms"),
    ("(sum of e.kind for e in s.learner.submissions) > 3", "P301 e.kind"),
    ("some e in s.programme.submissions where e.kind = first", "P309 e in s.programme.submissions"),
    (
        "some e in s.programme.submissions where e.kind = s.kind",
        "P309 e in s.programme.submissions",
    ),
]


@pytest.mark.parametrize(("condition", "expected"), BAD_CONDITIONS)
def test_bad_conditions_are_underlined(condition: str, expected: str) -> None:
    """Each mistake gives one diagnostic, at the words that are wrong."""
    assert found_in(HEAD + RULE + condition) == [expected]


def test_a_demand_that_its_own_when_decides() -> None:
    """What `when` or the scope says need not, and cannot, be demanded."""
    rule = 'rule r "R" cites TOY-1 for each submission s when s.kind is first must {}'
    assert found_in(HEAD + rule.format("s.kind is first")) == ["P304 s.kind is first"]
    assert found_in(HEAD + rule.format("s.kind is re_sit")) == ["P305 s.kind is re_sit"]
    assert found_in(HEAD + rule.format("s.grade is P")) == []
    twice = rule.format("s.grade is P when s.kind is not first")
    assert found_in(HEAD + twice) == []


def test_lengths_of_time_are_values() -> None:
    """They can be compared, chosen and named, with a fixed number or a parameter's."""
    text = (
        'parameter longest = 10 days "longest"\nparameter n = 5 "number"\n'
        "define window(s: submission) = if s.kind is first then n days else 10 days\n"
    )
    condition = "longest >= n days and s.submitted_on <= s.window after s.assessed_on"
    spec, found = checked(HEAD + text + RULE + condition)
    assert found == ()
    assert spec is not None
    body = plan_spec(spec).definitions["window"].body
    assert isinstance(body, plan.If)
    assert isinstance(body.then, plan.LengthOf)


@pytest.mark.parametrize("declared", ["n: number = 2.5", "n = 2.5"])
def test_a_number_of_days_is_whole(declared: str) -> None:
    """A fraction of a day is never cut off silently."""
    text = HEAD + f'parameter {declared} "number"\n' + RULE
    assert found_in(text + "s.submitted_on <= n days after s.assessed_on") == ["P301 n"]


def test_a_whole_number_has_no_fraction() -> None:
    """The default of an integer is one."""
    text = HEAD + 'parameter n: integer = 2.5 "number"\n' + RULE
    assert found_in(text + "s.submitted_on <= n days after s.assessed_on") == ["P301 2.5"]


def test_a_definition_may_be_handed_something_missing() -> None:
    """Its parameter can be asked whether it is there; a row gone through is."""
    text = HEAD + RULE + "gone((the e in s.learner.submissions where e.kind is re_sit))\n"
    assert found_in(text + "define gone(e: submission) = e is missing") == []
    assert found_in(text + "define gone(e: submission) = e.kind is missing") == []
    row = "define gone(e: submission) = some d in e.criterion_decisions where d is missing"
    assert found_in(text + row) == ["P305 d is missing"]


def test_a_definition_of_a_list_does_not_read_with_a_dot_of_one_row() -> None:
    """`list of learner` is not learner."""
    text = HEAD + RULE + "s.learner.any\n"
    define = "define any(l: list of learner) = some x in l where x.status is active"
    assert found_in(text + define) == ["P202 any"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{RULE}earlier(s.submitted_on)\ndefine earlier(d: date) = d in year", "P210 earlier"),
        (f'{RULE}grade_of("P")\ndefine grade_of(t: text) = t = "P"', "P210 grade_of"),
        (RULE.replace("rule r", "rule toy_check") + "s.grade is P", "P210 toy_check"),
        (RULE.replace("rule r", "rule applies_to") + "s.grade is P", "P210 applies_to"),
        (
            f'{RULE}s.grade is P\nparameter n = 3 "n"\n'
            'example "e" given "x.yaml" set n to 4 expect r met',
            "P213 n",
        ),
        (
            f'{RULE}t[s.id].n > 2\ntable t (key a: submission, n: integer) from "t.csv"',
            "P301 a",
        ),
        (
            f'{RULE}t[s.id].n > 2\ntable t (key a: submission.assessor, n: integer) from "t.csv"',
            "P301 a",
        ),
    ],
)
def test_names_that_others_have(text: str, expected: str) -> None:
    """A name of the language, of a plugin or of the report has one meaning; cells are values."""
    assert found_in(HEAD + text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            RULE + "every d in s.criterion_decisions satisfies s.grade is P",
            "P219 d in s.criterion_decisions",
        ),
        (
            RULE + "(all s.grade for d in s.criterion_decisions) has P",
            "P219 d in s.criterion_decisions",
        ),
        (
            f"{RULE}f(s, s.learner)\n"
            "define f(s: submission, l: learner) = s.grade is P and s.kind is first",
            "P219 l",
        ),
        ('rule r "R" cites TOY-1 for each staff t must as_at in year', "P219 for each staff t"),
        (
            'rule r "R" cites TOY-1 for each learner l, each s in l.submissions '
            "must l.status is active",
            "P219 s in l.submissions",
        ),
    ],
)
def test_a_variable_nobody_reads(text: str, expected: str) -> None:
    """Where a variable is named and nothing is asked of it, another name was meant."""
    _, found = checked(HEAD + text)
    assert [f"{item.code} {item.span.text if item.span else ''}" for item in found] == [expected]
    assert all(item.level is Level.WARNING for item in found)


@pytest.mark.parametrize(
    "text",
    [
        RULE + "some d in s.criterion_decisions",
        RULE + "at least 2 d in s.criterion_decisions",
        'rule r "R" cites TOY-1 breach "of {s.id}" for each submission s must as_at in year',
        'rule r "R" cites TOY-1 for each learner l, each s in l.submissions must s.grade is P',
    ],
)
def test_a_variable_that_only_counts(text: str) -> None:
    """How many rows there are can be asked without a word about each, and messages read too."""
    assert found_in(HEAD + text) == []


PAIR = 'rule r "R" cites TOY-1 for each submission s, each e in {} must e.grade is P'
OF_CENTRE = 'rule r "R" cites TOY-1 for each centre c must every a in c.assignments satisfies {}'


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (PAIR.format("s.programme.submissions where e.kind is first"), True),
        (PAIR.format("s.programme.submissions where e.assignment = s.assignment"), False),
        (PAIR.format("s.learner.submissions where e.kind is first"), False),
        (OF_CENTRE.format("(no s in c.submissions where s.kind is first)"), True),
        (OF_CENTRE.format("(no s in c.submissions where s.assignment = a)"), False),
        (
            'rule r "R" cites TOY-1 for each centre c must every p in c.programmes satisfies '
            "(no s in p.submissions where s.kind is first)",
            False,
        ),
        (RULE + 's.is_accepted or (some e in s.programme.submissions where e.id = "S1")', True),
        (
            RULE + "some e in s.programme.submissions where same(e, s)\n"
            "define same(e: submission, o: submission) = e.assignment = o.assignment and e != o",
            False,
        ),
        (
            RULE + "some e in s.programme.submissions where alike(e, s)\n"
            "define alike(e: submission, o: submission) = e.kind = o.kind",
            True,
        ),
        (
            RULE + "some e in s.programme.submissions where same(e, e)\n"
            "define same(e: submission, o: submission) = e.assignment = o.assignment",
            True,
        ),
        (
            RULE + "some e in s.others where e.kind is first\n"
            "define others(s: submission) = s.programme.submissions",
            True,
        ),
    ],
)
def test_cross_joins_need_a_key(rule: str, expected: bool) -> None:
    """Pairs, lists within lists and lists behind definitions count; siblings do not."""
    codes = [item.partition(" ")[0] for item in found_in(HEAD + rule)]
    assert codes == (["P309"] if expected else [])


def test_did_you_mean() -> None:
    """A near miss is named."""
    _, diagnostics = checked(HEAD + RULE + "s.submited_on in year")
    assert [item.help for item in diagnostics] == ["did you mean `submitted_on`?"]


BAD_RULES = [
    ('rule r "t" for each submission s must s.kind is first', "P208 must"),
    ('rule r "t" cites TOY-9 for each submission s must s.kind is first', "P207 TOY-9"),
    (
        'rule r "t" cites TOY-1 for each submision s must s.kind is first',
        "P205 for each submision s",
    ),
    (
        'rule r "t" cites TOY-1 for each submission year must year.kind is first',
        "P210 for each submission year",
    ),
    ('rule r "t" cites TOY-1 owner somebody for each submission s must s.kind is first', "P217 r"),
    (
        'rule r "t" cites TOY-1 for each submission s must a: s.kind is first must s.grade is P',
        "P212 must",
    ),
    (
        'rule r "t" cites TOY-1 for each submission s must a: s.kind is first must a: s.grade is P',
        "P209 must",
    ),
    ('rule r "t" cites TOY-1 for each submission s must s.grade is P by 5', "P301 5"),
    ('rule r "t" cites TOY-1 for each submission s must s.grade by as_at', "P301 s.grade"),
    (
        'rule r "t" cites TOY-1 breach "{s.grad}" for each submission s must s.grade is P',
        "P202 grad",
    ),
    (
        'rule r "t" cites TOY-1 for each submission s except e "why" cites TOY-2 when s.grade is P '
        'except e "why" cites TOY-2 when s.grade is M must s.kind is first',
        "P209 e",
    ),
    (
        'rule r "t" cites TOY-1 for each programme p, each m in p.assessors where m.nam = "x" '
        'must p.title = "a"',
        "P202 nam",
    ),
    (f"{RULE}s.grade is P\n{RULE}s.grade is P", "P209 r"),
    (f'{RULE}s.grade is P\nparameter n = 3 "unused"', "P213 n"),
    (f"{RULE}s.grade is P\ndefine d(l: learner) = l.status", "P213 d"),
    (f"{RULE}d(s.learner) is active\ndefine d(l: learner) = d(l)", "P214 d"),
    (f"{RULE}d(s.learner)\ndefine d(l: lerner) = l is recorded", "P204 lerner"),
    (f"{RULE}s.learner.status\ndefine status(l: learner) = l.status is active", None),
    (f'{RULE}s.grade is P\nparameter n: one of (a, b) = c "n"', "P203 c"),
    (f'{RULE}s.grade is P\nparameter n: one of (a, b) = "a" "n"', 'P315 "a"'),
]


@pytest.mark.parametrize(("text", "expected"), BAD_RULES)
def test_bad_rules_are_underlined(text: str, expected: str | None) -> None:
    """Mistakes of rules and declarations are found; with None any diagnostic will do."""
    found = found_in(HEAD + text)
    assert found if expected is None else found == [expected]


def test_a_remedy_behind_the_last_demand_is_its_own() -> None:
    """Whoever meant it for all demands is warned; said for each demand or before all it is fine."""
    rule = (
        'rule r "R" cites TOY-1 {} for each submission s\n'
        "must a: s.grade is P {} must b: s.grade is M {}"
    )
    remedy = 'remedy "mend it"'
    assert found_in(HEAD + rule.format("", "", remedy)) == ["P218 must"]
    assert found_in(HEAD + rule.format("", "", "owner lead_iv")) == ["P218 must"]
    assert found_in(HEAD + rule.format(remedy, "", "")) == []
    assert found_in(HEAD + rule.format("", remedy, remedy)) == []


def test_one_name_one_meaning() -> None:
    """A definition may not be called like a field of its row."""
    text = HEAD + RULE + "s.learner.is_live\ndefine is_live(l: learner) = l.status is active"
    assert found_in(text) == []
    clash = HEAD + RULE + "s.kind is first\ndefine status(l: learner) = l.name is recorded"
    assert "P211 status" in found_in(clash)


TABLE = HEAD + 'table t (key k, grade: submission.grade, n: integer) from "t.csv"\n' + RULE


def test_tables_are_typed() -> None:
    """Cells have the declared type, and a lookup has the type of its column."""
    text = TABLE + "t[s.id].grade is P and t[s.id].n > 2"
    assert found_in(text, tables={"t.csv": "k,grade,n\na,P,3\nb,,\n"}) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("k,grade,n\na,Q,3\n", "P203 a,Q,3"),
        ("k,grade,n\na,P,x\n", "P310 a,P,x"),
        ("k,grade\na,P\n", "P310 k,grade"),
        ("k,grade,n,z\na,P,1,2\n", "P310 k,grade,n,z"),
        ("k,grade,n\na,P,1\na,M,2\n", "P311 a,M,2"),
        ("k,grade,n\n,P,1\n", "P310 ,P,1"),
        ("k,grade,n\na,P\n", "P310 a,P"),
        ("", "P310 "),
    ],
)
def test_tables_that_do_not_fit(rows: str, expected: str) -> None:
    """What does not fit is underlined in the table's own file."""
    assert found_in(TABLE + "t[s.id].grade is P and t[s.id].n > 2", tables={"t.csv": rows}) == [
        expected
    ]


LIBRARY = """language 1
library shared "Shared"
define is_first(s: submission) = s.kind is first
rule one "One" cites TOY-1 for each submission s must a: s.is_first must b: s.grade is P cites TOY-2
rule two "Two" cites TOY-1 for each submission s should s.grade is P
"""


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("12", INTEGER, 12),
        ("-3", INTEGER, -3),
        ("1_000", INTEGER, None),
        ("1.5", INTEGER, None),
        ("2025-10-28", DATE, date(2025, 10, 28)),
        ("20251028", DATE, None),
        ("2025-02-30", DATE, None),
        ("0.8", NUMBER, Decimal("0.8")),
        ("NaN", NUMBER, None),
        ("true", BOOLEAN, True),
        ("yes", BOOLEAN, None),
        ("10 working days", DURATION, Duration(10, DurationUnit.WORKING_DAYS)),
        ("1 week", DURATION, Duration(1, DurationUnit.WEEKS)),
        ("ten days", DURATION, None),
        ("10 moons", DURATION, None),
    ],
)
def test_values_of_cells_and_settings(text: str, kind: Type, value: object) -> None:
    """A value is written one way; what is not of the type is none."""
    assert read_value(text, kind) == value


def test_use_takes_rules_with_own_modal_and_clauses() -> None:
    """The crosswalk decides strength and citations, per rule or per demand."""
    spec, found = checked(
        HEAD + "use shared (one as should; one.b cites TOY-3; two as must)", LIBRARY
    )
    # `use` stands before items; the fragment has none.
    assert found == ()
    assert spec is not None
    made = [(item.modal, item.label, item.cites) for rule in spec.rules for item in rule.demands]
    assert made == [
        ("should", "a", ("TOY-1",)),
        ("should", "b", ("TOY-3",)),
        ("must", "", ("TOY-1",)),
    ]


def test_use_of_one_demand_leaves_the_others() -> None:
    """Naming a demand alone takes that demand only."""
    spec, _ = checked(HEAD + "use shared (one.b)", LIBRARY)
    assert spec is not None
    assert [item.label for rule in spec.rules for item in rule.demands] == ["b"]


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("use shred", "P215 use shred"),
        ("use shared (three)", "P216 three"),
        ("use shared (one.c)", "P216 one"),
        ("use shared (one cites TOY-8)", "P207 TOY-8"),
        ("use shared (one; two; one as should)", "P209 one"),
        ("use shared (one; one.b; one.b as must)", "P209 one"),
    ],
)
def test_use_of_what_is_not_there(use: str, expected: str) -> None:
    """Libraries, rules and demands that do not exist are named."""
    assert expected in found_in(f"{HEAD}{use}\n{RULE}s.kind is first", LIBRARY)


def test_bare_use_takes_definitions_only() -> None:
    """Without a list no rule is taken over."""
    spec, found = checked(f"{HEAD}use shared\n{RULE}s.is_first", LIBRARY)
    assert found == ()
    assert spec is not None
    assert [rule.node.name for rule in spec.rules] == ["r"]


def test_libraries_may_share_a_library() -> None:
    """What two libraries use comes in once."""
    left = 'language 1\nlibrary left "L"\nuse shared\ndefine l(s: submission) = s.is_first'
    right = 'language 1\nlibrary right "R"\nuse shared\ndefine m(s: submission) = s.is_first'
    text = f"{HEAD}use left\nuse right\n{RULE}s.l and s.m"
    assert found_in(text, LIBRARY, left, right) == []


BAD_EXAMPLES = [
    ("expect r brached", "P601 expect r brached"),
    ("expect q met", "P216 expect q met"),
    ("expect r.a met", "P216 expect r.a met"),
    ("change submision S1 kind to first expect r met", "P205 change submision S1 kind to first"),
    ("change submission S1 knd to first expect r met", "P202 change submission S1 knd to first"),
    ("change submission S1 kind to fist expect r met", "P203 change submission S1 kind to fist"),
    (
        "change submission S1 submitted_on to 5 expect r met",
        "P301 change submission S1 submitted_on to 5",
    ),
    (
        "change submission S1 criteria_targeted to A expect r met",
        "P301 change submission S1 criteria_targeted to A",
    ),
    ("change learner L1 submissions to 5 expect r met", "P301 change learner L1 submissions to 5"),
    ("set days to 5 expect r met", "P201 set days to 5"),
    ("expect r met for submision S1", "P205 expect r met for submision S1"),
]


@pytest.mark.parametrize(("steps", "expected"), BAD_EXAMPLES)
def test_bad_examples(steps: str, expected: str) -> None:
    """Examples are checked like rules."""
    text = f'{HEAD}{RULE}s.kind is first\nexample "e" given "x.yaml" {steps}'
    assert found_in(text) == [expected]


def test_examples_may_expect_a_plugins_check() -> None:
    """A check of the suite's plugin can stand after `expect`."""
    text = f'{HEAD}{RULE}s.kind is first\nexample "e" given "x.yaml" expect toy_check met'
    assert found_in(text) == []


def test_applies_to() -> None:
    """`applies to` is checked, and said once per entity."""
    good = "applies to programme p where p.suite is nationals\n"
    assert found_in(HEAD + good + RULE + "s.kind is first") == []
    assert found_in(HEAD + good + good + RULE + "s.kind is first") == ["P209 programme"]
    bad = "applies to program p where p.suite is nationals\n"
    assert found_in(HEAD + bad + RULE + "s.kind is first") == ["P205 program"]


def test_every_kind_of_expression_is_checked_and_planned() -> None:
    """A node added to the tree is not forgotten by the checker or the planner."""
    kinds = set(get_args(ast.Expr))
    assert set(_TYPES) == kinds
    planned = {name for name in vars(ExpressionPlanner) if name.startswith("_")}
    assert {f"_{kind.__name__.lower()}" for kind in kinds} <= planned
