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

# Rows of which nothing is to be said.
plain := {
	"accounts": {"id": "1"},
	"roles": {"id": "1", "kind": "role"},
	"staff": {"id": "1", "emails": ["ada@example.com"], "status": "current"},
	"approvals": {"id": "T-1", "system": "crm", "person": "1"},
	"system": {},
}

said_of(stream, row) := said({stream: [object.union(plain[stream], row)]})

test_every_word_of_the_snapshot_is_known if {
	levels := ["none", "partial", "full", "unknown"]
	answers := ["yes", "no", "unknown"]
	words := {
		"accounts": {
			"state": ["active", "invited", "inactive", "deleted", "unknown"],
			"kind": ["user", "service", "guest", "unknown"],
			"access": ["some", "none", "unknown"], "admin": levels, "mfa": answers, "reader": answers,
		},
		"roles": {"kind": both, "active": answers, "admin": levels},
		"staff": {
			"status": ["current", "not_started", "on_leave", "suspended", "offboarded", "not_stated", "unknown"],
			"employment": ["employee", "contractor", "intern", "other", "not_stated"],
		},
		"approvals": {"state": ["approved", "rejected", "pending", "unknown"]},
	}
	every stream, fields in words {
		every field, known in fields {
			every word in known {
				said_of(stream, {field: word}) == set()
			}
		}
	}
	every word in words.accounts.state { account({"state": word}).state == word }
	every word in words.staff.status { person({"status": word}).status == word }
	every word in words.approvals.state { request({"state": word}).state == word }
}

test_every_field_has_its_shape if {
	shapes := {
		"an id": {
			"accounts": ["id", "employee_id"], "roles": ["id", "parent"], "staff": ["id", "manager"],
			"approvals": ["id", "system", "person", "by"], "system": ["tenant"],
		},
		"a text": {
			"accounts": ["name", "email", "created_at"], "roles": ["name", "scope"], "approvals": ["approved_at", "expires_at"],
			"staff": ["name", "recorded_status", "start_date", "last_day", "contract_end", "timezone"],
		},
		"a list of texts": {
			"accounts": ["aliases", "permissions"], "roles": ["permissions"],
			"staff": ["emails", "aliases", "job_roles", "departments"],
		},
		"a list of ids": {"approvals": ["roles"]},
		"a list of holdings": {"accounts": ["roles"]},
		"a list of kinds": {"accounts": ["unread_roles"]},
		"a line": {"staff": ["line"], "approvals": ["line"]},
		"a login": {"accounts": ["last_login"]},
		"a reader": {"system": ["reader"]},
	}
	every shape, streams in shapes {
		every stream, fields in streams {
			every field in fields {
				every value in [true, {"id": {}}] {
					misshapen(stream, field, value) == {sprintf("`%s`: `%s` holds something that is not %s", [stream, field, shape])}
				}
			}
		}
	}
}

misshapen(stream, field, value) := said({stream: [object.union(object.remove(plain[stream], [field]), {field: value})]})

test_a_record_is_no_list if {
	fields := {"aliases": "texts", "permissions": "texts", "roles": "holdings", "unread_roles": "kinds"}
	every field, shape in fields {
		every value in [{}, {"a": "role"}] {
			misshapen("accounts", field, value) == {sprintf("`accounts`: `%s` holds something that is not a list of %s", [field, shape])}
		}
	}
	account({"permissions": {}}).permissions == null
	every value in [{}, {"a": "Member"}] {
		misshapen("approvals", "roles", value) == {"`approvals`: `roles` holds something that is not a list of ids"}
	}
}

test_a_fraction_is_no_id_and_that_is_said if {
	every field in ["employee_id", "id"] {
		misshapen("accounts", field, 4.9) == {sprintf("`accounts`: `%s` holds something that is not an id", [field])}
	}
}

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
	account({"aliases": ["a@example.com", 7, null]}).aliases == ["a@example.com"]
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
	account({"roles": [], "unread_roles": null}).unread_roles == []
}

