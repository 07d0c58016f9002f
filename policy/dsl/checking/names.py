"""Names a spec can use: its own, those it takes over, those of the language and of plugins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct, field

from policy.dsl.checking.checked import CheckedDefine, CheckedParameter, CheckedTable, World
from policy.dsl.meaning.library import BUILT_INS
from policy.dsl.meaning.types import DATE, RANGE, Entity, Enum, List, Type, of_field
from policy.dsl.syntax import ast

CONSTANTS: Mapping[str, Type] = MappingProxyType({"as_at": DATE, "year": RANGE, "terms": RANGE})
"""Words of the language that stand for a value. `terms` is every term without its closures."""

STRETCHES = ("terms",)
"""Those of them that have gaps, so they can only be asked whether a day lies `in` them."""

Variables = Mapping[str, Type]


class Names(Struct, kw_only=True):
    """The names of one spec while it is checked. Filled item by item, in order of dependency."""

    world: World
    parameters: dict[str, CheckedParameter] = field(default_factory=dict)
    tables: dict[str, CheckedTable] = field(default_factory=dict)
    defines: dict[str, CheckedDefine] = field(default_factory=dict)
    declared_defines: dict[str, ast.Define] = field(default_factory=dict)
    check_define: Callable[[str], None] = lambda name: None
    """Checks a definition that has not been checked yet; the spec's checker puts it here."""
    reader: str = ""
    """The definition that is being checked, empty for a rule."""
    reads: dict[str, set[str]] = field(default_factory=dict)
    """Reader -> definitions, parameters and tables it reads."""

    def note(self, name: str) -> None:
        """Note that the current reader reads `name`."""
        self.reads.setdefault(self.reader, set()).add(name)

    def live(self) -> set[str]:
        """Return everything a rule reads, directly or through definitions."""
        found: set[str] = set()
        waiting = set(self.reads.get("", ()))
        while waiting:
            name = waiting.pop()
            found.add(name)
            waiting |= self.reads.get(name, set()) - found
        return found

    def is_argument(self, variable: str) -> bool:
        """Whether `variable` is a parameter of the definition being checked: it may be handed
        something missing, other than a row that was gone through."""
        reader = self.declared_defines.get(self.reader)
        return reader is not None and variable in {item.name for item in reader.parameters}

    def define(self, name: str) -> CheckedDefine | None:
        """Return a definition with its types; None if it is wrong (it was reported where it
        stands)."""
        if name not in self.defines:
            self.check_define(name)
        return self.defines.get(name)

    def what(self, name: str, variables: Variables) -> str:
        """Return what `name` is already, empty if it is free for a variable."""
        for kind, known in (
            ("a variable here", variables),
            ("a parameter", self.parameters),
            ("a table", self.tables),
            ("a word of the language", CONSTANTS),
        ):
            if name in known:
                return kind
        return ""

    def plain_words(self, variables: Variables, expected: Type | None) -> list[str]:
        """Return the words that mean something where a value is expected."""
        words = [*variables, *self.parameters, *self.tables, *CONSTANTS]
        if isinstance(expected, Enum):
            words.extend(expected.values)
        return words

    def callable_words(self) -> list[str]:
        """Return the names that can be called."""
        return [*self.declared_defines, *BUILT_INS, *self.world.functions]

    def members(self, entity: str) -> list[str]:
        """Return what can stand after the dot of a row of `entity`."""
        return [*self.members_of_data(entity), *self.defines_for(entity)]

    def members_of_data(self, entity: str) -> dict[str, str]:
        """Return what the data model gives an entity: name -> what it is."""
        schema = self.world.schema
        kind = schema.entities[entity]
        known = dict.fromkeys(kind.fields, f"a field of {entity}")
        known[kind.id_field] = f"the id of {entity}"
        known.update({name: f"the {name} it belongs to" for name in schema.ancestors(entity)})
        known.update({name: f"the {name} below it" for name in schema.descendants(entity)})
        return known

    def defines_for(self, entity: str) -> list[str]:
        """Return the definitions that read with a dot after a row of `entity`."""
        return [
            name
            for name, define in self.declared_defines.items()
            if len(define.parameters) == 1
            and isinstance(kind := define.parameters[0].type, ast.NamedType)
            and kind.name == entity
            and not kind.is_list
        ]

    def field_type(self, entity: str, name: str) -> Type | None:
        """Return the type of a field, None if the entity has no such field."""
        kind = self.world.schema.entities[entity]
        if name in kind.fields:
            return of_field(kind.fields[name].type)
        return None

    def rows_below(self, entity: str, name: str) -> tuple[tuple[str, ...], Type] | None:
        """Return the path to the rows `name` below `entity` and their type; None if absent."""
        path = self.world.schema.descendants(entity).get(name)
        if path is None:
            return None
        at = entity
        for collection in path:
            at = self.world.schema.entities[at].children[collection]
        return path, List(Entity(at))
