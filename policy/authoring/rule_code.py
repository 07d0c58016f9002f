"""The generated Python of a rule, for those who want to see what judges: text cut from the module
of its spec, with what it calls, and the lists that it names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from policy.dsl.compiling.compiler import Generated, compile_spec
from policy.dsl.meaning.plan import RulePlan, SpecPlan
from policy.model.entities import Schema


def code_of_rules(
    spec: SpecPlan, rules: Sequence[RulePlan], schema: Schema
) -> Iterator[tuple[RulePlan, str]]:
    """Yield each rule with its code: the version that judges any document.

    First lists of words, then functions in the order of the module, so that the rule comes last.
    A rule that was not compiled has a comment instead, which tells why.
    """
    generated = compile_spec(spec, schema).general
    nodes = {
        node.name: node
        for node in ast.parse(generated.source).body
        if isinstance(node, ast.FunctionDef)
    }
    for rule in rules:
        if rule.name in generated.left:
            reason = generated.left[rule.name]
            yield rule, f"# not compiled: {reason}; the reference evaluator judges it\n"
        else:
            yield rule, _code(generated, nodes, generated.rules[rule.name].__name__)


def _code(generated: Generated, nodes: Mapping[str, ast.FunctionDef], name: str) -> str:
    needed = _needed(nodes, name)
    named = {word for each in needed for word in _named(nodes[each])}
    lines = generated.source.split("\n")
    parts = ["".join(_lists(generated.namespace, named))]
    for each, node in nodes.items():
        if each in needed:
            parts.append("\n".join(lines[node.lineno - 1 : node.end_lineno]) + "\n")
    return "\n\n".join(part for part in parts if part)


def _needed(nodes: Mapping[str, ast.FunctionDef], name: str) -> set[str]:
    """Return the functions that one calls, directly or not, and itself."""
    needed: set[str] = set()
    waiting = [name]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += [each for each in _named(nodes[name]) if each in nodes]
    return needed


def _named(function: ast.FunctionDef) -> Iterator[str]:
    """Yield what a function names: `f`, and also `run.f`."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _lists(namespace: Mapping[str, object], named: set[str]) -> Iterator[str]:
    """Yield what the lists of words hold: their names tell only how each begins."""
    for name, value in namespace.items():
        if name in named and isinstance(value, tuple) and all(isinstance(x, str) for x in value):
            yield f"{name} = {value!r}\n"
