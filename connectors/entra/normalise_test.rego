package connectors.entra_test

import data.connectors.entra

options := {"guests": false, "employee_id_required": false, "other_mails": false}

# An enabled member; cases say what is different.
usual := {
	"id": "11111111-0000-4000-8000-000000000001", "displayName": "Ada Example", "mail": "ada@example.com",
	"userPrincipalName": "ada@example.com", "proxyAddresses": ["SMTP:ada@example.com", "smtp:a.example@example.com"],
	"otherMails": ["ada@home.example"], "accountEnabled": true, "userType": "Member", "employeeId": "E-1",
	"employeeType": "Employee", "jobTitle": "Manager, Sales", "department": "Sales",
	"employeeHireDate": "2024-02-01T00:00:00Z", "employeeLeaveDateTime": null,
}

# A deleted one, as Entra renames it.
leaver := object.union(object.remove(usual, ["accountEnabled"]), {
	"id": "22222222-0000-4000-8000-000000000002", "displayName": "Ben Example", "mail": null,
	"userPrincipalName": "22222222000040008000000000000002ben@example.com", "proxyAddresses": [],
	"employeeId": "E-2", "deletedDateTime": "2026-11-10T09:30:00Z", "accountEnabled": false,
})

read(users, deleted, disabled, on) := {
	"streams": {"users": users, "deleted": deleted},
	"states": {"users": "complete", "deleted": "complete"},
	"params": {"tenant": "acme", "disabled": disabled},
	"options": object.union(options, on),
}

one(fields) := read([object.union(usual, fields)], [], "unknown", {})

without(keys) := read([object.remove(usual, keys)], [], "unknown", {})

test_a_usual_row_has_every_field if {
	document := one({"employeeLeaveDateTime": "2027-01-31T23:59:59Z"})
	rows := entra.staff with input as document
	rows == [{
		"line": null, "id": "E-1", "name": "Ada Example", "emails": ["ada@example.com"],
		"aliases": ["a.example@example.com"], "recorded_status": "enabled", "status": "current",
		"employment": "employee", "job_roles": ["Manager, Sales"], "departments": ["Sales"], "manager": null,
		"start_date": "2024-02-01T00:00:00Z", "last_day": "2027-01-31T23:59:59Z", "contract_end": null,
		"timezone": null,
	}]
	said := entra.notices with input as document
	said == set()
	lacks := entra.unavailable with input as document
	lacks == set()
}

test_disabled_is_no_proof_of_an_exit if {
	document := one({"accountEnabled": false})
	rows := entra.staff with input as document
	rows[0].status == "unknown"
	rows[0].recorded_status == "disabled"
	said := entra.notices with input as document
	said["disabled users of whom Entra does not say whether they have left: 1; set `disabled` under `params`"]
}

test_what_disabled_means_is_the_organisations_word if {
	every word in ["suspended", "on_leave", "offboarded"] {
		document := read([object.union(usual, {"accountEnabled": false, "employeeLeaveDateTime": "2026-10-30T00:00:00Z"})], [], word, {})
		rows := entra.staff with input as document
		rows[0].status == word
		rows[0].last_day == "2026-10-30T00:00:00Z"
		said := entra.notices with input as document
		said == set()
	}
}

test_the_leave_date_of_somebody_disabled_decides if {
	every hired in ["2024-02-01T00:00:00Z", "2026-10-30T00:00:00Z", null, "0001-01-01T00:00:00Z"] {
		document := one({"accountEnabled": false, "employeeHireDate": hired, "employeeLeaveDateTime": "2026-10-30T00:00:00Z"})
		rows := entra.staff with input as document
		rows[0].status == "not_stated"
		rows[0].last_day == "2026-10-30T00:00:00Z"
	}
}

test_the_leave_date_of_an_earlier_employment_decides_nothing if {
	document := one({"accountEnabled": false, "employeeHireDate": "2026-01-01T00:00:00Z", "employeeLeaveDateTime": "2025-10-30T00:00:00Z"})
	rows := entra.staff with input as document
	rows[0].status == "unknown"
}

