package connectors.{{name}}_test

import data.connectors.{{name}} as connector

# An active user; cases say what is different.
usual := {
	"id": 11, "name": "Ada Example", "email": "ada@example.com", "status": "active", "admin": false,
	"role_ids": [3], "created_at": "2025-01-10T09:00:00Z",
}

answers(changes, me) := {"streams": {
	"me": [me],
	"users": [object.union(usual, changes)],
	"roles": [{"id": 3, "name": "Member"}],
}}

administrator := {"id": 12, "workspace": "w-1", "admin": true}

account(changes) := rows[0] if {
	document := answers(changes, administrator)
	rows := connector.accounts with input as document
}

test_a_user_is_an_account if {
	account({}) == {
		"id": "11", "employee_id": null, "name": "Ada Example", "email": "ada@example.com", "aliases": [],
		"state": "active", "kind": "user", "access": "unknown", "admin": "none", "mfa": "unknown", "reader": "no",
		"roles": [{"kind": "role", "id": "3"}], "unread_roles": [], "permissions": null,
		"created_at": "2025-01-10T09:00:00Z", "last_login": {"state": "unknown", "at": null},
	}
}

test_the_words_of_the_system_are_states if {
	account({"status": "invited"}).state == "invited"
	account({"status": "suspended"}).state == "inactive"
	account({"status": "deleted"}).state == "deleted"
}

test_any_other_word_is_unknown_and_said if {
	every word in ["Active", "locked", "", null, true, 1] {
		account({"status": word}).state == "unknown"
	}
	document := answers({"status": "locked"}, administrator)
	said := connector.notices with input as document
	said == {"the status `locked` is a word that nobody knows"}
}

test_words_that_are_known_are_not_said if {
	document := answers({}, administrator)
	said := connector.notices with input as document
	said == set()
}

test_an_administrator_is_one_where_it_is_said if {
	account({"admin": true}).admin == "full"
	account({"admin": "true"}).admin == "unknown"
	account({"admin": null}).admin == "unknown"
}

test_what_is_no_text_is_not_there if {
	row := account({"name": 7, "email": null, "created_at": false})
	[row.name, row.email, row.created_at] == [null, null, null]
}

test_holding_nothing_is_not_the_same_as_not_read if {
	none := account({"role_ids": []})
	[none.roles, none.unread_roles] == [[], []]
	every value in [null, "3", {}] {
		account({"role_ids": value}).unread_roles == ["role"]
	}
}

test_an_administrator_sees_everybody if {
	document := answers({}, administrator)
	found := connector.system with input as document
	found == {"tenant": "w-1", "reader": {"id": "12", "sees_all": "yes"}}
	gaps := connector.incomplete with input as document
	gaps == {}
}

test_nobody_else_is_known_to_see_everybody if {
	every me in [{"id": 12, "workspace": "w-1", "admin": false}, {}] {
		document := answers({}, me)
		gaps := connector.incomplete with input as document
		gaps == {"accounts": "nothing says that whoever reads is shown every user"}
	}
}

test_who_reads_is_marked if {
	account({"id": 12}).reader == "yes"
	document := answers({}, {"admin": true})
	rows := connector.accounts with input as document
	rows[0].reader == "unknown"
}

test_roles_have_a_name_and_nothing_else_is_known if {
	document := answers({}, administrator)
	rows := connector.roles with input as document
	rows == [{
		"id": "3", "kind": "role", "name": "Member", "parent": null, "active": "unknown", "admin": "unknown",
		"scope": null, "permissions": null,
	}]
}

test_an_id_may_be_a_text_or_a_number if {
	account({"id": "u-11"}).id == "u-11"
	account({"role_ids": ["r-3", 4]}).roles == [{"kind": "role", "id": "r-3"}, {"kind": "role", "id": "4"}]
}
