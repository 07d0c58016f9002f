"""An explanation is a tree: the outcome, then what it was computed from."""

from __future__ import annotations

from policy.dsl.explaining.explanation import Explanation
from policy.model.values import Cause, CauseKind
from policy.report.explanation import render_explanation
from policy.report.style import Style

NAME = Explanation(text="l.name", value="Ada", personal=True)
TREE = Explanation(
    text="used_once for learner L1",
    value="unknown",
    causes=(Cause(CauseKind.NOT_RECORDED, "learner", "L1", "claimed_on"),),
    note="due on 2026-05-15",
    children=(
        Explanation(
            text="must: some c in l.claims",
            value="unknown",
            note="1 of 2 rows",
            children=(NAME, Explanation(text="c = claim C1", children=(Explanation(text="x"),))),
        ),
    ),
)


def test_a_tree_is_indented_and_masked() -> None:
    """Reason and absent facts below the outcome, steps below the steps they explain."""
    assert render_explanation(TREE, Style()) == (
        "used_once for learner L1: unknown\n"
        "  because: due on 2026-05-15\n"
        "  missing: `claimed_on` of learner L1 is not recorded\n"
        "  must: some c in l.claims = unknown  (1 of 2 rows)\n"
        "    l.name = (personal)\n"
        "    c = claim C1\n"
        "      x\n"
    )
    assert "l.name = Ada" in render_explanation(TREE, Style(show_personal=True))


def test_long_steps_are_wrapped() -> None:
    """Nothing is wider than the page, and nothing is cut."""
    long = Explanation(text="word " * 40, value="met")
    lines = render_explanation(long, Style(color=True)).replace("\x1b[32m", "")
    lines = lines.replace("\x1b[0m", "")
    assert max(map(len, lines.splitlines())) <= 80
    assert lines.count("word") == 40
