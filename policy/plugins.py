"""Finds suites, and survives broken ones.

In: names of suites that are wanted. Out: their manifests, what went wrong as diagnostics that name
the distribution, and a note on each plugin. A plugin that cannot be imported, raises, misspells a
hook, returns something else than a suite, or declares what the language cannot take is left out and
marked broken; the rest go on. Nothing is kept between two calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from policy.model.diagnostics import Diagnostic, did_you_mean
from policy.model.findings import PluginInfo
from policy.model.suite import Function, Suite
from policy.model.type_words import NAME, parse_type
from policy.running_checks import run_check as run_check

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "policy.suites"
_NOTHING_MORE: Mapping[str, ModuleType] = MappingProxyType({})


class LoadedSuites(Struct, frozen=True, kw_only=True):
    """The suites that can be used, sorted by name; a note on every plugin that was asked for."""

    suites: tuple[Suite, ...] = ()
    infos: tuple[PluginInfo, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class _Candidate(Struct, frozen=True, kw_only=True):
    """A plugin not yet imported: `module` stands in for an entry point when a caller gives it."""

    info: PluginInfo
    entry: EntryPoint | None = None
    module: ModuleType | None = None

    @property
    def words(self) -> str:
        """The plugin as messages call it."""
        from_where = f" of `{self.info.distribution}`" if self.info.distribution else ""
        return f"plugin `{self.info.name}`{from_where}"


class _Broken(Exception):
    """A plugin cannot be used; never leaves this module. Each fault: code, words, help."""

    def __init__(self, *faults: tuple[str, str, str]) -> None:
        super().__init__("; ".join(words for _, words, _ in faults))
        self.faults = faults


def installed(extra: Mapping[str, ModuleType] = _NOTHING_MORE) -> tuple[str, ...]:
    """Return the names of all suites there are, sorted; imports none of them."""
    return tuple(sorted({candidate.info.name for candidate in _candidates(extra)}))


def discover(
    wanted: Iterable[str] | None = None, extra: Mapping[str, ModuleType] = _NOTHING_MORE
) -> LoadedSuites:
    """Return the wanted suites, all there are if `wanted` is None.

    `extra` adds plugins without an entry point: suite name -> package; it stands before an
    installed one of that name. Only wanted ones are imported.
    """
    candidates = _candidates(extra)
    names = None if wanted is None else set(wanted)
    chosen = [each for each in candidates if names is None or each.info.name in names]
    known = {each.info.name for each in candidates}
    diagnostics = [_not_installed(name, known) for name in sorted((names or set()) - known)]
    suites: dict[str, Suite] = {}
    infos: list[PluginInfo] = []
    for candidate in chosen:
        try:
            suite = _load(candidate)
            _refuse_clashes(suite, suites.values())
        except _Broken as broken:
            diagnostics.extend(
                Diagnostic(code=code, message=f"{candidate.words} {words}", help=help)
                for code, words, help in broken.faults
            )
            infos.append(replace(candidate.info, broken=str(broken)))
        else:
            suites[suite.name] = suite
            infos.append(candidate.info)
    return LoadedSuites(
        suites=tuple(suites[name] for name in sorted(suites)),
        infos=tuple(infos),
        diagnostics=tuple(diagnostics),
    )


def _candidates(extra: Mapping[str, ModuleType]) -> list[_Candidate]:
    from importlib.metadata import entry_points  # dear, and only needed to find plugins

    entries = (entry for entry in entry_points(group=GROUP) if entry.name not in extra)
    found = [_from_entry(entry) for entry in entries]
    given = [
        _Candidate(info=PluginInfo(name=name, distribution="", version=""), module=module)
        for name, module in extra.items()
    ]
    everything = {(each.info, each.entry): each for each in (*found, *given)}
    return sorted(everything.values(), key=lambda each: (each.info.name, each.info.distribution))


def _from_entry(entry: EntryPoint) -> _Candidate:
    distribution = entry.dist
    return _Candidate(
        info=PluginInfo(
            name=entry.name,
            distribution=distribution.name if distribution else "",
            version=distribution.version if distribution else "",
        ),
        entry=entry,
    )


def _load(candidate: _Candidate) -> Suite:
    suite = _ask(candidate, _import(candidate))
    if not isinstance(suite, Suite):
        raise _Broken(("P905", "returns no suite", "let `policy_suite` return a `Suite`"))
    if suite.name != candidate.info.name:
        raise _Broken(("P906", f"calls its suite `{suite.name}`", "give both the same name"))
    try:
        faults = [(code, words, "") for code, words in _faults(suite)]
    except Exception as error:
        words = f"returns a suite that cannot be read: {_text_of(error)}"
        raise _Broken(("P905", words, "")) from error
    if faults:
        raise _Broken(*faults)
    return suite


def _import(candidate: _Candidate) -> ModuleType:
    if candidate.module is not None:
        return candidate.module
    try:
        module: ModuleType = candidate.entry.load()  # type: ignore[union-attr]
    except (Exception, SystemExit) as error:
        words = f"cannot be imported: {_text_of(error)}"
        raise _Broken(("P902", words, "install it again, or leave it out")) from error
    return module


def _ask(candidate: _Candidate, module: ModuleType) -> object:
    """Return what the plugin's hook returns; a manager of its own keeps plugins apart."""
    from pluggy import PluginManager, PluginValidationError

    from policy import hookspecs

    manager = PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(module, name=candidate.info.name)
        manager.check_pending()
    except PluginValidationError as error:
        callers = manager.get_hookcallers(module) or []
        strange = sorted(caller.name for caller in callers if not caller.has_spec())
        known = [name for name in dir(manager.hook) if name.startswith("policy_")]
        raise _misfit(strange, sorted(set(known) - set(strange))) from error
    try:
        return manager.hook.policy_suite()
    except (Exception, SystemExit) as error:
        words = f"failed when asked for its suite: {_text_of(error)}"
        raise _Broken(("P904", words, "")) from error


