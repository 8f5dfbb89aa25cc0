package connectors.pipedrive_test

import data.connectors.pipedrive

settings := {"app": "account_settings", "admin": true, "permission_set_id": "s-9"}

me := {"id": 11, "company_domain": "acme", "access": [settings]}

# A verified, active user; cases say what is different.
usual := {
	"id": 12, "name": "Ben", "email": "ben@example.com", "active_flag": true, "is_deleted": false, "role_id": 5,
	"created": "2024-02-01 08:30:00", "last_login": "2026-11-20 07:15:00", "is_you": false,
	"timezone_name": "Europe/Berlin", "default_currency": "EUR", "access": [],
}

# The same while the invitation is open.
unverified := {
	"active_flag": null, "is_deleted": null, "role_id": null, "created": null, "last_login": null,
	"timezone_name": null, "default_currency": null, "access": null,
}

workspace(users, reader) := {
	"streams": {"me": reader, "users": users, "roles": [], "permission_sets": [], "permission_set": []},
	"states": {"users": "complete", "roles": "unavailable", "permission_sets": "unavailable", "permission_set": "unavailable"},
	"params": {"company": "acme"},
	"options": {"permissions": false, "reader_sees_everyone": false},
}

vouched(document) := object.union(document, {"options": {"reader_sees_everyone": true}})

account(fields) := rows[0] if {
	document := workspace([object.union(usual, fields)], [me])
	rows := pipedrive.accounts with input as document
}

accounts(document) := rows if {
	rows := pipedrive.accounts with input as document
}

gaps(document) := why if {
	why := pipedrive.incomplete with input as document
}

lacks(document) := paths if {
	paths := pipedrive.unavailable with input as document
}

said(document) := sentences if {
	sentences := pipedrive.notices with input as document
}

read_by(document) := found if {
	found := pipedrive.system with input as document
}

# Users.

test_a_user_is_an_account if {
	account({}) == {
		"id": "12", "employee_id": null, "name": "Ben", "email": "ben@example.com", "aliases": [], "state": "active",
		"kind": "user", "access": "none", "admin": "none", "mfa": "unknown", "reader": "no",
		"roles": [{"kind": "role", "id": "5"}], "unread_roles": [], "permissions": null,
		"created_at": "2024-02-01 08:30:00", "last_login": {"state": "known", "at": "2026-11-20 07:15:00"},
	}
}

test_one_and_zero_are_flags if {
	account({"active_flag": 1, "is_deleted": 0}).state == "active"
	account({"active_flag": 0}).state == "inactive"
}

test_an_inactive_user_is_inactive if {
	account({"active_flag": false}).state == "inactive"
}

test_deleted_dominates_and_leaves_no_name if {
	row := account({"active_flag": true, "is_deleted": true, "name": "(deleted user)", "email": "(deleted user)"})
	row.state == "deleted"
	row.name == null
	row.email == null
}

test_what_is_no_text_or_empty_is_no_name if {
	every value in [7, "", null, ["Ben"]] {
		account({"name": value}).name == null
	}
}

test_everything_null_is_invited if {
	row := account(unverified)
	row.state == "invited"
	row.admin == "unknown"
	row.access == "unknown"
	row.created_at == null
	row.last_login == {"state": "never", "at": null}
}

test_anything_that_is_not_null_is_no_invitation if {
	every field in ["created", "role_id", "last_login", "timezone_name", "default_currency"] {
		account(object.union(unverified, {field: usual[field]})).state == "unknown"
	}
}

test_an_invitation_withdrawn_is_inactive if {
	account(object.union(unverified, {"active_flag": false})).state == "inactive"
}

test_a_text_is_no_flag if {
	account({"active_flag": "false"}).state == "unknown"
	account({"is_deleted": "true"}).state == "unknown"
	account(object.union(unverified, {"active_flag": "false"})).state == "unknown"
}

test_a_null_flag_beside_other_fields_is_unknown if {
	account({"active_flag": null}).state == "unknown"
}

test_fields_that_are_absent_say_nothing if {
	row := accounts(workspace([{"id": 1, "name": "A", "email": "a@example.com"}], [me]))[0]
	row.state == "unknown"
	row.last_login == {"state": "unknown", "at": null}
	row.reader == "no"
	row.access == "unknown"
	row.unread_roles == ["role", "permission_set"]
}

