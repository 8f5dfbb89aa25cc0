package connectors.exec_test

import data.connectors.exec

printed(rows) := {
	"streams": object.union({"system": [], "accounts": [], "roles": [], "staff": [], "approvals": []}, rows),
	"states": {},
	"params": {},
	"options": {},
}

account(row) := rows[0] if {
	document := printed({"accounts": [object.union({"id": "a-1"}, row)]})
	rows := exec.accounts with input as document
}

person(row) := rows[0] if {
	document := printed({"staff": [row]})
	rows := exec.staff with input as document
}

request(row) := rows[0] if {
	document := printed({"approvals": [object.union({"id": "T-1", "system": "crm", "person": "ada@example.com"}, row)]})
	rows := exec.approvals with input as document
}

said(rows) := found if {
	document := printed(rows)
	found := exec.notices with input as document
}

both := ["role", "permission_set"]

test_an_id_alone_says_nothing_else if {
	account({}) == {
		"id": "a-1", "employee_id": null, "name": null, "email": null, "aliases": [], "state": "unknown",
		"kind": "unknown", "access": "unknown", "admin": "unknown", "mfa": "unknown", "reader": "unknown", "roles": [],
		"unread_roles": both, "permissions": null, "created_at": null, "last_login": {"state": "unknown", "at": null},
	}
	said({"accounts": [{"id": "a-1"}]}) == set()
}

test_null_says_nothing_either if {
	fields := ["name", "email", "aliases", "state", "kind", "access", "admin", "mfa", "reader", "roles", "unread_roles", "permissions", "created_at", "last_login"]
	row := {field: null | some field in fields}
	account(row) == account({})
	said({"accounts": [object.union({"id": "a-1"}, row)]}) == set()
}

full := {
	"id": 12, "employee_id": 7, "name": "Ada Example", "email": "ada@example.com", "aliases": ["a@example.com"],
	"state": "active", "kind": "user", "access": "some", "admin": "full", "mfa": "yes", "reader": "no",
	"roles": [{"kind": "role", "id": 5}, {"kind": "permission_set", "id": "p-1"}], "permissions": ["read"],
	"created_at": "2024-02-01T08:30:00Z", "last_login": {"state": "known", "at": "2026-11-20T07:15:00Z"},
}

test_what_is_said_is_kept if {
	document := printed({"accounts": [full]})
	rows := exec.accounts with input as document
	rows == [object.union(full, {
		"id": "12", "employee_id": "7", "unread_roles": [],
		"roles": [{"kind": "role", "id": "5"}, {"kind": "permission_set", "id": "p-1"}],
	})]
	found := exec.notices with input as document
	found == set()
	gaps := exec.incomplete with input as document
	gaps == {}
}

test_a_word_that_nobody_knows_is_unknown_and_said if {
	row := {"state": "enabled", "kind": "bot", "access": "all", "admin": "yes", "mfa": "on", "reader": "me"}
	found := account(row)
	[found[field] | some field in ["state", "kind", "access", "admin", "mfa", "reader"]] == ["unknown", "unknown", "unknown", "unknown", "unknown", "unknown"]
	notices := said({"accounts": [object.union({"id": "a-1"}, row)]})
	count(notices) == 6
	notices["`accounts`: `state` has the word `enabled`, which nobody knows"]
}

test_a_word_in_capitals_is_another_word if {
	account({"state": "Inactive"}).state == "unknown"
	account({"state": " inactive"}).state == "unknown"
}

test_what_is_no_word_is_unknown_and_said if {
	every value in [true, false, 0, 1, [], ["active"], {}] {
		account({"state": value}).state == "unknown"
		account({"mfa": value}).mfa == "unknown"
	}
	said({"accounts": [{"id": "a-1", "mfa": false}]}) == {"`accounts`: `mfa` holds something that is no word"}
}

test_fields_of_another_shape_are_left_out_and_said if {
	row := {"id": "a-1", "employee_id": {}, "name": 7, "email": ["ada@example.com"], "aliases": "a@example.com", "permissions": ["read", 7]}
	found := account(row)
	[found.employee_id, found.name, found.email, found.aliases, found.permissions] == [null, null, null, [], null]
	notices := said({"accounts": [row]})
	notices == {
		"`accounts`: `employee_id` holds something that is not an id",
		"`accounts`: `name` holds something that is not a text",
		"`accounts`: `email` holds something that is not a text",
		"`accounts`: `aliases` holds something that is not a list of texts",
		"`accounts`: `permissions` holds something that is not a list of texts",
	}
}

test_a_field_that_nobody_reads_is_said if {
	said({"accounts": [{"id": "a-1", "status": "active", "system": "crm"}]}) == {
		"`accounts`: nobody reads the field `status`",
		"`accounts`: nobody reads the field `system`",
	}
	said({"system": [{"tenant": "acme", "name": "CRM"}]}) == {"`system`: nobody reads the field `name`"}
}

test_holding_nothing_is_said_by_an_empty_list if {
	account({"roles": []}).unread_roles == []
}

