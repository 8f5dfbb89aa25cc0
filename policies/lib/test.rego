# Documents for tests: a whole subject in order, of which a test states only what varies. Only tests can use this library.
#
#	import data.lib.test
#
#	test_an_inactive_account_passes if {
#		check.fail == set() with input as test.account({"account": {"state": "inactive"}})
#	}
#
# Every part is small, because the time to parse a literal doubles with each level of brackets.
package lib.test

# --- whole documents ---

# An account that is in order: active, of somebody who works here, in a critical system that all staff may use. What is
# given takes the place of what is there, field by field; a list is replaced as a whole.
account(changes) := object.union(account_document, changes)

# The same with several changes; a later one wins.
account_with(list) := object.union_n(array.concat([account_document], list))

# A member of staff who works here and has one account.
staff(changes) := object.union(staff_document, changes)

staff_with(list) := object.union_n(array.concat([staff_document], list))

# A critical system with an access rule for all staff, and no accounts.
system(changes) := object.union(system_document, changes)

system_with(list) := object.union_n(array.concat([system_document], list))

# A workspace with one system and a roster.
workspace(changes) := object.union(workspace_document, changes)

workspace_with(list) := object.union_n(array.concat([workspace_document], list))

# --- what they hold ---

account_document := {
	"subject": "account",
	"now": "2026-11-23T12:00:00Z",
	"today": "2026-11-23",
	"params": {},
	"unavailable": [],
	"account": usual_account,
	"identity": usual_identity,
	"staff": usual_staff,
	"system": usual_system,
	"approvals": [],
}

system_document := {
	"subject": "system",
	"now": "2026-11-23T12:00:00Z",
	"today": "2026-11-23",
	"params": {},
	"unavailable": [],
	"system": usual_system,
	"accounts": [],
	"roster": usual_roster,
	"approvals": {"configured": false, "complete": false, "count": 0},
}

staff_document := {
	"subject": "staff",
	"now": "2026-11-23T12:00:00Z",
	"today": "2026-11-23",
	"params": {},
	"unavailable": [],
	"staff": usual_staff,
	"accounts": [listed_account],
}

workspace_document := {
	"subject": "workspace",
	"now": "2026-11-23T12:00:00Z",
	"today": "2026-11-23",
	"params": {},
	"unavailable": [],
	"workspace": {"name": "Acme", "timezone": "Europe/Berlin"},
	"systems": [usual_system],
	"roster": usual_roster,
	"sources": [],
	"identities": [],
	"exceptions": [],
}

usual_roster := {"staff": 3, "current": 3, "offboarded": 0, "job_roles": [], "departments": []}

never := {"at": null, "days": null}

usual_account := {
	"key": "crm:17",
	"id": "17",
	"name": "Ada Example",
	"email": "ada@example.com",
	"state": "active",
	"kind": "user",
	"access": "some",
	"admin": "none",
	"mfa": "unknown",
	"reader": "no",
	"role_ids": ["5"],
	"role_names": ["Sales rep"],
	"permission_set_ids": ["p1"],
	"permission_set_names": ["Deals regular user"],
	"unlisted_role_ids": [],
	"permissions": [],
	"created": {"at": "2025-01-10T09:00:00Z", "days": 682},
	"last_login": {"state": "known", "at": "2026-11-20T08:00:00Z", "days": 3},
	"source": "crm",
}

usual_identity := {
	"state": "matched",
	"class": "staff",
	"rule": "email",
	"key": "ada@example.com",
	"mapping": null,
	"named_by": [],
	"conflict": false,
	"candidates": [],
	"owner": {"state": "not_needed", "id": null, "name": null, "email": null},
	"reason": null,
	"until": never,
	"review": never,
	"leaver": "no",
	"leaver_name": null,
}

usual_staff := {
	"id": "E-17",
	"name": "Ada Example",
	"email": "ada@example.com",
	"status": "current",
	"recorded_status": "Active",
	"employment": "employee",
	"job_roles": ["sales-rep"],
	"departments": ["sales"],
	"manager": "E-2",
	"in_scope": true,
	"started": {"at": "2025-01-06T00:00:00Z", "days": 686},
	"exit": stays,
	"source": "roster",
	"line": 18,
}

