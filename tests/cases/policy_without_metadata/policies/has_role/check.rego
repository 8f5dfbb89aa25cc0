package checks.has_role

fail contains "no_role" if {
	input.account.state == "active"
	count(input.account.role_ids) == 0
}
