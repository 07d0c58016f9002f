"""A checked spec -> a page of Markdown for people who do not read the language.

Each rule with what it asks in English, what lets a row through, the parameters and definitions it
rests on, the clauses in words, how they are read, and the titles of the examples. A rule that comes
from a library stands on the page of every spec that takes it, with the clauses cited there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from policy.dsl.checking.checked import (
    CheckedDemand,
    CheckedRule,
    CheckedSpec,
    DefinitionIs,
    ParameterIs,
    TableIs,
)
from policy.dsl.meaning.types import BOOLEAN, Entity
from policy.dsl.printing.english import English
from policy.dsl.syntax import ast
from policy.dsl.syntax.print_expressions import print_expression
from policy.dsl.syntax.walk import descend
from policy.model.nouns import counted, words_of
from policy.model.suite import Check
from policy.register import Register

_Examples = Mapping[tuple[str, str, str], Sequence[tuple[str, str]]]
"""Origin, rule, label -> (outcome, title of the example)."""

_PUNCTUATION = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "*": "\\*", "_": "\\_"})


class _Named(Struct, frozen=True, kw_only=True):
    """Definitions, parameters and tables that something rests on, through definitions too."""

    definitions: tuple[str, ...]
    parameters: tuple[str, ...]
    tables: tuple[str, ...]


def spec_page(
    spec: CheckedSpec, register: Register, examples: _Examples, checks: Sequence[Check] = ()
) -> str:
    """Return the page of a spec that judges; `checks` are those its plugin brings."""
    return "\n".join(_Page(spec, register, examples, checks).lines()) + "\n"


class _Page:
    def __init__(
        self,
        spec: CheckedSpec,
        register: Register,
        examples: _Examples,
        checks: Sequence[Check],
    ) -> None:
        self._spec = spec
        self._register = register
        self._examples = examples
        self._checks = checks

    def lines(self) -> Iterator[str]:
        node, spec = self._spec.node, self._spec
        yield f"# {_text(node.title)}"
        yield ""
        demands = sum(len(rule.demands) for rule in spec.rules)
        number = counted(len(spec.rules), "rule")
        yield f"Spec `{node.name}` for {node.edition}: {number} with {counted(demands, 'demand')}."
        for applies in node.applies:
            english = English(spec).with_row(applies.variable, applies.entity)
            who = words_of(applies.entity)
            yield f"It judges each {who} for which {_text(english.condition(applies.where))}."
        yield from ("", "## Rules", "")
        yield from self._index()
        for rule in spec.rules:
            yield from self._rule(rule)
        for check in self._checks:
            yield from self._check(check)
        yield from self._definitions()
        yield from self._parameters()
        yield from self._clauses()

    def _index(self) -> Iterator[str]:
        for rule in self._spec.rules:
            yield f"- [{_text(rule.node.title)}](#{rule.node.name})"
        for check in self._checks:
            yield f"- [{_text(check.title)}](#{check.name})"

    # ------------------------------------------------------------ one rule
    def _rule(self, rule: CheckedRule) -> Iterator[str]:
        node = rule.node
        english = English(self._spec).with_row(node.scope.variable, node.scope.entity)
        who = f"each {words_of(node.scope.entity)}"
        if node.scope.pair is not None:
            rows, english = english.drawn(node.scope.pair)
            who += f" and each {rows}"
        if node.scope.where is not None:
            who += f" where {english.condition(node.scope.where)}"
        origin = (
            "" if rule.origin == self._spec.node.name else f", from the library `{rule.origin}`"
        )
        yield from ("", f"### {node.name}", "", f"**{_text(node.title)}**{origin}.", "")
        yield f"Asked of {_text(who)}{_text(_when(node.terms, english))}."
        yield from self._exceptions(node.terms, english, "")
        yield ""
        for demand in rule.demands:
            yield from self._demand(rule, demand, english)
        named = self._named(node)
        if named.parameters:
            yield f"- rests on {_links(named.parameters, 'parameter')}"
        if named.definitions:
            yield f"- words used: {_links(named.definitions, 'word')}"
        if named.tables:
            yield f"- tables: {', '.join(f'`{name}`' for name in named.tables)}"
        yield from self._readings(rule)

    def _demand(self, rule: CheckedRule, demand: CheckedDemand, english: English) -> Iterator[str]:
        node = demand.node
        said = english.condition(node.condition) if node.by is None else ""
        if node.by is not None:
            said = english.deadline(node.condition, node.by)
        if demand.modal == "note":
            said = f"it is noted when {said}"
        label = f" `{demand.label}`" if demand.label else ""
        cites = ", ".join(f"[{clause}](#{clause.lower()})" for clause in demand.cites)
        when = _when(node.terms, english)
        yield f"- **{demand.modal}**{label}: {_text(said)}{_text(when)}. {cites}"
        yield from self._exceptions(node.terms, english, "  ")
        yield from self._shown(rule.origin, rule.node.name, demand.label)

    def _exceptions(self, terms: ast.Terms, english: English, indent: str) -> Iterator[str]:
        for item in terms.exceptions:
            clauses = ", ".join(f"[{each.id}](#{each.id.lower()})" for each in item.cites)
            when = english.condition(item.when)
            text = f"{indent}- except `{item.name}`: {_text(item.why)}, when {_text(when)}"
            yield f"{text} ({clauses})" if clauses else text

    def _readings(self, rule: CheckedRule) -> Iterator[str]:
        cited = {clause for demand in rule.demands for clause in demand.cites}
        for reading in self._register.readings_of(cited):
            names = ", ".join(f"`{name}`" for name in reading.parameters)
            chosen = f" (chosen by {names})" if names else ""
            yield f"- *how it is read*: {_text(reading.question)} {_text(reading.reading)}{chosen}"

    def _check(self, check: Check) -> Iterator[str]:
        yield from (
            "",
            f"### {check.name}",
            "",
            f"**{_text(check.title)}**, decided in Python.",
            "",
        )
        cites = ", ".join(f"[{clause}](#{clause.lower()})" for clause in check.clauses)
        yield f"- **{check.severity}** for each {words_of(check.scope)}. {cites}"
        yield from self._shown(self._spec.node.name, check.name, "")

    def _shown(self, origin: str, rule: str, label: str) -> Iterator[str]:
        """Yield the titles of the examples of a demand, gathered by the outcome they expect."""
        shown = self._examples.get((origin, rule, label), ())
        for outcome in dict.fromkeys(outcome for outcome, _ in shown):
            titles = dict.fromkeys(title for each, title in shown if each == outcome)
            yield f"  - {outcome}: {_text('; '.join(titles))}"

    # ------------------------------------------------------------ what the rules rest on
    def _named(self, *nodes: ast.Node) -> _Named:
        """Return what nodes name, and what the definitions they name rest on."""
        found: dict[str, dict[str, None]] = {"definitions": {}, "parameters": {}, "tables": {}}
        ahead = list(nodes)
        while ahead:
            for node in descend(ahead.pop()):
                match self._spec.meanings.get(id(node)):
                    case DefinitionIs(name) if name not in found["definitions"]:
                        found["definitions"][name] = None
                        ahead.append(self._spec.defines[name].node.body)
                    case ParameterIs(name):
                        found["parameters"][name] = None
                    case TableIs(name):
                        found["tables"][name] = None
        return _Named(**{kind: tuple(sorted(names)) for kind, names in found.items()})

    def _all(self) -> _Named:
        return self._named(*(rule.node for rule in self._spec.rules))

    def _definitions(self) -> Iterator[str]:
        used = self._all().definitions
        if used:
            yield from ("", "## Words the rules use", "")
        for name in used:
            defined = self._spec.defines[name]
            english = English(self._spec)
            about = []
            for parameter, kind in defined.parameters:
                if isinstance(kind, Entity):
                    english = english.with_row(parameter, kind.name)
                else:
                    english = english.with_value(parameter, words_of(str(kind)))
                about.append(words_of(str(kind)))
            is_yes_no = defined.result == BOOLEAN
            say = english.condition if is_yes_no else english.value
            of = f" (of {_text(' and '.join(about))})" if about else ""
            yield from (f"### word {name.replace('_', ' ')}", "")
            yield f"{_text(words_of(name))}{of}: {_text(say(defined.node.body))}."
            yield ""

    def _parameters(self) -> Iterator[str]:
        used = self._all().parameters
        if used:
            yield from ("## Parameters", "")
        for name in used:
            node = self._spec.parameters[name].node
            choice = "; the guides leave it open: `--set` chooses" if node.is_setting else ""
            cites = ", ".join(f"[{each.id}](#{each.id.lower()})" for each in node.cites)
            yield from (f"### parameter {name.replace('_', ' ')}", "")
            value = _text(print_expression(node.default))
            yield f"`{name}` = {value}: {_text(node.meaning)}{choice}. {cites}".rstrip()
            yield ""

    def _clauses(self) -> Iterator[str]:
        yield from ("## Clauses", "")
        for id in sorted(self._cited()):
            clause = self._register.get(id)
            yield f"### {id}"
            yield ""
            if clause is not None:
                strength = clause.strength.replace("_", " ")
                place = f"{_text(clause.guide)}, {_text(clause.where)}; {strength}"
                yield f"{_text(clause.says)} *{place}.*".strip()
            yield ""

    def _cited(self) -> set[str]:
        found = {clause for check in self._checks for clause in check.clauses}
        for rule in self._spec.rules:
            for demand in rule.demands:
                found.update(demand.cites)
                for item in (*rule.node.terms.exceptions, *demand.node.terms.exceptions):
                    found.update(each.id for each in item.cites)
        for name in self._all().parameters:
            found.update(each.id for each in self._spec.parameters[name].node.cites)
        return found


def _when(terms: ast.Terms, english: English) -> str:
    conditions = " and ".join(english.condition(each) for each in terms.when)
    return f", when {conditions}" if conditions else ""


def _links(names: Iterable[str], kind: str) -> str:
    return ", ".join(
        f"[{words_of(name)}](#{kind}-{name.replace('_', '-').strip('-')})" for name in names
    )


def _text(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return text.translate(_PUNCTUATION)
