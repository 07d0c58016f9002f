"""What is known about the centres of one suite: the template, the day, the plants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from centres.planting import Expected, Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """One kind of centre.

    `template` is a file of `examples/centres` in which nothing is wrong, `as_at` the day to judge
    it on, `notes` what is noted all the same (rule, `note`, subject). `stays` are learners who
    occur once only, each with the reason. `jitter` are days of learners that may move by so many
    days, from and to (entity, field). `ends` is how names of such centres end, `regions` whether
    they lie in a region of the country.
    """

    name: str
    template: str
    as_at: date
    ends: Sequence[str]
    plants: Sequence[Plant]
    notes: Sequence[Expected] = ()
    stays: Mapping[str, str] = field(default_factory=dict)
    jitter: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    regions: bool = True
