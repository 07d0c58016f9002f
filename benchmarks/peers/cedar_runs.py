"""Cedar written in Rust (`cedarpy`): one request for each submission, all of a centre at once.

Idiomatic: every submission is a request. Tuned: a first submission that passes both rules for all
submissions need not be asked about, and the host, which has counted anyway, leaves it out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cedarpy
import counting
import orjson

_NEVER, _LONG_AGO = 1_000_000_000, -1_000_000_000


def prepare(tables: dict[str, dict[str, Any]], form: str) -> counting.Judge:
    """Return what judges one centre."""
    text = (Path(__file__).parent / "five.cedar").read_text(encoding="utf-8")
    policies = cedarpy.PolicySet.from_str(text)
    entities = cedarpy.Entities.from_json_str("[]")
    names = _names(text)
    is_tuned = form == "tuned"

    def judge(line: bytes) -> dict[str, int]:
        totals = dict.fromkeys(counting.NAMES, 0)
        asked = [
            request
            for request in _requests(orjson.loads(line), tables)
            if not is_tuned or _is_open(request)
        ]
        for answer in cedarpy.is_authorized_batch(asked, policies, entities):
            if answer.diagnostics.errors:
                raise SystemExit(str(answer.diagnostics.errors))
            if not answer.allowed:
                for reason in answer.diagnostics.reasons:
                    totals[names[reason]] += 1
        return totals

    return judge


def _names(text: str) -> dict[str, str]:
    """Return the name of each policy by the id that Cedar gave it."""
    policies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    return {key: each.get("annotations", {}).get("id", key) for key, each in policies.items()}


def _is_open(request: dict[str, Any]) -> bool:
    context = request["context"]
    return "due" in context or context["attempts"] > 2 or context["misses"] > 6


def _requests(
    centre: dict[str, Any], tables: dict[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for programme in centre["programmes"]:
        due = {a["id"]: a.get("due_on") for u in programme["units"] for a in u["assignments"]}
        for learner in programme["learners"]:
            for s, context in _contexts(learner["submissions"], due, tables):
                action = "further" if "due" in context else "first"
                if action == "further" and programme.get("lead_iv"):
                    context["lead_iv"] = programme["lead_iv"]
                yield {
                    "principal": 'Centre::"it"',
                    "action": f'Action::"{action}"',
                    "resource": f'Submission::"{s["id"]}"',
                    "context": context,
                }


def _contexts(
    subs: list[dict[str, Any]], due: dict[str, Any], tables: dict[str, dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield submissions with what the policies compare; a date that is not there becomes one that
    fails. In this data an assignment has one first submission: the host relies on that, as Cedar
    cannot look at several."""
    number, fifteen = tables["days"], tables["fifteen"]
    by_assignment: dict[str, list[dict[str, Any]]] = {}
    granted = {a["id"]: a for s in subs for a in s["authorisations"]}
    for s in subs:
        by_assignment.setdefault(s["assignment"], []).append(s)
    for s in subs:
        same = by_assignment[s["assignment"]]
        context: dict[str, Any] = {
            "attempts": len(same),
            "misses": [d["outcome"] for d in s["criterion_decisions"]].count("not_achieved"),
        }
        if s["kind"] != "first":
            first = next((f for f in same if f["kind"] == "first"), {})
            allowed = granted.get(s.get("authorisation"), {})
            context["handed_in"] = number.get(first.get("submitted_on"), _NEVER)
            context["began"] = number.get(first.get("started_on"), _LONG_AGO)
            context["due"] = number.get(due.get(s["assignment"]), _LONG_AGO)
            context["started"] = number.get(s.get("started_on"), _NEVER)
            context["decided"] = number.get(allowed.get("decided_on"), _LONG_AGO)
            context["submitted"] = number.get(s.get("submitted_on"), _LONG_AGO)
            if allowed.get("decided_by"):
                context["decided_by"] = allowed["decided_by"]
            if first.get("results_received_on"):
                context["limit"] = number[fifteen[first["results_received_on"]]]
        yield s, context


if __name__ == "__main__":
    counting.main(prepare)
