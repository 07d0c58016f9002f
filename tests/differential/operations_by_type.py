"""Operations that come to one type: tests, numbers, dates, texts, rows, lists."""

from __future__ import annotations

from policy.dsl.meaning import plan
from tests.differential.any_operation import AnyOperation, Scope, near
from tests.differential.vocabulary import (
    COLUMNS,
    DATE,
    FIELDS,
    LENGTH,
    NUMBER,
    SPAN,
    TABLES,
    TEXT,
    UNITS,
    YES_NO,
    Type,
)


class ByType(AnyOperation):
    """Draws what comes to a type in a way of its own."""

    def _own(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation | None:
        if isinstance(wanted, tuple):
            return {"row": self._of_row, "list": self._of_list, "cells": self._of_cells}[wanted[0]](
                wanted, scope, depth
            )
        return {
            YES_NO: self._of_yes_no,
            NUMBER: self._of_number,
            DATE: self._of_date,
            LENGTH: self._of_length,
            TEXT: self._of_text,
        }[wanted](scope, depth)

    def _of_yes_no(self, scope: Scope, depth: int) -> plan.Operation:
        less = depth - 1
        pick = self.random.randrange(16)
        if pick <= 1:
            kind = self.type()
            left, right = self.make(kind, scope, less), self.make(kind, scope, less)
            return plan.Compare(op=self._of("=", "!="), left=left, right=right, span=SPAN)
        if pick <= 4:
            kind = self._of(NUMBER, DATE, NUMBER, DATE, LENGTH)
            left, right = self.make(kind, scope, less), self.make(kind, scope, less)
            sign = self._of("=", "!=", "<", "<=", ">", ">=")
            return plan.Compare(op=sign, left=left, right=right, span=SPAN)
        if pick == 5:
            return plan.Not(item=self.make(YES_NO, scope, less), span=SPAN)
        if pick <= 8:
            count = self.random.randint(2, 3)
            items = tuple(self.make(YES_NO, scope, less) for _ in range(count))
            return self._of(plan.All, plan.Any)(items=items, span=SPAN)
        if pick == 9:
            kinds = [kind for entity in near(scope) for kind in FIELDS[entity].values()]
            kind = self.random.choice(kinds) if kinds else self.type()
            field_of = self._field(kind, scope, less)
            if field_of is not None:
                return plan.IsRecorded(item=field_of, span=SPAN)
            return plan.IsRecorded(item=self.make(kind, scope, less), span=SPAN)
        if pick == 10:
            return self._test_of_list(scope, less)
        if pick == 15 and self.definitions:
            return self._twice(scope, less)
        if pick == 11:
            day = self.make(DATE, scope, less)
            return self._of(
                plan.InTerms(day=day, span=SPAN),
                plan.Contains(item=day, container=plan.Year(span=SPAN), span=SPAN),
                plan.BuiltIn(name="teaching_day", arguments=(day,), span=SPAN),
            )
        drawn, inner = self.drawn(scope, less)
        if pick == 12:
            return plan.Some(drawn=drawn, span=SPAN)
        satisfies = self.make(YES_NO, inner, less)
        return plan.Every(drawn=drawn, satisfies=satisfies, span=SPAN)

    def _twice(self, scope: Scope, depth: int) -> plan.Operation:
        """Return whether a definition says the same of two things."""
        name = self.random.choice(tuple(self.definitions))
        types, returns = self.definitions[name]
        sides = [
            plan.DefinitionOf(
                name=name,
                arguments=tuple(self.make(kind, scope, depth) for kind in types),
                span=SPAN,
            )
            for _ in range(2)
        ]
        self.typed.update({id(side): (side, returns, scope) for side in sides})
        return plan.Compare(op="=", left=sides[0], right=sides[1], span=SPAN)

    def _test_of_list(self, scope: Scope, depth: int) -> plan.Operation:
        item = self.item()
        container = self.make(("list", item), scope, depth)
        pick = self.random.randrange(3)
        if pick == 0:
            return plan.IsEmpty(item=container, span=SPAN)
        if pick == 1:
            return plan.Contains(item=self.make(item, scope, depth), container=container, span=SPAN)
        members = tuple(self.make(item, scope, depth) for _ in range(2))
        return plan.HasOnly(list=container, members=members, span=SPAN)

    def _of_number(self, scope: Scope, depth: int) -> plan.Operation:
        less = depth - 1
        pick = self.random.randrange(4)
        if pick == 0:
            left, right = self.make(NUMBER, scope, less), self.make(NUMBER, scope, less)
            return plan.Arithmetic(op=self._of(*"+-*/"), left=left, right=right, span=SPAN)
        drawn, inner = self.drawn(scope, less)
        if pick == 1:
            return plan.Count(drawn=drawn, span=SPAN)
        result = self.make(NUMBER, inner, less)
        if pick == 2:
            return plan.Sum(drawn=drawn, result=result, span=SPAN)
        return plan.Extreme(
            drawn=drawn, result=result, greatest=self.random.random() < 0.5, span=SPAN
        )

    def _of_date(self, scope: Scope, depth: int) -> plan.Operation:
        less = depth - 1
        pick = self.random.randrange(6)
        sign = self._of(1, -1)
        if pick == 0:
            drawn, inner = self.drawn(scope, less)
            result = self.make(DATE, inner, less)
            return plan.Extreme(
                drawn=drawn, result=result, greatest=self.random.random() < 0.5, span=SPAN
            )
        base = self.make(DATE, scope, less)
        if pick == 1:
            arguments = (base, self.make(DATE, scope, less))
            name = self._of("earlier", "later")
            return plan.BuiltIn(name=name, arguments=arguments, span=SPAN)
        if pick == 2:
            length = self.make(LENGTH, scope, less)
            return plan.MovedBy(length=length, sign=sign, base=base, span=SPAN)
        amount = plan.Constant(value=self.random.randint(0, 15), span=SPAN)
        if pick == 3:
            learner = self._row("learner", scope, less)
            return plan.MovedByStudyDays(
                amount=amount, learner=learner, sign=sign, base=base, span=SPAN
            )
        return plan.Moved(
            amount=amount, unit=self.random.choice(UNITS), sign=sign, base=base, span=SPAN
        )

    def _of_length(self, scope: Scope, depth: int) -> plan.Operation:
        amount = self._of(
            plan.Constant(value=self.random.randint(0, 9), span=SPAN),
            plan.ParameterValue(name="limit", span=SPAN),
        )
        return plan.LengthOf(amount=amount, unit=self.random.choice(UNITS), span=SPAN)

    def _of_text(self, scope: Scope, depth: int) -> plan.Operation:
        day = self.make(DATE, scope, depth - 1)
        return plan.BuiltIn(name="academic_year", arguments=(day,), span=SPAN)

    def _of_row(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        entity = wanted[1]
        if entity == "calendar_period" and self.random.random() < 0.5:
            day = self.make(DATE, scope, depth - 1)
            return plan.BuiltIn(name="term_of", arguments=(day,), span=SPAN)
        named = self._field(wanted, scope, depth) if self.random.random() < 0.5 else None
        return self._row(entity, scope, depth) if named is None else named

    def _of_cells(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        keys = tuple(
            (key, self.make(COLUMNS[key], scope, depth - 1)) for key in TABLES[wanted[1]].keys
        )
        return plan.TableRow(table=wanted[1], keys=keys, span=SPAN)

    def _the(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation:
        drawn, inner = self.drawn(scope, depth, of=wanted)
        if self.random.random() < 0.5 or depth < 0:
            return plan.The(drawn=drawn, span=SPAN)
        return plan.TheMost(
            drawn=drawn,
            by=self.make(self._of(DATE, NUMBER), inner, depth),
            greatest=self.random.random() < 0.5,
            span=SPAN,
        )

    def _of_list(self, wanted: Type, scope: Scope, depth: int) -> plan.Operation | None:
        item = wanted[1]
        if self.random.random() < 0.3:
            left, right = self.make(wanted, scope, depth - 1), self.make(wanted, scope, depth - 1)
            return plan.Joined(left=left, right=right, span=SPAN)
        if item[0] == "row" and self.random.random() < 0.6:
            return self.rows(item[1], scope, depth)
        distinct = self.random.random() < 0.3
        if item[0] == "row" and self.random.random() < 0.5:
            drawn, _ = self.drawn(scope, depth - 1, of=item)
            return plan.Collect(drawn=drawn, distinct=distinct, span=SPAN)
        drawn, inner = self.drawn(scope, depth - 1)
        kind = wanted if self.random.random() < 0.2 else item
        result = self.make(kind, inner, depth - 1)
        return plan.Collect(drawn=drawn, result=result, distinct=distinct, span=SPAN)
