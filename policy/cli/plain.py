"""The plain form of `policy check`, read without click.

Plain is: options of the table spelt out, each with a value that it takes, and paths. Whatever else
is typed (help, a slip, an abbreviation) is for click, which has the words for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from policy.cli.words import CHECK, Misread, Word, assignments, day_of, today

_OPTIONS = {word.option: word for word in CHECK}


class _NotPlain(Exception):
    """Something for click."""


def read_check(words: Sequence[str]) -> dict[str, Any] | None:
    """Return the arguments of `run_check`, None if the words are not plain."""
    try:
        return _read(words)
    except (_NotPlain, Misread):
        return None


def _read(words: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    paths: list[str] = []
    rest = iter(words)
    for text in rest:
        if not text.startswith("-") or text == "-":
            paths.append(text)
            continue
        word, value = _option(text, rest)
        if word.kind == "many":
            given.setdefault(word.name, []).append(value)
        else:
            given[word.name] = value
    if not paths or not all(paths):
        raise _NotPlain
    found = {word.name: _value(word, given.get(word.name)) for word in CHECK}
    return {"paths": tuple(paths), **found}


def _option(text: str, rest: Iterator[str]) -> tuple[Word, str | bool]:
    name, equals, value = text.partition("=")
    word = _OPTIONS.get(name)
    if word is None or (word.kind == "flag" and equals):
        raise _NotPlain
    if word.kind == "flag":
        return word, True
    if not equals:
        value = next(rest, "")
    if not value or (value.startswith("-") and not equals):
        raise _NotPlain
    if word.kind == "choice" and value not in word.choices:
        raise _NotPlain
    return word, value


def _value(word: Word, given: Any) -> Any:
    """Return what `run_check` is handed for what was typed, or not typed."""
    if word.name == "as_at":
        return today() if given is None else day_of(given)
    if word.name == "parameters":
        return assignments(given or ())
    if word.kind == "many":
        return tuple(given or ())
    if word.kind == "flag":
        return bool(given)
    if word.kind == "file" and given is not None:
        return _file(given)
    return word.default if given is None else given


def _file(text: str) -> Any:
    from pathlib import Path

    if os.path.isdir(text):
        raise _NotPlain
    return Path(text)
