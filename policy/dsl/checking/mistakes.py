"""Every sentence the checker can say, on one screen each. One function per mistake, one code each.

Lower case, no full stop, the author's words in backticks, what to do in `help`.
"""

from __future__ import annotations

from collections.abc import Iterable

from policy.model.diagnostics import Diagnostic, Label, Level, did_you_mean
from policy.model.source import Span

# ---------------------------------------------------------------- P2xx names


def unknown_name(span: Span, name: str, known: Iterable[str], help: str = "") -> Diagnostic:
    """A word that means nothing here."""
    return Diagnostic(
        code="P201",
        message=f"`{name}` means nothing here",
        span=span,
        help=did_you_mean(name, known) or help,
    )


def unknown_member(span: Span, owner: str, name: str, known: Iterable[str]) -> Diagnostic:
    """`x.name` where there is no such field, list, ancestor or definition."""
    return Diagnostic(
        code="P202",
        message=f"{_a(owner)} has no `{name}`",
        span=span,
        help=did_you_mean(name, known) or f"`policy schema {owner}` lists what it has",
    )


def unknown_enumerator(
    span: Span, name: str, enumeration: str, values: Iterable[str]
) -> Diagnostic:
    """A word that is not in the enumeration."""
    values = sorted(values)
    words = enumeration if enumeration.startswith("one of") else f"a word of {enumeration}"
    return Diagnostic(
        code="P203",
        message=f"`{name}` is not {words}",
        span=span,
        help=did_you_mean(name, values) or f"it is one of: {', '.join(values)}",
    )


