"""The register of clauses: what the guides say, clause by clause, as far as it was written down.

In: `clauses/*.yaml` below the roots of specs, one file per guide, and files of readings, which say
how clauses are read that contradict each other or leave a question open:

    guide: ABC-2023
    title: A guide for centres
    clauses:
      - {id: ABC-137, where: "Handing in again (p.11)", strength: must, says: "..."}

    readings:
      - {clauses: [ABC-137, ABC-140], question: "...", reading: "...", parameters: [some_policy]}

Out: clauses by id, readings in the order of the files. Only ids are needed to check specs; the rest
is shown to people. A file that is neither is left out with a diagnostic (P711); `problems` compares
a file with the whole of `register.schema.json`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from msgspec import Struct, field

from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText, Span

FOLDER = "clauses"


class RegisteredClause(Struct, frozen=True, kw_only=True):
    """One clause. `strength`: must, must_not, should, may, info or scope. `kind`: what it is about
    (deadline, permission, ...). `checkable`: yes, partly or no, by the data of a centre; `why_not`
    is why not, or what of it stays open. `kept_by`: for what rules cannot hold because it is about
    the rules themselves, what holds it. `says` is a paraphrase. Texts nobody has written are empty.
    """

    id: str
    guide: str
    guide_title: str
    where: str = ""
    strength: str = ""
    kind: str = ""
    checkable: str = ""
    says: str = ""
    why_not: str = ""
    kept_by: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """How clauses are read that contradict each other, or that leave a question open.

    `parameters`: where the guides allow two readings, those that choose; findings print them.
    """

    clauses: tuple[str, ...]
    question: str
    reading: str
    parameters: tuple[str, ...] = ()


class Register(Struct, frozen=True, kw_only=True):
    """All clauses by id; None-like when there is no register at all (`is_empty`)."""

    clauses: Mapping[str, RegisteredClause] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
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

    def readings_of(self, ids: Collection[str]) -> tuple[Reading, ...]:
        """Return the readings that say something of one of the clauses."""
        return tuple(each for each in self.readings if not set(ids).isdisjoint(each.clauses))


def read_register(roots: Iterable[Traversable]) -> Register:
    """Return the clauses below all `roots`; a later root replaces clauses of an earlier one."""
    found: dict[str, RegisteredClause] = {}
    readings: list[Reading] = []
    diagnostics: list[Diagnostic] = []
    for root in roots:
        for entry in _files(root):
            try:
                data = _read_yaml(entry)
                if isinstance(data, dict) and "readings" in data:
                    readings.extend(_readings(data["readings"]))
                else:
                    found.update((clause.id, clause) for clause in _clauses(data))
            except _NoRegister as problem:
                diagnostics.append(problem.diagnostic(str(entry)))
    return Register(
        clauses=found,
        readings=tuple(dict.fromkeys(readings)),
        diagnostics=tuple(diagnostics),
    )


def register_schema() -> dict[str, Any]:
    """Return the JSON Schema of the files of a register."""
    schema: dict[str, Any] = json.loads(
        files("policy").joinpath("register.schema.json").read_text(encoding="utf-8")
    )
    return schema


def problems(roots: Iterable[Traversable]) -> Iterator[Diagnostic]:
    """Yield where files below `roots` differ from the schema of a register."""
    from jsonschema import Draft202012Validator

    schema = register_schema()
    for root in roots:
        for entry in _files(root):
            try:
                data = _read_yaml(entry)
            except _NoRegister:
                continue  # `read_register` said so
            # One branch of `oneOf`: a message is to be about the entry, not about both branches.
            kind = "file_of_readings" if isinstance(data, dict) and "readings" in data else "guide"
            validator = Draft202012Validator({**schema["$defs"][kind], "$defs": schema["$defs"]})
            for error in validator.iter_errors(data):
                yield Diagnostic(
                    code="P714",
                    message=f"{_place(data, list(error.absolute_path))}: {error.message}",
                    file=str(entry),
                    help="`policy schema --register` prints what each entry may hold",
                )


def _place(data: Any, path: list[Any]) -> str:
    """Return what an entry is called: its id, or its number in the list."""
    match path:
        case ["clauses", int(number), *rest]:
            clause = data["clauses"][number]
            name = clause.get("id", number + 1) if isinstance(clause, dict) else number + 1
            return " ".join([f"clause {name}", *(f"`{part}`" for part in rest[:1])])
        case ["readings", int(number), *rest]:
            return " ".join([f"reading {number + 1}", *(f"`{part}`" for part in rest[:1])])
    return " ".join(["the file", *(f"`{part}`" for part in path)])


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
            kind=_text(clause, "kind"),
            checkable=_text(clause, "checkable"),
            says=_text(clause, "says"),
            why_not=_text(clause, "why_not"),
            kept_by=_text(clause, "kept_by"),
        )


def _readings(data: Any) -> Iterator[Reading]:
    if not isinstance(data, list):
        raise _NoRegister("these readings are no list")
    for number, item in enumerate(data, start=1):
        if not (isinstance(item, dict) and isinstance(item.get("clauses"), list)):
            raise _NoRegister(f"reading {number} names no `clauses`")
        yield Reading(
            clauses=tuple(map(str, item["clauses"])),
            question=_text(item, "question"),
            reading=_text(item, "reading"),
            parameters=tuple(map(str, item.get("parameters", ()))),
        )


def _text(clause: Mapping[str, Any], name: str) -> str:
    """Return a text of a clause; empty where there is none, or something that is no text."""
    value = clause.get(name, "")
    return str(value) if isinstance(value, str | int | float) else ""
