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
		skips(test.account(test.classified(class, "offboarded")), {"not_staff_account"})
	}
}

# --- skip: not_identified ---

# Cases 13, 14, 18 and 36.
test_nobodys_accounts_are_left_to_identification if {
	every state in ["unmatched", "ambiguous", "stale_mapping", "not_identified"] {
		skips(test.account(test.unidentified(state)), {"not_identified"})
	}
}

test_a_match_that_leads_to_nobody_is_no_pass if {
	skips(test.account({"staff": test.nobody}), {"not_identified"})
}

# A reason says itself that the account is matched to the leaver, since a skip that is undecided does not fire. Without
# a match it does not matter who stands under `staff`.
test_without_a_match_nobody_has_left if {
	every state in ["classified", "unmatched", "ambiguous", "stale_mapping", "not_identified"] {
		every word in ["active", "invited", "unknown"] {
			w := test.account_with([test.left("status"), test.state(word), {"identity": {"state": state}}])
			check.fail == set() with input as w
			check.unknown == set() with input as w
		}
	}
}

# --- skip: still_here ---

# Cases 21, 23, 28 and 29.
test_who_has_not_left_is_not_judged if {
	every word in ["current", "not_started", "on_leave", "suspended"] {
		skips(test.account(test.status(word)), {"still_here"})
	}
}

# Case 23: a date in the future does not make a leaver.
test_a_future_exit_is_not_judged if {
	announced := {"at": "2026-12-31T23:00:00Z", "days": -39, "last_day": "2026-12-31", "cause": "date"}
	skips(test.account({"staff": {"exit": announced}}), {"still_here"})
}

# Case 21: what counts is the status, not that there was an exit once.
test_a_rehire_is_not_judged if {
	skips(test.account({"staff": {"status": "current", "exit": {"conflict": true}}}), {"still_here"})
}

# Cases 8 and 22: a status that nobody understood is neither here nor gone; the engine sees that it says nothing.
test_an_unknown_status_is_not_skipped if passes(test.account(test.status("unknown")))

# --- fail: active_after_exit ---

test_a_leaver_with_an_active_account_fails if fails(test.account(test.left("status")), {"active_after_exit"})

# Case 26.
test_a_leaver_without_a_date_fails if fails(test.account(test.left_without_date), {"active_after_exit"})

# Cases 27 and 30.
test_every_cause_of_an_exit_counts if {
	every cause in ["status", "date", "contract_end"] {
		contractor := {"staff": {"employment": "contractor"}}
		fails(test.account_with([test.left(cause), contractor]), {"active_after_exit"})
	}
}

# Case 32.
test_a_leaver_outside_the_programme_fails if {
	fails(test.account_with([test.left("status"), {"staff": {"in_scope": false}}]), {"active_after_exit"})
}

# Case 39.
test_a_leavers_account_without_app_access_fails if {
	fails(test.account_with([test.left("status"), {"account": {"access": "none"}}]), {"active_after_exit"})
}

# Case 50.
test_a_leaver_on_a_system_that_is_not_critical_fails if {
	fails(test.account_with([test.left("status"), {"system": {"critical": false}}]), {"active_after_exit"})
}

# Case 64: also the last one who could take it away.
test_a_leaver_who_is_the_last_administrator_fails if {
	last := {"account": {"admin": "full"}, "system": {"counts": {"full_admins": 1}}}
	fails(test.account_with([test.left("status"), last]), {"active_after_exit"})
}

# Case 60: who never signed in still can.
test_a_leaver_who_never_signed_in_fails if {
	never := {"account": {"last_login": {"state": "never", "at": null, "days": null}}}
	fails(test.account_with([test.left("status"), never]), {"active_after_exit"})
}

# Case 1: the evidence that an auditor asks for.
test_a_leaver_whose_account_is_gone_passes if {
	every word in ["inactive", "deleted"] {
		passes(test.account_with([test.left("status"), test.state(word)]))
	}
}

# --- fail: invited_after_exit ---

# Case 38.
test_a_leaver_with_an_open_invitation_fails if {
	w := test.account_with([test.left("status"), test.state("invited"), test.holds([], [])])
	fails(w, {"invited_after_exit"})
}

test_an_open_invitation_of_staff_is_not_judged if skips(test.account(test.state("invited")), {"still_here"})

# --- unknown: status_unknown ---

# Cases 2 and 8.
test_a_leavers_account_of_unknown_state_is_unknown if {
	w := test.account_with([test.left("status"), test.state("unknown")])
	check.skip == set() with input as w
	check.fail == set() with input as w
	check.unknown == {"status_unknown"} with input as w
}

test_an_unknown_state_of_staff_does_not_matter if skips(test.account(test.state("unknown")), {"still_here"})
