"""Why one subject ended as it did -> text: the outcome first, below it what it was computed from.

```
assessed_in_time for submission S1: met
  must: s.assessed_on <= 10 days after s.submitted_on = yes
    s.assessed_on = 2025-11-20
```
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.dsl.explaining.explanation import Explanation
from policy.model.outcomes import Outcome
from policy.report.layout import wrap
from policy.report.style import MASKED, Style
from policy.report.wording import cause_of_one

_ROLES = {Outcome.MET: "good", Outcome.BREACHED: "bad", Outcome.ERROR: "bad"}


def render_explanation(explanation: Explanation, style: Style) -> str:
    """Return the tree of steps, indented; absent facts are named below the first line."""
    return "\n".join(_root(explanation, style)) + "\n"


def _root(root: Explanation, style: Style) -> Iterator[str]:
    role = _ROLES.get(Outcome(root.value), "warn")
    head, *others = wrap(f"{root.text}: {root.value}", width=style.width, rest="    ")
    yield style.paint(role, head)
    yield from (style.paint(role, line) for line in others)
    if root.note:
        yield from wrap(root.note, width=style.width, first="  because: ")
    for cause in root.causes:
        yield from wrap(cause_of_one(cause), width=style.width, first="  missing: ")
    for child in root.children:
        yield from _step(child, style, depth=1)


def _step(step: Explanation, style: Style, *, depth: int) -> Iterator[str]:
    indent = "  " * depth
    value = MASKED if step.personal and step.value and not style.show_personal else step.value
    text = f"{step.text} = {value}" if value else step.text
    text += f"  ({step.note})" if step.note else ""
    yield from wrap(text, width=style.width, first=indent, rest=f"{indent}    ")
    for child in step.children:
        yield from _step(child, style, depth=depth + 1)
