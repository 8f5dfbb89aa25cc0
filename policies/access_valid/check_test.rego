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

outside := {"staff": {"in_scope": false}}

no_job_role := {"staff": {"job_roles": []}}

# A rule that asks for a ticket and for nothing else.
by_ticket := object.union(test.tickets, test.rules([test.rule({"ticket": true})]))

# People may begin before their first day, and this one does.
early := {"params": {"judge_before_start": false}, "staff": {"status": "not_started"}}

# What is found about an account that is judged, as the tests below say one by one.
findings := [
	test.status("not_started"),
	outside,
	object.union(no_job_role, test.rules([sales])),
	test.rules([engineers]),
	test.rules([test.rule({"all_staff": true, "system_roles": ["6"]})]),
	by_ticket,
]

# Whatever else there is to find, nothing is found, and no other skip is given. That a skip fires is not enough: one that
# is undecided does not, so that every finding says itself whom it is about.
not_judged(change, codes) if {
	every finding in findings {
		skips(document([finding, change]), codes)
		skips(document([early, finding, change]), codes)
	}
}

# --- skip ---

# Case 50.
test_a_system_that_is_not_critical_is_not_judged if {
	check.skip == {"not_critical"} with input as document([{"system": {"critical": false}}, test.rules([engineers])])
}

# Cases 1, 20 and 40.
test_an_account_that_cannot_sign_in_is_not_judged if {
	every word in ["inactive", "deleted"] {
		not_judged(test.state(word), {"cannot_sign_in"})
	}
}

# Case 38.
test_an_invitation_is_not_judged if {
	check.skip == {"invitation"} with input as document([test.state("invited"), test.rules([engineers])])
}

# Case 38: unless asked for.
test_an_invitation_is_judged_where_asked if {
	invited := object.union(test.state("invited"), {"params": {"judge_invitations": true}})
	passes(document([invited, test.holds([], []), test.rules([sales])]))
	fails(document([invited, test.holds([], []), test.rules([engineers])]), {"job_role_not_allowed"})
}

# Case 39.
test_an_account_that_can_open_nothing_is_not_judged if {
	check.skip == {"no_access"} with input as document([{"account": {"access": "none"}}, test.rules([engineers])])
}

# An account is judged as long as nobody says that it can open nothing.
test_an_account_whose_access_is_unknown_is_judged if {
	fails(document([{"account": {"access": "unknown"}}, test.rules([engineers])]), {"job_role_not_allowed"})
}

# Cases 16, 35 and 37.
test_classified_accounts_are_not_judged if {
	every class in ["service", "shared", "external"] {
		not_judged(test.classified(class, "current"), {"not_staff_account"})
	}
}

# Cases 13, 18 and 36.
test_nobodys_accounts_are_left_to_identification if {
	every state in ["unmatched", "ambiguous", "stale_mapping", "not_identified"] {
		not_judged(test.unidentified(state), {"not_identified"})
	}
}

# Without a match it does not matter who stands under `staff`.
test_without_a_match_nobody_is_judged if {
	not_judged({"identity": {"state": "classified"}}, {"not_staff_account"})
	every state in ["unmatched", "ambiguous", "stale_mapping", "not_identified"] {
		not_judged({"identity": {"state": state}}, {"not_identified"})
	}
}

test_a_match_that_leads_to_nobody_is_no_pass if not_judged({"staff": test.nobody}, {"not_identified"})

test_leavers_are_left_to_their_own_check if not_judged(test.left("date"), {"offboarded"})

# Case 48.
test_without_a_live_rule_the_system_is_the_problem if {
	every list in [[], [test.job_roles([], 0)], [test.silent_rule], [test.rule({"ticket": true})]] {
		"no_live_rule" in check.skip with input as document([test.rules(list)])
	}
}

# --- who: all staff, job roles and the rest ---