def unknown_type(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    """A type that does not exist."""
    return Diagnostic(
        code="P204",
        message=f"`{name}` is no type",
        span=span,
        help=did_you_mean(name, known)
        or "a type is text, integer, number, boolean, date, duration or the name of an entity",
    )


def unknown_entity(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    """A kind of row that the data model does not have."""
    return Diagnostic(
        code="P205",
        message=f"the data has no `{name}`",
        span=span,
        help=did_you_mean(name, known) or "`policy schema` lists what the data has",
    )


def unknown_function(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    """A call of nothing."""
    return Diagnostic(
        code="P206",
        message=f"there is no definition or function `{name}`",
        span=span,
        help=did_you_mean(name, known) or "`policy plugins` lists the functions of plugins",
    )


def unknown_clause(span: Span, clause: str, known: Iterable[str]) -> Diagnostic:
    """A clause id that is not in the register."""
    return Diagnostic(
        code="P207",
        message=f"the register has no clause `{clause}`",
        span=span,
        help=did_you_mean(clause, known) or "clause ids stand in `specs/clauses`",
    )


def no_citation(span: Span, name: str) -> Diagnostic:
    """A demand that says on whose authority it is made nowhere."""
    return Diagnostic(
        code="P208",
        message=f"`{name}` cites no clause",
        span=span,
        help="add `cites` with the ids of the clauses it decides",
    )


def said_before(span: Span, what: str, name: str, first: Span | None) -> Diagnostic:
    """Two things of one name."""
    labels = (Label(span=first, text="first said here"),) if first else ()
    return Diagnostic(
        code="P209",
        message=f"there is another {what} `{name}`",
        span=span,
        labels=labels,
        help="give one of them another name",
    )


def shadows(span: Span, name: str, what: str) -> Diagnostic:
    """A name that hides something."""
    return Diagnostic(
        code="P210",
        message=f"`{name}` is already {what}",
        span=span,
        help="choose another name",
    )


def two_meanings(span: Span, name: str, entity: str, what: str) -> Diagnostic:
    """A definition that reads like a field."""
    return Diagnostic(
        code="P211",
        message=f"`{entity}.{name}` would mean two things: this definition and {what}",
        span=span,
        help="give the definition another name",
    )


def label_needed(span: Span, rule: str) -> Diagnostic:
    """Several demands, one without a label."""
    return Diagnostic(
        code="P212",
        message=f"`{rule}` makes several demands, and this one has no label",
        span=span,
        help="write a label after the modal: `must in_time: ...`",
    )


def unused(span: Span, what: str, name: str) -> Diagnostic:
    """Something nobody reads."""
    return Diagnostic(
        code="P213",
        level=Level.WARNING,
        message=f"{what} `{name}` is used by no rule",
        span=span,
        help="remove it, or use it",
    )


def goes_in_circles(span: Span, names: Iterable[str]) -> Diagnostic:
    """A definition that rests on itself."""
    return Diagnostic(
        code="P214",
        message=f"this definition rests on itself: {' -> '.join(names)}",
        span=span,
        help="a definition may use others, but no chain may lead back to it",
    )


def unknown_spec(span: Span | None, name: str, known: Iterable[str]) -> Diagnostic:
    """`use` or `amends` of a spec that is not there."""
    return Diagnostic(
        code="P215",
        message=f"there is no spec `{name}`",
        span=span,
        help=did_you_mean(name, known) or "`policy specs` lists the specs there are",
    )


def nothing_to_amend(span: Span, name: str, edition: str) -> Diagnostic:
    """`amends` of an edition that is not later than the first one."""
    return Diagnostic(
        code="P215",
        message=f"there is no edition of `{name}` before {edition}",
        span=span,
        help="an edition amends an earlier one; give it a later year",
    )


def unknown_rule(span: Span | None, name: str, spec: str, known: Iterable[str]) -> Diagnostic:
    """A rule that the spec, or with an empty name no spec of the run, has."""
    return Diagnostic(
        code="P216",
        message=f"`{spec}` has no rule `{name}`"
        if spec
        else f"no spec of this run has a rule `{name}`",
        span=span,
        help=did_you_mean(name, known)
        or (
            f"`policy specs {spec}` lists its rules"
            if spec
            else "`policy specs --rules` lists all rules"
        ),
    )


def unknown_owner(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    """`owner` names no role."""
    return Diagnostic(
        code="P217",
        message=f"`{name}` is no role of a centre",
        span=span,
        help=did_you_mean(name, known) or f"an owner is one of: {', '.join(sorted(known))}",
    )


def only_for_the_last(span: Span, clause: str, rule: str) -> Diagnostic:
    """A remedy or owner that only the last of several demands has."""
    return Diagnostic(
        code="P218",
        level=Level.WARNING,
        message=f"only this demand of `{rule}` has a `{clause}`; the others have none",
        span=span,
        help=f"write `{clause}` before the first demand to let it hold for all",
    )


def unread(span: Span, name: str) -> Diagnostic:
    """A variable that nothing asks for."""
    return Diagnostic(
        code="P219",
        level=Level.WARNING,
        message=f"nothing is asked of `{name}`",
        span=span,
        help="perhaps another name stands where this one was meant",
    )


# ---------------------------------------------------------------- P3xx types and units


def wrong_type(span: Span, given: object, wanted: object, help: str = "") -> Diagnostic:
    """A value of one type where another is asked for."""
    return Diagnostic(
        code="P301",
        message=f"this is {_a(given)}, and {_a(wanted)} is needed",
        span=span,
        help=help,
    )


def unlike(span: Span, left: object, right: object, help: str = "") -> Diagnostic:
    """A comparison of things that can never be equal."""
    return Diagnostic(
        code="P302",
        message=f"{_a(left)} cannot be compared with {_a(right)}",
        span=span,
        help=help or "compare values of the same type",
    )


def no_order(span: Span, kind: object) -> Diagnostic:
    """`<` of texts or enumerations."""
    return Diagnostic(
        code="P303",
        message=f"{_a(kind)} has no order",
        span=span,
        help="`<`, `<=`, `>` and `>=` compare numbers, dates and lengths of time",
    )


def always(span: Span, truth: bool, why: str) -> Diagnostic:
    """A test that cannot fail, or cannot succeed."""
    return Diagnostic(
        code="P304" if truth else "P305",
        message=f"this is always {'true' if truth else 'false'}: {why}",
        span=span,
        help="a test that cannot go both ways tests nothing; remove it or mend it",
    )


def meaning_of_empty(span: Span, expression: str, meaning: str) -> Diagnostic:
    """A null with a meaning is used without a test."""
    return Diagnostic(
        code="P306",
        message=f"`{expression}` may be empty, which means: {meaning}",
        span=span,
        help=f"say what holds then: `{expression} is missing or ...`, "
        f"or `{expression} otherwise ...`",
    )


def list_has_no_fields(span: Span, name: str) -> Diagnostic:
    """`list.field`."""
    return Diagnostic(
        code="P307",
        message=f"a list has no `{name}`",
        span=span,
        help=f"take it from each row: `all x.{name} for x in ...`, "
        "or ask `some x in ... where ...`",
    )


def wrong_number(span: Span, name: str, given: int, wanted: int) -> Diagnostic:
    """A call with too few or too many arguments."""
    return Diagnostic(
        code="P308",
        message=f"`{name}` takes {wanted} value{'s' if wanted != 1 else ''}, not {given}",
        span=span,
    )


def cross_join(span: Span, collection: str) -> Diagnostic:
    """Every row against every row."""
    return Diagnostic(
        code="P309",
        message=f"this compares every row with every one of `{collection}`",
        span=span,
        help="add an equality to `where` that picks the rows, such as `x.assignment = a`",
    )


def bad_table(span: Span, message: str, help: str) -> Diagnostic:
    """A table's file does not fit its declaration."""
    return Diagnostic(code="P310", message=message, span=span, help=help)


def key_twice(span: Span, table: str, first: Span) -> Diagnostic:
    """A key that two rows of a table have."""
    return Diagnostic(
        code="P311",
        message=f"another row of `{table}` has this key",
        span=span,
        labels=(Label(span=first, text="first here"),),
        help="a key picks one row: remove one, or declare more columns as `key`",
    )


def no_enumeration(span: Span, name: str) -> Diagnostic:
    """`is NAME` of something that is no enumeration."""
    return Diagnostic(
        code="P312",
        message=f"`{name}` is a word, and this is no choice between words",
        span=span,
        help="`is` compares with a word of an enumeration; for other values write `=`",
    )


def needs_quotes(span: Span, name: str) -> Diagnostic:
    """A bare word where a text is needed."""
    return Diagnostic(
        code="P314",
        message=f"`{name}` is a text here and stands without quotes",
        span=span,
        help=f'write `"{name}"`',
    )


def no_quotes(span: Span, text: str) -> Diagnostic:
    """A text where an enumerator is needed."""
    return Diagnostic(
        code="P315",
        message=f'`"{text}"` is a text, and a word of an enumeration is needed',
        span=span,
        help=f"write `{text}` without quotes",
    )


# ---------------------------------------------------------------- P6xx examples


def bad_expectation(span: Span, word: str, known: Iterable[str]) -> Diagnostic:
    """`expect` of something that is no outcome."""
    known = sorted(known)
    return Diagnostic(
        code="P601",
        message=f"`{word}` is no outcome",
        span=span,
        help=did_you_mean(word, known) or f"an outcome is one of: {', '.join(known)}",
    )


def _a(thing: object) -> str:
    text = str(thing)
    if text in ("text", "anything"):
        return text
    return f"an {text}" if text[0] in "aeiou" and not text.startswith("one") else f"a {text}"
