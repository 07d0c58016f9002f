"""The pack cache changes how long a check takes, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CENTRES = ROOT / "examples" / "centres"
FIXTURES = ROOT / "tests" / "fixtures"
DAYS = ("2026-07-24", "2025-12-01")
UNTIL_OLD = 0.4
"""Seconds after which a file is no longer so young that nothing made of it is kept."""

Check = Callable[..., "subprocess.CompletedProcess[str]"]

SPEC = """\
language 1
spec house "House rules" for 2025/26

{extra}rule named "Learners have names" cites AAQ-001
  for each learner l
  must l.name is recorded
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for caches."""
    folder = tmp_path / "caches"
    folder.mkdir()
    return folder


@pytest.fixture
def check(home: Path, tmp_path: Path) -> Check:
    """Run `policy check` in a process of its own, with a cache of its own."""

    def run(*words: str, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "XDG_CACHE_HOME": str(home), **more}
        return subprocess.run(
            [sys.executable, "-m", "policy", "check", *words],
            capture_output=True,
            text=True,
            cwd=cwd,
            env=environment,
            timeout=600,
        )

    return run


def entries(home: Path) -> list[Path]:
    """Return the files of the cache."""
    return sorted((home / "btec-policy").glob("*"))


@pytest.fixture
def warm(check: Check, home: Path) -> Check:
    """A check with a cache that holds the pack of all installed specs."""
    check(str(CENTRES / "clean.json"), "--as-at", DAYS[0])
    assert len(entries(home)) == 1
    return check


CENTRE_FILES = sorted(path for path in CENTRES.iterdir() if path.suffix in (".json", ".yaml"))


def test_reports_are_the_same_bytes(warm: Check) -> None:
    """Over all example centres, as text and JSON, as at several days."""
    paths = [str(path) for path in CENTRE_FILES]
    for as_at, words in zip(DAYS, (["--verbose", "--unknown"], ["--format", "json"]), strict=True):
        kept = warm(*paths, "--as-at", as_at, *words)
        anew = warm(*paths, "--as-at", as_at, *words, "--no-cache")
        assert (kept.stdout, kept.stderr) == (anew.stdout, anew.stderr)
        assert kept.returncode == anew.returncode == 1


def loaded_after(words: list[str], home: Path) -> set[str]:
    """Return the names of the modules that a run of `policy` has imported."""
    script = f"""
        import sys
        from policy.cli import main
        try:
            main({words!r})
        except SystemExit:
            print(*sorted(sys.modules), file=sys.stderr)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(home)},
        timeout=600,
    )
    return set(ran.stderr.split())


def test_a_warm_check_of_clean_data_imports_little(home: Path) -> None:
    """Neither the parser generator nor a schema validator, and of plugins what is called."""
    words = ["check", str(CENTRES / "clean.json"), "--as-at", DAYS[0]]
    heavy = {"lark", "jsonschema", "jsonschema_rs", "click", "importlib.metadata", "yaml"}
    assert "lark" in loaded_after(words, home)
    assert loaded_after(words, home) & heavy == set()


def test_no_cache_neither_reads_nor_writes(warm: Check, home: Path) -> None:
    """What stands in the folder stays as it is, and is not looked at."""
    (entry,) = entries(home)
    before = (entry.read_bytes(), entry.stat().st_mtime_ns)
    entry.chmod(0o000)
    ran = warm(str(CENTRES / "clean.json"), "--as-at", DAYS[0], "--no-cache")
    entry.chmod(0o600)
    assert ran.returncode == 0
    assert (entry.read_bytes(), entry.stat().st_mtime_ns) == before


def test_modes(warm: Check, home: Path) -> None:
    """Folder and file are the user's alone."""
    (entry,) = entries(home)
    assert entry.stat().st_mode & 0o777 == 0o600
    assert entry.parent.stat().st_mode & 0o777 == 0o700


def own_spec(folder: Path, extra: str = "") -> Path:
    """Write a spec of one rule."""
    path = folder / "house.policy"
    path.write_text(SPEC.format(extra=extra), encoding="utf-8")
    return path


def settle() -> None:
    """Wait until what was just written is old enough to be kept."""
    time.sleep(UNTIL_OLD)


WORDS = ("--spec", "house.policy", "--as-at", DAYS[0], "--format", "json")
CLEAN = str(CENTRES / "clean.json")


def both(check: Check, folder: Path, *words: str) -> str:
    """Return the report, which is the same with and without what was kept."""
    settle()
    warmed = [check(CLEAN, *WORDS, *words, cwd=folder).stdout for _ in range(2)]
    anew = check(CLEAN, *WORDS, *words, "--no-cache", cwd=folder).stdout
    assert warmed == [anew, anew]
    return anew


def kept_here(home: Path) -> int:
    """Return how many packs are kept."""
    return len([path for path in entries(home) if path.suffix == ".pack"])


