"""From a plan to generated Python: the same verdicts as the reference evaluator, much faster.

It gives outcomes and the subjects they are about; reasons come from the reference evaluator.
"""
