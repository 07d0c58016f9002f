"""What plants in learners ask of an attempt, and the days and findings that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from centres.planting import Expected, Place, shifted
from centres.shape import Row


def has_no_further_attempt(at: Place) -> bool:
    """Nothing was authorised on this attempt, put off, or moved by its learner's adjustments."""
    learner = at.above("learner")
    return (
        learner.get("status") == "active"
        and not at.row.get("authorisations")
        and not at.row.get("held_for_language_on")
        and not learner.get("adjustments")
    )


def is_granted_once(at: Place) -> bool:
    """The attempt was granted, and nothing in an adjustment gives it other days."""
    return at.row.get("outcome") == "granted" and not at.above("learner").get("adjustments")


def brief_of(at: Place) -> tuple[Row, Row]:
    """Return the unit and the assignment of a submission."""
    for programme in at.template["programmes"]:
        for unit in programme["units"]:
            for each in unit.get("assignments") or ():
                if each["id"] == at.row["assignment"]:
                    return unit, each
    raise LookupError(f"no assignment {at.row['assignment']}")


def was_not_sampled(at: Place) -> bool:
    """No sample of the programme holds the attempt."""
    samples = at.above("programme").get("standards_verifications") or ()
    return all(at.row["id"] not in (each.get("sample_items") or ()) for each in samples)


def has_own_brief(at: Place) -> bool:
    """Not a set assignment, whose signatures more rules ask for."""
    return has_no_further_attempt(at) and brief_of(at)[1]["kind"] != "psa"


def may_be_late(at: Place) -> bool:
    """No criterion of the unit asks for punctuality."""
    return has_no_further_attempt(at) and not brief_of(at)[0].get("lateness_criteria")


def has_earned_something(at: Place) -> bool:
    """The attempt stands for itself, and a criterion was achieved in it."""
    return has_no_further_attempt(at) and any(
        each.get("outcome") == "achieved" for each in at.row["criterion_decisions"]
    )


def achieved_all(at: Place) -> bool:
    """Every decision of the attempt is that a criterion was achieved."""
    return all(each.get("outcome") == "achieved" for each in at.row["criterion_decisions"])


def is_long_assessed(at: Place) -> bool:
    """So long before the year ends that results are overdue on any day such centres are judged."""
    before = f"{at.template['year_ends_on'][:4]}-03-01"
    assessed = (at.row.get("assessed_on") or before) < before
    return assessed and has_no_further_attempt(at) and at.row.get("is_authentic") is not False


def has_signed_elsewhere(at: Place) -> bool:
    """The platform does not leave a trail by itself, and nothing follows from this attempt."""
    platform = at.row.get("learner_declaration_form") == "electronic_platform"
    return not platform and has_no_further_attempt(at)


def has_no_retake(at: Place) -> bool:
    """The learner had no third attempt, which would rest on this one."""
    kinds = {each["kind"] for each in at.above("learner")["submissions"]}
    return kinds <= {"first", "resubmission"}


def assessor_is_no_verifier(at: Place) -> bool:
    """Who assessed the attempt is not among the verifiers of the programme."""
    verifiers = at.above("programme").get("internal_verifiers") or ()
    return at.above("submission").get("assessor") not in verifiers


def _acts_as_lead_iv(at: Place, person: str, day: str) -> bool:
    """Whether the register has the person as Lead IV, deputy or cover of the programme that day."""
    programme = at.above("programme")
    roles = [
        role
        for role in at.template["roles"]
        if role["kind"] in ("lead_iv", "deputy_lead_iv")
        and role.get("programme") in (None, programme["id"])
        and role["starts_on"] <= day <= (role.get("ends_on") or day)
    ]
    covers = [
        role.get(f"{length}_term_cover")
        for role in roles
        if role["kind"] == "lead_iv"
        for length in ("short", "long")
    ]
    return person in (programme.get("lead_iv"), *(role["staff"] for role in roles), *covers)


