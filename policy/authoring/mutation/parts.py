"""What a change can reach: the rules that read a definition, and a spec of nothing but those.

Messages do not count: no example can expect what a finding says, so they are taken out, and with
them whatever only they read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from policy.dsl.checking.checked import CheckedSpec, DefinitionIs, Meaning, ParameterIs, TableIs
from policy.dsl.syntax import ast
from policy.dsl.syntax.walk import descend

_SILENT = ("",)


class Reads(Struct, frozen=True, kw_only=True):
    """Who reads what in a spec, through definitions too. Names are of definitions, parameters and
    tables. `of_rule`: rule -> names; `of_name`: definition -> names; `of_scope`: names that
    `applies to` reads."""

    of_rule: Mapping[str, frozenset[str]]
    of_name: Mapping[str, frozenset[str]]
    of_scope: frozenset[str]

    def readers(self, item: ast.Node) -> frozenset[str]:
        """Return the rules whose outcomes may depend on an item."""
        if isinstance(item, ast.Rule):
            return frozenset({item.name} & self.of_rule.keys())
        name = getattr(item, "name", "")
        if isinstance(item, ast.AppliesTo) or name in self.of_scope:
            return frozenset(self.of_rule)
        return frozenset(rule for rule, names in self.of_rule.items() if name in names)

    def needed(self, rules: Iterable[str], item: ast.Node) -> frozenset[str]:
        """Return every name that the rules, `applies to` and the item read, and the item's own."""
        own = self.of_name.get(getattr(item, "name", ""), frozenset())
        if isinstance(item, ast.Define | ast.Parameter):
            own |= {item.name}
        return own.union(self.of_scope, *(self.of_rule[rule] for rule in rules))


def reads_of(spec: CheckedSpec) -> Reads:
    """Return who reads what in a checked spec."""
    direct = {
        name: frozenset(_names(define.node.body, spec.meanings))
        for name, define in spec.defines.items()
    }
    of_name = {name: _closed(names, direct) for name, names in direct.items()}
    of_rule = {
        rule.node.name: _closed(frozenset(_names(silent(rule.node), spec.meanings)), of_name)
        for rule in spec.rules
    }
    scope = frozenset(
        name for item in spec.node.applies for name in _names(item.where, spec.meanings)
    )
    return Reads(of_rule=of_rule, of_name=of_name, of_scope=_closed(scope, of_name))


def _names(node: ast.Node, meanings: Mapping[int, Meaning]) -> Iterator[str]:
    for part in descend(node):
        meaning = meanings.get(id(part))
        if isinstance(meaning, DefinitionIs | ParameterIs | TableIs):
            yield meaning.name


def _closed(names: frozenset[str], below: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= below.get(name, frozenset()) - found
    return frozenset(found)


def silent(rule: ast.Rule) -> ast.Rule:
    """Return the rule without what it says in findings; a note keeps an empty sentence."""
    demands = tuple(
        replace(
            demand,
            terms=_silent_terms(demand.terms),
            text=demand.text and replace(demand.text, texts=_SILENT, holes=()),
        )
        for demand in rule.demands
    )
    return replace(rule, terms=_silent_terms(rule.terms), demands=demands)


def _silent_terms(terms: ast.Terms) -> ast.Terms:
    return replace(terms, breach=None, remedy=None)


class Part(Struct, frozen=True, kw_only=True):
    """A spec and its libraries, of which only some rules and names are to be kept."""

    spec: ast.Spec
    libraries: Mapping[str, ast.Spec]

    def of(
        self, rules: frozenset[str], names: frozenset[str], old: ast.Node, new: ast.Node
    ) -> tuple[ast.Spec, dict[str, ast.Spec]]:
        """Return both with `new` in the place of `old`, and nothing but what is named."""
        libraries = {
            name: _cut(node, rules, names, old, new) for name, node in self.libraries.items()
        }
        return _cut(self.spec, rules, names, old, new), libraries


def part_of(spec: ast.Spec, libraries: Mapping[str, ast.Spec]) -> Part:
    """Return the spec with the libraries it uses, through libraries too."""
    found: dict[str, ast.Spec] = {}
    waiting = [use.spec for use in spec.uses]
    while waiting:
        name = waiting.pop()
        if name not in found and name in libraries:
            found[name] = libraries[name]
            waiting.extend(use.spec for use in libraries[name].uses)
    return Part(spec=spec, libraries=found)


def _cut(
    spec: ast.Spec, rules: frozenset[str], names: frozenset[str], old: ast.Node, new: ast.Node
) -> ast.Spec:
    items: list[ast.Item] = []
    for item in spec.items:
        if isinstance(item, ast.Rule):
            if item.name in rules:
                changed = new if item is old else item
                assert isinstance(changed, ast.Rule)
                items.append(silent(changed))
        elif isinstance(item, ast.Define | ast.Parameter):
            if item.name in names:
                changed = new if item is old else item
                assert isinstance(changed, ast.Define | ast.Parameter)
                items.append(changed)
        elif isinstance(item, ast.Table) and item.name in names:
            items.append(item)
    uses = tuple(
        replace(use, rules=tuple(line for line in use.rules if line.rule in rules))
        for use in spec.uses
    )
    applies = tuple(_swapped(item, old, new) for item in spec.applies)
    return replace(spec, items=tuple(items), uses=uses, applies=applies)


def _swapped(item: ast.AppliesTo, old: ast.Node, new: ast.Node) -> ast.AppliesTo:
    if item is not old:
        return item
    assert isinstance(new, ast.AppliesTo)
    return new
