"""What the language means, as far as everybody needs to know it: types, built-ins, operations.

The checker, the planner and every evaluator share these three files and nothing else.
"""
