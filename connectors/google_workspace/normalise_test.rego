package connectors.google_workspace_test

import data.connectors.google_workspace

params := {
	"customer": "my_customer", "suspended": "unknown", "archived": "unknown", "leavers_org_unit": "",
	"not_staff_org_unit": "",
}

options := {"guests": false, "employee_id_required": false}

# An active user; cases say what is different.
usual := {
	"id": "101", "customerId": "C01example", "primaryEmail": "ada@example.com", "name": {"fullName": "Ada Example"},
	"aliases": ["a.example@example.com"], "nonEditableAliases": ["ada@example.com.test"], "suspended": false,
	"archived": false, "orgUnitPath": "/Staff/Sales", "isGuestUser": false,
	"organizations": [{"title": "Manager, Sales", "department": "Sales", "description": "Employee", "primary": true}],
	"externalIds": [{"type": "organization", "value": "E-1"}],
	"relations": [{"type": "manager", "value": "cleo@example.com"}],
}

leaver := object.union(usual, {
	"id": "202", "primaryEmail": "ben@example.com", "name": {"fullName": "Ben Example"}, "aliases": [],
	"nonEditableAliases": [], "deletionTime": "2026-11-10T09:30:00.000Z", "externalIds": [],
})

read(users, deleted, set, on) := {
	"streams": {"users": users, "deleted": deleted},
	"states": {"users": "complete", "deleted": "complete"},
	"params": object.union(params, set),
	"options": object.union(options, on),
}

one(fields, set) := read([object.union(usual, fields)], [], set, {})

without(keys) := read([object.remove(usual, keys)], [], {}, {})

test_a_usual_row_has_every_field if {
	document := one({}, {})
	rows := google_workspace.staff with input as document
	rows == [{
		"line": null, "id": "E-1", "name": "Ada Example", "emails": ["ada@example.com"],
		"aliases": ["a.example@example.com", "ada@example.com.test"], "recorded_status": "active",
		"status": "current", "employment": "employee", "job_roles": ["Manager, Sales"], "departments": ["Sales"],
		"manager": "cleo@example.com", "start_date": null, "last_day": null, "contract_end": null, "timezone": null,
	}]
	said := google_workspace.notices with input as document
	said == set()
	gaps := google_workspace.incomplete with input as document
	gaps == {}
}

test_suspended_and_archived_are_no_proof_of_an_exit if {
	every word, fields in {"suspended": {"suspended": true, "suspensionReason": "ADMIN"}, "archived": {"archived": true}} {
		document := one(fields, {})
		rows := google_workspace.staff with input as document
		rows[0].status == "unknown"
		rows[0].recorded_status == word
		said := google_workspace.notices with input as document
		said["suspended or archived users of whom Google does not say whether they have left: 1; set `suspended` and `archived` under `params`, or `leavers_org_unit`"]
	}
}

test_what_they_mean_is_the_organisations_word if {
	every flag in ["suspended", "archived"] {
		every word in ["suspended", "on_leave", "offboarded"] {
			document := one({flag: true}, {flag: word})
			rows := google_workspace.staff with input as document
			rows[0].status == word
			said := google_workspace.notices with input as document
			said == set()
		}
	}
}

test_one_flag_is_not_explained_by_the_other if {
	suspended := one({"suspended": true}, {"archived": "offboarded"})
	rows := google_workspace.staff with input as suspended
	rows[0].status == "unknown"
	archived := one({"archived": true}, {"suspended": "offboarded"})
	again := google_workspace.staff with input as archived
	again[0].status == "unknown"
}

test_of_two_flags_the_surer_exit_counts if {
	every row in [
		["offboarded", "on_leave", "offboarded"], ["on_leave", "offboarded", "offboarded"],
		["offboarded", "unknown", "offboarded"], ["unknown", "offboarded", "offboarded"],
		["unknown", "on_leave", "unknown"], ["on_leave", "unknown", "unknown"], ["suspended", "on_leave", "suspended"],
	] {
		document := one({"suspended": true, "archived": true}, {"archived": row[0], "suspended": row[1]})
		rows := google_workspace.staff with input as document
		rows[0].status == row[2]
		rows[0].recorded_status == "archived"
	}
}

