"""Troubles of a college with Firsts and Nationals.

Three guides judge it, and two of the programmes only by the cycle of quality assurance: their
specifications have a guide of their own.
"""

from __future__ import annotations

from centres.plants_learning import judging, plants_of

_JUDGING = {
    ("qa_cycle",): """
    aqd_accepts_terms aqd_submitted_by_14_october check_in_followed_up checkpoints_met
    claim_confirmed_by_right_role claim_made_by_5_july claims_are_checked
    combination_checked_at_the_start data_right_at_year_end eol_confirmation_by_14_october
    grade_entry_double_checked iv_findings_lead_to_action iv_outcome_recorded late_claim_noted
    learner_data_kept_current malpractice_policy_covers_ai policies_ready_for_check_in
    policy_reviewed_and_evaluated_yearly policy_tailored_to_centre programme_has_one_lead_iv
    resubmission_evidence_complete
    sample_supplied_in_time standardisation_recorded sv_requests_answered
    """,
    ("legacy",): """
    authenticity_is_settled data_seen_by_relevant_staff deadline_is_met
    decisions_are_traceable evidence_is_sufficient extension_recorded feedback_gives_reasons
    feedback_has_no_action_list feedback_is_prompt iv_before_return
    late_work_not_penalised
    only_general_support_given.achievement_told
    only_general_support_given.evidence_assessed records_are_secure records_kept_three_years
    resubmission_conditions_met resubmission_in_term resubmission_recorded
    resubmission_within_15_days signatures_are_traceable
    tracker_is_secure unit_grade_is_supported verifier_is_on_the_plan work_is_authenticated
    """,
    ("delivery_cycle",): "nobody_verifies_own_decisions",
    ("delivery_cycle", "legacy"): """
    only_general_support_given resubmission_unaided taught_before_issue.start
    """,
    ("delivery_cycle", "qa_cycle"): """
    learner_registered_in_time qa_work_owned_by_lead_iv
    """,
    ("legacy", "qa_cycle"): """
    plan_checked_by_lead_iv reported_grade_is_right
    """,
    ("delivery_cycle", "legacy", "qa_cycle"): "resubmission_authorised_by_lead_iv",
}

PLANTS = plants_of(
    judging(_JUDGING),
    programmes={"legacy": ("ART", "SPO")},
)