test_null_login_is_never if {
	account({"last_login": null}).last_login == {"state": "never", "at": null}
	account({"last_login": "0000-00-00 00:00:00"}).last_login == {"state": "never", "at": null}
}

test_a_login_that_is_no_text_is_unknown if {
	account({"last_login": 1795000000}).last_login == {"state": "unknown", "at": null}
}

# What they may do.

test_account_settings_is_full_admin if {
	row := account({"access": [{"app": "sales", "admin": false}, settings]})
	row.admin == "full"
	row.access == "some"
}

test_an_admin_of_one_app_is_partial if {
	row := account({"access": [{"app": "sales", "admin": true, "permission_set_id": 7}]})
	row.admin == "partial"
	row.access == "some"
	row.roles == [{"kind": "role", "id": "5"}, {"kind": "permission_set", "id": "7"}]
}

test_an_app_without_its_admin_is_no_admin if {
	account({"access": [{"app": "sales", "admin": false, "permission_set_id": 7}]}).admin == "none"
}

test_no_app_is_no_access if {
	row := account({"access": []})
	row.admin == "none"
	row.access == "none"
}

test_an_entry_that_cannot_be_read_is_not_no_admin if {
	every entry in [{"app": "sales", "admin": "no"}, {"app": "sales"}, {"app": 3, "admin": false}, {"admin": false}, "sales", null] {
		account({"access": [{"app": "global", "admin": false}, entry]}).admin == "unknown"
	}
}

test_null_access_is_unknown if {
	row := account({"access": null})
	row.admin == "unknown"
	row.access == "unknown"
}

# What they hold.

test_holdings_that_can_be_read_are_read if {
	account({"role_id": "r-5", "access": [settings]}).unread_roles == []
}

test_holdings_that_cannot_be_read_are_not_none if {
	every id in [null, 4.9, [5], ""] {
		account({"role_id": id}).unread_roles == ["role"]
	}
	every access in [null, "all", [settings, "sales"]] {
		account({"access": access}).unread_roles == ["permission_set"]
	}
	every id in [null, 4.9, ""] {
		account({"access": [{"app": "sales", "admin": false, "permission_set_id": id}]}).unread_roles == ["permission_set"]
	}
	account(unverified).unread_roles == ["role", "permission_set"]
}

test_a_fraction_is_no_id if {
	account({"role_id": 4.9, "access": [{"app": "sales", "admin": false, "permission_set_id": 4.9}]}).roles == []
}

entry(set) := {"app": "sales", "admin": false, "permission_set_id": set}

# What a user with these entries may do, where this is what the sets allow.
permitted(access, state, contents) := rows[0].permissions if {
	details := [{"parent": id, "record": {"contents": names}} | some id, names in contents]
	document := object.union(
		workspace([object.union(usual, {"access": access})], [me]),
		{"streams": {"permission_set": details}, "states": {"permission_set": state}},
	)
	rows := pipedrive.accounts with input as document
}

test_permissions_are_those_of_every_set if {
	contents := {"a": ["can_x", "can_y"], "b": {"can_y": true, "can_z": false}}
	permitted([entry("a"), entry("b")], "complete", contents) == ["can_x", "can_y", "can_y"]
	permitted([], "complete", {}) == []
}

test_permissions_are_known_only_with_every_set if {
	permitted([entry("a"), entry("b")], "complete", {"a": ["can_x"]}) == null
	permitted([entry("a"), {"app": "global", "admin": false}], "complete", {"a": ["can_x"]}) == null
	permitted(null, "complete", {"a": ["can_x"]}) == null
	permitted([entry("a")], "incomplete", {"a": ["can_x"]}) == null
	permitted([], "unavailable", {}) == null
}

test_contents_that_cannot_be_read_are_not_no_permissions if {
	every contents in [null, "can_x", 3, true] {
		permitted([entry("a")], "complete", {"a": contents}) == null
	}
}