test_a_leave_date_that_cannot_be_compared_decides_nothing if {
	every day in ["30.10.2026", "soon", 1764000000, true] {
		every hired in [null, "2024-02-01T00:00:00Z"] {
			document := one({"accountEnabled": false, "employeeHireDate": hired, "employeeLeaveDateTime": day})
			rows := entra.staff with input as document
			rows[0].status == "unknown"
		}
	}
	unread := one({"accountEnabled": false, "employeeHireDate": "soon", "employeeLeaveDateTime": "2026-10-30T00:00:00Z"})
	rows := entra.staff with input as unread
	rows[0].status == "unknown"
}

test_a_switch_that_is_none_is_unknown_and_never_current if {
	every value in [null, "true", "false", 1, 0, []] {
		document := one({"accountEnabled": value})
		rows := entra.staff with input as document
		rows[0].status == "unknown"
		rows[0].recorded_status == null
		said := entra.notices with input as document
		said["users without an `accountEnabled` that is true or false: 1; their status is unknown"]
	}
	absent := without(["accountEnabled"])
	rows := entra.staff with input as absent
	rows[0].status == "unknown"
}

# Neither does what the organisation says of those who are disabled, nor a leave date.
test_nothing_else_decides_of_a_switch_that_is_none if {
	every word in ["unknown", "suspended", "on_leave", "offboarded"] {
		mute := object.union(usual, {"accountEnabled": null, "employeeLeaveDateTime": "2026-10-30T00:00:00Z"})
		document := read([mute], [], word, {})
		rows := entra.staff with input as document
		rows[0].status == "unknown"
	}
}

test_without_leave_dates_no_exit_is_known_and_that_is_said if {
	every document in [one({}), without(["employeeLeaveDateTime"]), one({"employeeLeaveDateTime": ""})] {
		lacks := entra.unavailable with input as document
		lacks == {"staff.exit"}
		said := entra.notices with input as document
		count([line | some line in sort([it | it := said[_]]); contains(line, "User-LifeCycleInfo.Read.All")]) == 1
	}
}

test_one_leave_date_shows_that_the_credential_may_see_them if {
	document := read([usual, object.union(usual, {"id": "3", "employeeLeaveDateTime": "2026-10-30T00:00:00Z"})], [], "unknown", {})
	lacks := entra.unavailable with input as document
	lacks == set()
}

test_the_years_one_and_1601_are_no_dates if {
	every day in ["0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z"] {
		document := one({"employeeHireDate": day, "employeeLeaveDateTime": day})
		rows := entra.staff with input as document
		rows[0].start_date == null
		rows[0].last_day == null
		rows[0].status == "current"
	}
}

test_a_date_that_is_no_text_is_not_nothing if {
	document := one({"employeeLeaveDateTime": true, "employeeHireDate": 20240201})
	rows := entra.staff with input as document
	rows[0].last_day == "(no text)"
	rows[0].start_date == "20240201"
}

test_guests_are_left_out if {
	every kind in ["Guest", "guest"] {
		document := one({"userType": kind})
		rows := entra.staff with input as document
		rows == []
		gone := entra.dropped with input as document
		gone == {{"stream": "users", "key": "11111111-0000-4000-8000-000000000001", "reason": "it is a guest"}}
	}
}

test_a_guest_by_name_is_left_out if {
	every document in [
		one({"userType": null, "userPrincipalName": "ada_partner.example#EXT#@acme.onmicrosoft.com"}),
		read([object.union(object.remove(usual, ["userType"]), {"userPrincipalName": "ada_partner.example#ext#@acme.onmicrosoft.com"})], [], "unknown", {}),
	] {
		gone := entra.dropped with input as document
		count(gone) == 1
	}
}

test_a_member_of_another_tenant_is_a_member if {
	document := one({"userPrincipalName": "ada_sister.example#EXT#@acme.onmicrosoft.com", "mail": "ada@sister.example", "proxyAddresses": []})
	rows := entra.staff with input as document
	rows[0].status == "current"
	rows[0].emails == ["ada@sister.example"]
	rows[0].aliases == []
}