test_a_login_needs_its_time if {
	unknown := {"state": "unknown", "at": null}
	every value in ["2026-11-20T07:15:00Z", {"state": "known"}, {"state": "known", "at": null}, {"state": "known", "at": ""}, {"at": "2026-11-20"}, {"state": "yesterday"}, [], false] {
		account({"last_login": value}).last_login == unknown
		said({"accounts": [{"id": "a-1", "last_login": value}]}) == {"`accounts`: `last_login` holds something that is not a login"}
	}
	every word in ["never", "unknown"] {
		account({"last_login": {"state": word}}).last_login == {"state": word, "at": null}
		said({"accounts": [{"id": "a-1", "last_login": {"state": word}}]}) == set()
	}
}

test_an_account_without_an_id_is_lost_and_the_list_not_whole if {
	rows := [{"id": "a-1"}, {"name": "Ada"}, {"id": null}, {"id": " "}, {"id": 4.9}, {"id": true}]
	document := printed({"accounts": rows})
	kept := exec.accounts with input as document
	count(kept) == 1
	lost := exec.dropped with input as document
	lost == {{"stream": "accounts", "key": sprintf("row %d", [n]), "reason": "no id"} | some n in [2, 3, 4, 5, 6]}
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
	document := printed({"roles": [plain.roles, {"id": "r-1"}, {"id": "r-2", "kind": "group"}, {"kind": "role", "name": "Member"}]})
	rows := exec.roles with input as document
	[row.id | some row in rows] == ["1"]
	lost := exec.dropped with input as document
	lost == {{"stream": "roles", "key": sprintf("row %d", [n]), "reason": "no id, or no kind that is known"} | some n in [2, 3, 4]}
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

test_an_address_or_an_id_is_enough_to_be_found if {
	every row in [{"id": "1"}, {"emails": ["ada@example.com"]}, {"aliases": ["ada@example.com"]}, {"emails": ["ada@example.com"], "aliases": ["a@example.com"]}] {
		said({"staff": [object.union(row, {"status": "current"})]}) == set()
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

test_what_is_said_of_a_request_is_kept if {
	row := {
		"line": 3, "id": "T-1", "system": "crm", "person": "ada@example.com", "roles": ["Member"], "state": "approved",
		"by": "ben@example.com", "approved_at": "2026-11-01", "expires_at": "2026-12-31",
	}
	request(row) == row
	said({"approvals": [row]}) == set()
}

test_a_request_covers_what_it_names if {
	said_of("approvals", {"roles": ["Member", 5]}) == set()
	request({"roles": ["Member", 5]}).roles == ["Member", "5"]
	request({}).roles == null
	request({"roles": null}).roles == null
	request({"roles": []}).roles == []
}

test_roles_that_cannot_be_read_are_not_all if {
	every value in ["Member", {}, 7, true, [null], [{"id": "r-1"}]] {
		request({"roles": value}).roles == []
	}
	every value in ["Member", [null], ["Member", 4.9]] {
		said_of("approvals", {"roles": value}) == {"`approvals`: `roles` holds something that is not a list of ids"}
	}
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
	lost == {{"stream": "approvals", "key": sprintf("row %d", [n]), "reason": "no ticket, system or person"} | some n in [1, 2, 3]}
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
}

test_a_reader_is_an_id_and_whether_it_sees_everyone if {
	every word in ["yes", "no", "unknown", null] {
		every id in ["u-1", 7, null] {
			said({"system": [{"reader": {"id": id, "sees_all": word}}]}) == set()
		}
	}
	every value in ["me", {"sees_all": true}, {"sees_all": "all"}, {"id": "u-1", "sees_all": "all"}, {"id": " ", "sees_all": "yes"}, {"id": 4.9}] {
		said({"system": [{"reader": value}]}) == {"`system`: `reader` holds something that is not a reader"}
	}
}

test_a_program_that_prints_no_accounts_says_nothing_of_them if {
	every word in ["no", "unknown"] {
		document := printed({"system": [{"reader": {"sees_all": word}}], "staff": [plain.staff]})
		gaps := exec.incomplete with input as document
		gaps == {}
	}
}
