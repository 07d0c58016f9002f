"""The schema as JSON and as types say the same, and suites can only add."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from policy.data.schema import CentreSchema, json_type, load_schema
from policy.model.entities import Kind, Tense


def test_the_schema_is_valid_json_schema(schema: CentreSchema) -> None:
    """The file itself keeps to JSON Schema 2020-12."""
    assert jsonschema_rs.meta.is_valid(dict(schema.json))
    assert schema.json["$schema"].endswith("2020-12/schema")


def test_there_are_thirty_entities_in_one_tree(schema: CentreSchema) -> None:
    """Each entity hangs under the root, in the collection it names."""
    types = schema.types
    assert len(types.entities) == 30
    assert types.root == "centre"
    for name, entity in types.entities.items():
        if entity.parent is None:
            assert name == "centre"
        else:
            assert types.entities[entity.parent].children[entity.collection] == name
            assert list(types.ancestors(name))[-1] == "centre"


def test_the_root_is_identified_by_its_number(schema: CentreSchema) -> None:
    """The centre has a number, all other rows have an id, and it is required text."""
    for entity in schema.types.entities.values():
        assert entity.id_field == ("number" if entity.name == "centre" else "id")
        assert entity.fields[entity.id_field].required
        assert entity.fields[entity.id_field].type.kind is Kind.TEXT


def test_references_lead_to_entities(schema: CentreSchema) -> None:
    """No reference names an entity that is not there."""
    for entity in schema.types.entities.values():
        for field in entity.fields.values():
            of = field.type.item or field.type
            assert of.kind is not Kind.REF or of.entity in schema.types.entities


def test_names_have_one_meaning_within_an_entity(schema: CentreSchema) -> None:
    """No field is called like an enclosing entity, or like a collection below."""
    types = schema.types
    for name, entity in types.entities.items():
        taken = {*types.ancestors(name), *types.descendants(name)}
        assert not taken & set(entity.fields), name


def test_an_enumeration_of_one_name_has_one_list_of_values(schema: CentreSchema) -> None:
    """What two fields call by one name is the same in both."""
    seen: dict[str, tuple[str, ...]] = {}
    for entity in schema.types.entities.values():
        for field in entity.fields.values():
            of = field.type.item or field.type
            if of.kind is Kind.ENUM:
                assert len(of.values) == len(set(of.values)) > 1
                assert seen.setdefault(of.enum, of.values) == of.values
    assert "suite" in seen
    assert "submission.kind" in seen


def test_every_date_says_whether_it_was_done_or_is_planned(schema: CentreSchema) -> None:
    """Dates end in `_on`, and only dates do; each has a tense and is checked to be a day."""
    for name, entity in schema.types.entities.items():
        for field in entity.fields.values():
            is_date = field.type.kind is Kind.DATE
            assert is_date == field.name.endswith("_on"), f"{name}.{field.name}"
            assert is_date == (field.tense is not Tense.NONE)
            if is_date:
                assert schema.json["$defs"][name]["properties"][field.name]["format"] == "date"


@pytest.mark.parametrize(
    ("entity", "field", "tense"),
    [
        ("submission", "submitted_on", Tense.DONE),
        ("submission", "due_on", Tense.PLANNED),
        ("planned_unit", "issue_on", Tense.PLANNED),
        ("assignment", "issued_on", Tense.DONE),
        ("role", "ends_on", Tense.PLANNED),
        ("adjustment", "new_due_on", Tense.PLANNED),
    ],
)
def test_tenses(schema: CentreSchema, entity: str, field: str, tense: Tense) -> None:
    """What somebody did is done; deadlines and ends of roles may lie ahead."""
    assert schema.types.entities[entity].fields[field].tense is tense


def test_names_tell_kinds(schema: CentreSchema) -> None:
    """Yes/no fields begin with `is_` or `has_`, counts end in `_count` and are counted."""
    for entity in schema.types.entities.values():
        for field in entity.fields.values():
            assert (field.type.kind is Kind.BOOLEAN) == field.name.startswith(("is_", "has_"))
            if field.name.endswith("_count"):
                assert (field.type.kind, field.unit) == (Kind.INTEGER, "count")


def test_every_field_says_what_it_means(schema: CentreSchema) -> None:
    """Descriptions are there, on one line; a default is one of the choices."""
    for entity in schema.types.entities.values():
        assert entity.description
        for field in entity.fields.values():
            assert field.description
            assert "\n" not in field.description
            if field.default is not None:
                assert field.default in field.type.values
                assert not field.required


def test_meanings_that_rules_rest_on(schema: CentreSchema) -> None:
    """Fields that the corrections of the model ask for are there as asked."""
    entities = schema.types.entities
    assert entities["task"].fields["original_task"].type.entity == "task"
    assert entities["adjustment"].fields["attempt"].type.enum == "submission.kind"
    assert entities["retained_record"].fields["programme"].type.entity == "programme"
    assert entities["assessment_plan"].fields["sequence"].type.kind is Kind.INTEGER
    assert entities["assignment"].fields["assessment_pattern"].default == "block"
    assert entities["assignment"].fields["purpose"].default == "formal"
    assert entities["unit"].fields["assessment_mode"].default == "internal"
    assert entities["role"].fields["ends_on"].empty_means == "still in the role"
    assert entities["learner"].fields["name"].personal


def test_optional_fields_may_be_null_and_required_ones_may_not(schema: CentreSchema) -> None:
    """Null is how a document says *not recorded*."""
    for definition in schema.json["$defs"].values():
        for name, prop in definition["properties"].items():
            nullable = "null" in prop["type"]
            assert nullable == (name not in definition["required"]), name
            if "enum" in prop:
                assert (None in prop["enum"]) == nullable


def test_a_suite_adds_fields_of_every_kind() -> None:
    """Added properties become fields like any other, in both forms of the schema."""
    added: dict[str, dict[str, Any]] = {
        "mood": {"type": ["string", "null"], "enum": ["good", "bad", None], "description": "x"},
        "met_on": {"type": "string", "format": "date", "x-tense": "done", "x-personal": True},
        "friends": {"type": "array", "items": {"type": "string", "x-ref": "learner"}},
        "shares": {"type": "array", "items": {"type": "number"}},
        "score": {"type": "integer", "x-unit": "points"},
    }
    schema = load_schema({"toy": {"learner": added}})
    assert schema.diagnostics == ()
    fields = schema.types.entities["learner"].fields
    assert (fields["mood"].type.enum, fields["mood"].type.values) == (
        "learner.mood",
        ("good", "bad"),
    )
    assert (fields["met_on"].tense, fields["met_on"].personal) == (Tense.DONE, True)
    friend, share = fields["friends"].type.item, fields["shares"].type.item
    assert friend is not None
    assert share is not None
    assert (friend.entity, share.kind) == ("learner", Kind.NUMBER)
    assert fields["score"].unit == "points"
    assert schema.json["$defs"]["learner"]["properties"]["mood"] == added["mood"]
    assert "mood" not in load_schema().types.entities["learner"].fields


@pytest.mark.parametrize(
    ("entity", "name", "prop", "code", "message"),
    [
        ("lerner", "mood", {"type": "string"}, "P910", "there is no entity `lerner`"),
        ("learner", "name", {"type": "string"}, "P911", "it is there already"),
        ("learner", "Mood", {"type": "string"}, "P912", "small letters"),
        ("learner", "mood", {}, "P912", "its type is not one that a field can have"),
        ("learner", "mood", {"type": "object"}, "P912", "its type is not one"),
        ("learner", "mood", {"type": ["string", "integer"]}, "P912", "its type is not one"),
        ("learner", "mood", {"type": "array"}, "P912", "its type is not one"),
        ("learner", "mood", {"type": "string", "format": "email"}, "P912", "only `date`"),
        ("learner", "mood", {"type": "string", "x-ref": "mood"}, "P912", "`mood`, which is no"),
        ("learner", "mood", {"type": "string", "minLength": "a"}, "P912", "not valid JSON Schema"),
    ],
)
def test_a_suite_cannot_add_what_is_no_field(
    entity: str, name: str, prop: dict[str, Any], code: str, message: str
) -> None:
    """What cannot be added is left out and said; the rest of the schema stands."""
    schema = load_schema({"toy": {entity: {name: prop}}})
    (problem,) = schema.diagnostics
    assert problem.code == code
    assert "suite `toy`" in problem.message
    assert message in problem.message
    assert schema.types.entities.keys() == load_schema().types.entities.keys()
    plain = load_schema().json["$defs"]["learner"]["properties"]
    assert schema.json["$defs"]["learner"]["properties"] == plain


def test_two_suites_may_add_the_same_field_but_not_two_different_ones() -> None:
    """The first in order of names stands; the other is told whom it contradicts."""
    mood = {"type": "string"}
    assert (
        load_schema({"a": {"unit": {"mood": mood}}, "b": {"unit": {"mood": mood}}}).diagnostics
        == ()
    )
    other = {"type": "integer"}
    schema = load_schema({"b": {"unit": {"mood": other}}, "a": {"unit": {"mood": mood}}})
    (problem,) = schema.diagnostics
    assert problem.code == "P911"
    assert "suite `a` adds it too" in problem.message
    assert schema.types.entities["unit"].fields["mood"].type.kind is Kind.TEXT


def test_json_type_is_the_one_type_besides_null() -> None:
    """Null does not count; two types are as bad as none."""
    assert json_type({"type": ["null", "string"]}) == "string"
    assert json_type({"type": "array"}) == "array"
    assert json_type({"type": ["string", "array"]}) == ""
    assert json_type({}) == ""
