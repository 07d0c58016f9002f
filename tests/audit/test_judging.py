"""One document to its verdicts: the quick way never accepts what the careful way refuses."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from policy.audit.inputs import survey
from policy.audit.judging import Judge, Judged
from policy.audit.part_judging import Assignment, judge_part
from policy.data.readers.raw import Format
from policy.ready import ReadyPack
from tests.audit.toy_job import TINY, centre, given, judge, line
from tests.properties.documents import AS_AT, Data, documents
from tests.properties.verdicts import CI, pack

PLAIN = line(TINY).rstrip()


@pytest.fixture(scope="module")
def by() -> Judge:
    """A judge by the toy specs."""
    return judge()


@pytest.fixture
def ways(by: Judge, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], tuple[Judged, bool]]:
    """Judge a text, and say whether the quick way did; the careful way must agree."""

    def both(content: bytes) -> tuple[Judged, bool]:
        quick = by._quickly(given(content), content) is not None
        found = by.judge(given(content))
        with monkeypatch.context() as patched:
            patched.setattr(Judge, "_quickly", lambda *_: None)
            careful = by.judge(given(content))
        assert replace(found, result=replace(found.result, diagnostics=())) == replace(
            careful, result=replace(careful.result, diagnostics=())
        )
        assert found.result.diagnostics == careful.result.diagnostics
        return found, quick

    return both


Ways = Callable[[bytes], tuple[Judged, bool]]


def test_what_is_as_it_should_be_goes_the_quick_way(ways: Ways) -> None:
    """In whatever white space, and with colons in texts."""
    found, quick = ways(PLAIN)
    assert quick
    assert found.result.readable
    assert (found.size, len(found.hash), found.region) == (len(PLAIN), 64, "")
    assert ways(json.dumps(TINY, indent=2).encode())[1]
    assert ways(line(centre(name="from 9:30 to 10:00, see https://example.org")).rstrip())[1]
    assert ways(line(centre(region="North: east")).rstrip())[0].region == "North: east"


ODD = {
    "white space before a colon": PLAIN.replace(b'"number":', b'"number" :', 1),
    "line break before a colon": PLAIN.replace(b'"number":', b'"number"\r\n:', 1),
    "a text like a member": line(centre(name='x":1,"y":2')).rstrip(),
    "a colon after white space in a text": line(centre(name="9 : 30")).rstrip(),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "many digits": PLAIN.replace(b'"glh":90', b'"glh":90.0000000000000001', 1),
    "eighteen digits": PLAIN.replace(b'"glh":90', b'"glh":90,"credits":999999999999999999', 1),
    "seventeen and a sign": PLAIN.replace(b'"glh":90', b'"glh":90,"credits":-99999999999999999', 1),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_what_only_looks_odd_is_judged_all_the_same(ways: Ways, content: bytes) -> None:
    """By the careful way where need be, with the same verdicts."""
    assert content != PLAIN
    found, _ = ways(content)
    assert found.result.readable
    assert found.result.demands


def refused() -> dict[str, tuple[bytes, str]]:
    """Return texts that nobody may judge, with the code that says why."""
    twice = PLAIN.replace(b'"name":', b'"name":"x","name":', 1)
    # One member too many, and one name less that looks like one: a count of `":` is deceived.
    hidden = twice.replace(b'"number":', b'"number" :', 1)
    credits = b'"glh":90,"credits":%d'
    deep = b"[" * 2000 + b"]" * 2000
    return {
        "name twice": (twice, "P508"),
        "name twice, hidden by white space": (hidden, "P508"),
        "name twice, one of them in a row": (
            PLAIN.replace(b'"id":"T1"', b'"id":"T0","id":"T1"', 1),
            "P508",
        ),
        "name twice, written in two ways": (
            PLAIN.replace(b'"name":', b'"n\\u0061me":"x","name":', 1),
            "P508",
        ),
        "not a number": (PLAIN.replace(b":90,", b":NaN,", 1), "P509"),
        "infinity": (PLAIN.replace(b":90,", b":1e999,", 1), "P509"),
        "nineteen digits": (PLAIN.replace(b":90,", b":1000000000000000000,", 1), "P509"),
        "nineteen digits, in a field without a largest value": (
            PLAIN.replace(b'"glh":90', credits % 10**18, 1),
            "P509",
        ),
        "eighteen digits and a sign": (
            PLAIN.replace(b'"glh":90', credits % -(10**17), 1),
            "P509",
        ),
        "forty digits, in a field without a largest value": (
            PLAIN.replace(b'"glh":90', credits % 10**40, 1),
            "P509",
        ),
        "more than 64 bits": (PLAIN.replace(b":90,", b":" + b"9" * 40 + b",", 1), "P509"),
        "too deep": (PLAIN.replace(b'"England"', deep, 1).replace(b'"england"', deep), "P510"),
        "half a character": (PLAIN.replace(b"Example College", b"\\ud800", 1), "P511"),
        "no UTF-8": (PLAIN.replace(b"Example College", b"\xff", 1), "P504"),
        "UTF-16": (PLAIN.decode().encode("utf-16"), "P504"),
        "cut off": (PLAIN[:-1], "P507"),
        "two documents": (PLAIN + b" {}", "P507"),
        "a comma too many": (PLAIN[:-1] + b",}", "P507"),
        "form feed": (PLAIN[:-1] + b"\x0c}", "P507"),
        "a list": (b"[" + PLAIN + b"]", "P515"),
        "a text": (b'"x"', "P515"),
        "against the schema": (PLAIN.replace(b'"england"', b'"narnia"', 1), "P404"),
        "a row twice": (PLAIN.replace(b'"id":"T2"', b'"id":"T1"', 1), "P521"),
    }


@pytest.mark.parametrize(("content", "code"), refused().values(), ids=refused())
def test_what_the_careful_way_refuses_the_quick_way_refuses(
    ways: Ways, content: bytes, code: str
) -> None:
    """Each is quarantined with the words of `policy check`, by whichever way it went."""
    found, quick = ways(content)
    assert not quick
    assert not found.result.readable
    assert found.result.demands == ()
    assert code in [each.code for each in found.result.diagnostics]


def test_places_are_those_of_the_file(by: Judge) -> None:
    """A line's diagnostics point to the line in its file."""
    content = PLAIN.replace(b'"england"', b'"narnia"', 1)
    found = by.judge(replace(given(content), name="x.ndjson:7", line=7))
    place = found.result.diagnostics[0].position
    assert place is not None
    assert (place.line, content[place.column - 1 :][:8]) == (7, b'"narnia"')


