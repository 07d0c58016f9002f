"""Ledger -> one HTML page that needs nothing else: no script, no style from elsewhere.

Each clause has an anchor of its own (`#QA-001`), so that a report or a mail can point at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from policy.model.ledger import Decider, Ledger, LedgerEntry, Standing, counts
from policy.report.ledger import guides

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --good: #1a7f37; --bad: #b42318; --quiet: #777; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left;
  vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
.clause { border-top: 1px solid var(--line); padding: .6rem 0; }
.clause h3 { font-size: 1rem; margin: 0; }
.clause p, .clause ul { margin: .2rem 0; }
.quiet { color: var(--quiet); }
.decided, .partly { color: var(--good); } .open { color: var(--bad); font-weight: 600; }
code { font-size: .92em; overflow-wrap: anywhere; }
"""
_CLASSES = {Standing.DECIDED: "decided", Standing.PARTLY: "partly", Standing.OPEN: "open"}


def ledger_page(ledger: Ledger) -> str:
    """Return the page: the table of all guides, then each guide's clauses."""
    return "\n".join(_page(ledger)) + "\n"


def _page(ledger: Ledger) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>Ledger of clauses</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield "<h1>Ledger of clauses</h1>"
    yield (
        "<p>For each clause of the guides: the rules that decide it and the examples that show "
        "them failing, or why no program can decide it. "
        f"{ledger.percent:.1f} % of {len(ledger.checkable)} checkable clauses are settled.</p>"
    )
    yield from _table(ledger)
    for guide in guides(ledger):
        yield f'<h2 id="{escape(guide)}">{escape(guide)}</h2>'
        for entry in ledger.entries:
            if entry.guide == guide:
                yield from _clause(entry)
    yield "</body>\n</html>"


def _table(ledger: Ledger) -> Iterator[str]:
    heads = "".join(f'<th class="number" scope="col">{standing}</th>' for standing in Standing)
    yield '<div class="scroll"><table>'
    yield f'<tr><th scope="col">guide</th>{heads}<th class="number" scope="col">all</th></tr>'
    for guide in guides(ledger):
        entries = [entry for entry in ledger.entries if entry.guide == guide]
        yield _row(f'<a href="#{escape(guide)}">{escape(guide)}</a>', entries)
    yield _row("all guides", ledger.entries)
    yield _row("checkable clauses", ledger.checkable)
    yield "</table></div>"


def _row(name: str, entries: Sequence[LedgerEntry]) -> str:
    cells = "".join(f'<td class="number">{number}</td>' for number in counts(entries).values())
    return f'<tr><th scope="row">{name}</th>{cells}<td class="number">{len(entries)}</td></tr>'


def _clause(entry: LedgerEntry) -> Iterator[str]:
    strength = escape(entry.strength.replace("_", " "))
    look = _CLASSES.get(entry.standing, "quiet")
    yield f'<section class="clause" id="{escape(entry.id)}">'
    yield (
        f'<h3><a href="#{escape(entry.id)}">{escape(entry.id)}</a> '
        f'<span class="{look}">{entry.standing}</span> '
        f'<span class="quiet">{strength}, {escape(entry.where)}</span></h3>'
    )
    yield f"<p>{escape(entry.says)}</p>" if entry.says else ""
    yield f"<p>Because: {escape(entry.reason)}</p>" if entry.reason else ""
    if entry.deciders:
        yield f"<ul>{''.join(map(_decider, entry.deciders))}</ul>"
    if entry.allowed:
        yield f"<p>Allowed, as shown by: {escape('; '.join(entry.allowed))}</p>"
    yield "</section>"


def _decider(decider: Decider) -> str:
    edition = escape(f"{decider.spec} {decider.edition}".rstrip())
    head = f"{decider.severity} <code>{escape(decider.rule)}</code> in {edition}"
    if not decider.examples:
        return f"<li>{head}: no example shows it failing</li>"
    titles = "".join(f"<li>{escape(title)}</li>" for title in decider.examples)
    number = len(decider.examples)
    summary = f"{number} example{'' if number == 1 else 's'}"
    return f"<li>{head}<details><summary>{summary}</summary><ul>{titles}</ul></details></li>"
