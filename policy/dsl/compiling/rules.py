"""One rule as a function: a loop over its subjects, for each demand one way to end.

`add(demand, outcome, reason, row, second)` takes down what is not silent; *met* and *not
applicable* are only counted, unless every outcome is to be `witnessed`.
"""

from __future__ import annotations

from contextlib import ExitStack
from textwrap import shorten

from policy.dsl.compiling.program import Program
from policy.dsl.compiling.quantifiers import Quantifiers
from policy.dsl.compiling.shapes import YES_NO, row
from policy.dsl.compiling.source import Code
from policy.dsl.meaning import plan
from policy.dsl.meaning.reasons import NOTHING_TO_NOTE, WHEN_IS_FALSE, excepted

RULE_ARGUMENTS = ("run", "add", "count", "subjects", "owners")
WIDTH = 80
"""So many characters of a condition stand above its code."""
LOCALS = (*RULE_ARGUMENTS, "owner", "demand")


class RuleWriter:
    """Writes the function of one rule."""

    def __init__(self, program: Program, rule: plan.RulePlan, *, witnessed: bool) -> None:
        self.rule = rule
        self.witnessed = witnessed
        self.body = program.body(*LOCALS)
        self.code = Quantifiers(program, self.body)
        self.second = "None"
        self.counters: dict[tuple[int, str, str], str] = {}
        self.skipped = ""

    def function(self, name: str) -> str:
        """Return the source of the function."""
        scope = self.rule.scope
        subject = self.body.name(scope.variable)
        self.subject = subject
        env = {scope.variable: Code(text=subject, shape=row(scope.entity), is_atom=True)}
        with self.body.block(f"for {subject} in subjects:"), self.body.turning(subject):
            if scope.pair is None:
                self._demands(env)
            else:
                self._pairs(scope.pair, env)
        with self.body.block("for owner in owners:"):
            self.subject, self.second = "owner", "None"
            self._all_end("UNKNOWN_OUTCOME")
        self._counted()
        title = self.rule.title.replace("\\", "").replace('"', "'")
        return f'def {name}({", ".join(RULE_ARGUMENTS)}):\n    """{title}."""\n{self.body.text()}\n'

    def _counted(self) -> None:
        """Write the counters: set to nothing in front, handed over at the end."""
        counters = [*self.counters.values(), *filter(None, [self.skipped])]
        self.body.lines[:0] = [(0, f"{counter} = 0") for counter in counters]
        for (number, outcome, reason), counter in self.counters.items():
            self.body.add(f"count({number}, {outcome}, {reason!r}, {counter})")
        if self.skipped:
            with self.body.block(f"for demand in range({len(self.rule.demands)}):"):
                names = f"demand, NOT_APPLICABLE, {WHEN_IS_FALSE!r}, {self.skipped}"
                self.body.add(f"count({names})")

    # ------------------------------------------------------------ subjects

    def _pairs(self, pair: plan.Drawn, env: dict[str, Code]) -> None:
        """Write the loop over the seconds, equal ones once; then what is not known of them."""
        body = self.body
        code = self.code.value(pair.source, env)
        source = self.code.source(pair, env, self.code.atom(code, "source"))
        seen, lacking = body.name("seen"), body.name("lacking")
        body.add(f"{seen} = set()")
        body.add(f"{lacking} = {source.gap}")
        with self.code.loop(pair, env, source) as loop:
            member = loop.member
            absent = self.code.absent(member)
            if absent:
                with body.block(f"if {absent}:"):
                    body.add(f"{lacking} = worst({lacking}, {member.text})")
                    body.add("continue")
            with body.block(f"if {member.text} in {seen}:"):
                body.add("continue")
            body.add(f"{seen}.add({member.text})")
            self.second = member.text
            known = Code(text=member.text, shape=member.shape.of_marks(()), is_atom=True)
            inner = {**env, pair.variable: known}
            if loop.is_sure or loop.holds is None:
                self._demands(inner)
            else:
                with body.block(f"if {loop.holds.text} is True:"):
                    self._demands(inner)
                with body.block("else:"):
                    self._all_end(f"outcome_of({loop.holds.text})")
        self.second = "None"
        with body.block(f"if {lacking} is not None:"):
            self._all_end(f"outcome_of({lacking})")

    def _all_end(self, outcome: str) -> None:
        for number, _ in enumerate(self.rule.demands):
            self._take(number, outcome, "")

    # ------------------------------------------------------------ demands

    def _demands(self, env: dict[str, Code]) -> None:
        body = self.body
        for item in self.rule.when:
            body.add(f"# when {_words(item)}")
        when = self._conjunction(self.rule.when, env)
        with ExitStack() as stack:
            if when is not None:
                present = when.if_true
                when = self.code.atom(when, "when")
                stack.enter_context(self.body.assuming(present if when.shape.is_sure else ()))
                if when.shape.is_sure:
                    with body.block(f"if not {when.text}:"):
                        self._all_not_applicable()
                    stack.enter_context(body.block("else:"))
                    when = None
                else:
                    with body.block(f"if {when.text} is False:"):
                        self._all_not_applicable()
                    stack.enter_context(body.block("else:"))
            for number, demand in enumerate(self.rule.demands):
                by = "" if demand.by is None else f" by {_words(demand.by)}"
                body.add(f"# {demand.label or 'the demand'}: {_words(demand.condition)}{by}")
                self._demand(number, demand, when, env)

    def _all_not_applicable(self) -> None:
        if not self.witnessed:
            self.skipped = self.skipped or self.body.name("skipped")
            self.body.add(f"{self.skipped} += 1")
            return
        for number, _ in enumerate(self.rule.demands):
            self._silent(number, "NOT_APPLICABLE", WHEN_IS_FALSE)

    def _conjunction(self, items: tuple[plan.Operation, ...], env: dict[str, Code]) -> Code | None:
        if not items:
            return None
        if len(items) == 1:
            return self.code.truth(items[0], env)
        return self.code.truth(plan.All(items=items, span=items[0].span), env)

    def _demand(
        self, number: int, demand: plan.DemandPlan, when: Code | None, env: dict[str, Code]
    ) -> None:
        body = self.body
        present = when.if_true if when is not None else frozenset[str]()
        own = self._conjunction(demand.when, env)
        with ExitStack() as stack:
            if own is not None:
                present |= own.if_true
                own = self.code.atom(own, "applies")
                if when is not None:
                    name = body.name("applies")
                    body.add(f"{name} = both({when.text}, {own.text})")
                    shape = YES_NO.of_marks({"UNKNOWN", "FAILED"})
                    own = Code(text=name, shape=shape, is_atom=True)
            guard = own if own is not None else when
            if guard is not None:
                if guard is own:
                    test = "not {}" if guard.shape.is_sure else "{} is False"
                    with body.block(f"if {test.format(guard.text)}:"):
                        self._silent(number, "NOT_APPLICABLE", WHEN_IS_FALSE)
                    head = "elif"
                else:
                    head = "if"
                if not guard.shape.is_sure:
                    with body.block(f"{head} {guard.text} is not True:"):
                        self._take(number, f"outcome_of({guard.text})", "")
                    head = "elif"
                stack.enter_context(body.block("else:" if head == "elif" else "if True:"))
            stack.enter_context(body.assuming(present))
            self._excepted(number, demand, env)

    def _excepted(self, number: int, demand: plan.DemandPlan, env: dict[str, Code]) -> None:
        body = self.body
        doubts: list[str] = []
        with ExitStack() as stack:
            for exception in demand.exceptions:
                holds = self.code.atom(self.code.truth(exception.when, env), "excepted")
                with body.block(f"if {holds.text} is True:"):
                    self._silent(number, "NOT_APPLICABLE", excepted(exception.name))
                stack.enter_context(body.block("else:"))
                if not holds.shape.is_sure:
                    doubts.append(holds.text)
            doubt = ""
            if doubts:
                doubt = body.name("doubt")
                tests = " and ".join(f"{name} is False" for name in doubts)
                body.add(f"{doubt} = None if {tests} else worst({', '.join(doubts)})")
            self._verdict(number, demand, doubt, env)

    # ------------------------------------------------------------ verdicts

    def _verdict(
        self, number: int, demand: plan.DemandPlan, doubt: str, env: dict[str, Code]
    ) -> None:
        body = self.body
        if demand.by is not None:
            done, day = self.code.value(demand.condition, env), self.code.value(demand.by, env)
            outcome = body.name("outcome")
            done, day = self.code.atom(done, "done"), self.code.atom(day, "day")
            in_time = f"{done.text} is True"
            if not demand.is_yes_no:
                dates = f"{done.text}.__class__ is date and {day.text}.__class__ is date"
                in_time = f"{dates} and {done.text} <= {day.text}"
            names = f"{done.text}, settled({day.text}), run.as_at, {demand.is_yes_no}"
            body.add(f"{outcome} = MET if {in_time} else outcome_by({names})")
            if doubt:
                body.add(f"{outcome} = doubted({outcome}, {doubt})")
            with body.block(f"if {outcome} is MET:"):
                self._met(number, demand)
            with body.block("else:"):
                self._take(number, outcome, "")
            return
        holds = self.code.truth(demand.condition, env)
        if not holds.shape.is_sure or demand.is_negative:
            holds = self.code.atom(holds, "holds")
        sure = holds.shape.is_sure
        yes, no = (" is False", " is True") if demand.is_negative else (" is True", " is False")
        if sure:
            text = f"not {holds.inner}" if demand.is_negative else holds.text
            first, second = f"if {text}:", "else:"
        else:
            first, second = f"if {holds.text}{yes}:", f"elif {holds.text}{no}:"
        with body.block(first):
            self._met(number, demand)
        with body.block(second):
            if demand.is_note:
                self._silent(number, "NOT_APPLICABLE", NOTHING_TO_NOTE)
            else:
                self._take(number, f"doubted(BREACHED, {doubt})" if doubt else "BREACHED", "")
        if not sure:
            outcome = f"outcome_of({holds.text})"
            with body.block("else:"):
                self._take(number, f"doubted({outcome}, {doubt})" if doubt else outcome, "")

    # ------------------------------------------------------------ what is taken down

    def _met(self, number: int, demand: plan.DemandPlan) -> None:
        if demand.is_note:
            self._take(number, "MET", "")
        else:
            self._silent(number, "MET", "")

    def _silent(self, number: int, outcome: str, reason: str) -> None:
        if self.witnessed:
            self._take(number, outcome, reason)
            return
        key = (number, outcome, reason)
        if key not in self.counters:
            self.counters[key] = self.body.name(
                f"{self.rule.demands[number].label or 'demand'}_{outcome.lower()}"
            )
        self.body.add(f"{self.counters[key]} += 1")

    def _take(self, number: int, outcome: str, reason: str) -> None:
        self.body.add(f"add({number}, {outcome}, {reason!r}, {self.subject}, {self.second})")


def _words(op: plan.Operation) -> str:
    """Return the words of the spec that an operation stands for, on one line."""
    return shorten(op.span.text, WIDTH, placeholder=" ...")
