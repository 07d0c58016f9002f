"""Plan and document -> outcomes: the reference semantics, short and obvious rather than fast.

`judgement.judge` is the way in for rules, `evaluator.Evaluator` for single operations.
"""
