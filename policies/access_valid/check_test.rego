package checks.access_valid_test

import data.checks.access_valid as check
import data.lib.test

# What the params are where a project sets none.
defaults := {"params": {"judge_invitations": false, "judge_before_start": true, "judge_scope": true}}

document(changes) := test.account_with(array.concat([defaults], changes))

passes(w) if {
	check.skip == set() with input as w
	check.fail == set() with input as w
}

fails(w, codes) if {
	check.skip == set() with input as w
	check.fail == codes with input as w
}

skips(w, codes) if {
	check.skip == codes with input as w
	check.fail == set() with input as w
}

sales := test.job_roles(["sales-rep"], 2)

engineers := test.job_roles(["engineer"], 1)

# --- skip ---

# Case 50.
test_a_system_that_is_not_critical_is_not_judged if {
	w := document([{"system": {"critical": false}}, test.rules([engineers])])
	check.skip == {"not_critical"} with input as w
}

# Cases 1, 20 and 40.
test_an_account_that_cannot_sign_in_is_not_judged if {
	every word in ["inactive", "deleted"] {
		w := document([test.state(word), test.rules([engineers])])
		skips(w, {"cannot_sign_in"})
	}
}

# Case 38.
test_an_invitation_is_not_judged if {
	w := document([test.state("invited"), test.rules([engineers])])
	check.skip == {"invitation"} with input as w
}

# Case 38: unless asked for.
test_an_invitation_is_judged_where_asked if {
	asked := {"params": {"judge_invitations": true}}
	good := document([test.state("invited"), test.holds([], []), test.rules([sales]), asked])
	passes(good)
	bad := document([test.state("invited"), test.holds([], []), test.rules([engineers]), asked])
	fails(bad, {"job_role_not_allowed"})
}

# Case 39.
test_an_account_that_can_open_nothing_is_not_judged if {
	w := document([{"account": {"access": "none"}}, test.rules([engineers])])
	check.skip == {"no_access"} with input as w
}

# An account is judged as long as nobody says that it can open nothing.
test_an_account_whose_access_is_unknown_is_judged if {
	w := document([{"account": {"access": "unknown"}}, test.rules([engineers])])
	fails(w, {"job_role_not_allowed"})
}

# Cases 16, 35 and 37.
test_classified_accounts_are_not_judged if {
	every class in ["service", "shared", "external"] {
		w := document([test.classified(class, "current"), test.rules([engineers])])
		skips(w, {"not_staff_account"})
	}
}

# Cases 13, 18 and 36.
test_nobodys_accounts_are_left_to_identification if {
	every state in ["unmatched", "ambiguous", "stale_mapping", "not_identified"] {
		w := document([test.unidentified(state)])
		skips(w, {"not_identified"})
	}
}

test_a_match_that_leads_to_nobody_is_no_pass if {
	w := document([{"staff": test.nobody}])
	skips(w, {"not_identified"})
}

test_leavers_are_left_to_their_own_check if {
	w := document([test.left("date"), test.rules([engineers])])
	skips(w, {"offboarded"})
}

# Case 48.
test_without_a_live_rule_the_system_is_the_problem if {
	none := document([test.rules([])])
	"no_live_rule" in check.skip with input as none
	dead := document([test.rules([test.job_roles([], 0)])])
	"no_live_rule" in check.skip with input as dead
	silent := document([test.rules([test.silent_rule])])
	"no_live_rule" in check.skip with input as silent
	sourceless := document([test.rules([test.rule({"ticket": true})])])
	"no_live_rule" in check.skip with input as sourceless
}

# --- who: all staff, job roles and the rest ---

# Cases 31 and 46: contractors are staff, and all staff need no job role.
test_all_staff_means_everybody_who_works_here if {
	every word in ["employee", "contractor", "intern", "other", "not_stated"] {
		w := document([{"staff": {"employment": word, "job_roles": []}}])
		passes(w)
	}
}

