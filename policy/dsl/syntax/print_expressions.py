"""ast -> text, expressions, with brackets exactly where the grammar needs them.

Each kind of expression has a level, that of the grammar rule it is written by; each place in
another expression takes levels up to its own. What is higher than its place stands in brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import IntEnum

from policy.dsl.syntax import ast
from policy.dsl.syntax.line_breaking import Break, Doc, Group, Nest, Text, lay_out, separated

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Level(IntEnum):
    """The rules of `grammar.lark`, each containing those above it (OPEN and CLOSED make `term`)."""

    PRIMARY = 0
    POSTFIX = 1
    TIMED = 2
    PRODUCT = 3
    SUM = 4
    VALUE = 5
    CLOSED = 6
    TERM = 7
    EXPR = 8


def print_expression(expr: ast.Expr) -> str:
    """Return an expression on one line, for messages and explanations."""
    return lay_out(expression_doc(expr), indent=0, width=None)[0].text


def expression_doc(expr: ast.Expr, within: Level = Level.EXPR) -> Doc:
    """Return an expression for a place that takes `within`, with brackets if it needs them."""
    doc = _plain(expr)
    if level_of(expr) <= within:
        return doc
    return Group(("(", Nest(None if isinstance(expr, ast.If) else 2, doc), ")"))


def level_of(expr: ast.Expr) -> Level:
    """Return the level of the grammar rule that writes `expr`."""
    match expr:
        case ast.Member() | ast.Lookup():
            return Level.POSTFIX
        case ast.Shift() | ast.StudyDays():
            return Level.TIMED
        case ast.Binary():
            return Level.PRODUCT if expr.op in "*/" else Level.SUM
        case ast.Otherwise():
            return Level.VALUE
        case ast.Compare():
            return Level.TERM if isinstance(expr.right, ast.Aggregate) else Level.CLOSED
        case ast.Not():
            return Level.TERM if level_of(expr.item) is Level.TERM else Level.CLOSED
        case ast.IsState() | ast.IsOneOf() | ast.In() | ast.Has():
            return Level.CLOSED
        case ast.Quantifier():
            return Level.TERM
        case ast.And() | ast.Or() | ast.If() | ast.Aggregate():
            return Level.EXPR
        case _:
            return Level.PRIMARY


def literal_text(value: str | int | Decimal | date | bool) -> str:
    """Return a value as it is written in a spec."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case Decimal():
            text = format(value, "f")
            return text if "." in text else text + ".0"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def template_text(template: ast.Template) -> str:
    """Return a message with its holes, in quotes."""
    parts = [template.texts[0]]
    for hole, text in zip(template.holes, template.texts[1:], strict=True):
        parts += ["{", print_expression(hole), "}", text]
    return '"' + "".join(parts) + '"'


def _plain(expr: ast.Expr) -> Doc:
    """Return an expression without brackets around it."""
    match expr:
        case ast.Literal():
            return Text(literal_text(expr.value), expr.span.start)
        case ast.DayMonth():
            return Text(f"{expr.day} {MONTHS[expr.month - 1]}", expr.span.start)
        case ast.Length():
            return Text(f"{_amount(expr.amount)} {_unit(expr)}", expr.span.start)
        case ast.Name():
            return Text(expr.name, expr.span.start)
        case ast.And():
            return _joined("and", expr.items)
        case ast.Or():
            return _joined("or", expr.items)
        case ast.Not():
            return ("not ", expression_doc(expr.item, Level.TERM))
        case ast.If():
            return _if(expr)
        case ast.Quantifier():
            return _quantifier(expr)
        case ast.Aggregate():
            return _aggregate(expr)
        case ast.IsState() | ast.IsOneOf() | ast.In() | ast.Has():
            return _test(expr)
        case _:
            return _value(expr)


def _value(
    expr: ast.Member
    | ast.Call
    | ast.Lookup
    | ast.Compare
    | ast.Otherwise
    | ast.Binary
    | ast.Shift
    | ast.StudyDays,
) -> Doc:
    match expr:
        case ast.Member():
            name = Text(expr.name, expr.span.end - len(expr.name))
            return (expression_doc(expr.of, Level.POSTFIX), ".", name)
        case ast.Call():
            name = Text(expr.name, expr.span.start)
            return (name, _listed("(", expr.arguments, ")"))
        case ast.Lookup():
            return (expression_doc(expr.table, Level.POSTFIX), _listed("[", expr.keys, "]"))
        case ast.Compare():
            is_aggregate = isinstance(expr.right, ast.Aggregate)
            right = expression_doc(expr.right, Level.EXPR if is_aggregate else Level.VALUE)
            return _infix(expression_doc(expr.left, Level.VALUE), expr.op, right)
        case ast.Otherwise():
            first = expression_doc(expr.first, Level.VALUE)
            return _infix(first, "otherwise", expression_doc(expr.second, Level.SUM))
        case ast.Binary():
            level = level_of(expr)
            left = expression_doc(expr.left, level)
            return _infix(left, expr.op, expression_doc(expr.right, Level(level - 1)))
        case ast.Shift():
            length = expression_doc(expr.length, Level.POSTFIX)
            return _infix(length, expr.direction, expression_doc(expr.base, Level.TIMED))
        case ast.StudyDays():
            learner = expression_doc(expr.learner, Level.POSTFIX)
            days = (Text(f"{_amount(expr.amount)} study days of ", expr.span.start), learner)
            return _infix(days, expr.direction, expression_doc(expr.base, Level.TIMED))


