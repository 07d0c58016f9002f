"""The driver: a pack and data in, a report out. It reads like the picture in `policy/__init__.py`.

Each document is judged by itself, in the order in which files were named; the report depends on
nothing but the pack, the data, the day and the waivers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from policy import __version__
from policy.data.discovery import discover
from policy.data.loader import Loaded, Loader
from policy.document_judge import editions_for, judge_document
from policy.model.diagnostics import Diagnostic
from policy.model.findings import DocumentResult, Report, RunInfo, SpecInfo
from policy.model.records import Document
from policy.ready import ReadyPack

if TYPE_CHECKING:
    from pathlib import Path

    from policy.pack import Pack, load_pack
    from policy.ready import Named, Ready, ReadyPackInfo
    from policy.waivers import Waivers

__all__ = ["check", "check_loaded", "check_ready", "load_pack"]


def __getattr__(name: str) -> object:
    """Hand on `load_pack`; judging by a pack that was kept does not need it."""
    if name == "load_pack":
        from policy.pack import load_pack

        return load_pack
    raise AttributeError(f"module `policy.engine` has no attribute `{name}`")


def check(
    pack: Pack,
    paths: Sequence[str],
    as_at: date,
    waivers_file: Path | None = None,
    *,
    exact_edition: bool = False,
) -> Report:
    """Judge the documents in `paths` (files, folders, `-`) as at a day.

    A document that cannot be read is in the report, with the reason, and the rest go on. Specs with
    errors judge nothing: then no data is read. `exact_edition` refuses to judge a document by the
    nearest edition of a spec: it must be that of its year.
    """
    ready = ReadyPack(pack=pack)
    return check_ready(ready, paths, as_at, waivers_file, exact_edition=exact_edition)


def check_ready(
    ready: Ready,
    paths: Sequence[str],
    as_at: date,
    waivers_file: Path | None = None,
    *,
    exact_edition: bool = False,
) -> Report:
    """Do the same with a pack that is ready to judge."""
    pack = ready.pack
    waivers: Waivers | None = None
    diagnostics = pack.diagnostics
    if waivers_file is not None:
        from policy.waivers import read_waivers

        waivers, found = read_waivers(str(waivers_file))
        diagnostics += found
    documents: tuple[DocumentResult, ...] = ()
    if not pack.has_errors:
        given = discover(paths)
        diagnostics += given.diagnostics
        loader = Loader(schema=pack.schema, as_at=as_at, quick=ready.linker)
        documents = tuple(
            check_loaded(ready, loaded, as_at, waivers, exact_edition=exact_edition)
            for file in given.files
            for loaded in loader.load(file)
        )
        if waivers is not None:
            diagnostics += tuple(waivers.leftovers(as_at))
    run = run_info(pack, documents, as_at)
    return Report(run=run, documents=documents, diagnostics=diagnostics)


def check_loaded(
    ready: Ready,
    loaded: Loaded,
    as_at: date,
    waivers: Waivers | None,
    *,
    exact_edition: bool = False,
) -> DocumentResult:
    """Judge one document and look up the places of what was found."""
    if loaded.document is None:
        return DocumentResult(name=loaded.name, readable=False, diagnostics=loaded.diagnostics)
    refused = tuple(_inexact(ready.specs, loaded.document)) if exact_edition else ()
    if refused:
        diagnostics = (*loaded.diagnostics, *refused)
        return DocumentResult(name=loaded.name, readable=False, diagnostics=diagnostics)
    result = judge_document(ready, loaded.document, as_at, waivers)
    findings = result.findings
    if findings:
        from policy.making_findings import placed

        findings = tuple(placed(finding, loaded) for finding in findings)
    return replace(result, findings=findings, diagnostics=loaded.diagnostics)


def _inexact(specs: Sequence[Named], document: Document) -> Iterator[Diagnostic]:
    """Yield for each spec that has no edition for the document's own year."""
    for spec in editions_for(specs, document.academic_year):
        if spec.edition != document.academic_year:
            yield Diagnostic(
                code="P708",
                message=f"`{spec.name}` has no edition for {document.academic_year}; "
                f"the nearest is {spec.edition}",
                file=document.name,
                help="leave out `--edition exact` to judge by the nearest, or load the edition",
            )


def run_info(pack: ReadyPackInfo, documents: Sequence[DocumentResult], as_at: date) -> RunInfo:
    """Return what the verdicts of a run depend on besides the data."""
    return RunInfo(
        as_at=as_at,
        engine_version=__version__,
        specs=tuple(
            SpecInfo(
                name=spec.name,
                title=spec.title,
                edition=spec.edition,
                hash=spec.hash,
                notes=tuple(_notes(spec.name, spec.edition, documents)),
            )
            for spec in pack.specs
        ),
        plugins=pack.plugins,
        parameters=pack.settings,
    )


def _notes(name: str, edition: str, documents: Sequence[DocumentResult]) -> Iterator[str]:
    """Yield once per year of data: the edition is older than the year it judged."""
    years = {
        document.academic_year
        for document in documents
        if document.academic_year > edition
        and any(
            (each.spec, each.edition) == (name, edition) and each.counts.subjects
            for each in document.demands
        )
    }
    for year in sorted(years):
        yield f"written for {edition}, used for data of {year}: no later edition is loaded"
