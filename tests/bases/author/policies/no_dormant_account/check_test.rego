package checks.no_dormant_account_test

import data.checks.no_dormant_account as check
import data.lib.test

account(changes) := test.account_with([{"params": {"days": 90}}, {"account": changes}])

last_login(days) := account({"last_login": {"state": "known", "at": "2026-08-01T08:00:00Z", "days": days}})

test_an_account_that_cannot_sign_in_is_not_judged if {
	every state in ["inactive", "deleted"] {
		check.skip == {"cannot_sign_in"} with input as account({"state": state})
	}
	every state in ["active", "invited", "unknown"] {
		check.skip == set() with input as account({"state": state})
	}
}

test_an_account_that_is_in_use_passes if check.fail == set() with input as last_login(90)

test_an_account_that_nobody_uses_fails if check.fail == {"dormant"} with input as last_login(91)

test_what_is_not_known_is_no_failure if {
	check.fail == set() with input as account({"last_login": {"state": "unknown", "at": null, "days": null}})
	check.fail == set() with input as account({"last_login": {"state": "unknown", "at": null, "days": 400}})
}

test_an_account_that_was_never_used_fails if {
	check.fail == {"never_used"} with input as account({"last_login": {"state": "never", "at": null, "days": null}})
}