# Case 28.
test_people_on_leave_still_work_here if {
	every word in ["on_leave", "suspended"] {
		good := document([test.status(word), test.rules([sales])])
		passes(good)
		bad := document([test.status(word), test.rules([engineers])])
		fails(bad, {"job_role_not_allowed"})
	}
}

# Case 45.
test_one_of_several_job_roles_is_enough if {
	w := document([{"staff": {"job_roles": ["dog-walker", "sales-rep"]}}, test.rules([sales])])
	passes(w)
}

test_another_job_role_fails if {
	w := document([test.rules([engineers])])
	fails(w, {"job_role_not_allowed"})
}

test_one_rule_that_allows_is_enough if {
	w := document([test.rules([engineers, sales])])
	passes(w)
}

# Case 46.
test_no_job_role_where_every_rule_asks_for_one_fails if {
	w := document([{"staff": {"job_roles": []}}, test.rules([engineers, sales])])
	fails(w, {"job_role_missing"})
}

test_no_job_role_where_a_rule_asks_for_something_else_fails_otherwise if {
	interns := test.rule({"staff_types": ["intern"]})
	w := document([{"staff": {"job_roles": []}}, test.rules([sales, interns])])
	fails(w, {"job_role_not_allowed"})
}

# Case 31.
test_employment_is_held_against_staff_types if {
	rule := test.rule({"all_staff": true, "staff_types": ["employee", "intern"]})
	good := document([test.rules([rule])])
	passes(good)
	every word in ["contractor", "not_stated"] {
		bad := document([{"staff": {"employment": word}}, test.rules([rule])])
		fails(bad, {"job_role_not_allowed"})
	}
}

test_departments_are_held_against_the_rule if {
	rule := test.rule({"departments": ["sales", "support"]})
	good := document([test.rules([rule])])
	passes(good)
	bad := document([{"staff": {"departments": ["engineering"]}}, test.rules([rule])])
	fails(bad, {"job_role_not_allowed"})
	none := document([{"staff": {"departments": []}}, test.rules([rule])])
	fails(none, {"job_role_not_allowed"})
}

test_named_people_are_allowed_and_nobody_else if {
	rule := test.rule({"staff": ["E-17"], "name": "by name"})
	named := {"identity": {"named_by": ["by name"]}}
	good := document([named, test.rules([rule])])
	passes(good)
	other := {"identity": {"named_by": ["another"]}}
	bad := document([other, test.rules([rule])])
	fails(bad, {"job_role_not_allowed"})
}

test_every_key_of_a_rule_must_hold if {
	rule := object.union(sales, {"departments": ["sales"], "staff_types": ["employee"]})
	good := document([test.rules([rule])])
	passes(good)
	every part in [{"job_roles": ["engineer"]}, {"departments": ["support"]}, {"employment": "contractor"}] {
		bad := document([{"staff": part}, test.rules([rule])])
		fails(bad, {"job_role_not_allowed"})
	}
}

# --- fail: before_start ---

# Case 29.
test_access_before_the_first_day_fails if {
	w := document([test.status("not_started")])
	fails(w, {"before_start"})
}

# Case 29: where that is allowed, the rules are asked all the same.
test_before_the_first_day_the_rules_still_count if {
	lenient := {"params": {"judge_before_start": false}}
	good := document([test.status("not_started"), lenient])
	passes(good)
	bad := document([test.status("not_started"), lenient, test.rules([engineers])])
	fails(bad, {"job_role_not_allowed"})
}

# --- fail: out_of_scope ---

# Cases 32 and 33.
test_access_from_outside_the_programme_fails if {
	w := document([{"staff": {"in_scope": false}}])
	fails(w, {"out_of_scope"})
}

# Case 33.
test_outside_the_programme_the_rules_still_count if {
	lenient := {"params": {"judge_scope": false}}
	good := document([{"staff": {"in_scope": false}}, lenient])
	passes(good)
	bad := document([{"staff": {"in_scope": false}}, lenient, test.rules([engineers])])
	fails(bad, {"job_role_not_allowed"})
}