test_holdings_that_cannot_be_read_are_not_none if {
	every value in ["role", {}, 7, true] {
		account({"roles": value}).unread_roles == both
	}
	every entry in ["r-1", 7, null, {}, {"id": "r-1"}, {"kind": "group", "id": "r-1"}] {
		account({"roles": [{"kind": "role", "id": "r-2"}, entry]}).unread_roles == both
	}
	account({"roles": [{"kind": "role", "id": null}]}).unread_roles == ["role"]
	account({"roles": [{"kind": "permission_set"}]}).unread_roles == ["permission_set"]
	kept := account({"roles": [{"kind": "role", "id": "r-2"}, {"kind": "role", "id": 4.9}]})
	[kept.roles, kept.unread_roles] == [[{"kind": "role", "id": "r-2"}], ["role"]]
	said({"accounts": [{"id": "a-1", "roles": ["r-1"]}]}) == {"`accounts`: `roles` holds something that is not a list of holdings"}
}

test_a_program_may_say_what_it_did_not_read if {
	account({"roles": [], "unread_roles": ["permission_set"]}).unread_roles == ["permission_set"]
	account({"roles": [], "unread_roles": ["groups"]}).unread_roles == both
	account({"roles": [], "unread_roles": "role"}).unread_roles == both
	account({"unread_roles": []}).unread_roles == both
}

test_a_login_needs_its_time if {
	unknown := {"state": "unknown", "at": null}
	every value in ["2026-11-20T07:15:00Z", {"state": "known"}, {"state": "known", "at": null}, {"state": "known", "at": ""}, {"at": "2026-11-20"}, {"state": "yesterday"}, [], false] {
		account({"last_login": value}).last_login == unknown
		said({"accounts": [{"id": "a-1", "last_login": value}]}) == {"`accounts`: `last_login` holds something that is not a login"}
	}
	account({"last_login": {"state": "never"}}).last_login == {"state": "never", "at": null}
}

test_an_account_without_an_id_is_lost_and_the_list_not_whole if {
	rows := [{"id": "a-1"}, {"name": "Ada"}, {"id": null}, {"id": " "}, {"id": 4.9}, {"id": true}]
	document := printed({"accounts": rows})
	kept := exec.accounts with input as document
	count(kept) == 1
	lost := exec.dropped with input as document
	{row.key | some row in lost} == {"row 2", "row 3", "row 4", "row 5", "row 6"}
	gaps := exec.incomplete with input as document
	gaps == {"accounts": "there are rows without an id"}
}

test_roles_are_kept_by_kind_and_id if {
	document := printed({"roles": [
		{"id": 5, "kind": "role", "name": "Member", "parent": 1, "active": "yes", "admin": "none", "scope": "sales", "permissions": ["read"]},
		{"id": "p-1", "kind": "permission_set"},
		{"id": "x", "kind": "role", "name": " ", "active": true, "admin": "root"},
	]})
	rows := exec.roles with input as document
	rows == [
		{"id": "5", "kind": "role", "name": "Member", "parent": "1", "active": "yes", "admin": "none", "scope": "sales", "permissions": ["read"]},
		{"id": "p-1", "kind": "permission_set", "name": "p-1", "parent": null, "active": "unknown", "admin": "unknown", "scope": null, "permissions": null},
		{"id": "x", "kind": "role", "name": "x", "parent": null, "active": "unknown", "admin": "unknown", "scope": null, "permissions": null},
	]
	gaps := exec.incomplete with input as document
	gaps == {}
}

test_a_role_that_nobody_can_name_is_lost_and_the_catalogue_not_whole if {
	document := printed({"roles": [{"id": "r-1"}, {"id": "r-2", "kind": "group"}, {"kind": "role", "name": "Member"}]})
	rows := exec.roles with input as document
	rows == []
	lost := exec.dropped with input as document
	count(lost) == 3
	gaps := exec.incomplete with input as document
	gaps == {"roles": "there are rows without an id, or without a kind that is known"}
}

test_a_member_of_staff_of_whom_nothing_is_said if {
	person({}) == {
		"line": null, "id": null, "name": null, "emails": [], "aliases": [], "recorded_status": null,
		"status": "not_stated", "employment": "not_stated", "job_roles": [], "departments": [], "manager": null,
		"start_date": null, "last_day": null, "contract_end": null, "timezone": null,
	}
	said({"staff": [{}]}) == {
		"`staff`: no row has a status or a last day: this cannot show who has left",
		"`staff`, row 1: there is neither an address nor an employee id",
	}
}

test_staff_of_whom_it_is_not_said_who_left if {
	silent := printed({"staff": [{"id": "1"}, {"id": "2", "status": null}]})
	lacks := exec.unavailable with input as silent
	lacks == {"staff.exit", "staff.status"}
	every field in ["status", "last_day", "contract_end"] {
		document := printed({"staff": [{"id": "1"}, {"id": "2", field: "2026-10-30"}]})
		found := exec.unavailable with input as document
		found == set()
	}
}

