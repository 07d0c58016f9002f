"""Functions that several suites use: criteria and grades, windows, what feedback says.

This plugin cites no clause and has no check; the clauses stand with the rules that call it.
"""

from __future__ import annotations

from policy.hookspecs import hookimpl
from policy.model.suite import Function, Parameter, Suite

__all__ = ["policy_suite"]

_WINDOW = (Parameter(name="start", type="date"), Parameter(name="end", type="date"))
_PERIODS = ("calendar_period.ends_on", "calendar_period.kind", "calendar_period.starts_on")


@hookimpl
def policy_suite() -> Suite:
    """Return the functions. They are imported here, because a pack that is kept calls few of them,
    each in the module it is from."""
    from policy_common.criteria import criterion_grade
    from policy_common.instructions import instructions_in
    from policy_common.unit_grades import grade_supported
    from policy_common.windows import holidays_in_window, window_meets_holiday

    return Suite(
        name="common",
        title="What several suites share",
        prefixes=("AAQ-", "CYC-", "IA-", "QA24-", "WBL-"),
        functions=(
            Function(
                name="criterion_grade",
                parameters=(Parameter(name="criterion", type="text"),),
                returns="one of (P, M, D)",
                call=criterion_grade,
                description="the grade a criterion stands for: D of `BC.D2`, P of `P1`; missing "
                "for a text that is no criterion",
            ),
            Function(
                name="grade_supported",
                parameters=(Parameter(name="r", type="unit_result"),),
                returns="one of (U, P, M, D)",
                call=grade_supported,
                description="the highest grade of a unit that the criteria achieved in the "
                "learner's submissions support; missing for recognised prior learning",
                reads=(
                    "assignment.additional_units",
                    "assignment.purpose",
                    "criterion_decision.criterion",
                    "criterion_decision.outcome",
                    "learning_aim.criteria",
                    "submission.assignment",
                    "submission.submitted_on",
                    "unit_result.is_by_rpl",
                    "unit_result.unit",
                ),
            ),
            Function(
                name="holidays_in_window",
                parameters=_WINDOW,
                returns="list of date",
                call=holidays_in_window,
                description="the half term days, holidays and days outside every term that lie "
                "after the first date and up to the second",
                reads=_PERIODS,
            ),
            Function(
                name="instructions_in",
                parameters=(Parameter(name="feedback", type="text"),),
                returns="integer",
                call=instructions_in,
                description="how many sentences of a text tell a learner what to do for a higher "
                "grade; found by patterns, for a reader to confirm",
            ),
            Function(
                name="window_meets_holiday",
                parameters=_WINDOW,
                returns="boolean",
                call=window_meets_holiday,
                description="whether a half term, a holiday or a day outside every term lies "
                "after the first date and up to the second",
                reads=_PERIODS,
            ),
        ),
    )
