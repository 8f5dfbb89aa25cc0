package checks.access_control_configured_test

import data.checks.access_control_configured as check
import data.lib.test

passes(document) if {
	check.skip == set() with input as document
	check.fail == set() with input as document
}

fails(document, codes) if {
	check.skip == set() with input as document
	check.fail == codes with input as document
}

# One rule alone.
alone(keys) := test.system_with([test.rules([test.rule(keys)])])

# --- skip: not_critical, not_connected ---

# Case 50.
test_a_system_that_is_not_critical_is_not_judged if {
	w := test.system_with([{"system": {"critical": false}}, test.rules([])])
	check.skip == {"not_critical"} with input as w
}

# Case 50.
test_a_system_that_nothing_reads_is_not_judged if {
	w := test.system_with([{"system": {"connected": false}}, test.rules([])])
	check.skip == {"not_connected"} with input as w
}

test_a_critical_connected_system_is_judged if {
	w := test.system_with([])
	passes(w)
}

# --- fail: no_rule ---

test_a_system_without_rules_fails if {
	w := test.system_with([test.rules([])])
	fails(w, {"no_rule"})
}

# --- fail: dead_rule ---

# Case 48.
test_an_empty_list_is_dead if {
	every key in ["staff_roles", "staff_types", "departments", "staff", "system_roles", "permission_sets"] {
		w := alone({"all_staff": true, key: []})
		fails(w, {"dead_rule"})
	}
}

test_a_list_with_somebody_in_it_is_not_dead if {
	every key in ["staff_roles", "staff_types", "departments", "staff", "system_roles", "permission_sets"] {
		w := alone({key: ["a"]})
		passes(w)
	}
}

# A rule that says nothing would allow whoever comes.
test_a_rule_that_says_nothing_is_dead if {
	w := alone({})
	fails(w, {"dead_rule"})
}

test_a_job_role_that_nobody_holds_is_dead if {
	w := test.system_with([test.rules([test.job_roles(["astronaut"], 0)])])
	fails(w, {"dead_rule"})
	names := check.facts.rules with input as w
	names == ["job roles"]
}

test_a_job_role_that_somebody_holds_is_not_dead if {
	w := test.system_with([test.rules([test.job_roles(["sales-rep"], 1)])])
	passes(w)
}

test_tickets_without_a_source_are_dead if {
	w := alone({"ticket": true})
	fails(w, {"dead_rule"})
}

test_tickets_with_a_source_are_not_dead if {
	w := test.system_with([test.rules([test.rule({"ticket": true})]), test.tickets])
	passes(w)
}

# Cases 43 and 44: roles that exist nowhere are taken out of the list, and leave it empty.
test_a_rule_that_names_only_roles_that_do_not_exist_is_dead if {
	w := alone({"all_staff": true, "system_roles": [], "unresolved": ["Sales rp"]})
	fails(w, {"dead_rule"})
}

test_one_role_that_does_not_exist_beside_one_that_does_is_not_dead if {
	w := alone({"system_roles": ["5"], "unresolved": ["Sales rp"]})
	passes(w)
}

test_one_live_rule_is_enough if {
	w := test.system_with([test.rules([test.job_roles([], 0), test.all_staff])])
	passes(w)
}

test_several_dead_rules_are_named if {
	w := test.system_with([test.rules([test.job_roles([], 0), test.rule({"ticket": true, "name": "by ticket"})])])
	fails(w, {"dead_rule"})
	names := check.facts.rules with input as w
	names == ["job roles", "by ticket"]
}
