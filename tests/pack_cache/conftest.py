"""Worlds to run in: in this process, which is quick, or in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policy.cli import main
from policy.pack import load_pack
from tests.pack_cache.worlds import PACKAGE, WORDS, Ended, World


@pytest.fixture
def world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[World]:
    """Runs in this process, by specs of our own; files need not be old to be kept."""
    loads: list[Any] = []

    def counted(*arguments: Any, **options: Any) -> Any:
        loads.append(arguments)
        return load_pack(*arguments, **options)

    def check(*more: str) -> Ended:
        loads.clear()
        with pytest.raises(SystemExit) as exited:
            main([*WORDS, *more])
        out, err = capfd.readouterr()
        return Ended(code=int(exited.value.code or 0), out=out, err=err, loads=len(loads))

    world = World(root=tmp_path, check=check, package=PACKAGE)
    world.lay_out()
    monkeypatch.setattr("policy.pack.load_pack", counted)
    monkeypatch.setattr("policy.pack_cache.making._MARGIN", -(10**15))
    monkeypatch.setattr("policy.catalogue.INSTALLED", PACKAGE)
    monkeypatch.syspath_prepend(str(world.installed.parent))
    monkeypatch.setenv("XDG_CACHE_HOME", str(world.folder.parent))
    monkeypatch.chdir(world.work)
    yield world
    sys.modules.pop(PACKAGE, None)


@pytest.fixture
def processes(tmp_path: Path, environment: dict[str, str]) -> World:
    """The same in processes of their own, which count no loads."""
    work = tmp_path / "work"

    def check(*more: str) -> Ended:
        ran = subprocess.run(
            [sys.executable, "-m", "policy", *WORDS, *more],
            capture_output=True,
            text=True,
            cwd=work,
            env=environment,
            timeout=600,
        )
        return Ended(code=ran.returncode, out=ran.stdout, err=ran.stderr)

    world = World(root=tmp_path, check=check, package="policy_specs")
    world.lay_out()
    return world


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of such a process: the specs of its world are the installed ones.

    Python compiles nothing into the world: a folder that has just changed is too young.
    """
    return {
        **os.environ,
        "XDG_CACHE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "place"), os.environ.get("PYTHONPATH", "")]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
