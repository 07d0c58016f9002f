"""Finds specs and reads them; checks nothing.

In: the installed package of specs, and files or folders that a user names. Out: a `Catalogue`:
every spec file with its tree, and the texts that files refer to. A suite's specs lie in the folder
of its name; clauses lie in `clauses/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from msgspec import Struct

from policy.dsl.syntax import ast
from policy.dsl.syntax.parser import parse, parse_without_examples
from policy.model.diagnostics import Diagnostic, Label
from policy.model.source import SourceText
from policy.register import Register, read_register

INSTALLED = "policy_specs"
SUFFIX = ".policy"


class SpecFile(Struct, frozen=True, kw_only=True):
    """One `.policy` file. `node` is None if unreadable; `suite` is the name of its folder."""

    path: str
    suite: str
    source: SourceText
    folder: Traversable
    node: ast.Spec | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Catalogue(Struct, frozen=True, kw_only=True, dict=True):
    """All spec files that take part; those a user named come last and win over installed ones of
    the same name."""

    files: tuple[SpecFile, ...]
    roots: tuple[Traversable, ...]
    diagnostics: tuple[Diagnostic, ...] = ()

    @cached_property
    def register(self) -> Register:
        """The clauses of all roots."""
        return read_register(self.roots)

    def trees(self) -> Iterator[tuple[SpecFile, ast.Spec]]:
        """Yield the files that could be read, with their trees."""
        for file in self.files:
            if file.node is not None:
                yield file, file.node

    def text_of(self, spec: str, path: str) -> str | None:
        """Return the text of a file that a spec refers to, relative to the spec; None if absent.

        Bytes that are no UTF-8 come as U+FFFD, which readers of tables refuse with its place.
        """
        for file, node in self.trees():
            if node.name == spec:
                found = _inside(file.folder, path)
                if found is not None:
                    with found.open("r", encoding="utf-8-sig", errors="replace") as text_file:
                        return text_file.read()
        return None


def read_catalogue(
    named: Sequence[Path] = (),
    roots: Iterable[Traversable] | None = None,
    *,
    with_examples: bool = True,
) -> Catalogue:
    """Return the installed specs (or those of `roots`) with the files and folders a user named.

    `with_examples` False: those of installed specs are left out; a run that judges needs none.
    """
    bases = tuple(roots) if roots is not None else (files(INSTALLED),)
    diagnostics: list[Diagnostic] = []
    found: list[SpecFile] = []
    for base in bases:
        found.extend(_without_copies(_walk(base, with_examples), diagnostics))
    extra_roots: list[Traversable] = []
    for path in named:
        if path.is_dir():
            below = list(_without_copies(_walk(path), diagnostics))
            if not below:
                diagnostics.append(_nothing_there(path))
            found.extend(below)
            extra_roots.append(path)
        elif path.is_file():
            found.append(_read(path, path.parent, path.resolve().parent.name))
            extra_roots.extend((path.parent, path.parent.parent))
        else:
            diagnostics.append(_nothing_there(path))
    return Catalogue(
        files=_named_last_wins(found),
        roots=(*bases, *extra_roots),
        diagnostics=tuple(diagnostics),
    )


def _nothing_there(path: Path) -> Diagnostic:
    return Diagnostic(
        code="P701",
        message=f"there is no spec at `{path}`",
        file=str(path),
        help=f"name a `{SUFFIX}` file or a folder that holds some",
    )


def _named_last_wins(found: Iterable[SpecFile]) -> tuple[SpecFile, ...]:
    """Drop files that are given twice, by path or as another copy of the same spec."""
    by_spec: dict[str, SpecFile] = {}
    for file in found:
        key = _key(file)
        by_spec.pop(key, None)
        by_spec[key] = file
    return tuple(by_spec.values())


def _key(file: SpecFile) -> str:
    """Return what a run can hold once: an edition of a spec, a library."""
    return f"{file.node.name}:{file.node.edition}" if file.node else file.path


def _without_copies(found: Iterable[SpecFile], diagnostics: list[Diagnostic]) -> Iterator[SpecFile]:
    """Yield the files of one folder; of two that hold the same edition the second is reported."""
    by_key: dict[str, SpecFile] = {}
    for file in found:
        first = by_key.setdefault(_key(file), file)
        if first is file or file.node is None or first.node is None:
            yield file
        else:
            diagnostics.append(_same_edition(file.node, first.node, first.path))


def _same_edition(node: ast.Spec, first: ast.Spec, path: str) -> Diagnostic:
    edition = f" for {node.edition}" if node.edition else ""
    return Diagnostic(
        code="P713",
        message=f"`{node.name}`{edition} stands in `{path}` already",
        span=node.name_span,
        labels=(Label(span=first.name_span, text="first said here"),),
        help="give one of them another name or edition, or remove it",
    )


def _walk(folder: Traversable, with_examples: bool = True) -> Iterator[SpecFile]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir():
            yield from _walk(entry, with_examples)
        elif entry.name.endswith(SUFFIX):
            yield _read(entry, folder, folder.name, with_examples)


def _read(
    entry: Traversable, folder: Traversable, suite: str, with_examples: bool = True
) -> SpecFile:
    path = shown(entry)
    try:
        source = SourceText(path, entry.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        return SpecFile(
            path=path,
            suite=suite,
            source=SourceText(path, ""),
            folder=folder,
            node=None,
            diagnostics=(_unreadable(path, error),),
        )
    node = None if with_examples else parse_without_examples(source)
    node, diagnostics = (node, ()) if node is not None else parse(source)
    return SpecFile(
        path=path, suite=suite, source=source, folder=folder, node=node, diagnostics=diagnostics
    )


def _unreadable(path: str, error: OSError | UnicodeDecodeError) -> Diagnostic:
    if isinstance(error, UnicodeDecodeError):
        return Diagnostic(
            code="P702",
            message=f"the file is no UTF-8 text (byte {error.start + 1})",
            file=path,
            help="save it as UTF-8",
        )
    return Diagnostic(
        code="P712",
        message=f"the spec cannot be opened: {(error.strerror or 'reading failed').lower()}",
        file=path,
        help="check the path and the permissions",
    )


def shown(entry: Traversable) -> str:
    """Return the path as reports write it: relative to the current folder if it lies below."""
    path = Path(str(entry))
    try:
        return str(path.relative_to(Path.cwd())) if path.is_absolute() else str(path)
    except (OSError, ValueError):  # the current folder may be gone
        return str(path)


def _inside(folder: Traversable, path: str) -> Traversable | None:
    """Return the file `path` below `folder`; None if there is none or the path leads outside."""
    at = folder
    for part in path.split("/"):
        if part in ("", ".", ".."):
            return None
        at = at.joinpath(part)
    return at if at.is_file() else None