test_who_may_be_a_guest_is_unknown if {
	every document in [one({"userType": null}), one({"userType": ""}), one({"userType": "Tenant"}), one({"userType": 1}), without(["userType"])] {
		rows := entra.staff with input as document
		rows[0].status == "unknown"
		said := entra.notices with input as document
		said["users of whom Entra does not say whether they are guests: 1; their status is unknown"]
	}
}

test_guests_where_they_are_staff if {
	guest := object.union(usual, {"userType": "Guest", "employeeType": "Consultant", "userPrincipalName": "ada_partner.example#EXT#@acme.onmicrosoft.com", "mail": "ada@partner.example"})
	document := read([guest, object.union(usual, {"id": "2", "userType": null})], [], "unknown", {"guests": true})
	rows := entra.staff with input as document
	[row.status | some row in rows] == ["current", "current"]
	rows[0].employment == "contractor"
	rows[0].emails == ["ada@partner.example"]
}

test_of_those_who_are_left_out_nothing_is_said if {
	leaving := object.union(usual, {"employeeLeaveDateTime": "2026-10-30T00:00:00Z"})
	guest := {"id": "9", "userType": "Guest"}
	document := read([leaving, guest, object.union(guest, {"id": "10", "accountEnabled": false})], [], "unknown", {})
	said := entra.notices with input as document
	said == set()
	welcome := read([leaving, object.union(leaving, {"id": "3", "userType": null})], [], "unknown", {"guests": true})
	said_of_welcome := entra.notices with input as welcome
	said_of_welcome == set()
}

test_only_what_is_so_is_said if {
	leaving := {"employeeLeaveDateTime": "2026-10-30T00:00:00Z"}
	every fields in [{}, {"accountEnabled": false}, {"mail": null, "userPrincipalName": null}, {"employeeId": null}] {
		document := one(object.union(leaving, fields))
		said := entra.notices with input as document
		said == set()
	}
	doubtful := one(object.union(leaving, {"accountEnabled": false, "userType": null}))
	said := entra.notices with input as doubtful
	said == {"users of whom Entra does not say whether they are guests: 1; their status is unknown"}
	mute := one(object.union(leaving, {"accountEnabled": null}))
	spoken := entra.notices with input as mute
	spoken == {"users without an `accountEnabled` that is true or false: 1; their status is unknown"}
	cut := object.union(one({}), {"states": {"users": "partial", "deleted": "complete"}})
	nothing := entra.notices with input as cut
	nothing == set()
}

test_users_that_cannot_be_compared_are_both_kept if {
	every fields in [{"mail": "x@example.com"}, {"displayName": "Ada Example"}, {}] {
		live := object.union(fields, {"id": "1", "userType": "Member", "accountEnabled": true})
		document := read([live], [object.union(live, {"id": "2"})], "unknown", {})
		rows := entra.staff with input as document
		count(rows) == 2
	}
}

test_letters_of_an_id_may_be_of_either_case if {
	every id, name in {"AAAAAAAA-1": "aaaaaaaa1ben@example.com", "aaaaaaaa-1": "AAAAAAAA1ben@example.com"} {
		document := read([usual], [object.union(leaver, {"id": id, "userPrincipalName": name})], "unknown", {})
		rows := entra.staff with input as document
		rows[1].emails == ["ben@example.com"]
	}
}

test_deleted_is_left if {
	document := read([usual], [leaver], "unknown", {})
	rows := entra.staff with input as document
	rows[1].status == "offboarded"
	rows[1].recorded_status == "deleted"
	rows[1].emails == ["ben@example.com"]
	rows[1].last_day == null
	said := entra.notices with input as document
	count([line | some line in sort([it | it := said[_]]); contains(line, "disabled users")]) == 0
}

