"""The manifest tells two runs apart whenever they might not come to the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from policy.audit.inputs import Inputs
from policy.audit.manifest import code_hash, made_of, refuse_another
from policy.errors import PolicyError
from policy.model.findings import PluginInfo
from tests.audit.toy_job import job, suite


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Put a package on the path, with files of these contents; return its hash."""
    places: list[Path] = []

    def made(files: dict[str, str]) -> str:
        place = tmp_path / str(len(places))
        places.append(place)
        for name, text in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        with monkeypatch.context() as patched:
            patched.syspath_prepend(place)
            return code_hash("made_up")

    return made


def test_the_hash_of_a_package(package: Callable[..., str]) -> None:
    """It changes with any file and its name, not with where the package lies."""
    usual = {"made_up/__init__.py": "", "made_up/a.py": "x = 1", "made_up/data/t.csv": "1,2"}
    first = package(usual)
    assert len(first) == 64
    assert package(usual) == first
    assert package({**usual, "made_up/__pycache__/a.pyc": "x"}) == first
    others = [
        package({**usual, "made_up/a.py": "x = 2"}),
        package({**usual, "made_up/data/t.csv": "1,3"}),
        package({**usual, "made_up/b.py": ""}),
        package({"made_up/__init__.py": "", "made_up/b.py": "x = 1", "made_up/data/t.csv": "1,2"}),
        package({"made_up.py": ""}),
        package({"made_up.py": "x = 1"}),
    ]
    assert len({first, *others}) == len(others) + 1
    assert code_hash("nowhere_to_be_found") == ""
    assert code_hash("sys") == ""


def test_what_a_run_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these makes another run of it; the names of specs alone do not."""
    pack = job().ready().pack
    plugin = PluginInfo(name="toy", distribution="d", version="1")
    pack = replace(pack, plugins=(plugin,))
    nothing = Inputs(files=(), parts=())

    def made(pack: Any = pack, **changes: Any) -> dict[str, Any]:
        return made_of(job(**changes), pack, nothing)

    before = made()
    refuse_another(before, made(names=("toy",)), Path("out"))
    schema = replace(pack.schema, json={**pack.schema.json, "title": "another"})
    others = {
        "another plugin `toy`": made(replace(pack, plugins=(replace(plugin, version="2"),))),
        "another schema": made(replace(pack, schema=schema)),
        f"another spec `{pack.specs[0].name}`": made(replace(pack, specs=pack.specs[1:])),
        "another value of `days`": made(settings={"days": "3"}),
    }
    usual = sys.modules["policy.audit.manifest"].code_hash  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        patched.setattr("policy.audit.manifest.code_hash", lambda name: usual(name) + "x")
        others["another version of this program and another plugin `toy`"] = made()
    with monkeypatch.context() as patched:
        checks = [replace(each, decide=max) for each in suite().checks]
        other = replace(suite(), checks=tuple(checks), functions=())
        others["another plugin `toy` "] = made(replace(pack, suites={"toy": other}))
    for words, now in others.items():
        with pytest.raises(PolicyError) as caught:
            refuse_another(before, now, Path("out"))
        (said,) = caught.value.diagnostics
        assert said.code == "P807"
        assert said.message == f"the run in `out` was begun with {words.strip()}"