test_what_is_no_text_is_no_permission if {
	known := permitted([entry("a")], "complete", {"a": ["can_x", 5, null]})
	every odd in [5, null] {
		(odd in known) == false
	}
}

# Who reads, and whether they see everybody.

reader := object.union(usual, {"id": 11, "is_you": true})

test_the_reader_is_found if {
	document := workspace([reader, usual], [me])
	[row.reader | some row in accounts(document)] == ["yes", "no"]
	read_by(document) == {"tenant": "acme", "reader": {"id": "11", "sees_all": "yes"}}
	gaps(document) == {}
	said(document) == set()
}

test_without_an_answer_the_reader_is_who_says_so_of_itself if {
	silent := object.remove(usual, ["is_you"])
	document := workspace([silent, object.union(reader, {"access": [settings]})], [])
	[row.reader | some row in accounts(document)] == ["no", "yes"]
	read_by(document) == {"tenant": "acme", "reader": {"id": "11", "sees_all": "yes"}}
	gaps(document) == {}
	said(document) == set()
}

test_the_reader_is_known_by_its_id_as_well if {
	every value in [false, null, "no"] {
		accounts(workspace([object.union(reader, {"is_you": value})], [me]))[0].reader == "yes"
	}
}

test_whoever_says_so_is_a_reader if {
	accounts(workspace([object.union(usual, {"is_you": true})], [me]))[0].reader == "yes"
}

test_where_nobody_reads_only_a_user_that_denies_it_is_none if {
	document := workspace([object.union(usual, {"is_you": value}) | some value in [false, null, "no"]], [])
	[row.reader | some row in accounts(document)] == ["no", "unknown", "unknown"]
}

test_the_tenant_is_the_company_that_answers if {
	answering := workspace([reader], [object.union(me, {"company_domain": "other"})])
	read_by(answering).tenant == "other"
	every silence in [null, 7] {
		document := workspace([reader], [object.union(me, {"company_domain": silence})])
		read_by(document).tenant == "acme"
	}
	nameless := json.remove(workspace([reader], []), ["params/company"])
	read_by(nameless).tenant == null
}

test_a_reader_without_a_company_is_said if {
	document := workspace([reader], [object.remove(me, ["company_domain"])])
	said(document) == {"`/users/me` names no company: it is not verified that the answers are this company's"}
}

test_a_reader_without_account_settings_proves_nothing if {
	document := workspace([usual], [{"id": 12, "company_domain": "acme", "access": [{"app": "sales", "admin": true}]}])
	gaps(document) == {"accounts": "the credential's owner is no account admin and may not see every user"}
	read_by(document).reader.sees_all == "unknown"
	said(document) == set()
}

test_without_a_reader_nobody_knows_who_is_shown if {
	document := workspace([usual], [])
	gaps(document) == {"accounts": "nobody knows who reads, and whether they may see every user"}
	read_by(document).reader == {"id": null, "sees_all": "unknown"}
}

test_the_source_may_vouch_for_the_reader if {
	document := vouched(workspace([usual], []))
	gaps(document) == {}
	said(document) == {"the credential's owner is no account admin; the source says that it sees every user"}
}

test_nobody_vouches_for_a_reader_who_sees_everybody if {
	said(vouched(workspace([reader], [me]))) == set()
}

test_the_reader_is_on_its_own_list if {
	gaps(workspace([usual], [me])) == {"accounts": "the credential's owner is not among the users"}
}

test_nobody_else_is_the_reader if {
	document := workspace([reader, object.union(usual, {"is_you": true})], [me])
	gaps(document) == {"accounts": "more than one user, or another than the credential's owner, says that it is the reader"}
}

# It is incomplete already, for a better reason.
test_a_list_that_was_read_in_part_says_nothing_of_its_reader if {
	part := {"states": {"users": "incomplete"}}
	gaps(object.union(workspace([usual], [me]), part)) == {}
	gaps(object.union(workspace([object.union(usual, {"is_you": true})], [me]), part)) == {}
}

# Roles and permission sets.

roles(streams) := rows if {
	document := object.union(workspace([usual], [me]), {"streams": streams})
	rows := pipedrive.roles with input as document
}