test_of_somebody_deleted_a_leave_date_before_that_day_is_kept if {
	every day, kept in {"2026-10-30T00:00:00Z": true, "2026-11-10T23:59:59Z": true, "2026-11-11T00:00:00Z": false, "2027-06-30T00:00:00Z": false, "soon": false} {
		document := read([usual], [object.union(leaver, {"employeeLeaveDateTime": day})], "unknown", {})
		rows := entra.staff with input as document
		rows[1].status == "offboarded"
		[rows[1].last_day == day, rows[1].last_day == null] == [kept, kept == false]
	}
	unsaid := read([usual], [object.union(leaver, {"employeeLeaveDateTime": "2026-10-30T00:00:00Z", "deletedDateTime": null})], "unknown", {})
	rows := entra.staff with input as unsaid
	rows[1].last_day == null
}

test_a_deleted_guest_is_left_out if {
	document := read([usual], [object.union(leaver, {"userType": "Guest"})], "unknown", {})
	gone := entra.dropped with input as document
	gone == {{"stream": "deleted", "key": leaver.id, "reason": "it is a guest"}}
}

test_who_is_in_both_streams_has_left if {
	document := read([usual], [object.union(usual, {"deletedDateTime": "2026-11-23T12:00:00Z"})], "unknown", {})
	rows := entra.staff with input as document
	[row.status | some row in rows] == ["offboarded"]
	gone := entra.dropped with input as document
	gone == {{"stream": "users", "key": usual.id, "reason": "it was deleted while the users were read"}}
}

test_of_a_user_who_was_made_again_the_deleted_one_is_left_out if {
	again := object.union(leaver, {"displayName": "ada example", "mail": "Ada@example.com"})
	document := read([usual], [again], "unknown", {})
	rows := entra.staff with input as document
	[row.status | some row in rows] == ["current"]
	gone := entra.dropped with input as document
	gone == {{"stream": "deleted", "key": leaver.id, "reason": "it was deleted, and another user has its address and name"}}
}

test_a_leaver_whose_address_somebody_else_has_now_is_kept if {
	reused := object.union(leaver, {"mail": "ada@example.com"})
	document := read([usual], [reused], "unknown", {})
	rows := entra.staff with input as document
	count(rows) == 2
	forwarded := object.union(usual, {"proxyAddresses": ["SMTP:ada@example.com", "smtp:ben@example.com"]})
	other := read([forwarded], [leaver], "unknown", {})
	people := entra.staff with input as other
	count(people) == 2
	guest := object.union(usual, {"id": "9", "userType": "Guest", "displayName": "Ben Example", "mail": "ben@example.com"})
	third := read([usual, guest], [leaver], "unknown", {})
	kept := entra.staff with input as third
	[row.status | some row in kept] == ["current", "offboarded"]
}

test_other_addresses if {
	every entries in [null, "smtp:x@example.com", {}] {
		document := one({"proxyAddresses": entries})
		rows := entra.staff with input as document
		rows[0].aliases == []
	}
	mixed := one({"proxyAddresses": ["SIP:ada@example.com", "X500:/o=x", "smtp:b@example.com", "SMTP:c@example.com", null, 7]})
	rows := entra.staff with input as mixed
	rows[0].aliases == ["b@example.com", "c@example.com"]
	asked := read([usual], [], "unknown", {"other_mails": true})
	more := entra.staff with input as asked
	more[0].aliases == ["a.example@example.com", "ada@home.example"]
	odd := read([object.union(usual, {"proxyAddresses": [], "otherMails": [null, 7, "ada@home.example"]})], [], "unknown", {"other_mails": true})
	fewer := entra.staff with input as odd
	fewer[0].aliases == ["ada@home.example"]
}

test_the_sign_in_name_is_an_address_too if {
	document := one({"userPrincipalName": "ada@acme.onmicrosoft.com", "proxyAddresses": []})
	rows := entra.staff with input as document
	rows[0].emails == ["ada@example.com"]
	rows[0].aliases == ["ada@acme.onmicrosoft.com"]
	alone := one({"mail": null, "proxyAddresses": []})
	again := entra.staff with input as alone
	again[0].emails == ["ada@example.com"]
	again[0].aliases == []
	bare := one({"userPrincipalName": "ada", "proxyAddresses": []})
	others := entra.staff with input as bare
	others[0].aliases == []
}

