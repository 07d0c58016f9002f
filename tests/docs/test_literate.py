"""The player of pages notices what a page says wrongly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.literate import (
    Block,
    Command,
    Ended,
    blocks,
    commands,
    matches,
    play,
    problem,
    put,
    refreshed,
    with_items,
)

SPEC = """language 1
spec s "a spec" for 2025/26

parameter p = 1 "one" cites X-1

rule r "first"
  must a

example "one"
  expect r met
"""


def test_blocks_are_found_with_their_files() -> None:
    """The info string says the language and the file; other blocks have no file."""
    page = (
        "text\n\n```yaml a/b.yaml\nx: 1\n```\n\n```console\n$ policy specs\n```\n\n"
        "```policy clauses\nmust a\n```\n"
    )
    assert [(block.language, block.kind, block.file, block.text) for block in blocks(page)] == [
        ("yaml", "", "a/b.yaml", "x: 1\n"),
        ("console", "", "", "$ policy specs\n"),
        ("policy", "clauses", "", "must a\n"),
    ]


def test_commands_are_found_with_what_they_print() -> None:
    """What stands between two commands belongs to the first, but for the exit code."""
    text = "$ policy specs\none\n$ policy check x\ntwo\n...\n# exit code 1\n$ cat x\n"
    assert list(commands(text)) == [
        Command(typed="policy specs", shown=("one",)),
        Command(typed="policy check x", shown=("two", "..."), exit_code=1),
        Command(typed="cat x", shown=()),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("one two", "one two", True),
        ("one ... three", "one two half three", True),
        ("one ...", "one", True),
        ("... three", "one two three", True),
        ("one", "one two", False),
        ("one two", "one", False),
        ("one ... three", "one two", False),
        ("a.c", "abc", False),
        ("", "", True),
        ("", "one", False),
    ],
)
def test_outputs_are_compared_line_by_line(shown: str, printed: str, same: bool) -> None:
    """The comparison is strict but for a line of three dots."""
    assert matches(tuple(shown.split()), tuple(printed.split())) is same


def test_a_part_of_a_spec_goes_to_its_place() -> None:
    """What has the name of something replaces it; what is new follows what is of its kind."""
    part = (
        'parameter q = 2 "two" cites X-1\n\n'
        'rule r "again"\n  must b\n\n'
        'example "two"\n  expect r met\n'
    )
    assert with_items(SPEC, part) == (
        'language 1\nspec s "a spec" for 2025/26\n\n'
        'parameter p = 1 "one" cites X-1\n\nparameter q = 2 "two" cites X-1\n\n'
        'rule r "again"\n  must b\n\n'
        'example "one"\n  expect r met\n\nexample "two"\n  expect r met\n'
    )


def test_a_parameter_comes_before_the_rules() -> None:
    """The first of its kind stands at the head of the spec, the first example at its end."""
    bare = 'language 1\nspec s "a spec" for 2025/26\n\nrule r "first"\n  must a\n'
    whole = with_items(bare, 'parameter p = 1 "one"\n\nexample "one"\n  expect r met\n')
    order = [whole.index(word) for word in ("parameter p", "rule r", 'example "one"')]
    assert order == sorted(order)


def test_a_block_is_written_to_its_file(tmp_path: Path) -> None:
    """Folders are made; a whole file replaces the one that is there, a part of a spec does not."""
    put(Block(language="policy", file="a/s.policy", text=SPEC), tmp_path)
    put(Block(language="policy", file="a/s.policy", text='rule r "new"\n  must b\n'), tmp_path)
    text = (tmp_path / "a/s.policy").read_text("utf-8")
    assert 'rule r "new"\n  must b\n\nexample "one"' in text
    put(Block(language="policy", file="a/s.policy", text=SPEC), tmp_path)
    assert (tmp_path / "a/s.policy").read_text("utf-8") == SPEC


@pytest.mark.parametrize(
    ("printed", "exit_code", "right"),
    [("one", 0, True), ("two", 0, False), ("one", 1, False)],
)
def test_a_wrong_output_or_exit_code_is_a_problem(
    printed: str, exit_code: int, right: bool
) -> None:
    """The problem tells the command and what it printed."""
    command = Command(typed="policy specs", shown=("one",))
    told = problem(command, Ended(printed=(printed,), exit_code=exit_code))
    assert told == "" if right else f"$ policy specs\n{printed}\n# " in told


def test_a_page_is_played_with_the_real_command(tmp_path: Path) -> None:
    """Streams are shown together, and text and exit code are those of a process."""
    page = "```console\n$ policy specs nothing\n```\n"
    ((command, ended),) = play(page, tmp_path)
    assert command.typed == "policy specs nothing"
    assert "error[P215]: there is no spec `nothing`" in ended.printed
    ran = subprocess.run(
        [sys.executable, "-m", "policy", "specs", "nothing"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert ran.stdout.rstrip().splitlines() == [*ended.printed]
    assert ran.returncode == ended.exit_code == 2


def test_a_page_may_run_nothing_else(tmp_path: Path) -> None:
    """A page is no script: what it can do is read and check."""
    with pytest.raises(AssertionError, match="not `rm`"):
        list(play("```console\n$ rm -r x\n```\n", tmp_path))


def test_a_refreshed_page_keeps_what_was_left_out(tmp_path: Path) -> None:
    """New output takes the place of old, right output stays as it is, dots stay dots."""
    (tmp_path / "x").write_text("a\nb\nnew line here\nc\nd\n", "utf-8")
    page = "see\n\n```console\n$ cat x\n...\nold line here\n...\n$ cat x\na\n...\n```\n\nend\n"
    assert refreshed(page, tmp_path) == (
        "see\n\n```console\n$ cat x\n...\nnew line here\n...\n$ cat x\na\n...\n```\n\nend\n"
    )


def test_a_refreshed_page_is_right(tmp_path: Path) -> None:
    """Where nothing alike is left, the whole output is shown; the exit code is stated."""
    (tmp_path / "x").write_text("a\nb\n", "utf-8")
    page = "```console\n$ cat x\n...\nquite another\n```\n```console\n$ policy specs nothing\n```\n"
    new = refreshed(page, tmp_path)
    assert "$ cat x\na\nb\n```" in new
    assert new.endswith("1 error\n# exit code 2\n```\n")
    assert [problem(*each) for each in play(new, tmp_path)] == ["", ""]
