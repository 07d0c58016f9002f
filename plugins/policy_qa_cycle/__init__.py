"""Titles and numbers of qualifications and learners.

This plugin cites no clause and has no check; the clauses stand with the rules that call it, and the
titles in the tables beside them.
"""

from __future__ import annotations

from policy.hookspecs import hookimpl
from policy.model.suite import Function, Parameter, Suite
from policy_qa_cycle.identifiers import qualification_number_can_exist, uln_can_exist
from policy_qa_cycle.titles import title_has, title_names

__all__ = ["policy_suite"]

_TITLE = Parameter(name="title", type="text")


@hookimpl
def policy_suite() -> Suite:
    """Return the functions."""
    return Suite(
        name="qa_cycle",
        title="BTEC quality assurance cycle",
        prefixes=("CYC-", "QA24-"),
        functions=(
            Function(
                name="qualification_number_can_exist",
                parameters=(Parameter(name="number", type="text"),),
                returns="boolean",
                call=qualification_number_can_exist,
                description="whether a text is written as the number of a qualification, like "
                "610/3965/2",
            ),
            Function(
                name="title_has",
                parameters=(_TITLE, Parameter(name="words", type="text")),
                returns="boolean",
                call=title_has,
                description="whether a title has these words side by side; brand, small words, "
                "capitals and punctuation make no difference",
            ),
            Function(
                name="title_names",
                parameters=(_TITLE, Parameter(name="listed", type="text")),
                returns="boolean",
                call=title_names,
                description="whether a title is the listed one, or one size of the family that is "
                "listed",
            ),
            Function(
                name="uln_can_exist",
                parameters=(Parameter(name="l", type="learner"),),
                returns="boolean",
                call=uln_can_exist,
                description="whether a learner's Unique Learner Number can exist: ten digits, the "
                "last of which follows from the others; missing for 9999999999, which stands for "
                "one that is not known yet",
                reads=("learner.uln",),
            ),
        ),
    )
