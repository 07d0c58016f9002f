"""What authors get wrong in their first hour: each mistake is named, placed and helped with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import toy_suite
from tests.bad_input.conftest import CENTRE, SPEC, Call

MUST = "must s.assessed_on <= window after s.submitted_on"
MISTAKES = {
    "bracket not closed": (MUST, "must (s.assessed_on <= window", "P116", "`)` is missing", ")"),
    "bracket too many": (MUST, f"{MUST})", "P117", "`)` closes nothing", "take it away"),
    "curly quotes": ('"not signed"', "“not signed”", "P108", "not in curly ones", '"text"'),
    "single quotes": ('"not signed"', "'not signed'", "P108", "not in single ones", '"text"'),
    "equals twice": ("manner is strict and", "manner == strict and", "P110", "`==`", "write `=`"),
    "ampersands": ("is_loud and", "is_loud && ", "P110", "`&&`", "write `and`"),
    "capital": ("  for each submission s\n  when", "  For each submission s\n  when", "P118",
                "`For` is written in small letters", "write `for`"),
    "tab": (f"  {MUST}", f"\t{MUST}", "P107", "a tab character stands here", "use blanks"),
    "unknown clause": ("  owner", "  ownr", "P119", "`ownr`", "did you mean `owner`?"),
    "everyday word": (MUST, MUST.replace("must", "shall"), "P126", "`shall`", "write `must`"),
    "text not closed": ('"not signed"', '"not signed', "P109", "never closed", "at its end"),
    "no language": ("language 1\n", "", "P131", "version of the language", "write `language 1`"),
    "comment": ("parameter marking", "# comment\nparameter marking", "P137", "`#`", "`--`"),
    "dash": ("parameter marking", "– comment\nparameter marking", "P113", "`–`", "`--`"),
    "British date": ("as at 2026-01-10", "as at 10/01/2026", "P114", "10/01/2026", "2026-01-10"),
    "no subject": ("  for each submission s\n  when", "  when", "P129", "what it is about",
                   "`for each ENTITY x`"),
    "no title": ('"Learners sign their work"', "", "P127", "`signed` needs a title", '"quotes"'),
    "no demand": ("  should s.is_signed_by_learner\n", "", "P130", "", ""),
    "unknown field": ("s.is_signed_by_learner", "s.is_singed_by_learner", "P202",
                      "`is_singed_by_learner`", "did you mean `is_signed_by_learner`?"),
    "unknown row": ("for each learner l", "for each leaner l", "P205", "`leaner`",
                    "did you mean `learner`?"),
    "unknown enumerator": ("manner is strict", "manner is strikt", "P203", "`strikt`",
                           "did you mean `strict`?"),
    "unlike things": ("<= window after s.submitted_on", "<= marking", "P302", "", ""),
    "no clause": ("  cites HSE-002\n  for each submission s\n  should s", "  for each submission s"
                  "\n  should s", "P208", "`signed` cites no clause", "add `cites`"),
    "no such clause": ("cites HSE-001", "cites HSE-022", "P207", "no clause `HSE-022`",
                       "did you mean `HSE-002`?"),
    "unknown owner": ("owner assessor", "owner asessor", "P217", "`asessor`", "`assessor`?"),
    "two rules of one name": ("rule signed", "rule assessed_in_time", "P209",
                              "`assessed_in_time`", ""),
    "no such day": ("2025-09-01 \"when", "2025-09-31 \"when", "P103", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_spec_is_named_and_placed(name: str, call: Call, spec: Path) -> None:
    """Code, words, place with the line and a mark under it, and what to do; exit code 2."""
    old, new, code, message, help_text = MISTAKES[name]
    assert old in SPEC
    broken = SPEC.replace(old, new, 1)
    spec.write_text(broken, "utf-8")
    ended = call("check", CENTRE, "--spec", spec, "--as-at", "2026-05-01")
    assert (ended.code, ended.err) == (2, "")
    first = ended.out.partition("\n\n")[2].partition("\n\n")[0]
    assert first.startswith(f"error[{code}]: "), ended.out
    assert message in " ".join(first.split())
    assert help_text in " ".join(first.partition("= help: ")[2].split())
    place = first.partition("--> ")[2].splitlines()[0]
    path, line, column = place.rsplit(":", 2)
    assert path == str(spec)
    source = broken.splitlines()[int(line) - 1]
    assert 1 <= int(column) <= len(source) + 1
    assert f"{line} | " in first
    assert "^" in first
    assert "Traceback" not in ended.out
    assert ended.out.endswith("Nothing was checked.\n")


def test_several_mistakes_are_told_at_once(call: Call, spec: Path) -> None:
    """Each of three rules has its own mistake; none is lost and none is made up."""
    text = SPEC
    for name in ("unknown owner", "unknown field", "unknown row"):
        text = text.replace(*MISTAKES[name][:2], 1)
    spec.write_text(text, "utf-8")
    ended = call("check", CENTRE, "--spec", spec)
    assert ended.code == 2
    assert [ended.out.count(f"error[{code}]") for code in ("P217", "P202", "P205")] == [1, 1, 1]
    assert ended.out.count("error[") == 3


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", "P131", "this file is empty"),
        (b"-- nothing yet\n", "P131", ""),
        (b"language 1\n", "P139", "something is missing"),
        (b"language 2\nspec x \"X\" for 2025/26\n", "P131", ""),
        (SPEC.encode("utf-16"), "P702", "no UTF-8 text"),
        (SPEC.encode().replace(b"not signed", b"not sign\xe9"), "P702", "no UTF-8 text"),
        (b"\x00" * 100, "P131", ""),
        (b"(" * 20_000, "", ""),
        (b"language 1\nspec x \"X\" for 2025/26\nrule a \"A\"\n  cites HSE-001\n  for each centre c"
         b"\n  must " + b"not (" * 3000 + b"c.name is recorded" + b")" * 3000, "P138", "deep"),
    ],
    ids=range(9),
)  # fmt: skip
def test_a_file_that_is_no_spec(
    call: Call, spec: Path, content: bytes, code: str, message: str
) -> None:
    """Nothing, half a file, another encoding, brackets without end: worded, 2."""
    spec.write_bytes(content)
    ended = call("check", CENTRE, "--spec", spec)
    assert ended.code == 2, ended.text
    assert f"error[{code}" in ended.out
    assert message in ended.text
    assert str(spec) in ended.out


def test_a_byte_order_mark_in_a_spec_is_read_over(call: Call, spec: Path) -> None:
    """Notepad writes one; it is no mistake."""
    spec.write_bytes(b"\xef\xbb\xbf" + SPEC.encode())
    assert call("check", CENTRE, "--spec", spec, "--as-at", "2026-05-01").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message", "help_text"),
    [
        (["--spec", "hous"], "P215", "there is no spec `hous`", "did you mean `house`?"),
        (["--spec", "no/such.policy"], "P701", "there is no spec at `no/such.policy`", "folder"),
        (["--rule", "sigend"], "P216", "no spec of this run has a rule `sigend`",
         "did you mean `signed`?"),
        (["--rule", "zzzzzz"], "P216", "has a rule `zzzzzz`", "`policy specs --rules`"),
        (["--set", "marknig=3"], "P703", "there is no parameter `marknig`",
         "did you mean `marking`?"),
        (["--set", "marking=three"], "P704", "`three` is no value for `marking`",
         "a whole number, such as 15"),
        (["--set", "marking="], "P704", "`marking` is given no value", "a whole number"),
        (["--set", "marking=1.5"], "P704", "`1.5` is no value", "a whole number"),
        (["--set", "manner=cruel"], "P704", "`cruel` is no value for `manner`", "kind, strict"),
        (["--set", "window=10"], "P704", "`10` is no value for `window`", "`10 working days`"),
        (["--set", "share=much"], "P704", "`much` is no value for `share`", "such as 0.8"),
        (["--set", "from_day=1/9/2025"], "P704", "is no value for `from_day`", "2025-10-28"),
        (["--set", "is_loud=yes"], "P704", "`yes` is no value for `is_loud`", "true or false"),
    ],
)  # fmt: skip
def test_a_name_or_value_that_nobody_knows(
    call: Call, arguments: list[str], code: str, message: str, help_text: str
) -> None:
    """Spec, rule, parameter, value of a parameter: worded with the nearest name or an example."""
    ended = call("check", CENTRE, *arguments)
    assert ended.code == 2
    assert f"error[{code}]: " in ended.text
    assert message in ended.text
    assert help_text in ended.text


@pytest.mark.parametrize("value", ["marking=-1", f"marking={10**40}", "share=1e999999", "share=-0"])
def test_values_out_of_all_bounds_are_judged_with(call: Call, value: str) -> None:
    """A number that no calendar and no machine holds gives no verdict, and no crash."""
    ended = call("check", CENTRE, "--set", value, "--as-at", "2026-05-01")
    assert ended.code in (0, 2)
    assert "mistake in policy itself" not in ended.err


def test_no_such_suite() -> None:
    """A plugin asked for by a name that nobody brings."""
    from policy.plugins import discover

    (found,) = discover(["toyy"], extra={"toy": toy_suite}).diagnostics
    assert (found.code, found.help) == ("P901", "did you mean `toy`?")
    assert found.message == "no plugin `toyy` is installed"


def test_a_spec_for_another_library(call: Call, spec: Path) -> None:
    """`use` of a library that is not there is told at the word."""
    spec.write_text(SPEC.replace("\n\n", "\nuse huose\n\n", 1), "utf-8")
    ended = call("check", CENTRE, "--spec", spec)
    assert ended.code == 2
    assert "error[P215]: there is no" in ended.out
    assert f"{spec}:3:" in ended.out


@pytest.mark.parametrize(
    ("table", "code", "message"),
    [
        (b"kind,days\nfirst,2O\n", "P310", "`2O` in column `days` is no integer"),
        (b"kind,days\nfrist,20\n", "P203", "`frist`"),
        (b"kind,days\nfirst,20\nfirst,30\n", "P311", "another row of `limits` has this key"),
        (b"kinds,days\nfirst,20\n", "P310", ""),
        (b"", "P310", "the file of `limits` is empty"),
        (b'kind,days\n"first,20\n', "P310", "is no CSV"),
        ("kind,days\nfirst,20\u00e9\n".encode("latin-1"), "P310", "is not in UTF-8"),
    ],
)
def test_a_table_that_does_not_fit(
    call: Call, home: Path, table: bytes, code: str, message: str
) -> None:
    """A typing mistake, a key twice, another encoding: at its line of the CSV file, 2."""
    (home / "house" / "tables" / "limits.csv").write_bytes(table)
    ended = call("check", CENTRE)
    assert ended.code == 2
    assert f"error[{code}]: " in ended.out
    assert message in ended.text
    assert "tables/limits.csv:" in ended.out


def test_a_line_of_a_table_is_counted_as_its_reader_counts(call: Call, home: Path) -> None:
    """A separator of Unicode inside a cell ends no line."""
    content = "kind,days\n\u2028\x0bfirst,20\nresubmission,2O\n"
    (home / "house" / "tables" / "limits.csv").write_text(content, "utf-8")
    ended = call("check", CENTRE)
    assert "tables/limits.csv:3:" in ended.out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"guide: [x\n", "this is not YAML: "),
        (b"", "this is no register of clauses"),
        (b"guide: A\nclauses: []\n", "this register of clauses has no `title`"),
        (b"guide: A\ntitle: B\nclauses: [{id: HSE-001}, 5]\n", "clause 2 of this register has no"),
        (b"day: 2025-02-31\n", "this register of clauses is not YAML"),
        (b"[" * 10_000, "this"),
        (b"guide: \xe9\n", "this register of clauses is not in UTF-8"),
    ],
)
def test_a_register_of_clauses_that_is_none(
    call: Call, home: Path, content: bytes, message: str
) -> None:
    """P711 with the file and what belongs into it; citations of other registers still count."""
    (home / "clauses" / "zzz.yaml").write_bytes(content)
    ended = call("check", CENTRE)
    assert ended.code == 2
    assert f"error[P711]: {message}" in ended.text
    assert str(home / "clauses" / "zzz.yaml") in ended.out
    assert "write `guide`, `title` and `clauses`" in ended.text
    assert ended.out.count("error[") == 1


def test_files_that_cannot_be_opened(call: Call, home: Path) -> None:
    """A link that leads nowhere, among specs and among clauses."""
    (home / "house" / "gone.policy").symlink_to(home / "nowhere")
    (home / "clauses" / "gone.yaml").symlink_to(home / "nowhere")
    ended = call("check", CENTRE)
    assert ended.code == 2
    assert "error[P712]: the spec cannot be opened: no such file or directory" in ended.text
    assert "error[P711]: this register of clauses cannot be opened: no such file" in ended.text


def test_a_spec_is_found_by_whichever_path(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Absolute, relative, by its folder: from within the folder and from outside."""
    for folder in (home, home.parent):
        monkeypatch.chdir(folder)
        for path in (home / "house" / "house.policy", home / "house", home):
            for named in (path, path.relative_to(folder) if path != folder else f"{path}/"):
                name = str(named) if "/" in str(named) else f"./{named}"
                ended = call("check", CENTRE, "--spec", name, "--as-at", "2026-05-01")
                assert ended.code == 0, (folder, name, ended.text)
                assert "house 2025/26" in ended.out


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (None, "P794", "the spec cannot be read: no such file"),
        (SPEC.encode("utf-16"), "P794", "the spec is not UTF-8"),
        (SPEC.replace("(key kind", "key kind").encode(), "P1", ""),
    ],
)
def test_what_cannot_be_laid_out_is_left_alone(
    call: Call, spec: Path, content: bytes | None, code: str, message: str
) -> None:
    """`policy fmt` tells why, and changes nothing."""
    spec.unlink()
    if content is not None:
        spec.write_bytes(content)
    ended = call("fmt", spec)
    assert ended.code == 2
    assert f"error[{code}" in ended.err
    assert message in ended.text
    assert str(spec) in ended.err
    assert (spec.read_bytes() if spec.exists() else None) == content
