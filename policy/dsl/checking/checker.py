"""ast -> checked spec, or everything that is wrong with it.

In: a parsed spec, the libraries it may use, and the world it is checked against (data model, plugin
functions, clause register, table files). Out: `(CheckedSpec, diagnostics)`; the spec is None when
there is an error. No data is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from policy.dsl.checking import empty_fields, mistakes, unread
from policy.dsl.checking.checked import (
    CheckedDefine,
    CheckedParameter,
    CheckedRule,
    CheckedSpec,
    CheckedTable,
    World,
)
from policy.dsl.checking.constants import constant_value
from policy.dsl.checking.example_checker import check_example
from policy.dsl.checking.expression_checker import Expressions
from policy.dsl.checking.joins import cross_joins
from policy.dsl.checking.merging import Merged, Placed, merge_uses
from policy.dsl.checking.names import CONSTANTS, Names
from policy.dsl.checking.rule_checker import RuleChecker
from policy.dsl.checking.tables import read_table
from policy.dsl.checking.type_names import read_type
from policy.dsl.meaning.library import BUILT_INS
from policy.dsl.meaning.plan import APPLIES_TO
from policy.dsl.meaning.types import ANYTHING, TEXT, Entity, Enum, List, Type
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic, Diagnostics
from policy.model.source import SourceText


def check(
    spec: ast.Spec, libraries: Mapping[str, ast.Spec], world: World, suite: str = ""
) -> tuple[CheckedSpec | None, tuple[Diagnostic, ...]]:
    """Check a spec (or a library, which is checked as if it stood alone)."""
    checker = _SpecChecker(spec, libraries, world)
    checked = checker.run(suite)
    found = tuple(checker.found)
    return (None if checker.found.has_errors else checked), found


class _SpecChecker:
    """One run over one spec. The order is that of dependency, not of the text."""

    def __init__(self, spec: ast.Spec, libraries: Mapping[str, ast.Spec], world: World) -> None:
        self.found = Diagnostics()
        self.world = world
        self.merged: Merged = merge_uses(spec, libraries, self.found.add)
        self.names = Names(world=world, check_define=self._define)
        self.expressions = Expressions(self.names, self.found.add)
        self._defining: list[str] = []
        origins = {placed.origin for placed in self.merged.items} - {spec.name}
        self._texts = [spec.span.source.text]
        self._texts += [libraries[origin].span.source.text for origin in sorted(origins)]

    def run(self, suite: str) -> CheckedSpec:
        """Check everything; what is returned is complete only if nothing was found."""
        node = self.merged.node
        self._no_name_twice()
        for placed in self.merged.items:
            if isinstance(placed.item, ast.Parameter):
                self._parameter(placed.item)
            elif isinstance(placed.item, ast.Table):
                self._table(placed.item, placed.origin)
            elif isinstance(placed.item, ast.Define):
                self.names.declared_defines.setdefault(placed.item.name, placed.item)
        for name in list(self.names.declared_defines):
            self.names.define(name)
        self._applies(node)
        rules = self._rules()
        self._examples(rules)
        if not self.found.has_errors:
            # A rule that is wrong may not have got as far as reading what it uses.
            self._unread()
            if node.kind != "library":
                self._unused()
        return CheckedSpec(
            node=node,
            suite=suite,
            text_hash=self._hash(),
            parameters=self.names.parameters,
            tables=self.names.tables,
            defines=self.names.defines,
            rules=rules,
            types=self.expressions.types,
            meanings=self.expressions.meanings,
        )

    def _hash(self) -> str:
        digest = hashlib.sha256()
        for text in self._texts:
            digest.update(hashlib.sha256(text.encode()).digest())
        return digest.hexdigest()

    # ------------------------------------------------------------ declarations

    def _no_name_twice(self) -> None:
        first: dict[str, Placed] = {}
        for placed in self.merged.items:
            item = placed.item
            if not isinstance(item, ast.Parameter | ast.Table | ast.Define | ast.Rule):
                continue
            span = item.name_span if isinstance(item, ast.Rule | ast.Define) else item.span
            kind = type(item).__name__.lower() if isinstance(item, ast.Rule) else "name"
            # Rules live apart: a rule and a definition may share a name.
            key = f"rule {item.name}" if isinstance(item, ast.Rule) else item.name
            if key in first:
                before = first[key].item
                self.found.add(mistakes.said_before(span, kind, item.name, before.span))
            else:
                taken = self._taken(item)
                if taken:
                    self.found.add(mistakes.shadows(span, item.name, taken))
            first.setdefault(key, placed)

    def _taken(self, item: ast.Parameter | ast.Table | ast.Define | ast.Rule) -> str:
        """Return what the name of a declaration is outside the spec, empty if it is free."""
        name = item.name
        if isinstance(item, ast.Rule):
            checks = self.world.checks.get(self.merged.node.name, frozenset())
            if name == APPLIES_TO:
                return "the rule for what `applies to` leaves open"
            return "a check of the plugin" if name in checks else ""
        if name in CONSTANTS:
            return "a word of the language"
        if isinstance(item, ast.Define):
            if name in BUILT_INS:
                return "a function of the language"
            if name in self.world.functions:
                return f"a function of the plugin `{self.world.functions[name][0]}`"
        return ""

    def _parameter(self, node: ast.Parameter) -> None:
        if node.name in self.names.parameters:
            return
        kind: Type | None = None
        if node.type is not None:
            kind = read_type(node.type, self.world.schema, self.found.add)
        if kind is None:
            kind = self.expressions.infer(node.default, {})
        else:
            self.expressions.expect(node.default, {}, kind)
        default = constant_value(node.default)
        if default is None and kind != ANYTHING:
            help = "a default is a text, a number, a date, a length of time or a word"
            self.found.add(mistakes.wrong_type(node.default.span, "computed value", kind, help))
            default = ""
        self._clauses(node.cites)
        self.names.parameters[node.name] = CheckedParameter(
            node=node, type=kind, default="" if default is None else default
        )

    def _table(self, node: ast.Table, origin: str) -> None:
        columns: dict[str, Type] = {}
        for column in node.columns:
            if column.name in columns:
                self.found.add(mistakes.said_before(column.span, "column", column.name, None))
            columns[column.name] = self._column(column)
        keys = tuple(column.name for column in node.columns if column.is_key)
        text = self.world.read_table(origin, node.path)
        rows = None
        if text is not None:
            self._texts.append(text)
            source = SourceText(node.path, text)
            rows = read_table(node.name, columns, keys, source, self.found.add)
        self._clauses(node.cites)
        self.names.tables[node.name] = CheckedTable(
            node=node, columns=columns, keys=keys, rows=rows
        )

    def _column(self, column: ast.Column) -> Type:
        if column.type is None:
            return TEXT
        kind = read_type(column.type, self.world.schema, self.found.add)
        if isinstance(kind, Entity | List):
            help = "a cell holds one value; for a row write its id, as text"
            self.found.add(mistakes.wrong_type(column.span, kind, "type of a cell", help))
            return ANYTHING
        return kind

    def _define(self, name: str) -> None:
        node = self.names.declared_defines[name]
        if name in self._defining:
            circle = [*self._defining[self._defining.index(name) :], name]
            self.found.add(mistakes.goes_in_circles(node.name_span, circle))
            return
        self._defining.append(name)
        parameters: dict[str, Type] = {}
        for parameter in node.parameters:
            taken = self.names.what(parameter.name, parameters)
            if taken:
                self.found.add(mistakes.shadows(parameter.span, parameter.name, taken))
            parameters[parameter.name] = read_type(
                parameter.type, self.world.schema, self.found.add
            )
        self._one_meaning(node, parameters)
        reader, self.names.reader = self.names.reader, name
        result = self.expressions.infer(node.body, parameters)
        self.names.reader = reader
        self._defining.pop()
        self._clauses(node.cites)
        self._body(node.body)
        self.names.defines[name] = CheckedDefine(
            node=node, parameters=tuple(parameters.items()), result=result
        )

    def _one_meaning(self, node: ast.Define, parameters: Mapping[str, Type]) -> None:
        kinds = list(parameters.values())
        if len(kinds) == 1 and isinstance(kinds[0], Entity):
            known = self.names.members_of_data(kinds[0].name)
            if node.name in known:
                self.found.add(
                    mistakes.two_meanings(
                        node.name_span, node.name, kinds[0].name, known[node.name]
                    )
                )

    def _body(self, *nodes: ast.Node) -> None:
        """Check what can only be seen once all types below are known."""
        types, meanings = self.expressions.types, self.expressions.meanings
        for diagnostic in empty_fields.unasked(nodes, types, meanings, self.world.schema):
            self.found.add(diagnostic)
        for diagnostic in cross_joins(nodes, types, meanings, self.names.declared_defines):
            self.found.add(diagnostic)

    def _clauses(self, cites: tuple[ast.Clause, ...]) -> None:
        known = self.world.clauses
        for clause in cites:
            if known is not None and clause.id not in known:
                self.found.add(mistakes.unknown_clause(clause.span, clause.id, known))

    # ------------------------------------------------------------ rules, examples

    def _applies(self, node: ast.Spec) -> None:
        first: dict[str, ast.AppliesTo] = {}
        for applies in node.applies:
            entities = self.world.schema.entities
            if applies.entity not in entities:
                self.found.add(mistakes.unknown_entity(applies.span, applies.entity, entities))
                continue
            if applies.entity in first:
                before = first[applies.entity].span
                self.found.add(
                    mistakes.said_before(applies.span, "`applies to`", applies.entity, before)
                )
            first[applies.entity] = applies
            variables: dict[str, Type] = {applies.variable: Entity(applies.entity)}
            self.expressions.condition(applies.where, variables)
            self._body(applies.where)

    def _rules(self) -> tuple[CheckedRule, ...]:
        checker = RuleChecker(
            expressions=self.expressions,
            report=self.found.add,
            check_clauses=self._clauses,
            check_body=self._body,
            owners=self._owners(),
        )
        return tuple(
            checker.rule(placed)
            for placed in self.merged.items
            if isinstance(placed.item, ast.Rule)
        )

    def _owners(self) -> frozenset[str]:
        """Who can be asked to act: the kinds of role the data model knows."""
        kind = (
            self.names.field_type("role", "kind") if "role" in self.world.schema.entities else None
        )
        return kind.values if isinstance(kind, Enum) else frozenset()

    def _examples(self, rules: tuple[CheckedRule, ...]) -> None:
        titles: dict[str, ast.Example] = {}
        for item in self.merged.node.items:
            if isinstance(item, ast.Example):
                if item.title in titles:
                    before = titles[item.title].span
                    self.found.add(mistakes.said_before(item.span, "example", item.title, before))
                titles[item.title] = item
                self._clauses(item.cites)
                check_example(item, rules, self.merged.node.name, self.expressions, self.found.add)

    def _unread(self) -> None:
        for placed in self.merged.items:
            if placed.origin == self.merged.node.name:
                self.found.extend(unread.variables_of(placed.item))

    def _unused(self) -> None:
        live = self.names.live()
        for placed in self.merged.items:
            item = placed.item
            if placed.origin != self.merged.node.name:
                continue
            if isinstance(item, ast.Parameter | ast.Table | ast.Define) and item.name not in live:
                span = item.name_span if isinstance(item, ast.Define) else item.span
                self.found.add(mistakes.unused(span, _KINDS[type(item)], item.name))


_KINDS = {ast.Parameter: "parameter", ast.Table: "table", ast.Define: "definition"}
