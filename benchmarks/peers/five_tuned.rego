# The same five rules with what makes an engine of Rego quick: indexes as objects, the few further
# attempts found once with all that hangs on them, lists in place of sets, counts and no more.
package five

import rego.v1

due := {a.id: a.due_on |
	some p in input.programmes
	some u in p.units
	some a in u.assignments
	is_string(a.due_on)
}

further := [{"s": s, "firsts": firsts, "granted": granted, "lead_iv": p.lead_iv} |
	some p in input.programmes
	some l in p.learners
	count(l.submissions) > 1
	some s in l.submissions
	s.kind != "first"
	firsts := [f | some f in l.submissions; f.assignment == s.assignment; f.kind == "first"]
	granted := [a | some other in l.submissions; some a in other.authorisations; a.id == s.authorisation]
]

counts := {
	"first_was_in_time": count([1 | some x in further; not was_in_time(x)]),
	"lead_iv_agreed": count([1 | some x in further; not is_agreed(x)]),
	"soon_after_results": count([1 | some x in further; is_late(x)]),
	"few_attempts": count(repeated),
	"few_misses": count(missed),
}

was_in_time(x) if {
	some f in x.firsts
	is_string(f.submitted_on)
	f.submitted_on <= due[f.assignment]
	data.days[f.submitted_on] - data.days[f.started_on] <= 24
}

is_agreed(x) if {
	some a in x.granted
	a.decided_by == x.lead_iv
	data.days[x.s.started_on] - data.days[a.decided_on] <= 30
}

is_late(x) if {
	some f in x.firsts
	x.s.submitted_on > data.fifteen[f.results_received_on]
}

# Only who handed in more than twice can have handed in anything more than twice.
repeated := [1 |
	some p in input.programmes
	some l in p.learners
	count(l.submissions) > 2
	some s in l.submissions
	count([1 | some e in l.submissions; e.assignment == s.assignment]) > 2
]

missed := [1 |
	some p in input.programmes
	some l in p.learners
	some s in l.submissions
	count(s.criterion_decisions) > 6
	count([1 | some d in s.criterion_decisions; d.outcome == "not_achieved"]) > 6
]
