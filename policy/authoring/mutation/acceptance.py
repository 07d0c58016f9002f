"""Changes that an author accepts although no example notices them, each with a reason.

In: `NAME.accepted.yaml` beside `NAME.policy`:

    accepted:
      - of: rule resubmission_in_time.window
        change: if `<=` became `<` in `a.due_on <= a.latest_due_on`
        because: the awarding body never sets a deadline on the last day

`of` and `change` are what `policy mutate` prints. Out: the reason for each change that is accepted.
An entry that fits no change, or one that an example notices by now, is said (P716).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from policy.data.readers.raw import RawDocument
from policy.data.readers.reading import read
from policy.model.diagnostics import Diagnostic, Level, did_you_mean

SUFFIX = ".accepted.yaml"
_FIELDS = ("of", "change", "because")


class Accepted(Struct, frozen=True, kw_only=True):
    """One accepted change: `of` is "rule NAME", `change` "if `15` became `16`"."""

    of: str
    change: str
    because: str


class Acceptances(Struct, frozen=True, kw_only=True):
    """What is accepted for one spec; `file` is where it stands, whether it is there or not."""

    file: str
    items: tuple[Accepted, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    def reason(self, of: str, change: str) -> str:
        """Return why a change is accepted, empty if it is not."""
        for item in self.items:
            if (item.of, item.change) == (of, change):
                return item.because
        return ""

    def stale(
        self, survivors: Collection[tuple[str, str]], noticed: Collection[tuple[str, str]]
    ) -> Iterator[Diagnostic]:
        """Yield the entries that excuse nothing; both collections hold (of, change)."""
        for item in self.items:
            key = (item.of, item.change)
            if key not in survivors:
                why = "is noticed by an example" if key in noticed else "is none of those tried"
                known = [change for of, change in survivors if of == item.of]
                hint = "" if key in noticed else did_you_mean(item.change, known)
                yield Diagnostic(
                    code="P716",
                    level=Level.WARNING,
                    message=f"the accepted change of {item.of}, {item.change}, {why}",
                    file=self.file,
                    help=hint or "remove the entry",
                )


def read_acceptances(spec_file: str) -> Acceptances:
    """Return what is accepted for the spec in `spec_file`; nothing if there is no such file."""
    path = Path(spec_file).with_suffix("")
    path = path.with_name(path.name + SUFFIX)
    if not path.is_file():
        return Acceptances(file=str(path))
    items: list[Accepted] = []
    diagnostics: list[Diagnostic] = []
    for raw in read(str(path)):
        diagnostics.extend(raw.diagnostics)
        if raw.data is None:
            continue
        entries = raw.data.get("accepted")
        if not isinstance(entries, list):
            diagnostics.append(_wrong(raw, "there is no list `accepted`"))
            continue
        for number, entry in enumerate(entries, start=1):
            problem = _problem(entry)
            if problem:
                diagnostics.append(_wrong(raw, f"accepted change {number}: {problem}"))
            else:
                items.append(Accepted(**{name: " ".join(entry[name].split()) for name in _FIELDS}))
    return Acceptances(file=str(path), items=tuple(items), diagnostics=tuple(diagnostics))


def _problem(entry: Any) -> str:
    if not isinstance(entry, dict):
        return "it is no object"
    for name in _FIELDS:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            return f"`{name}` is not given"
    for name in entry:
        if name not in _FIELDS:
            return f"`{name}` means nothing here {did_you_mean(str(name), _FIELDS)}".rstrip()
    return ""


def _wrong(raw: RawDocument, message: str) -> Diagnostic:
    return Diagnostic(
        code="P717",
        message=message,
        file=raw.file,
        help="an entry has of, change (as `policy mutate` prints them) and because",
    )
