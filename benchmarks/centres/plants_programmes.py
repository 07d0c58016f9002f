"""Troubles of a programme, apart from its learners: plans, files, samples, teaching."""

from __future__ import annotations

from collections.abc import Iterator

from centres.planting import GONE, Expected, Place, Plant, days_after, without
from centres.shape import Row


def _briefs(at: Place) -> list[Row]:
    """Return the formal assignments of a unit that are no retakes."""
    return [
        each
        for each in at.row.get("assignments") or ()
        if each.get("purpose") == "formal" and not each.get("original_assignment")
    ]


def _plans(at: Place) -> list[Row]:
    """Return the versions of the plan, the first of them first."""
    return sorted(at.above("programme")["assessment_plans"], key=lambda each: each["created_on"])


def _brings_units(at: Place) -> bool:
    """Whether this is the latest version of the plan, with a unit that no earlier one has."""
    *earlier, latest = _plans(at)
    known = {line["unit"] for plan in earlier for line in plan["planned_units"]}
    return at.row is latest and any(line["unit"] not in known for line in latest["planned_units"])


def _not_checked(at: Place) -> Iterator[Expected]:
    """Yield what follows where a plan was not checked; of the first one another rule speaks too."""
    yield "plan_checked_by_lead_iv.checked", "breached", "assessment_plan"
    if at.row is _plans(at)[0]:
        yield "combination_checked_at_the_start.by_lead_iv", "breached", "programme"


def _not_shared(at: Place) -> Iterator[Expected]:
    """Yield one finding for each of the team who should have the delivery plan."""
    team = {*at.row.get("assessors", ()), *at.row.get("internal_verifiers", ())}
    for person in sorted((team | set(at.row.get("teachers", ()))) - {at.row.get("lead_iv")}):
        yield "delivery_plan_is_shared", "unknown", f"programme {{programme}} with staff {person}"


def _not_with_lead_iv(at: Place) -> Iterator[Expected]:
    """Yield what follows where the Lead IV has no delivery plan; an assessor lacks it twice."""
    yield "delivery_plan_in_place.owned", "breached", "programme"
    lead_iv = at.row["lead_iv"]
    if lead_iv in (*at.row.get("assessors", ()), *at.row.get("internal_verifiers", ())):
        yield "delivery_plan_is_shared", "breached", f"programme {{programme}} with staff {lead_iv}"


PROGRAMMES: tuple[Plant, ...] = (
    Plant(
        name="sample_late",
        about="the sample was supplied two days late",
        entity="standards_verification",
        where={"sample_supplied_on": True, "sample_due_on": True},
        change={"sample_supplied_on": days_after("sample_due_on", 2)},
        expects=(("sample_supplied_in_time", "breached", "standards_verification"),),
    ),
    Plant(
        name="sample_by_email",
        about="the sample was sent by e-mail",
        entity="standards_verification",
        where={"sample_channel": "lwt"},
        change={"sample_channel": "email"},
        expects=(("sample_uploaded_to_lwt", "breached", "standards_verification"),),
    ),
    Plant(
        name="standardisation_entered_by_its_leader",
        about="whoever led the standardisation entered it in the record",
        entity="standardisation",
        where={"logged_by": True, "led_by": True},
        change={"logged_by": lambda at: at.row["led_by"]},
        expects=(("standardisation_recorded.by_quality_nominee", "breached", "standardisation"),),
    ),
    Plant(
        name="topic_left_out_at_induction",
        about="plagiarism was left out at induction",
        entity="cohort",
        where={"induction_topics": True},
        when=lambda at: "plagiarism_ai_investigation" in at.row["induction_topics"],
        change={"induction_topics": without("induction_topics", "plagiarism_ai_investigation")},
        expects=(("induction_covers_minimum.plagiarism", "breached", "cohort"),),
    ),
    Plant(
        name="delivery_plan_of_the_manager",
        about="the delivery plan belongs to the manager, not to the Lead IV",
        entity="programme",
        where={"delivery_plan_owner": True},
        when=lambda at: at.row["manager"] != at.row["delivery_plan_owner"],
        change={
            "delivery_plan_owner": lambda at: at.row["manager"],
            "delivery_plan_shared_with": lambda at: [
                each for each in at.row["delivery_plan_shared_with"] if each != at.row["lead_iv"]
            ],
        },
        expects=_not_with_lead_iv,
    ),
    Plant(
        name="programme_file_late",
        about="the programme file was set up in November",
        entity="programme",
        where={"file_created_on": True},
        change={"file_created_on": lambda at: f"{at.template['year_starts_on'][:4]}-11-05"},
        expects=(("programme_file_in_place.at_start", "breached", "programme"),),
    ),
    Plant(
        name="no_schedule_of_verification",
        about="there is no schedule for internal verification beside the assessment plan",
        entity="programme",
        where={"iv_schedule_on": True, "status": "delivering"},
        change={"iv_schedule_on": GONE, "iv_schedule_owner": GONE, "has_sampling_plan": GONE},
        expects=(("qa_work_owned_by_lead_iv", "unknown", "programme"),),
    ),
    Plant(
        name="tracker_open_to_all",
        about="the tracker is not secure",
        entity="programme",
        where={"is_tracker_secure": True},
        change={"is_tracker_secure": False},
        expects=(("tracker_is_secure.secure", "breached", "programme"),),
    ),
    Plant(
        name="deadlines_not_told",
        about="nobody told the team the entry deadlines",
        entity="programme",
        where={"entry_deadlines_briefed_on": True},
        change={"entry_deadlines_briefed_on": GONE},
        expects=(("external_assessments_managed.told", "breached", "programme"),),
    ),
    Plant(
        name="delivery_plan_shared_with_whom",
        about="who has the delivery plan is not recorded",
        entity="programme",
        where={"delivery_plan_shared_with": True},
        change={"delivery_plan_shared_with": GONE},
        expects=_not_shared,
    ),
    Plant(
        name="taught_on_after_issue",
        about="a unit was still taught when its assignment was issued",
        entity="unit",
        where={"teaching_ended_on": True, "assessment_mode": "internal"},
        when=lambda at: len(_briefs(at)) == 1,
        change={"teaching_ended_on": days_after("teaching_ended_on", 20)},
        expects=lambda at: [
            (rule, "breached", f"assignment {_briefs(at)[0]['id']}")
            for rule in ("taught_before_issue.start",)
        ],
    ),
    Plant(
        name="set_brief_changed",
        about="a brief that Pearson set was changed",
        entity="assignment",
        where={"kind": "psab", "purpose": "formal", "is_adapted": False},
        change={"is_adapted": True},
        expects=(("psab_not_adapted.unchanged", "breached", "assignment"),),
    ),
    Plant(
        name="plan_not_checked_by_lead_iv",
        about="when the Lead IV checked the plan is not recorded",
        entity="assessment_plan",
        where={"lead_iv_checked_on": True},
        when=_brings_units,
        change={"lead_iv_checked_on": GONE},
        expects=_not_checked,
    ),
)