# Cases 31 and 46: contractors are staff, and all staff need no job role.
test_all_staff_means_everybody_who_works_here if {
	every word in ["employee", "contractor", "intern", "other", "not_stated"] {
		passes(document([no_job_role, {"staff": {"employment": word}}]))
	}
}

# Case 28.
test_people_on_leave_still_work_here if {
	every word in ["on_leave", "suspended"] {
		passes(document([test.status(word), test.rules([sales])]))
		fails(document([test.status(word), test.rules([engineers])]), {"job_role_not_allowed"})
	}
}

# Case 45.
test_one_of_several_job_roles_is_enough if {
	passes(document([{"staff": {"job_roles": ["dog-walker", "sales-rep"]}}, test.rules([sales])]))
}

test_another_job_role_fails if fails(document([test.rules([engineers])]), {"job_role_not_allowed"})

test_one_rule_that_allows_is_enough if passes(document([test.rules([engineers, sales])]))

# Case 46.
test_no_job_role_where_every_rule_asks_for_one_fails if {
	fails(document([no_job_role, test.rules([engineers, sales])]), {"job_role_missing"})
}

test_no_job_role_where_a_rule_asks_for_something_else_fails_otherwise if {
	interns := test.rule({"staff_types": ["intern"]})
	fails(document([no_job_role, test.rules([sales, interns])]), {"job_role_not_allowed"})
}

# Case 31.
test_employment_is_held_against_staff_types if {
	rules := test.rules([test.rule({"all_staff": true, "staff_types": ["employee", "intern"]})])
	passes(document([rules]))
	every word in ["contractor", "not_stated"] {
		fails(document([rules, {"staff": {"employment": word}}]), {"job_role_not_allowed"})
	}
}

test_departments_are_held_against_the_rule if {
	rules := test.rules([test.rule({"departments": ["sales", "support"]})])
	passes(document([rules]))
	every departments in [["engineering"], []] {
		fails(document([rules, {"staff": {"departments": departments}}]), {"job_role_not_allowed"})
	}
}

test_named_people_are_allowed_and_nobody_else if {
	rules := test.rules([test.rule({"staff": ["E-17"], "name": "by name"})])
	passes(document([rules, {"identity": {"named_by": ["by name"]}}]))
	fails(document([rules, {"identity": {"named_by": ["another"]}}]), {"job_role_not_allowed"})
}

test_every_key_of_a_rule_must_hold if {
	rules := test.rules([object.union(sales, {"departments": ["sales"], "staff_types": ["employee"]})])
	passes(document([rules]))
	every part in [{"job_roles": ["engineer"]}, {"departments": ["support"]}, {"employment": "contractor"}] {
		fails(document([rules, {"staff": part}]), {"job_role_not_allowed"})
	}
}

# --- fail: before_start ---

# Case 29: until the first day nothing else is asked.
test_access_before_the_first_day_fails if {
	every finding in findings {
		fails(document([finding, test.status("not_started")]), {"before_start"})
	}
}

# Case 29: where that is allowed, the rules are asked all the same.
test_before_the_first_day_the_rules_still_count if {
	passes(document([early]))
	fails(document([early, test.rules([engineers])]), {"job_role_not_allowed"})
}

# --- fail: out_of_scope ---

# Cases 32 and 33.
test_access_from_outside_the_programme_fails if fails(document([outside]), {"out_of_scope"})

# Case 33.
test_outside_the_programme_the_rules_still_count if {
	lenient := {"params": {"judge_scope": false}}
	passes(document([outside, lenient]))
	fails(document([outside, lenient, test.rules([engineers])]), {"job_role_not_allowed"})
}

test_every_reason_is_given if {
	fails(document([outside, test.rules([engineers])]), {"out_of_scope", "job_role_not_allowed"})
}

# --- fail: system_role_not_allowed ---

# A document fails for what the account holds too much.
exceeds(changes, excess) if {
	w := document(changes)
	fails(w, {"system_role_not_allowed"})
	check.facts.excess == excess with input as w
}