test_nobody_s_address_is_said if {
	document := one({"mail": null, "userPrincipalName": null, "proxyAddresses": null, "employeeId": ""})
	rows := entra.staff with input as document
	rows[0].emails == []
	said := entra.notices with input as document
	said["`11111111-0000-4000-8000-000000000001`: there is neither an address nor an employee id: no account is theirs"]
}

test_entra_s_own_id_is_no_employee_id if {
	document := one({"employeeId": null})
	rows := entra.staff with input as document
	rows[0].id == null
	number := one({"employeeId": 42})
	again := entra.staff with input as number
	again[0].id == "42"
	fraction := one({"employeeId": 4.9})
	others := entra.staff with input as fraction
	{row.id | some row in others} & {"4", "5"} == set()
}

test_users_without_an_id_are_left_out_where_it_is_asked_for if {
	room := object.union(usual, {"id": "4", "displayName": "Room 1", "employeeId": null, "accountEnabled": false})
	document := read([usual, room], [object.union(leaver, {"employeeId": " "})], "unknown", {"employee_id_required": true})
	rows := entra.staff with input as document
	count(rows) == 1
	gone := entra.dropped with input as document
	gone == {
		{"stream": "users", "key": "4", "reason": "it has no employee id"},
		{"stream": "deleted", "key": leaver.id, "reason": "it has no employee id"},
	}
	unasked := read([usual, room], [], "unknown", {})
	people := entra.staff with input as unasked
	[row.status | some row in people] == ["current", "unknown"]
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
		document := one({"employeeType": word})
		rows := entra.staff with input as document
		rows[0].employment == expected
	}
	none := one({"employeeType": null})
	rows := entra.staff with input as none
	rows[0].employment == "not_stated"
}

test_what_is_not_said_is_none if {
	document := one({"jobTitle": null, "department": " "})
	rows := entra.staff with input as document
	[rows[0].job_roles, rows[0].departments] == [[], []]
}

test_a_user_whose_id_cannot_be_read_is_kept if {
	document := read([{"id": null}], [{"id": null}], "unknown", {})
	rows := entra.staff with input as document
	[row.status | some row in rows] == ["unknown", "offboarded"]
}

test_nothing_but_an_id if {
	document := read([{"id": "5"}], [{"id": "6"}], "unknown", {})
	rows := entra.staff with input as document
	[row.status | some row in rows] == ["unknown", "offboarded"]
	[row.name | some row in rows] == [null, null]
	gone := entra.dropped with input as document
	gone == set()
}

test_who_is_about_to_come_back_is_a_leaver_until_then if {
	again := object.union(usual, {"mail": "ben@example.com", "displayName": "Ben Example", "employeeHireDate": "2026-12-01T00:00:00Z"})
	document := object.union(read([again], [leaver], "unknown", {}), {"taken_at": "2026-11-23T12:00:00Z"})
	rows := entra.staff with input as document
	[row.recorded_status | some row in rows] == ["enabled", "deleted"]
	eve := object.union(document, {"taken_at": "2026-11-30T12:00:00Z"})
	still := entra.staff with input as eve
	[row.recorded_status | some row in still] == ["enabled", "deleted"]
	begun := object.union(document, {"taken_at": "2026-12-01T12:00:00Z"})
	later := entra.staff with input as begun
	[row.recorded_status | some row in later] == ["enabled"]
	undated := object.union(read([object.union(again, {"employeeHireDate": null})], [leaver], "unknown", {}), {"taken_at": "2026-11-23T12:00:00Z"})
	back := entra.staff with input as undated
	[row.recorded_status | some row in back] == ["enabled"]
}

test_a_user_that_is_left_out_stands_for_no_leaver if {
	again := object.union(usual, {"mail": "ben@example.com", "displayName": "Ben Example", "employeeId": null})
	document := read([again], [leaver], "unknown", {"employee_id_required": true})
	rows := entra.staff with input as document
	[row.recorded_status | some row in rows] == ["deleted"]
}
