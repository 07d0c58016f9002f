"""Changes of meaning planted in a copy of the compiler: the differential run has to notice each.

`python -m tests.differential.mutants` says after how many cases it does, and keeps the smallest
case by which a mutant is noticed in the corpus, unless there is one already.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policy.dsl.compiling import compiler
from tests.differential.cases import Generating, Trial, drawn_centres, maker_of
from tests.differential.keeping import kept
from tests.differential.written import CORPUS

PACKAGE = Path(compiler.__file__).parent

MUTANTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "an unknown beside a true makes `or` unknown",
        "truths.py",
        "    if first is True or second is True:\n        return True",
        "    if first is True:\n        return True",
    ),
    (
        "a failure is folded into unknown",
        "absent.py",
        "        if value is FAILED:\n            return FAILED\n    return UNKNOWN",
        "        if value is FAILED:\n            return UNKNOWN\n    return UNKNOWN",
    ),
    (
        "a missing operand compares as unequal",
        "conditions.py",
        'text = f"{lacking} if {tests} else {left.inner} {sign} {right.inner}"',
        'text = f"False if {tests} else {left.inner} {sign} {right.inner}"',
    ),
    (
        "on the day is too late",
        "truths.py",
        "    return not smaller(right, left) if or_equal else smaller(left, right)",
        "    return smaller(left, right)",
    ),
    (
        "a doubtful row is drawn",
        "quantifiers.py",
        '                with self.body.block(f"if {loop.holds.text} is True:"):\n'
        '                    self.body.add(f"{result} = True")',
        '                with self.body.block(f"if {loop.holds.text} is not False:"):\n'
        '                    self.body.add(f"{result} = True")',
    ),
    (
        "the gap of a list is forgotten by `every`",
        "quantifiers.py",
        'start = "True" if gap is None else f"True if {gap} is None else {gap}"',
        'start = "True"',
    ),
    (
        "two rows are one",
        "totals.py",
        "    if len(certain) > 1:\n        return FAILED\n    if doubt",
        "    if doubt",
    ),
    (
        "a tie is won by the first",
        "totals.py",
        "return tied[0] if len(tied) == 1 else FAILED",
        "return tied[0]",
    ),
    (
        "unknown feeds `otherwise`",
        "computations.py",
        'with self.body.block(f"if {result} is MISSING:"):\n            self.body.put(lines)',
        'with self.body.block(f"if {result} is MISSING or {result} is UNKNOWN:"):\n'
        "            self.body.put(lines)",
    ),
    (
        "what is missing by a day that has passed is unknown",
        "verdicts.py",
        "if done is False or (done is MISSING and not is_yes_no):",
        "if done is False:",
    ),
    (
        "an unknown exception leaves a breach",
        "verdicts.py",
        "if doubt is not None and outcome is BREACHED:",
        "if doubt is FAILED and outcome is BREACHED:",
    ),
    (
        "a list that is not there is empty",
        "row_classes.py",
        "field(default=UNKNOWN, name=",
        "field(default=(), name=",
    ),
    (
        "a date after the run counts",
        "link_code.py",
        'yield f"    {slot} = MISSING"',
        'yield "    pass"',
    ),
    (
        "a reference to nobody is missing",
        "link_code.py",
        "found = find_{item.type.entity}(x, UNKNOWN)",
        "found = find_{item.type.entity}(x, MISSING)",
    ),
    (
        "an index loses rows",
        "lists.py",
        "        if found is None:\n            groups[key] = [row]\n",
        "        if True:\n            groups[key] = [row]\n",
    ),
    (
        "rows without a value are counted by `latest`",
        "totals.py",
        "    if not certain:\n        return MISSING if reason is None else reason",
        "    if not certain:\n        return UNKNOWN if reason is None else reason",
    ),
    (
        "a row of which nobody knows belongs",
        "memberships.py",
        "if self._answer(top, is_below) is True}",
        "if self._answer(top, is_below) is not False}",
    ),
    (
        "rows of all kinds are counted together",
        "drawings.py",
        '        name = self._found.setdefault(item, f"the value {len(self._found) + 1}")',
        '        name = self._found.setdefault(item, "the value 1")',
    ),
    (
        "no list is ever absent",
        "judging.py",
        "if self._is_whole and (not lacking or lacking.isdisjoint(compiled.needs.of(rule))):",
        "if self._is_whole:",
    ),
    (
        "no reference ever dangles",
        "judging.py",
        "self._is_whole = links is not None and not links.is_dangling",
        "self._is_whole = True",
    ),
    (
        "what was computed once is taken for all of its kind",
        "expressions.py",
        "key = (op, tuple((name, env[name].text) for name in sorted(free(op))))",
        "key = (type(op), ())",
    ),
    (
        "an `or` is taken for an `and` where rows are looked up",
        "indexes.py",
        "if isinstance(where, plan.All):",
        "if isinstance(where, plan.All | plan.Any):",
    ),
    (
        "rows without a key are left out unasked",
        "indexes.py",
        "is_asked_for=member in recorded)",
        "is_asked_for=True)",
    ),
    (
        "an `or` within an `and` loses its brackets",
        "conditions.py",
        'sure = f" {word} ".join(code.inner for code in quick)',
        'sure = f" {word} ".join(code.text for code in quick)',
    ),
    (
        "a drawing that asks another row too is taken for one that does not",
        "drawings.py",
        "if free(op) != {of.name} or of.name in drawn_by(op):",
        "if of.name in drawn_by(op):",
    ),
    (
        "a drawing within a drawing is taken for a value",
        "drawings.py",
        " and not isinstance(item, plan.Drawn):",
        ":",
    ),
    (
        "keys of a table are not handed to what is remembered",
        "drawings.py",
        'left = ("span", "keys") if isinstance(item, plan.Drawn) else ("span",)',
        'left = ("span", "keys")',
    ),
)
"""What it means, file, what stands there, what stands there instead. The last were real mistakes,
which the differential run found."""


def planted(folder: Path, number: int | None) -> Generating:
    """Return the compiler with one mutant, imported as a package of its own outside the project: it
    is not to be measured with it. None for a copy in which nothing is changed."""
    _, file, old, new = ("", "", "", "") if number is None else MUTANTS[number]
    name = f"mutant_{number}"
    place = folder / name
    place.mkdir()
    for path in sorted(PACKAGE.glob("*.py")):
        text = path.read_text("utf-8")
        if path.name == file:
            assert text.count(old) == 1, f"{file} has changed: {old}"
            text = text.replace(old, new)
        text = text.replace("policy.dsl.compiling", name)
        (place / path.name).write_text(text, "utf-8")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        return Generating(
            compile_spec=importlib.import_module(f"{name}.compiler").compile_spec,
            linker_of=importlib.import_module(f"{name}.linkers").linker_of,
        )
    finally:
        sys.path.remove(str(folder))
        for module in [each for each in sys.modules if each.partition(".")[0] == name]:
            del sys.modules[module]


# ---------------------------------------------------------------- noticing them

CENTRES = 3
"""Centres for each spec: what a mutant changes shows on few of many specs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """The first case on which a mutant differs: `cases` were judged until then."""

    cases: int
    number: int
    data: Mapping[str, Any]
    as_at: date


