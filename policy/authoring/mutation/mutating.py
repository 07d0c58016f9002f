"""Changes specs, one thing at a time, and reports which changes no example noticed.

In: a way to load a pack. Out: a `MutationReport`. A change in a library counts as noticed if an
example of its own file notices it, or one of a file that uses it. The report is the same whatever
the number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from msgspec import Struct
from msgspec.structs import replace

from policy.authoring.mutation.acceptance import Acceptances, read_acceptances
from policy.authoring.mutation.bench import Bench, Verdict, quick_world
from policy.authoring.mutation.item_changes import Changeable, Mutant, mutants_of
from policy.authoring.mutation.parts import reads_of
from policy.dsl.checking.checked import CheckedSpec
from policy.dsl.checking.checker import check
from policy.dsl.syntax import ast
from policy.model.diagnostics import Diagnostic, Level
from policy.model.source import Span
from policy.pack import Pack


class Tried(Struct, frozen=True, kw_only=True):
    """One change that was tried. `of`: "rule NAME" ("rule NAME.LABEL" in a demand that has a
    label), or of a definition, parameter or entity in `applies to`. `words`: "if `15` became `16`",
    numbered where the same can be said twice. `because`: why it is accepted that none noticed."""

    file: str
    of: str
    kind: str
    words: str
    span: Span
    noticed: bool
    because: str = ""


class MutationReport(Struct, frozen=True, kw_only=True):
    """What was tried, in the order of the text; `failing` examples could notice nothing."""

    tried: tuple[Tried, ...] = ()
    failing: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def survivors(self) -> tuple[Tried, ...]:
        """The changes that no example noticed, and nobody accepted."""
        return tuple(each for each in self.tried if not (each.noticed or each.because))

    @property
    def accepted(self) -> tuple[Tried, ...]:
        """The changes that no example noticed, for a reason."""
        return tuple(each for each in self.tried if each.because)

    @property
    def has_errors(self) -> bool:
        """Whether a spec that was asked for could not be used."""
        return any(item.level is Level.ERROR for item in self.diagnostics)

    @property
    def score(self) -> float:
        """How many of a hundred changes were noticed, those left out that are accepted."""
        counted = len(self.tried) - len(self.accepted)
        return 100 * (1 - len(self.survivors) / counted) if counted else 100.0


class _Home(Struct, frozen=True, kw_only=True):
    """A spec with what is to be changed in it: what its file says, and of `rules` only."""

    spec: CheckedSpec
    file: str
    mutants: tuple[Mutant, ...]


class _Share(Struct, frozen=True, kw_only=True):
    """What one worker found: for each home verdicts, and examples that fail as things stand."""

    verdicts: list[list[Verdict]]
    failing: list[str]


def mutate(
    load: Callable[[], Pack], rules: Collection[str] = (), workers: int = 1
) -> MutationReport:
    """Try every change of the specs that were asked for, or of `rules` and what they read.

    `load` is called in each worker and must give the same pack each time.
    """
    pack = load()
    workshop = _Workshop(pack, frozenset(rules))
    if workers == 1:
        shares = [workshop.share(0, 1)]
    else:
        calls = [(load, frozenset(rules), number, workers) for number in range(workers)]
        with ProcessPoolExecutor(workers) as pool:
            shares = list(pool.map(_share, calls))
    tried: list[Tried] = []
    diagnostics = list(pack.diagnostics)
    for place, home in enumerate(workshop.homes):
        verdicts = [
            shares[at % workers].verdicts[place][at // workers] for at in range(len(home.mutants))
        ]
        acceptances = read_acceptances(home.file)
        found = list(_tried(home, verdicts, acceptances))
        tried.extend(found)
        diagnostics += [*acceptances.diagnostics, *_stale(found, acceptances, rules)]
    return MutationReport(
        tried=tuple(tried), failing=tuple(shares[0].failing), diagnostics=tuple(diagnostics)
    )


def _stale(
    tried: Sequence[Tried], acceptances: Acceptances, rules: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield the acceptances that excuse nothing; of a part of a spec, those of that part."""
    survivors = {(each.of, each.words) for each in tried if not each.noticed}
    noticed = {(each.of, each.words) for each in tried if each.noticed}
    known = {each.of for each in tried}
    seen = replace(acceptances, items=tuple(item for item in acceptances.items if item.of in known))
    yield from (seen if rules else acceptances).stale(survivors, noticed)


def _share(call: tuple[Callable[[], Pack], frozenset[str], int, int]) -> _Share:
    """Do the part of one worker, in its process."""
    load, rules, number, workers = call
    return _Workshop(load(), rules).share(number, workers)