def test_an_edit_of_a_spec_is_noticed(check: Check, home: Path, tmp_path: Path) -> None:
    """Even one that leaves size and time of the file as they were."""
    spec = own_spec(tmp_path)
    before = both(check, tmp_path)
    assert kept_here(home) == 1
    found = spec.stat()
    spec.write_text(spec.read_text("utf-8").replace("have names", "got names!"), "utf-8")
    os.utime(spec, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert spec.stat().st_size == found.st_size
    after = both(check, tmp_path)
    assert "have names" in before
    assert "got names!" in after


def test_a_touched_spec_is_not_read_anew(check: Check, home: Path, tmp_path: Path) -> None:
    """Contents decide, not times."""
    spec = own_spec(tmp_path)
    both(check, tmp_path)
    (entry,) = entries(home)
    before = entry.stat().st_mtime_ns
    spec.touch()
    check(CLEAN, *WORDS, cwd=tmp_path)
    assert entry.stat().st_mtime_ns == before


def test_settings_rules_and_tables_make_packs_of_their_own(
    check: Check, home: Path, tmp_path: Path
) -> None:
    """A changed table, another setting, other rules: each answers for itself."""
    own_spec(tmp_path, 'parameter most = 5 "at most" setting cites AAQ-001\n\n')
    one = both(check, tmp_path)
    two = both(check, tmp_path, "--set", "most=7")
    three = both(check, tmp_path, "--rule", "named")
    assert len({one, two}) == 2
    assert three
    assert kept_here(home) == 3


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "foreign"])
def test_a_damaged_entry_is_made_anew(
    check: Check, home: Path, tmp_path: Path, damage: str
) -> None:
    """Nothing is said of it, and the report is what it was."""
    own_spec(tmp_path)
    expected = both(check, tmp_path)
    (entry,) = entries(home)
    whole = entry.read_bytes()
    middle = len(whole) // 2
    spoilt = {
        "flip": whole[:200] + bytes([whole[200] ^ 255]) + whole[201:],
        "cut": whole[:middle],
        "empty": b"",
        "foreign": b"policy pack 0\n" + whole[14:],
    }[damage]
    entry.write_bytes(spoilt)
    ran = check(CLEAN, *WORDS, cwd=tmp_path)
    assert (ran.stdout, ran.stderr) == (expected, "")
    assert entry.read_bytes() != spoilt


def test_a_part_found_damaged_in_the_middle_of_a_run(
    check: Check, home: Path, tmp_path: Path
) -> None:
    """The run begins again without the entry."""
    own_spec(tmp_path)
    expected = both(check, tmp_path)
    (entry,) = entries(home)
    whole = bytearray(entry.read_bytes())
    at = whole.find(b"<house 2025/26>")
    assert at > 0
    whole[at] ^= 255
    entry.write_bytes(whole)
    ran = check(CLEAN, *WORDS, cwd=tmp_path)
    assert (ran.stdout, ran.stderr) == (expected, "")


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_others_may_write_is_refused(
    check: Check, home: Path, tmp_path: Path, what: str
) -> None:
    """Neither read nor trusted: an entry that says something else is not heard."""
    own_spec(tmp_path)
    expected = both(check, tmp_path)
    (entry,) = entries(home)
    (entry.parent if what == "folder" else entry).chmod(0o777)
    assert find_entry(entry) is None
    ran = check(CLEAN, *WORDS, cwd=tmp_path)
    assert (ran.stdout, ran.stderr) == (expected, "")


def find_entry(entry: Path) -> object:
    """Ask for an entry by its file."""
    import stat

    from policy.pack_cache.sections import Damaged, Sections, is_own, opened

    if not is_own(entry.parent.lstat(), stat.S_ISDIR):
        return None
    try:
        return Sections(opened(str(entry)))
    except Damaged:
        return None


def test_a_symbolic_link_is_refused(check: Check, home: Path, tmp_path: Path) -> None:
    """What a name leads to elsewhere is not the user's cache."""
    own_spec(tmp_path)
    both(check, tmp_path)
    (entry,) = entries(home)
    elsewhere = tmp_path / "elsewhere"
    shutil.move(entry, elsewhere)
    entry.symlink_to(elsewhere)
    assert find_entry(entry) is None


def test_a_folder_that_cannot_be_is_no_cache(check: Check, home: Path, tmp_path: Path) -> None:
    """Silently."""
    own_spec(tmp_path)
    (home / "btec-policy").write_text("a file", "utf-8")
    ran = check(CLEAN, *WORDS, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_two_at_once(check: Check, home: Path, tmp_path: Path) -> None:
    """Two processes that fill the cache at the same time say the same, and leave one entry."""
    own_spec(tmp_path)
    settle()
    command = [sys.executable, "-m", "policy", "check", CLEAN, *WORDS]
    environment = {**os.environ, "XDG_CACHE_HOME": str(home)}
    runs = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = {run.communicate(timeout=600)[0] for run in runs}
    said.add(check(CLEAN, *WORDS, "--no-cache", cwd=tmp_path).stdout)
    assert len(said) == 1
    assert len(entries(home)) == 1


def test_specs_with_mistakes_are_not_kept(check: Check, home: Path, tmp_path: Path) -> None:
    """They are about to be mended."""
    own_spec(tmp_path, "rule broken\n\n")
    settle()
    assert check(CLEAN, *WORDS, cwd=tmp_path).returncode == 2
    assert entries(home) == []


def test_only_the_youngest_stay(check: Check, home: Path, tmp_path: Path) -> None:
    """Old entries go when a new one comes; what somebody else put there stays."""
    own_spec(tmp_path)
    folder = home / "btec-policy"
    folder.mkdir(mode=0o700)
    for number in range(30):
        (folder / f"{number:02}.pack").write_bytes(b"")
        os.utime(folder / f"{number:02}.pack", (number, number))
    (folder / ".new-left").write_bytes(b"")
    os.utime(folder / ".new-left", (1, 1))
    settle()
    check(CLEAN, *WORDS, cwd=tmp_path)
    names = {path.name for path in entries(home)}
    assert len(names) == 20
    assert names > {f"{number:02}.pack" for number in range(11, 30)}


def test_a_folder_of_data_is_no_cache(check: Check, home: Path, tmp_path: Path) -> None:
    """An entry that lies beside the data is never looked at; nor is a relative folder."""
    own_spec(tmp_path)
    ran = check(CLEAN, *WORDS, cwd=tmp_path, XDG_CACHE_HOME=".", HOME=str(home))
    assert ran.returncode == 0
    assert not (tmp_path / "btec-policy").exists()
