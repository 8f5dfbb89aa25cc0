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

# --- skip: cannot_sign_in ---

# Case 20.
test_a_deactivated_account_is_nobodys_concern if {
	w := test.account_with([test.unidentified("unmatched"), test.state("inactive"), {"account": {"email": null}}])
	check.skip == {"cannot_sign_in"} with input as w
	check.fail == set() with input as w
}

# Case 40.
test_a_deleted_account_is_nobodys_concern if {
	w := test.account_with([test.unidentified("unmatched"), test.state("deleted")])
	check.skip == {"cannot_sign_in"} with input as w
	check.fail == set() with input as w
}

test_an_active_account_is_judged if {
	w := test.account_with([])
	passes(w)
}

# Cases 2 and 8: neither skipped nor failed here; the engine sees that the state says nothing.
test_an_account_of_unknown_state_is_neither_skipped_nor_failed if {
	w := test.account_with([test.unidentified("unmatched"), test.state("unknown")])
	passes(w)
}

# --- fail: unmatched ---

test_nobodys_active_account_fails if {
	w := test.account_with([test.unidentified("unmatched")])
	fails(w, {"unmatched"})
}

# Case 38.
test_nobodys_invitation_fails if {
	w := test.account_with([
		test.unidentified("unmatched"),
		test.state("invited"),
		{"account": {"access": "unknown", "admin": "unknown"}},
		test.holds([], []),
	])
	fails(w, {"unmatched"})
}

# Case 20: without an address, too.
test_nobodys_account_without_an_address_fails if {
	w := test.account_with([test.unidentified("unmatched"), {"account": {"email": null, "name": null}}])
	fails(w, {"unmatched"})
}

# Case 39: what it may open is another check's question.
test_nobodys_account_without_app_access_fails if {
	w := test.account_with([test.unidentified("unmatched"), {"account": {"access": "none"}}])
	fails(w, {"unmatched"})
}

# Case 63: the user that the connector reads with is no exception.
test_the_reading_account_needs_somebody if {
	w := test.account_with([test.unidentified("unmatched"), {"account": {"reader": "yes"}}])
	fails(w, {"unmatched"})
}

# Case 50: whether a system is critical does not matter here.
test_a_system_that_is_not_critical_is_judged if {
	w := test.account_with([test.unidentified("unmatched"), {"system": {"critical": false}}])
	fails(w, {"unmatched"})
}

# Case 17: a likely person is a suggestion, not a match.
test_a_suggestion_is_no_match if {
	someone := {"id": "E-17", "name": "Ada Example", "email": null, "status": "current"}
	w := test.account_with([test.unidentified("unmatched"), {"identity": {"candidates": [someone]}}])
	fails(w, {"unmatched"})
}

# Cases 11 and 19: every rule that links an account to somebody is as good as another, also against an address.
test_every_match_passes if {
	every rule in ["mapping", "employee_id", "email", "alias", "domain_alias"] {
		w := test.account_with([{"identity": {"rule": rule, "conflict": true}}])
		passes(w)
	}
}

# A leaver is identified; that the account is still there is for the check of leavers.
test_a_leavers_account_is_identified if {
	w := test.account_with([test.left("date")])
	passes(w)
}

# --- fail: ambiguous ---

# Cases 13 and 14.
test_two_candidates_fail if {
	one := {"id": "E-17", "name": "Ada Example", "email": "ada@example.com", "status": "current"}
	two := {"id": "E-3", "name": "Ada Older", "email": "ada@example.com", "status": "offboarded"}
	w := test.account_with([test.unidentified("ambiguous"), {"identity": {"candidates": [one, two]}}])
	fails(w, {"ambiguous"})
	names := check.facts.candidates with input as w
	names == ["Ada Example", "Ada Older"]
}

test_a_single_match_is_not_ambiguous if {
	w := test.account_with([])
	not "ambiguous" in check.fail with input as w
}

# --- fail: stale_mapping ---

# Case 18.
test_a_mapping_to_nobody_fails if {
	w := test.account_with([test.unidentified("stale_mapping"), {"identity": {"rule": "mapping", "mapping": "E-99"}}])
	fails(w, {"stale_mapping"})
}

test_a_mapping_to_somebody_passes if {
	w := test.account_with([{"identity": {"rule": "mapping", "mapping": "E-17"}}])
	passes(w)
}

# --- fail: not_identified ---

# Case 36.
test_recorded_as_not_identified_fails if {
	w := test.account_with([test.unidentified("not_identified")])
	fails(w, {"not_identified"})
}

# --- fail: owner_missing, owner_offboarded ---

# Cases 16, 35 and 37.
test_every_class_needs_an_owner if {
	every class in ["service", "shared", "external"] {
		w := test.account_with([test.classified(class, "missing")])
		fails(w, {"owner_missing"})
	}
}

# A classification for which nobody asked for an owner is one without.
test_a_class_is_never_without_need_of_an_owner if {
	w := test.account_with([test.classified("service", "not_needed")])
	fails(w, {"owner_missing"})
}

# Case 35.
test_an_owner_who_left_fails if {
	every class in ["service", "shared", "external"] {
		w := test.account_with([test.classified(class, "offboarded")])
		fails(w, {"owner_offboarded"})
	}
}

test_a_class_with_a_current_owner_passes if {
	every class in ["service", "shared", "external"] {
		w := test.account_with([test.classified(class, "current")])
		passes(w)
	}
}

test_a_person_needs_no_owner if {
	w := test.account_with([{"identity": {"owner": {"state": "not_needed"}}}])
	passes(w)
}

test_a_deactivated_service_account_needs_no_owner if {
	w := test.account_with([test.classified("service", "offboarded"), test.state("inactive")])
	check.skip == {"cannot_sign_in"} with input as w
	check.fail == set() with input as w
}

# --- fail: declared_away ---

# Case 34.
test_an_account_declared_away_from_a_leaver_fails if {
	every class in ["service", "shared", "external"] {
		w := test.account_with([test.classified(class, "current"), test.declared_away])
		fails(w, {"declared_away"})
	}
}

# Case 34: another person's name on it is a declaration as well.
test_an_account_mapped_away_from_a_leaver_fails if {
	w := test.account_with([{"identity": {"rule": "mapping", "mapping": "E-17", "conflict": true}}, test.declared_away])
	fails(w, {"declared_away"})
}

test_nobody_left_is_nothing_declared_away if {
	w := test.account_with([test.classified("service", "current")])
	passes(w)
}

test_what_is_not_identified_fails_for_that_alone if {
	w := test.account_with([test.unidentified("not_identified"), test.declared_away])
	fails(w, {"not_identified"})
}

test_a_deactivated_account_is_declared_away_from_nobody if {
	w := test.account_with([test.classified("service", "current"), test.declared_away, test.state("inactive")])
	check.skip == {"cannot_sign_in"} with input as w
	check.fail == set() with input as w
}
