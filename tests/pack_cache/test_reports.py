"""The cache changes how long a check takes, and nothing else: all installed specs, real centres."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import pytest

from policy import engine
from policy.model.findings import Report
from policy.pack import load_pack
from policy.pack_cache.cache import Request, begin, find
from policy.ready import ReadyPack
from policy.report import json, text
from policy.report.style import Style

ROOT = Path(__file__).parents[2]
CENTRES = ROOT / "examples" / "centres"
FILES = sorted(str(path) for path in CENTRES.iterdir() if path.suffix in (".json", ".yaml"))
TROUBLED = [str(CENTRES / name) for name in ("troubled.json", "college.yaml")]
STYLE = Style(color=False, verbose=True, list_unknown=True, show_personal=True)


def test_reports_are_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over all example centres, as text and JSON, and as at another day."""
    monkeypatch.setattr("policy.pack_cache.making._MARGIN", -(10**15))
    request = Request(None, [], {}, [])
    begun = begin(str(tmp_path / "cache"), request)
    assert begun is not None
    pack = load_pack()
    assert begun.keep(pack)
    kept = find(str(tmp_path / "cache"), request)
    assert kept is not None
    made = ReadyPack(pack=pack)
    for as_at, files in ((date(2026, 7, 24), FILES), (date(2025, 12, 1), TROUBLED)):
        anew = written(engine.check_ready(made, files, as_at))
        assert written(engine.check_ready(kept, files, as_at)) == anew
        assert "breached" in anew[0]


def written(report: Report) -> tuple[str, str]:
    """Return a report as people and as programs get it."""
    return text.render_report(report, STYLE), json.render_report(report, STYLE)


def test_a_warm_check_of_clean_data_imports_little(tmp_path: Path) -> None:
    """Neither the parser generator nor a schema validator, and no class is made from text."""
    heavy = {"lark", "jsonschema", "jsonschema_rs", "click", "importlib.metadata", "yaml"}
    heavy |= {"dataclasses", "difflib", "calendar"}
    cold, said = ran(tmp_path)
    assert "lark" in cold
    warm, said_again = ran(tmp_path)
    assert warm & heavy == set()
    assert said_again == said


def ran(home: Path) -> tuple[set[str], str]:
    """Return the names of the modules that a check of clean data has imported, and its report."""
    words = ["check", str(CENTRES / "clean.json"), "--as-at", "2026-07-24"]
    script = f"""
        import sys
        from policy.cli import main
        try:
            main({words!r})
        except SystemExit:
            print(*sorted(sys.modules), file=sys.stderr)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=600,
    )
    return set(run.stderr.split()), run.stdout
