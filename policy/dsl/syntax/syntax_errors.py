"""A text that cannot be parsed -> diagnostics (P1xx) that say what to mend.

Each item is read on its own and gives at most one diagnostic beside those of its characters, so
that no message is the echo of another. What was expected is said in the words of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lark.exceptions import UnexpectedInput, UnexpectedToken

from policy.dsl.syntax import clause_errors, condition_errors, phrase_errors
from policy.dsl.syntax.character_errors import TAB
from policy.dsl.syntax.chunks import Chunk, split
from policy.dsl.syntax.scanning import Piece, scan
from policy.dsl.syntax.stumble import Stumble
from policy.dsl.syntax.vocabulary import ITEM_WORDS
from policy.model.diagnostics import Diagnostic
from policy.model.source import SourceText, Span

LANGUAGE = "1"
# Reads the characters from one offset to another by a rule of the grammar; returns where reading
# stopped, or else the mistakes found while building the tree.
Reader = Callable[[str, int, int], "UnexpectedInput | list[Diagnostic]"]

# The first that recognises the mistake words it.
_RECOGNISERS: tuple[Callable[[Stumble], Diagnostic | None], ...] = (
    clause_errors.text_in_text,
    clause_errors.malformed_clause_id,
    clause_errors.missing_before_clause,
    phrase_errors.stray_separator,
    phrase_errors.words_in_brackets,
    phrase_errors.scope_in_other_words,
    phrase_errors.other_wording,
    phrase_errors.subject_missing,
    phrase_errors.outcome_missing,
    clause_errors.missing_variable,
    condition_errors.year_missing_or_foreign,
    condition_errors.foreign_day,
    condition_errors.foreign_number,
    condition_errors.and_beside_or,
    condition_errors.more_than_one_condition,
    condition_errors.satisfies_without_every,
    condition_errors.where_without_quantifier,
    clause_errors.capital_word,
    phrase_errors.foreign_word,
    condition_errors.missing_closing_bracket,
    condition_errors.stray_closing_bracket,
    condition_errors.incomplete_if,
    clause_errors.misspelt_before,
    clause_errors.reserved_label,
    clause_errors.missing_colon,
    clause_errors.missing_name,
    clause_errors.missing_text,
    clause_errors.missing_scope,
    clause_errors.missing_demand,
    condition_errors.missing_comma,
    phrase_errors.chained_comparison,
    phrase_errors.taken_from_nothing,
    phrase_errors.one_thing_missing,
    clause_errors.unknown_word,
    clause_errors.unfinished,
)


def language_error(source: SourceText, pieces: Sequence[Piece]) -> Diagnostic | None:
    """Return what is wrong with the first line, which names the language."""
    first_two = [piece for piece in pieces if piece.kind != "comment"][:2]
    if not first_two:
        return Diagnostic(
            code="P131",
            message="this file is empty",
            span=source.span(0, 0),
            help='begin with `language 1` and `spec NAME "title" for 2025/26`',
        )
    first, version = first_two[0], first_two[-1]
    span = source.span(first.start, first.end)
    if first.text != "language":
        return Diagnostic(
            code="P131",
            message="a file begins with the version of the language",
            span=span,
            help=f"write `language {LANGUAGE}` on the first line",
        )
    if version.kind != "number":
        return Diagnostic(
            code="P131",
            message="`language` needs its version",
            span=span,
            help=f"write `language {LANGUAGE}`",
        )
    if version.text == LANGUAGE:
        return None
    return Diagnostic(
        code="P131",
        message=f"language {version.text} is not known",
        span=source.span(version.start, version.end),
        help=f"this version reads language {LANGUAGE}; a newer one may read more",
    )


def all_errors(
    source: SourceText, text: str, found: Sequence[Diagnostic], read: Reader
) -> list[Diagnostic]:
    """Return the mistakes of a text that cannot be parsed, those already `found` among them.

    `text` is that of `source`, of the same length, without what may be overlooked.
    """
    chunks = split(text, list(scan(text)))
    errors = list(found)
    for number, chunk in enumerate(chunks):
        misplaced = _misplaced(source, chunk, chunks[:number])
        if misplaced is not None:
            errors.append(misplaced)
        elif not _has_any(chunk, found):
            errors += _errors_of(source, chunk, read)
    if not errors:
        # Only as a whole the file is wrong; rare, but silence would be worse than a poor sentence.
        whole = Chunk("file", tuple(p for p in scan(text) if p.kind != "comment"), 0, len(text))
        errors += _errors_of(source, whole, read)
    return sorted(errors, key=_place)


def word(
    source: SourceText, error: UnexpectedInput, pieces: Sequence[Piece], *, kind: str, base: int
) -> Diagnostic:
    """Return the diagnostic for what the parser stumbled over; `pieces` begin at `base`."""
    stumble = Stumble(
        source=source,
        kind=kind,
        pieces=pieces,
        index=_index(pieces, error),
        accepts=_accepts(error, kind),
        base=base,
    )
    for recognise in _RECOGNISERS:
        diagnostic = recognise(stumble)
        if diagnostic is not None:
            return diagnostic
    return clause_errors.out_of_place(stumble)


def nested_too_deeply(span: Span) -> Diagnostic:
    """Return the diagnostic for a text that no person could read."""
    return Diagnostic(
        code="P138",
        message="this is nested too deeply",
        span=Span(span.source, span.start, min(span.end, span.start + 1)),
        help="give parts of it names with `define`",
    )


def _errors_of(source: SourceText, chunk: Chunk, read: Reader) -> list[Diagnostic]:
    found = read(chunk.start_rule, chunk.start, chunk.end)
    if not isinstance(found, UnexpectedInput):
        return found
    pieces = [Piece(p.kind, p.text, p.start - chunk.start) for p in chunk.pieces]
    return [word(source, found, pieces, kind=chunk.kind, base=chunk.start)]


def _misplaced(source: SourceText, chunk: Chunk, earlier: Sequence[Chunk]) -> Diagnostic | None:
    """Return the mistake of a chunk that stands in the wrong place."""
    kinds = {before.kind for before in earlier} - {"head"}
    if chunk.kind in ("language", "spec", "library", "amends"):
        message, help = "a file holds one spec", "put it into a file of its own"
    elif chunk.kind == "use" and kinds - {"use"}:
        message, help = "`use` stands before all rules", "move it up, after the line of the spec"
    elif chunk.kind == "applies" and kinds - {"use", "applies"}:
        message = "`applies to` stands before all rules"
        help = "move it up, after the line of the spec and `use`"
    else:
        return None
    piece = chunk.pieces[0]
    return Diagnostic(
        code="P132", message=message, span=source.span(piece.start, piece.end), help=help
    )


def _has_any(chunk: Chunk, found: Sequence[Diagnostic]) -> bool:
    return any(
        item.span is not None and chunk.start <= item.span.start < max(chunk.end, chunk.start + 1)
        for item in found
        if item.code != TAB
    )


def _index(pieces: Sequence[Piece], error: UnexpectedInput) -> int:
    """Return the number of the piece where the parser stopped, past the last at the end."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return len(pieces)
    offset = error.pos_in_stream or 0
    return next((n for n, piece in enumerate(pieces) if piece.end > offset), len(pieces))


def _accepts(error: UnexpectedInput, kind: str) -> frozenset[str]:
    """Return the terminals that could stand where the parser stopped."""
    parser = getattr(error, "interactive_parser", None)
    accepts = frozenset(parser.accepts()) if parser is not None else frozenset[str]()
    if "$END" in accepts and kind != "template":
        accepts |= {item.upper() for item in ITEM_WORDS}
    return accepts


def _place(diagnostic: Diagnostic) -> tuple[int, str]:
    return (diagnostic.span.start if diagnostic.span else -1, diagnostic.code)
