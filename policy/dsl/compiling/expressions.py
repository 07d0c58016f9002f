"""Operations as Python expressions, with the tests their shapes ask for and no others.

`value` gives what an operation comes to, `truth` what a yes/no comes to where a missing one is as
undecided as an unknown one. Lines that an expression needs before it go to the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policy.dsl.compiling import shapes
from policy.dsl.compiling.operations import free, is_heavy
from policy.dsl.compiling.program import Program
from policy.dsl.compiling.shapes import ANY_MARK, MISSING_ONLY, NEVER, YES_NO, NotCompiled, Shape
from policy.dsl.compiling.source import Body, Code
from policy.dsl.meaning import plan
from policy.dsl.meaning.library import BUILT_INS
from policy.model.type_words import parse_type

Env = Mapping[str, Code]
"""What each variable in scope is called."""


class Expressions:
    """Writes into one body; quantifiers are added by a subclass."""

    def __init__(self, program: Program, body: Body) -> None:
        self.program = program
        self.body = body

    # ------------------------------------------------------------ entry points

    def value(self, op: plan.Operation, env: Env) -> Code:
        """Return the expression for what `op` comes to."""
        method = getattr(self, "_" + type(op).__name__.lower(), None)
        if method is None:
            raise NotCompiled(type(op).__name__)
        key = None
        if isinstance(op, _KEPT):
            key = (op, tuple((name, env[name].text) for name in sorted(free(op))))
            known = self.body.known(key)
            if known is not None:
                return known
        code: Code = method(op, env)
        if code.shape.marks and not code.shape.partial and self.body.is_present(code.text):
            code = replace(code, shape=code.shape.of_marks(()))
        if key is not None and not self._is_light(op):
            code = self.atom(code)
            self.body.remember(key, code)
        return code

    def _is_light(self, op: plan.Operation) -> bool:
        """Whether it is a definition that is written out and not kept."""
        if not isinstance(op, plan.DefinitionOf):
            return False
        return not is_heavy(self.program.spec.definitions[op.name].body, self.program.spec)

    def truth(self, op: plan.Operation, env: Env) -> Code:
        """Return the expression for a yes/no; what is not known in full is its gap."""
        return self.settle(self.value(op, env))

    # ------------------------------------------------------------ pieces

    def atom(self, code: Code, wish: str = "t") -> Code:
        """Return code that may be written down twice."""
        if code.is_atom:
            return code
        name = self.body.name(wish)
        self.body.add(f"{name} = {code.text}")
        return replace(code, text=name, is_atom=True)

    def settle(self, code: Code) -> Code:
        """Return code in which a partial value became its gap."""
        if not code.shape.partial:
            return code
        return Code(text=f"settled({code.text})", shape=code.shape.settled, is_tight=True)

    def absent(self, code: Code) -> str:
        """Return the test whether an atom is a mark; empty if it cannot be."""
        known = _CLASSES.get(code.shape.kind)
        if known is not None and len(code.shape.marks) > 1 and not code.shape.partial:
            return f"{code.text}.__class__ is not {known}"
        return " or ".join(f"{code.text} is {mark}" for mark in sorted(code.shape.marks))

    def worst(self, *codes: Code) -> tuple[str, frozenset[str]]:
        """Return what becomes of an operation whose operands are not all known."""
        failing = [code.text for code in codes if "FAILED" in code.shape.marks]
        if not failing:
            return "UNKNOWN", frozenset({"UNKNOWN"})
        return f"worst({', '.join(failing)})", frozenset({"UNKNOWN", "FAILED"})

    def helped(self, call: str, shape: Shape) -> Code:
        """Return a call of a supporting function."""
        return Code(text=call, shape=shape, is_tight=True)

    # ------------------------------------------------------------ words

    def _constant(self, op: plan.Constant, env: Env) -> Code:
        text = self.program.constant(op.value)
        return Code(text=text, shape=shapes.of_constant(op.value), is_atom=True)

    def _parametervalue(self, op: plan.ParameterValue, env: Env) -> Code:
        value = self.program.spec.parameters[op.name]
        return self._constant(plan.Constant(value=value, span=op.span), env)

    def _variable(self, op: plan.Variable, env: Env) -> Code:
        return env[op.name]

    def _asat(self, op: plan.AsAt, env: Env) -> Code:
        return Code(text="run.as_at", shape=shapes.DATE, is_atom=True)

    def _year(self, op: plan.Year, env: Env) -> Code:
        return Code(text="run.year", shape=shapes.STRETCH, is_atom=True)

    def _dayofyear(self, op: plan.DayOfYear, env: Env) -> Code:
        return Code(text=f"run.place({op.day}, {op.month})", shape=shapes.DATE, is_tight=True)

    # ------------------------------------------------------------ navigation

    def _fieldof(self, op: plan.FieldOf, env: Env) -> Code:
        of = self.settle(self.value(op.of, env))
        if of.shape.kind == "cells":
            table = self.program.table(of.shape.of)
            if table is None:
                return Code(text=of.text, shape=shapes.NOTHING.of_marks(of.shape.marks))
            found = table.columns.get(op.field, shapes.NOTHING.of_marks(MISSING_ONLY))
        elif of.shape.kind == "row":
            entity = self.program.schema.entities[of.shape.of]
            if op.field == entity.id_field:
                shape = shapes.TEXT.of_marks(of.shape.marks)
                return Code(text=f"{of.inner}.id", shape=shape, is_tight=True)
            found = shapes.of_field(entity.fields[op.field], is_whole=self.program.is_whole)
        elif of.shape.kind == "nothing":
            return of
        else:
            raise NotCompiled(f"a field of {of.shape.kind}")
        shape = found.or_marks(of.shape.marks)
        is_atom = of.text.isidentifier()
        return Code(text=f"{of.inner}.{op.field}_", shape=shape, is_atom=is_atom, is_tight=True)

    def _ancestor(self, op: plan.Ancestor, env: Env) -> Code:
        of = self.settle(self.value(op.of, env))
        if of.shape.kind == "nothing":
            return of
        if of.shape.kind != "row":
            raise NotCompiled(f"what encloses {of.shape.kind}")
        up = ".parent" * shapes.hops(self.program.schema, of.shape.of, op.entity)
        shape = shapes.row(op.entity).of_marks(of.shape.marks)
        return Code(text=f"{of.inner}{up}", shape=shape, is_tight=True)

    def _rows(self, op: plan.Rows, env: Env) -> Code:
        of = self.settle(self.value(op.of, env))
        if of.shape.kind == "nothing":
            return of
        if of.shape.kind != "row":
            raise NotCompiled(f"rows below {of.shape.kind}")
        item = shapes.row(shapes.path_item(self.program.schema, of.shape.of, op.path))
        absent = shapes.NEVER if self.program.is_whole else shapes.UNKNOWN_ONLY
        shape = shapes.list_of(item).of_marks(of.shape.marks | absent)
        slots = tuple(f"{name}_" for name in op.path)
        if len(slots) == 1:
            return Code(text=f"{of.inner}.{slots[0]}", shape=shape, is_tight=True)
        known = self.program.path(slots)
        call = f"run.{known}[{of.text}]"
        return self.helped(call, shape if self.program.is_whole else _partial(shape))

    def _tablerows(self, op: plan.TableRows, env: Env) -> Code:
        table = self.program.table(op.table)
        shape = shapes.list_of(Shape(kind="cells", of=op.table))
        if table is None:
            return Code(text="UNKNOWN", shape=shape.or_marks({"UNKNOWN"}), is_atom=True)
        text = self.program.constant(table.rows)
        return Code(text=text, shape=shape, is_atom=True)

    def _tablerow(self, op: plan.TableRow, env: Env) -> Code:
        table = self.program.table(op.table)
        shape = Shape(kind="cells", of=op.table)
        if table is None:
            return Code(text="UNKNOWN", shape=shape.or_marks({"UNKNOWN"}), is_atom=True)
        keys = [self.settle(self.value(key, env)) for _, key in op.keys]
        if any(key.shape.kind == "list" for key in keys):
            raise NotCompiled("a table looked up by lists")
        columns = tuple(column for column, _ in op.keys)
        find = self.program.thing(f"find_{op.table}", table.finder(columns))
        marks = frozenset({"MISSING"}).union(*(key.shape.marks for key in keys))
        call = f"{find}({', '.join(key.text for key in keys)})"
        return self.helped(call, shape.of_marks(marks))

    def _definitionof(self, op: plan.DefinitionOf, env: Env) -> Code:
        definition = self.program.spec.definitions[op.name]
        arguments = [self.atom(self.value(item, env), "of") for item in op.arguments]
        if not is_heavy(definition.body, self.program.spec):
            inner = dict(zip(definition.parameters, arguments, strict=True))
            return self.value(definition.body, inner)
        key = (op.name, tuple(code.shape for code in arguments))
        if key not in self.program.definitions:
            self.program.definitions[key] = self.define(definition, arguments)
        name, shape = self.program.definitions[key]
        if self._is_asked_once(op, env):
            return self.helped(f"{name}({', '.join(('run', *(c.text for c in arguments)))})", shape)
        return self.helped(f"run.{name}[{_several([code.text for code in arguments])}]", shape)

    def _is_asked_once(self, op: plan.DefinitionOf, env: Env) -> bool:
        """Whether a definition is used nowhere else, and here with other arguments each time."""
        if self.program.uses.get(op.name) != 1:
            return False
        names = {env[name].text for argument in op.arguments for name in free(argument)}
        return names.issuperset(self.body.varying)

    def define(self, definition: plan.DefinitionPlan, arguments: list[Code]) -> tuple[str, Shape]:
        """Write a definition as a function whose answers are remembered."""
        name = self.program.name(f"fact_{definition.name}")
        body = self.program.body("run")
        inner = type(self)(self.program, body)
        env = {
            parameter: Code(text=body.name(parameter), shape=code.shape, is_atom=True)
            for parameter, code in zip(definition.parameters, arguments, strict=True)
        }
        body.varying = [code.text for code in env.values()]
        made = inner.value(definition.body, env)
        lines = f"{body.text()}\n" if body.lines else ""
        names = [code.text for code in env.values()]
        self.program.remember(name, names, f"{lines}    return {made.text}\n")
        return name, made.shape

    # ------------------------------------------------------------ functions

    def _builtin(self, op: plan.BuiltIn, env: Env) -> Code:
        arguments = [self.value(item, env).text for item in op.arguments]
        shape = shapes.of_type(BUILT_INS[op.name].returns)
        name = self.program.built_in(op.name, len(arguments))
        return self.helped(f"run.{name}[{_several(arguments)}]", shape.of_marks(ANY_MARK))

    def _plugincall(self, op: plan.PluginCall, env: Env) -> Code:
        kind = parse_type(op.function.returns)
        if kind is None:
            raise NotCompiled("a plugin's function that declares no type")
        arguments = [self.value(item, env).text for item in op.arguments]
        name = self.program.plugin(op.function, kind, len(arguments))
        shape = shapes.of_kind(kind)
        if shape.item is not None:
            shape = shapes.list_of(shape.item.or_marks(ANY_MARK))
        return self.helped(f"run.{name}[{_several(arguments)}]", shape.of_marks(ANY_MARK))

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
        sure = f" {word} ".join(code.inner for code in quick)
        if not slow:
            return Code(text=sure, shape=YES_NO, is_tight=len(quick) == 1)
        marks = frozenset[str]().union(*(code.shape.marks for _, code in slow))
        if marks:
            marks = marks - {"MISSING"} | {"UNKNOWN"}
        shape = YES_NO.of_marks(marks)
        if len(slow) == 1 and not slow[0][0] and "MISSING" not in slow[0][1].shape.marks:
            last = slow[0][1].inner
            return Code(text=f"{sure} {word} {last}" if quick else last, shape=shape)
        result = self.body.name("t")
        if quick:
            self.body.add(f"{result} = {sure}")
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

    # ------------------------------------------------------------ choices

    def _if(self, op: plan.If, env: Env) -> Code:
        condition = self.truth(op.condition, env)
        if condition.shape.is_sure:
            return self._sure_if(op, condition, env)
        condition = self.atom(condition)
        then, orelse, result = (self.body.name(wish) for wish in ("then", "orelse", "t"))
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
        result = self.body.name("t")
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
        result = self.body.name("t")
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
        return self.helped(f"joined({left.text}, {right.text})", _partial(shape.of_marks(NEVER)))

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
        key = _several([code.text for code in arguments.values()])
        text = f"run.{self.program.dates[call]}[{key}]"
        return self.helped(text, shapes.DATE.of_marks(ANY_MARK))


def _several(texts: list[str]) -> str:
    """Return one key for one value, several, or none."""
    return ", ".join(texts) or "()"


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


_CLASSES = {"text": "str", "date": "date"}
"""Kinds whose values are all of one class; marks are of others."""
_SIGNS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_KEPT = (
    *(plan.DefinitionOf, plan.PluginCall, plan.Every, plan.Some, plan.Count, plan.Sum),
    *(plan.Extreme, plan.The, plan.TheMost, plan.Collect, plan.Moved, plan.MovedBy),
    *(plan.MovedByStudyDays, plan.BuiltIn, plan.TableRow),
)
"""Operations dear enough to be looked for among what was computed already."""


def _opposite(deciding: str) -> str:
    return "True" if deciding == "False" else "False"


def _undecided(shape: Shape) -> Shape:
    marks = shape.marks - {"MISSING"} | ({"UNKNOWN"} if "MISSING" in shape.marks else set())
    return YES_NO.of_marks(marks)


def _partial(shape: Shape) -> Shape:
    return Shape(
        kind=shape.kind,
        of=shape.of,
        item=shape.item,
        marks=shape.marks | {"UNKNOWN", "FAILED"},
        partial=True,
    )
