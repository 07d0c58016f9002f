"""What the five rules read of a centre, and nothing else: a floor for decoding it."""

from __future__ import annotations

from msgspec import Struct


class Decision(Struct, gc=False):
    """One criterion."""

    outcome: str | None = None


class Authorisation(Struct, gc=False):
    """A decision of the Lead IV."""

    id: str
    decided_by: str | None = None
    decided_on: str | None = None


class Submission(Struct, gc=False):
    """One attempt."""

    id: str
    assignment: str | None = None
    kind: str | None = None
    authorisation: str | None = None
    started_on: str | None = None
    submitted_on: str | None = None
    results_received_on: str | None = None
    criterion_decisions: list[Decision] | None = None
    authorisations: list[Authorisation] | None = None


class Learner(Struct, gc=False):
    """A learner, by number only."""

    id: str
    submissions: list[Submission] | None = None


class Assignment(Struct, gc=False):
    """An assignment and its deadline."""

    id: str
    due_on: str | None = None


class Unit(Struct, gc=False):
    """A unit."""

    assignments: list[Assignment] | None = None


class Programme(Struct, gc=False):
    """A programme."""

    id: str
    lead_iv: str | None = None
    units: list[Unit] | None = None
    learners: list[Learner] | None = None


class Centre(Struct, gc=False):
    """A centre."""

    programmes: list[Programme] | None = None