test_every_reason_is_given if {
	w := document([{"staff": {"in_scope": false}}, test.rules([engineers])])
	fails(w, {"out_of_scope", "job_role_not_allowed"})
}

# --- fail: system_role_not_allowed ---

test_a_role_that_is_not_listed_fails if {
	rule := object.union(sales, {"system_roles": ["5"]})
	good := document([test.rules([rule])])
	passes(good)
	bad := document([test.holds(["5", "9"], []), test.rules([rule])])
	fails(bad, {"system_role_not_allowed"})
	excess := check.facts.excess with input as bad
	excess == ["9"]
}

# Case 41.
test_every_permission_set_must_be_listed if {
	rule := object.union(sales, {"permission_sets": ["p1", "p2"]})
	good := document([test.holds(["5"], ["p1", "p2"]), test.rules([rule])])
	passes(good)
	bad := document([test.holds(["5"], ["p1", "p9", "p8"]), test.rules([rule])])
	fails(bad, {"system_role_not_allowed"})
	excess := check.facts.excess with input as bad
	excess == ["p8", "p9"]
}

# Case 43: a role that the catalogue does not list is still held.
test_a_role_that_the_catalogue_does_not_list_is_not_allowed if {
	rule := test.rule({"all_staff": true, "system_roles": ["5"]})
	unlisted := {"account": {"unlisted_role_ids": ["404"]}}
	w := document([test.holds(["404"], []), unlisted, test.rules([rule])])
	fails(w, {"system_role_not_allowed"})
}

# Case 44: what is held is named to people, and compared by its id.
test_roles_are_compared_by_id if {
	rule := test.rule({"all_staff": true, "system_roles": ["6"]})
	w := document([test.rules([rule])])
	fails(w, {"system_role_not_allowed"})
	excess := check.facts.excess with input as w
	excess == ["Sales rep"]
}

# Case 67: ids are texts, and a text that looks like a number is still one.
test_ids_are_texts if {
	rule := test.rule({"all_staff": true, "system_roles": ["05"]})
	w := document([test.rules([rule])])
	fails(w, {"system_role_not_allowed"})
}

# Cases 43 and 48: a list that is empty allows nothing, not even to an account that holds nothing.
test_an_empty_list_allows_nothing if {
	rule := object.union(sales, {"system_roles": []})
	w := document([test.holds([], []), test.rules([rule, engineers])])
	fails(w, {"system_role_not_allowed"})
}

# An account that holds nothing holds nothing that is not listed.
test_an_account_that_holds_nothing_exceeds_no_list if {
	rule := object.union(sales, {"system_roles": ["5"], "permission_sets": ["p1"]})
	w := document([test.holds([], []), test.rules([rule])])
	passes(w)
}

# A silent rule beside a live one lets nobody in.
test_a_rule_that_says_nothing_allows_nobody if {
	w := document([test.rules([test.silent_rule, engineers])])
	fails(w, {"system_role_not_allowed"})
}

# The role in the system instead of the job role.
test_a_rule_may_name_only_a_role_of_the_system if {
	rule := test.rule({"system_roles": ["5"]})
	good := document([test.rules([rule])])
	passes(good)
	bad := document([test.holds(["6"], []), test.rules([rule])])
	fails(bad, {"system_role_not_allowed"})
}

# A job role is never taken for a role of the system that goes by the same word.
test_job_roles_and_system_roles_are_not_confused if {
	one := document([test.holds(["sales-rep"], []), {"staff": {"job_roles": ["clerk"]}}, test.rules([sales])])
	fails(one, {"job_role_not_allowed"})
	rule := test.rule({"system_roles": ["sales-rep"]})
	other := document([test.rules([rule])])
	fails(other, {"system_role_not_allowed"})
}

