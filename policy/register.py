"""The register of clauses: what the guides say, clause by clause, as far as it was written down.

In: `clauses/*.yaml` below the roots of specs, one file per guide:

    guide: ABC-2023
    title: A guide for centres
    clauses:
      - {id: ABC-137, where: "Handing in again (p.11)", strength: must, says: "..."}

Out: clauses by id. Only ids are needed to check specs; the rest is shown to people. A file that is
no register is left out with a diagnostic (P711).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from typing import Any

from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText, Span

FOLDER = "clauses"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredClause:
    """One clause. `strength`: must, must_not, should, may, info or scope. `says` is a paraphrase,
    empty where nobody has written one yet."""

    id: str
    guide: str
    guide_title: str
    where: str = ""
    strength: str = ""
    checkable: str = ""
    says: str = ""


@dataclass(frozen=True, kw_only=True)
class Register:
    """All clauses by id; None-like when there is no register at all (`is_empty`)."""

    clauses: Mapping[str, RegisteredClause] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to check citations against."""
        return not self.clauses

    def __contains__(self, id: object) -> bool:
        return id in self.clauses

    def get(self, id: str) -> RegisteredClause | None:
        """Return the clause with that id, or None."""
        return self.clauses.get(id)


def read_register(roots: Iterable[Traversable]) -> Register:
    """Return the clauses below all `roots`; a later root replaces clauses of an earlier one."""
    found: dict[str, RegisteredClause] = {}
    diagnostics: list[Diagnostic] = []
    for root in roots:
        for entry in _files(root):
            try:
                found.update((clause.id, clause) for clause in _clauses(_read_yaml(entry)))
            except _NoRegister as problem:
                diagnostics.append(problem.diagnostic(str(entry)))
    return Register(clauses=found, diagnostics=tuple(diagnostics))


class _NoRegister(Exception):
    """A file that is no register of clauses: what is wrong, and where if it is known."""

    def __init__(self, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span

    def diagnostic(self, file: str) -> Diagnostic:
        return Diagnostic(
            code="P711",
            message=self.message,
            span=self.span,
            help="write `guide`, `title` and `clauses`, a list in which each has an `id`",
            file=file,
        )


def _files(root: Traversable) -> list[Traversable]:
    folder = root.joinpath(FOLDER)
    if not folder.is_dir():
        return []
    entries = [each for each in folder.iterdir() if each.name.endswith(".yaml")]
    return sorted(entries, key=lambda each: each.name)


def _read_yaml(entry: Traversable) -> Any:
    import yaml  # only needed where clauses are: a check of clean data reads none

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = entry.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _NoRegister("this register of clauses is not in UTF-8") from None
    except OSError as error:
        reason = (error.strerror or "reading failed").lower()
        raise _NoRegister(f"this register of clauses cannot be opened: {reason}") from None
    try:
        return yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = min(mark.index if mark else 0, max(0, len(text) - 1))
        span = SourceText(str(entry), text).span(at, at + 1)
        raise _NoRegister(f"this is not YAML: {error.problem}", span) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _NoRegister("this register of clauses is not YAML") from None


def _clauses(data: Any) -> Iterator[RegisteredClause]:
    if not (isinstance(data, dict) and isinstance(data.get("clauses"), list)):
        raise _NoRegister("this is no register of clauses")
    lacking = [name for name in ("guide", "title") if not isinstance(data.get(name), str)]
    if lacking:
        raise _NoRegister(f"this register of clauses has no `{lacking[0]}`")
    for number, clause in enumerate(data["clauses"], start=1):
        if not (isinstance(clause, dict) and isinstance(clause.get("id"), str)):
            raise _NoRegister(f"clause {number} of this register has no `id`")
        yield RegisteredClause(
            id=clause["id"],
            guide=data["guide"],
            guide_title=data["title"],
            where=_text(clause, "where"),
            strength=_text(clause, "strength"),
            checkable=_text(clause, "checkable"),
            says=_text(clause, "says"),
        )


def _text(clause: Mapping[str, Any], name: str) -> str:
    """Return a text of a clause; empty where there is none, or something that is no text."""
    value = clause.get(name, "")
    return str(value) if isinstance(value, str | int | float) else ""
