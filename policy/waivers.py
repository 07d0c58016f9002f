"""Approved waivers: what a breach or an unknown may be excused by.

In: a file of waivers, JSON or YAML:

    waivers:
      - rule: resubmission_within_15_days.window
        subject: authorisation Z1
        centre: "12345"
        reason: fire at the centre, agreed with the awarding body
        approved_by: Head of Centre
        approved_on: 2025-11-02
        expires_on: 2025-12-31

Out: which judgement each covers. A waived subject is still judged; a waiver that covers nothing, or
has expired, is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from policy.data.readers.raw import RawDocument
from policy.data.readers.reading import read
from policy.model.diagnostics import Diagnostic, Level, did_you_mean
from policy.model.findings import Subject

_TEXTS = ("rule", "subject", "reason", "approved_by")
_DATES = ("approved_on", "expires_on")
_FIELDS = (*_TEXTS, *_DATES, "spec", "centre")


class Waiver(Struct, frozen=True, kw_only=True):
    """One waiver. `rule` may be `rule` or `rule.label`; `spec` and `centre` empty for any."""

    rule: str
    subject: str
    reason: str
    approved_by: str
    approved_on: date
    expires_on: date
    spec: str = ""
    centre: str = ""

    def is_valid(self, as_at: date) -> bool:
        """Whether it holds on that day, both ends included."""
        return self.approved_on <= as_at <= self.expires_on


class Waivers(Struct, kw_only=True):
    """The waivers of a run; notes which were used."""

    items: tuple[Waiver, ...] = ()
    file: str = ""
    _used: set[Waiver] = field(default_factory=set)

    def covering(
        self, *, spec: str, rule: str, label: str, subject: Subject, centre: str, as_at: date
    ) -> Waiver | None:
        """Return the valid waiver for this judgement that expires last, None if there is none."""
        names = {rule, f"{rule}.{label}"} if label else {rule}
        found = [
            waiver
            for waiver in self.items
            if waiver.rule in names
            and waiver.subject == str(subject)
            and waiver.spec in ("", spec)
            and waiver.centre in ("", centre)
            and waiver.is_valid(as_at)
        ]
        if not found:
            return None
        best = max(found, key=lambda waiver: waiver.expires_on)
        self._used.add(best)
        return best

    def leftovers(self, as_at: date) -> Iterator[Diagnostic]:
        """Yield what is to be said of waivers that excused nothing in this run."""
        for waiver in self.items:
            if waiver in self._used:
                continue
            valid = waiver.is_valid(as_at)
            what = "covers nothing" if valid else f"does not hold on {as_at.isoformat()}"
            yield Diagnostic(
                code="P705" if valid else "P706",
                level=Level.WARNING,
                message=f"the waiver of `{waiver.rule}` for {waiver.subject} {what}",
                file=self.file,
                help="remove it" if valid else "have it approved anew, or remove it",
            )


def read_waivers(path: str) -> tuple[Waivers, tuple[Diagnostic, ...]]:
    """Read a file of waivers; entries that cannot be used are left out and reported."""
    diagnostics: list[Diagnostic] = []
    items: list[Waiver] = []
    for raw in read(path):
        diagnostics.extend(raw.diagnostics)
        if raw.data is None:
            continue
        entries = raw.data.get("waivers")
        if not isinstance(entries, list):
            diagnostics.append(_wrong(raw, "there is no list `waivers`"))
            continue
        for number, entry in enumerate(entries, start=1):
            problem = _problem(entry)
            if problem:
                diagnostics.append(_wrong(raw, f"waiver {number}: {problem}"))
            else:
                items.append(_waiver(entry))
    return Waivers(items=tuple(items), file=path), tuple(diagnostics)


def _problem(entry: Any) -> str:
    if not isinstance(entry, dict):
        return "it is no object"
    for name in (*_TEXTS, *_DATES):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            return f"`{name}` is not given"
    for name in entry:
        if name not in _FIELDS:
            return f"`{name}` means nothing here {did_you_mean(str(name), _FIELDS)}".rstrip()
    for name in _DATES:
        try:
            date.fromisoformat(entry[name])
        except ValueError:
            return f"`{name}` is no date"
    return ""


def _waiver(entry: Mapping[str, str]) -> Waiver:
    return Waiver(
        **{name: entry[name] for name in _TEXTS},
        approved_on=date.fromisoformat(entry["approved_on"]),
        expires_on=date.fromisoformat(entry["expires_on"]),
        spec=entry.get("spec", ""),
        centre=entry.get("centre", ""),
    )


def _wrong(raw: RawDocument, message: str) -> Diagnostic:
    return Diagnostic(
        code="P707",
        message=message,
        file=raw.file,
        help=f"a waiver has {', '.join((*_TEXTS, *_DATES))}, and perhaps spec and centre",
    )