# Each thing is listed by some rule, and no rule lists them all.
test_two_rules_do_not_add_up if {
	one := test.rule({"system_roles": ["5"], "permission_sets": ["p1"]})
	two := test.rule({"system_roles": ["6"], "permission_sets": ["p2"]})
	w := document([test.holds(["5"], ["p2"]), test.rules([one, two])])
	fails(w, {"system_role_not_allowed"})
	excess := check.facts.excess with input as w
	excess == ["5", "p2"]
}

# What a rule lists counts only for those whom it covers.
test_another_rules_list_does_not_count if {
	narrow := object.union(sales, {"system_roles": ["5"]})
	wide := object.union(engineers, {"system_roles": ["5", "9"]})
	w := document([test.holds(["9"], []), test.rules([narrow, wide])])
	fails(w, {"system_role_not_allowed"})
	excess := check.facts.excess with input as w
	excess == ["9"]
}

# --- fail: ticket_missing ---

by_ticket(approvals) := document([
	test.rules([test.rule({"ticket": true})]),
	test.tickets,
	test.approvals(approvals),
])

test_without_a_ticket_access_fails if {
	w := by_ticket([])
	fails(w, {"ticket_missing"})
	missing := check.facts.unapproved with input as w
	missing == ["Deals regular user", "Sales rep"]
}

test_a_current_ticket_passes if {
	w := by_ticket([{}])
	passes(w)
}

# Case 51.
test_a_ticket_that_does_not_cover_today_fails if {
	every state in ["approved", "rejected", "pending", "unknown"] {
		w := by_ticket([{"state": state, "covers_now": false}])
		fails(w, {"ticket_missing"})
	}
}

# Case 51: a ticket for less.
test_a_ticket_approves_only_what_it_names if {
	every names in [["5"], ["p1"], ["6", "p1"], []] {
		w := by_ticket([{"role_ids": names}])
		fails(w, {"ticket_missing"})
	}
	w := by_ticket([{"role_ids": ["5"]}])
	missing := check.facts.unapproved with input as w
	missing == ["Deals regular user"]
}

test_a_ticket_that_names_all_passes if {
	w := by_ticket([{"role_ids": ["5", "p1", "p7"]}])
	passes(w)
}

test_tickets_add_up if {
	good := by_ticket([{"role_ids": ["5"]}, {"id": "T-2", "role_ids": ["p1"]}])
	passes(good)
	bad := by_ticket([{"role_ids": ["5"]}, {"id": "T-2", "role_ids": ["p1"], "covers_now": false}])
	fails(bad, {"ticket_missing"})
}

test_an_account_that_holds_nothing_needs_a_ticket_too if {
	w := object.union(by_ticket([]), document([
		test.holds([], []),
		test.rules([test.rule({"ticket": true})]),
		test.tickets,
	]))
	fails(w, {"ticket_missing"})
	missing := check.facts.unapproved with input as w
	missing == ["any access"]
}

test_a_rule_without_tickets_asks_for_none if {
	by_ticket_only := test.rule({"ticket": true})
	w := document([test.rules([by_ticket_only, sales]), test.tickets])
	passes(w)
}

# A ticket stands in for no other key of its rule.
test_a_ticket_does_not_replace_the_job_role if {
	rule := object.union(engineers, {"ticket": true})
	w := document([test.rules([rule]), test.tickets, test.approvals([{}])])
	fails(w, {"job_role_not_allowed"})
}

# --- facts ---

# A finding about the job role says nothing of roles in the system or of tickets.
test_facts_speak_of_their_own_reason if {
	w := document([test.rules([engineers])])
	not check.facts.excess with input as w
	not check.facts.unapproved with input as w
}

# --- what is not known ---

# Cases 2 and 8: nothing fires, and the engine sees that the state says nothing.
test_an_unknown_state_neither_skips_nor_fails if {
	w := document([test.state("unknown"), test.rules([engineers])])
	passes(w)
}

# Case 22: the same of the person.
test_an_unknown_status_neither_skips_nor_fails if {
	w := document([test.status("unknown"), test.rules([engineers])])
	passes(w)
}
