package connectors.okta_test

import data.connectors.okta

params := {"suspended": "unknown", "start_date_attribute": "", "last_day_attribute": "", "org": "acme-example"}

options := {"employee_id_required": false, "second_email": false}

dated := {"start_date_attribute": "startDate", "last_day_attribute": "lastDay"}

# An active user; cases say what is different.
usual := {
	"id": "00u1", "status": "ACTIVE", "statusChanged": "2026-11-02T16:00:00.000Z",
	"profile": {
		"login": "ada@example.com", "email": "ada@example.com", "secondEmail": "ada@home.example", "firstName": "Ada",
		"lastName": "Example", "displayName": null, "employeeNumber": "E-1", "title": "Manager, Sales",
		"department": "Sales", "managerId": "E-2", "userType": "Employee", "timezone": "Europe/Berlin",
	},
}

read(users, set, on) := {
	"streams": {"users": users},
	"states": {"users": "complete"},
	"params": object.union(params, set),
	"options": object.union(options, on),
}

user(fields, profile) := object.union(usual, object.union(fields, {"profile": profile}))

one(fields, profile) := read([user(fields, profile)], {}, {})

test_a_usual_row_has_every_field if {
	document := one({}, {})
	rows := okta.staff with input as document
	rows == [{
		"line": null, "id": "E-1", "name": "Ada Example", "emails": ["ada@example.com"], "aliases": [],
		"recorded_status": "ACTIVE", "status": "current", "employment": "employee", "job_roles": ["Manager, Sales"],
		"departments": ["Sales"], "manager": "E-2", "start_date": null, "last_day": null, "contract_end": null,
		"timezone": "Europe/Berlin",
	}]
	said := okta.notices with input as document
	said == set()
}

test_every_word_of_the_vendor if {
	words := {
		"ACTIVE": "current", "PASSWORD_EXPIRED": "current", "LOCKED_OUT": "current", "RECOVERY": "current",
		"STAGED": "not_started", "PROVISIONED": "not_started", "SUSPENDED": "unknown", "DEPROVISIONED": "offboarded",
	}
	every word, expected in words {
		document := one({"status": word}, {})
		rows := okta.staff with input as document
		rows[0].status == expected
		rows[0].recorded_status == word
	}
}

test_a_word_that_nobody_knows_is_unknown_and_said if {
	empty := one({"status": ""}, {})
	silent := okta.staff with input as empty
	silent[0].recorded_status == null
	every word in ["active", "Active ", "DELETED", ""] {
		document := one({"status": word}, {})
		rows := okta.staff with input as document
		rows[0].status == "unknown"
		said := okta.notices with input as document
		said[sprintf("`00u1`: the status `%s` is a word that nobody knows", [word])]
	}
}

test_no_word_is_unknown_and_never_current if {
	absent := object.remove(usual, ["status"])
	every row in [absent, object.union(usual, {"status": null}), object.union(usual, {"status": true}), object.union(usual, {"status": ["ACTIVE"]})] {
		document := read([row], {}, {})
		rows := okta.staff with input as document
		rows[0].status == "unknown"
		rows[0].recorded_status == null
		said := okta.notices with input as document
		said == {"users without a status that could be read: 1"}
	}
}

test_what_a_suspension_means_is_the_organisations_word if {
	every word in ["suspended", "on_leave", "offboarded"] {
		document := read([user({"status": "SUSPENDED"}, {})], {"suspended": word}, {})
		rows := okta.staff with input as document
		rows[0].status == word
		said := okta.notices with input as document
		said == set()
	}
}

test_a_suspension_that_nobody_explained_is_said if {
	document := one({"status": "SUSPENDED"}, {})
	said := okta.notices with input as document
	said["suspended users of whom Okta does not say whether they have left: 1; set `suspended` under `params`"]
}

test_the_last_day_of_somebody_suspended_decides if {
	document := read([user({"status": "SUSPENDED"}, {"lastDay": "2026-10-30"})], dated, {})
	rows := okta.staff with input as document
	rows[0].status == "not_stated"
	rows[0].last_day == "2026-10-30"
}

test_the_last_day_of_this_employment_decides if {
	every first in ["2025-01-01", "2026-10-30"] {
		document := read([user({"status": "SUSPENDED"}, {"lastDay": "2026-10-30", "startDate": first})], dated, {})
		rows := okta.staff with input as document
		rows[0].status == "not_stated"
	}
}

