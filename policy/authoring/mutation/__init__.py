"""Whether examples would notice a mistake: change one thing at a time in a rule, and run them.

`expression_changes` and `item_changes` make the changes, `parts` cuts out of a spec what a change
can reach, `bench` runs the examples, `mutating` puts it together.
"""
