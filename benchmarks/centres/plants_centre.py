"""Troubles of a centre as a whole: policies, declarations, roles, calendar, archive."""

from __future__ import annotations

from collections.abc import Iterator

from centres.planting import GONE, Expected, Place, Plant, days_after, without

_REQUESTS = {
    "extra_sample_request": "more_work",
    "information_request": "information",
    "standardisation_evidence_request": "standardisation",
}
_REQUEST = {
    "kind": tuple(_REQUESTS),
    "raised_by": "standards_verifier",
    "programme": True,
    "completed_on": True,
    "is_from_last_year": None,
}
_EVIDENCE = {"kind": "learner_evidence", "is_top_up": False, "is_held": False}


def _has_no_deputy(at: Place) -> bool:
    """Tell whether no deputy of the programme stands in for its Lead IV."""
    programme = at.row.get("programme")
    return not any(
        role["kind"] == "deputy_lead_iv" and role.get("programme") == programme
        for role in at.template["roles"]
    )


CENTRE: tuple[Plant, ...] = (
    Plant(
        name="policy_not_reviewed",
        about="a policy was last reviewed more than a year ago",
        entity="policy",
        where={"topics": (["registration_entry_certification"], ["appeals_complaints"])},
        change={"reviewed_on": days_after("reviewed_on", -400)},
        expects=(
            ("btec_policy_reviewed_and_evaluated_yearly.reviewed", "breached", "policy"),
            ("policy_reviewed_and_evaluated_yearly.reviewed", "breached", "policy"),
            ("policies_ready_for_check_in", "breached", "centre"),
        ),
        apart=frozenset({"policies"}),
    ),
    Plant(
        name="policy_not_evaluated",
        about="nobody looked at how a policy works",
        entity="policy",
        where={"topics": (["registration_entry_certification"], ["appeals_complaints"])},
        change={"evaluated_on": GONE},
        expects=(
            ("btec_policy_reviewed_and_evaluated_yearly.evaluated", "breached", "policy"),
            ("policy_reviewed_and_evaluated_yearly.evaluated", "breached", "policy"),
        ),
        apart=frozenset({"policies"}),
    ),
    Plant(
        name="policy_from_elsewhere",
        about="a policy was taken over from elsewhere and does not say how BTEC works here",
        entity="policy",
        where={"topics": (["registration_entry_certification"], ["appeals_complaints"])},
        change={"has_btec_detail": False},
        expects=(("policy_tailored_to_centre.detailed", "breached", "policy"),),
        apart=frozenset({"policies"}),
    ),
    Plant(
        name="nothing_on_artificial_intelligence",
        about="the policy on malpractice does not mention artificial intelligence",
        entity="policy",
        where={"topics": ["plagiarism_malpractice"]},
        change={"provisions": without("provisions", "ai_use")},
        expects=(("malpractice_policy_covers_ai", "breached", "centre"),),
        apart=frozenset({"policies"}),
    ),
    Plant(
        name="accounts_confirmed_late",
        about="accounts on Edexcel Online were confirmed after 28 October",
        entity="declaration",
        where={"kind": "eol_account_confirmation"},
        change={
            "submitted_on": lambda at: f"{at.template['year_starts_on'][:4]}-10-30",
            "terms_accepted_on": lambda at: f"{at.template['year_starts_on'][:4]}-10-30",
        },
        expects=(
            ("eol_confirmation_by_14_october.in_time", "breached", "centre"),
            ("eol_confirmation_by_28_october.in_time", "breached", "centre"),
            ("eol_confirmation_is_complete.terms", "breached", "declaration"),
        ),
    ),
    Plant(
        name="contacts_not_confirmed",
        about="the contacts were not confirmed with the accounts",
        entity="declaration",
        where={"kind": "eol_account_confirmation"},
        change={"has_confirmed_contacts": False},
        expects=(("eol_confirmation_is_complete.contacts", "breached", "declaration"),),
    ),
    Plant(
        name="declared_late",
        about="the yearly declaration went in on 16 October",
        entity="declaration",
        where={"kind": "annual_quality_declaration"},
        change={"submitted_on": lambda at: f"{at.template['year_starts_on'][:4]}-10-16"},
        expects=(("aqd_submitted_by_14_october.in_time", "breached", "centre"),),
    ),
    Plant(
        name="terms_not_accepted",
        about="the declaration went in without the terms",
        entity="declaration",
        where={"kind": "annual_quality_declaration", "terms_accepted_on": True},
        change={"terms_accepted_on": GONE},
        expects=(("aqd_accepts_terms", "breached", "declaration"),),
    ),
    Plant(
        name="two_lead_ivs",
        about="the deputy is recorded as a second Lead IV",
        entity="role",
        where={"kind": "deputy_lead_iv"},
        change={"kind": "lead_iv"},
        expects=lambda at: [
            ("programme_has_one_lead_iv.one", "breached", f"programme {at.row['programme']}"),
            *(
                (
                    f"lead_iv_role_is_supported.{length}_absence",
                    "breached",
                    f"programme {at.row['programme']} with role {at.row['id']}",
                )
                for length in ("short", "long")
            ),
        ],
    ),
    Plant(
        name="lead_iv_without_cover",
        about="nobody stands in for the Lead IV in a short absence",
        entity="role",
        where={"kind": "lead_iv", "short_term_cover": True},
        when=_has_no_deputy,
        change={"short_term_cover": GONE},
        expects=lambda at: [
            (
                "lead_iv_role_is_supported.short_absence",
                "breached",
                f"programme {at.row['programme']} with role {at.row['id']}",
            )
        ],
    ),
    Plant(
        name="account_left_behind",
        about="somebody who has left still has an account on Edexcel Online",
        entity="staff",
        where={"left_on": True},
        change={"has_eol_account": True},
        expects=(("eol_accounts_current_staff_only", "breached", "staff"),),
    ),
    Plant(
        name="checkpoint_late",
        about="a checkpoint was answered four days late",
        entity="event",
        where={"kind": "pearson_checkpoint", "held_on": True},
        change={"held_on": days_after("due_on", 4)},
        expects=(("checkpoints_met", "breached", "event"),),
    ),
    Plant(
        name="checkpoint_to_come",
        about="a checkpoint lies in the last days of the year",
        entity="event",
        where={"kind": "pearson_checkpoint", "held_on": True},
        change={"held_on": GONE, "due_on": lambda at: at.template["year_ends_on"]},
        expects=(("checkpoints_met", "pending", "event"),),
    ),
    Plant(
        name="verifier_still_waits",
        about="the standards verifier waits for an answer, and there is time until the year ends",
        entity="action",
        where=_REQUEST,
        change={"completed_on": GONE, "due_on": lambda at: at.template["year_ends_on"]},
        expects=lambda at: _of_request(at, "pending"),
    ),
    Plant(
        name="verifier_answered_late",
        about="the standards verifier was answered two days late",
        entity="action",
        where=_REQUEST,
        change={"completed_on": days_after("due_on", 2)},
        expects=lambda at: _of_request(at, "breached"),
    ),
    Plant(
        name="records_somewhere",
        about="whether records of assessment are still there is not recorded",
        entity="retained_record",
        where={"kind": "assessment_records", "is_held": True},
        change={"is_held": GONE},
        expects=(
            ("data_seen_by_relevant_staff", "unknown", "retained_record"),
            ("records_are_secure.fire", "unknown", "retained_record"),
            ("records_are_secure.secure", "unknown", "retained_record"),
            ("records_are_secure.theft", "unknown", "retained_record"),
            ("records_kept_three_years.feedback", "unknown", "retained_record"),
        ),
    ),
    Plant(
        name="evidence_gone_early",
        about="evidence was disposed of seven weeks after the certificates",
        entity="retained_record",
        where={**_EVIDENCE, "disposed_on": True},
        change={"disposed_on": days_after("certificates_received_on", 50)},
        expects=(("evidence_kept_12_weeks.kept", "breached", "retained_record"),),
    ),
    Plant(
        name="records_gone_early",
        about="records of assessment were disposed of in the second year",
        entity="retained_record",
        where={"kind": "assessment_records", "is_held": True},
        change={"is_held": False, "disposed_on": days_after("certificated_on", 200)},
        expects=(("records_kept_three_years.feedback", "breached", "retained_record"),),
    ),
    Plant(
        name="records_open_to_all",
        about="records of assessment are not stored securely",
        entity="retained_record",
        where={"kind": ("assessment_records", "criterion_tracking"), "is_held": True},
        change={"is_secure": False},
        expects=(("records_are_secure.secure", "breached", "retained_record"),),
    ),
)


def _of_request(at: Place, outcome: str) -> Iterator[Expected]:
    """Yield what follows for a request of the standards verifier that ends so."""
    yield f"sv_requests_answered.{_REQUESTS[at.row['kind']]}", outcome, "action"