def noticed(mutant: Generating, seed: int, specs: int) -> Noticed | None:
    """Return where the differential run notices a mutant, None if it does not."""
    cases = 0
    for number in range(specs):
        trial = Trial(maker_of(seed, number).spec(), mutant)
        for data, as_at in drawn_centres(seed, number, CENTRES):
            cases += 1
            if trial.judge(data, as_at).found:
                return Noticed(cases=cases, number=number, data=data, as_at=as_at)
    return None


def file_name(title: str) -> str:
    """Return the name of the entry of the corpus that notices a mutant."""
    return re.sub("[^a-z]+", "-", title.lower()).strip("-")


def main(seed: int = 0, specs: int = 4000) -> int:
    """Plant every mutant, and return how many went unnoticed."""
    unnoticed = 0
    with TemporaryDirectory() as folder:
        for number, (title, *_) in enumerate(MUTANTS):
            mutant = planted(Path(folder), number)
            found = noticed(mutant, seed, specs)
            unnoticed += found is None
            after = "not noticed" if found is None else f"noticed after {found.cases} cases"
            sys.stdout.write(f"{title}: {after}\n")
            sys.stdout.flush()
            if found is not None and not (CORPUS / f"{file_name(title)}.json").exists():
                _keep(title, mutant, seed, found)
    return unnoticed


def _keep(title: str, mutant: Generating, seed: int, found: Noticed) -> None:
    kept(
        seed,
        found.number,
        found.data,
        found.as_at,
        by=mutant,
        about=f"Mutant of the compiler: {title}.",
        name=file_name(title),
        folder=CORPUS,
    )


if __name__ == "__main__":
    sys.exit(main())
