"""Operations as Python expressions, with the tests their shapes ask for and no others.

`value` gives what an operation comes to, `truth` what a yes/no comes to where a missing one is as
undecided as an unknown one. Lines that an expression needs before it go to the body. Words of a
spec, navigation and functions are here; subclasses add the other operations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from policy.dsl.compiling import shapes
from policy.dsl.compiling.operations import free, is_heavy
from policy.dsl.compiling.program import Program
from policy.dsl.compiling.shapes import ANY_MARK, MISSING_ONLY, NotCompiled, Shape
from policy.dsl.compiling.source import Body, Code
from policy.dsl.meaning import plan
from policy.dsl.meaning.library import BUILT_INS
from policy.model.type_words import parse_type

Env = Mapping[str, Code]
"""What each variable in scope is called."""


class Expressions:
    """Writes into one body."""

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

    def atom(self, code: Code, wish: str = "") -> Code:
        """Return code that may be written down twice, under a name that says what it is."""
        if code.is_atom:
            return code
        name = self.body.name(wish or _called(code.text))
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
        return self.helped(call, shape if self.program.is_whole else in_part(shape))

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
        return self.helped(f"run.{name}[{keyed([code.text for code in arguments])}]", shape)

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
        names = [code.text for code in env.values()]
        self.program.remember(name, names, body.returning(made.text))
        return name, made.shape

    # ------------------------------------------------------------ functions

    def _builtin(self, op: plan.BuiltIn, env: Env) -> Code:
        arguments = [self.value(item, env).text for item in op.arguments]
        shape = shapes.of_type(BUILT_INS[op.name].returns)
        name = self.program.built_in(op.name, len(arguments))
        return self.helped(f"run.{name}[{keyed(arguments)}]", shape.of_marks(ANY_MARK))

    def _plugincall(self, op: plan.PluginCall, env: Env) -> Code:
        kind = parse_type(op.function.returns)
        if kind is None:
            raise NotCompiled("a plugin's function that declares no type")
        arguments = [self.value(item, env).text for item in op.arguments]
        name = self.program.plugin(op.function, kind, len(arguments))
        shape = shapes.of_kind(kind)
        if shape.item is not None:
            shape = shapes.list_of(shape.item.or_marks(ANY_MARK))
        return self.helped(f"run.{name}[{keyed(arguments)}]", shape.of_marks(ANY_MARK))


def keyed(texts: list[str]) -> str:
    """Return one key for one value, several, or none."""
    return ", ".join(texts) or "()"


_CLASSES = {"text": "str", "date": "date"}
"""Kinds whose values are all of one class; marks are of others."""
_KEPT = (
    *(plan.DefinitionOf, plan.PluginCall, plan.Every, plan.Some, plan.Count, plan.Sum),
    *(plan.Extreme, plan.The, plan.TheMost, plan.Collect, plan.Moved, plan.MovedBy),
    *(plan.MovedByStudyDays, plan.BuiltIn, plan.TableRow),
)
"""Operations dear enough to be looked for among what was computed already."""


def _called(text: str) -> str:
    """Return what to call the value of an expression: by what is remembered, or read last."""
    found = _REMEMBERED.match(text) or _READ.fullmatch(text)
    return found[1] if found else "holds"


_REMEMBERED = re.compile(r"(?:run\.|fact_)(?:fact_|plugin_|built_in_|drawn_)?([a-z]\w*)[\[(]")
_READ = re.compile(r"\w+(?:\.\w+)*\.([a-z]\w*?)_?")


def in_part(shape: Shape) -> Shape:
    """Return the shape of what may be known in part."""
    return Shape(
        kind=shape.kind,
        of=shape.of,
        item=shape.item,
        marks=shape.marks | {"UNKNOWN", "FAILED"},
        partial=True,
    )
