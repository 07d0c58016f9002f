"""A suite that exists only for tests: house rules for the documents of a centre.

The tests of the core know this suite and no other. It holds one function that works, one check that
works, and one that crashes with somebody's name in the text of the exception.
"""

from __future__ import annotations

from datetime import date

from policy.hookspecs import hookimpl
from policy.model.evidence import evidence_of
from policy.model.outcomes import Outcome, Severity
from policy.model.records import Record
from policy.model.suite import Check, Context, Decision, Function, Parameter, Suite
from policy.model.values import Missing, Unknown, Value, causes_of

LONGEST_TITLE = 20


def days_since_review(context: Context, policy: Record) -> Value:
    """Return how many days before the day of the run the policy was reviewed."""
    reviewed_on = policy.value("reviewed_on")
    if not isinstance(reviewed_on, date):
        return Missing(causes_of(reviewed_on))
    return (context.as_at - reviewed_on).days


def decide_title_is_short(context: Context, policy: Record) -> Decision:
    """Decide whether the title of a policy has at most 20 characters."""
    title = policy.value("title")
    if isinstance(title, Missing | Unknown):
        return Decision(outcome=Outcome.UNKNOWN, missing=title.causes)
    evidence = evidence_of(policy, "title")
    if len(str(title)) > LONGEST_TITLE:
        message = f"the title has {len(str(title))} characters"
        return Decision(outcome=Outcome.BREACHED, message=message, evidence=(evidence,))
    return Decision(outcome=Outcome.MET, evidence=(evidence,))


def decide_never(context: Context, staff: Record) -> Decision:
    """Fail, as a careless plugin would."""
    raise RuntimeError(f"cannot decide for {staff.value('name')}")


@hookimpl
def policy_suite() -> Suite:
    """Return the toy suite."""
    return Suite(
        name="toy",
        title="House rules for tests",
        prefixes=("TOY-",),
        functions=(
            Function(
                name="days_since_review",
                parameters=(Parameter(name="p", type="policy"),),
                returns="integer",
                call=days_since_review,
                description="days from the latest review of a policy to the day of the run",
                reads=("policy.reviewed_on",),
            ),
        ),
        checks=(
            Check(
                name="title_is_short",
                title="A policy has a short title",
                scope="policy",
                severity=Severity.SHOULD,
                clauses=("TOY-001",),
                decide=decide_title_is_short,
                owner="quality_nominee",
                remedy="shorten the title",
                reads=("policy.title",),
            ),
            Check(
                name="never_decided",
                title="A check that always crashes",
                scope="staff",
                severity=Severity.MUST,
                clauses=("TOY-002",),
                decide=decide_never,
                reads=("staff.name",),
            ),
        ),
    )
