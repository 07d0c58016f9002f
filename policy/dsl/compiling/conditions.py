"""What is true or false: `not`, `and`, `or`, comparisons and the other tests."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from policy.dsl.compiling import shapes
from policy.dsl.compiling.expressions import Env, Expressions
from policy.dsl.compiling.shapes import YES_NO, Shape
from policy.dsl.compiling.source import Code
from policy.dsl.meaning import plan


class Conditions(Expressions):
    """Adds tests to expressions."""

    # ------------------------------------------------------------ logic

    def _not(self, op: plan.Not, env: Env) -> Code:
        item = self.truth(op.item, env)
        if item.shape.is_sure:
            code = Code(text=f"not {item.inner}", shape=YES_NO)
        elif not item.is_atom or "MISSING" in item.shape.marks:
            code = self.helped(f"negated({item.text})", _undecided(item.shape))
        else:
            name = item.text
            text = f"not {name} if {name} is True or {name} is False else {name}"
            code = Code(text=text, shape=_undecided(item.shape))
        return replace(code, if_true=item.if_false, if_false=item.if_true)

    def _all(self, op: plan.All, env: Env) -> Code:
        return self.folded(op.items, env, "and", "both", "False")

    def _any(self, op: plan.Any, env: Env) -> Code:
        choice = _choice(op)
        if choice is not None:
            return self._one_of(*choice, env)
        return self.folded(op.items, env, "or", "either", "True")

    def folded(
        self, items: tuple[plan.Operation, ...], env: Env, word: str, helper: str, deciding: str
    ) -> Code:
        """Return `and` or `or`: what is quick and sure first, the rest only while it matters."""
        quick: list[Code] = []
        slow: list[tuple[list[tuple[int, str]], Code]] = []
        with self.body.assuming() as present:
            for item in items:
                with self.body.aside() as lines:
                    code = self.truth(item, env)
                if code.shape.is_sure and not lines:
                    quick.append(code)
                    present |= code.if_true if word == "and" else code.if_false
                else:
                    slow.append((lines, code))
        slow.sort(key=lambda part: len(part[0]))
        made = self._joined_truths(quick, slow, word, helper, deciding)
        codes = [*quick, *(code for _, code in slow)]
        if word == "and":
            return replace(made, if_true=frozenset[str]().union(*(code.if_true for code in codes)))
        return replace(made, if_false=frozenset[str]().union(*(code.if_false for code in codes)))

    def _joined_truths(
        self,
        quick: list[Code],
        slow: list[tuple[list[tuple[int, str]], Code]],
        word: str,
        helper: str,
        deciding: str,
    ) -> Code:
        if not slow and len(quick) == 1:
            return quick[0]
        sure = f" {word} ".join(code.inner for code in quick)
        if not slow:
            return Code(text=sure, shape=YES_NO)
        marks = frozenset[str]().union(*(code.shape.marks for _, code in slow))
        if marks:
            marks = marks - {"MISSING"} | {"UNKNOWN"}
        shape = YES_NO.of_marks(marks)
        if len(slow) == 1 and not slow[0][0] and "MISSING" not in slow[0][1].shape.marks:
            last = slow[0][1].inner
            return Code(text=f"{sure} {word} {last}" if quick else last, shape=shape)
        result = self.body.name("all_hold" if word == "and" else "any_holds")
        if quick:
            self.body.add(f"{result} = {quick[0].text if len(quick) == 1 else sure}")
        depth: list[Any] = []
        unsure = False
        for number, (lines, code) in enumerate(slow):
            if number or quick:
                test = f"if {result} is not {deciding}:"
                opened = self.body.block(test)
                opened.__enter__()
                depth.append(opened)
            self.body.put(lines)
            if not unsure and "MISSING" not in code.shape.marks:
                self.body.add(f"{result} = {code.text}")
            else:
                first = result if unsure else _opposite(deciding)
                self.body.add(f"{result} = {helper}({first}, {code.text})")
            unsure = unsure or bool(code.shape.marks)
        for opened in reversed(depth):
            opened.__exit__(None, None, None)
        return Code(text=result, shape=shape, is_atom=True)

    # ------------------------------------------------------------ tests

    def _compare(self, op: plan.Compare, env: Env) -> Code:
        left, right = self.value(op.left, env), self.value(op.right, env)
        if left.text == right.text and left.shape == right.shape == shapes.TEXT:
            return Code(text=str(op.op in ("=", "<=", ">=")), shape=YES_NO, is_atom=True)
        kinds = {left.shape.kind, right.shape.kind}
        if left.shape.partial or right.shape.partial or not kinds <= set(shapes.PLAIN):
            return self._helped_compare(op, left, right)
        sign = _SIGNS[op.op]
        if kinds <= {"row", "cells"} and op.op in ("=", "!="):
            sign = "is" if op.op == "=" else "is not"
        if left.shape.is_sure and right.shape.is_sure:
            return Code(text=f"{left.inner} {sign} {right.inner}", shape=YES_NO)
        both = frozenset({left.text, right.text})
        left = self.atom(left) if left.shape.marks else left
        right = self.atom(right) if right.shape.marks else right
        tests = " or ".join(filter(None, (self.absent(left), self.absent(right))))
        lacking, marks = self.worst(left, right)
        text = f"{lacking} if {tests} else {left.inner} {sign} {right.inner}"
        both |= {left.text, right.text}
        return Code(text=text, shape=YES_NO.of_marks(marks), if_true=both, if_false=both)

    def _one_of(self, item_op: plan.Operation, words: tuple[Any, ...], env: Env) -> Code:
        """Return `item is one of (...)`."""
        item = self.settle(self.value(item_op, env))
        listed = self.program.constant(words)
        if item.shape.is_sure:
            return Code(text=f"{item.inner} in {listed}", shape=YES_NO)
        present = frozenset({item.text})
        item = self.atom(item)
        lacking, marks = self.worst(item)
        text = f"{lacking} if {self.absent(item)} else {item.text} in {listed}"
        present |= {item.text}
        return Code(text=text, shape=YES_NO.of_marks(marks), if_true=present, if_false=present)

    def _helped_compare(self, op: plan.Compare, left: Code, right: Code) -> Code:
        call = f"compare({op.op!r}, {left.text}, {right.text})"
        return self.helped(call, YES_NO.of_marks({"UNKNOWN", "FAILED"}))

    def _isrecorded(self, op: plan.IsRecorded, env: Env) -> Code:
        item = self.settle(self.value(op.item, env))
        others = item.shape.marks - {"MISSING"}
        if not item.shape.marks:
            return Code(text="True", shape=YES_NO, is_atom=True)
        if not others:
            present = frozenset({item.text})
            return Code(text=f"{item.inner} is not MISSING", shape=YES_NO, if_true=present)
        present = frozenset({item.text})
        item = self.atom(item)
        present |= {item.text}
        tests = " or ".join(f"{item.text} is {mark}" for mark in sorted(others))
        text = f"{item.text} if {tests} else {item.text} is not MISSING"
        return Code(text=text, shape=YES_NO.of_marks(others), if_true=present)

    def _isempty(self, op: plan.IsEmpty, env: Env) -> Code:
        item = self.value(op.item, env)
        if item.shape.is_sure:
            return Code(text=f"not {item.inner}", shape=YES_NO)
        return self.helped(f"is_empty({item.text})", _undecided(item.shape.settled))

    def _contains(self, op: plan.Contains, env: Env) -> Code:
        container, item = self.value(op.container, env), self.value(op.item, env)
        inner = container.shape.item
        simple = inner is not None and inner.is_sure and inner.kind in shapes.PLAIN
        if simple and container.shape.is_sure and item.shape.is_sure:
            return Code(text=f"{item.inner} in {container.inner}", shape=YES_NO)
        if container.shape == shapes.STRETCH and item.shape == shapes.DATE:
            days = self.atom(container, "days")
            return Code(text=f"{days.text}.start <= {item.inner} <= {days.text}.end", shape=YES_NO)
        marks = {"UNKNOWN", "FAILED"}
        plain = inner is not None and not inner.partial and inner.kind in shapes.PLAIN
        if plain and inner is not None and inner.is_sure and item.shape.is_sure:
            container, item = self.atom(container, "listed"), self.atom(item, "item")
            text = (
                f"{item.text} in {container.text} if {container.text}.__class__ is tuple "
                f"else contains({container.text}, {item.text})"
            )
            return Code(text=text, shape=YES_NO.of_marks(marks))
        helper = "among" if plain and not item.shape.partial else "contains"
        return self.helped(f"{helper}({container.text}, {item.text})", YES_NO.of_marks(marks))

    def _interms(self, op: plan.InTerms, env: Env) -> Code:
        day = self.value(op.day, env)
        return self.helped(
            f"in_terms(run.calendar, {day.text})", YES_NO.of_marks({"UNKNOWN", "FAILED"})
        )

    def _hasonly(self, op: plan.HasOnly, env: Env) -> Code:
        members = "".join(f"{self.value(item, env).text}, " for item in op.members)
        call = f"has_only({self.value(op.list, env).text}, ({members}))"
        return self.helped(call, YES_NO.of_marks({"UNKNOWN", "FAILED"}))


def _choice(op: plan.Any) -> tuple[plan.Operation, tuple[Any, ...]] | None:
    """Return what is compared with which words, if that is all an `or` does."""
    words: list[str] = []
    first = op.items[0]
    for item in op.items:
        if not (
            isinstance(item, plan.Compare)
            and isinstance(first, plan.Compare)
            and item.op == "="
            and item.left == first.left
            and isinstance(item.right, plan.Constant)
            and isinstance(item.right.value, str)
        ):
            return None
        words.append(item.right.value)
    assert isinstance(first, plan.Compare)
    return first.left, tuple(words)


_SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def _opposite(deciding: str) -> str:
    return "True" if deciding == "False" else "False"


def _undecided(shape: Shape) -> Shape:
    marks = shape.marks - {"MISSING"} | ({"UNKNOWN"} if "MISSING" in shape.marks else set())
    return YES_NO.of_marks(marks)
