"""Sentences of feedback that tell a learner how to get a higher grade (IA-182, IA-211).

Patterns are no judgement: a sentence counts only if it names a grade to reach *and* tells somebody
what to do for it. What explains a decision ("to achieve M1 you needed to compare ..."), what speaks
of other work ("in your next assignment ...") and what praises does not count. Who reads a finding
reads the feedback and decides.
"""

from __future__ import annotations

import re

from policy.model.suite import Context

_SENTENCES = re.compile(r"[.!?;](?=\s|$)|\n+|\u2022")
_GRADE = (
    r"(?:(?:an?|the|your)\s+)?(?:pass|merit|distinction|higher\s+(?:grade|mark|criteria)"
    r"|better\s+grade|(?:[A-Z]{1,3}\.?)?[PMD]\d{1,2})\b"
)
_AIM = re.compile(
    rf"\b(?:to|and)\s+(?:get|gain|achieve|reach|earn|obtain|access|secure|meet|receive|be\s+awarded)"
    rf"\s+{_GRADE}|\b(?:for|towards|up\s+to)\s+{_GRADE}|\b(?:move|push|bring|raise)\b.{{0,40}}\bto\s+{_GRADE}",
    re.IGNORECASE,
)
_VERB = (
    r"(?:add|include|explain|compare|evaluate|analyse|analyze|describe|justify|discuss|rewrite"
    r"|redo|extend|expand|use|write|give|provide|state|mention|change|correct|show|refer"
    r"|research|insert|replace)\b"
)
_DUTY = re.compile(
    r"\b(?:must|(?:need|needs|have|has)\s+to|need\s+more|should(?!\s+(?:have|be\s+proud)\b)"
    r"|ought\s+to(?!\s+have\b)|you\s+can\s+(?:add|include)|make\s+sure)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(rf"(?:^|[,:\-]\s*|\b(?:then|and|please)\s+){_VERB}", re.IGNORECASE)
# What was done: "you describe two shops and explain ...", "... which you did", "no need to ...".
_TOLD = re.compile(
    r"\byou\s+(?!(?:to|can|must|should|ought|need|have|may|might|could|will)\b)\w+",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:not|no)\s+(?:need|have)\s+to\b"
    r"|\b(?:which|and|but|as)\s+you\s+(?:did|have|had|gave|\w+ed)\b",
    re.IGNORECASE,
)
_OTHER_WORK = re.compile(
    r"\b(?:next\s+(?:time|assignment|unit|piece)|in\s+(?:the\s+)?future|future\s+(?:work|assignments?)"
    r"|other\s+units?|another\s+unit)\b",
    re.IGNORECASE,
)


def instructions_in(context: Context, feedback: str) -> int:
    """Return the number of sentences that tell how to get a higher grade; 0 for an empty text."""
    return sum(map(is_instruction, _SENTENCES.split(feedback)))


def is_instruction(sentence: str) -> bool:
    """Return whether a sentence names a grade to reach and orders something to be done for it.

    >>> is_instruction("To get a Merit, add a comparison of two companies")
    True
    >>> is_instruction("To achieve M1 you needed to compare two companies, and you described one")
    False
    """
    said = sentence.strip()
    if not _AIM.search(said) or _OTHER_WORK.search(said) or _DONE.search(said):
        return False
    order = _ORDER.search(said)
    ordered = order is not None and not _TOLD.search(said, 0, order.start())
    return _DUTY.search(said) is not None or ordered
