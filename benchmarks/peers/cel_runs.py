"""CEL written in Rust (`common-expression-language`): five expressions for each learner.

The host walks to the learners. Idiomatic: it hands over the learner's submissions as they are, and
the expressions find what belongs together. Tuned: the host joins what belongs together, with
dictionaries, and hands over only what the expressions read; rules of further attempts are asked
only where there is one. There is no calendar in CEL, nor a table of so many days that would not be
converted for each call, so days are numbers and deadlines that the host looks up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cel
import counting
import orjson

_FIRST = "subs.exists(f, f.kind == 'first' && f.assignment == s.assignment && "

IDIOMATIC = {
    "first_was_in_time": "subs.filter(s, s.kind != 'first' && !"
    + _FIRST
    + "f.submitted_on != null && f.started_on != null && due[f.assignment] != null"
    " && f.submitted_on <= due[f.assignment] && day(f.submitted_on) - day(f.started_on) <= 24))",
    "lead_iv_agreed": "subs.filter(s, s.kind != 'first' && !subs.exists(o, o.authorisations.exists("
    "a, a.id == s.authorisation && lead_iv != null && a.decided_by == lead_iv"
    " && a.decided_on != null && s.started_on != null"
    " && day(s.started_on) - day(a.decided_on) <= 30)))",
    "soon_after_results": "subs.filter(s, s.kind != 'first' && s.submitted_on != null && "
    + _FIRST
    + "f.results_received_on != null && s.submitted_on > fifteen(f.results_received_on)))",
    "few_attempts": "subs.filter(s, size(subs.filter(e, e.assignment == s.assignment)) > 2)",
    "few_misses": "subs.filter(s,"
    " size(s.criterion_decisions.filter(d, d.outcome == 'not_achieved')) > 6)",
}

TUNED_FURTHER = {
    "first_was_in_time": "further.filter(x, !x.firsts.exists(f,"
    " f.handed_in <= f.due && f.handed_in - f.started <= 24))",
    "lead_iv_agreed": "further.filter(x,"
    " !(x.decided_by == lead_iv && x.started - x.decided <= 30))",
    "soon_after_results": "further.filter(x, x.limits.exists(limit, x.handed_in > limit))",
}
TUNED_ALL = {
    "few_attempts": "counts.filter(n, n > 2)",
    "few_misses": "misses.filter(n, n > 6)",
}

_FIELDS = (
    *("started_on", "submitted_on", "results_received_on", "authorisation"),
    *("assignment", "kind"),
)
_NEVER, _LONG_AGO = 1_000_000_000, -1_000_000_000


def prepare(tables: dict[str, dict[str, Any]], form: str) -> counting.Judge:
    """Return what judges one centre, in the form asked for."""
    return _tuned(tables) if form == "tuned" else _idiomatic(tables)


def _idiomatic(tables: dict[str, dict[str, Any]]) -> counting.Judge:
    programs = {name: cel.compile(text) for name, text in IDIOMATIC.items()}
    functions = {"day": tables["days"].__getitem__, "fifteen": tables["fifteen"].__getitem__}

    def judge(line: bytes) -> dict[str, int]:
        totals = dict.fromkeys(counting.NAMES, 0)
        for programme, learner in _learners(line):
            # A name that is absent is an error in CEL, where null is a value: fill it in.
            subs = [
                {**dict.fromkeys(_FIELDS), **s, "authorisations": _whole(s["authorisations"])}
                for s in learner["submissions"]
            ]
            variables = {
                "subs": subs,
                "due": _due(programme),
                "lead_iv": programme.get("lead_iv"),
            }
            context = cel.Context(variables, functions)
            for name, program in programs.items():
                totals[name] += len(program.execute(context))
        return totals

    return judge


def _whole(authorisations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"decided_by": None, "decided_on": None, **each} for each in authorisations]


def _tuned(tables: dict[str, dict[str, Any]]) -> counting.Judge:
    of_further = {name: cel.compile(text) for name, text in TUNED_FURTHER.items()}
    of_all = {name: cel.compile(text) for name, text in TUNED_ALL.items()}
    number, fifteen = tables["days"], tables["fifteen"]

    def judge(line: bytes) -> dict[str, int]:
        totals = dict.fromkeys(counting.NAMES, 0)
        counts: list[int] = []
        misses: list[int] = []
        due: dict[str, Any] = {}
        seen = None
        for programme, learner in _learners(line):
            if programme is not seen:
                seen, due = programme, _due(programme)
            further = list(_further(learner["submissions"], due, number, fifteen, counts, misses))
            if further:
                context = cel.Context({"further": further, "lead_iv": programme.get("lead_iv")})
                for name, program in of_further.items():
                    totals[name] += len(program.execute(context))
        context = cel.Context({"counts": counts, "misses": misses})
        for name, program in of_all.items():
            totals[name] += len(program.execute(context))
        return totals

    return judge


def _further(
    subs: list[dict[str, Any]],
    due: dict[str, Any],
    number: dict[str, int],
    fifteen: dict[str, str],
    counts: list[int],
    misses: list[int],
) -> Iterator[dict[str, Any]]:
    """Yield the further attempts of a learner with what belongs to them; a date that is not there
    becomes one that fails. How many attempts and misses each submission has goes into the lists."""
    by_assignment: dict[str, list[dict[str, Any]]] = {}
    granted = {a["id"]: a for s in subs for a in s["authorisations"]}
    for s in subs:
        by_assignment.setdefault(s["assignment"], []).append(s)
    for s in subs:
        same = by_assignment[s["assignment"]]
        counts.append(len(same))
        misses.append([d["outcome"] for d in s["criterion_decisions"]].count("not_achieved"))
        if s["kind"] == "first":
            continue
        firsts = [f for f in same if f["kind"] == "first"]
        allowed = granted.get(s.get("authorisation"), {})
        results = [f["results_received_on"] for f in firsts if f.get("results_received_on")]
        yield {
            "firsts": [
                {
                    "handed_in": number.get(f.get("submitted_on"), _NEVER),
                    "started": number.get(f.get("started_on"), _LONG_AGO),
                    "due": number.get(due.get(f["assignment"]), _LONG_AGO),
                }
                for f in firsts
            ],
            "limits": [number[fifteen[day]] for day in results],
            "handed_in": number.get(s.get("submitted_on"), _LONG_AGO),
            "started": number.get(s.get("started_on"), _NEVER),
            "decided": number.get(allowed.get("decided_on"), _LONG_AGO),
            "decided_by": allowed.get("decided_by") or "",
        }


def _learners(line: bytes) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for programme in orjson.loads(line)["programmes"]:
        for learner in programme["learners"]:
            yield programme, learner


def _due(programme: dict[str, Any]) -> dict[str, Any]:
    return {a["id"]: a.get("due_on") for u in programme["units"] for a in u["assignments"]}


if __name__ == "__main__":
    counting.main(prepare)