def _infix(left: Doc, word: str, right: Doc) -> Doc:
    return Group((left, Nest(2, (Break(), f"{word} ", right))))


def _listed(opening: str, items: Sequence[ast.Expr], closing: str) -> Doc:
    docs = [expression_doc(item, Level.VALUE) for item in items]
    return (opening, Nest(2, separated(docs, ",")), closing)


def _joined(word: str, items: Sequence[ast.Expr]) -> Doc:
    *first, last = items
    docs: list[Doc] = [expression_doc(item, Level.CLOSED) for item in first]
    docs.append(expression_doc(last, Level.TERM))
    parts: list[Doc] = [docs[0]]
    for doc in docs[1:]:
        parts += [Break(), f"{word} ", doc]
    return Group(tuple(parts))


def _if(expr: ast.If) -> Doc:
    # A chain of `else if` keeps one indentation, so only its head makes a group.
    parts: list[Doc] = []
    rest: ast.Expr = expr
    while isinstance(rest, ast.If):
        condition, then = expression_doc(rest.condition), expression_doc(rest.then)
        parts += ["if ", Nest(3, condition), Break(), "then ", Nest(5, then), Break(), "else "]
        rest = rest.orelse
    parts.append(Nest(5, expression_doc(rest)))
    return Group(tuple(parts))


def _test(expr: ast.IsState | ast.IsOneOf | ast.In | ast.Has) -> Doc:
    match expr:
        case ast.IsState():
            item = expression_doc(expr.item, Level.VALUE)
            return (item, " is not " if expr.negated else " is ", expr.state)
        case ast.IsOneOf():
            item = expression_doc(expr.item, Level.VALUE)
            word = " is not " if expr.negated else " is "
            if not expr.listed:
                return (item, word, _plain(expr.names[0]))
            return (item, word, "one of ", _listed("(", expr.names, ")"))
        case ast.In():
            word = "not in" if expr.negated else "in"
            container = expression_doc(expr.container, Level.VALUE)
            return _infix(expression_doc(expr.item, Level.VALUE), word, container)
        case ast.Has():
            start = (expression_doc(expr.list, Level.VALUE), " has ", "no " * expr.negated)
            if expr.mode == "one":
                return (*start, _plain(expr.members[0]))
            words = {"all": "all of ", "any": "any of ", "only": "only "}[expr.mode]
            return (*start, words, _listed("(", expr.members, ")"))


def _generator(generator: ast.Generator) -> Doc:
    variable = Text(generator.variable, generator.span.start)
    return (variable, " in ", expression_doc(generator.source, Level.SUM))


def clause_of(word: str, expr: ast.Expr | None, within: Level) -> Doc:
    """Return ` where P` and its like, on a line of its own if need be; nothing for None."""
    if expr is None:
        return ""
    return Nest(2, Group((Break(), f"{word} ", expression_doc(expr, within))))


def _quantifier(expr: ast.Quantifier) -> Doc:
    amount = "" if expr.amount is None else f" {_amount(expr.amount)}"
    return Group(
        (
            Text(f"{expr.kind}{amount} ", expr.span.start),
            _generator(expr.generator),
            clause_of("where", expr.where, Level.TERM),
            clause_of("satisfies", expr.satisfies, Level.TERM),
        )
    )


def _aggregate(expr: ast.Aggregate) -> Doc:
    word = {"count": "count of ", "sum": "sum of "}.get(expr.kind, f"{expr.kind} ")
    result: Doc = ""
    if expr.result is not None:
        result = (expression_doc(expr.result, Level.SUM), " for ")
    return Group(
        (
            Text(word, expr.span.start),
            result,
            _generator(expr.generator),
            clause_of("where", expr.where, Level.CLOSED if expr.pick else Level.TERM),
            clause_of(f"with {expr.pick}", expr.by, Level.SUM),
        )
    )


def _amount(amount: int | ast.Name) -> str:
    return str(amount) if isinstance(amount, int) else amount.name


def _unit(length: ast.Length) -> str:
    return length.unit.removesuffix("s") if length.amount == 1 else length.unit
