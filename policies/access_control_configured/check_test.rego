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
alone(rule) := test.system(test.rules([rule]))

# The keys of a rule that hold a list.
lists := ["staff_roles", "staff_types", "departments", "staff", "system_roles", "permission_sets"]

# --- skip: not_critical, not_connected ---

# Case 50.
test_a_system_that_is_not_critical_is_not_judged if {
	check.skip == {"not_critical"} with input as test.system_with([{"system": {"critical": false}}, test.rules([])])
}

# Case 50.
test_a_system_that_nothing_reads_is_not_judged if {
	check.skip == {"not_connected"} with input as test.system_with([{"system": {"connected": false}}, test.rules([])])
}

test_a_critical_connected_system_is_judged if passes(test.system({}))

# --- fail: no_rule ---

test_a_system_without_rules_fails if fails(test.system(test.rules([])), {"no_rule"})

# --- fail: dead_rule ---

# Case 48.
test_an_empty_list_is_dead if {
	every key in lists {
		fails(alone(test.rule({"all_staff": true, key: []})), {"dead_rule"})
	}
}

test_a_list_with_somebody_in_it_is_not_dead if {
	every key in lists {
		passes(alone(test.rule({key: ["a"]})))
	}
}

# A rule that says nothing would allow whoever comes.
test_a_rule_that_says_nothing_is_dead if fails(alone(test.silent_rule), {"dead_rule"})

test_a_job_role_that_nobody_holds_is_dead if {
	w := alone(test.job_roles(["astronaut"], 0))
	fails(w, {"dead_rule"})
	check.facts.rules == ["job roles"] with input as w
}

test_a_job_role_that_somebody_holds_is_not_dead if passes(alone(test.job_roles(["sales-rep"], 1)))

test_tickets_without_a_source_are_dead if fails(alone(test.rule({"ticket": true})), {"dead_rule"})

test_tickets_with_a_source_are_not_dead if {
	passes(test.system_with([test.rules([test.rule({"ticket": true})]), test.tickets]))
}

# Cases 43 and 44: roles that exist nowhere are taken out of the list, and leave it empty.
test_a_rule_that_names_only_roles_that_do_not_exist_is_dead if {
	fails(alone(test.rule({"all_staff": true, "system_roles": [], "unresolved": ["Sales rp"]})), {"dead_rule"})
}

test_one_role_that_does_not_exist_beside_one_that_does_is_not_dead if {
	passes(alone(test.rule({"system_roles": ["5"], "unresolved": ["Sales rp"]})))
}

test_one_live_rule_is_enough if {
	passes(test.system(test.rules([test.job_roles([], 0), test.all_staff])))
}

test_several_dead_rules_are_named if {
	w := test.system(test.rules([test.job_roles([], 0), test.rule({"ticket": true, "name": "by ticket"})]))
	fails(w, {"dead_rule"})
	check.facts.rules == ["job roles", "by ticket"] with input as w
}
