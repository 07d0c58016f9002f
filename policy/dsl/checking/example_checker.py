"""Checks an example: rules, outcomes, entities, fields and values it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from policy.dsl.checking import mistakes
from policy.dsl.checking.checked import CheckedRule
from policy.dsl.checking.expression_checker import Expressions
from policy.dsl.meaning.types import BOOLEAN, DATE, INTEGER, NUMBER, TEXT, Entity, Enum, List, Type
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic
from policy.model.outcomes import Outcome

EXPECTATIONS = (*(str(outcome) for outcome in Outcome), "excepted", "noted")
"""The words that may follow `expect RULE`."""

Report = Callable[[Diagnostic], None]


def check_example(
    example: ast.Example,
    rules: Sequence[CheckedRule],
    spec: str,
    expressions: Expressions,
    report: Report,
) -> None:
    """Report what is wrong with an example as far as the text shows it."""
    for step in example.steps:
        if isinstance(step, ast.SetParameter):
            _setting(step, expressions, report)
        else:
            _entity_is_known(step, step.entity, expressions, report)
            if isinstance(step, ast.Change):
                _change(step, expressions, report)
    by_name = {rule.node.name: rule for rule in rules}
    for expect in example.expects:
        _expectation(expect, by_name, spec, expressions, report)


def _setting(step: ast.SetParameter, expressions: Expressions, report: Report) -> None:
    parameter = expressions.names.parameters.get(step.name)
    if parameter is None:
        report(mistakes.unknown_name(step.span, step.name, expressions.names.parameters))
        return
    expressions.expect(step.value, {}, parameter.type)


def _entity_is_known(node: ast.Node, entity: str, expressions: Expressions, report: Report) -> bool:
    entities = expressions.names.world.schema.entities
    if entity in entities:
        return True
    report(mistakes.unknown_entity(node.span, entity, entities))
    return False


def _change(step: ast.Change, expressions: Expressions, report: Report) -> None:
    schema = expressions.names.world.schema
    if step.entity not in schema.entities:
        return
    entity = schema.entities[step.entity]
    if step.field in entity.children:
        if step.value not in (None, ()):
            help = "a list of rows can be changed to `missing` or `empty`; for a row use its id"
            report(mistakes.wrong_type(step.span, "value", "`missing` or `empty`", help))
        return
    kind = expressions.names.field_type(step.entity, step.field)
    if kind is None:
        known = [*entity.fields, *entity.children]
        report(mistakes.unknown_member(step.span, step.entity, step.field, known))
    elif step.value is not None:
        _value_fits(step, step.value, kind, report)


_PYTHON: Mapping[Type, tuple[type, ...]] = {INTEGER: (int,), BOOLEAN: (bool,), TEXT: (str,)}


def _value_fits(step: ast.Change, value: ast.ExampleValue, kind: Type, report: Report) -> None:
    if isinstance(kind, List):
        if isinstance(value, tuple):
            for item in value:
                _value_fits(step, item, kind.item, report)
        else:
            help = f"write it in brackets: `({value})`"
            report(mistakes.wrong_type(step.span, "single value", kind, help))
    elif isinstance(kind, Enum):
        if value not in kind.values:
            report(mistakes.unknown_enumerator(step.span, str(value), str(kind), kind.values))
    elif not _is_a(value, kind):
        report(mistakes.wrong_type(step.span, "value of another type", kind))


def _is_a(value: object, kind: Type) -> bool:
    if isinstance(kind, Entity):
        return isinstance(value, str)
    if isinstance(value, bool) or kind == BOOLEAN:
        return isinstance(value, bool) and kind == BOOLEAN
    if kind == DATE:
        return hasattr(value, "isoformat")
    if kind == NUMBER:
        return not isinstance(value, str | tuple) and not hasattr(value, "isoformat")
    return isinstance(value, _PYTHON.get(kind, (str,)))


def _expectation(
    expect: ast.Expect,
    rules: Mapping[str, CheckedRule],
    spec: str,
    expressions: Expressions,
    report: Report,
) -> None:
    if expect.outcome not in EXPECTATIONS:
        report(mistakes.bad_expectation(expect.span, expect.outcome, EXPECTATIONS))
    rule = rules.get(expect.rule)
    if rule is None and expect.rule in expressions.names.world.checks.get(spec, ()):
        return
    if rule is None:
        report(mistakes.unknown_rule(expect.span, expect.rule, spec, rules))
        return
    labels = [demand.label for demand in rule.demands]
    if expect.label not in labels and (expect.label or len(labels) > 1):
        name = f"{expect.rule}.{expect.label}" if expect.label else expect.rule
        known = [f"{expect.rule}.{label}" for label in labels]
        report(mistakes.unknown_rule(expect.span, name, spec, known))
    for entity in (expect.entity, expect.with_entity):
        if entity and entity != "value" and entity not in expressions.names.tables:
            _entity_is_known(expect, entity, expressions, report)
