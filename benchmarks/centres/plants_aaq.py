"""Troubles of a college with Alternative Academic Qualifications."""

from __future__ import annotations

from centres.plants_learning import judging, plants_of

_JUDGING = {
    ("aaq",): """
    authenticity_is_settled btec_policy_reviewed_and_evaluated_yearly checkpoints_met
    claim_confirmed_by_right_role claim_made_by_5_july claimed_combination_is_valid
    claims_are_checked
    data_right_at_year_end data_seen_by_relevant_staff deadline_is_met decisions_are_traceable
    delivery_plan_in_place delivery_plan_is_shared eol_accounts_current_staff_only
    eol_confirmation_by_28_october eol_confirmation_is_complete evidence_is_sufficient
    evidence_kept_12_weeks extension_recorded external_assessments_managed
    feedback_gives_reasons feedback_has_no_action_list feedback_is_prompt
    grade_entry_double_checked induction_covers_minimum iv_before_return
    iv_findings_lead_to_action iv_outcome_recorded late_claim_noted late_work_not_penalised
    lead_iv_role_is_supported learner_data_kept_current malpractice_policy_covers_ai
    only_general_support_given.achievement_told
    only_general_support_given.evidence_assessed plan_checked_by_lead_iv
    policies_ready_for_check_in policy_tailored_to_centre programme_file_in_place
    psab_not_adapted records_are_secure
    records_kept_three_years reported_grade_is_right resubmission_conditions_met
    resubmission_evidence_complete resubmission_in_term resubmission_recorded
    resubmission_within_15_days sample_supplied_in_time sample_uploaded_to_lwt
    signatures_are_traceable standardisation_recorded
    sv_requests_answered tracker_is_secure unit_grade_is_supported verifier_is_on_the_plan
    work_ends_in_its_year work_is_authenticated
    """,
    ("delivery_cycle",): "learner_entered_for_external_unit",
    ("aaq", "delivery_cycle"): """
    resubmission_authorised_by_lead_iv qa_work_owned_by_lead_iv
    learner_registered_in_time nobody_verifies_own_decisions only_general_support_given
    resubmission_unaided taught_before_issue.start
    """,
}

PLANTS = plants_of(judging(_JUDGING))
