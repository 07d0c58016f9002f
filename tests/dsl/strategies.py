"""Hypothesis strategies that draw syntax trees: any that a text can have, meaning or no meaning."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from policy.dsl.syntax import ast
from policy.model.source import SourceText

SPAN = SourceText("drawn", "").span(0, 0)

# Some are words of clauses and units, which may name things wherever a name is expected.
NAMES = (
    *("s", "x", "retake", "P", "due_on", "owner", "breach", "cites", "days", "year", "May"),
    *("rule", "to", "from", "key", "setting", "study", "of", "missing_count", "note_", "as"),
)
# After a dot, and for entities, every word will do.
WORDS = (*NAMES, "where", "not", "every", "is", "count", "true", "must", "for", "one", "in")
names = st.sampled_from(NAMES)
words = st.sampled_from(WORDS)
texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters='"{}'),
    max_size=12,
).filter(lambda text: not any(ord(c) == 0x180E or 0x2000 <= ord(c) < 0x2070 for c in text))
clauses = st.builds(
    ast.Clause, span=st.just(SPAN), id=st.sampled_from(("IA-001", "IA-137", "QA24-047"))
)
cites = st.lists(clauses, max_size=3).map(tuple)
some_cites = st.lists(clauses, min_size=1, max_size=2).map(tuple)
name_nodes = st.builds(ast.Name, span=st.just(SPAN), name=names)
amounts = st.integers(0, 40) | name_nodes
units = st.sampled_from(("days", "weeks", "months", "years", "working days"))
numbers = st.integers(0, 5000) | st.decimals(0, 50, places=2, allow_nan=False)
dates = st.dates(date(1999, 1, 1), date(2100, 1, 1))


def literals(*, with_text: bool = True) -> st.SearchStrategy[ast.Literal]:
    """Draw `15`, `0.80`, `2025-10-28`, `true` and, unless inside a message, `"text"`."""
    values: st.SearchStrategy[Any] = numbers | dates | st.booleans()
    return st.builds(ast.Literal, span=st.just(SPAN), value=values | texts if with_text else values)


@cache
def plains(*, with_text: bool = True) -> st.SearchStrategy[ast.Expr]:
    """Draw what may be the value of a parameter or a member of a list."""
    days = st.builds(
        lambda day, month: ast.DayMonth(span=SPAN, day=day, month=month),
        st.integers(1, 28),
        st.integers(1, 12),
    )
    lengths = st.builds(ast.Length, span=st.just(SPAN), amount=st.integers(0, 40), unit=units)
    return literals(with_text=with_text) | name_nodes | days | lengths


@cache
def expressions(*, with_text: bool = True) -> st.SearchStrategy[ast.Expr]:
    """Draw any expression; without texts in quotes for the holes of messages."""
    plain = plains(with_text=with_text)
    leaves = plain | st.builds(ast.Length, span=st.just(SPAN), amount=name_nodes, unit=units)
    return st.recursive(leaves, lambda inner: _values(inner) | _tests(inner, plain), max_leaves=12)


def _node(node: type[Any], /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(node, span=st.just(SPAN), **fields)


def _some(inner: st.SearchStrategy[Any], least: int = 1) -> st.SearchStrategy[Any]:
    return st.lists(inner, min_size=least, max_size=3).map(tuple)


def _values(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    directions = st.sampled_from(("after", "before"))
    return st.one_of(
        _node(ast.Member, of=inner, name=words),
        _node(ast.Call, name=names, arguments=_some(inner)),
        _node(ast.Lookup, table=inner, keys=_some(inner)),
        _node(ast.Otherwise, first=inner, second=inner),
        _node(ast.Binary, op=st.sampled_from("+-*/"), left=inner, right=inner),
        _node(ast.Shift, length=inner, direction=directions, base=inner),
        _node(ast.StudyDays, amount=amounts, learner=inner, direction=directions, base=inner),
        _node(ast.If, condition=inner, then=inner, orelse=inner),
        _aggregates(inner),
    )


def _tests(inner: st.SearchStrategy[Any], plain: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    signs = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
    states = st.sampled_from(("recorded", "missing", "empty"))
    return st.one_of(
        _node(ast.Not, item=inner),
        _node(ast.And, items=_some(inner, 2)),
        _node(ast.Or, items=_some(inner, 2)),
        _node(ast.Compare, op=signs, left=inner, right=inner),
        _node(ast.IsState, item=inner, state=states, negated=st.booleans()),
        _node(ast.IsOneOf, item=inner, names=st.tuples(name_nodes), negated=st.booleans()),
        _node(
            ast.IsOneOf,
            item=inner,
            names=_some(_node(ast.Name, name=words)),
            negated=st.booleans(),
            listed=st.just(True),
        ),
        _node(ast.In, item=inner, container=inner, negated=st.booleans()),
        _node(
            ast.Has,
            list=inner,
            mode=st.sampled_from(("all", "any", "only")),
            members=_some(plain),
            negated=st.booleans(),
        ),
        _node(
            ast.Has,
            list=inner,
            mode=st.just("one"),
            members=st.tuples(plain),
            negated=st.booleans(),
        ),
        _quantifiers(inner),
    )


def _quantifiers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    generators = _node(ast.Generator, variable=names, source=inner)
    where = st.none() | inner
    bounds = st.sampled_from(("at least", "at most", "exactly"))
    return st.one_of(
        _node(
            ast.Quantifier,
            kind=st.just("every"),
            generator=generators,
            where=where,
            satisfies=inner,
        ),
        _node(
            ast.Quantifier, kind=st.sampled_from(("some", "no")), generator=generators, where=where
        ),
        _node(ast.Quantifier, kind=bounds, generator=generators, where=where, amount=amounts),
    )


def _aggregates(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    generators = _node(ast.Generator, variable=names, source=inner)
    where = st.none() | inner
    with_result = ("sum", "earliest", "latest", "least", "greatest", "all", "distinct")
    return st.one_of(
        _node(
            ast.Aggregate,
            kind=st.sampled_from(with_result),
            generator=generators,
            result=inner,
            where=where,
        ),
        _node(
            ast.Aggregate,
            kind=st.sampled_from(("count", "the", "all")),
            generator=generators,
            where=where,
        ),
        _node(
            ast.Aggregate,
            kind=st.just("the"),
            generator=generators,
            where=where,
            pick=st.sampled_from(("earliest", "latest", "least", "greatest")),
            by=inner,
        ),
    )


# ---------------------------------------------------------------- items

types = st.one_of(
    _node(ast.NamedType, name=names, is_list=st.booleans()),
    _node(ast.FieldType, entity=names, field=words),
    _node(ast.ChoiceType, names=_some(words)),
)


@cache
@st.composite
def templates(draw: st.DrawFn) -> ast.Template:
    """Draw a message; its holes hold no texts, whose quotes would end the message."""
    holes = draw(st.lists(expressions(with_text=False), max_size=2))
    parts = draw(st.lists(texts, min_size=len(holes) + 1, max_size=len(holes) + 1))
    return ast.Template(span=SPAN, texts=tuple(parts), holes=tuple(holes))


@cache
def terms() -> st.SearchStrategy[ast.Terms]:
    """Draw the clauses of a rule or a demand."""
    exceptions = _node(ast.Exception_, name=names, why=texts, cites=some_cites, when=expressions())
    return _node(
        ast.Terms,
        cites=cites,
        breach=st.none() | templates(),
        remedy=st.none() | templates(),
        owner=st.just("") | names,
        exceptions=st.lists(exceptions, max_size=1).map(tuple),
        when=st.lists(expressions(), max_size=2).map(tuple),
    )


@cache
@st.composite
def demands(draw: st.DrawFn) -> ast.Demand:
    """Draw a demand or a note."""
    modal = draw(st.sampled_from(("must", "must not", "should", "should not", "note")))
    return ast.Demand(
        span=SPAN,
        modal=modal,
        label=draw(st.just("") | names),
        condition=draw(expressions()),
        by=draw(st.none() | expressions()) if modal in ("must", "should") else None,
        text=draw(templates()) if modal == "note" else None,
        terms=draw(terms()),
    )


@cache
def rules() -> st.SearchStrategy[ast.Rule]:
    """Draw a rule."""
    pairs = _node(ast.Generator, variable=names, source=expressions())
    scopes = st.one_of(
        _node(ast.Scope, entity=words, variable=names),
        _node(
            ast.Scope,
            entity=words,
            variable=names,
            pair=pairs,
            where=st.none() | expressions(),
        ),
    )
    return _node(
        ast.Rule,
        name=names,
        title=texts,
        this_year_only=st.booleans(),
        scope=scopes,
        terms=terms(),
        demands=_some(demands()),
        name_span=st.just(SPAN),
    )


@cache
def examples() -> st.SearchStrategy[ast.Example]:
    """Draw an example."""
    ids = names | texts | st.integers(0, 99999).map(str)
    plain_values = names | texts | numbers | dates | st.booleans()
    values = plain_values | st.none() | st.lists(plain_values, max_size=3).map(tuple)
    steps = st.one_of(
        _node(ast.Change, entity=words, id=ids, field=words, value=values),
        _node(ast.Remove, entity=words, id=ids),
        _node(ast.Copy, entity=words, id=ids, new_id=ids),
        _node(ast.SetParameter, name=names, value=plains()),
    )
    outcomes = st.sampled_from((("met", False), ("breached", True), ("not applicable", False)))
    subjects = st.sampled_from((("", ""), ("where", "12345"), ("submission", "S 9")))
    expects = st.builds(
        lambda rule, label, outcome, subject, other: ast.Expect(
            span=SPAN,
            rule=rule,
            label=label,
            outcome=outcome[0],
            negated=outcome[1],
            entity=subject[0],
            id=subject[1],
            with_entity=other[0] if subject[0] else "",
            with_id=other[1] if subject[0] else "",
        ),
        names,
        st.just("") | names,
        outcomes,
        subjects,
        subjects,
    )
    return _node(
        ast.Example,
        title=texts,
        cites=cites,
        given=texts,
        as_at=st.none() | dates,
        steps=st.lists(steps, max_size=3).map(tuple),
        expects=_some(expects),
    )


@cache
def items() -> st.SearchStrategy[ast.Item]:
    """Draw any item."""
    columns = _node(
        ast.Column,
        name=names.filter(lambda name: name != "key"),
        is_key=st.booleans(),
        type=st.none() | types,
    )
    modals = st.sampled_from(("must", "should"))
    return st.one_of(
        _node(
            ast.Parameter,
            name=names,
            type=st.none() | types,
            default=plains(),
            meaning=texts,
            is_setting=st.booleans(),
            cites=cites,
        ),
        _node(ast.Table, name=names, columns=_some(columns), path=texts, cites=cites),
        _node(
            ast.Define,
            name=names,
            parameters=_some(_node(ast.DefineParameter, name=names, type=types)),
            body=expressions(),
            cites=cites,
            name_span=st.just(SPAN),
        ),
        rules(),
        _node(ast.Replace, rule=rules()),
        _node(ast.Drop, rule=names, because=texts),
        _node(ast.ChangeModal, rule=names, label=st.just("") | names, modal=modals, cites=cites),
        examples(),
    )


@st.composite
def specs(draw: st.DrawFn) -> ast.Spec:
    """Draw a whole file."""
    kind = draw(st.sampled_from(("spec", "library", "amends")))
    return ast.Spec(
        span=SPAN,
        language=1,
        kind=kind,
        name=draw(names),
        title=draw(texts),
        edition="" if kind == "library" else draw(st.sampled_from(("2025/26", "2019/20"))),
        uses=tuple(draw(st.lists(uses(), max_size=2))),
        applies=tuple(draw(st.lists(applies(), max_size=2))),
        items=tuple(draw(st.lists(items(), max_size=4))),
        name_span=SPAN,
    )


@cache
def uses() -> st.SearchStrategy[ast.Use]:
    """Draw a `use`."""
    taken = _node(
        ast.Taken,
        rule=names,
        label=st.just("") | names,
        modal=st.sampled_from(("", "must", "should")),
        cites=cites,
    )
    return _node(ast.Use, spec=names, rules=st.lists(taken, max_size=3).map(tuple))


@cache
def applies() -> st.SearchStrategy[ast.AppliesTo]:
    """Draw an `applies to`."""
    return _node(ast.AppliesTo, entity=words, variable=names, where=expressions())
