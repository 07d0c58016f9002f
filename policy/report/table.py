"""Counts of outcomes -> a table of 80 columns whose rows and columns add up.

Every demand ends in exactly one of seven outcomes for each subject, so the numbers of a row sum to
`all`, and those of a column to the last row. Demands that were only met or not applicable are
folded into one row unless the style is verbose. So are those that are undecided at worst if there
are many: the report lists the facts they wait for, and a screenful of rows would hide a breach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from policy.model.findings import DemandResult
from policy.model.nouns import counted, listed
from policy.model.outcomes import SEVERITY_RANK, Counts, Outcome
from policy.report.layout import columns, facts, pad, visible, wrap
from policy.report.style import Style

_COLUMNS = (
    ("breached", Outcome.BREACHED),
    ("pending", Outcome.PENDING),
    ("unknown", Outcome.UNKNOWN),
    ("waived", Outcome.WAIVED),
    ("error", Outcome.ERROR),
    ("met", Outcome.MET),
    ("n/a", Outcome.NOT_APPLICABLE),
)
_SELDOM = (Outcome.WAIVED, Outcome.ERROR)
"""Columns left out (and named below the table) when nothing in the run ended so."""

_QUIET = (Outcome.MET, Outcome.NOT_APPLICABLE)
_UNDECIDED = (Outcome.UNKNOWN, *_QUIET)
_UNDECIDED_SHOWN = 10
"""More demands than these that are undecided at worst become one row."""

_ROLES = {
    Outcome.BREACHED: "bad",
    Outcome.ERROR: "bad",
    Outcome.PENDING: "info",
    Outcome.UNKNOWN: "warn",
}


class _Grid(Struct, frozen=True, kw_only=True):
    """The columns shown; `name` columns are left for the name of a row."""

    outcomes: tuple[tuple[str, Outcome, int], ...]
    """Head, outcome, width."""
    all_width: int
    name: int
    style: Style


def grand_total(demands: Sequence[DemandResult]) -> Counts:
    """Return the sum of all demands."""
    by_outcome: dict[Outcome, int] = {}
    because: dict[str, int] = {}
    for demand in demands:
        for outcome, number in demand.counts.by_outcome.items():
            by_outcome[outcome] = by_outcome.get(outcome, 0) + number
        for reason, number in demand.counts.because.items():
            because[reason] = because.get(reason, 0) + number
    return Counts(by_outcome=by_outcome, because=because)


def table_lines(demands: Sequence[DemandResult], style: Style) -> Iterator[str]:
    """Yield head, one row a demand under the name of its spec, the folded row, and the sums."""
    total = grand_total(demands)
    grid = _grid(total, style)
    heads = [pad(head, width, right=True) for head, _, width in grid.outcomes]
    last = pad("all", grid.all_width, right=True)
    yield style.paint("faint", " ".join([" " * grid.name, *heads, last]))
    quiet: list[DemandResult] = []
    undecided: list[DemandResult] = []
    shown: list[DemandResult] = []
    for item in demands:
        is_quiet = not style.verbose and _is_only(item, _QUIET)
        is_undecided = not is_quiet and _is_only(item, _UNDECIDED)
        (quiet if is_quiet else undecided if is_undecided else shown).append(item)
    if style.verbose or style.list_unknown or len(undecided) <= _UNDECIDED_SHOWN:
        kept = {id(item) for item in (*shown, *undecided)}
        shown, undecided = [item for item in demands if id(item) in kept], []
    yield from _rows_by_spec(shown, grid)
    for rows, how in ((undecided, "undecided, met or n/a only"), (quiet, "met or n/a only")):
        if rows:
            yield from _row(f"{counted(len(rows), 'demand')} {how}", grand_total(rows), grid)
    yield style.paint("faint", "-" * style.width)
    yield from _row(f"all {counted(len(demands), 'demand')}", total, grid)
    left_out = [str(outcome) for outcome in _SELDOM if not total[outcome]]
    if left_out:
        yield style.paint("faint", f"{listed(left_out)}: none")


def _grid(total: Counts, style: Style) -> _Grid:
    shown = tuple(
        (head, outcome, max(len(head), len(str(total[outcome]))))
        for head, outcome in _COLUMNS
        if outcome not in _SELDOM or total[outcome]
    )
    all_width = max(len("all"), len(str(total.subjects)))
    used = sum(width + 1 for _, _, width in shown) + all_width + 1
    return _Grid(outcomes=shown, all_width=all_width, name=style.width - used, style=style)


def _is_only(demand: DemandResult, outcomes: Collection[Outcome]) -> bool:
    by_outcome = demand.counts.by_outcome
    return not any(number for each, number in by_outcome.items() if each not in outcomes)


def _rows_by_spec(demands: list[DemandResult], grid: _Grid) -> Iterator[str]:
    """Yield the rows under headings that name spec and modal, the strongest modal first."""
    specs = list(dict.fromkeys((item.spec, item.edition) for item in demands))
    ranked = sorted(
        demands,
        key=lambda item: (specs.index((item.spec, item.edition)), SEVERITY_RANK[item.severity]),
    )
    heading = ""
    for demand in ranked:
        title = f"{demand.spec} {demand.edition}, {demand.severity}"
        if title != heading:
            yield grid.style.paint("strong", visible(title))
            heading = title
        yield from _row(f"  {demand.name}", demand.counts, grid)
        if grid.style.verbose:
            yield from _because(demand.counts, grid.style)


def _because(counts: Counts, style: Style) -> Iterator[str]:
    """Yield why the demand did not apply, most frequent reason first."""
    reasons = sorted(counts.because.items(), key=lambda item: (-item[1], item[0]))
    pairs = [("n/a", f"{number} {reason}") for reason, number in reasons]
    for line in facts(pairs, width=style.width, indent=" " * 4, column=5):
        yield style.paint("faint", line)


def _row(name: str, counts: Counts, grid: _Grid) -> Iterator[str]:
    """Yield the row; a name too wide for its column stands on a line of its own."""
    name = visible(name)
    if columns(name) > grid.name:
        indent = name[: len(name) - len(name.lstrip())]
        yield from wrap(name.lstrip(), width=grid.style.width, first=indent)
        name = ""
    cells = [pad(name, grid.name)]
    for _, outcome, width in grid.outcomes:
        number = counts[outcome]
        role = _ROLES.get(outcome, "") if number else "faint"
        cells.append(grid.style.paint(role, pad(str(number or "."), width, right=True)))
    cells.append(pad(str(counts.subjects), grid.all_width, right=True))
    yield " ".join(cells)
