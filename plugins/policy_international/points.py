"""Points towards a qualification: all mandatory units, and the best options that still fit."""

from __future__ import annotations

from collections.abc import Sequence

from policy.model.suite import Context
from policy.model.values import Cause, CauseKind, Missing


def points_that_count(
    context: Context,
    hours: Sequence[int],
    points: Sequence[int],
    mandatory: Sequence[bool],
    needed: int,
) -> int | Missing:
    """Return the most points of a choice of units with at most `needed` guided learning hours.

    The three lists say the hours and the points of each unit and whether it is mandatory, one unit
    at the same place in each. Mandatory units count whatever their points; of the others those that
    bring most. Units that do not fit are listed on the certificate and do not count. Missing if the
    lists differ in length: then what belongs together is not known.
    """
    if not len(hours) == len(points) == len(mandatory):
        return Missing((Cause(CauseKind.NOT_RECORDED, "unit", "", "glh"),))
    units = list(zip(hours, points, mandatory, strict=True))
    room = max(0, needed - sum(hour for hour, _, must in units if must))
    # best[n]: the most points of options with at most n hours.
    best = [0] * (room + 1)
    for hour, point, must in units:
        if not must:
            for left in range(room, hour - 1, -1):
                best[left] = max(best[left], best[left - hour] + point)
    return best[room] + sum(point for _, point, must in units if must)
