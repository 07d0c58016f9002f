"""Indexes of rows, for loops whose condition asks that something of a row equals something else."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from policy.dsl.compiling import shapes
from policy.dsl.compiling.computations import Computations
from policy.dsl.compiling.expressions import Env
from policy.dsl.compiling.operations import draws, free, substituted
from policy.dsl.compiling.shapes import Shape
from policy.dsl.compiling.source import Code
from policy.dsl.meaning import plan

FOUND_BY = ("text", "number", "date", "row", "cells")
"""Kinds of values that rows are looked up by."""


class Key(Struct, frozen=True, kw_only=True):
    """`member` of a row has to equal `probe`, which knows nothing of the row. `is_asked_for`: rows
    that have no such member are not drawn, because the condition asks that it is recorded."""

    member: plan.Operation
    probe: plan.Operation
    is_asked_for: bool


class Indexes(Computations):
    """Adds to expressions how rows are found by what they are compared with."""

    def indexed(self, drawn: plan.Drawn, env: Env, rows: Code) -> str:
        """Return the rows to go through: by an index where there are many."""
        made = self._index(drawn, env)
        if made is None:
            return rows.text
        of, index, probes = made
        rows = self.atom(rows, "rows")
        name = self.body.name("some_rows")
        self.body.add(f"{name} = {rows.text}")
        with self.body.block(f"if len({rows.text}) > {self.program.few}:"):
            asked = [self.atom(self.value(probe, env), "key") for probe in probes]
            tests = [self.absent(code) for code in asked if code.shape.marks]
            found = f"run.{index}[{of}].get({several([code.text for code in asked])}, ())"
            if tests:
                found = f"{rows.text} if {' or '.join(tests)} else {found}"
            self.body.add(f"{name} = {found}")
        return name

    def _index(self, drawn: plan.Drawn, env: Env) -> tuple[str, str, list[plan.Operation]] | None:
        """Return of whom to ask the rows, the name of the index, and what to look up."""
        source = drawn.source
        if isinstance(source, plan.Rows):
            of = self.value(source.of, env)
            entity = shapes.path_item(self.program.schema, of.shape.of, source.path)
            item, owner = shapes.row(entity), of.text
        elif isinstance(source, plan.TableRows):
            item, owner = Shape(kind="cells", of=source.table), "0"
        else:
            return None
        keys = self._usable(drawn, env, item)
        if not keys:
            return None
        place = source.path if isinstance(source, plan.Rows) else source.table
        row = {drawn.variable: plan.Variable(name="row", span=drawn.span)}
        members = tuple((substituted(key.member, row), key.is_asked_for) for key in keys)
        known = (place, item, members)
        if known not in self.program.indexes:
            self.program.indexes[known] = self._indexing(drawn, item, keys)
        return owner, self.program.indexes[known], [key.probe for key in keys]

    def _indexing(self, drawn: plan.Drawn, item: Shape, keys: list[Key]) -> str:
        """Write what makes the index of rows below an owner, and return its name."""
        program = self.program
        body = program.body("run")
        inner = type(self)(program, body)
        row = Code(text=body.name(drawn.variable), shape=item, is_atom=True)
        members = []
        for key in keys:
            member = inner.value(key.member, {drawn.variable: row})
            if key.is_asked_for and "MISSING" in member.shape.marks:
                member = inner.atom(member, "key")
                with body.block(f"if {member.text} is MISSING:"):
                    body.add("return None")
            members.append(member.text)
        key_of = program.name(f"key_of_{drawn.variable}")
        head = f"def {key_of}(run, {row.text}):\n"
        program.functions.append(head + body.returning(several(members)))
        source = drawn.source
        if not isinstance(source, plan.Rows):
            rows = self.value(source, {}).text
        elif len(source.path) == 1:
            rows = f"owner.{source.path[0]}_"
        else:
            rows = f"run.{program.path(tuple(f'{step}_' for step in source.path))}[owner]"
        name = program.name(f"index_by_{key_of}")
        program.remember(name, ("owner",), f"    return grouped(run, {rows}, {key_of})\n")
        return name

    def _usable(self, drawn: plan.Drawn, env: Env, item: Shape) -> list[Key]:
        """Return the equalities that rows can be found by: all whose member no row should lack, or
        that lets no row pass that lacks it; where there is none, the first of the others."""
        sure: dict[plan.Operation, Key] = {}
        others: list[Key] = []
        for key in sorted(self._keys(drawn), key=lambda key: not free(key.probe)):
            row = Code(text=drawn.variable, shape=item, is_atom=True)
            member = self.body_aside(key.member, {drawn.variable: row}).shape
            probe = self.body_aside(key.probe, env).shape
            if member.partial or probe.partial or member.kind not in FOUND_BY:
                continue
            if probe.kind != member.kind:
                continue
            if "MISSING" in member.marks and not key.is_asked_for:
                others.append(key)
            else:
                sure.setdefault(key.member, key)
        return list(sure.values()) or others[:1]

    def _keys(self, drawn: plan.Drawn) -> Iterator[Key]:
        """Yield the equalities that the condition implies."""
        items = [] if drawn.where is None else list(self._implied(drawn.where))
        recorded = {item.item for item in items if isinstance(item, plan.IsRecorded)}
        for item in items:
            if not isinstance(item, plan.Compare) or item.op != "=":
                continue
            for member, probe in ((item.left, item.right), (item.right, item.left)):
                if free(member) == {drawn.variable} and drawn.variable not in free(probe):
                    yield Key(member=member, probe=probe, is_asked_for=member in recorded)

    def _implied(self, where: plan.Operation) -> Iterator[plan.Operation]:
        """Yield what has to be true if the condition is, with what definitions stand for."""
        if isinstance(where, plan.All):
            for item in where.items:
                yield from self._implied(item)
        elif isinstance(where, plan.DefinitionOf):
            definition = self.program.spec.definitions[where.name]
            if not draws(definition.body):
                names = dict(zip(definition.parameters, where.arguments, strict=True))
                yield from self._implied(substituted(definition.body, names))
        else:
            yield where

    def body_aside(self, op: plan.Operation, env: Env) -> Code:
        """Return code for its shape only."""
        with self.body.aside():
            return self.value(op, env)


def several(texts: list[str]) -> str:
    """Return one expression for one value, or for several."""
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"
