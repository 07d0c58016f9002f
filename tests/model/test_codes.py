"""Diagnostic codes: registered once, used somewhere, provoked by a test, documented."""

from __future__ import annotations

import re
from pathlib import Path

from policy.model.codes import CODES

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
CODE = re.compile(r'"(P\d{3})"|\b(P\d{3})\b')


def codes_in(folder: str, *leave_out: Path) -> set[str]:
    """Return the codes that Python texts, golden files and tables below a folder mention."""
    found: set[str] = set()
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in {".py", ".txt", ".yaml"} and path not in leave_out:
            found |= {a or b for a, b in CODE.findall(path.read_text(encoding="utf-8"))}
    return found


def test_every_code_in_the_project_is_registered_and_used() -> None:
    """No code is made up on the spot, and none is left over."""
    registry = ROOT / "policy" / "model" / "codes.py"
    assert codes_in("policy", registry) == set(CODES)


def test_every_code_is_provoked_by_a_test() -> None:
    """Each mistake the product can name is made at least once."""
    assert set(CODES) - codes_in("tests", HERE) == set()


def test_every_code_has_a_page_entry() -> None:
    """The reference lists each code with its title and advice."""
    page = (ROOT / "docs" / "reference" / "diagnostics.md").read_text(encoding="utf-8")
    missing = [code for code, entry in CODES.items() if code not in page or entry.title not in page]
    assert missing == []


def test_wording() -> None:
    """Titles are lower case without a full stop; advice is made of sentences."""
    for code, entry in CODES.items():
        assert not entry.title.endswith("."), code
        assert not entry.title[0].isupper() or entry.title.split()[0].isupper(), code
        assert entry.advice.endswith("."), code
