"""The suites there are templates for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from centres import plants_aaq, plants_international, plants_qa_cycle, plants_wbl
from centres.suite import Suite

# Days on which learners differ and no rule minds: a few days before what the template has.
_REGISTERED = {("learner", "registered_on"): (-3, 0), ("learner", "eol_updated_on"): (-3, 0)}
_HANDED_IN = {("submission", "submitted_on"): (-2, 0), ("submission", "learner_signed_on"): (-2, 0)}
_ENTERED = {("external_entry", "entered_on"): (-2, 0)}

SUITES: Mapping[str, Suite] = {
    "aaq": Suite(
        name="aaq",
        template="clean.json",
        as_at=date(2026, 7, 24),
        ends=("Sixth Form College", "College", "Academy", "School"),
        plants=plants_aaq.PLANTS,
        jitter=_REGISTERED | _HANDED_IN | _ENTERED,
        notes=(("aaq.resubmission_in_term.part_time", "note", "authorisation Z6"),),
        stays={
            "L1": "an action outside the learner follows from the verification of this work",
            "L4": "a retake, which should be rare in a group",
            "L5": "a part-time learner: each window over a holiday is noted",
        },
    ),
    "international": Suite(
        name="international",
        template="international_clean.yaml",
        as_at=date(2024, 6, 20),
        ends=("International School", "International College", "Academy"),
        regions=False,
        stays={
            "L4": "a re-sit, which should be rare in a group",
            "L18": "prior learning, which should be rare in a programme",
        },
        plants=plants_international.PLANTS,
        jitter=_REGISTERED | _HANDED_IN | _ENTERED,
        notes=(),
    ),
    "qa_cycle": Suite(
        name="qa_cycle",
        template="college_clean.yaml",
        as_at=date(2025, 8, 29),
        ends=("College", "Technical College", "Further Education College"),
        plants=plants_qa_cycle.PLANTS,
        jitter=_REGISTERED | _HANDED_IN | _ENTERED,
        notes=(
            ("internal_assessment.programme_is_left_out.group", "note", "programme BUS"),
            ("internal_assessment.programme_is_left_out.group", "note", "programme EYE"),
        ),
        stays={
            "A2": "a retake, which should be rare in a group",
            "B2": "an action outside the learner follows from the verification of this work",
            **dict.fromkeys(
                ("P1", "P2", "P3", "P4", "P5", "P6"),
                "the group stays below 30: nothing is prepared for a large one",
            ),
        },
    ),
    "wbl": Suite(
        name="wbl",
        template="provider_clean.yaml",
        as_at=date(2025, 9, 5),
        ends=("Skills", "Training", "Apprenticeships", "Learning Partnership"),
        plants=plants_wbl.PLANTS,
        notes=(
            ("internal_assessment.programme_is_left_out.group", "note", "programme P2"),
            ("internal_assessment.programme_is_left_out.specialist", "note", "programme P2"),
            ("wbl.lsv_scope_noted", "note", "programme P2"),
            ("wbl.stage_of_the_cycle", "note", "centre {centre} with stages 4"),
        ),
        jitter={
            ("claim", "certificate_received_on"): (0, 3),
            ("unit_result", "updated_on"): (0, 2),
        },
    ),
}