test_the_last_day_of_an_earlier_employment_decides_nothing if {
	document := read([user({"status": "SUSPENDED"}, {"lastDay": "2024-10-30", "startDate": "2025-01-01"})], dated, {})
	rows := okta.staff with input as document
	rows[0].status == "unknown"
}

test_a_last_day_that_cannot_be_compared_decides_nothing if {
	every day in ["30.10.2026", "soon", 1764000000, true] {
		document := read([user({"status": "SUSPENDED"}, {"lastDay": day})], dated, {})
		rows := okta.staff with input as document
		rows[0].status == "unknown"
	}
}

test_days_are_read_from_the_attributes_that_are_named if {
	document := read([user({}, {"startDate": "2025-03-01", "lastDay": " 2026-12-31 "})], dated, {})
	rows := okta.staff with input as document
	rows[0].start_date == "2025-03-01"
	rows[0].last_day == "2026-12-31"
	said := okta.notices with input as document
	said == set()
	lacks := okta.unavailable with input as document
	lacks == set()
}

test_without_a_named_attribute_no_last_day_is_known if {
	document := one({}, {"terminationDate": "2026-10-30"})
	rows := okta.staff with input as document
	rows[0].last_day == null
	lacks := okta.unavailable with input as document
	lacks == {"staff.exit"}
}

test_an_attribute_that_nobody_has_is_said if {
	document := read([usual], {"last_day_attribute": "lastDya"}, {})
	said := okta.notices with input as document
	said == {"no user has the profile attribute `lastDya`, which `last_day_attribute` names"}
	other := read([usual], {"start_date_attribute": "startDat"}, {})
	said_of_other := okta.notices with input as other
	said_of_other == {"no user has the profile attribute `startDat`, which `start_date_attribute` names"}
}

test_a_parameter_that_is_not_there_names_no_attribute if {
	document := object.union(object.remove(one({}, {}), ["params"]), {"params": {"suspended": "unknown"}})
	rows := okta.staff with input as document
	[rows[0].start_date, rows[0].last_day] == [null, null]
	said := okta.notices with input as document
	said == set()
	lacks := okta.unavailable with input as document
	lacks == {"staff.exit"}
}

test_of_somebody_who_works_here_no_missing_day_is_said if {
	document := read([user({}, {"lastDay": "2027-06-30"}), user({"id": "00u2"}, {})], {"last_day_attribute": "lastDay"}, {})
	said := okta.notices with input as document
	said == set()
}

test_a_date_that_is_no_text_is_not_nothing if {
	every value in [true, ["2026-10-30"], {"day": 1}, 1.5] {
		document := read([user({}, {"lastDay": value})], dated, {})
		rows := okta.staff with input as document
		rows[0].last_day == "(no text)"
	}
	number := read([user({}, {"lastDay": 1764000000})], dated, {})
	rows := okta.staff with input as number
	rows[0].last_day == "1764000000"
	every value in [null, "", "  "] {
		document := read([user({}, {"lastDay": value})], dated, {})
		people := okta.staff with input as document
		people[0].last_day == null
	}
}

test_a_leaver_keeps_a_last_day_before_the_deactivation if {
	every day in ["2026-10-30", "2026-11-02", "2026-11-02T17:00:00Z"] {
		document := read([user({"status": "DEPROVISIONED"}, {"lastDay": day})], {"last_day_attribute": "lastDay"}, {})
		rows := okta.staff with input as document
		rows[0].status == "offboarded"
		rows[0].last_day == day
		said := okta.notices with input as document
		said == set()
	}
}

test_a_planned_last_day_does_not_bring_a_leaver_back if {
	every day in ["2026-11-03", "2027-06-30", "30.10.2026", "soon"] {
		document := read([user({"status": "DEPROVISIONED"}, {"lastDay": day})], dated, {})
		rows := okta.staff with input as document
		rows[0].status == "offboarded"
		rows[0].last_day == null
		said := okta.notices with input as document
		said[sprintf("`00u1`: the last day `%s` lies behind the deactivation or cannot be held against it, and is not read", [day])]
	}
	every moment in [null, "", 7] {
		document := read([user({"status": "DEPROVISIONED", "statusChanged": moment}, {"lastDay": "2026-10-30"})], dated, {})
		rows := okta.staff with input as document
		rows[0].last_day == null
	}
}

