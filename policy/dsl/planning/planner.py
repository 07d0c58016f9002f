"""checked spec -> plan: names replaced by what they mean, many spellings by few operations.

Nothing can go wrong here that is the author's fault; an unexpected node is our bug.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy.dsl.checking.checked import (
    CheckedDemand,
    CheckedRule,
    CheckedSpec,
    DefinitionIs,
    ParameterIs,
)
from policy.dsl.checking.rule_checker import failing_generator
from policy.dsl.meaning import plan
from policy.dsl.meaning.types import BOOLEAN
from policy.dsl.planning.cost import with_cost
from policy.dsl.planning.expression_planner import ExpressionPlanner
from policy.dsl.syntax import ast
from policy.dsl.syntax.walk import descend
from policy.model.outcomes import Severity
from policy.model.values import Value


def plan_spec(spec: CheckedSpec, parameters: Mapping[str, Value] | None = None) -> plan.SpecPlan:
    """Return the plan of a spec; `parameters` replace defaults for this run."""
    return _Planner(spec).spec(parameters or {})


class _Planner:
    def __init__(self, spec: CheckedSpec) -> None:
        self._spec = spec
        self._op = ExpressionPlanner(spec.types, spec.meanings, spec.tables).operation
        self._settings_of: dict[str, frozenset[str]] = {}

    def spec(self, parameters: Mapping[str, Value]) -> plan.SpecPlan:
        spec = self._spec
        node = spec.node
        definitions = {
            name: plan.DefinitionPlan(
                name=name,
                parameters=tuple(parameter for parameter, _ in define.parameters),
                body=self._op(define.node.body),
            )
            for name, define in spec.defines.items()
        }
        return plan.SpecPlan(
            name=node.name,
            title=node.title,
            edition=node.edition,
            suite=spec.suite,
            hash=spec.text_hash,
            rules=tuple(
                with_cost(self._rule(rule), definitions) for rule in spec.rules if rule.demands
            ),
            membership=tuple(
                plan.MembershipPlan(
                    entity=applies.entity,
                    variable=applies.variable,
                    condition=self._op(applies.where),
                )
                for applies in node.applies
            ),
            definitions=definitions,
            tables={
                name: plan.TablePlan(name=name, keys=table.keys, rows=table.rows)
                for name, table in spec.tables.items()
            },
            parameters={
                **{name: parameter.default for name, parameter in spec.parameters.items()},
                **{name: value for name, value in parameters.items() if name in spec.parameters},
            },
        )

    # ------------------------------------------------------------ rules

    def _rule(self, rule: CheckedRule) -> plan.RulePlan:
        node = rule.node
        return plan.RulePlan(
            name=node.name,
            title=node.title,
            spec=self._spec.node.name,
            only_year=(node.of_year or self._spec.node.edition) if node.this_year_only else "",
            scope=self._scope(node.scope),
            when=tuple(self._op(when) for when in node.terms.when),
            demands=tuple(self._demand(rule, demand) for demand in rule.demands),
            span=node.span,
        )

    def _scope(self, scope: ast.Scope) -> plan.ScopePlan:
        pair = None
        if scope.pair is not None:
            pair = plan.Drawn(
                span=scope.span,
                variable=scope.pair.variable,
                source=self._op(scope.pair.source),
                where=None if scope.where is None else self._op(scope.where),
            )
        return plan.ScopePlan(entity=scope.entity, variable=scope.variable, pair=pair)

    def _demand(self, rule: CheckedRule, made: CheckedDemand) -> plan.DemandPlan:
        node, shared = made.node, rule.node.terms
        own = node.terms
        failing = failing_generator(node)
        is_negative = made.modal.endswith("not")
        return plan.DemandPlan(
            label=made.label,
            severity=Severity(made.modal.removesuffix(" not")),
            is_negative=is_negative,
            condition=self._op(node.condition),
            by=None if node.by is None else self._op(node.by),
            is_yes_no=self._spec.types[id(node.condition)] == BOOLEAN,
            when=tuple(self._op(when) for when in own.when),
            exceptions=tuple(
                plan.ExceptionPlan(
                    name=item.name,
                    why=item.why,
                    clauses=tuple(clause.id for clause in item.cites),
                    when=self._op(item.when),
                )
                for item in (*shared.exceptions, *own.exceptions)
            ),
            clauses=made.cites,
            message=self._message(own.breach or shared.breach),
            note=self._message(node.text),
            remedy=self._message(own.remedy or shared.remedy),
            owner=own.owner or shared.owner,
            failing=failing.variable if failing else "",
            settings=tuple(sorted(self._settings(rule.node, node))),
            span=node.span,
        )

    def _message(self, template: ast.Template | None) -> plan.MessagePlan | None:
        if template is None:
            return None
        values = tuple(self._op(hole) for hole in template.holes)
        return plan.MessagePlan(texts=template.texts, values=values)

    # ------------------------------------------------------------ settings

    def _settings(self, rule: ast.Rule, demand: ast.Demand) -> frozenset[str]:
        """Return the settings (parameters the guides give no figure for) a demand rests on."""
        scope = (rule.scope.pair, rule.scope.where)
        terms = (rule.terms, demand.terms)
        whens = [when for term in terms for when in term.when]
        whens += [item.when for term in terms for item in term.exceptions]
        parts = (*scope, *whens, demand.condition, demand.by)
        return frozenset().union(*(self._settings_in(part) for part in parts if part is not None))

    def _settings_in(self, node: ast.Node) -> frozenset[str]:
        found: set[str] = set()
        for part in descend(node):
            meaning = self._spec.meanings.get(id(part))
            if isinstance(meaning, ParameterIs):
                if self._spec.parameters[meaning.name].node.is_setting:
                    found.add(meaning.name)
            elif isinstance(meaning, DefinitionIs):
                found |= self._settings_of_definition(meaning.name)
        return frozenset(found)

    def _settings_of_definition(self, name: str) -> frozenset[str]:
        if name not in self._settings_of:
            self._settings_of[name] = self._settings_in(self._spec.defines[name].node.body)
        return self._settings_of[name]
