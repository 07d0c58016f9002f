"""What is worked out: choices, numbers, lists, lengths of time, dates."""

from __future__ import annotations

from policy.dsl.compiling import shapes
from policy.dsl.compiling.conditions import Conditions
from policy.dsl.compiling.expressions import Env, in_part, keyed
from policy.dsl.compiling.shapes import ANY_MARK, NEVER
from policy.dsl.compiling.source import Code
from policy.dsl.meaning import plan


class Computations(Conditions):
    """Adds computations to expressions."""

    # ------------------------------------------------------------ choices

    def _if(self, op: plan.If, env: Env) -> Code:
        condition = self.truth(op.condition, env)
        if condition.text in ("True", "False"):
            return self.value(op.then if condition.text == "True" else op.orelse, env)
        if condition.shape.is_sure:
            return self._sure_if(op, condition, env)
        condition = self.atom(condition)
        then, orelse, result = (self.body.name(wish) for wish in ("then", "orelse", "chosen"))
        with self.body.block(f"if {condition.text} is not False:"):
            first = self.value(op.then, env)
            self.body.add(f"{then} = {first.text}")
        with self.body.block(f"if {condition.text} is not True:"):
            second = self.value(op.orelse, env)
            self.body.add(f"{orelse} = {second.text}")
        self.body.add(
            f"{result} = {then} if {condition.text} is True else {orelse} "
            f"if {condition.text} is False else undecided({condition.text}, {then}, {orelse})"
        )
        shape = shapes.either(first.shape, second.shape).or_marks({"UNKNOWN", "FAILED"})
        return Code(text=result, shape=shape, is_atom=True)

    def _sure_if(self, op: plan.If, condition: Code, env: Env) -> Code:
        with self.body.assuming(condition.if_true), self.body.aside() as before:
            first = self.value(op.then, env)
        with self.body.assuming(condition.if_false), self.body.aside() as after:
            second = self.value(op.orelse, env)
        shape = shapes.either(first.shape, second.shape)
        if not before and not after:
            text = f"{first.inner} if {condition.inner} else {second.inner}"
            return Code(text=text, shape=shape)
        result = self.body.name("chosen")
        for head, lines, code in (
            (f"if {condition.text}:", before, first),
            ("else:", after, second),
        ):
            with self.body.block(head):
                self.body.put(lines)
                self.body.add(f"{result} = {code.text}")
        return Code(text=result, shape=shape, is_atom=True)

    def _otherwise(self, op: plan.Otherwise, env: Env) -> Code:
        first = self.value(op.first, env)
        if "MISSING" not in first.shape.marks:
            return first
        with self.body.aside() as lines:
            second = self.value(op.second, env)
        shape = shapes.either(first.shape.of_marks(first.shape.marks - {"MISSING"}), second.shape)
        result = self.body.name("recorded")
        self.body.add(f"{result} = {first.text}")
        with self.body.block(f"if {result} is MISSING:"):
            self.body.put(lines)
            self.body.add(f"{result} = {second.text}")
        return Code(text=result, shape=shape, is_atom=True)

    # ------------------------------------------------------------ numbers, lists, time

    def _arithmetic(self, op: plan.Arithmetic, env: Env) -> Code:
        left, right = self.value(op.left, env), self.value(op.right, env)
        call = f"compute({op.op!r}, {left.text}, {right.text})"
        return self.helped(call, shapes.NUMBER.of_marks(ANY_MARK))

    def _joined(self, op: plan.Joined, env: Env) -> Code:
        left, right = self.value(op.left, env), self.value(op.right, env)
        shape = shapes.either(left.shape, right.shape)
        if left.shape.is_sure and right.shape.is_sure:
            return Code(text=f"{left.inner} + {right.inner}", shape=shape)
        return self.helped(f"joined({left.text}, {right.text})", in_part(shape.of_marks(NEVER)))

    def _lengthof(self, op: plan.LengthOf, env: Env) -> Code:
        amount = self.value(op.amount, env)
        unit = self.program.constant(op.unit)
        marks = amount.shape.settled.marks
        return self.helped(f"length_of({amount.text}, {unit})", shapes.LENGTH.of_marks(marks))

    def _moved(self, op: plan.Moved, env: Env) -> Code:
        base, amount = self.value(op.base, env), self.value(op.amount, env)
        unit = self.program.constant(op.unit)
        wish = f"{op.unit!s}_{'after' if op.sign > 0 else 'before'}"
        call = f"moved(run.calendar, base, amount, {unit}, {op.sign})"
        return self._kept_date(wish, call, base=base, amount=amount)

    def _movedby(self, op: plan.MovedBy, env: Env) -> Code:
        base, length = self.value(op.base, env), self.value(op.length, env)
        wish = "long_after" if op.sign > 0 else "long_before"
        call = f"moved_by(run.calendar, base, length, {op.sign})"
        return self._kept_date(wish, call, base=base, length=length)

    def _movedbystudydays(self, op: plan.MovedByStudyDays, env: Env) -> Code:
        base, amount = self.value(op.base, env), self.value(op.amount, env)
        learner = self.value(op.learner, env)
        wish = f"study_days_{'after' if op.sign > 0 else 'before'}"
        call = f"moved_by_study_days(run.calendar, base, amount, learner, {op.sign})"
        return self._kept_date(wish, call, base=base, amount=amount, learner=learner)

    def _kept_date(self, wish: str, call: str, **arguments: Code) -> Code:
        """Return a date that is worked out once for the same arguments."""
        if call not in self.program.dates:
            name = self.program.dates[call] = self.program.name(wish)
            self.program.remember(name, tuple(arguments), f"    return {call}\n")
        key = keyed([code.text for code in arguments.values()])
        text = f"run.{self.program.dates[call]}[{key}]"
        return self.helped(text, shapes.DATE.of_marks(ANY_MARK))