def verified_alone(at: Place) -> Iterator[Expected]:
    """Yield what follows where the assessor verified; a Lead IV need not be named as verifier."""
    yield "nobody_verifies_own_decisions", "breached", "verification"
    if not _acts_as_lead_iv(at, at.above("submission")["assessor"], at.row["verified_on"]):
        yield "verifier_is_on_the_plan", "breached", "verification"


def teaching_days(centre: Row, start: str) -> Iterator[str]:
    """Yield the teaching days after a day, up to the end of the term; no week off in between."""
    weekend = centre.get("weekend_days") or ["sat", "sun"]
    periods = centre["calendar_periods"]
    day = date.fromisoformat(start)
    while True:
        day += timedelta(days=1)
        if day.strftime("%a").lower() in weekend:
            continue
        kinds = [
            period["kind"]
            for period in periods
            if period["starts_on"] <= day.isoformat() <= period["ends_on"]
        ]
        if kinds != ["term"]:
            return
        yield day.isoformat()


def granted(learner: Row) -> Iterator[Row]:
    """Yield the resubmissions that a learner was granted."""
    for attempt in learner["submissions"]:
        for each in attempt.get("authorisations") or ():
            if each["kind"] == "resubmission" and each.get("outcome") == "granted":
                yield each


def used(learner: Row) -> Iterator[Row]:
    """Yield the granted resubmissions that led to work."""
    handed_in = {
        each.get("authorisation") for each in learner["submissions"] if each["submitted_on"]
    }
    yield from (each for each in granted(learner) if each["id"] in handed_in)


def days_of_window(at: Place) -> list[str]:
    """Return the teaching days after the results, the sixteenth and all before it, if there are."""
    results = at.above("submission").get("results_received_on")
    if not results:
        return []
    days = teaching_days(at.template, results)
    return list(islice(days, 16))


def window_is_whole(at: Place) -> bool:
    """Sixteen teaching days follow in one stretch, and no other day of the week is reckoned."""
    learner = at.above("learner")
    return (
        is_granted_once(at)
        and learner.get("study_mode") == "full_time"
        and len(days_of_window(at)) == 16
    )


def after_results(at: Place) -> str:
    """Return the third day after the learner had the results."""
    return shifted(at.above("submission")["results_received_on"], 3)


def is_completing(at: Place) -> bool:
    """The learner is here and finishes this year."""
    ends_on = at.above("programme")["ends_on"]
    return at.above("learner").get("status") == "active" and ends_on <= at.template["year_ends_on"]


def external_units(at: Place) -> list[str]:
    """Return the external units of the programme."""
    units = at.above("programme")["units"]
    return [unit["id"] for unit in units if unit["assessment_mode"] == "external"]


def has_an_entry_each(at: Place) -> bool:
    """The learner has one entry for each external unit."""
    entered = [entry["unit"] for entry in at.above("learner")["external_entries"]]
    return entered != [] and sorted(entered) == sorted(external_units(at))


def not_entered(at: Place) -> Iterator[Expected]:
    """Yield what follows once the last entry is taken out, before and after it is."""
    units = external_units(at)
    kept = [entry["unit"] for entry in at.above("learner")["external_entries"][: len(units) - 1]]
    for unit in units:
        if unit not in kept:
            pair = f"learner {{learner}} with unit {unit}"
            yield "learner_entered_for_external_unit", "breached", pair
    for claim in at.above("learner")["claims"]:
        if claim["kind"] == "full_award":
            yield "claimed_combination_is_valid.mandatory", "breached", f"claim {claim['id']}"


def seventh_of_july(at: Place) -> str:
    """Return 7 July of the year in which the academic year ends."""
    return f"{at.template['year_ends_on'][:4]}-07-07"


def late_claim(at: Place) -> Iterator[Expected]:
    """Yield what follows from a claim after 5 July."""
    yield "claim_made_by_5_july", "breached", "learner"
    yield "late_claim_noted.results", "note", "learner"
    if at.above("learner").get("is_ucas_applicant"):
        yield "late_claim_noted.ucas", "note", "learner"
