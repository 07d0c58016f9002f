"""Well-typed specs drawn at random, as plans over the toy schema.

Every operation of the plan is drawn, quantifiers within each other, definitions, tables (one of
them not loaded), parameters, exceptions, deadlines, pairs and memberships. A plain generator does
it, so that Hypothesis can steer it and a long run can do without.
"""

from __future__ import annotations

from msgspec.structs import replace

from policy.dsl.meaning import plan
from policy.model.outcomes import Severity
from tests.differential.any_operation import Scope
from tests.differential.drawn_rows import DrawnRows
from tests.differential.schema import SCHEMA
from tests.differential.vocabulary import (
    DATE,
    PARAMETERS,
    SPAN,
    TABLES,
    YES_NO,
    Type,
)


def _alike() -> plan.DefinitionPlan:
    """Return `a.kind = b.kind and a.unit = b.unit`: equalities that a condition hides."""

    def field_of(variable: str, name: str) -> plan.Operation:
        return plan.FieldOf(of=plan.Variable(name=variable, span=SPAN), field=name, span=SPAN)

    items = tuple(
        plan.Compare(op="=", left=field_of("a", name), right=field_of("b", name), span=SPAN)
        for name in ("kind", "unit")
    )
    body = plan.All(items=items, span=SPAN)
    return plan.DefinitionPlan(name="alike", parameters=("a", "b"), body=body)


class PlanMaker(DrawnRows):
    """Makes one spec."""

    def spec(self) -> plan.SpecPlan:
        """Return a spec."""
        submission: Type = ("row", "submission")
        definitions = {"alike": _alike()}
        self.definitions["alike"] = (submission, submission), YES_NO
        for number in range(self.random.randint(0, 3)):
            types = tuple(self.type() for _ in range(self.random.randint(1, 2)))
            names = tuple(f"a{at}" for at in range(len(types)))
            returns = self.type()
            body = self.make(returns, dict(zip(names, types, strict=True)), 2)
            name = f"define_{number}"
            definitions[name] = plan.DefinitionPlan(name=name, parameters=names, body=body)
            self.definitions[name] = types, returns
            if self.random.random() < 0.5:
                arguments = tuple(plan.Variable(name=each, span=SPAN) for each in names)
                call = plan.DefinitionOf(name=name, arguments=arguments, span=SPAN)
                alias = f"alias_{number}"
                definitions[alias] = plan.DefinitionPlan(name=alias, parameters=names, body=call)
                self.definitions[alias] = types, returns
        members = self.random.sample(("programme", "learner", "unit"), self._of(0, 0, 0, 1, 1, 2))
        rules = [self.rule(f"r{number}") for number in range(2)]
        if self.random.random() < 0.5:
            # What two rules ask alike is worked out once.
            rules.append(replace(rules[0], name="again", when=()))
        return plan.SpecPlan(
            name="drawn",
            title="Drawn",
            edition=self.random.choice((*["2025/26"] * 9, "2026/27")),
            suite="drawn",
            hash="0",
            rules=tuple(rules),
            membership=tuple(
                plan.MembershipPlan(
                    entity=entity,
                    variable="m",
                    condition=self.make(YES_NO, {"m": ("row", entity)}, self._of(1, 2)),
                )
                for entity in members
            ),
            definitions=definitions,
            tables=TABLES,
            parameters={name: value for name, (_, value) in PARAMETERS.items()},
        )

    def rule(self, name: str) -> plan.RulePlan:
        """Return a rule of two demands."""
        entity = self.random.choice(
            (*SCHEMA.entities, *["submission"] * 4, "attempt", "programme", "learner")
        )
        scope: dict[str, Type] = {"s": ("row", entity)}
        pair = None
        if self.random.random() < 0.25:
            pair, inner = self.drawn(scope, 1, variable="p")
            scope = {**scope, "p": inner["p"]}
        when = tuple(self.make(YES_NO, scope, 1) for _ in range(self.random.choice((0, 0, 1, 2))))
        return plan.RulePlan(
            name=name,
            title="A rule",
            spec="drawn",
            only_year=self.random.choice((*[""] * 9, "2024/25")),
            scope=plan.ScopePlan(entity=entity, variable="s", pair=pair),
            when=when,
            demands=tuple(self.demand(scope, f"d{at}") for at in range(2)),
            span=SPAN,
        )

    def demand(self, scope: Scope, label: str) -> plan.DemandPlan:
        """Return a demand, with a deadline or exceptions now and then."""
        by = self.make(DATE, scope, 1) if self.random.random() < 0.3 else None
        is_date = by is not None and self.random.random() < 0.7
        is_note = by is None and self.random.random() < 0.15
        exceptions = tuple(
            plan.ExceptionPlan(name=f"e{at}", why="", clauses=(), when=self.make(YES_NO, scope, 1))
            for at in range(self.random.choice((0, 0, 0, 1, 2)))
        )
        return plan.DemandPlan(
            label=label,
            severity=Severity.NOTE if is_note else Severity.MUST,
            is_negative=by is None and not is_note and self.random.random() < 0.3,
            condition=self.make(DATE if is_date else YES_NO, scope, self._of(3, 3, 3, 4)),
            by=by,
            is_yes_no=not is_date,
            when=(self.make(YES_NO, scope, 1),) if self.random.random() < 0.3 else (),
            exceptions=exceptions,
            clauses=(),
            note=plan.MessagePlan(texts=("so",)) if is_note else None,
            span=SPAN,
        )