_SPACES = st.sampled_from(["", " ", "\t", "  ", "\n"])
_TEXTS = st.text('a:"\\u03é ', min_size=1, max_size=5)
_MEMBERS = st.tuples(st.sampled_from(["name", "region", "country"]), _SPACES, _SPACES, _TEXTS)


@CI
@drawn(st.lists(_MEMBERS, max_size=4), st.booleans())
def test_a_name_twice_never_goes_the_quick_way(
    members: list[tuple[str, str, str, str]], ascii: bool
) -> None:
    """Whatever texts there are, and however they are written."""
    added = "".join(
        f"{json.dumps(name)}{before}:{after}{json.dumps(value, ensure_ascii=ascii)},"
        for name, before, after, value in members
    )
    content = b"{" + added.encode() + PLAIN[1:]
    names = [name for name, *_ in members] + [name for name in TINY if name in added]
    if len(set(names)) != len(names):
        assert drawn_by()._quickly(given(content), content) is None


@cache
def drawn_by() -> Judge:
    """A judge by the specs that drawn documents are for."""
    return Judge(ReadyPack(pack=pack()), AS_AT)


@CI
@drawn(documents(everything=True))
def test_both_ways_agree_on_drawn_documents(data: Data) -> None:
    """With everything that the schema allows, and references to nobody."""
    by = drawn_by()
    content = json.dumps(data).encode()
    found = by.judge(given(content))
    document, diagnostics = by._carefully(given(content), content)
    assert (document is not None) is found.result.readable
    if by._quickly(given(content), content) is not None:
        assert diagnostics == ()


def test_what_documents_leave_behind_is_collected(
    tmp_path: Path, by: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody else collects: when there is much of it, and not after each document."""
    source = tmp_path / "x.ndjson"
    odd = centre()  # rows that are linked the careful way know each other in circles
    odd["programmes"][0]["learners"][0]["submissions"][0]["assignment"] = "nobody"
    source.write_bytes(line(odd) * 100)
    (part,) = survey([str(source)]).parts
    runs: list[str] = []

    def collected(phase: str, about: Mapping[str, int]) -> None:
        runs.extend([phase] if phase == "start" else [])

    def most_left(limit: int) -> int:
        monkeypatch.setattr("policy.audit.part_judging._LEFT_BEHIND", limit)
        seen: list[int] = []
        gc.collect()
        runs.clear()
        work = Assignment(part=part, folder=tmp_path / f"{limit}")
        judge_part(by, work, lambda number: seen.append(gc.get_count()[0]))
        return max(seen)

    gc.callbacks.append(collected)
    gc.disable()
    try:
        most_left(10**9)  # what is made once is no matter of documents
        without = most_left(10**9 + 1)
        assert runs == []
        assert most_left(without // 4) < without // 3
        assert 2 <= len(runs) <= 20
    finally:
        gc.enable()
        gc.callbacks.remove(collected)


def test_yaml_goes_the_careful_way(by: Judge) -> None:
    """It has no quick reader."""
    assert by._quickly(given(PLAIN, Format.YAML), PLAIN) is None


def test_what_could_not_be_fetched_is_refused(by: Judge) -> None:
    """With the reason that whoever tried has given."""
    why = by.judge(given(b"{")).result.diagnostics
    found = by.judge(replace(given(b""), content=None, diagnostics=why))
    assert (found.result.readable, found.result.diagnostics, found.size) == (False, why, 0)
