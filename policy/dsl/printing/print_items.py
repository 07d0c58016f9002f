"""ast -> lines, everything but expressions: head, parameters, tables, definitions, rules, examples.

One clause a line: those of a rule indented by two blanks, those of one demand among several by
four. Clauses come in one order, whatever order they were written in; citations keep theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from policy.dsl.syntax import ast
from policy.dsl.syntax.line_breaking import Break, Doc, Group, Line, Nest, Text, lay_out, separated
from policy.dsl.syntax.print_expressions import (
    Level,
    clause_of,
    expression_doc,
    literal_text,
    template_text,
)

CONTINUED = 4
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NUMBER = re.compile(r"[0-9]+")
_NOT_BARE = frozenset({"missing", "empty", "true", "false"})


def head_lines(spec: ast.Spec) -> list[Line]:
    """Return the lines from `language` to the last `applies to`."""
    docs: list[Doc] = [Text(f"language {spec.language}", spec.span.start), _header(spec)]
    docs += [_use(use) for use in spec.uses]
    docs += [_applies(applies) for applies in spec.applies]
    return [line for doc in docs for line in _first(lay_out(doc, indent=0))]


def _header(spec: ast.Spec) -> Doc:
    name = (f"{spec.kind} ", Text(spec.name, spec.name_span.start))
    title, edition = f'"{spec.title}"', f"for {spec.edition}"
    match spec.kind:
        case "spec":
            words = [title, edition]
        case "library":
            words = [title]
        case _:
            words = [edition, *([title] if spec.title else [])]
    return (*name, *(Nest(2, Group((Break(), word))) for word in words))


def item_lines(item: ast.Item) -> list[Line]:
    """Return the lines of one item, the first marked so."""
    match item:
        case ast.Rule():
            return _first(_rule(item, ""))
        case ast.Replace():
            return _first(_rule(item.rule, "replace "))
        case ast.Example():
            return _first(_example(item))
        case _:
            return _first(lay_out(_one_clause(item), indent=0))


def _first(lines: list[Line]) -> list[Line]:
    return [replace(lines[0], first_of_item=True), *lines[1:]]


# ---------------------------------------------------------------- head


def _use(use: ast.Use) -> Doc:
    word = Text(f"use {use.spec}", use.span.start)
    if not use.rules:
        return word
    rules: list[Doc] = []
    for taken in use.rules:
        if rules:
            rules += [";", Break()]
        label = f".{taken.label}" if taken.label else ""
        modal = f" as {taken.modal}" if taken.modal else ""
        rules.append((Text(f"{taken.rule}{label}{modal}", taken.span.start), _cites(taken.cites)))
    return Group((word, " (", Nest(2, (Break(""), *rules)), ")"))


def _applies(applies: ast.AppliesTo) -> Doc:
    start = Text(f"{applies.entity} {applies.variable}", applies.span.start)
    return Group(("applies to ", start, clause_of("where", applies.where, Level.EXPR)))


# ---------------------------------------------------------------- items of one clause


def _one_clause(
    item: ast.Parameter | ast.Table | ast.Define | ast.Drop | ast.ChangeModal,
) -> Doc:
    match item:
        case ast.Parameter():
            return _parameter(item)
        case ast.Table():
            return _table(item)
        case ast.Define():
            return _define(item)
        case ast.Drop():
            return ("drop rule ", Text(item.rule, item.span.start), f' because "{item.because}"')
        case ast.ChangeModal():
            label = f".{item.label}" if item.label else ""
            name = Text(f"{item.rule}{label}", item.span.start)
            return Group(("change rule ", name, f" to {item.modal}", _cites(item.cites)))


def _parameter(item: ast.Parameter) -> Doc:
    kind: Doc = "" if item.type is None else (": ", _type(item.type))
    start = ("parameter ", Text(item.name, item.span.start), kind, " = ")
    meaning = Nest(2, Group((Break(), f'"{item.meaning}"' + " setting" * item.is_setting)))
    return (*start, expression_doc(item.default), meaning, _cites(item.cites))


def _table(item: ast.Table) -> Doc:
    columns = separated([_column(column) for column in item.columns], ",")
    source = Nest(2, Group((Break(), f'from "{item.path}"')))
    name = Text(item.name, item.span.start)
    return ("table ", name, " (", Nest(2, columns), ")", source, _cites(item.cites))


def _column(column: ast.Column) -> Doc:
    kind: Doc = "" if column.type is None else (": ", _type(column.type))
    return ("key " * column.is_key, Text(column.name, column.span.start), kind)


def _define(item: ast.Define) -> Doc:
    parameters: list[Doc] = [
        (Text(f"{parameter.name}: ", parameter.span.start), _type(parameter.type))
        for parameter in item.parameters
    ]
    name = Text(item.name, item.name_span.start)
    start = ("define ", name, "(", Nest(CONTINUED, separated(parameters, ",")), ") =")
    body = Nest(2, (Break(), expression_doc(item.body)))
    return Group((*start, body, _cites(item.cites)))


def _type(kind: ast.TypeExpr) -> Doc:
    match kind:
        case ast.NamedType():
            return Text("list of " * kind.is_list + kind.name, kind.span.start)
        case ast.FieldType():
            return Text(f"{kind.entity}.{kind.field}", kind.span.start)
        case ast.ChoiceType():
            return (Text("one of (", kind.span.start), separated(kind.names, ","), ")")


def _cites(cites: Sequence[ast.Clause]) -> Doc:
    """Return ` cites A, B` for the end of a line."""
    return Nest(2, Group((Break(), _cited(cites)))) if cites else ""


def _cited(cites: Sequence[ast.Clause]) -> Doc:
    ids = [Text(clause.id, clause.span.start) for clause in cites]
    return ("cites ", Nest(CONTINUED, separated(ids, ",")))


# ---------------------------------------------------------------- rules


def _rule(rule: ast.Rule, before: str) -> list[Line]:
    only = " this year only" * rule.this_year_only
    lines = [
        Line(0, f'{before}rule {rule.name} "{rule.title}"{only}', (rule.name_span.start,)),
    ]
    if rule.terms.cites:
        lines += lay_out(_cited(rule.terms.cites), indent=2)
    lines += lay_out(_scope(rule.scope), indent=2)
    for doc in _clauses(replace(rule.terms, cites=())):
        lines += lay_out(doc, indent=2)
    inner = 2 if len(rule.demands) == 1 else 4
    for demand in rule.demands:
        lines += lay_out(_demand(demand), indent=2)
        for doc in _clauses(demand.terms):
            lines += lay_out(doc, indent=inner)
    return lines


def _scope(scope: ast.Scope) -> Doc:
    start = Text(f"for each {scope.entity} {scope.variable}", scope.span.start)
    if scope.pair is None:
        return start
    variable = Text(scope.pair.variable, scope.pair.span.start)
    source = expression_doc(scope.pair.source, Level.SUM)
    pair: Doc = ("each ", variable, " in ", source, clause_of("where", scope.where, Level.TERM))
    return (start, ",", Nest(CONTINUED, Group((Break(), pair))))


def _demand(demand: ast.Demand) -> Doc:
    takes = Level.TERM if demand.modal.endswith(" not") else Level.EXPR
    label = f"{demand.label}: " if demand.label else ""
    start = Text(f"{demand.modal} {label}", demand.span.start)
    if demand.modal in ("must", "should") and not label and _begins_with_not(demand.condition):
        # `must not` would be read as the modal.
        condition: Doc = Group(("(", Nest(2, expression_doc(demand.condition)), ")"))
    else:
        condition = _continued(demand.condition, takes)
    parts: list[Doc] = [start, condition]
    if demand.by is not None:
        due = (Break(), "by ", expression_doc(demand.by, Level.SUM))
        parts.append(Nest(CONTINUED, Group(due)))
    if demand.text is not None:
        text = Text(template_text(demand.text), demand.text.span.start)
        parts.append(Nest(CONTINUED, Group((Break(), text))))
    return tuple(parts)


def _begins_with_not(condition: ast.Expr) -> bool:
    while isinstance(condition, ast.And | ast.Or):
        condition = condition.items[0]
    return isinstance(condition, ast.Not)


def _continued(condition: ast.Expr, takes: Level = Level.EXPR) -> Doc:
    """Return a condition whose further lines are indented by four blanks."""
    indents_itself = not isinstance(condition, ast.And | ast.Or | ast.If)
    return Nest(CONTINUED // 2 if indents_itself else CONTINUED, expression_doc(condition, takes))


def _clauses(terms: ast.Terms) -> Iterator[Doc]:
    if terms.cites:
        yield _cited(terms.cites)
    for condition in terms.when:
        yield ("when ", _continued(condition))
    for exception in terms.exceptions:
        yield _exception(exception)
    for word, template in (("breach ", terms.breach), ("remedy ", terms.remedy)):
        if template is not None:
            yield (word, Text(template_text(template), template.span.start))
    if terms.owner:
        place = terms.owner_span or terms.span
        yield ("owner ", Text(terms.owner, place.start))


def _exception(exception: ast.Exception_) -> Doc:
    name = Text(exception.name, exception.span.start)
    when = ("when ", _continued(exception.when))
    clauses = (Break(), _cited(exception.cites), Break(), when)
    return Group(("except ", name, f' "{exception.why}"', Nest(2, clauses)))


# ---------------------------------------------------------------- examples


def _example(item: ast.Example) -> list[Line]:
    given = f'given "{item.given}"'
    if item.as_at is not None:
        given += f" as at {item.as_at.isoformat()}"
    place = () if item.given_span is None else (item.given_span.start,)
    title = Text(f'example "{item.title}"', item.span.start)
    lines = lay_out((title, _cites(item.cites)), indent=0)
    lines.append(Line(2, given, place))
    for step in item.steps:
        lines += lay_out(_step(step), indent=2)
    lines += [Line(2, _expect(expect), (expect.span.start,)) for expect in item.expects]
    return lines


def _step(step: ast.Step) -> Doc:
    place = step.span.start
    match step:
        case ast.Change():
            start = Text(f"change {step.entity} {_ident(step.id)} {step.field} to ", place)
            return (start, _example_value(step.value, step.span.text))
        case ast.Remove():
            return Text(f"remove {step.entity} {_ident(step.id)}", place)
        case ast.Copy():
            old, new = _ident(step.id), _ident(step.new_id)
            return Text(f"copy {step.entity} {old} as {new}", place)
        case ast.SetParameter():
            return (Text(f"set {step.name} to ", place), expression_doc(step.value))


def _example_value(value: ast.ExampleValue, written: str) -> Doc:
    """Return a value; a text is quoted if it must be, or if the author had quoted it."""
    match value:
        case None:
            return "missing"
        case ():
            return "empty"
        case tuple():
            return ("(", Nest(2, separated([_example_value(v, written) for v in value], ",")), ")")
        case str() if _can_be_bare(value) and f'"{value}"' not in written:
            return value
        case str() | int() | Decimal() | date():
            return literal_text(value)


def _can_be_bare(text: str) -> bool:
    return bool(_WORD.fullmatch(text)) and text not in _NOT_BARE


def _ident(text: str) -> str:
    return text if _WORD.fullmatch(text) or _NUMBER.fullmatch(text) else f'"{text}"'


def _expect(expect: ast.Expect) -> str:
    label = f".{expect.label}" if expect.label else ""
    text = f"expect {expect.rule}{label} " + "not " * expect.negated + expect.outcome
    if expect.entity:
        text += f" for {expect.entity} {_ident(expect.id)}"
    if expect.with_entity:
        text += f" with {expect.with_entity} {_ident(expect.with_id)}"
    return text
