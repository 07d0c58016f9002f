"""Troubles of a school with BTEC International."""

from __future__ import annotations

from centres.planting import GONE, Plant
from centres.plants_learning import judging, plants_of

_RULES = """
authenticity_is_settled data_seen_by_relevant_staff deadline_is_met decisions_are_traceable
evidence_is_sufficient extension_recorded feedback_gives_reasons feedback_has_no_action_list
feedback_is_prompt resubmission_authorised_by_lead_iv iv_before_return
late_work_not_penalised only_general_support_given
plan_checked_by_lead_iv records_are_secure records_kept_three_years reported_grade_is_right
resubmission_conditions_met resubmission_in_term
resubmission_recorded resubmission_unaided resubmission_within_15_days taught_before_issue.start
tracker_is_secure unit_grade_is_supported verifier_is_on_the_plan work_is_authenticated
"""

PLANTS = (
    *plants_of(judging({("international",): _RULES})),
    Plant(
        name="results_to_come",
        about="a learner waits for the results of work that was assessed in May",
        entity="submission",
        where={"kind": "first", "results_received_on": True, "assessed_on": True},
        when=lambda at: (
            at.row["assessed_on"] >= f"{at.template['year_ends_on'][:4]}-05-15"
            and not at.row["authorisations"]
        ),
        change={"results_received_on": GONE},
        expects=(
            ("international.feedback_is_prompt.close", "pending", "submission"),
            ("international.feedback_is_prompt.at_last", "pending", "submission"),
            ("international.feedback_is_prompt.same_term", "breached", "submission"),
        ),
    ),
)
