"""A run that was ended in the middle: how it goes on, and with what it does not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.audit import run as runs
from policy.audit.job import Job
from policy.audit.part_judging import Assignment
from policy.audit.run import audit
from policy.errors import PolicyError, SpecInvalid
from tests.audit.line_runs import contents, here, refusal, run, stopped_after
from tests.audit.toy_job import job, lines


def test_an_interrupted_run_goes_on(source: Path, tmp_path: Path) -> None:
    """Parts that are done are not judged again, and the result is as if nothing had been."""
    run(source, tmp_path / "whole")
    for parts in (0, 1, 4, 5):
        out = tmp_path / f"after {parts}"
        with pytest.raises(KeyboardInterrupt):
            run(source, out, engine=stopped_after(parts))
        judged: list[int] = []

        def counting(job: Job, waiting: Sequence[Assignment]) -> Iterator[Any]:
            for each in here(job, waiting):
                judged.append(each[0].part.number)  # noqa: B023 - read before it is another
                yield each

        done = run(source, out, engine=counting, resume=True)
        assert judged == list(range(parts, 5))
        assert done.tally.documents == 5
        assert contents(out) == contents(tmp_path / "whole")


def test_a_finished_run_goes_on_by_doing_nothing(source: Path, out: Path) -> None:
    """Then --resume says what it came to."""
    first = run(source, out)
    before = contents(out)
    again = run(source, out, engine=stopped_after(0), resume=True)
    assert again.tally == first.tally
    assert contents(out) == before


def test_resume_begins_what_was_never_begun(source: Path, out: Path) -> None:
    """Whoever always says --resume gets a run the first time, too."""
    assert run(source, out, resume=True).tally.documents == 5


def killed_in(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die the first time it comes to a function of the run."""
    usual = getattr(runs, where)

    def dying(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(runs, where, usual)
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, where, dying)


@pytest.mark.parametrize("where", ["merge", "finished", "write_json", "tidy", "where_it_stands"])
def test_a_run_that_dies_in_its_last_steps_goes_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Before tables are merged, after, and when only the tidying up is left."""
    run(source, tmp_path / "whole")
    out = tmp_path / "out"
    killed_in(where, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run(source, out)
    run(source, out, resume=True)
    assert contents(out) == contents(tmp_path / "whole")


def test_drafts_of_a_run_that_was_killed_are_written_over(source: Path, tmp_path: Path) -> None:
    """Half of a part, of a table, of the first file of all: none of them counts."""
    run(source, tmp_path / "whole")
    out = tmp_path / "out"
    out.mkdir()
    (out / "begun.json.draft").write_text("{")
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(2))
    (out / "parts" / "000003.draft").mkdir()
    (out / "parts" / "000003.draft" / "findings.parquet").write_text("x")
    (out / "findings.parquet.draft").write_text("x")
    run(source, out, resume=True)
    assert contents(out) == contents(tmp_path / "whole")


@pytest.mark.parametrize("is_done", [True, False], ids=["done", "half done"])
def test_another_input_is_refused_by_name(source: Path, out: Path, is_done: bool) -> None:
    """A file that changed, one more, one less: the first that differs is named."""
    if is_done:
        run(source, out)
    else:
        with pytest.raises(KeyboardInterrupt):
            run(source, out, engine=stopped_after(2))
    words = "the input is not what it was when the run began"
    usual = source.read_bytes()
    source.write_bytes(usual.replace(b'"C"', b'"X"'))
    assert refusal(source, out, resume=True) == ("P806", f"{words}: `{source}`")
    source.write_bytes(usual)
    more = source.with_name("more.ndjson")
    more.write_bytes(lines("F"))
    with pytest.raises(PolicyError, match=r"more\.ndjson"):
        audit(job(), [str(source), str(more)], out, engine=here, part_size=1, resume=True)
    with pytest.raises(PolicyError, match=r"x\.ndjson|more\.ndjson"):
        audit(job(), [str(more)], out, engine=here, part_size=1, resume=True)
    assert run(source, out, resume=True).tally.documents == 5


OTHER = {
    "another day (--as-at)": {"as_at": date(2026, 5, 2)},
    "another value of `days`": {"settings": {"days": "16"}},
    "other rules": {"rules": ("window",)},
}


@pytest.mark.parametrize(("words", "changes"), OTHER.items(), ids=OTHER)
def test_another_question_is_refused(
    source: Path, out: Path, words: str, changes: dict[str, Any]
) -> None:
    """Results of two questions never lie in one folder."""
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(2))
    code, said = refusal(source, out, job(**changes), resume=True)
    assert code == "P807"
    assert said == f"the run in `{out}` was begun with {words}"
    assert run(source, out, resume=True).tally.documents == 5


def test_another_spec_is_refused(source: Path, out: Path, tmp_path: Path) -> None:
    """The same name with other words in it is another spec."""
    spec = tmp_path / "mine.policy"
    text = 'language 1\nspec mine "Mine" for 2025/26\nrule r "R"\n  for each centre c\n'
    text += "  cites TOY-001\n  must c.name is recorded\n"
    spec.write_text(text)
    by = job(files=(str(spec),))
    with pytest.raises(KeyboardInterrupt):
        run(source, out, by, engine=stopped_after(1))
    spec.write_text(text.replace("c.name", "c.region"))
    assert refusal(source, out, by, resume=True)[0] == "P807"
    spec.write_text(text)
    assert run(source, out, by, resume=True).tally.documents == 5
    spec.write_text(text.replace("must", "mast"))
    with pytest.raises(SpecInvalid):
        run(source, out, by, resume=True)


def test_a_damaged_file_of_a_run(source: Path, out: Path) -> None:
    """What it was begun with cannot be told any more."""
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(1))
    (out / "begun.json").write_text("{")
    said = f"`{out / 'begun.json'}` is damaged, or cannot be read"
    assert refusal(source, out, resume=True) == ("P808", said)


def test_a_part_of_another_hash_is_judged_again(source: Path, out: Path, tmp_path: Path) -> None:
    """As after a new version parts the input in another way."""
    run(source, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(source, out, engine=stopped_after(3))
    run(source, out, resume=True, part_size=1 << 20)
    assert contents(out) == contents(tmp_path / "whole")
    shutil.rmtree(out)
