# The five rules as one would write them down: each walks the centre by itself.
# data.days: date -> number of the day. data.fifteen: date -> 15 working days after it.
package five

import rego.v1

breaches contains ["first_was_in_time", s.id] if {
	some p in input.programmes
	some l in p.learners
	some s in l.submissions
	s.kind != "first"
	not was_in_time(l, p, s.assignment)
}

was_in_time(learner, programme, assignment) if {
	some f in learner.submissions
	f.kind == "first"
	f.assignment == assignment
	is_string(f.submitted_on)
	is_string(f.started_on)
	some u in programme.units
	some a in u.assignments
	a.id == assignment
	is_string(a.due_on)
	f.submitted_on <= a.due_on
	data.days[f.submitted_on] - data.days[f.started_on] <= 24
}

breaches contains ["lead_iv_agreed", s.id] if {
	some p in input.programmes
	some l in p.learners
	some s in l.submissions
	s.kind != "first"
	not is_agreed(s, l, p)
}

is_agreed(s, learner, programme) if {
	some other in learner.submissions
	some a in other.authorisations
	a.id == s.authorisation
	a.decided_by == programme.lead_iv
	data.days[s.started_on] - data.days[a.decided_on] <= 30
}

breaches contains ["soon_after_results", s.id] if {
	some p in input.programmes
	some l in p.learners
	some s in l.submissions
	s.kind != "first"
	some f in l.submissions
	f.kind == "first"
	f.assignment == s.assignment
	s.submitted_on > data.fifteen[f.results_received_on]
}

breaches contains ["few_attempts", s.id] if {
	some p in input.programmes
	some l in p.learners
	some s in l.submissions
	count([1 | some e in l.submissions; e.assignment == s.assignment]) > 2
}

breaches contains ["few_misses", s.id] if {
	some p in input.programmes
	some l in p.learners
	some s in l.submissions
	count([1 | some d in s.criterion_decisions; d.outcome == "not_achieved"]) > 6
}

names := ["first_was_in_time", "lead_iv_agreed", "soon_after_results", "few_attempts", "few_misses"]

counts := {name: n |
	some name in names
	n := count([1 | some breach in breaches; breach[0] == name])
}
