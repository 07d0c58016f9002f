"""One call leads from a file to linked documents, and bad ones do not stop the others."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.data.loader import Loader, load
from policy.data.schema import CentreSchema
from policy.model.diagnostics import Level

AS_AT = date(2026, 1, 31)
FIXTURE = Path(__file__).parents[1] / "fixtures" / "tiny.json"
LEAN = """
import sys
from datetime import date
from policy.data.loader import load
from policy.data.schema import load_schema
(loaded,) = load({path!r}, load_schema(), date(2026, 1, 31))
assert loaded.document is not None
heavy = {{"jsonschema", "yaml", "zstandard", "lark", "click", "pluggy", "holidays"}}
print(*sorted(heavy & set(sys.modules)))
"""


def test_the_small_centre_is_loaded_without_a_word(schema: CentreSchema) -> None:
    """It is valid, linked, and about the year it says."""
    (loaded,) = load(str(FIXTURE), schema, AS_AT)
    assert loaded.diagnostics == ()
    assert loaded.document is not None
    assert loaded.document.name == loaded.name == str(FIXTURE)
    assert loaded.data == json.loads(loaded.source.text)


def test_each_document_of_a_file_stands_for_itself(
    schema: CentreSchema, tiny: dict[str, Any], tmp_path: Path
) -> None:
    """Unreadable, invalid and contradictory ones are said; the good ones are there."""
    good = json.dumps(tiny)
    invalid = json.dumps({**tiny, "number": 5})
    contradictory = json.dumps({**tiny, "academic_year": "2024/25"})
    path = tmp_path / "all.ndjson"
    path.write_text("\n".join([good, "{", invalid, contradictory, good]))
    results = list(load(str(path), schema, AS_AT))
    assert [item.name for item in results] == [f"{path}:{line}" for line in range(1, 6)]
    assert [item.document is not None for item in results] == [True, False, False, False, True]
    codes = [[diagnostic.code for diagnostic in item.diagnostics] for item in results]
    assert codes == [[], ["P507"], ["P403"], ["P523", "P523"], []]
    for item in results:
        for diagnostic in item.diagnostics:
            assert diagnostic.file_name == str(path)
            assert diagnostic.position is not None
            assert f"{path}:{diagnostic.position.line}" == item.name


def test_notes_of_the_reader_are_kept(schema: CentreSchema, tiny_json: str, tmp_path: Path) -> None:
    """A byte order mark is mentioned though the document is fine."""
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + tiny_json.encode())
    (loaded,) = load(str(path), schema, AS_AT)
    assert loaded.document is not None
    assert [(item.code, item.level) for item in loaded.diagnostics] == [("P505", Level.NOTE)]


def test_values_are_located(schema: CentreSchema) -> None:
    """What a finding points at is found in the text, personal values by their names."""
    (loaded,) = load(str(FIXTURE), schema, AS_AT)
    learner = ("programmes", 0, "learners", 0)
    span = loaded.locate((*learner, "submissions", 0, "submitted_on"))
    name = loaded.locate((*learner, "name"))
    absent = loaded.locate((*learner, "submissions", 1, "results_received_on"))
    assert span is not None
    assert name is not None
    assert absent is not None
    assert span.text == '"2025-11-10"'
    assert "submitted_on" in span.source.line_text(span.position.line)
    assert name.text == '"name"'
    assert '"S2"' in absent.text


def test_yaml_and_json_give_the_same_document(
    schema: CentreSchema, tiny: dict[str, Any], tmp_path: Path
) -> None:
    """The format makes no difference to what is judged."""
    import yaml

    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(tiny, sort_keys=False))
    (loaded,) = load(str(path), schema, AS_AT)
    assert loaded.diagnostics == ()
    assert loaded.data == tiny


def test_one_loader_serves_many_files(schema: CentreSchema, tmp_path: Path) -> None:
    """It is made ready once; the limit holds for each file."""
    loader = Loader(schema=schema, as_at=AS_AT, limit=100)
    (large,) = loader.load(str(FIXTURE))
    (missing,) = loader.load(str(tmp_path / "none.json"))
    assert [item.code for item in (*large.diagnostics, *missing.diagnostics)] == ["P514", "P501"]


@pytest.mark.parametrize("path", [str(FIXTURE)])
def test_clean_json_needs_no_heavy_library(path: str) -> None:
    """Startup is a feature: only what says yes is imported."""
    ran = subprocess.run(
        [sys.executable, "-c", LEAN.format(path=path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.stdout.strip() == ""
