"""Rows of nothing but what rules read: the same outcomes and findings, for every shipped rule."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from policy.document_judge import judge_document
from policy.dsl.compiling.reads import read_part
from policy.model.findings import DocumentResult
from policy.pack import Pack, load_pack
from policy.ready import ReadyPack

ROOT = Path(__file__).parents[2]
AS_AT = date(2026, 4, 24)


@cache
def installed() -> Pack:
    """The installed specs, each rule in a pack of its own to be made of them."""
    return load_pack()


def rules_without_plugins() -> list[tuple[str, str]]:
    """Return spec and rule of all rules that call no plugin."""
    pack = installed()
    return [
        (spec.name, rule.name)
        for spec in pack.specs
        for rule in spec.rules
        if read_part(pack.schema.types, [replace(spec, rules=(rule,))]) is not None
    ]


def of_one_rule(spec: str, rule: str) -> Pack:
    """Return a pack of one rule and no checks of plugins."""
    (plan,) = [each for each in installed().specs if each.name == spec]
    only = replace(plan, rules=tuple(each for each in plan.rules if each.name == rule))
    return replace(installed(), specs=(only,), suites={})


def judged(pack: Pack, content: bytes, *, in_part: bool) -> DocumentResult:
    """Return what comes of a document, all of it or only what is read made into rows."""
    ready = ReadyPack(pack=pack)
    linker = ready.part_linker if in_part else ready.linker
    assert linker.is_part is in_part
    linked = linker.read("centre", content, AS_AT)
    assert linked is not None
    return judge_document(ready, linked.document, AS_AT)


@pytest.mark.parametrize(("spec", "rule"), rules_without_plugins()[::3])
def test_what_is_not_read_does_not_matter(spec: str, rule: str) -> None:
    """Counts, findings and their evidence are those of the whole document."""
    content = (ROOT / "examples/centres/troubled.json").read_bytes()
    pack = of_one_rule(spec, rule)
    whole, part = (judged(pack, content, in_part=each) for each in (False, True))
    assert part == whole


def test_what_a_plugin_reads_nobody_can_tell() -> None:
    """Then rows are made of everything."""
    calling = {
        rule.name for spec in installed().specs for rule in spec.rules if spec.name == "aaq"
    } - {rule for spec, rule in rules_without_plugins() if spec == "aaq"}
    assert calling
    pack = of_one_rule("aaq", min(calling))
    assert ReadyPack(pack=pack).part_linker.is_part is False


def test_what_nobody_reads_is_not_looked_at() -> None:
    """A mistake against the schema in a field that no rule reads goes unseen; one in a field that
    is read does not."""
    linker = ReadyPack(pack=of_one_rule("aaq", "programme_has_lead_iv")).part_linker
    data = json.loads((ROOT / "examples/centres/clean.json").read_text("utf-8"))
    data["staff"][0]["email"] = 5
    assert linker.read("centre", json.dumps(data).encode(), AS_AT) is not None
    data["programmes"][0]["lead_iv"] = 5
    assert linker.read("centre", json.dumps(data).encode(), AS_AT) is None
