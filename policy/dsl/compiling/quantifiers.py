"""Quantifiers and aggregates as loops.

A row is drawn if its condition is true; where it is not decided the row is doubtful. Loops ask only
what the shapes of source and condition leave open.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from policy.dsl.compiling import shapes
from policy.dsl.compiling.drawings import DRAWING, Apart, apart, at_hand
from policy.dsl.compiling.expressions import Env
from policy.dsl.compiling.indexes import Indexes
from policy.dsl.compiling.shapes import ANY_MARK, YES_NO, NotCompiled, Shape
from policy.dsl.compiling.source import Code
from policy.dsl.meaning import plan

UNDECIDED = frozenset({"UNKNOWN", "FAILED"})


class Loop(Struct, frozen=True, kw_only=True):
    """Inside of a loop. `holds`: the condition, None if every row is drawn; false ones are gone."""

    env: Env
    member: Code
    holds: Code | None

    @property
    def is_sure(self) -> bool:
        """Whether every row that comes so far is drawn."""
        return self.holds is None or self.holds.shape.is_sure


class Source(Struct, frozen=True, kw_only=True):
    """What a loop goes through: `items` a tuple; `gap`: name of the gap, None if there is none."""

    items: str
    item: Shape
    gap: str | None


class Quantifiers(Indexes):
    """Adds to expressions what draws rows."""

    def value(self, op: plan.Operation, env: Env) -> Code:
        """Return the expression for what `op` comes to."""
        if isinstance(op, DRAWING):
            found = apart(op, self.program.spec.definitions) or self._repeated(op)
            if found is not None:
                return self._apart(found, env)
        return super().value(op, env)

    def _repeated(self, op: plan.Operation) -> Apart | None:
        found = at_hand(op) if self.program.repeated else None
        return found if found is not None and found.op in self.program.repeated else None

    def _apart(self, found: Apart, env: Env) -> Code:
        """Write a drawing as a function, whose answers are remembered."""
        program = self.program
        arguments = {
            name: self.atom(self.value(op, env), "value") for name, op in found.arguments.items()
        }
        key = (found.op, tuple(code.shape for code in arguments.values()))
        if key not in program.drawings:
            body = program.body("run")
            inner = type(self)(program, body)
            its = {
                name: Code(text=body.name(name.split()[1]), shape=code.shape, is_atom=True)
                for name, code in arguments.items()
            }
            made = inner.value(found.op, its)
            name = program.name(f"drawn_{found.op.drawn.variable}")
            names = [code.text for code in its.values()]
            program.remember(name, names, body.returning(made.text))
            program.drawings[key] = name, made.shape
        name, shape = program.drawings[key]
        asked = ", ".join(code.text for code in arguments.values())
        return self.helped(f"run.{name}[{asked}]", shape)

    # ------------------------------------------------------------ loops

    def source(self, drawn: plan.Drawn, env: Env, listed: Code | None = None) -> Source:
        """Write what a loop needs in front of it."""
        code = listed or self.value(drawn.source, env)
        item = shapes.NOTHING if code.shape.kind == "nothing" else code.shape.item
        if item is None:
            raise NotCompiled(f"rows drawn from {code.shape.kind}")
        if code.shape.is_sure:
            return Source(items=self.indexed(drawn, env, code), item=item, gap=None)
        found, gap = self.body.name("rows"), self.body.name("gap")
        code = self.atom(code, "source")
        self.body.add(
            f"{found}, {gap} = ({code.text}, None) if {code.text}.__class__ is tuple "
            f"else opened({code.text})"
        )
        known = Code(text=found, shape=shapes.list_of(item), is_atom=True)
        return Source(items=self.indexed(drawn, env, known), item=item, gap=gap)

    @contextmanager
    def loop(self, drawn: plan.Drawn, env: Env, source: Source) -> Iterator[Loop]:
        """Open the loop over the rows whose condition is not false."""
        name = self.body.name(drawn.variable)
        member = Code(text=name, shape=source.item, is_atom=True)
        inner = {**env, drawn.variable: member}
        with self.body.block(f"for {name} in {source.items}:"), self.body.turning(name):
            holds = None if drawn.where is None else self.truth(drawn.where, inner)
            if holds is None:
                yield Loop(env=inner, member=member, holds=None)
            elif holds.shape.is_sure:
                with self.body.assuming(holds.if_true), self.body.block(f"if {holds.text}:"):
                    yield Loop(env=inner, member=member, holds=holds)
            else:
                holds = self.atom(holds, "holds")
                with self.body.block(f"if {holds.text} is not False:"):
                    yield Loop(env=inner, member=member, holds=holds)

    @contextmanager
    def listed(self, drawn: plan.Drawn, env: Env, result: str) -> Iterator[Source]:
        """Open the branch in which there is a list; an absent one is the result itself."""
        code = self.value(drawn.source, env)
        if not code.shape.marks:
            yield self.source(drawn, env, code)
            return
        code = self.atom(code, "source")
        self.body.add(f"{result} = {code.text}")
        test = f"if {code.text}.__class__ is tuple"
        if code.shape.partial:
            test += f" or {code.text}.__class__ is Part"
        with self.body.block(f"{test}:"):
            shape = code.shape.of_marks(())
            yield self.source(drawn, env, Code(text=code.text, shape=shape, is_atom=True))

    # ------------------------------------------------------------ quantifiers

    def _some(self, op: plan.Some, env: Env) -> Code:
        source = self.source(op.drawn, env)
        result = self.body.name("found")
        shape = YES_NO
        start = (
            "False" if source.gap is None else f"False if {source.gap} is None else {source.gap}"
        )
        if op.drawn.where is None and source.gap is None:
            return Code(text=f"bool({source.items})", shape=shape, is_tight=True)
        self.body.add(f"{result} = {start}")
        with self.loop(op.drawn, env, source) as loop:
            if loop.is_sure or loop.holds is None:
                self.body.add(f"{result} = True")
                self.body.add("break")
            else:
                with self.body.block(f"if {loop.holds.text} is True:"):
                    self.body.add(f"{result} = True")
                    self.body.add("break")
                self.body.add(f"{result} = worst({result}, {loop.holds.text})")
        if source.gap is not None or not loop.is_sure:
            shape = shape.of_marks(UNDECIDED)
        return Code(text=result, shape=shape, is_atom=True)

    def _every(self, op: plan.Every, env: Env) -> Code:
        source = self.source(op.drawn, env)
        result = self.body.name("all_do")
        gap = source.gap
        start = "True" if gap is None else f"True if {gap} is None else {gap}"
        self.body.add(f"{result} = {start}")
        with self.loop(op.drawn, env, source) as loop:
            truth = self.truth(op.satisfies, loop.env)
            sure = truth.shape.is_sure
            if loop.is_sure and sure:
                with self.body.block(f"if not {truth.inner}:"):
                    self.body.add(f"{result} = False")
                    self.body.add("break")
            else:
                truth = self.atom(truth)
                failed = f"{truth.text} is False"
                doubt = "" if loop.is_sure or loop.holds is None else loop.holds.text
                if doubt:
                    failed += f" and {doubt} is True"
                with self.body.block(f"if {failed}:"):
                    self.body.add(f"{result} = False")
                    self.body.add("break")
                values = ", ".join(filter(None, (result, truth.text, doubt)))
                with self.body.block(f"if {truth.text} is not True:"):
                    self.body.add(f"{result} = worst({values})")
        is_sure = source.gap is None and loop.is_sure and sure
        shape = YES_NO if is_sure else YES_NO.of_marks(UNDECIDED)
        return Code(text=result, shape=shape, is_atom=True)

    # ------------------------------------------------------------ aggregates

    def _count(self, op: plan.Count, env: Env) -> Code:
        result = self.body.name("count")
        marks = self.body_aside(op.drawn.source, env).shape.marks
        with self.listed(op.drawn, env, result) as source:
            certain, doubtful, doubt = self._names("certain", "doubtful", "doubt")
            self.body.add(f"{certain} = {doubtful} = 0")
            self.body.add(f"{doubt} = None")
            with self.loop(op.drawn, env, source) as loop:
                if loop.is_sure or loop.holds is None:
                    self.body.add(f"{certain} += 1")
                else:
                    with self.body.block(f"if {loop.holds.text} is True:"):
                        self.body.add(f"{certain} += 1")
                    with self.body.block("else:"):
                        self.body.add(f"{doubtful} += 1")
                        self.body.add(f"{doubt} = worst({doubt}, {loop.holds.text})")
            is_sure = loop.is_sure and source.gap is None
            if is_sure:
                self.body.add(f"{result} = {certain}")
            else:
                call = f"number({certain}, {doubtful}, {doubt}, {source.gap})"
                self.body.add(f"{result} = {call}")
        shape = Shape(kind="number", marks=marks, partial=not is_sure)
        return Code(text=result, shape=shape, is_atom=True)

    def _sum(self, op: plan.Sum, env: Env) -> Code:
        return self._valued(op, op.result, env, "sum", "total", "{unsure}")

    def _extreme(self, op: plan.Extreme, env: Env) -> Code:
        return self._valued(op, op.result, env, "outermost", "extreme", str(op.greatest))

    def _valued(
        self,
        op: plan.Sum | plan.Extreme,
        result_of: plan.Operation,
        env: Env,
        wish: str,
        helper: str,
        last: str,
    ) -> Code:
        result = self.body.name(wish)
        with self.listed(op.drawn, env, result) as source:
            certain, doubtful, lacking, doubt, unsure = self._names(
                "certain", "doubtful", "lacking", "doubt", "unsure"
            )
            self.body.add(f"{certain}, {doubtful} = [], []")
            self.body.add(f"{lacking} = {doubt} = {unsure} = None")
            with self.loop(op.drawn, env, source) as loop:
                holds = "True" if loop.is_sure or loop.holds is None else loop.holds.text
                value = self.settle(self.value(result_of, loop.env))
                kind = value.shape.kind
                value = self.atom(value, "value")
                if holds != "True":
                    with self.body.block(f"if {holds} is not True:"):
                        self.body.add(f"{unsure} = worst({unsure}, {holds})")
                if value.shape.marks:
                    with self.body.block(f"if {value.text} is MISSING:"):
                        self.body.add("continue")
                others = " or ".join(
                    f"{value.text} is {mark}" for mark in sorted(value.shape.marks - {"MISSING"})
                )
                if others:
                    with self.body.block(f"if {others}:"):
                        self.body.add(f"{lacking} = worst({lacking}, {value.text}, {holds})")
                        self.body.add("continue")
                if holds == "True":
                    self.body.add(f"{certain}.append({value.text})")
                else:
                    with self.body.block(f"if {holds} is True:"):
                        self.body.add(f"{certain}.append({value.text})")
                    with self.body.block("else:"):
                        self.body.add(f"{doubtful}.append({value.text})")
                        self.body.add(f"{doubt} = worst({doubt}, {holds})")
            tail = last.format(unsure=unsure)
            names = f"{certain}, {doubtful}, {lacking}, {doubt}, {source.gap}, {tail}"
            self.body.add(f"{result} = {helper}({names})")
        if kind not in ("number", "date", "length", "nothing"):
            raise NotCompiled(f"{wish} of {kind}")
        return Code(text=result, shape=Shape(kind=kind, marks=ANY_MARK, partial=True), is_atom=True)

    def _the(self, op: plan.The, env: Env) -> Code:
        result = self.body.name("the_one")
        with self.listed(op.drawn, env, result) as source:
            certain, doubt = self._names("certain", "doubt")
            self.body.add(f"{certain} = []")
            self.body.add(f"{doubt} = None")
            self._drawn(op.drawn, env, source, certain, doubt)
            self.body.add(f"{result} = the({certain}, {doubt}, {source.gap})")
        return Code(text=result, shape=source.item.or_marks(ANY_MARK), is_atom=True)

    def _drawn(self, drawn: plan.Drawn, env: Env, source: Source, certain: str, doubt: str) -> None:
        with self.loop(drawn, env, source) as loop:
            self._sorted(loop, f"{certain}.append({loop.member.text})", doubt)

    def _sorted(self, loop: Loop, line: str, doubt: str) -> None:
        """Do `line` for a row drawn for certain, otherwise remember the doubt."""
        if loop.is_sure or loop.holds is None:
            self.body.add(line)
            return
        with self.body.block(f"if {loop.holds.text} is True:"):
            self.body.add(line)
        with self.body.block("else:"):
            self.body.add(f"{doubt} = worst({doubt}, {loop.holds.text})")

    def _themost(self, op: plan.TheMost, env: Env) -> Code:
        result = self.body.name("the_most_one")
        with self.listed(op.drawn, env, result) as source:
            rows, certain, lacking, doubt = self._names("picked", "certain", "lacking", "doubt")
            self.body.add(f"{rows}, {certain} = [], []")
            self.body.add(f"{lacking} = {doubt} = None")
            with self.loop(op.drawn, env, source) as loop:
                value = self.atom(self.settle(self.value(op.by, loop.env)), "value")
                if "MISSING" in value.shape.marks:
                    with self.body.block(f"if {value.text} is MISSING:"):
                        self.body.add("continue")
                others = " or ".join(
                    f"{value.text} is {mark}" for mark in sorted(value.shape.marks - {"MISSING"})
                )
                if others:
                    holds = "" if loop.is_sure or loop.holds is None else f", {loop.holds.text}"
                    with self.body.block(f"if {others}:"):
                        self.body.add(f"{lacking} = worst({lacking}, {value.text}{holds})")
                        self.body.add("continue")
                lines = f"{rows}.append({loop.member.text}); {certain}.append({value.text})"
                self._sorted(loop, lines, doubt)
            names = f"{rows}, {certain}, {lacking}, {doubt}, {source.gap}, {op.greatest}"
            self.body.add(f"{result} = the_most({names})")
        return Code(text=result, shape=source.item.or_marks(ANY_MARK), is_atom=True)

    def _collect(self, op: plan.Collect, env: Env) -> Code:
        result = self.body.name("collected")
        with self.listed(op.drawn, env, result) as source:
            values, doubt = self._names("values", "doubt")
            self.body.add(f"{values} = []")
            self.body.add(f"{doubt} = None")
            with self.loop(op.drawn, env, source) as loop:
                if loop.is_sure or loop.holds is None:
                    value = self.value(op.result, loop.env) if op.result else loop.member
                    self.body.add(f"{values}.append({value.text})")
                else:
                    with self.body.block(f"if {loop.holds.text} is True:"):
                        value = self.value(op.result, loop.env) if op.result else loop.member
                        self.body.add(f"{values}.append({value.text})")
                    with self.body.block("else:"):
                        self.body.add(f"{doubt} = worst({doubt}, {loop.holds.text})")
            plain = loop.is_sure and source.gap is None and value.shape.is_sure
            if plain and value.shape.kind != "list":
                known = f"dict.fromkeys({values})" if op.distinct else values
                self.body.add(f"{result} = tuple({known})")
            else:
                names = f"{values}, {doubt}, {source.gap}, {op.distinct}"
                self.body.add(f"{result} = gathered({names})")
        item = value.shape if value.shape.item is None else value.shape.item
        shape = Shape(
            kind="list",
            item=Shape(kind=item.kind, of=item.of, item=item.item),
            marks=ANY_MARK,
            partial=True,
        )
        return Code(text=result, shape=shape, is_atom=True)

    def _names(self, *wishes: str) -> list[str]:
        return [self.body.name(wish) for wish in wishes]
