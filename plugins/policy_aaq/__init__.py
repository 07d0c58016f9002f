"""Set briefs of the Level 3 Alternative Academic Qualifications: one version a year, rotating."""

from __future__ import annotations

from policy.hookspecs import hookimpl
from policy.model.outcomes import Severity
from policy.model.suite import Check, Suite
from policy_aaq import one_version, versions_rotate

__all__ = ["policy_suite"]


@hookimpl
def policy_suite() -> Suite:
    """Return the suite."""
    return Suite(
        name="aaq",
        title="Level 3 Alternative Academic Qualifications",
        prefixes=("AAQ-",),
        checks=(
            Check(
                name="one_version_per_year",
                title="All learners of a year have the same version of a set brief",
                scope="unit",
                severity=Severity.MUST,
                clauses=("AAQ-151", "AAQ-199"),
                decide=one_version.decide_one_version,
                owner="lead_iv",
                remedy="choose one version for all cohorts of the year, and record why another "
                "was given out",
                reads=one_version.READS,
            ),
            Check(
                name="versions_rotate",
                title="Versions change each year, and all are used before any repeats",
                scope="unit",
                severity=Severity.MUST,
                clauses=("AAQ-152", "AAQ-153"),
                decide=versions_rotate.decide_versions_rotate,
                owner="lead_iv",
                remedy="set a version of the bank that has not been used in this round",
                reads=versions_rotate.READS,
            ),
        ),
    )
