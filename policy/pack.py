"""Specs, plugins and settings -> a pack that is ready to judge documents.

In: names of specs, or files of them; settings; plugins. Out: a `Pack`: the plan of every spec and
edition, the checks of suites, and everything that is wrong, as diagnostics. No data is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, field
from msgspec.structs import replace

from policy.catalogue import Catalogue, SpecFile, read_catalogue, shown
from policy.data.schema import CentreSchema, load_schema
from policy.dsl.checking import mistakes
from policy.dsl.checking.checked import CheckedSpec, World
from policy.dsl.checking.checker import check
from policy.dsl.checking.merging import amend
from policy.dsl.meaning.library import BUILT_INS
from policy.dsl.meaning.plan import RulePlan, SpecPlan
from policy.dsl.planning.planner import plan_spec
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic, Diagnostics
from policy.model.findings import PluginInfo
from policy.model.suite import Function, Suite
from policy.plugins import LoadedSuites, discover
from policy.register import Register
from policy.settings import read_settings

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class Pack(Struct, frozen=True, kw_only=True):
    """Everything a run needs besides data.

    `specs`: the plans that judge, by name and then edition. `libraries`: plans of rules that are
    only taken over; filled when they were asked for. `settings`: NAME -> value as words, those set
    for this run. `suites`: by name.
    """

    specs: tuple[SpecPlan, ...] = ()
    libraries: tuple[SpecPlan, ...] = ()
    checked: tuple[CheckedSpec, ...] = ()
    suites: Mapping[str, Suite] = field(default_factory=dict)
    plugins: tuple[PluginInfo, ...] = ()
    rules: tuple[str, ...] = ()
    """Names of the rules asked for; empty for all."""
    settings: Mapping[str, str] = field(default_factory=dict)
    schema: CentreSchema
    catalogue: Catalogue
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the pack lacks something that was asked for."""
        return Diagnostics(self.diagnostics).has_errors

    @property
    def register(self) -> Register:
        """The clauses that specs may cite."""
        return self.catalogue.register

    def wants(self, rule: str, label: str = "") -> bool:
        """Whether a rule (or a demand of it) is to be judged in this run."""
        return (
            not self.rules
            or rule in self.rules
            or (bool(label) and f"{rule}.{label}" in self.rules)
        )


def load_pack(
    names: Sequence[str] | None = None,
    files: Sequence[Path] = (),
    settings: Mapping[str, str] = NO_SETTINGS,
    rules: Sequence[str] = (),
    *,
    with_libraries: bool = False,
    suites: LoadedSuites | None = None,
    roots: Iterable[Traversable] | None = None,
) -> Pack:
    """Make a pack of the specs `names` and those in `files`; of all installed ones if neither is
    given.

    `with_libraries`: for authors; libraries are in the pack too, and installed specs come with
    their examples. `suites` and `roots` stand in for the installed plugins and specs. What is wrong
    is in `Pack.diagnostics`; what could be made is there all the same.
    """
    loaded = suites if suites is not None else discover()
    schema = load_schema({suite.name: suite.schema_extensions for suite in loaded.suites})
    catalogue = read_catalogue(files, roots, with_examples=with_libraries)
    maker = _PackMaker(catalogue, schema, loaded)
    wanted = _wanted(names, files, catalogue, maker.found)
    checked = [*maker.judging(wanted), *(maker.libraries(wanted) if with_libraries else ())]
    values = read_settings(settings, checked, maker.found.add)
    plans = [plan_spec(spec, values) for spec in checked]
    _rules_are_known(rules, plans, loaded.suites, maker.found)
    judging = [_with_rules(plan, rules) for plan in plans if plan.edition]
    return Pack(
        specs=tuple(sorted(judging, key=lambda plan: (plan.name, plan.edition))),
        libraries=tuple(plan for plan in plans if not plan.edition),
        checked=tuple(checked),
        suites={suite.name: suite for suite in loaded.suites},
        plugins=loaded.infos,
        rules=tuple(rules),
        settings=dict(sorted(settings.items())),
        schema=schema,
        catalogue=catalogue,
        diagnostics=tuple(maker.found),
    )


