"""The older suites: how much of a retake's brief is the text of the first one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import policy_legacy
import pytest

from policy.data.schema import load_schema
from policy.dsl.evaluation.plugin_calls import call
from policy.model.suite import Context
from policy.model.values import CauseKind, Missing
from policy.plugins import discover

SUITE = policy_legacy.policy_suite()
(IN_COMMON,) = SUITE.functions


def test_the_plugin_loads() -> None:
    """The manifest is sound: no diagnostic, and every type is one of the language."""
    loaded = discover(["legacy"], extra={"legacy": policy_legacy})
    assert loaded.diagnostics == ()
    assert [suite.name for suite in loaded.suites] == ["legacy"]


def test_the_field_fits_the_schema() -> None:
    """The text of a brief is added to assignments, and nothing of the schema is changed."""
    schema = load_schema({SUITE.name: SUITE.schema_extensions})
    assert schema.diagnostics == ()
    assert schema.types.entities["assignment"].fields["brief_text"].type.kind == "text"


@pytest.mark.parametrize(
    ("first", "second", "share"),
    [
        ("Plan a market stall.", "Plan a market stall.", "1"),
        ("Plan a market stall.", "PLAN  a market-stall", "1"),
        ("Plan a market stall.", "Plan a market shop.", "0.75"),
        ("Plan a market stall.", "Describe two banks.", "0"),
        ("one two three", "three two one", "0.333"),
        ("word " * 1999 + "a", "word " * 1999 + "b", "0.999"),
        ("eine große Aufgabe", "Eine GROSSE Aufgabe", "1"),
    ],
)
def test_the_share_of_words_in_common(
    judge: Callable[..., Context], first: str, second: str, share: str
) -> None:
    """Words count in their order; only the same text is 1, and both ways give the same."""
    context = judge()
    assert call(IN_COMMON, "legacy", context, (first, second)) == Decimal(share)
    assert call(IN_COMMON, "legacy", context, (second, first)) == Decimal(share)


@pytest.mark.parametrize("texts", [("", "a plan"), ("a plan", "..."), ("", "")])
def test_a_text_without_words_is_as_good_as_none(
    judge: Callable[..., Context], texts: tuple[str, str]
) -> None:
    """There is nothing to compare: the answer is missing, and says which field lacks."""
    found = call(IN_COMMON, "legacy", judge(), texts)
    assert isinstance(found, Missing)
    assert [(cause.kind, cause.fact) for cause in found.causes] == [
        (CauseKind.NOT_RECORDED, "assignment.brief_text")
    ]
