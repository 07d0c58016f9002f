"""The International suite: set assignments valid this year and new to the learner, and points."""

from __future__ import annotations

from policy.hookspecs import hookimpl
from policy.model.outcomes import Severity
from policy.model.suite import Check, Function, Parameter, Suite
from policy_international import not_attempted, valid_year
from policy_international.points import points_that_count

__all__ = ["policy_suite"]


@hookimpl
def policy_suite() -> Suite:
    """Return the suite."""
    return Suite(
        name="international",
        title="BTEC International",
        prefixes=("IA-",),
        functions=(
            Function(
                name="points_that_count",
                parameters=(
                    Parameter(name="hours", type="list of integer"),
                    Parameter(name="points", type="list of integer"),
                    Parameter(name="mandatory", type="list of boolean"),
                    Parameter(name="needed", type="integer"),
                ),
                returns="integer",
                call=points_that_count,
                description="the points of all mandatory units and of the best options that fit "
                "into the hours needed; each list says one thing of each unit, in the same order",
            ),
        ),
        checks=(
            Check(
                name="set_assignment_is_valid",
                title="A set assignment is used in the year it is valid for",
                scope="submission",
                severity=Severity.MUST,
                clauses=("IA-066",),
                decide=valid_year.decide_valid_in_year,
                owner="lead_iv",
                remedy="set a version that is valid for the year of the attempt",
                reads=valid_year.READS,
            ),
            Check(
                name="set_assignment_is_new",
                title="A set assignment is new to the learner",
                scope="submission",
                severity=Severity.MUST,
                clauses=("IA-068",),
                decide=not_attempted.decide_not_attempted,
                owner="lead_iv",
                remedy="set another published version, one that this learner has not attempted",
                reads=not_attempted.READS,
            ),
        ),
    )