def _misfit(strange: Sequence[str], known: Sequence[str]) -> _Broken:
    if not strange:
        words = "implements a hook with arguments that it is not given"
        return _Broken(("P903", words, "let `policy_suite` take none"))
    names = ", ".join(f"`{name}`" for name in strange)
    help = did_you_mean(strange[0], known) or "hooks are listed in `policy.hookspecs`"
    return _Broken(("P903", f"implements a hook that is not there: {names}", help))


def _faults(suite: Suite) -> Iterator[tuple[str, str]]:
    """Yield code and words of everything in the manifest that the rest could not work with."""
    for function in suite.functions:
        yield from (("P908", message) for message in _misdeclared(function))
    for check in suite.checks:
        if not NAME.fullmatch(check.name) or not NAME.fullmatch(check.scope):
            yield "P908", f"declares the check `{check.name}` for each `{check.scope}`: bad name"
        if not check.clauses:
            yield "P909", f"cites no clause for the check `{check.name}`"
        for clause in check.clauses:
            if not clause.startswith(suite.prefixes):
                allowed = ", ".join(f"`{prefix}`" for prefix in suite.prefixes)
                yield (
                    "P909",
                    f"cites `{clause}` for the check `{check.name}`, outside its {allowed}",
                )
    for kind, names in (
        ("function", [function.name for function in suite.functions]),
        ("check", [check.name for check in suite.checks]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield "P907", f"declares the {kind} `{name}` twice"


def _misdeclared(function: Function) -> Iterator[str]:
    names = [function.name, *(parameter.name for parameter in function.parameters)]
    for name in names:
        if not NAME.fullmatch(name):
            yield f"declares the function `{function.name}` with the bad name `{name}`"
    if len(set(names[1:])) < len(names[1:]):
        yield f"declares the function `{function.name}` with two parameters of one name"
    for words in (*(parameter.type for parameter in function.parameters), function.returns):
        if parse_type(words) is None:
            yield f"declares the function `{function.name}` with `{words}`, which is no type"


def _refuse_clashes(suite: Suite, others: Iterable[Suite]) -> None:
    for other in others:
        if other.name == suite.name:
            raise _Broken(("P906", f"brings the suite `{suite.name}` a second time", ""))
        clashes = [
            ("P907", f"declares the function `{name}`, as suite `{other.name}` does", "")
            for name in suite.clashes_with(other)
        ]
        if clashes:
            raise _Broken(*clashes)


def _not_installed(name: str, known: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        code="P901", message=f"no plugin `{name}` is installed", help=did_you_mean(name, known)
    )


def _text_of(error: BaseException) -> str:
    # Only for plugins that are being loaded: no data has been read yet that it could quote.
    return f"`{type(error).__name__}`, {error}" if str(error) else f"`{type(error).__name__}`"
