"""Outcome -> words: the sentence, the values that were read, the steps.

`explanation` is the way in. Nothing here decides anything.
"""