test_a_role_says_what_a_user_may_see if {
	roles({"roles": [{"id": 5, "parent_role_id": 1, "name": "Rep", "active_flag": true}]}) == [{
		"id": "5", "kind": "role", "name": "Rep", "parent": "1", "active": "yes", "admin": "none", "scope": null,
		"permissions": null,
	}]
}

test_the_top_role_has_no_parent if {
	rows := roles({"roles": [{"id": 1, "parent_role_id": 1}, {"id": 5, "parent_role_id": 1}, {"id": 6}]})
	[row.parent | some row in rows] == [null, "1", null]
}

test_whether_a_role_is_in_use_is_a_flag if {
	rows := roles({"roles": [{"id": 1, "active_flag": value} | some value in [true, 1, false, 0, "false", null]]})
	[row.active | some row in rows] == ["yes", "yes", "no", "no", "unknown", "unknown"]
}

test_what_has_no_name_is_called_by_its_id if {
	rows := roles({"roles": [{"id": 1, "name": ""}, {"id": 2, "name": 7}, {"id": 3}]})
	[row.name | some row in rows] == ["1", "2", "3"]
}

test_a_permission_set_says_what_a_user_may_do if {
	set := {"id": "b", "name": "Deals admin", "app": "sales", "type": "admin"}
	roles({"permission_sets": [set], "permission_set": [{"parent": "b", "record": {"contents": ["can_x"]}}]}) == [{
		"id": "b", "kind": "permission_set", "name": "Deals admin", "parent": null, "active": "yes", "admin": "partial",
		"scope": "sales", "permissions": ["can_x"],
	}]
}

test_sets_have_their_level if {
	full := roles({"permission_sets": [{"id": "a", "app": "account_settings", "type": type} | some type in ["admin", "regular", null]]})
	[row.admin | some row in full] == ["full", "full", "full"]
	others := roles({"permission_sets": [{"id": "b", "app": "sales", "type": type} | some type in ["admin", "manager", "regular", "custom", "owner", null]]})
	[row.admin | some row in others] == ["partial", "none", "none", "none", "unknown", "unknown"]
}

test_a_set_without_an_app_has_no_scope_and_no_known_contents if {
	row := roles({"permission_sets": [{"id": "d", "app": null}]})[0]
	row.scope == null
	row.admin == "unknown"
	row.permissions == null
}

# Catalogues that are not this company's.

catalogue(listed, held) := object.union(
	workspace([object.union(usual, {"id": 11 + n, "role_id": id}) | some n, id in held], [me]),
	{"streams": {"roles": [{"id": id} | some id in listed]}, "states": {"roles": "complete"}},
)

test_a_catalogue_that_lacks_most_of_what_is_held_is_not_this_companys if {
	empty := catalogue([], [5])
	gaps(empty) == {"roles": "1 of 1 ids that users hold are not in `roles`"}
	lacks(empty) == {"account.role_names", "account.unlisted_role_ids"}
	gaps(catalogue([5, 8], [5, 6, 7])) == {"roles": "2 of 3 ids that users hold are not in `roles`"}
}

test_sets_are_held_against_their_own_catalogue if {
	document := object.union(workspace([object.union(reader, {"access": [settings]})], [me]), {
		"streams": {"roles": [{"id": 5}], "permission_sets": [{"id": 5}]},
		"states": {"roles": "complete", "permission_sets": "complete"},
	})
	gaps(document) == {"roles": "1 of 1 ids that users hold are not in `permission_sets`"}
	lacks(document) == {"account.permission_set_names", "account.unlisted_role_ids"}
}

test_an_id_that_is_not_listed_may_be_of_a_deleted_role if {
	document := catalogue([5], [5, 6, 5])
	gaps(document) == {}
	lacks(document) == set()
}

test_what_deleted_users_held_is_not_looked_for if {
	left := object.union(usual, {"is_deleted": true, "role_id": 6})
	document := object.union(workspace([reader, left, object.union(left, {"role_id": 7})], [me]), {
		"streams": {"roles": [{"id": 5}]},
		"states": {"roles": "complete"},
	})
	gaps(document) == {}
}

test_a_catalogue_that_was_not_read_lacks_nothing if {
	lacks(workspace([reader], [me])) == set()
}
