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

workspace(users, reader) := {
	"streams": {"me": reader, "users": users, "roles": [], "permission_sets": [], "permission_set": []},
	"states": {"users": "complete", "roles": "unavailable", "permission_sets": "unavailable", "permission_set": "unavailable"},
	"params": {"company": "acme"},
	"options": {"permissions": false, "reader_sees_everyone": false},
}

one(fields) := workspace([object.union(usual, fields)], [me])

unverified := {
	"active_flag": null, "is_deleted": null, "role_id": null, "created": null, "last_login": null,
	"timezone_name": null, "default_currency": null, "access": null,
}

test_an_active_user_is_active if {
	document := one({})
	rows := pipedrive.accounts with input as document
	rows[0].state == "active"
	rows[0].id == "12"
	rows[0].roles == [{"kind": "role", "id": "5"}]
}

test_one_and_zero_are_flags if {
	document := one({"active_flag": 1, "is_deleted": 0})
	rows := pipedrive.accounts with input as document
	rows[0].state == "active"
}

test_an_inactive_user_is_inactive if {
	document := one({"active_flag": false})
	rows := pipedrive.accounts with input as document
	rows[0].state == "inactive"
}

test_deleted_dominates_and_leaves_no_name if {
	document := one({"active_flag": true, "is_deleted": true, "name": "(deleted user)", "email": "(deleted user)"})
	rows := pipedrive.accounts with input as document
	rows[0].state == "deleted"
	rows[0].name == null
	rows[0].email == null
}

test_everything_null_is_invited if {
	document := one(unverified)
	rows := pipedrive.accounts with input as document
	rows[0].state == "invited"
	rows[0].admin == "unknown"
	rows[0].access == "unknown"
}

test_an_invitation_withdrawn_is_inactive if {
	document := one(object.union(unverified, {"active_flag": false}))
	rows := pipedrive.accounts with input as document
	rows[0].state == "inactive"
}

test_a_text_is_no_flag if {
	first := one({"active_flag": "false"})
	a := pipedrive.accounts with input as first
	a[0].state == "unknown"
	second := one({"is_deleted": "true"})
	b := pipedrive.accounts with input as second
	b[0].state == "unknown"
}

test_a_null_flag_beside_other_fields_is_unknown if {
	document := one({"active_flag": null})
	rows := pipedrive.accounts with input as document
	rows[0].state == "unknown"
}

test_fields_that_are_absent_say_nothing if {
	document := workspace([{"id": 1, "name": "A", "email": "a@example.com"}], [me])
	rows := pipedrive.accounts with input as document
	rows[0].state == "unknown"
	rows[0].last_login.state == "unknown"
	rows[0].reader == "no"
}

test_account_settings_is_full_admin if {
	document := one({"access": [{"app": "sales", "admin": false}, settings]})
	rows := pipedrive.accounts with input as document
	rows[0].admin == "full"
	rows[0].access == "some"
}

test_an_admin_of_one_app_is_partial if {
	document := one({"access": [{"app": "sales", "admin": true, "permission_set_id": 7}]})
	rows := pipedrive.accounts with input as document
	rows[0].admin == "partial"
	rows[0].roles == [{"kind": "role", "id": "5"}, {"kind": "permission_set", "id": "7"}]
}

test_no_app_is_no_access if {
	document := one({"access": []})
	rows := pipedrive.accounts with input as document
	rows[0].admin == "none"
	rows[0].access == "none"
}

test_an_unreadable_admin_flag_is_unknown if {
	document := one({"access": [{"app": "sales", "admin": "no"}]})
	rows := pipedrive.accounts with input as document
	rows[0].admin == "unknown"
}

test_null_access_is_unknown if {
	document := one({"access": null})
	rows := pipedrive.accounts with input as document
	rows[0].admin == "unknown"
	rows[0].access == "unknown"
}

test_null_login_is_never if {
	first := one({"last_login": null})
	a := pipedrive.accounts with input as first
	a[0].last_login == {"state": "never", "at": null}
	second := one({"last_login": "0000-00-00 00:00:00"})
	b := pipedrive.accounts with input as second
	b[0].last_login == {"state": "never", "at": null}
}

test_the_reader_is_found if {
	document := workspace([object.union(usual, {"id": 11, "is_you": true}), usual], [me])
	rows := pipedrive.accounts with input as document
	[row.reader | some row in rows] == ["yes", "no"]
	found := pipedrive.system with input as document
	found == {"tenant": "acme", "reader": {"id": "11", "sees_all": "yes"}}
	gaps := pipedrive.incomplete with input as document
	gaps == {}
}

test_a_reader_without_account_settings_proves_nothing if {
	document := workspace([usual], [{"id": 12, "company_domain": "acme", "access": [{"app": "sales", "admin": true}]}])
	gaps := pipedrive.incomplete with input as document
	gaps.accounts
	found := pipedrive.system with input as document
	found.reader.sees_all == "unknown"
}

test_without_a_reader_nobody_knows_who_is_shown if {
	document := workspace([usual], [])
	gaps := pipedrive.incomplete with input as document
	gaps.accounts == "nobody knows who reads, and whether they may see every user"
}