test_what_google_suspends_says_nothing_of_a_job if {
	every reason in ["ABUSE", "WEB_LOGIN_REQUIRED", "UNDER13", "NEW_WORD", "admin", 7] {
		every word in ["on_leave", "offboarded"] {
			document := one({"suspended": true, "suspensionReason": reason}, {"suspended": word})
			rows := google_workspace.staff with input as document
			rows[0].status == "unknown"
		}
	}
	every reason in [null, "", "ADMIN"] {
		document := one({"suspended": true, "suspensionReason": reason}, {"suspended": "offboarded"})
		rows := google_workspace.staff with input as document
		rows[0].status == "offboarded"
	}
}

test_a_flag_that_is_none_is_unknown_and_never_current if {
	every fields in [{"suspended": null}, {"suspended": "false"}, {"suspended": 0}, {"archived": null}, {"archived": "false"}, {"archived": []}] {
		document := one(fields, {"suspended": "offboarded", "archived": "offboarded"})
		rows := google_workspace.staff with input as document
		rows[0].status == "unknown"
		rows[0].recorded_status == null
		said := google_workspace.notices with input as document
		said == {"users without a `suspended` or `archived` that could be read: 1; their status is unknown"}
	}
	absent := without(["suspended"])
	rows := google_workspace.staff with input as absent
	rows[0].status == "unknown"
}

test_an_absent_archived_is_false if {
	document := without(["archived"])
	rows := google_workspace.staff with input as document
	rows[0].status == "current"
	rows[0].recorded_status == "active"
}

test_the_unit_of_leavers_is_the_organisations_word if {
	every path in ["/Former staff", "/former Staff/2026", "/Former staff/"] {
		every unit in ["/Former staff", "Former staff", "/Former staff/", " /Former staff "] {
			document := one({"orgUnitPath": path}, {"leavers_org_unit": unit})
			rows := google_workspace.staff with input as document
			rows[0].status == "offboarded"
			rows[0].recorded_status == "active"
		}
	}
	every path in ["/Staff", "/Former staff of ours", "/Staff/Former staff", "/", null, 7] {
		document := one({"orgUnitPath": path}, {"leavers_org_unit": "/Former staff"})
		rows := google_workspace.staff with input as document
		rows[0].status == "current"
	}
}

# Slashes around a name are no part of it, and every letter is.
test_a_unit_is_known_by_its_whole_name if {
	every unit in ["/Left", "left/", "tnt", "/tnt"] {
		path := concat("", ["/", trim(unit, "/")])
		document := one({"orgUnitPath": path}, {"leavers_org_unit": unit})
		rows := google_workspace.staff with input as document
		rows[0].status == "offboarded"
	}
}

test_the_unit_of_leavers_is_before_the_flags if {
	document := one({"orgUnitPath": "/Former staff", "suspended": true, "suspensionReason": "ABUSE"}, {"leavers_org_unit": "/Former staff"})
	rows := google_workspace.staff with input as document
	rows[0].status == "offboarded"
}

test_the_root_names_nobody if {
	every unit in ["", "/", " ", "//"] {
		document := one({}, {"leavers_org_unit": unit, "not_staff_org_unit": unit})
		rows := google_workspace.staff with input as document
		rows[0].status == "current"
		said := google_workspace.notices with input as document
		said == set()
	}
}

test_a_unit_that_nobody_is_in_is_said if {
	document := one({}, {"leavers_org_unit": "/Formar staff"})
	said := google_workspace.notices with input as document
	said == {"no user is in the organisational unit `/Formar staff`, which `leavers_org_unit` names"}
	other := one({}, {"not_staff_org_unit": "Robots"})
	said_of_other := google_workspace.notices with input as other
	said_of_other == {"no user is in the organisational unit `Robots`, which `not_staff_org_unit` names"}
}

test_a_parameter_that_is_not_there_names_no_unit if {
	document := object.union(object.remove(one({}, {}), ["params"]), {"params": {"customer": "my_customer", "suspended": "unknown", "archived": "unknown"}})
	rows := google_workspace.staff with input as document
	[row.status | some row in rows] == ["current"]
	said := google_workspace.notices with input as document
	said == set()
}

test_the_unit_of_robots_is_left_out if {
	robot := object.union(usual, {"id": "9", "orgUnitPath": "/Service accounts/CI"})
	gone := object.union(leaver, {"orgUnitPath": "/Service accounts"})
	document := read([usual, robot], [gone], {"not_staff_org_unit": "/Service accounts"}, {})
	rows := google_workspace.staff with input as document
	count(rows) == 1
	left := google_workspace.dropped with input as document
	left == {
		{"stream": "users", "key": "9", "reason": "it is in the organisational unit that `not_staff_org_unit` names"},
		{"stream": "deleted", "key": "202", "reason": "it is in the organisational unit that `not_staff_org_unit` names"},
	}
}

