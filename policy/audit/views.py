"""The views that answer common questions about an audit, and what each table and view holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EARLIER = "earlier_"
"""What the names of the earlier run's tables begin with."""

_COUNTS = """count(DISTINCT centre) FILTER (breached > 0) AS centres_in_breach,
  sum(breached)::BIGINT AS breached, sum(pending)::BIGINT AS pending,
  sum(unknown)::BIGINT AS unknown, sum(waived)::BIGINT AS waived, sum(error)::BIGINT AS error,
  sum(met)::BIGINT AS met, sum(not_applicable)::BIGINT AS not_applicable,
  sum(subjects)::BIGINT AS subjects"""

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "by_rule": f"""SELECT spec, edition, rule, label, severity, clauses, {_COUNTS}
FROM outcomes GROUP BY ALL
ORDER BY breached DESC, spec, edition, rule, label, severity, clauses""",
        "by_clause": f"""SELECT clause, {_COUNTS}
FROM (SELECT unnest(clauses) AS clause, * FROM outcomes) GROUP BY ALL
ORDER BY breached DESC, clause""",
        "by_centre": """SELECT centre, academic_year, region, document, findings, breached,
  pending, unknown, waived, error, met, not_applicable, subjects
FROM documents WHERE status = 'judged'
ORDER BY breached DESC, centre, academic_year, document""",
        "by_region": f"""SELECT region, count(DISTINCT centre) AS centres, {_COUNTS}
FROM documents WHERE status = 'judged' GROUP BY ALL ORDER BY breached DESC, region""",
        "by_owner": """SELECT owner, severity, outcome, count(*) AS findings,
  count(DISTINCT centre) AS centres
FROM findings WHERE NOT is_note GROUP BY ALL
ORDER BY findings DESC, owner, severity, outcome""",
        "quarantined": """SELECT document, code, problem, problem_line, problem_column
FROM documents WHERE status = 'quarantined' ORDER BY file, line, document""",
    }
)
"""Name of a view -> what it selects."""


def _each_once(table: str) -> str:
    # Two documents may be of one centre and year; then a finding may stand in both.
    return f"""SELECT DISTINCT ON (fingerprint, academic_year) * FROM {table}
  ORDER BY fingerprint, academic_year, document, pointer, message"""


def _state(state: str) -> str:
    return f"SELECT * EXCLUDE (state) FROM compared WHERE state = '{state}' ORDER BY ALL"


COMPARED: Mapping[str, str] = MappingProxyType(
    {
        "compared": f"""WITH now AS ({_each_once("findings")}),
before AS ({_each_once(EARLIER + "findings")}),
judged AS (SELECT DISTINCT centre, academic_year FROM documents WHERE status = 'judged')
SELECT CASE WHEN before.fingerprint IS NULL THEN 'new'
    WHEN now.fingerprint IS NOT NULL THEN 'still there'
    WHEN judged.centre IS NULL THEN 'not judged' ELSE 'fixed' END AS state,
  coalesce(now.centre, before.centre) AS centre,
  coalesce(now.academic_year, before.academic_year) AS academic_year,
  coalesce(now.spec, before.spec) AS spec, coalesce(now.rule, before.rule) AS rule,
  coalesce(now.label, before.label) AS label,
  coalesce(now.severity, before.severity) AS severity,
  coalesce(now.outcome, before.outcome) AS outcome,
  coalesce(now.is_note, before.is_note) AS is_note,
  coalesce(now.subject_type, before.subject_type) AS subject_type,
  coalesce(now.subject, before.subject) AS subject,
  coalesce(now.owner, before.owner) AS owner,
  coalesce(now.message, before.message) AS message,
  now.document AS document, before.document AS earlier_document,
  coalesce(now.fingerprint, before.fingerprint) AS fingerprint
FROM now FULL JOIN before
  ON now.fingerprint = before.fingerprint AND now.academic_year = before.academic_year
LEFT JOIN judged
  ON judged.centre = before.centre AND judged.academic_year = before.academic_year
ORDER BY ALL""",
        "new": _state("new"),
        "fixed": _state("fixed"),
        "still_there": _state("still there"),
        "not_judged": _state("not judged"),
    }
)
"""Name of a view over two runs -> what it selects. What an earlier run found is `fixed` only if
the later run judged that centre and year; otherwise nobody knows, and it is `not judged`."""


WHAT: Mapping[str, str] = MappingProxyType(
    {
        "documents": "one row for each document, judged or quarantined",
        "outcomes": "how each demand of a rule ended in each document, in numbers",
        "findings": "one row for each finding",
        "by_rule": "the outcomes of each demand over all centres",
        "by_clause": "the same for each clause of a guide",
        "by_centre": "each centre and year, those with most breaches first",
        "by_region": "the same for each region",
        "by_owner": "who has to do something, and how often",
        "quarantined": "documents that were not judged, and why",
        "compared": "the findings of both runs, and what became of them",
        "new": "findings that the earlier run does not have",
        "fixed": "findings of the earlier run that are gone, at centres judged by both",
        "still_there": "findings of both runs",
        "not_judged": "findings of the earlier run at centres that were not judged since",
        "earlier_documents": "the earlier run's documents",
        "earlier_outcomes": "the earlier run's outcomes",
        "earlier_findings": "the earlier run's findings",
    }
)
"""Name of a table or view -> what it holds."""

EXAMPLES = (
    "SELECT rule, breached FROM by_rule LIMIT 10",
    "SELECT centre, breached, unknown FROM by_centre",
    "SELECT document, problem FROM quarantined",
    "FROM findings WHERE owner = 'lead_iv'",
)
EXAMPLES_AGAINST = (
    "SELECT state, count(*) FROM compared GROUP BY ALL",
    "SELECT centre, rule, subject FROM new",
    "SELECT owner, count(*) FROM still_there GROUP BY ALL",
)
