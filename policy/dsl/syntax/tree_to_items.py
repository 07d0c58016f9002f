"""The parser's tree -> ast, the whole file: head, parameters, tables, definitions, examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lark import Tree

from policy.dsl.syntax import ast
from policy.dsl.syntax.tree_reader import Branch, is_token, text_of
from policy.dsl.syntax.tree_to_rules import RuleBuilder
from policy.model.diagnostics import Diagnostic


class Builder(RuleBuilder):
    """Builds the tree of one file."""

    def spec(self, tree: Branch) -> ast.Spec:
        """Build a whole file from a `start` tree."""
        version: Any
        version, header, *rest = [child for child in tree.children if isinstance(child, Tree)]
        name, *words = header.children
        strings = [text_of(word) for word in words if is_token(word, "STRING")]
        editions = [str(word) for word in words if is_token(word, "YEAR")]
        items = tuple(self._build(child) for child in rest)
        return ast.Spec(
            span=self._span(tree),
            language=int(version.children[0]),
            kind=header.data,
            name=str(name),
            name_span=self._token_span(name),
            title=strings[0] if strings else "",
            edition=editions[0] if editions else "",
            uses=tuple(item for item in items if isinstance(item, ast.Use)),
            applies=tuple(item for item in items if isinstance(item, ast.AppliesTo)),
            items=tuple(item for item in items if not isinstance(item, ast.Use | ast.AppliesTo)),
        )

    def parts(self, tree: Branch) -> None:
        """Build what stands in a part of a file, for the mistakes that shows."""
        for child in tree.children:
            if isinstance(child, Tree) and hasattr(self, "_" + child.data):
                self._build(child)

    # ------------------------------------------------------------ head

    def _use(self, tree: Branch, children: Sequence[Any]) -> ast.Use:
        name, *taken = children
        return ast.Use(
            span=self._span(tree),
            spec=str(name),
            rules=tuple(self._build(item) for item in taken if item is not None),
        )

    def _taken(self, tree: Branch, children: Sequence[Any]) -> ast.Taken:
        name, label, modal, cites = children
        return ast.Taken(
            span=self._token_span(name),
            rule=str(name),
            label=str(label or ""),
            modal=str(modal or ""),
            cites=self._maybe(cites) or (),
        )

    def _applies(self, tree: Branch, children: Sequence[Any]) -> ast.AppliesTo:
        entity, variable, where = children
        return ast.AppliesTo(
            span=self._token_span(entity),
            entity=str(entity),
            variable=self._declared(variable),
            where=self._build(where),
        )

    # ------------------------------------------------------------ items

    def _parameter(self, tree: Branch, children: Sequence[Any]) -> ast.Parameter:
        name, kind, default, meaning, setting, cites = children
        return ast.Parameter(
            span=self._token_span(name),
            name=self._declared(name),
            type=self._maybe(kind),
            default=self._build(default),
            meaning=text_of(meaning),
            is_setting=setting is not None,
            cites=self._maybe(cites) or (),
        )

    def _table(self, tree: Branch, children: Sequence[Any]) -> ast.Table:
        name, *columns, path, cites = children
        return ast.Table(
            span=self._token_span(name),
            name=self._declared(name),
            columns=tuple(self._build(column) for column in columns),
            path=text_of(path),
            cites=self._maybe(cites) or (),
        )

    def _column(self, tree: Branch, children: Sequence[Any]) -> ast.Column:
        key, name, kind = children
        return ast.Column(
            span=self._token_span(name),
            name=str(name),
            is_key=key is not None,
            type=self._maybe(kind),
        )

    def _named_type(self, tree: Branch, children: Sequence[Any]) -> ast.NamedType:
        return ast.NamedType(span=self._span(tree), name=str(children[0]))

    def _list_type(self, tree: Branch, children: Sequence[Any]) -> ast.NamedType:
        return ast.NamedType(span=self._span(tree), name=str(children[0]), is_list=True)

    def _field_type(self, tree: Branch, children: Sequence[Any]) -> ast.FieldType:
        return ast.FieldType(span=self._span(tree), entity=str(children[0]), field=str(children[1]))

    def _choice_type(self, tree: Branch, children: Sequence[Any]) -> ast.ChoiceType:
        return ast.ChoiceType(span=self._span(tree), names=tuple(str(name) for name in children))

    def _define(self, tree: Branch, children: Sequence[Any]) -> ast.Define:
        name, *parameters, body, cites = children
        return ast.Define(
            span=self._span(tree),
            name=self._declared(name),
            name_span=self._token_span(name),
            parameters=tuple(self._build(item) for item in parameters),
            body=self._build(body),
            cites=self._maybe(cites) or (),
        )

    def _defined(self, tree: Branch, children: Sequence[Any]) -> ast.DefineParameter:
        return ast.DefineParameter(
            span=self._token_span(children[0]),
            name=self._declared(children[0]),
            type=self._build(children[1]),
        )

    def _replace(self, tree: Branch, children: Sequence[Any]) -> ast.Replace:
        return ast.Replace(span=self._span(tree), rule=self._build(children[0]))

    def _drop(self, tree: Branch, children: Sequence[Any]) -> ast.Drop:
        return ast.Drop(
            span=self._token_span(children[0]), rule=str(children[0]), because=text_of(children[1])
        )

    def _change_modal(self, tree: Branch, children: Sequence[Any]) -> ast.ChangeModal:
        name, label, modal, cites = children
        return ast.ChangeModal(
            span=self._token_span(name),
            rule=str(name),
            label=str(label or ""),
            modal=str(modal),
            cites=self._maybe(cites) or (),
        )

    # ------------------------------------------------------------ examples

    def _example(self, tree: Branch, children: Sequence[Any]) -> ast.Example:
        title, cites, given, as_at, *rest = children
        built = [self._build(child) for child in rest]
        return ast.Example(
            span=self._token_span(title),
            title=text_of(title),
            cites=self._maybe(cites) or (),
            given=text_of(given),
            given_span=self._token_span(given),
            as_at=None if as_at is None else self._date(as_at),
            steps=tuple(item for item in built if not isinstance(item, ast.Expect)),
            expects=tuple(item for item in built if isinstance(item, ast.Expect)),
        )

    def _change(self, tree: Branch, children: Sequence[Any]) -> ast.Change:
        entity, identity, field, value = children
        return ast.Change(
            span=self._span(tree),
            entity=str(entity),
            id=_ident(identity),
            field=str(field),
            value=self._example_value(value),
        )

    def _example_value(self, tree: Any) -> ast.ExampleValue:
        if tree.data == "missing_value":
            return None
        if tree.data == "empty_value":
            return ()
        if tree.data == "list_value":
            return tuple(self._example_value(child) for child in tree.children)
        plain = self._build(tree)
        if isinstance(plain, ast.Literal):
            return plain.value
        if isinstance(plain, ast.Name):
            return plain.name
        self.diagnostics.append(
            Diagnostic(
                code="P106",
                message=f"`{plain.span.text}` is no value a field can hold",
                span=plain.span,
                help="write a text in quotes, a number, a date such as 2025-10-28, true or false, "
                "or an enumerator",
            )
        )
        return None

    def _remove(self, tree: Branch, children: Sequence[Any]) -> ast.Remove:
        return ast.Remove(span=self._span(tree), entity=str(children[0]), id=_ident(children[1]))

    def _copy(self, tree: Branch, children: Sequence[Any]) -> ast.Copy:
        entity, identity, new = children
        return ast.Copy(
            span=self._span(tree), entity=str(entity), id=_ident(identity), new_id=_ident(new)
        )

    def _set_parameter(self, tree: Branch, children: Sequence[Any]) -> ast.SetParameter:
        return ast.SetParameter(
            span=self._span(tree), name=str(children[0]), value=self._build(children[1])
        )

    def _expect(self, tree: Branch, children: Sequence[Any]) -> ast.Expect:
        rule, label, outcome, for_, with_ = children
        negation, word = outcome.children
        is_applicable = str(word) == "applicable"
        return ast.Expect(
            span=self._span(tree),
            rule=str(rule),
            label=str(label or ""),
            outcome="not applicable" if is_applicable and negation else str(word),
            negated=negation is not None and not is_applicable,
            entity=str(for_.children[0]) if for_ else "",
            id=_ident(for_.children[1]) if for_ else "",
            with_entity=str(with_.children[0]) if with_ else "",
            with_id=_ident(with_.children[1]) if with_ else "",
        )


def _ident(tree: Branch) -> str:
    token = tree.children[0]
    return text_of(token) if is_token(token, "STRING") else str(token)