test_a_suspension_that_means_an_exit_is_one_of_that_day if {
	set := object.union(dated, {"suspended": "offboarded"})
	ahead := read([user({"status": "SUSPENDED"}, {"lastDay": "2027-06-30"})], set, {})
	rows := okta.staff with input as ahead
	rows[0].status == "offboarded"
	rows[0].last_day == null
	before := read([user({"status": "SUSPENDED"}, {"lastDay": "2026-10-30"})], set, {})
	again := okta.staff with input as before
	again[0].last_day == "2026-10-30"
}

test_the_day_of_the_deactivation_is_nobodys_last_day if {
	document := one({"status": "DEPROVISIONED"}, {})
	rows := okta.staff with input as document
	rows[0].last_day == null
}

test_the_account_s_own_dates_are_no_first_day if {
	document := one({"created": "2024-01-01T00:00:00.000Z", "activated": "2024-01-02T00:00:00.000Z"}, {})
	rows := okta.staff with input as document
	rows[0].start_date == null
}

test_a_login_that_is_another_address_is_an_alias if {
	document := one({}, {"login": "a.example@example.com"})
	rows := okta.staff with input as document
	rows[0].emails == ["ada@example.com"]
	rows[0].aliases == ["a.example@example.com"]
}

test_a_login_that_is_no_address_is_none if {
	document := one({}, {"login": "ada"})
	rows := okta.staff with input as document
	rows[0].aliases == []
}

test_without_an_address_the_login_is_it if {
	every address in [null, "", 7.5] {
		document := one({}, {"email": address})
		rows := okta.staff with input as document
		rows[0].emails == ["ada@example.com"]
		rows[0].aliases == []
	}
}

test_the_second_address_only_where_it_is_asked_for if {
	document := read([usual], {}, {"second_email": true})
	rows := okta.staff with input as document
	rows[0].aliases == ["ada@home.example"]
}

test_a_user_without_a_profile_is_kept if {
	every profile in [null, "none", []] {
		document := read([object.union(object.remove(usual, ["profile"]), {"profile": profile})], {}, {})
		rows := okta.staff with input as document
		rows[0].emails == []
		rows[0].name == null
		rows[0].id == null
		rows[0].employment == "not_stated"
		rows[0].status == "current"
		said := okta.notices with input as document
		said["`00u1`: there is neither an address nor an employee number: no account is theirs"]
	}
}

test_a_display_name_comes_first if {
	document := one({}, {"displayName": "Ada E."})
	rows := okta.staff with input as document
	rows[0].name == "Ada E."
}

test_an_employee_number_may_be_a_number if {
	document := one({}, {"employeeNumber": 1042})
	rows := okta.staff with input as document
	rows[0].id == "1042"
	zeros := one({}, {"employeeNumber": "007"})
	again := okta.staff with input as zeros
	again[0].id == "007"
}

test_okta_s_own_id_is_no_employee_number if {
	document := one({}, {"employeeNumber": null})
	rows := okta.staff with input as document
	rows[0].id == null
}

test_the_words_for_employments_are_known if {
	words := {
		"Employee": "employee", "Full-Time": "employee", "full time": "employee", "Part-time": "employee",
		"part time": "employee", "Permanent": "employee", "regular": "employee", "FTE": "employee", "staff": "employee",
		"Contractor": "contractor", "contract": "contractor", "Consultant": "contractor", "freelancer": "contractor",
		"External": "contractor", "contingent": "contractor", "Contingent Worker": "contractor", "vendor": "contractor",
		"INTERN": "intern", "trainee": "intern", "Apprentice": "intern", "Working student": "intern", "Pirate": "other",
	}
	every word, expected in words {
		document := one({}, {"userType": word})
		rows := okta.staff with input as document
		rows[0].employment == expected
	}
	none := one({}, {"userType": null})
	rows := okta.staff with input as none
	rows[0].employment == "not_stated"
}

test_a_manager_s_number_before_the_name if {
	named := one({}, {"managerId": null, "manager": "ben@example.com"})
	rows := okta.staff with input as named
	rows[0].manager == "ben@example.com"
	nobody := one({}, {"managerId": null})
	again := okta.staff with input as nobody
	again[0].manager == null
}

