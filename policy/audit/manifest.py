"""What a run was made of: the file that says whether two runs must come to the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from policy import __version__
from policy.audit.inputs import Inputs
from policy.audit.job import Job
from policy.audit.tables import TABLES
from policy.audit.tally import Tally
from policy.engine import run_info
from policy.errors import PolicyError
from policy.model.diagnostics import Diagnostic
from policy.model.nouns import listed
from policy.model.suite import Suite
from policy.ready import ReadyPackInfo

FORMAT = 1
BEGUN, MANIFEST = "begun.json", "manifest.json"
_PIECE = 1 << 20


def made_of(job: Job, pack: ReadyPackInfo, inputs: Inputs) -> dict[str, Any]:
    """Return everything that the results of a run depend on, as JSON."""
    info = run_info(pack, (), job.as_at)
    return {
        "format": FORMAT,
        "engine": {"version": __version__, "sha256": code_hash("policy")},
        "schema": hashlib.sha256(_text(pack.schema.json).encode()).hexdigest(),
        "as_at": job.as_at.isoformat(),
        "asked": {"names": list(job.names), "files": list(job.files)},
        "rules": list(job.rules),
        "trusting": job.trusting,
        "seconds": job.seconds,
        "settings": dict(sorted(job.settings.items())),
        "specs": [
            {"name": spec.name, "edition": spec.edition, "hash": spec.hash} for spec in info.specs
        ],
        "plugins": [
            {
                "name": each.name,
                "distribution": each.distribution,
                "version": each.version,
                "sha256": _suite_hash(pack.suites.get(each.name)),
            }
            for each in info.plugins
        ],
        "calendars": {"holidays": _version("holidays")},
        "parquet": {"pyarrow": _version("pyarrow")},
        "inputs": [
            {"file": each.file, "size": each.size, "sha256": each.hash} for each in inputs.files
        ],
    }


def finished(begun: Mapping[str, Any], tally: Tally, folder: Path) -> dict[str, Any]:
    """Return the manifest of a run that is done."""
    files = {f"{table}.parquet": file_hash(folder / f"{table}.parquet") for table in TABLES}
    return {**begun, "totals": tally.as_json(), "files": files}


def refuse_another(before: Mapping[str, Any], now: Mapping[str, Any], folder: Path) -> None:
    """Raise PolicyError unless the run in `folder` was begun with the same."""
    refuse_another_input(before, now)
    others = differences(before, now, also=("parquet", "seconds"))
    if others:
        raise PolicyError(
            Diagnostic(
                code="P807",
                message=f"the run in `{folder}` was begun with {listed(others)}",
                help="go on with the same, or begin again in another folder",
                file=str(folder),
            )
        )


def differences(
    before: Mapping[str, Any], now: Mapping[str, Any], also: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return in words what two runs were made of besides their data, as far as it differs.

    Either may be a manifest or what a run would be made of now. `also`: what matters only to one
    and the same run, as it does not to rows that are there.
    """
    found: list[str] = []
    for key in (*_COMPARED, *also):
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if key in ("plugins", "specs"):
            found += _named(key[:-1], old or (), new or ())
        elif key == "settings":
            found += _set(old or {}, new or {})
        else:
            found.append(_WORDS.get(key, f"other {key}"))
    return tuple(found)


# How specs were named does not matter: their hashes are there.
_COMPARED = (
    *("format", "engine", "schema", "as_at", "rules", "settings", "specs", "plugins"),
    *("calendars", "trusting"),
)
_WORDS = {
    "as_at": "another day (--as-at)",
    "calendars": "another version of the calendars",
    "engine": "another version of this program",
    "format": "another version of this program",
    "parquet": "another version of pyarrow",
    "schema": "another schema",
    "seconds": "another time for plugins (--seconds)",
    "trusting": "another trust in the data (--trust-schema)",
}


def _named(
    noun: str, before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Yield the specs (or plugins) that differ, or that only one run has."""
    for name in sorted({str(each["name"]) for each in (*before, *now)}):
        if [each for each in before if each["name"] == name] != [
            each for each in now if each["name"] == name
        ]:
            yield f"another {noun} `{name}`"


def _set(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Yield the parameters that were set to something else, or in one run only."""
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            yield f"another value of `{name}`"


def refuse_another_input(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise PolicyError unless two runs were made of the same input."""
    if before.get("inputs") != now["inputs"]:
        changed = _changed(before.get("inputs", ()), now["inputs"])
        raise PolicyError(
            Diagnostic(
                code="P806",
                message=f"the input is not what it was when the run began: `{changed}`",
                help="bring the file back as it was, or begin again in another folder",
                file=changed,
            )
        )


def code_hash(package: str) -> str:
    """Return the SHA-256 over the files of a package, or of a module that is a file; "" if there
    are none. Where it is installed does not matter."""
    found = find_spec(package)
    if found is None or not found.has_location or found.origin is None:
        return ""  # not there, or part of Python itself
    places = [Path(place) for place in found.submodule_search_locations or ()]
    files = [(path.relative_to(place), path) for place in places for path in place.rglob("*")]
    digest = hashlib.sha256()
    for name, path in sorted(files) or [(Path(package), Path(found.origin))]:
        if path.is_file() and "__pycache__" not in name.parts:
            digest.update(f"{name.as_posix()} {file_hash(path)}\n".encode())
    return digest.hexdigest()


def _suite_hash(suite: Suite | None) -> str:
    """Return the hash over the packages that a suite's functions and checks come from."""
    if suite is None:
        return ""
    calls = [*(each.call for each in suite.functions), *(each.decide for each in suite.checks)]
    homes = {str(getattr(each, "__module__", "")).partition(".")[0] for each in calls}
    found = {home: code_hash(home) for home in sorted(homes) if home}
    return hashlib.sha256(_text(found).encode()).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=dict)


def _changed(before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> str:
    """Return the name of the first file that differs."""
    for old, new in zip(before, now, strict=False):
        if old != new:
            return str(new["file"])
    longer = before if len(before) > len(now) else now
    return str(longer[min(len(before), len(now))]["file"])


def read_json(path: Path, *needed: str) -> dict[str, Any]:
    """Return what `store.write_json` wrote, an object with these members. Raises PolicyError if it
    is damaged."""
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or any(name not in found for name in needed):
        raise PolicyError(
            Diagnostic(
                code="P808",
                message=f"`{path}` is damaged, or cannot be read",
                help="bring the file back, or begin again in another folder",
                file=str(path),
            )
        )
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a finished run of this format. Raises PolicyError if it is another."""
    manifest = read_json(folder / MANIFEST, "format")
    if manifest["format"] != FORMAT:
        raise PolicyError(
            Diagnostic(
                code="P830",
                message=f"`{folder}` was written by another version of this program",
                help="use that version, or audit again into another folder",
                file=str(folder),
            )
        )
    return read_json(folder / MANIFEST, *_COMPARED, "asked", "inputs", "totals", "files")


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
