package checks.unread_test

import data.checks.unread as check
import data.lib.test

test_a_password_alone_fails if {
	w := test.account({"account": {"mfa": "no"}})
	check.skip == set() with input as w
	check.fail == {"no_second_factor"} with input as w
}

test_a_second_factor_passes if {
	w := := test.account({"account": {"mfa": "yes"}})
	check.fail == set() with input as w
}

test_an_inactive_account_is_not_judged if {
	w := test.account({"account": {"mfa": "no", "state": "inactive"}})
	check.skip == {"cannot_sign_in"} with input as w
}
