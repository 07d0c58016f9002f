"""Pack -> a page for each spec that judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from policy.authoring.expected import expected_of
from policy.pack import Pack
from policy.report.spec_page import spec_page


class SpecPage(Struct, frozen=True, kw_only=True):
    """The page of a spec in Markdown, and the name of the file it belongs in."""

    spec: str
    edition: str
    title: str
    file: str
    text: str


def spec_pages(pack: Pack) -> Iterator[SpecPage]:
    """Yield the pages by name and year; a spec with several editions has a page for each."""
    expected = expected_of(pack)
    judging = [spec for spec in pack.checked if spec.node.edition]
    editions = Counter(spec.node.name for spec in judging)
    for spec in sorted(judging, key=lambda spec: (spec.node.name, spec.node.edition)):
        node = spec.node
        suite = pack.suites.get(node.name)
        year = f"-{node.edition.replace('/', '-')}" if editions[node.name] > 1 else ""
        yield SpecPage(
            spec=node.name,
            edition=node.edition,
            title=node.title,
            file=f"{node.name}{year}.md",
            text=spec_page(spec, pack.register, expected, suite.checks if suite else ()),
        )
