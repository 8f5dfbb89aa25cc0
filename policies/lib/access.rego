# What an access rule says. Inside a rule every key that is present must hold; a null key does not restrict.
package lib.access

# A rule that can never allow anybody: one that says nothing, an empty list, a job role nobody holds, tickets without a
# source of them.
dead(rule, _) if not says_something(rule)

dead(rule, _) if rule.staff_roles == []

dead(rule, _) if rule.staff_types == []

dead(rule, _) if rule.departments == []

dead(rule, _) if rule.staff == []

dead(rule, _) if rule.system_roles == []

dead(rule, _) if rule.permission_sets == []

dead(rule, _) if rule.held_by == 0

dead(rule, tickets) if {
	rule.ticket
	tickets == false
}

# Whether a rule is about this person. What the account holds is another question, so that an answer to this one never
# waits for the catalogue of roles.
covers(rule, staff, identity) if {
	names_job_role(rule, staff)
	names_employment(rule, staff)
	names_department(rule, staff)
	names_person(rule, identity)
}

# Whether everything that the account holds is listed. Roles and permission sets are two questions. A rule that says
# nothing, or whose list is empty, lists nothing, even for an account that holds nothing.
lists_all(rule, account) if {
	says_something(rule)
	rule.system_roles != []
	rule.permission_sets != []
	every id in account.role_ids {
		lists_role(rule, id)
	}
	every id in account.permission_set_ids {
		lists_permission_set(rule, id)
	}
}

lists_role(rule, _) if rule.system_roles == null

lists_role(rule, id) if id in rule.system_roles

lists_permission_set(rule, _) if rule.permission_sets == null

lists_permission_set(rule, id) if id in rule.permission_sets

# Whether the approvals that a rule asks for are there: it asks for none, or one covers today and all that the account
# holds is named.
ticketed(rule, _, _) if rule.ticket == false

ticketed(_, account, approvals) if {
	some approval in approvals
	approval.covers_now
	every id in account.role_ids {
		approved(approvals, id)
	}
	every id in account.permission_set_ids {
		approved(approvals, id)
	}
}

# An approval that names no role is about all of the system; one that names some is about nothing else.
approved(approvals, _) if {
	some approval in approvals
	approval.covers_now
	approval.role_ids == null
}

approved(approvals, id) if {
	some approval in approvals
	approval.covers_now
	id in approval.role_ids
}

# All staff, some of them, whoever holds a role, or whoever has a ticket: a rule without any of these is no rule.
says_something(rule) if rule.all_staff

says_something(rule) if rule.staff_roles != null

says_something(rule) if rule.staff_types != null

says_something(rule) if rule.departments != null

says_something(rule) if rule.staff != null

says_something(rule) if rule.system_roles != null

says_something(rule) if rule.permission_sets != null

says_something(rule) if rule.ticket

names_job_role(rule, _) if rule.staff_roles == null

names_job_role(rule, staff) if {
	job_role := rule.staff_roles[_]
	job_role in staff.job_roles
}

names_employment(rule, _) if rule.staff_types == null

names_employment(rule, staff) if staff.employment in rule.staff_types

names_department(rule, _) if rule.departments == null

names_department(rule, staff) if {
	department := rule.departments[_]
	department in staff.departments
}

names_person(rule, _) if rule.staff == null

# Who is meant by an id or an address is a question of identity, and answered there.
names_person(rule, identity) if rule.name in identity.named_by