test_the_source_may_vouch_for_the_reader if {
	document := object.union(workspace([usual], []), {"options": {"reader_sees_everyone": true}})
	gaps := pipedrive.incomplete with input as document
	gaps == {}
	said := pipedrive.notices with input as document
	count(said) == 1
}

test_the_top_role_has_no_parent if {
	lists := {"streams": {"roles": [{"id": 1, "parent_role_id": 1, "name": "All"}, {"id": 5, "parent_role_id": 1, "name": "Rep"}]}}
	document := object.union(one({}), lists)
	rows := pipedrive.roles with input as document
	[row.parent | some row in rows] == [null, "1"]
	rows[0].active == "unknown"
}

test_sets_have_their_level if {
	lists := {"streams": {"permission_sets": [
		{"id": "a", "name": "Settings", "app": "account_settings", "type": "admin"},
		{"id": "b", "name": "Deals admin", "app": "sales", "type": "admin"},
		{"id": "c", "name": "Regular", "app": "global", "type": "regular"},
		{"id": "d", "name": "", "app": null},
	]}}
	document := object.union(one({}), lists)
	rows := pipedrive.roles with input as document
	[row.admin | some row in rows] == ["full", "partial", "none", "unknown"]
	rows[3].name == "d"
	rows[1].scope == "sales"
}

test_permissions_are_known_only_with_every_set if {
	access := [{"app": "sales", "admin": false, "permission_set_id": "a"}, {"app": "global", "admin": false, "permission_set_id": "b"}]
	first := {"parent": "a", "record": {"contents": ["can_x", "can_y"]}}
	second := {"parent": "b", "record": {"contents": {"can_y": true, "can_z": false}}}
	read := {"states": {"permission_set": "complete"}}
	whole := object.union(one({"access": access}), object.union(read, {"streams": {"permission_set": [first, second]}}))
	a := pipedrive.accounts with input as whole
	a[0].permissions == ["can_x", "can_y", "can_y"]
	part := object.union(one({"access": access}), object.union(read, {"streams": {"permission_set": [first]}}))
	b := pipedrive.accounts with input as part
	b[0].permissions == null
}

unread(fields) := rows[0].unread_roles if {
	document := one(fields)
	rows := pipedrive.accounts with input as document
}

test_holdings_that_can_be_read_are_read if {
	unread({}) == []
	unread({"role_id": "r-5", "access": [settings]}) == []
}

test_holdings_that_cannot_be_read_are_not_none if {
	unread({"role_id": null}) == ["role"]
	unread({"role_id": 4.9}) == ["role"]
	unread({"role_id": [5]}) == ["role"]
	unread({"access": null}) == ["permission_set"]
	unread({"access": "all"}) == ["permission_set"]
	unread({"access": [settings, "sales"]}) == ["permission_set"]
	unread({"access": [{"app": "sales", "admin": false, "permission_set_id": null}]}) == ["permission_set"]
	unread({"access": [{"app": "sales", "admin": false, "permission_set_id": 4.9}]}) == ["permission_set"]
	unread(unverified) == ["role", "permission_set"]
}

test_a_fraction_is_no_id if {
	document := one({"role_id": 4.9, "access": [{"app": "sales", "admin": false, "permission_set_id": 4.9}]})
	rows := pipedrive.accounts with input as document
	rows[0].roles == []
}

test_the_reader_is_on_its_own_list if {
	document := workspace([usual], [me])
	gaps := pipedrive.incomplete with input as document
	gaps.accounts == "the credential's owner is not among the users"
}

test_nobody_else_is_the_reader if {
	reader := object.union(usual, {"id": 11, "is_you": true})
	document := workspace([reader, object.union(usual, {"is_you": true})], [me])
	gaps := pipedrive.incomplete with input as document
	startswith(gaps.accounts, "more than one user")
}

catalogue(roles, held) := object.union(
	workspace([object.union(usual, {"id": 11 + n, "role_id": id}) | some n, id in held], [me]),
	{"streams": {"roles": [{"id": id} | some id in roles]}, "states": {"roles": "complete"}},
)

test_a_catalogue_that_lacks_most_of_what_is_held_is_not_this_companys if {
	empty := catalogue([], [5])
	a := pipedrive.incomplete with input as empty
	a.roles == "1 of 1 ids that users hold are not in `roles`"
	other := catalogue([5, 8], [5, 6, 7])
	b := pipedrive.incomplete with input as other
	b.roles == "2 of 3 ids that users hold are not in `roles`"
}

test_an_id_that_is_not_listed_may_be_of_a_deleted_role if {
	document := catalogue([5], [5, 6, 5])
	gaps := pipedrive.incomplete with input as document
	gaps == {}
}

test_the_names_of_a_catalogue_of_others_are_not_used if {
	other := catalogue([5, 8], [5, 6, 7])
	lacks := pipedrive.unavailable with input as other
	lacks == {"account.role_names", "account.unlisted_role_ids"}
	own := catalogue([5], [5, 6, 5])
	none := pipedrive.unavailable with input as own
	none == set()
}

test_a_reader_without_a_company_is_said if {
	document := workspace([object.union(usual, {"id": 11})], [object.remove(me, ["company_domain"])])
	said := pipedrive.notices with input as document
	count(said) == 1
}
