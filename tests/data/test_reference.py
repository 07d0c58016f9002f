"""The page about the data model is generated, complete and up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from policy.data.reference import page
from policy.data.schema import CentreSchema, Properties, load_schema

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "data-model.md"


def test_the_page_is_what_would_be_generated_now(schema: CentreSchema) -> None:
    """If this fails, run `python -m policy.data.reference > docs/reference/data-model.md`."""
    assert PAGE.read_text("utf-8") == page(schema)


def test_the_page_is_printed() -> None:
    """The command that the page itself names gives the page."""
    ran = subprocess.run(
        [sys.executable, "-m", "policy.data.reference"],
        check=True,
        capture_output=True,
        timeout=600,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert ran.stdout.decode("utf-8") == PAGE.read_text("utf-8")


def test_every_field_has_a_line(schema: CentreSchema) -> None:
    """Names, required and personal marks, defaults and what empty means."""
    text = page(schema)
    for entity in schema.types.entities.values():
        section = text.split(f"### {entity.name}\n")[1].split("\n### ")[0]
        for name, field in entity.fields.items():
            starts = (f"| `{name}`", f"| **`{name}`**")
            line = next(item for item in section.splitlines() if item.startswith(starts))
            assert ("**" in line.split("|")[1]) == field.required
            assert ("†" in line) == field.personal
            assert (f"Default: `{field.default}`" in line) == (field.default is not None)
            assert field.empty_means in line


def test_what_a_suite_adds_is_on_the_page() -> None:
    """A bar in a description does not break the table; units and shared choices are named."""
    fields: Properties = {
        "mood": {"type": "string", "enum": ["good", "bad"], "description": "Good | bad"},
        "pace": {"type": "number", "x-unit": "units a year", "description": "Pace"},
    }
    text = page(load_schema({"toy": {"learner": fields}}))
    assert "| `mood` | `good`, `bad` | Good \\| bad |" in text
    assert "| `pace` | number (units a year) | Pace |" in text
    assert "| **`kind`** | choice `submission.kind` |" in text
