# What an access rule says. Inside a rule every key that is present must hold; a null key does not restrict.
package lib.access

# A rule that can never allow anybody: an empty list, a job role nobody holds, tickets without a source of them.
dead(rule, tickets) if rule.staff_roles == []

dead(rule, tickets) if rule.staff_types == []

dead(rule, tickets) if rule.departments == []

dead(rule, tickets) if rule.staff == []

dead(rule, tickets) if rule.system_roles == []

dead(rule, tickets) if rule.permission_sets == []

dead(rule, tickets) if rule.held_by == 0

dead(rule, tickets) if {
	rule.ticket
	tickets == false
}

# Whether a rule is about this person.
covers(rule, staff) if {
	names_job_role(rule, staff)
	names_employment(rule, staff)
	names_department(rule, staff)
	names_person(rule, staff)
}

# Whether everything that the account holds is listed. Roles and permission sets are two questions.
lists_all(rule, account) if {
	lists_roles(rule, account)
	lists_permission_sets(rule, account)
}

# Whether an approval that the rule asks for is there, and is about what the account holds.
ticketed(rule, account, approvals) if rule.ticket == false

ticketed(rule, account, approvals) if {
	rule.ticket
	some approval in approvals
	approval.covers_now
	approves(approval, account)
}

names_job_role(rule, staff) if rule.staff_roles == null

names_job_role(rule, staff) if {
	job_role := rule.staff_roles[_]
	job_role in staff.job_roles
}

names_employment(rule, staff) if rule.staff_types == null

names_employment(rule, staff) if staff.employment in rule.staff_types

names_department(rule, staff) if rule.departments == null

names_department(rule, staff) if {
	department := rule.departments[_]
	department in staff.departments
}

names_person(rule, staff) if rule.staff == null

names_person(rule, staff) if staff.id in rule.staff

lists_roles(rule, account) if rule.system_roles == null

lists_roles(rule, account) if {
	rule.system_roles != null
	every id in account.role_ids {
		id in rule.system_roles
	}
}

lists_permission_sets(rule, account) if rule.permission_sets == null

lists_permission_sets(rule, account) if {
	rule.permission_sets != null
	every id in account.permission_set_ids {
		id in rule.permission_sets
	}
}

approves(approval, account) if approval.role_ids == null

approves(approval, account) if {
	approval.role_ids != null
	count(account.permission_set_ids) > 0
	every id in account.permission_set_ids {
		id in approval.role_ids
	}
}

approves(approval, account) if {
	approval.role_ids != null
	count(account.role_ids) > 0
	every id in account.role_ids {
		id in approval.role_ids
	}
}
