package connectors.truto_test

import data.connectors.truto

# An active user of an integration that maps much; cases say what is different.
usual := {
	"id": "u-1", "name": "Ben Example", "status": "active", "type": "user", "is_2fa_enabled": true,
	"emails": [{"email": "b.example@example.com", "is_primary": false}, {"email": "ben@example.com", "is_primary": true}],
	"roles": [{"id": "r-1", "name": "Member"}], "created_at": "2024-02-01T08:30:00.000Z",
	"last_login_at": "2026-11-20T07:15:00.000Z",
}

connection(users, roles) := {
	"streams": {"users": users, "roles": roles},
	"states": {"users": "complete", "roles": "complete"},
	"params": {"account": "a-1"},
	"options": {"reader_sees_everyone": false},
}

one(fields) := connection([object.union(usual, fields), object.union(usual, {"id": "u-0"})], [{"id": "r-1", "name": "Member"}])

account(fields) := rows[0] if {
	document := one(fields)
	rows := truto.accounts with input as document
}

test_a_user_is_an_account if {
	account({}) == {
		"id": "u-1", "employee_id": null, "name": "Ben Example", "email": "ben@example.com",
		"aliases": ["b.example@example.com"], "state": "active", "kind": "user", "access": "unknown", "admin": "unknown",
		"mfa": "yes", "reader": "unknown", "roles": [{"kind": "role", "id": "r-1"}], "unread_roles": [],
		"permissions": null, "created_at": "2024-02-01T08:30:00.000Z",
		"last_login": {"state": "known", "at": "2026-11-20T07:15:00.000Z"},
	}
}

test_the_words_of_the_model_are_states if {
	every word in ["active", "inactive", "deleted", "invited"] {
		account({"status": word}).state == word
	}
}

test_any_other_word_is_unknown_and_said if {
	every word in ["created", "suspended", "Inactive", "INACTIVE", " inactive", "disabled", ""] {
		account({"status": word}).state == "unknown"
	}
	document := one({"status": "DISABLED"})
	said := truto.notices with input as document
	said == {"the status `DISABLED` is a word that nobody knows"}
}

test_no_word_is_unknown_and_said if {
	every value in [null, true, false, 0, ["active"], {}] {
		account({"status": value}).state == "unknown"
	}
	document := connection([object.remove(usual, ["status"]), object.union(usual, {"status": false})], [{"id": "r-1"}])
	rows := truto.accounts with input as document
	[row.state | some row in rows] == ["unknown", "unknown"]
	said := truto.notices with input as document
	said == {"2 users have no status"}
	alone := connection([object.union(usual, {"status": null})], [{"id": "r-1"}])
	said_of_one := truto.notices with input as alone
	said_of_one == {"1 users have no status"}
}

test_nobody_is_known_to_be_an_admin_or_the_reader if {
	row := account({"type": "admin", "roles": [{"id": "r-9", "name": "Admin"}]})
	row.kind == "user"
	row.admin == "unknown"
	row.reader == "unknown"
	row.access == "unknown"
}

test_only_a_service_account_is_a_service if {
	account({"type": "service-account"}).kind == "service"
	account({"type": "end_user"}).kind == "unknown"
	account({"type": "robot"}).kind == "unknown"
	account({"type": null}).kind == "unknown"
	account({"type": true}).kind == "unknown"
}

test_a_second_factor_is_what_is_said_of_it if {
	account({"is_2fa_enabled": false}).mfa == "no"
	account({"is_2fa_enabled": null}).mfa == "unknown"
	account({"is_2fa_enabled": "true"}).mfa == "unknown"
	account({"is_2fa_enabled": 1}).mfa == "unknown"
}

test_a_second_factor_of_nobody_is_unavailable if {
	document := connection([object.remove(usual, ["is_2fa_enabled"])], [{"id": "r-1"}])
	lacks := truto.unavailable with input as document
	lacks == {"account.mfa"}
}

test_a_login_that_is_not_said_is_not_never if {
	unknown := {"state": "unknown", "at": null}
	account({"last_login_at": null}).last_login == unknown
	account({"last_login_at": ""}).last_login == unknown
	account({"last_login_at": false}).last_login == unknown
	account({"last_login_at": null, "last_active_at": "2026-11-20T07:15:00.000Z"}).last_login == unknown
}

test_a_time_that_is_a_number_is_handed_on_to_be_said if {
	account({"last_login_at": 1764000000}).last_login == {"state": "known", "at": "1764000000"}
}

test_the_primary_address_comes_first if {
	first := account({"emails": [{"email": "a@example.com"}, {"email": "b@example.com"}, {"email": null}, "c@example.com"]})
	[first.email, first.aliases] == ["a@example.com", ["b@example.com"]]
	login := account({"emails": null, "username": "ben@example.com"})
	[login.email, login.aliases] == ["ben@example.com", []]
	both := account({"emails": [{"email": "a@example.com", "is_primary": true}], "username": "ben@example.com"})
	[both.email, both.aliases] == ["a@example.com", ["ben@example.com"]]
	blank := account({"emails": [{"email": " ", "is_primary": true}, {"email": "a@example.com"}]})
	[blank.email, blank.aliases] == ["a@example.com", []]
	none := account({"emails": [], "username": "ben"})
	[none.email, none.aliases] == [null, []]
}