test_a_role_that_is_not_listed_fails if {
	rules := test.rules([object.union(sales, {"system_roles": ["5"]})])
	passes(document([rules]))
	exceeds([rules, test.holds(["5", "9"], [])], ["9"])
}

# Case 41.
test_every_permission_set_must_be_listed if {
	rules := test.rules([object.union(sales, {"permission_sets": ["p1", "p2"]})])
	passes(document([rules, test.holds(["5"], ["p1", "p2"])]))
	exceeds([rules, test.holds(["5"], ["p1", "p9", "p8"])], ["p8", "p9"])
}

# Case 43: a role that the catalogue does not list is still held.
test_a_role_that_the_catalogue_does_not_list_is_not_allowed if {
	rules := test.rules([test.rule({"all_staff": true, "system_roles": ["5"]})])
	exceeds([rules, test.holds(["404"], []), {"account": {"unlisted_role_ids": ["404"]}}], ["404"])
}

# Case 44: what is held is named to people, and compared by its id.
test_roles_are_compared_by_id if {
	exceeds([test.rules([test.rule({"all_staff": true, "system_roles": ["6"]})])], ["Sales rep"])
}

# Case 67: ids are texts, and a text that looks like a number is still one.
test_ids_are_texts if {
	exceeds([test.rules([test.rule({"all_staff": true, "system_roles": ["05"]})])], ["Sales rep"])
}

# Cases 43 and 48: a list that is empty allows nothing, not even to an account that holds nothing.
test_an_empty_list_allows_nothing if {
	every key in ["system_roles", "permission_sets"] {
		exceeds([test.rules([object.union(sales, {key: []}), engineers]), test.holds([], [])], [])
	}
}

# An account that holds nothing holds nothing that is not listed.
test_an_account_that_holds_nothing_exceeds_no_list if {
	rule := object.union(sales, {"system_roles": ["5"], "permission_sets": ["p1"]})
	passes(document([test.holds([], []), test.rules([rule])]))
}

# A silent rule beside a live one lets nobody in.
test_a_rule_that_says_nothing_allows_nobody if {
	fails(document([test.rules([test.silent_rule, engineers])]), {"system_role_not_allowed"})
}

# The role in the system instead of the job role.
test_a_rule_may_name_only_a_role_of_the_system if {
	rules := test.rules([test.rule({"system_roles": ["5"]})])
	passes(document([rules]))
	exceeds([rules, test.holds(["6"], [])], ["6"])
}

# A job role is never taken for a role of the system that goes by the same word.
test_job_roles_and_system_roles_are_not_confused if {
	clerk := {"staff": {"job_roles": ["clerk"]}}
	fails(document([clerk, test.holds(["sales-rep"], []), test.rules([sales])]), {"job_role_not_allowed"})
	exceeds([test.rules([test.rule({"system_roles": ["sales-rep"]})])], ["Sales rep"])
}

# Each thing is listed by some rule, and no rule lists them all: in the way stands what one of them does not list.
test_two_rules_do_not_add_up if {
	one := test.rule({"system_roles": ["5", "7"], "permission_sets": ["p1", "p7"]})
	two := test.rule({"system_roles": ["6", "7"], "permission_sets": ["p2", "p7"]})
	others := object.union(engineers, {"system_roles": ["8"], "permission_sets": ["p8"]})
	exceeds([test.rules([one, two, others]), test.holds(["5", "7"], ["p2", "p7"])], ["5", "p2"])
}

# What a rule lists counts only for those whom it covers, and what some rule lists is not too much.
test_another_rules_list_does_not_count if {
	one := object.union(sales, {"system_roles": ["5"], "permission_sets": ["p1"]})
	two := object.union(sales, {"system_roles": ["6"], "permission_sets": ["p2"]})
	others := object.union(engineers, {"system_roles": ["5", "9"], "permission_sets": ["p1", "p9"]})
	exceeds([test.rules([one, two, others]), test.holds(["5", "9"], ["p1", "p9"])], ["9", "p9"])
}