test_nobody_is_left_out_unasked if {
	document := read([usual, object.union(usual, {"id": "00u2", "profile": {"employeeNumber": ""}})], {}, {})
	rows := okta.staff with input as document
	count(rows) == 2
	gone := okta.dropped with input as document
	gone == set()
}

test_users_without_a_number_are_left_out_where_it_is_asked_for if {
	robot := object.union(usual, {"id": "00u2", "profile": {"employeeNumber": " "}})
	document := read([usual, robot], {}, {"employee_id_required": true})
	rows := okta.staff with input as document
	count(rows) == 1
	gone := okta.dropped with input as document
	gone == {{"stream": "users", "key": "00u2", "reason": "it has no employee number"}}
}

test_of_a_user_who_was_made_again_the_old_one_is_left_out if {
	old := user({"id": "00u0", "status": "DEPROVISIONED"}, {"email": "Ada@example.com", "employeeNumber": "X-9"})
	document := read([old, usual], {}, {})
	rows := okta.staff with input as document
	[row.status | some row in rows] == ["current"]
	gone := okta.dropped with input as document
	gone == {{"stream": "users", "key": "00u0", "reason": "it is deactivated, and another user has its address and name"}}
}

test_a_leaver_whose_address_somebody_else_has_now_is_kept if {
	old := user({"id": "00u0", "status": "DEPROVISIONED"}, {"firstName": "Adam"})
	both := read([old, usual], {}, {})
	rows := okta.staff with input as both
	count(rows) == 2
	alias := user({}, {"email": "ben@example.com", "displayName": "Ada Example"})
	other := read([user({"id": "00u0", "status": "DEPROVISIONED"}, {}), alias], {}, {})
	again := okta.staff with input as other
	count(again) == 2
	nameless := {"id": "00u8", "status": "ACTIVE"}
	gone := {"id": "00u9", "status": "DEPROVISIONED"}
	unnamed := read([nameless, gone], {}, {})
	third := okta.staff with input as unnamed
	count(third) == 2
}

test_users_that_cannot_be_compared_are_both_kept if {
	every profile in [{"email": "x@example.com"}, {"displayName": "Ada Example"}, {}] {
		document := read([{"id": "1", "status": "ACTIVE", "profile": profile}, {"id": "2", "status": "DEPROVISIONED", "profile": profile}], {}, {})
		rows := okta.staff with input as document
		count(rows) == 2
	}
}

test_an_address_or_a_number_is_enough_to_be_found if {
	every profile in [{"email": null, "login": "ada"}, {"employeeNumber": null}] {
		document := one({}, profile)
		said := okta.notices with input as document
		said == set()
	}
	out := read([usual, {"id": "2", "status": "ACTIVE"}], {}, {"employee_id_required": true})
	said := okta.notices with input as out
	said == set()
}

test_what_is_not_said_is_none if {
	document := one({}, {"title": null, "department": " "})
	rows := okta.staff with input as document
	[rows[0].job_roles, rows[0].departments] == [[], []]
}

test_a_user_whose_id_cannot_be_read_is_kept if {
	every word, expected in {"ACTIVE": "current", "DEPROVISIONED": "offboarded"} {
		document := read([{"id": null, "status": word}], {}, {})
		rows := okta.staff with input as document
		[row.status | some row in rows] == [expected]
	}
}

test_nobody_at_all if {
	document := read([], {}, {})
	rows := okta.staff with input as document
	rows == []
}

test_who_is_about_to_come_back_is_a_leaver_until_then if {
	every word in ["STAGED", "PROVISIONED"] {
		document := read([user({"id": "00u0", "status": "DEPROVISIONED"}, {}), user({"status": word}, {})], {}, {})
		rows := okta.staff with input as document
		[row.status | some row in rows] == ["offboarded", "not_started"]
		gone := okta.dropped with input as document
		gone == set()
	}
}

test_a_user_that_is_left_out_stands_for_no_leaver if {
	document := read(
		[user({"id": "00u0", "status": "DEPROVISIONED"}, {}), user({}, {"employeeNumber": null})],
		{},
		{"employee_id_required": true},
	)
	rows := okta.staff with input as document
	[row.status | some row in rows] == ["offboarded"]
}