test_addresses_of_nobody_are_unavailable if {
	document := connection([object.union(usual, {"emails": []})], [{"id": "r-1"}])
	lacks := truto.unavailable with input as document
	lacks == {"account.email"}
	said := truto.notices with input as document
	said == {"no user has an address: accounts can only be linked by `identities:`"}
}

test_holding_nothing_among_others_who_hold_is_nothing if {
	row := account({"roles": []})
	row.roles == []
	row.unread_roles == []
}

test_roles_that_cannot_be_read_are_not_none if {
	every value in [null, "Member", {}, [{"name": "Member"}], [{"id": null}], [{"id": 4.9}], ["r-1"], [{"id": "r-1"}, {"id": ""}]] {
		account({"roles": value}).unread_roles == ["role"]
	}
	document := one({"roles": [{"name": "Member"}]})
	said := truto.notices with input as document
	said == {"1 users hold a role that has no id"}
}

test_an_id_may_be_a_number if {
	row := account({"id": 7, "roles": [{"id": 5, "name": "Member"}]})
	[row.id, row.roles] == ["7", [{"kind": "role", "id": "5"}]]
}

test_where_nobody_has_a_role_none_was_read if {
	empty := object.union(usual, {"roles": []})
	document := connection([empty, object.remove(empty, ["roles"])], [{"id": "r-1"}])
	rows := truto.accounts with input as document
	every row in rows { row.unread_roles == ["role"] }
	said := truto.notices with input as document
	said == {"no user has a role: what they hold is taken for not read, and not for nothing"}
	alone := connection([empty], [{"id": "r-1"}])
	said_of_one := truto.notices with input as alone
	said_of_one == said
}

test_of_no_users_nothing_is_said if {
	document := connection([], [{"id": "r-1"}])
	said := truto.notices with input as document
	said == set()
}

test_a_catalogue_that_lacks_most_of_what_is_held_is_not_used if {
	document := connection([usual], [{"id": "9", "name": "Member"}])
	lacks := truto.unavailable with input as document
	lacks == {"account.role_names", "account.unlisted_role_ids"}
	said := truto.notices with input as document
	said == {"1 ids that users hold are not in `roles`, and most are not: the names of roles are not used"}
}

test_an_id_that_is_not_listed_may_be_of_a_deleted_role if {
	half := connection([object.union(usual, {"roles": [{"id": "r-1"}, {"id": "r-2"}]})], [{"id": "r-1"}])
	left := object.union(usual, {"status": "deleted", "roles": [{"id": "r-3"}, {"id": "r-4"}]})
	every document in [half, connection([usual, left], [{"id": "r-1"}])] {
		lacks := truto.unavailable with input as document
		lacks == set()
		said := truto.notices with input as document
		said == set()
	}
}

test_a_catalogue_that_was_not_read_lacks_nothing if {
	document := object.union(connection([usual], []), {"states": {"roles": "unavailable"}})
	lacks := truto.unavailable with input as document
	lacks == set()
}

test_roles_have_a_name_and_nothing_else_is_known if {
	document := connection([usual], [{"id": "r-1", "name": "Member"}, {"id": 2, "name": "", "label": "Guest"}, {"id": "r-3", "type": "admin"}])
	rows := truto.roles with input as document
	[[row.id, row.name] | some row in rows] == [["r-1", "Member"], ["2", "Guest"], ["r-3", "r-3"]]
	every row in rows {
		row.kind == "role"
		row.admin == "unknown"
		row.active == "unknown"
	}
}

test_nothing_says_that_everybody_is_listed if {
	document := one({})
	gaps := truto.incomplete with input as document
	gaps == {"accounts": "nothing says that the connection may list every user"}
	found := truto.system with input as document
	found == {"tenant": "a-1", "reader": {"id": null, "sees_all": "unknown"}}
}

test_the_source_may_vouch_for_the_connection if {
	document := object.union(one({}), {"options": {"reader_sees_everyone": true}})
	gaps := truto.incomplete with input as document
	gaps == {}
	said := truto.notices with input as document
	said == {"the source says that the connection lists every user"}
}

test_a_name_is_put_together_where_there_is_none if {
	account({"name": null, "first_name": "Ben", "last_name": "E."}).name == "Ben E."
	account({"name": " ", "first_name": null}).name == null
}

test_a_user_with_an_id_alone_is_kept if {
	document := connection([{"id": "u-1"}], [])
	rows := truto.accounts with input as document
	count(rows) == 1
	rows[0].state == "unknown"
	rows[0].last_login.state == "unknown"
	rows[0].unread_roles == ["role"]
}
