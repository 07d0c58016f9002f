"""Rules of quality assurance, written as specs and checked against a centre's data.

 specs/**/*.policy                              centre data: JSON, YAML, NDJSON, CSV (+ .gz, .zst)
    | parser    text -> ast                        | readers     bytes -> records
    | checker   ast + schema -> checked            | validation  JSON Schema: fast yes, worded no
    | planner   checked -> plan                    | linking     ids, parents, references
    v                                              v
   plan --> compiler --> generated code <------- document
     |                       | outcomes, and whom they are about
     +--> evaluator <--------+
              | reasons, where somebody should look
              v
        findings -> waivers -> report: text, json

Three kinds of bad news stay apart. A spec author's mistake, or data that cannot be read, is a
`Diagnostic`. Data that breaks a rule is a `Finding`. Our own bug is an exception.

Layers, each importing only what stands below it; import-linter holds them:

    policy.cli                                 what people type
    policy.authoring                           for those who write specs: their examples
    policy.engine, policy.document_judge       the drivers: they read like the picture
    policy.ready                               a pack whose specs are generated code
    policy.pack, making_findings | waivers     what a run needs, and what comes of an outcome
    policy.report                              for those who read results
    policy.catalogue | settings, register      the specs there are, the clauses they may cite
    policy.plugins                             finds suites, and survives broken ones
    policy.hookspecs                           what a suite may say
    policy.dsl | policy.data                   the language and the data, strangers to each other
    policy.errors
    policy.model                               plain values: structs, no other library

The names below load on first use, so that `import policy` and `policy --help` stay cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policy.engine import check
    from policy.model.findings import Report

__version__ = "0.1.0"
__all__ = ["Report", "__version__", "check"]

_HOMES = (("check", "policy.engine"), ("Report", "policy.model.findings"))


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    for public, home in _HOMES:
        if name == public:
            return getattr(import_module(home), name)
    raise AttributeError(f"module `policy` has no attribute `{name}`")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
