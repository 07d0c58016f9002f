"""Regorus, an engine of Rego in Rust: one evaluation for each centre, JSON given as text."""

from __future__ import annotations

import json
from pathlib import Path

import counting
import regorus


def prepare(tables: dict[str, dict[str, object]], form: str) -> counting.Judge:
    """Return what evaluates the counts of one centre."""
    name = "five_tuned.rego" if form == "tuned" else "five.rego"
    engine = regorus.Engine()
    engine.add_policy(name, (Path(__file__).parent / name).read_text(encoding="utf-8"))
    engine.add_data_json(json.dumps(tables))
    engine.set_gather_prints(False)

    def judge(line: bytes) -> dict[str, int]:
        engine.set_input_json(line.decode())
        counts: dict[str, int] = json.loads(engine.eval_rule_as_json("data.five.counts"))
        return counts

    return judge


if __name__ == "__main__":
    counting.main(prepare)