# --- fail: ticket_missing ---

# A document fails for what is not approved.
unapproved(changes, missing) if {
	w := document(changes)
	fails(w, {"ticket_missing"})
	check.facts.unapproved == missing with input as w
}

test_without_a_ticket_access_fails if unapproved([by_ticket], ["Deals regular user", "Sales rep"])

test_a_current_ticket_passes if passes(document([by_ticket, test.approvals([{}])]))

# Case 51.
test_a_ticket_that_does_not_cover_today_fails if {
	every state in ["approved", "rejected", "pending", "unknown"] {
		over := test.approvals([{"state": state, "covers_now": false}])
		unapproved([by_ticket, over], ["Deals regular user", "Sales rep"])
	}
}

# It says nothing of what a current ticket for less leaves out.
test_a_ticket_that_is_over_adds_nothing_to_another if {
	every names in [null, ["5", "p1"]] {
		approvals := test.approvals([{"role_ids": ["5"]}, {"id": "T-2", "role_ids": names, "covers_now": false}])
		unapproved([by_ticket, approvals], ["Deals regular user"])
	}
}

# Case 51: a ticket for less.
test_a_ticket_approves_only_what_it_names if {
	role := "Sales rep"
	permission_set := "Deals regular user"
	missing := [
		[["5"], [permission_set]],
		[["p1"], [role]],
		[["6", "p1"], [role]],
		[[], [permission_set, role]],
	]
	every case in missing {
		unapproved([by_ticket, test.approvals([{"role_ids": case[0]}])], case[1])
	}
}

test_a_ticket_that_names_all_passes if {
	passes(document([by_ticket, test.approvals([{"role_ids": ["5", "p1", "p7"]}])]))
}

test_tickets_add_up if {
	passes(document([by_ticket, test.approvals([{"role_ids": ["5"]}, {"id": "T-2", "role_ids": ["p1"]}])]))
}

# A ticket that is over is none for an account that holds nothing either.
test_an_account_that_holds_nothing_needs_a_ticket_too if {
	passes(document([by_ticket, test.holds([], []), test.approvals([{}])]))
	every approvals in [[], [{"covers_now": false}]] {
		unapproved([by_ticket, test.holds([], []), test.approvals(approvals)], ["any access"])
	}
}

test_a_rule_without_tickets_asks_for_none if {
	passes(document([by_ticket, test.rules([test.rule({"ticket": true}), sales])]))
}

# A rule that asks for no ticket spares nobody one whom it does not cover, or whose access it does not list.
test_a_rule_without_tickets_speaks_of_its_own_people_and_roles if {
	every other in [engineers, object.union(sales, {"system_roles": ["6"]})] {
		rules := test.rules([test.rule({"ticket": true}), other])
		unapproved([by_ticket, rules], ["Deals regular user", "Sales rep"])
	}
}

# A ticket stands in for no other key of its rule.
test_a_ticket_does_not_replace_the_job_role if {
	rules := test.rules([object.union(engineers, {"ticket": true})])
	fails(document([by_ticket, rules, test.approvals([{}])]), {"job_role_not_allowed"})
}

# --- facts ---

# A finding about the person says nothing of roles in the system or of tickets, whatever the account holds.
test_facts_speak_of_their_own_reason if {
	every finding in [outside, test.rules([engineers])] {
		every held in [test.holds(["5"], ["p1"]), test.holds([], [])] {
			w := document([finding, held])
			not check.facts.excess with input as w
			not check.facts.unapproved with input as w
		}
	}
}

# --- what is not known ---

# Cases 2 and 8: nothing fires, and the engine sees that the state says nothing.
test_an_unknown_state_neither_skips_nor_fails if not_judged(test.state("unknown"), set())

# Case 22: the same of the person.
test_an_unknown_status_neither_skips_nor_fails if not_judged(test.status("unknown"), set())
