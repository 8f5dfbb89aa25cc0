package checks.offboarded_access_removed_test

import data.checks.offboarded_access_removed as check
import data.lib.test

passes(document) if {
	check.skip == set() with input as document
	check.fail == set() with input as document
	check.unknown == set() with input as document
}

fails(document, codes) if {
	check.skip == set() with input as document
	check.fail == codes with input as document
	check.unknown == set() with input as document
}

skips(document, codes) if {
	check.skip == codes with input as document
	check.fail == set() with input as document
	check.unknown == set() with input as document
}

# --- skip: not_staff_account ---

# Cases 35 and 37: an owner who left is a matter of who answers for the account.
test_classified_accounts_are_not_judged if {
	every class in ["service", "shared", "external"] {
		w := test.account_with([test.classified(class, "offboarded")])
		skips(w, {"not_staff_account"})
	}
}

# --- skip: not_identified ---

# Cases 13, 14, 18 and 36.
test_nobodys_accounts_are_left_to_identification if {
	every state in ["unmatched", "ambiguous", "stale_mapping", "not_identified"] {
		w := test.account_with([test.unidentified(state)])
		skips(w, {"not_identified"})
	}
}

test_a_match_that_leads_to_nobody_is_no_pass if {
	w := test.account_with([{"staff": test.nobody}])
	skips(w, {"not_identified"})
}

# --- skip: still_here ---

# Cases 21, 23, 28 and 29.
test_who_has_not_left_is_not_judged if {
	every word in ["current", "not_started", "on_leave", "suspended"] {
		w := test.account_with([test.status(word)])
		skips(w, {"still_here"})
	}
}

# Case 23: a date in the future does not make a leaver.
test_a_future_exit_is_not_judged if {
	w := test.account_with([{"staff": {"exit": {"at": "2026-12-31T23:00:00Z", "days": -39, "last_day": "2026-12-31", "cause": "date"}}}])
	skips(w, {"still_here"})
}

# Case 21: what counts is the status, not that there was an exit once.
test_a_rehire_is_not_judged if {
	w := test.account_with([{"staff": {"status": "current", "exit": {"conflict": true}}}])
	skips(w, {"still_here"})
}

# Cases 8 and 22: a status that nobody understood is neither here nor gone; the engine sees that it says nothing.
test_an_unknown_status_is_not_skipped if {
	w := test.account_with([test.status("unknown")])
	check.skip == set() with input as w
}

# --- fail: active_after_exit ---

test_a_leaver_with_an_active_account_fails if {
	w := test.account_with([test.left("status")])
	fails(w, {"active_after_exit"})
}

# Case 26.
test_a_leaver_without_a_date_fails if {
	w := test.account_with([test.left_without_date])
	fails(w, {"active_after_exit"})
}

# Cases 27 and 30.
test_every_cause_of_an_exit_counts if {
	every cause in ["status", "date", "contract_end"] {
		w := test.account_with([test.left(cause), {"staff": {"employment": "contractor"}}])
		fails(w, {"active_after_exit"})
	}
}

# Case 32.
test_a_leaver_outside_the_programme_fails if {
	w := test.account_with([test.left("status"), {"staff": {"in_scope": false}}])
	fails(w, {"active_after_exit"})
}

# Case 39.
test_a_leavers_account_without_app_access_fails if {
	w := test.account_with([test.left("status"), {"account": {"access": "none"}}])
	fails(w, {"active_after_exit"})
}

# Case 50.
test_a_leaver_on_a_system_that_is_not_critical_fails if {
	w := test.account_with([test.left("status"), {"system": {"critical": false}}])
	fails(w, {"active_after_exit"})
}

# Case 64: also the last one who could take it away.
test_a_leaver_who_is_the_last_administrator_fails if {
	w := test.account_with([test.left("status"), {"account": {"admin": "full"}, "system": {"counts": {"full_admins": 1}}}])
	fails(w, {"active_after_exit"})
}

# Case 60: who never signed in still can.
test_a_leaver_who_never_signed_in_fails if {
	w := test.account_with([test.left("status"), {"account": {"last_login": {"state": "never", "at": null, "days": null}}}])
	fails(w, {"active_after_exit"})
}

# Case 1: the evidence that an auditor asks for.
test_a_leaver_whose_account_is_gone_passes if {
	every word in ["inactive", "deleted"] {
		w := test.account_with([test.left("status"), test.state(word)])
		passes(w)
	}
}

# --- fail: invited_after_exit ---

# Case 38.
test_a_leaver_with_an_open_invitation_fails if {
	w := test.account_with([test.left("status"), test.state("invited"), test.holds([], [])])
	fails(w, {"invited_after_exit"})
}

test_an_open_invitation_of_staff_is_not_judged if {
	w := test.account_with([test.state("invited")])
	skips(w, {"still_here"})
}

# --- unknown: status_unknown ---

# Cases 2 and 8.
test_a_leavers_account_of_unknown_state_is_unknown if {
	w := test.account_with([test.left("status"), test.state("unknown")])
	check.skip == set() with input as w
	check.fail == set() with input as w
	check.unknown == {"status_unknown"} with input as w
}

test_an_unknown_state_of_staff_does_not_matter if {
	w := test.account_with([test.state("unknown")])
	skips(w, {"still_here"})
}
