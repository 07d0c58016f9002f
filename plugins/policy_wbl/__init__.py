"""Work-based learning: titles and sectors, compared as people would compare them.

The lists of the guide are tables of the spec, so authors can extend them. Here is only what a table
cannot say: when two spellings of a title or of a sector mean the same.
"""

from __future__ import annotations

from policy.hookspecs import hookimpl
from policy.model.suite import Function, Parameter, Suite
from policy_wbl.sectors import in_sector, same_sector
from policy_wbl.titles import same_title

__all__ = ["policy_suite"]

_PAIR = (Parameter(name="one", type="text"), Parameter(name="other", type="text"))


@hookimpl
def policy_suite() -> Suite:
    """Return the functions."""
    return Suite(
        name="wbl",
        title="Work-based learning",
        prefixes=("WBL-",),
        functions=(
            Function(
                name="in_sector",
                parameters=(
                    Parameter(name="named", type="text"),
                    Parameter(name="sector", type="text"),
                ),
                returns="boolean",
                call=in_sector,
                description="whether a sector group or subject area is, or begins with, a sector: "
                "`SECURITY (NVQ)` is in Security, `Cyber Security` is not",
            ),
            Function(
                name="same_sector",
                parameters=_PAIR,
                returns="boolean",
                call=same_sector,
                description="whether two texts name one sector group: by code where both have "
                "one, else by name",
            ),
            Function(
                name="same_title",
                parameters=_PAIR,
                returns="boolean",
                call=same_title,
                description="whether two titles name one qualification, however they are written: "
                "capitals, hyphens, `Pearson`, `(RQF)`, `Entry Level 3` or `Level Entry 3`",
            ),
        ),
    )
