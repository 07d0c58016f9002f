"""The older suites of the United Kingdom: whether a retake's brief is new (IA-160)."""

from __future__ import annotations

from policy.hookspecs import hookimpl
from policy.model.suite import Function, Parameter, Suite
from policy_legacy.similarity import text_in_common

__all__ = ["policy_suite"]


@hookimpl
def policy_suite() -> Suite:
    """Return the suite: a function, and the field it needs."""
    return Suite(
        name="legacy",
        title="BTEC suites of 2010 and 2016",
        prefixes=("IA-",),
        functions=(
            Function(
                name="text_in_common",
                parameters=(Parameter(name="a", type="text"), Parameter(name="b", type="text")),
                returns="number",
                call=text_in_common,
                description="the share of words two texts have in common in the same order, from "
                "0 to 1; missing for a text without words",
            ),
        ),
        schema_extensions={
            "assignment": {
                "brief_text": {
                    "description": "Text of the brief, scenario and tasks, without the headings of "
                    "the form: to tell a new task from an old one",
                    "type": ["string", "null"],
                }
            }
        },
    )
