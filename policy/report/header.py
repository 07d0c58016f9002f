"""What a verdict depends on -> text: the day, the specs, the engine, defaults, broken plugins."""

from __future__ import annotations

from collections.abc import Iterator

from policy.model.findings import Report
from policy.model.nouns import counted, listed, plural, words_of
from policy.model.records import Assumption
from policy.report.layout import facts
from policy.report.style import Style

_DOCUMENTS_SHOWN = 6


def render_header(report: Report, style: Style) -> str:
    """Return the head of the report, one named fact a line."""
    run = report.run
    title = f"policy {run.engine_version}, as at {run.as_at}"
    lines = [style.paint("strong", title)]
    lines.extend(facts(_pairs(report, style), width=style.width, indent="  "))
    return "\n".join(lines) + "\n"


def _pairs(report: Report, style: Style) -> Iterator[tuple[str, str]]:
    run = report.run
    used = {(item.spec, item.edition) for item in report.totals() if item.counts.subjects}
    idle = [item for item in run.specs if used and (item.name, item.edition) not in used]
    for spec in run.specs:
        if spec not in idle:
            yield "spec", f"{spec.name} {spec.edition}, {spec.title}"
            yield from (("note", note) for note in spec.notes)
    if idle:
        names = listed([f"{item.name} {item.edition}" for item in idle])
        yield (
            "not used",
            f"{names}: nothing in the data belongs to {'it' if len(idle) == 1 else 'them'}",
        )
    for plugin in run.plugins:
        if plugin.broken:
            name = f"{plugin.name} ({plugin.distribution} {plugin.version})"
            yield "plugin", f"{name} could not be used: {plugin.broken}"
        elif style.verbose:
            yield "plugin", f"{plugin.name} ({plugin.distribution} {plugin.version})"
    yield from (("set", f"{name} = {value}") for name, value in sorted(run.parameters.items()))
    yield from _documents(report, style)
    yield from (("assumed", text) for text in _assumptions(report))


def _documents(report: Report, style: Style) -> Iterator[tuple[str, str]]:
    documents = report.documents
    shown = documents if style.verbose else documents[:_DOCUMENTS_SHOWN]
    for document in shown:
        words = [f"centre {document.centre}"] if document.centre else []
        words += [document.academic_year] if document.academic_year else []
        words += [] if document.readable else ["could not be read"]
        yield "data", document.name + (f" ({', '.join(words)})" if words else "")
    if len(shown) < len(documents):
        yield "data", f"and {counted(len(documents) - len(shown), 'more document')}"


def _assumptions(report: Report) -> Iterator[str]:
    """Yield each default that stood in for facts nobody recorded, summed over the documents."""
    numbers: dict[tuple[str, str, str], int] = {}
    for document in report.documents:
        for item in document.assumptions:
            key = (item.entity, item.field, item.value)
            numbers[key] = numbers.get(key, 0) + item.count
    for (entity, field, value), number in sorted(numbers.items()):
        yield _assumption(Assumption(entity=entity, field=field, value=value, count=number))


def _assumption(item: Assumption) -> str:
    if item.field == "calendar":
        return f"{item.value} ({counted(item.count, item.entity)})"  # a sentence by itself
    noun = words_of(item.entity) if item.count == 1 else plural(item.entity)
    return f"{item.entity}.{item.field} = {item.value} for {item.count} {noun} (not recorded)"
