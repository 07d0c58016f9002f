"""Writes the pages of docs/ that follow from code and specs; with `--check`, only compares.

    python docs/generate.py            writes them
    python docs/generate.py --check    exit 1 and a list when one would be written otherwise

Each page is a function of what the installed project says of itself: no page repeats by hand what a
table in the code already knows. The index of the pages is in docs/README.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from policy.authoring.spec_pages import SpecPage, spec_pages
from policy.data import reference
from policy.data.schema import load_schema
from policy.dsl.meaning.library import BUILT_INS
from policy.model.codes import CODES
from policy.pack import load_pack
from policy.plugins import discover, installed

DOCS = Path(__file__).parent
NOTICE = "<!-- Written by docs/generate.py; edit what it reads, not this page. -->"
FAMILIES = {
    "P1": "The text of a spec cannot be read",
    "P2": "A name means nothing, or two things",
    "P3": "Types and units",
    "P4": "Data against the schema",
    "P5": "Reading and linking data",
    "P6": "Examples and tests",
    "P7": "The run itself",
    "P8": "Audits",
    "P9": "Plugins",
}


def diagnostics() -> Iterator[str]:
    """Yield the lines of the page about diagnostic codes."""
    yield NOTICE
    yield "# Diagnostics"
    yield ""
    yield "What the command can say about a spec, about data it cannot read, and about the run."
    yield "A code keeps its meaning from version to version; the wording of a message may change."
    for family, title in FAMILIES.items():
        members = {code: entry for code, entry in sorted(CODES.items()) if code.startswith(family)}
        if not members:
            continue
        yield from (
            "",
            f"## {family}xx: {title}",
            "",
        )
        rows = ((code, entry.title, entry.advice) for code, entry in members.items())
        yield from table(("code", "mistake", "what to do"), rows)


def functions() -> Iterator[str]:
    """Yield the lines of the page about what specs may call."""
    yield NOTICE
    yield "# Functions"
    yield ""
    yield "What a spec may call by name: what is built in, then what each suite brings."
    yield ""
    yield "## Built in"
    yield ""
    yield from table(
        ("function", "gives", "what it is"),
        (
            (call(name, map(str, item.parameters)), f"{item.returns}", item.description)
            for name, item in sorted(BUILT_INS.items())
        ),
    )
    for suite in discover(installed()).suites:
        if suite.functions:
            yield from ("", f"## From the suite `{suite.name}`", "", suite.title, "")
            yield from table(
                ("function", "gives", "what it is"),
                (
                    (
                        call(item.name, (f"{part.name}: {part.type}" for part in item.parameters)),
                        item.returns,
                        item.description,
                    )
                    for item in sorted(suite.functions, key=lambda item: item.name)
                ),
            )


def data_model() -> Iterator[str]:
    """Yield the lines of the page about the centre's document."""
    yield from reference.page(load_schema()).splitlines()


def call(name: str, arguments: Iterable[str]) -> str:
    """Return how a function is called, as code."""
    return f"`{name}({', '.join(arguments)})`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(map(cell, row))} |"


def cell(text: str) -> str:
    """Return a text that can stand in a cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ")


PAGES: Mapping[str, Callable[[], Iterator[str]]] = {
    "data-model.md": data_model,
    "diagnostics.md": diagnostics,
    "functions.md": functions,
}


def pages() -> Iterator[tuple[str, str]]:
    """Yield (path below docs/, text) of every generated page."""
    for name, lines in PAGES.items():
        yield f"reference/{name}", "\n".join(lines()) + "\n"
    written = list(spec_pages(load_pack(with_libraries=True)))
    for page in written:
        yield f"specs/{page.file}", f"{NOTICE}\n{page.text}"
    yield "specs/README.md", "\n".join(index(written)) + "\n"


def index(written: Iterable[SpecPage]) -> Iterator[str]:
    """Yield the lines of the page that lists the pages of specs."""
    yield NOTICE
    yield "# Specs in English"
    yield ""
    yield "What each spec asks, rule by rule, for people who do not read the language: the clauses"
    yield "in words, the condition in English, exceptions, parameters, examples. The specs have the"
    yield "last word here, and the guides over them."
    yield ""
    rows = ((f"[{page.spec} {page.edition}]({page.file})", page.title) for page in written)
    yield from table(("spec", "what it is about"), rows)


def main(arguments: list[str]) -> int:
    """Write or compare the pages; return the exit code."""
    stale = []
    found = dict(pages())
    for name, text in found.items():
        page = DOCS / name
        if page.is_file() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            page.parent.mkdir(exist_ok=True)
            page.write_text(text, encoding="utf-8")
    for page in sorted((DOCS / "specs").glob("*.md")):
        if f"specs/{page.name}" not in found:
            stale.append(f"specs/{page.name}")
            if "--check" not in arguments:
                page.unlink()
    for name in stale:
        print(f"docs/{name}:", "out of date" if "--check" in arguments else "written")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