class _PackMaker:
    """Checks the trees of a catalogue."""

    def __init__(self, catalogue: Catalogue, schema: CentreSchema, loaded: LoadedSuites) -> None:
        self._catalogue = catalogue
        self.found = Diagnostics(
            [
                *catalogue.diagnostics,
                *catalogue.register.diagnostics,
                *loaded.diagnostics,
                *schema.diagnostics,
            ]
        )
        self._libraries = {
            node.name: node for _, node in catalogue.trees() if node.kind == "library"
        }
        register = catalogue.register
        self._world = World(
            schema=schema.types,
            functions=_functions(loaded.suites, self.found),
            clauses=None if register.is_empty else frozenset(register.clauses),
            read_table=catalogue.text_of,
            checks={
                suite.name: frozenset(check.name for check in suite.checks)
                for suite in loaded.suites
            },
        )

    def judging(self, wanted: frozenset[str]) -> Iterator[CheckedSpec]:
        """Check all editions of the specs in the wanted files."""
        self._unreadable(wanted)
        trees = list(self._catalogue.trees())
        bases = [(file, node) for file, node in trees if node.kind == "spec"]
        for file, node in bases:
            if file.path in wanted:
                yield from self._check(file, node)
        for file, overlay in trees:
            if overlay.kind == "amends" and file.path in wanted:
                yield from self._amended(file, overlay, trees)

    def libraries(self, wanted: frozenset[str]) -> Iterator[CheckedSpec]:
        """Check the libraries in the wanted files by themselves."""
        for file, node in self._catalogue.trees():
            if node.kind == "library" and file.path in wanted:
                yield from self._check(file, node)

    def _unreadable(self, wanted: frozenset[str]) -> None:
        """A file that cannot be read may hold what a wanted one uses: say so in any case."""
        for file in self._catalogue.files:
            if file.path in wanted or file.node is None:
                self.found.extend(file.diagnostics)

    def _check(
        self, file: SpecFile, node: ast.Spec, overlays: Sequence[str] = ()
    ) -> Iterator[CheckedSpec]:
        checked, diagnostics = check(node, self._libraries, self._world, file.suite)
        self.found.extend(diagnostics)
        if checked is not None:
            yield replace(checked, text_hash=_hash(checked.text_hash, *overlays))

    def _amended(
        self,
        file: SpecFile,
        overlay: ast.Spec,
        trees: Sequence[tuple[SpecFile, ast.Spec]],
    ) -> Iterator[CheckedSpec]:
        """Check the edition that `overlay` makes of the latest earlier one."""
        chain = sorted(
            (
                (other, node)
                for other, node in trees
                if node.name == overlay.name
                and node.kind in ("spec", "amends")
                and node.edition < overlay.edition
            ),
            key=lambda each: each[1].edition,
        )
        starts = [number for number, (_, node) in enumerate(chain) if node.kind == "spec"]
        if not starts:
            known = {node.name for _, node in trees if node.kind == "spec"}
            span, name = overlay.name_span, overlay.name
            self.found.add(
                mistakes.nothing_to_amend(span, name, overlay.edition)
                if name in known
                else mistakes.unknown_spec(span, name, known)
            )
            return
        base_file, merged = chain[starts[-1]]
        steps = [node for _, node in chain[starts[-1] + 1 :]] + [overlay]
        for step in steps:
            merged = amend(merged, step, self.found.add)
        texts = [step.span.source.text for step in steps]
        yield from self._check(base_file, merged, texts)


def _functions(suites: Iterable[Suite], found: Diagnostics) -> dict[str, tuple[str, Function]]:
    """Return the functions that rules may call; the language's own names cannot be taken."""
    functions: dict[str, tuple[str, Function]] = {}
    for suite in suites:
        for function in suite.functions:
            if function.name in BUILT_INS:
                found.add(
                    Diagnostic(
                        code="P913",
                        message=f"suite `{suite.name}` declares `{function.name}`, "
                        "which the language has already",
                        help="let the plugin give its function another name",
                    )
                )
            else:
                functions[function.name] = (suite.name, function)
    return functions


def _wanted(
    names: Sequence[str] | None,
    files: Sequence[Path],
    catalogue: Catalogue,
    found: Diagnostics,
) -> frozenset[str]:
    """Return the paths of the files to check."""
    everything = [file.path for file in catalogue.files]
    if names is None and not files:
        return frozenset(everything)
    named = [Path(shown(path)) for path in files]
    wanted = {
        path
        for path in everything
        if any(Path(path) == name or name in Path(path).parents for name in named)
    }
    known = {node.name for _, node in catalogue.trees()}
    for name in names or ():
        matching = {file.path for file, node in catalogue.trees() if node.name == name}
        if not matching:
            found.add(mistakes.unknown_spec(None, name, known))
        wanted |= matching
    return frozenset(wanted)


def _rules_are_known(
    rules: Sequence[str], plans: Sequence[SpecPlan], suites: Iterable[Suite], found: Diagnostics
) -> None:
    known = {check.name for suite in suites for check in suite.checks}
    for plan in plans:
        for rule in plan.rules:
            known.add(rule.name)
            known |= {f"{rule.name}.{demand.label}" for demand in rule.demands if demand.label}
    for name in rules:
        if name not in known:
            found.add(mistakes.unknown_rule(None, name, "", known))


def _with_rules(plan: SpecPlan, rules: Sequence[str]) -> SpecPlan:
    """Return the plan with only the rules (or demands, as `rule.label`) that were asked for."""
    if not rules:
        return plan
    kept: list[RulePlan] = []
    for rule in plan.rules:
        demands = tuple(
            demand
            for demand in rule.demands
            if rule.name in rules or f"{rule.name}.{demand.label}" in rules
        )
        if demands:
            kept.append(replace(rule, demands=demands))
    return replace(plan, rules=tuple(kept))


def _hash(first: str, *texts: str) -> str:
    if not texts:
        return first
    digest = hashlib.sha256(first.encode())
    for text in texts:
        digest.update(hashlib.sha256(text.encode()).digest())
    return digest.hexdigest()
