"""Checks one rule: scope, conditions, demands, messages, citations."""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec import Struct

from policy.dsl.checking import mistakes, presence
from policy.dsl.checking.checked import CheckedDemand, CheckedRule
from policy.dsl.checking.expression_checker import Expressions
from policy.dsl.checking.merging import Placed, with_strength
from policy.dsl.checking.names import Variables
from policy.dsl.meaning.types import ANYTHING, BOOLEAN, DATE, Entity, Type
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic


class RuleChecker(Struct, frozen=True, kw_only=True):
    """What is needed to check rules of one spec."""

    expressions: Expressions
    report: Callable[[Diagnostic], None]
    check_clauses: Callable[[tuple[ast.Clause, ...]], None]
    check_body: Callable[..., None]
    owners: Collection[str]

    def rule(self, placed: Placed) -> CheckedRule:
        """Check a rule as its spec takes it."""
        node = placed.item
        assert isinstance(node, ast.Rule)
        variables = self._scope(node.scope)
        self._terms(node.terms, variables)
        self._labels(node)
        self._last_words(node)
        demands = []
        for demand in node.demands:
            failing = self._demand(node, demand, variables)
            self._messages(node, demand, failing)
            made = self._made(node, demand, placed)
            if made is not None:
                demands.append(made)
        self.check_body(*_conditions(node))
        return CheckedRule(node=node, origin=placed.origin, demands=tuple(demands))

    def _scope(self, scope: ast.Scope) -> Variables:
        schema = self.expressions.names.world.schema
        if scope.entity not in schema.entities:
            self.report(mistakes.unknown_entity(scope.span, scope.entity, schema.entities))
        taken = self.expressions.names.what(scope.variable, {})
        if taken:
            self.report(mistakes.shadows(scope.span, scope.variable, taken))
        kind: Type = Entity(scope.entity) if scope.entity in schema.entities else ANYTHING
        variables: Variables = {scope.variable: kind}
        if scope.pair is not None:
            variables = self.expressions.bind(scope.pair, variables)
            if scope.where is not None:
                self.expressions.condition(scope.where, variables)
        return variables

    def _terms(self, terms: ast.Terms, variables: Variables) -> None:
        """Check what stands before the first demand, or after one; messages come later."""
        self.check_clauses(terms.cites)
        for condition in terms.when:
            self.expressions.condition(condition, variables)
        names: set[str] = set()
        for exception in terms.exceptions:
            if exception.name in names:
                self.report(mistakes.said_before(exception.span, "exception", exception.name, None))
            names.add(exception.name)
            self.check_clauses(exception.cites)
            self.expressions.condition(exception.when, variables)
        if terms.owner and terms.owner not in self.owners:
            self.report(mistakes.unknown_owner(terms.span, terms.owner, self.owners))

    def _labels(self, node: ast.Rule) -> None:
        seen: dict[str, ast.Demand] = {}
        for demand in node.demands:
            if not demand.label and len(node.demands) > 1:
                self.report(mistakes.label_needed(demand.terms.span, node.name))
            elif demand.label in seen:
                before = seen[demand.label].terms.span
                self.report(mistakes.said_before(demand.terms.span, "label", demand.label, before))
            seen.setdefault(demand.label, demand)

    def _last_words(self, node: ast.Rule) -> None:
        """Warn of a remedy or owner that stands behind the last demand and was meant for all."""
        *others, last = node.demands
        for name in ("remedy", "owner") if others else ():
            elsewhere = [node.terms, *(demand.terms for demand in others)]
            if getattr(last.terms, name) and not any(getattr(terms, name) for terms in elsewhere):
                self.report(mistakes.only_for_the_last(last.terms.span, name, node.name))

    def _demand(self, node: ast.Rule, demand: ast.Demand, variables: Variables) -> Variables:
        """Check a demand and return the variables its messages may use."""
        self._terms(demand.terms, variables)
        if demand.by is None:
            self.expressions.condition(demand.condition, variables)
            self._can_go_both_ways(node, demand)
        else:
            given = self.expressions.infer(demand.condition, variables)
            if given not in (DATE, BOOLEAN, ANYTHING):
                help = "what is due is a date, or something that is true or false"
                self.report(mistakes.wrong_type(demand.condition.span, given, "date", help))
            self.expressions.expect(demand.by, variables, DATE, "a deadline is a date")
        failing = failing_generator(demand)
        if failing is None:
            return variables
        source = self.expressions.types.get(id(failing.source), ANYTHING)
        item = getattr(source, "item", ANYTHING)
        return {**variables, failing.variable: item}

    def _can_go_both_ways(self, node: ast.Rule, demand: ast.Demand) -> None:
        """Report a demand that its own scope or `when` decides."""
        where = () if node.scope.where is None else (node.scope.where,)
        given = (*where, *node.terms.when, *demand.terms.when)
        together = presence.Together(self.expressions.types, self.expressions.meanings)
        self.expressions.report_all(together.idle(given, demand.condition))

    def _messages(self, node: ast.Rule, demand: ast.Demand, variables: Variables) -> None:
        own, shared = demand.terms, node.terms
        for template in (
            demand.text,
            own.breach or shared.breach,
            own.remedy or shared.remedy,
        ):
            for hole in template.holes if template else ():
                self.expressions.infer(hole, variables)

    def _made(self, node: ast.Rule, demand: ast.Demand, placed: Placed) -> CheckedDemand | None:
        """Return the demand as the spec makes it, None when the spec does not take it."""
        modal = demand.modal
        cites = tuple(clause.id for clause in demand.terms.cites or node.terms.cites)
        whole = [line for line in placed.taken if not line.label]
        own = [line for line in placed.taken if line.label and line.label == demand.label]
        if placed.taken and not whole and not own:
            return None
        for line in (*whole, *own):
            modal = with_strength(modal, line.modal)
            if line.cites:
                self.check_clauses(line.cites)
                cites = tuple(clause.id for clause in line.cites)
        if not cites:
            name = f"{node.name}.{demand.label}" if demand.label else node.name
            self.report(mistakes.no_citation(demand.terms.span, name))
        return CheckedDemand(node=demand, label=demand.label, modal=modal, cites=cites)


def failing_generator(demand: ast.Demand) -> ast.Generator | None:
    """Return the generator whose rows are at fault when the demand fails: of an outermost `every`
    or `no`, or of the `some` of a ban."""
    condition = demand.condition
    if not isinstance(condition, ast.Quantifier):
        return None
    wanted = ("some",) if demand.modal.endswith("not") else ("every", "no")
    return condition.generator if condition.kind in wanted else None


def _pairing(scope: ast.Scope) -> ast.Quantifier | None:
    """Return the second half of a pair as what it is: rows gone through, once for each subject."""
    if scope.pair is None:
        return None
    return ast.Quantifier(span=scope.span, kind="some", generator=scope.pair, where=scope.where)


def _conditions(node: ast.Rule) -> tuple[ast.Node, ...]:
    """Everything of a rule that is evaluated to judge, in the order of judgement."""
    scope = (_pairing(node.scope),)
    terms = [node.terms, *(demand.terms for demand in node.demands)]
    whens = [when for term in terms for when in term.when]
    whens += [exception.when for term in terms for exception in term.exceptions]
    demands = [part for demand in node.demands for part in (demand.condition, demand.by)]
    return tuple(part for part in (*scope, *whens, *demands) if part is not None)
