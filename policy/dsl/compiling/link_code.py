"""The code that links rows: who encloses whom, who refers to whom, which days are to come.

Nothing is asked twice: what the classes of rows have seen to (kinds of values, names, lengths) is
taken for granted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policy.dsl.compiling.row_classes import CENTURY, NO_CONTROLS, own_fields
from policy.model.entities import EntityType, Field, Kind, Schema, Tense, ValueType

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)
"""Between them lie the days that the JSON Schema's pattern lets through."""

LARGE = 10**17
"""Numbers from here on may have more digits than a reader takes: somebody has to count them."""


def link_lines(schema: Schema, *, is_part: bool = False) -> list[str]:
    """Return two functions: `fill` puts marks where a document says null; `link` does the rest and
    says whether nothing has to be told. Of a part of a schema, ids are only asked of rows that
    others refer to."""
    entities = list(_from_above(schema, schema.root))
    known = [each for each in entities if not is_part or each.name in _referred(entities)]
    fill = ["rows = {}", *_gathered(schema, entities, "fill")]
    link = [*_gathered(schema, entities, "link")]
    for entity in known:
        link += _indexed(entity)
    link += ["plain = True", "dangling = False"]
    for entity in known:
        link += _ids(entity)
    for entity in entities:
        link += _values(entity)
    link += ["root.links.is_dangling = dangling", "return plain and not dangling"]
    return [
        "def fill(root):",
        *(f"    {line}" for line in fill),
        "def link(root, rows, index, lacking, assumed, as_at):",
        *(f"    {line}" for line in link),
    ]


def _from_above(schema: Schema, name: str) -> Iterator[EntityType]:
    entity = schema.entities[name]
    yield entity
    for child in entity.children.values():
        yield from _from_above(schema, child)


def _gathered(schema: Schema, entities: list[EntityType], purpose: str) -> Iterator[str]:
    """Yield the code that gathers the rows of each entity, in document order."""
    yield f"rows[{schema.root!r}] = [root]"
    for entity in entities:
        yield from _from_rows(entity) if purpose == "link" else _without_nulls(entity)


def _from_rows(entity: EntityType) -> Iterator[str]:
    for collection, child in entity.children.items():
        yield f"found_{child} = rows[{child!r}] = []"
        yield f"for row in rows[{entity.name!r}]:"
        yield f"    below = row.{collection}_"
        yield "    if below is UNKNOWN:"
        yield f"        lacking.setdefault({child!r}, []).append(row)"
        yield "    elif below:"
        yield f"        found_{child} += below"
        yield "        for each in below:"
        yield "            each.parent = row"


def _without_nulls(entity: EntityType) -> Iterator[str]:
    for child in entity.children.values():
        yield f"found_{child} = rows[{child!r}] = []"
    yield f"for row in rows[{entity.name!r}]:"
    yield "    pass"
    for item in own_fields(entity):
        if not item.required:
            yield f"    if row.{item.name}_ is None:"
            yield f"        row.{item.name}_ = MISSING"
    for collection, child in entity.children.items():
        yield f"    below = row.{collection}_"
        yield "    if below is None:"
        yield f"        row.{collection}_ = UNKNOWN"
        yield "    elif below is not UNKNOWN:"
        yield f"        found_{child} += below"


def _indexed(entity: EntityType) -> Iterator[str]:
    yield f"index_{entity.name} = index[{entity.name!r}] = {{"
    yield f"    row.id: row for row in reversed(rows[{entity.name!r}])}}"
    yield f"find_{entity.name} = index_{entity.name}.get"


def _referred(entities: list[EntityType]) -> set[str]:
    """Return the entities that some field refers to."""
    kinds = [item.type.item or item.type for each in entities for item in each.fields.values()]
    return {kind.entity for kind in kinds if kind.kind is Kind.REF}


def _ids(entity: EntityType) -> Iterator[str]:
    """Yield the code that notices what is odd about ids."""
    name = entity.name
    yield f"if len(index_{name}) != len(rows[{name!r}]):"
    yield "    plain = False"
    if entity.fields[entity.id_field].limits.get("pattern") == NO_CONTROLS:
        yield f"if not ''.join(index_{name}).isprintable():"
        yield "    plain = False"


def _values(entity: EntityType) -> Iterator[str]:
    """Yield the code that turns what JSON has into values, and notices what is odd."""
    lines = [line for item in own_fields(entity) for line in _value(entity, item)]
    if lines:
        yield f"for row in rows[{entity.name!r}]:"
        yield from (f"    {line}" for line in lines)


def _value(entity: EntityType, item: Field) -> Iterator[str]:
    slot = f"row.{item.name}_"
    lines = list(_turned(item, slot))
    if not lines and item.default is None:
        return
    yield f"x = {slot}"
    if item.default is not None:
        key = (entity.name, item.name)
        yield "if x is MISSING:"
        yield f"    {slot} = {item.default!r}"
        yield f"    assumed[{key!r}] = assumed.get({key!r}, 0) + 1"
        if lines:
            yield "else:"
    elif lines:
        yield "if x is not MISSING:"
    yield from (f"    {line}" for line in lines)


def _turned(item: Field, slot: str) -> Iterator[str]:
    """Yield what is done with a value `x` that is there."""
    inner = item.type.item
    if inner is not None:
        yield from _turned_list(item, inner, slot)
        return
    match item.type.kind:
        case Kind.REF:
            yield f"{slot} = found = find_{item.type.entity}(x, UNKNOWN)"
            yield "if found is UNKNOWN:"
            yield "    dangling = True"
        case Kind.DATE:
            if item.tense is Tense.DONE:
                yield "if x > as_at:"
                yield f"    {slot} = MISSING"
                yield "    plain = False"
            if item.limits.get("pattern") == CENTURY:
                yield "if not FIRST_DAY <= x <= LAST_DAY:"
                yield "    plain = False"
        case Kind.INTEGER | Kind.NUMBER:
            yield "if not -LARGE < x < LARGE:"
            yield "    plain = False"
            if item.type.kind is Kind.NUMBER:
                yield f"{slot} = Decimal(repr(x))"


def _turned_list(item: Field, inner: ValueType, slot: str) -> Iterator[str]:
    match inner.kind:
        case Kind.REF:
            yield f"{slot} = found = tuple([find_{inner.entity}(y, UNKNOWN) for y in x])"
            yield "if UNKNOWN in found:"
            yield "    dangling = True"
        case Kind.DATE:
            if item.limits.get("items", {}).get("pattern") == CENTURY:
                yield "if not all([FIRST_DAY <= y <= LAST_DAY for y in x]):"
                yield "    plain = False"
            if item.tense is Tense.DONE:
                yield "if any([y > as_at for y in x]):"
                yield f"    {slot} = tuple([MISSING if y > as_at else y for y in x])"
                yield "    plain = False"
        case Kind.INTEGER | Kind.NUMBER:
            yield "if not all([-LARGE < y < LARGE for y in x]):"
            yield "    plain = False"
            if inner.kind is Kind.NUMBER:
                yield f"{slot} = tuple([Decimal(repr(y)) for y in x])"
