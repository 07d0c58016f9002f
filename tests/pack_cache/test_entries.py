"""What lies in the cache: damaged, foreign, open to others, in the way, too much of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policy.pack_cache.cache import MOST_KEPT, Request, find
from policy.pack_cache.sections import packed
from tests.pack_cache.worlds import WORDS, World, settle


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "foreign", "other parts"])
def test_a_damaged_entry_is_made_anew(world: World, damage: str) -> None:
    """Nothing is said of it, and the report is what it was."""
    expected = world.check("--no-cache")
    entry = world.kept()
    whole = entry.read_bytes()
    spoilt = {
        "flip": whole[:200] + bytes([whole[200] ^ 255]) + whole[201:],
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "foreign": b"policy pack 0\n" + whole[14:],
        "other parts": packed({"request": b"", "observed": b""}),
    }[damage]
    entry.write_bytes(spoilt)
    ended = world.check()
    assert (ended.out, ended.err, ended.loads) == (expected.out, "", 1)
    assert world.check().loads == 0


def test_a_part_found_damaged_in_the_middle_of_a_run(world: World) -> None:
    """The run begins again without the entry."""
    expected = world.check("--no-cache").out
    entry = world.kept()
    whole = bytearray(entry.read_bytes())
    at = whole.rfind(b"<house 2025/26>")  # the version of the code that judges this document
    assert at > 0
    whole[at] ^= 255
    entry.write_bytes(whole)
    ended = world.check()
    assert (ended.out, ended.err, ended.loads) == (expected, "", 1)


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_others_may_write_is_refused(world: World, what: str) -> None:
    """Neither read nor trusted, as if there were no cache; nor is it put right by force."""
    expected = world.check("--no-cache").out
    entry = world.kept()
    (entry.parent if what == "folder" else entry).chmod(0o777)
    ended = world.check()
    assert (ended.out, ended.err, ended.loads) == (expected, "", 1)
    assert world.folder.stat().st_mode & 0o777 == (0o777 if what == "folder" else 0o700)


def test_a_symbolic_link_is_refused(world: World) -> None:
    """What a name leads to elsewhere is not the user's cache."""
    entry = world.kept()
    elsewhere = world.root / "elsewhere"
    shutil.move(entry, elsewhere)
    entry.symlink_to(elsewhere)
    assert world.check().loads == 1
    assert not entry.is_symlink()


def test_modes(world: World) -> None:
    """Folder and file are the user's alone."""
    entry = world.kept()
    assert entry.stat().st_mode & 0o777 == 0o600
    assert entry.parent.stat().st_mode & 0o777 == 0o700


def test_no_cache_neither_reads_nor_writes(world: World) -> None:
    """What stands in the folder stays as it is, and is not looked at."""
    entry = world.kept()
    before = (entry.read_bytes(), entry.stat().st_mtime_ns)
    assert world.check("--no-cache").loads == 1
    assert world.check("--no-cache", "--set", "fewest=1").loads == 1
    assert world.entries == [entry]
    assert (entry.read_bytes(), entry.stat().st_mtime_ns) == before


def test_an_entry_under_the_name_of_another_request(world: World) -> None:
    """A name is only a checksum: what was asked for stands in the entry, and must be the same."""
    entry = world.kept()
    asked = Request(None, ["house.policy"], {}, [])
    assert asked.file == entry.name
    assert find(str(world.folder), asked) is not None
    other = Request(None, ["house.policy"], {"fewest": "3"}, [])
    shutil.copy(entry, entry.with_name(other.file))
    assert find(str(world.folder), other) is None


def test_a_folder_that_cannot_be_is_no_cache(world: World) -> None:
    """Silently."""
    world.folder.write_text("a file", "utf-8")
    ended = world.check()
    assert (ended.code, ended.err, ended.loads) == (0, "", 1)
    assert world.check().loads == 1


def test_a_folder_of_data_is_no_cache(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that lies beside the data is never looked at; nor is a relative folder."""
    monkeypatch.setenv("HOME", str(world.folder.parent))
    monkeypatch.setenv("XDG_CACHE_HOME", ".")
    assert world.check().code == 0
    assert not (world.work / "btec-policy").exists()
    assert list((world.folder.parent / ".cache" / "btec-policy").glob("*.pack"))


def test_two_at_once(processes: World, environment: dict[str, str]) -> None:
    """Two processes that fill the cache at the same time say the same, and leave one entry."""
    command = [sys.executable, "-m", "policy", *WORDS]
    settle()
    runs = [
        subprocess.Popen(
            command, cwd=processes.work, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = {run.communicate(timeout=600)[0] for run in runs}
    said.add(processes.check("--no-cache").out)
    assert len(said) == 1
    assert [path.suffix for path in processes.folder.iterdir()] == [".pack"]


def test_specs_with_mistakes_are_not_kept(world: World) -> None:
    """They are about to be mended."""
    with (world.work / "house.policy").open("a", encoding="utf-8") as spec:
        spec.write("\nrule broken\n")
    assert world.check().code == 2
    assert list(world.folder.iterdir()) == []


def test_only_the_youngest_stay(world: World) -> None:
    """Old entries go when a new one comes; what is not an hour old may still be finished."""
    world.folder.mkdir(mode=0o700)
    for number in range(30):
        aged(world.folder / f"{number:02}.pack", number)
    aged(world.folder / ".new-left", 1)
    (world.folder / ".new-under-way").touch()
    world.check()
    names = {path.name for path in world.folder.iterdir()}
    assert len(names) == MOST_KEPT + 1
    assert names > {f"{number:02}.pack" for number in range(11, 30)} | {".new-under-way"}


def aged(path: Path, seconds: int) -> None:
    """Make an empty file that is very old."""
    path.touch()
    os.utime(path, (seconds, seconds))
