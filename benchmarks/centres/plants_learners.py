"""Troubles with learners: registration, attempts, verification, results, claims."""

from __future__ import annotations

from centres.attempts import (
    achieved_all,
    after_results,
    assessor_is_no_verifier,
    days_of_window,
    granted,
    has_an_entry_each,
    has_earned_something,
    has_no_further_attempt,
    has_no_retake,
    has_own_brief,
    has_signed_elsewhere,
    is_completing,
    is_long_assessed,
    late_claim,
    may_be_late,
    not_entered,
    seventh_of_july,
    used,
    verified_alone,
    was_not_sampled,
    window_is_whole,
)
from centres.planting import GONE, Plant, days_after

LEARNERS: tuple[Plant, ...] = (
    Plant(
        name="registered_late",
        about="a learner was registered after 63 days",
        entity="learner",
        where={"status": "active", "started_on": True, "registered_on": True},
        change={
            "registered_on": days_after("started_on", 63),
            "eol_updated_on": days_after("started_on", 63),
        },
        expects=(("learner_registered_in_time.in_time", "breached", "learner"),),
    ),
    Plant(
        name="other_end_date_on_line",
        about="Edexcel Online has another end date than the centre",
        entity="learner",
        where={"status": "active", "estimated_completion_on": True, "registered_on": True},
        change={"eol_estimated_completion_on": days_after("estimated_completion_on", 60)},
        expects=(("learner_data_kept_current.completion", "breached", "learner"),),
    ),
    Plant(
        name="withdrawn_and_still_active_on_line",
        about="a learner has left and is still active on Edexcel Online",
        entity="learner",
        where={"status": "withdrawn", "eol_status": "withdrawn", "withdrawn_on": True},
        change={"eol_status": "active"},
        expects=(
            ("data_right_at_year_end", "pending", "learner"),
            ("learner_data_kept_current.withdrawal", "breached", "learner"),
        ),
    ),
    Plant(
        name="mode_of_study_not_recorded",
        about="whether a learner with a resubmission studies full time is not recorded",
        entity="learner",
        where={"study_mode": "full_time"},
        when=lambda at: len(list(granted(at.row))) == 1 and not at.row.get("adjustments"),
        change={"study_mode": GONE},
        expects=lambda at: (
            [
                (rule, "unknown", f"authorisation {each['id']}")
                for each in granted(at.row)
                for rule in (
                    "resubmission_in_term.over_holiday",
                    "resubmission_within_15_days.study_window",
                    "resubmission_within_15_days.window",
                )
            ]
            + [
                ("resubmission_within_15_days.handed_in", "unknown", f"authorisation {each['id']}")
                for each in used(at.row)
            ]
        ),
    ),
    Plant(
        name="help_not_recorded",
        about="what help the learner had is not recorded",
        entity="submission",
        where={"kind": "first", "support_given": []},
        when=has_no_further_attempt,
        change={"support_given": GONE},
        expects=(
            ("only_general_support_given.direct_input", "unknown", "submission"),
            ("only_general_support_given.coaching", "unknown", "submission"),
            ("only_general_support_given.action_list", "unknown", "submission"),
            ("only_general_support_given.specific_feedback", "unknown", "submission"),
            ("only_general_support_given.criteria_confirmed", "unknown", "submission"),
            ("only_general_support_given.grade_confirmed", "unknown", "submission"),
            ("only_general_support_given.evidence_assessed", "unknown", "submission"),
            ("only_general_support_given.achievement_told", "unknown", "submission"),
        ),
    ),
    Plant(
        name="not_signed_by_learner",
        about="the learner did not sign the work",
        entity="submission",
        where={"kind": "first", "is_signed_by_learner": True},
        when=has_own_brief,
        change={"is_signed_by_learner": False},
        expects=(("work_is_authenticated.learner", "breached", "submission"),),
    ),
    Plant(
        name="not_signed_by_assessor",
        about="the assessor did not sign the record",
        entity="submission",
        where={"kind": "first", "is_signed_by_assessor": True},
        when=has_own_brief,
        change={"is_signed_by_assessor": False},
        expects=(("work_is_authenticated.confirmed", "breached", "submission"),),
    ),
    Plant(
        name="signature_without_trail",
        about="an electronic signature has no audit trail",
        entity="submission",
        where={"kind": "first", "signature_kind": "electronic", "signature_trail": True},
        when=has_signed_elsewhere,
        change={"signature_trail": GONE},
        expects=(("signatures_are_traceable.trail", "breached", "submission"),),
    ),
    Plant(
        name="marked_down_for_lateness",
        about="achievement was withheld because of lateness",
        entity="submission",
        where={"kind": "first"},
        when=may_be_late,
        change={"deductions": ["lateness"]},
        expects=(("late_work_not_penalised", "breached", "submission"),),
    ),
    Plant(
        name="copied_and_nothing_done",
        about="work was found not authentic, and nothing was done",
        entity="submission",
        where={"kind": "first", "is_authentic": True},
        when=has_earned_something,
        change={"is_authentic": False},
        expects=lambda at: [
            (f"authenticity_is_settled.{label}", "breached", f"submission {at.row['id']}")
            for label in ("acted_on", "own_work", "earns_less")
            if label != "earns_less" or achieved_all(at)
        ],
    ),
    Plant(
        name="coached_while_resubmitting",
        about="the learner was coached between the first attempt and the resubmission",
        entity="submission",
        where={"kind": "resubmission"},
        change={"support_given": ["coaching"]},
        expects=(("resubmission_unaided", "breached", "submission"),),
    ),
    Plant(
        name="grade_confirmed_early",
        about="the learner was told the grade while still at work",
        entity="submission",
        where={"kind": "first"},
        when=has_no_further_attempt,
        change={"support_given": ["grade_confirmed"]},
        expects=(
            ("only_general_support_given.grade_confirmed", "breached", "submission"),
            ("only_general_support_given.achievement_told", "breached", "submission"),
        ),
    ),
    Plant(
        name="feedback_with_a_list",
        about="the feedback says what to do for a higher grade",
        entity="submission",
        where={"kind": "first", "feedback": True},
        when=has_no_further_attempt,
        change={"feedback": "To reach Distinction, add a graph and compare two methods."},
        expects=(("feedback_has_no_action_list.direct", "note", "submission"),),
    ),
    Plant(
        name="changes_not_recorded",
        about="nobody recorded what was changed for the resubmission",
        entity="submission",
        where={"kind": "resubmission", "has_record_of_changes": True},
        when=was_not_sampled,
        change={"has_record_of_changes": False},
        expects=(("resubmission_evidence_complete.record", "breached", "submission"),),
    ),
    Plant(
        name="results_not_recorded",
        about="it is not recorded when the learner got the results",
        entity="submission",
        where={"kind": "first", "results_received_on": True},
        when=is_long_assessed,
        change={"results_received_on": GONE},
        expects=(
            ("feedback_is_prompt.close", "breached", "submission"),
            ("feedback_is_prompt.at_last", "breached", "submission"),
            ("feedback_is_prompt.same_term", "breached", "submission"),
        ),
    ),
    Plant(
        name="never_handed_in",
        about="it is not recorded when the work was handed in",
        entity="submission",
        where={"kind": "first", "submitted_on": True},
        when=has_no_further_attempt,
        change={"submitted_on": GONE},
        expects=(
            ("deadline_is_met.initial", "breached", "submission"),
            ("work_ends_in_its_year.handed_in", "pending", "submission"),
        ),
    ),
    Plant(
        name="verified_by_assessor",
        about="the assessor verified the own decisions",
        entity="verification",
        when=assessor_is_no_verifier,
        change={"internal_verifier": lambda at: at.above("submission")["assessor"]},
        expects=verified_alone,
        copies=True,
    ),
    Plant(
        name="verified_after_return",
        about="the work was verified when the learner had it back",
        entity="verification",
        where={"verified_on": True},
        when=lambda at: at.above("submission").get("results_received_on") is not None,
        change={"verified_on": after_results, "recorded_on": after_results},
        expects=(("iv_before_return.in_time", "breached", "submission"),),
    ),
    Plant(
        name="changes_asked_of_nobody",
        about="verification asked for changes, and nobody has the task",
        entity="verification",
        where={"outcome": "confirmed"},
        change={"outcome": "changes_needed"},
        expects=(("iv_findings_lead_to_action", "breached", "verification"),),
    ),
    Plant(
        name="verified_without_outcome",
        about="what verification found is not recorded",
        entity="verification",
        where={"outcome": "confirmed", "verified_on": True},
        change={"outcome": GONE},
        expects=(
            ("iv_findings_lead_to_action", "unknown", "verification"),
            ("iv_outcome_recorded.outcome", "breached", "verification"),
        ),
    ),
    Plant(
        name="not_authorised_by_lead_iv",
        about="the Quality Nominee authorised a resubmission",
        entity="authorisation",
        where={"kind": "resubmission", "outcome": "granted"},
        change={"decided_by": lambda at: at.above("centre")["quality_nominee"]},
        expects=lambda at: [
            (
                "resubmission_authorised_by_lead_iv.by_lead_iv",
                "breached",
                f"submission {each['id']}",
            )
            for each in at.above("learner")["submissions"]
            if each.get("authorisation") == at.row["id"]
        ],
    ),
    Plant(
        name="not_improvable_unaided",
        about="a resubmission was granted to a learner who needs help for it",
        entity="authorisation",
        where={"kind": "resubmission", "outcome": "granted"},
        when=has_no_retake,
        change={"is_improvable_unaided": False},
        expects=(("resubmission_conditions_met.improvable", "breached", "authorisation"),),
    ),
    Plant(
        name="resubmission_not_on_record",
        about="the authorisation does not stand on the assessment record",
        entity="authorisation",
        where={"kind": "resubmission", "outcome": "granted"},
        change={"is_on_assessment_record": False},
        expects=(("resubmission_recorded.on_record", "breached", "authorisation"),),
    ),
    Plant(
        name="day_16",
        about="the resubmission is due on the sixteenth working day",
        entity="authorisation",
        where={"kind": "resubmission", "outcome": "granted"},
        when=window_is_whole,
        change={"due_on": lambda at: days_of_window(at)[15]},
        expects=(("resubmission_within_15_days.window", "breached", "authorisation"),),
    ),
    Plant(
        name="grade_without_support",
        about="the tracker has a Distinction that the criteria do not carry",
        entity="unit_result",
        where={"tracked_grade": ("P", "M"), "reported_grade": True, "is_by_rpl": (None, False)},
        change={"tracked_grade": "D", "reported_grade": "D"},
        expects=(
            ("unit_grade_is_supported.reported", "breached", "unit_result"),
            ("unit_grade_is_supported.tracked", "breached", "unit_result"),
        ),
    ),
    Plant(
        name="other_grade_reported",
        about="Edexcel Online has another grade than the tracker",
        entity="unit_result",
        where={"tracked_grade": "M", "reported_grade": "M"},
        change={"reported_grade": "P"},
        expects=(("reported_grade_is_right.grade", "breached", "unit_result"),),
    ),
    Plant(
        name="claimed_late",
        about="a full award was claimed on 7 July",
        entity="claim",
        where={"kind": "full_award", "submitted_on": True},
        when=lambda at: len(at.above("learner")["claims"]) == 1,
        change={"submitted_on": seventh_of_july},
        expects=late_claim,
    ),
    Plant(
        name="claim_not_checked",
        about="a claim was checked by nobody",
        entity="claim",
        where={"kind": "full_award"},
        change={"checked_by": []},
        expects=(("claims_are_checked.by_lead_iv", "breached", "claim"),),
    ),
    Plant(
        name="claim_not_confirmed",
        about="nobody confirmed a claim",
        entity="claim",
        where={"kind": "full_award", "confirmed_by": True},
        change={"confirmed_by": GONE},
        expects=(("claim_confirmed_by_right_role.confirmed", "breached", "claim"),),
    ),
    Plant(
        name="combination_checked_by_another",
        about="the Quality Nominee alone checked the combination of units",
        entity="claim",
        where={"combination_checked_by": True},
        change={"combination_checked_by": lambda at: at.above("centre")["quality_nominee"]},
        expects=(("grade_entry_double_checked.combination_by", "breached", "claim"),),
    ),
    Plant(
        name="not_entered",
        about="a learner is not entered for one of the external units",
        entity="learner",
        where={"external_entries": True},
        when=lambda at: is_completing(at) and has_an_entry_each(at),
        change={"external_entries": lambda at: at.row["external_entries"][:-1]},
        expects=not_entered,
    ),
    Plant(
        name="extension_without_reason",
        about="an extension was granted and no reason recorded",
        entity="adjustment",
        where={"kind": "extension", "outcome": "granted"},
        change={"reason": GONE, "evidence_ref": GONE},
        expects=(("extension_recorded.reason", "note", "adjustment"),),
    ),
    Plant(
        name="criterion_without_evidence",
        about="it is not recorded where the evidence for a criterion is",
        entity="criterion_decision",
        where={"outcome": "achieved", "evidence_ref": True},
        when=lambda at: (
            at.above("submission")["kind"] == "first"
            and at.above("learner").get("status") == "active"
        ),
        change={"evidence_ref": GONE},
        expects=(("decisions_are_traceable", "breached", "criterion_decision"),),
    ),
)
