package checks.user_identified_test

import data.checks.user_identified as check
import data.lib.test

passes(document) if {
	check.skip == set() with input as document
	check.fail == set() with input as document
}

fails(document, codes) if {
	check.skip == set() with input as document
	check.fail == codes with input as document
}

skips(document, codes) if {
	check.skip == codes with input as document
	check.fail == set() with input as document
}

states := ["unmatched", "ambiguous", "stale_mapping", "not_identified"]

classes := ["service", "shared", "external"]

# --- skip: cannot_sign_in ---

# What is found about an account that can sign in, as the tests below say one by one.
findings := [
	test.unidentified("unmatched"),
	test.unidentified("ambiguous"),
	test.unidentified("stale_mapping"),
	test.unidentified("not_identified"),
	test.classified("service", "missing"),
	test.classified("service", "offboarded"),
	test.declared_away,
	object.union(test.classified("service", "current"), test.declared_away),
]

# Case 20.
test_a_deactivated_account_is_nobodys_concern if {
	every finding in findings {
		skips(test.account_with([finding, test.state("inactive"), {"account": {"email": null}}]), {"cannot_sign_in"})
	}
}

# Case 40.
test_a_deleted_account_is_nobodys_concern if {
	every finding in findings {
		skips(test.account_with([finding, test.state("deleted")]), {"cannot_sign_in"})
	}
}

# Cases 2 and 8: neither skipped nor failed here; the engine sees that the state says nothing.
test_an_account_of_unknown_state_is_neither_skipped_nor_failed if {
	every finding in findings {
		passes(test.account_with([finding, test.state("unknown")]))
	}
}

test_an_active_account_is_judged if passes(test.account({}))

# --- fail: unmatched ---

test_nobodys_active_account_fails if fails(test.account(test.unidentified("unmatched")), {"unmatched"})

# Case 38.
test_nobodys_invitation_fails if {
	invitation := {"account": {"state": "invited", "access": "unknown", "admin": "unknown"}}
	w := test.account_with([test.unidentified("unmatched"), invitation, test.holds([], [])])
	fails(w, {"unmatched"})
}

# Case 20: without an address, too.
test_nobodys_account_without_an_address_fails if {
	fails(test.account_with([test.unidentified("unmatched"), {"account": {"email": null, "name": null}}]), {"unmatched"})
}

# Case 39: what it may open is another check's question.
test_nobodys_account_without_app_access_fails if {
	fails(test.account_with([test.unidentified("unmatched"), {"account": {"access": "none"}}]), {"unmatched"})
}

# Case 63: the user that the connector reads with is no exception.
test_the_reading_account_needs_somebody if {
	fails(test.account_with([test.unidentified("unmatched"), {"account": {"reader": "yes"}}]), {"unmatched"})
}

# Case 50: whether a system is critical does not matter here.
test_a_system_that_is_not_critical_is_judged if {
	fails(test.account_with([test.unidentified("unmatched"), {"system": {"critical": false}}]), {"unmatched"})
}

# Case 17: a likely person is a suggestion, not a match.
test_a_suggestion_is_no_match if {
	someone := {"id": "E-17", "name": "Ada Example", "email": null, "status": "current"}
	fails(test.account_with([test.unidentified("unmatched"), {"identity": {"candidates": [someone]}}]), {"unmatched"})
}

# Cases 11 and 19: every rule that links an account to somebody is as good as another, also against an address.
test_every_match_passes if {
	every rule in ["mapping", "employee_id", "email", "alias", "domain_alias"] {
		passes(test.account({"identity": {"rule": rule, "conflict": true}}))
	}
}

# A leaver is identified; that the account is still there is for the check of leavers.
test_a_leavers_account_is_identified if passes(test.account(test.left("date")))

# --- fail: ambiguous ---

# Cases 13 and 14.
test_two_candidates_fail if {
	one := {"id": "E-17", "name": "Ada Example", "email": "ada@example.com", "status": "current"}
	two := {"id": "E-3", "name": "Ada Older", "email": "ada@example.com", "status": "offboarded"}
	w := test.account_with([test.unidentified("ambiguous"), {"identity": {"candidates": [one, two]}}])
	fails(w, {"ambiguous"})
	check.facts.candidates == ["Ada Example", "Ada Older"] with input as w
}

# --- fail: stale_mapping ---

# Case 18.
test_a_mapping_to_nobody_fails if {
	mapping := {"identity": {"rule": "mapping", "mapping": "E-99"}}
	fails(test.account_with([test.unidentified("stale_mapping"), mapping]), {"stale_mapping"})
}

test_a_mapping_to_somebody_passes if {
	passes(test.account({"identity": {"rule": "mapping", "mapping": "E-17"}}))
}

# --- fail: not_identified ---

# Case 36.
test_recorded_as_not_identified_fails if {
	fails(test.account(test.unidentified("not_identified")), {"not_identified"})
}

# --- fail: owner_missing, owner_offboarded ---

# Cases 16, 35 and 37.
test_every_class_needs_an_owner if {
	every class in classes {
		fails(test.account(test.classified(class, "missing")), {"owner_missing"})
	}
}

# A classification for which nobody asked for an owner is one without.
test_a_class_is_never_without_need_of_an_owner if {
	fails(test.account(test.classified("service", "not_needed")), {"owner_missing"})
}

# Case 35.
test_an_owner_who_left_fails if {
	every class in classes {
		fails(test.account(test.classified(class, "offboarded")), {"owner_offboarded"})
	}
}

test_a_class_with_a_current_owner_passes if {
	every class in classes {
		passes(test.account(test.classified(class, "current")))
	}
}

# An owner whose status nobody understood is neither there nor gone; the engine sees that it says nothing.
test_an_owner_of_unknown_status_is_not_failed if passes(test.account(test.classified("service", "unknown")))

# Nobody asks for the owner of an account that is not classified, whatever stands there.
test_a_person_needs_no_owner if {
	every word in ["not_needed", "missing", "offboarded"] {
		owner := {"identity": {"owner": {"state": word}}}
		passes(test.account(owner))
		every state in states {
			fails(test.account_with([test.unidentified(state), owner]), {state})
		}
	}
}

# --- fail: declared_away ---

# Case 34.
test_an_account_declared_away_from_a_leaver_fails if {
	every class in classes {
		fails(test.account_with([test.classified(class, "current"), test.declared_away]), {"declared_away"})
	}
}

# Case 34: another person's name on it is a declaration as well.
test_an_account_mapped_away_from_a_leaver_fails if {
	mapping := {"identity": {"rule": "mapping", "mapping": "E-17", "conflict": true}}
	fails(test.account_with([mapping, test.declared_away]), {"declared_away"})
}

test_what_is_not_identified_fails_for_that_alone if {
	every state in states {
		fails(test.account_with([test.unidentified(state), test.declared_away]), {state})
	}
}