class _Workshop:
    """A pack with all changes to try."""

    def __init__(self, pack: Pack, rules: frozenset[str]) -> None:
        self._pack = pack
        self._world = quick_world(pack)
        trees = list(pack.catalogue.trees())
        self._libraries = {node.name: node for _, node in trees if node.kind == "library"}
        names = frozenset(rule.partition(".")[0] for rule in rules)
        self.homes = list(self._homes(names))

    def share(self, number: int, workers: int) -> _Share:
        """Try every so manieth change, beginning at `number`; the first worker looks for failing
        examples too."""
        share = _Share(verdicts=[], failing=[])
        for home in self.homes:
            # Not kept: the documents of all examples at once would fill the memory.
            bench = Bench(self._pack, home.spec, self._libraries, self._world)
            mutants = home.mutants[number::workers]
            share.verdicts.append(self._verdicts(bench, home.spec.node, mutants))
            if number == 0 and mutants:
                share.failing.extend(f"{home.file}: {each.title}" for each in bench.failing())
        return share

    def _homes(self, rules: frozenset[str]) -> Iterator[_Home]:
        for spec in self._pack.checked:
            file, reads = self._file_of(spec), reads_of(spec)
            items = [
                item
                for item in (*spec.node.applies, *spec.node.items)
                if isinstance(item, ast.Rule | ast.Define | ast.Parameter | ast.AppliesTo)
                and item.span.source.name == file
                and (not rules or not rules.isdisjoint(reads.readers(item)))
            ]
            mutants = [mutant for item in items for mutant in _mutants(item, spec)]
            yield _Home(spec=spec, file=file, mutants=tuple(mutants))

    def _file_of(self, spec: CheckedSpec) -> str:
        for file, node in self._pack.catalogue.trees():
            if (node.name, node.edition) == (spec.node.name, spec.node.edition):
                return file.source.name
        raise LookupError(spec.node.name)

    def _verdicts(self, bench: Bench, node: ast.Spec, mutants: Sequence[Mutant]) -> list[Verdict]:
        verdicts = [bench.verdict(mutant) for mutant in mutants]
        for user in self._users(node):
            open_ = [at for at, verdict in enumerate(verdicts) if verdict in _OPEN]
            if not open_:
                break
            checked, _ = check(user, self._libraries, self._world)
            if checked is not None:
                other = Bench(self._pack, checked, self._libraries, self._world)
                for at in open_:
                    if other.reads(mutants[at].old):
                        verdicts[at] = other.verdict(mutants[at])
        return verdicts

    def _users(self, node: ast.Spec) -> list[ast.Spec]:
        """Return the specs and libraries that use a library, through others too."""
        if node.kind != "library":
            return []
        using: set[str] = {node.name}
        trees = [tree for _, tree in self._pack.catalogue.trees() if tree.kind != "amends"]
        before = 0
        while len(using) > before:
            before = len(using)
            using |= {tree.name for tree in trees if using & {use.spec for use in tree.uses}}
        users = [tree for tree in trees if tree.name in using and tree is not node]
        return sorted(users, key=lambda tree: (tree.kind, tree.name, tree.edition))


_OPEN = (Verdict.SURVIVED, Verdict.UNREAD)


def _mutants(item: Changeable, spec: CheckedSpec) -> Iterator[Mutant]:
    kind = spec.parameters[item.name].type if isinstance(item, ast.Parameter) else None
    return mutants_of(item, spec.types, kind)


def _tried(home: _Home, verdicts: Sequence[Verdict], acceptances: Acceptances) -> Iterator[Tried]:
    """Yield what was tried; what is no mutant, and what nothing reads, is left out."""
    times: dict[tuple[str, str], int] = {}
    for mutant, verdict in zip(home.mutants, verdicts, strict=True):
        of, words = _of(mutant), f"if {mutant.change.words}"
        times[of, words] = times.get((of, words), 0) + 1
        if times[of, words] > 1:
            words += f" ({times[of, words]})"
        if verdict in (Verdict.NOTICED, Verdict.SURVIVED):
            noticed = verdict is Verdict.NOTICED
            yield Tried(
                file=home.file,
                of=of,
                kind=mutant.change.kind,
                words=words,
                span=mutant.change.span,
                noticed=noticed,
                because="" if noticed else acceptances.reason(of, words),
            )


def _of(mutant: Mutant) -> str:
    match mutant.old:
        case ast.Rule(name=name):
            return f"rule {name}.{mutant.label}" if mutant.label else f"rule {name}"
        case ast.Define(name=name):
            return f"definition {name}"
        case ast.Parameter(name=name):
            return f"parameter {name}"
        case ast.AppliesTo(entity=entity):
            return f"applies to {entity}"