stays := {"at": null, "days": null, "last_day": null, "cause": "none", "conflict": false}

usual_system := {
	"id": "crm",
	"name": "CRM",
	"product": "crm",
	"tenant": "acme",
	"critical": true,
	"connected": true,
	"access": {"tickets": false, "rules": [all_staff]},
	"plan": null,
	"seats": null,
	"counts": {"accounts": 1, "active": 1, "invited": 0, "inactive": 0, "deleted": 0, "unknown": 0, "full_admins": 0},
}

# An account as it stands in a list of them: that of a member of staff, or of a system.
listed_account := {
	"key": "crm:17",
	"id": "17",
	"name": "Ada Example",
	"email": "ada@example.com",
	"state": "active",
	"admin": "none",
	"access": "some",
	"reader": "no",
	"role_ids": ["5"],
	"permission_set_ids": ["p1"],
	"created": {"at": "2025-01-10T09:00:00Z", "days": 682},
	"last_login": {"state": "known", "at": "2026-11-20T08:00:00Z", "days": 3},
	"class": "staff",
	"staff_id": "E-17",
	"staff_status": "current",
	"system": "crm",
	"critical": true,
}

# --- identities ---

nobody := {
	"id": null,
	"name": null,
	"email": null,
	"status": "none",
	"recorded_status": null,
	"employment": "none",
	"job_roles": [],
	"departments": [],
	"manager": null,
	"started": never,
	"source": null,
	"line": null,
}

# An account that is linked to nobody, for one of the reasons that there are.
unidentified(state) := {
	"identity": {"state": state, "class": "none", "rule": "none", "key": null},
	"staff": nobody,
}

# An account that is classified, and who answers for it.
classified(class, owner) := {
	"identity": {
		"state": "classified",
		"class": class,
		"rule": "classification",
		"key": "17",
		"owner": {"state": owner, "id": "E-2", "name": "Max Muster", "email": "max@example.com"},
	},
	"staff": nobody,
}

# An account whose address is that of somebody who has left, whatever its entry says.
declared_away := {"identity": {"leaver": "yes", "leaver_name": "Eve Example"}}

# --- accounts and people ---

state(word) := {"account": {"state": word}}

status(word) := {"staff": {"status": word}}

# Somebody who has left, and how that is known.
left(cause) := {"staff": {
	"status": "offboarded",
	"exit": {"at": "2026-11-13T23:00:00Z", "days": 9, "last_day": "2026-11-13", "cause": cause},
}}

left_without_date := {"staff": {
	"status": "offboarded",
	"exit": {"at": null, "days": null, "last_day": null, "cause": "status"},
}}

# What the account holds; names are the ids, as where the catalogue lists none.
holds(roles, permission_sets) := {"account": {
	"role_ids": roles,
	"role_names": roles,
	"permission_set_ids": permission_sets,
	"permission_set_names": permission_sets,
}}

# --- access rules ---

# A rule that says nothing; a null key does not restrict.
silent_rule := {
	"name": "silent",
	"line": 12,
	"all_staff": false,
	"staff_roles": null,
	"held_by": null,
	"staff_types": null,
	"departments": null,
	"staff": null,
	"system_roles": null,
	"permission_sets": null,
	"unresolved": [],
	"ticket": false,
}

rule(keys) := object.union(silent_rule, keys)

all_staff := rule({"name": "all staff", "all_staff": true})

# Job roles that so many people hold.
job_roles(roles, held_by) := rule({"name": "job roles", "staff_roles": roles, "held_by": held_by})

rules(list) := {"system": {"access": {"rules": list}}}

tickets := {"system": {"access": {"tickets": true}}}

# --- approvals ---

approval := {
	"id": "T-1",
	"state": "approved",
	"approved_at": "2026-11-01T09:00:00Z",
	"expires_at": null,
	"covers_now": true,
	"role_ids": null,
	"by": "max@example.com",
}

approvals(list) := {"approvals": [object.union(approval, one) | some one in list]}