test_guests_are_left_out if {
	document := one({"isGuestUser": true}, {})
	rows := google_workspace.staff with input as document
	rows == []
	gone := google_workspace.dropped with input as document
	gone == {{"stream": "users", "key": "101", "reason": "it is a guest"}}
	asked := read([object.union(usual, {"isGuestUser": true})], [], {}, {"guests": true})
	kept := google_workspace.staff with input as asked
	kept[0].status == "current"
	absent := without(["isGuestUser"])
	people := google_workspace.staff with input as absent
	count(people) == 1
}

test_deleted_is_left if {
	document := read([usual], [leaver], {}, {})
	rows := google_workspace.staff with input as document
	rows[1].status == "offboarded"
	rows[1].recorded_status == "deleted"
	rows[1].last_day == null
	rows[1].emails == ["ben@example.com"]
}

test_who_is_in_both_streams_has_left if {
	document := read([usual], [object.union(usual, {"deletionTime": "2026-11-23T12:00:00.000Z"})], {}, {})
	rows := google_workspace.staff with input as document
	[row.status | some row in rows] == ["offboarded"]
	gone := google_workspace.dropped with input as document
	gone == {{"stream": "users", "key": "101", "reason": "it was deleted while the users were read"}}
}

test_of_a_user_who_was_made_again_the_deleted_one_is_left_out if {
	document := read([usual], [object.union(leaver, {"primaryEmail": "ADA@example.com", "name": {"fullName": "ada example"}})], {}, {})
	rows := google_workspace.staff with input as document
	[row.status | some row in rows] == ["current"]
	gone := google_workspace.dropped with input as document
	gone == {{"stream": "deleted", "key": "202", "reason": "it was deleted, and another user has its address and name"}}
}

test_a_leaver_whose_address_somebody_else_has_now_is_kept if {
	reused := read([usual], [object.union(leaver, {"primaryEmail": "ada@example.com"})], {}, {})
	rows := google_workspace.staff with input as reused
	count(rows) == 2
	namesake := read([usual], [object.union(leaver, {"name": usual.name})], {}, {})
	others := google_workspace.staff with input as namesake
	count(others) == 2
	forwarded := read([object.union(usual, {"aliases": ["ben@example.com"]})], [leaver], {}, {})
	people := google_workspace.staff with input as forwarded
	count(people) == 2
	guest := object.union(usual, {"id": "9", "primaryEmail": "ben@example.com", "name": {"fullName": "Ben Example"}, "isGuestUser": true})
	third := read([usual, guest], [leaver], {}, {})
	kept := google_workspace.staff with input as third
	[row.status | some row in kept] == ["current", "offboarded"]
}

test_employee_ids if {
	cases := [
		[[{"type": "organization", "value": "007"}], "007"],
		[[{"type": "organization", "value": "E-1"}, {"type": "account", "value": "x"}, {"type": "organization", "value": "E-1"}], "E-1"],
		[[{"type": "organization", "value": "E-1"}, {"type": "organization", "value": "E-2"}], null],
		[[{"type": "network", "value": "E-1"}], null],
		[[{"type": "organization", "value": ""}, "x", null], null],
		[[{"type": "organization", "value": 12}], "12"],
		[[{"type": "organization", "value": ""}, {"type": "organization", "value": "E-1"}], "E-1"],
		[null, null],
		["E-1", null],
	]
	every row in cases {
		document := one({"externalIds": row[0]}, {})
		rows := google_workspace.staff with input as document
		rows[0].id == row[1]
	}
	absent := without(["externalIds"])
	rows := google_workspace.staff with input as absent
	rows[0].id == null
}

test_users_without_an_id_are_left_out_where_it_is_asked_for if {
	robot := object.union(usual, {"id": "9", "externalIds": []})
	document := read([usual, robot], [leaver], {}, {"employee_id_required": true})
	rows := google_workspace.staff with input as document
	count(rows) == 1
	gone := google_workspace.dropped with input as document
	gone == {
		{"stream": "users", "key": "9", "reason": "it has no employee id"},
		{"stream": "deleted", "key": "202", "reason": "it has no employee id"},
	}
}

