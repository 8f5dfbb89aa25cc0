package checks.{{name}}_test

import data.checks.{{name}} as check
import data.lib.test

# An account in order, but for its address and its state.
account(address, state) := test.account({
	"account": {"email": address, "state": state},
	"params": {"domains": ["mail.example"]},
})

# --- skip: cannot_sign_in ---

test_who_cannot_sign_in_is_not_judged if {
	every state in ["inactive", "deleted"] {
		w := account("ada@mail.example", state)
		check.skip == {"cannot_sign_in"} with input as w
		check.fail == set() with input as w
	}
}

test_who_can_sign_in_is_judged if {
	every state in ["active", "invited"] {
		w := account("ada@example.com", state)
		check.skip == set() with input as w
		check.fail == set() with input as w
	}
}

# --- fail: unwanted_domain ---

test_an_address_of_an_unwanted_domain_fails if {
	every address in ["ada@mail.example", "Ada@Mail.Example"] {
		w := account(address, "active")
		check.fail == {"unwanted_domain"} with input as w
	}
}

test_an_address_of_another_domain_passes if {
	every address in ["ada@example.com", "ada@hotmail.example", "ada@mail.example.com"] {
		w := account(address, "active")
		check.fail == set() with input as w
	}
}

test_an_account_without_an_address_passes if {
	w := account(null, "active")
	check.fail == set() with input as w
}

# The state says nothing, and so does this check: the verdict is `unknown`.
test_an_account_of_unknown_state_is_neither_skipped_nor_failed if {
	w := account("ada@mail.example", "unknown")
	check.skip == set() with input as w
	check.fail == set() with input as w
}
