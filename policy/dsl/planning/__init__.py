"""Checked spec -> plan: many spellings become the few operations of `meaning.plan`.

`planner.plan_spec` is the way in.
"""
