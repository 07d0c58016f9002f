"""The toy specs and the toy suite, loaded: what tests of the engine and above judge with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from policy.model.findings import Report
from policy.pack import Pack, load_pack
from policy.plugins import LoadedSuites, discover
from tests import toy_suite

FIXTURES = Path(__file__).parent / "fixtures"
ROOT = FIXTURES / "specs"
TINY = FIXTURES / "tiny.json"
AS_AT = date(2026, 5, 1)


def suites() -> LoadedSuites:
    """The toy suite alone, whatever is installed."""
    return discover(["toy"], extra={"toy": toy_suite})


def pack(
    names: Sequence[str] | None = None,
    files: Sequence[Path] = (),
    settings: Mapping[str, str] | None = None,
    rules: Sequence[str] = (),
    *,
    with_libraries: bool = False,
) -> Pack:
    """Load the toy specs."""
    return load_pack(
        names,
        files,
        settings or {},
        rules,
        with_libraries=with_libraries,
        suites=suites(),
        roots=[ROOT],
    )


def report(path: Path = TINY, as_at: date = AS_AT, **options: object) -> Report:
    """Judge a document by the toy specs."""
    from policy.engine import check

    return check(pack(**options), [str(path)], as_at)  # type: ignore[arg-type]
