"""What a plugin implements: one hook, which returns data.

A plugin is a package with an entry point in the group `policy.suites`, named like its suite:

    from policy.hookspecs import hookimpl
    from policy.model.suite import Suite

    @hookimpl
    def policy_suite() -> Suite:
        return Suite(name="bakery", title="House rules of a bakery", prefixes=("BAK-",))

Another hook is added here only when something uses it. Whoever calls the hook is `policy.plugins`.
"""

from __future__ import annotations

import pluggy

from policy.model.suite import Suite

PROJECT = "policy"
"""Name under which pluggy knows the hooks; all of them begin with `policy_`."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def policy_suite() -> Suite:
    """Return what the plugin brings: its suite, with functions and checks."""
    raise NotImplementedError  # a specification; pluggy calls the implementations