test_the_words_for_employments_are_known if {
	words := {
		"Employee": "employee", "Full-Time": "employee", "full time": "employee", "Part-time": "employee",
		"part time": "employee", "Permanent": "employee", "regular": "employee", "FTE": "employee", "staff": "employee",
		"Contractor": "contractor", "contract": "contractor", "Consultant": "contractor", "freelancer": "contractor",
		"External": "contractor", "contingent": "contractor", "Contingent Worker": "contractor", "vendor": "contractor",
		"INTERN": "intern", "trainee": "intern", "Apprentice": "intern", "Working student": "intern", "Head office": "not_stated",
	}
	every word, expected in words {
		document := one({"organizations": [{"description": word}]}, {})
		rows := google_workspace.staff with input as document
		rows[0].employment == expected
	}
}

test_several_organisations_are_all_read if {
	document := one({"organizations": [{"title": "Nurse", "department": "Care"}, {"title": " ", "department": null}, {"title": "Trainer"}, "x", null]}, {})
	rows := google_workspace.staff with input as document
	rows[0].job_roles == ["Nurse", "Trainer"]
	rows[0].departments == ["Care"]
	rows[0].employment == "not_stated"
}

test_a_fraction_is_no_employee_id if {
	document := one({"externalIds": [{"type": "organization", "value": 4.9}]}, {})
	rows := google_workspace.staff with input as document
	{row.id | some row in rows} & {"4", "5"} == set()
}

test_a_user_whose_id_cannot_be_read_is_kept if {
	document := read([object.union(usual, {"id": null})], [{"id": null}], {}, {})
	rows := google_workspace.staff with input as document
	[row.status | some row in rows] == ["current", "offboarded"]
}

test_nothing_but_an_id if {
	document := read([{"id": "5"}], [{"id": "6", "name": "x", "aliases": null, "relations": {}}], {}, {})
	rows := google_workspace.staff with input as document
	[row.status | some row in rows] == ["unknown", "offboarded"]
	[row.emails | some row in rows] == [[], []]
	[row.name | some row in rows] == [null, null]
	[row.manager | some row in rows] == [null, null]
	said := google_workspace.notices with input as document
	said["`5`: there is no address and no employee id: no account is theirs"]
}

test_aliases_that_are_no_text if {
	document := one({"aliases": [null, 7, "b@example.com"], "nonEditableAliases": "c@example.com"}, {})
	rows := google_workspace.staff with input as document
	rows[0].aliases == ["b@example.com"]
}

test_a_list_of_two_customers_is_that_of_none if {
	mixed := read([usual, object.union(usual, {"id": "7", "customerId": "C02example"})], [], {}, {})
	gaps := google_workspace.incomplete with input as mixed
	gaps.staff == "the users are of several customers"
	across := read([usual], [object.union(leaver, {"customerId": "C02example"})], {}, {})
	more := google_workspace.incomplete with input as across
	more.staff
}

test_the_customer_that_is_named_must_be_the_one_that_answers if {
	other := one({}, {"customer": "C02example"})
	gaps := google_workspace.incomplete with input as other
	gaps.staff == "the users are of another customer than `customer` names"
	every name in ["c01example", "C01EXAMPLE"] {
		same := one({}, {"customer": name})
		none := google_workspace.incomplete with input as same
		none == {}
	}
	silent := read([usual, object.union(usual, {"id": "7", "customerId": null})], [], {}, {})
	nothing := google_workspace.incomplete with input as silent
	nothing == {}
}

test_only_what_is_so_is_said if {
	every fields in [{"primaryEmail": null}, {"externalIds": null}] {
		document := one(fields, {})
		said := google_workspace.notices with input as document
		said == set()
	}
	somebody := one({"orgUnitPath": "/Former staff"}, {"leavers_org_unit": "/Former staff"})
	said := google_workspace.notices with input as somebody
	said == set()
}

test_users_that_cannot_be_compared_are_both_kept if {
	every fields in [{"primaryEmail": "x@example.com"}, {"name": {"fullName": "Ada Example"}}, {}] {
		document := read([object.union(fields, {"id": "1"})], [object.union(fields, {"id": "2"})], {}, {})
		rows := google_workspace.staff with input as document
		count(rows) == 2
	}
}

test_the_manager_is_the_relation_of_that_type if {
	document := one({"relations": ["x", {"type": "spouse", "value": "x@home.example"}, {"type": "manager", "value": " "}, {"type": "manager", "value": "ben@example.com"}]}, {})
	rows := google_workspace.staff with input as document
	rows[0].manager == "ben@example.com"
	nobody := one({"relations": [{"type": "spouse", "value": "x@home.example"}]}, {})
	again := google_workspace.staff with input as nobody
	again[0].manager == null
}