test_what_is_said_of_staff_is_kept if {
	row := {
		"line": 3, "id": "007", "name": "Ada Example", "emails": ["ada@example.com"], "aliases": ["a@example.com"],
		"recorded_status": "Left", "status": "offboarded", "employment": "contractor", "job_roles": ["Sales rep"],
		"departments": ["Sales"], "manager": "001", "start_date": "2024-02-01", "last_day": "2026-10-30",
		"contract_end": "2026-12-31", "timezone": "Europe/Berlin",
	}
	person(row) == row
	said({"staff": [row]}) == set()
}

test_a_status_that_nobody_knows_is_never_current if {
	every value in ["left", "Offboarded", "active", "", true, false, 0, {}, []] {
		person({"status": value}).status == "unknown"
		count(said({"staff": [{"id": "1", "status": value}]})) == 1
	}
}

test_an_employment_that_nobody_knows_is_other if {
	person({"employment": "pirate"}).employment == "other"
	person({"employment": 7}).employment == "not_stated"
	said({"staff": [{"id": "1", "status": "current", "employment": "pirate"}]}) == {"`staff`: `employment` has the word `pirate`, which nobody knows"}
}

test_a_date_that_is_no_text_is_handed_on_to_be_said if {
	found := person({"last_day": 20261030, "start_date": {"day": 1}})
	[found.last_day, found.start_date] == ["20261030", "{\"day\":1}"]
	account({"created_at": 1764000000}).created_at == "1764000000"
	request({"state": "approved", "expires_at": 0}).expires_at == "0"
}

test_a_line_is_counted if {
	person({"line": -1}).line == null
	person({"line": 1.5}).line == null
	person({"line": "3"}).line == null
	person({"line": 0}).line == 0
}

test_a_request_covers_what_it_names if {
	request({"roles": ["Member", 5]}).roles == ["Member", "5"]
	request({}).roles == null
	request({"roles": null}).roles == null
	request({"roles": []}).roles == []
}

test_roles_that_cannot_be_read_are_not_all if {
	every value in ["Member", {}, 7, true, [null], [{"id": "r-1"}]] {
		request({"roles": value}).roles == []
	}
	said({"approvals": [{"id": "T-1", "system": "crm", "person": "1", "roles": "Member"}]}) == {"`approvals`: `roles` holds something that is not a list of ids"}
}

test_a_state_that_nobody_knows_approves_nothing if {
	request({"state": "approved"}).state == "approved"
	every value in ["done", "Approved", true, null] {
		request({"state": value}).state == "unknown"
	}
	request({}).state == "unknown"
}

test_a_request_for_nobody_is_dropped if {
	document := printed({"approvals": [{"id": "T-1", "system": "crm"}, {"id": "T-2", "person": "1"}, {"system": "crm", "person": "1"}, {"id": 4, "system": "crm", "person": 1}]})
	rows := exec.approvals with input as document
	[[row.id, row.person] | some row in rows] == [["4", "1"]]
	lost := exec.dropped with input as document
	count(lost) == 3
	gaps := exec.incomplete with input as document
	gaps == {}
}

test_the_system_may_be_left_out if {
	document := printed({"accounts": [{"id": "a-1"}]})
	found := exec.system with input as document
	found == {"tenant": null, "reader": {"id": null, "sees_all": "unknown"}}
	gaps := exec.incomplete with input as document
	gaps == {}
}

test_the_system_says_who_reads if {
	document := printed({"system": [{"tenant": "acme", "reader": {"id": 2, "sees_all": "yes"}}], "accounts": [{"id": "1"}, {"id": 2}, {"id": "3", "reader": "unknown"}]})
	found := exec.system with input as document
	found == {"tenant": "acme", "reader": {"id": "2", "sees_all": "yes"}}
	rows := exec.accounts with input as document
	[row.reader | some row in rows] == ["no", "yes", "unknown"]
	gaps := exec.incomplete with input as document
	gaps == {}
}

gap(reader) := gaps if {
	document := printed({"system": [{"reader": reader}], "accounts": [{"id": "1"}]})
	gaps := exec.incomplete with input as document
}

test_a_reader_who_may_not_see_everyone_proves_nothing if {
	gap({"sees_all": "no"}) == {"accounts": "the program says that its reader does not see every account"}
	gap({"sees_all": "unknown"}) == {"accounts": "the program says that its reader may not see every account"}
	gap({"sees_all": true}) == {"accounts": "the program says that its reader may not see every account"}
	gap({"id": "1"}) == {}
	gap("me") == {}
	said({"system": [{"reader": {"sees_all": true}}]}) == {"`system`: `reader` holds something that is not a reader"}
	said({"system": [{"reader": "me"}]}) == {"`system`: `reader` holds something that is not a reader"}
}

test_a_program_that_prints_no_accounts_says_nothing_of_them if {
	document := printed({"system": [{"reader": {"sees_all": "no"}}], "staff": [{"id": "1", "status": "current"}]})
	gaps := exec.incomplete with input as document
	gaps == {}
}
