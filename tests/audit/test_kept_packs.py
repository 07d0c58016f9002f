"""Audits by packs that were kept: the same results, and nothing of them is made twice."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policy.audit.inputs import Inputs
from policy.audit.job import Job
from policy.audit.judging import Judge
from policy.audit.manifest import made_of
from policy.audit.tables import Rows, rows_of
from policy.pack import load_pack
from policy.pack_cache.cache import Request, find
from policy.pack_cache.kept import KeptReady
from policy.pack_cache.kept_code import KeptModule
from policy.ready import ReadyPack
from tests.audit.test_trusting import AS_AT, centre_with
from tests.audit.toy_job import given
from tests.pack_cache.worlds import PACKAGE, World
from tests.pack_cache.worlds import SPEC as HOUSE

SPEC = f"""{HOUSE}
define has_assessor(s: submission) = s.assessor is recorded

rule assessor_is_named "Whoever assessed is named"
  cites HOUSE-001
  for each submission s
  must has_assessor(s)
"""


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What packs were loaded; files need not be old for a pack to be kept."""
    loads: list[Any] = []

    def counted(*arguments: Any) -> Any:
        loads.append(arguments)
        return load_pack(*arguments)

    monkeypatch.setattr("policy.audit.job.load_pack", counted)
    monkeypatch.setattr("policy.pack_cache.making._MARGIN", -(10**15))
    return loads


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loads: list[Any]) -> Iterator[Job]:
    """A job with the rules of a file, where hardly any are installed, and a folder for packs."""
    world = World(root=tmp_path, check=lambda: pytest.fail("not run here"), package=PACKAGE)
    world.lay_out()
    monkeypatch.setattr("policy.catalogue.INSTALLED", PACKAGE)
    monkeypatch.syspath_prepend(str(world.installed.parent))
    monkeypatch.chdir(world.work)
    Path("house.policy").write_text(SPEC, "utf-8")
    yield Job(as_at=AS_AT, files=("house.policy",), cache=str(tmp_path / "kept"))
    sys.modules.pop(PACKAGE, None)


def changed(job: Job, **changes: Any) -> Job:
    """Return the job with something else in it."""
    return Job(**{"as_at": job.as_at, "files": job.files, "cache": job.cache, **changes})


def entry(job: Job) -> Path:
    """Return the one file that is kept."""
    (file,) = Path(job.cache).glob("*.pack")
    return file


def judged(judge: Judge) -> Rows:
    """Return what comes of a centre that breaks the rule."""
    return rows_of(judge.judge(given(json.dumps(centre_with()).encode())))


def test_a_pack_is_loaded_once(job: Job, loads: list[Any]) -> None:
    """Whoever asks again gets what was kept, and so does who asked first."""
    first, second = job.ready(), job.ready()
    assert isinstance(first, KeptReady)
    assert isinstance(second, KeptReady)
    assert len(loads) == 1
    assert isinstance(changed(job, cache="").ready(), ReadyPack)
    assert len(loads) == 2


def test_the_same_comes_of_it(job: Job) -> None:
    """Verdicts, words, and what the manifest says that they were made of."""
    loaded, kept = changed(job, cache="").ready(), job.ready()
    rows = [judged(Judge(each, AS_AT)) for each in (loaded, kept)]
    assert rows[0] == rows[1]
    assert len(rows[0].findings) == 2
    nothing = Inputs(files=(), parts=())
    made = [made_of(job, each.pack, nothing) for each in (loaded, kept)]
    assert made[0] == made[1]


def test_after_warming_up_no_function_is_made_any_more(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies of the process share what was made, and none of them makes it again."""
    judge = Judge(job.ready(), AS_AT)
    judge.warm_up()

    def make(*_: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(KeptModule, "function", make)
    assert len(judged(judge).findings) == 2


def test_who_trusts_the_data_needs_the_specs(job: Job, loads: list[Any]) -> None:
    """What rules read is only known of specs that were loaded."""
    job.ready()
    assert isinstance(changed(job, trusting=True).ready(), ReadyPack)
    assert len(loads) == 2


def test_a_damaged_entry_is_made_anew(job: Job, loads: list[Any]) -> None:
    """Even if the damage is where nobody has looked yet."""
    job.ready()
    content = bytearray(entry(job).read_bytes())
    content[-1] ^= 1
    entry(job).write_bytes(content)
    assert len(judged(Judge(job.ready(), AS_AT)).findings) == 2
    assert len(loads) == 2


@pytest.mark.parametrize("in_the_way", [True, False])
def test_what_cannot_be_kept_is_loaded(job: Job, loads: list[Any], in_the_way: bool) -> None:
    """No folder, or a spec with mistakes: as if there were no cache."""
    if in_the_way:
        Path(job.cache).write_text("a file")
    else:
        Path(job.files[0]).write_text(f"{SPEC}  must", "utf-8")
    for number in (1, 2):
        ready = job.ready()
        assert isinstance(ready, ReadyPack)
        assert ready.pack.has_errors is not in_the_way
        assert len(loads) == number


def test_plugins_are_there_at_once(
    tmp_path: Path, loads: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the hashes that a loaded pack has. One that is gone is not noticed in the middle of a
    run: whoever loads the pack then says so."""
    job = Job(as_at=AS_AT, names=("wbl",), cache=str(tmp_path))
    loaded, kept = ReadyPack(pack=job._load()), job.ready()
    assert isinstance(kept, KeptReady)
    made = [made_of(job, each.pack, Inputs(files=(), parts=())) for each in (loaded, kept)]
    assert made[0] == made[1]
    assert all(each["sha256"] for each in made[1]["plugins"])
    request = Request(job.names, (), {}, ())
    assert find(job.cache, request, at_once=True) is not None

    def gone(name: str) -> Any:
        raise RuntimeError(name)

    monkeypatch.setattr("policy.pack_cache.kept_code.import_module", gone)
    assert find(job.cache, request, at_once=True) is None
    assert find(job.cache, request) is not None
