"""Answers as text, JSON and CSV: what fits, what is cut and said to be, and nothing lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policy.audit.answers import FORMS, as_csv, as_json, as_text
from policy.audit.query import Answer
from policy.report.layout import columns


def answer(names: str, rows: Iterable[Sequence[Any]], types: str = "") -> Answer:
    """Return an answer; columns are texts unless `types` says otherwise."""
    listed = tuple(names.split())
    kinds = tuple(types.split()) or ("VARCHAR",) * len(listed)
    return Answer(columns=listed, types=kinds, rows=iter([tuple(row) for row in rows]))


def test_a_small_table() -> None:
    """Texts stand at the left, numbers at the right, and the rows are counted."""
    given = answer("rule breached", [("window", 12), ("assessed.done", 3)], "VARCHAR BIGINT")
    assert list(as_text(given)) == [
        "rule           breached",
        "-------------  --------",
        "window               12",
        "assessed.done         3",
        "",
        "2 rows",
    ]


def test_values_in_words() -> None:
    """What is not there is empty; lists, days and yes or no read as people write them."""
    row = (None, True, False, ["a", "b"], date(2026, 5, 1), 0.25, {"a": 1})
    text = list(as_text(answer("a b c d e f g", [row])))[2]
    assert text.split() == ["yes", "no", "a,", "b", "2026-05-01", "0.25", '{"a":', "1}"]


def test_too_long_texts_are_cut_and_said_to_be() -> None:
    """The widest column gives way; numbers and short texts are whole."""
    rows = [("centre 1", "x" * 300, 1234567), ("centre 2", "short", 1)]
    lines = list(as_text(answer("centre message count", rows, "VARCHAR VARCHAR BIGINT")))
    assert max(map(len, lines)) == 80
    assert lines[2].startswith("centre 1  xxxxxx")
    assert lines[2].endswith("xxx...  1234567")
    assert lines[-1] == "2 rows; ... marks what was cut, --format json or csv shows it"


def test_names_of_columns_may_be_broken() -> None:
    """A long name stands on several lines, broken where its words are."""
    rows = [(number, "x" * 60) for number in range(3)]
    lines = list(as_text(answer("centres_in_breach_now text", rows, "BIGINT VARCHAR")))
    assert lines[:4] == [
        "centres_in_breach_",
        "               now  text",
        "------------------  " + "-" * 60,
        " " * 17 + "0  " + "x" * 60,
    ]
    assert lines[-1] == "3 rows"


def test_many_columns_become_blocks() -> None:
    """If no table fits, each row is a block, in which nothing is cut."""
    names = " ".join(f"column_{number}" for number in range(20))
    rows = [[f"{row} " + "word " * 30] * 20 for row in range(3)]
    lines = list(as_text(answer(names, rows)))
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).count("word") == 3 * 20 * 30
    assert [line for line in lines if line.startswith("column_7 ")] != []
    assert lines[-1] == "3 rows"


def test_no_rows() -> None:
    """An empty answer has its head and says so."""
    assert list(as_text(answer("a b", [])))[-1] == "0 rows"
    assert list(as_json(answer("a b", []))) == ["[]"]
    assert list(as_csv(answer("a b", []))) == ["a,b"]


def test_all_rows_are_shown() -> None:
    """However many there are; what comes late and does not fit is cut and said to be."""
    rows = [("x", number) for number in range(2500)]
    rows.append(("a late and long text", 10**9))
    lines = list(as_text(answer("a b", rows, "VARCHAR BIGINT")))
    assert len(lines) == 2 + 2501 + 2
    assert lines[-1].startswith("2501 rows; ... marks")
    assert max(map(len, lines[:-1])) < 10


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_harmful_characters_stay_in_the_data(form: str) -> None:
    """Text cannot move the cursor; CSV keeps a line a row by quoting."""
    given = answer("a", [("\x1b[31mred\nnext",)])
    text = "\n".join(FORMS[form](given))
    if form == "text":
        assert r"\x1b[31mred\nnext" in text
    elif form == "csv":
        assert list(csv.reader(text.splitlines(keepends=True)))[1] == ["\x1b[31mred\nnext"]
    else:
        assert json.loads(text) == [{"a": "\x1b[31mred\nnext"}]


def test_wide_characters_count_twice() -> None:
    """A table fits whatever is in it."""
    lines = list(as_text(answer("a b", [("漢字" * 40, "x" * 40)])))
    assert max(map(columns, lines)) <= 80
    assert "..." in lines[2]


def test_json_is_an_array_of_objects() -> None:
    """A row a line; numbers stay numbers, what JSON has no form for becomes null or a text."""
    row = (1, 2.5, float("nan"), Decimal("1.5"), date(2026, 5, 1), ["x"], None, {"k": 1}, b"b")
    given = answer("a b c d e f g h i", [row, row])
    lines = list(as_json(given))
    assert len(lines) == 3
    wanted = dict(zip("abcdefghi", (1, 2.5, None, 1.5, "2026-05-01", ["x"], None), strict=False))
    first, second = json.loads("\n".join(lines))
    assert first == second == {**wanted, "h": {"k": 1}, "i": "b'b'"}


def test_csv_can_be_read_again() -> None:
    """A head and a line a row; nothing for what is not there, lists as JSON."""
    row = ('say "a, b"', None, ["x", "y"], date(2026, 5, 1), True, 3)
    lines = list(as_csv(answer("a b c d e f", [row])))
    head, values = csv.reader(lines)
    assert head == list("abcdef")
    assert values == ['say "a, b"', "", '["x", "y"]', "2026-05-01", "true", "3"]
