"""The parser's tree -> ast, rules: scope, demands, clauses and messages with `{holes}`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lark import Token

from policy.dsl.syntax import ast
from policy.dsl.syntax.tree_reader import Branch, text_of, words_of
from policy.dsl.syntax.tree_to_expressions import ExpressionBuilder
from policy.model.diagnostics import Diagnostic
from policy.model.source import Span

# A value to show, braces round nothing, or a brace alone.
_BRACES = re.compile(r"\{(?P<hole>[^{}]*[^{}\s][^{}]*)\}|\{\s*\}|[{}]")


class RuleBuilder(ExpressionBuilder):
    """Builds rules."""

    def _rule(self, tree: Branch, children: Sequence[Any]) -> ast.Rule:
        name, title, only, *rest = children
        scope = next(child for child in rest if child.data == "scope")
        demands = [child for child in rest if child.data in ("demand", "demand_not", "note")]
        clauses = [child for child in rest if child is not scope and child not in demands]
        return ast.Rule(
            span=self._span(tree),
            name=self._declared(name),
            name_span=self._token_span(name),
            title=text_of(title),
            this_year_only=only is not None,
            scope=self._build(scope),
            terms=self._terms(clauses, self._token_span(name)),
            demands=tuple(self._build(demand) for demand in demands),
        )

    def _scope(self, tree: Branch, children: Sequence[Any]) -> ast.Scope:
        entity, variable, pair, where = children
        return ast.Scope(
            span=self._span(tree),
            entity=str(entity),
            variable=self._declared(variable),
            pair=self._maybe(pair),
            where=self._maybe(where),
        )

    def _demand(self, tree: Branch, children: Sequence[Any]) -> ast.Demand:
        modal, label, condition, by, *clauses = children
        return self._demanded(tree, modal, label, condition, by, clauses)

    def _demand_not(self, tree: Branch, children: Sequence[Any]) -> ast.Demand:
        modal, label, condition, *clauses = children
        return self._demanded(tree, modal, label, condition, None, clauses)

    def _demanded(
        self,
        tree: Branch,
        modal: Token,
        label: Any,
        condition: Any,
        by: Any,
        clauses: Sequence[Any],
    ) -> ast.Demand:
        return ast.Demand(
            span=self._span(tree),
            modal=words_of(modal),
            label=_label(label),
            condition=self._build(condition),
            by=self._maybe(by),
            terms=self._terms(clauses, self._token_span(modal)),
        )

    def _note(self, tree: Branch, children: Sequence[Any]) -> ast.Demand:
        label, condition, text, *clauses = children
        return ast.Demand(
            span=self._span(tree),
            modal="note",
            label=_label(label),
            condition=self._build(condition),
            text=self._template(text),
            terms=self._terms(clauses, self._token_span(text)),
        )

    def _terms(self, clauses: Sequence[Any], span: Span) -> ast.Terms:
        """Gather the clauses of a rule or a demand.

        Citations, conditions and exceptions said several times add up; the others are said once.
        """
        cites: list[ast.Clause] = []
        exceptions: list[ast.Exception_] = []
        when: list[ast.Expr] = []
        once: dict[str, Any] = {}
        for clause in clauses:
            value = self._build(clause)
            if clause.data == "cites":
                cites.extend(value)
            elif clause.data == "except_":
                exceptions.append(value)
            elif clause.data == "when":
                when.append(value)
            elif clause.data in once:
                self._said_twice(clause)
            else:
                once[clause.data] = value
        return ast.Terms(
            span=span,
            cites=tuple(cites),
            exceptions=tuple(exceptions),
            when=tuple(when),
            breach=once.get("breach"),
            remedy=once.get("remedy"),
            owner=str(once.get("owner", "")),
            owner_span=self._token_span(once["owner"]) if "owner" in once else None,
        )

    def _said_twice(self, clause: Branch) -> None:
        self.diagnostics.append(
            Diagnostic(
                code="P104",
                message=f"`{clause.data}` is said twice for one demand",
                span=self._span(clause),
                help="keep one of them",
            )
        )

    def _when(self, tree: Branch, children: Sequence[Any]) -> ast.Expr:
        return self.expression(children[0])

    def _cites(self, tree: Branch, children: Sequence[Any]) -> tuple[ast.Clause, ...]:
        return tuple(ast.Clause(span=self._token_span(token), id=str(token)) for token in children)

    def _breach(self, tree: Branch, children: Sequence[Any]) -> ast.Template:
        return self._template(children[0])

    def _remedy(self, tree: Branch, children: Sequence[Any]) -> ast.Template:
        return self._template(children[0])

    def _owner(self, tree: Branch, children: Sequence[Any]) -> Token:
        return children[0]  # type: ignore[no-any-return]

    def _except_(self, tree: Branch, children: Sequence[Any]) -> ast.Exception_:
        name, why, cites, when = children
        return ast.Exception_(
            span=self._token_span(name),
            name=str(name),
            why=text_of(why),
            cites=self._build(cites),
            when=self._build(when),
        )

    def _template(self, token: Token) -> ast.Template:
        span = self._token_span(token)
        texts: list[str] = []
        holes: list[ast.Expr] = []
        written = start = span.start + 1
        for match in _BRACES.finditer(self.source.text, start, span.end - 1):
            if match["hole"] is None:
                self._stray_brace(match.start(), match.end(), is_empty=len(match.group()) > 1)
                continue
            texts.append(self.source.text[written : match.start()])
            holes.append(self._hole(match.start("hole"), match.end("hole")))
            written = match.end()
        texts.append(self.source.text[written : span.end - 1])
        return ast.Template(span=span, texts=tuple(texts), holes=tuple(holes))

    def _hole(self, start: int, end: int) -> ast.Expr:
        hole = self._read_template(self.source, start, end)
        if isinstance(hole, Diagnostic):
            self.diagnostics.append(hole)
            return ast.Literal(span=Span(self.source, start, end), value="")
        return hole

    def _stray_brace(self, start: int, end: int, *, is_empty: bool) -> None:
        text = self.source.text[start:end]
        self.diagnostics.append(
            Diagnostic(
                code="P105",
                message="nothing stands between these braces"
                if is_empty
                else f"`{text}` has no partner in this message",
                span=Span(self.source, start, end),
                help="braces show a value, for example {s.submitted_on}",
            )
        )


def _label(tree: Any) -> str:
    return "" if tree is None else str(tree.children[0])
