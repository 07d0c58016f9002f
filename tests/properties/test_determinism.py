"""The same bytes in give the same bytes out, however Python orders its sets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.properties.documents import made_from
from tests.properties.verdicts import SPECS

ROOT = Path(__file__).parents[2]
TWICE = """
import sys
from policy.cli.error_boundary import run
from policy.cli.group import policy
for form in ("text", "json"):
    print(run(policy, [*sys.argv[1:], "--format", form]), flush=True)
"""


@pytest.mark.parametrize("seed", [3])
def test_hash_seeds_make_no_difference(tmp_path: Path, seed: int) -> None:
    """`policy check` prints the same text and the same JSON under four hash seeds."""
    for number in range(2):
        document = made_from(seed + number, everything=bool(number))
        (tmp_path / f"{number}.json").write_text(json.dumps(document), "utf-8")
    (tmp_path / "2.json").write_text("{", "utf-8")
    arguments = ["check", str(tmp_path), "--as-at", "2026-05-01", "--unknown", "--verbose"]
    for name in ("facts", "gaps"):
        arguments += ["--spec", str(SPECS / name / f"{name}.policy")]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TWICE, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for hash_seed in ("0", "1", "2", "random")
    ]
    first, *others = [run.communicate()[0] for run in runs]
    assert b"facts 2025/26" in first
    assert b'"report_version"' in first
    assert all(other == first for other in others)
