package connectors.bamboohr_test

import data.connectors.bamboohr

# Somebody active, with every column that the checks live on; cases say what is different.
usual := {
	"id": "40", "employeeNumber": "007", "displayName": "Ada Example", "workEmail": "ada@example.com",
	"status": "Active", "hireDate": "2024-02-01", "terminationDate": "0000-00-00", "jobTitle": "Sales rep",
	"department": "Sales", "employmentHistoryStatus": "Full-Time", "supervisorEmail": "ben@example.com",
}

report(rows) := {"streams": {"people": rows}, "states": {"people": "complete"}, "params": {"staff_id": "employee_number"}}

one(fields) := report([object.union(usual, fields)])

without(fields) := report([object.remove(usual, fields)])

# Beside somebody who left long ago, so that nobody wonders about the filter.
left := object.union(usual, {"id": "41", "employeeNumber": "008", "status": "Inactive", "terminationDate": "2025-01-31"})

said(document) := sentences if {
	sentences := bamboohr.notices with input as document
}

lacks(document) := paths if {
	paths := bamboohr.unavailable with input as document
}

standing(fields) := [rows[0].status, rows[0].last_day] if {
	document := one(fields)
	rows := bamboohr.staff with input as document
}

# The status, where the report was read on 23 November 2026.
status(fields) := rows[0].status if {
	document := dated(one(fields))
	rows := bamboohr.staff with input as document
}

dated(document) := object.union(document, {"taken_at": "2026-11-23T12:00:00Z"})

test_active_is_current if {
	document := one({})
	rows := bamboohr.staff with input as document
	rows == [{
		"line": null, "id": "007", "name": "Ada Example", "emails": ["ada@example.com"], "aliases": [],
		"recorded_status": "Active", "status": "current", "employment": "employee", "job_roles": ["Sales rep"],
		"departments": ["Sales"], "manager": "ben@example.com", "start_date": "2024-02-01", "last_day": "0000-00-00",
		"contract_end": null, "timezone": null,
	}]
}

test_inactive_with_a_last_day_has_left if {
	standing({"status": "Inactive", "terminationDate": "2026-10-30"}) == ["offboarded", "2026-10-30"]
	standing({"status": " inactive ", "terminationDate": "2026-10-30"}) == ["offboarded", "2026-10-30"]
}

test_inactive_without_a_last_day_is_not_known_to_have_left if {
	standing({"status": "Inactive"}) == ["unknown", "0000-00-00"]
	standing({"status": "Inactive", "terminationDate": null}) == ["unknown", null]
	standing({"status": "Inactive", "terminationDate": " "}) == ["unknown", " "]
	standing({"status": "Inactive", "terminationDate": "0000-00-00 00:00:00"}) == ["unknown", "0000-00-00 00:00:00"]
}

test_a_hire_of_the_future_is_said_with_the_day if {
	document := one({"status": "Inactive", "hireDate": "2026-12-01"})
	said(document) == {"`007` is inactive without a last day: they have left, or have not begun (hire date 2026-12-01)"}
	blank := one({"status": "Inactive", "hireDate": null})
	said(blank) == {"`007` is inactive without a last day: they have left, or have not begun (hire date not stated)"}
}

test_inactive_until_a_first_day_ahead_has_not_started if {
	status({"status": "Inactive", "hireDate": "2026-12-01"}) == "not_started"
	status({"status": "Inactive", "hireDate": "2026-11-23"}) == "unknown"
	status({"status": "Inactive", "hireDate": null}) == "unknown"
	untaken := object.union(one({"status": "Inactive", "hireDate": "2026-12-01"}), {"taken_at": null})
	unknown := bamboohr.staff with input as untaken
	unknown[0].status == "unknown"
	status({"status": "Inactive", "hireDate": "2026-12-01", "_restrictedFields": ["terminationDate"]}) == "unknown"
	columnless := dated(report([object.remove(object.union(usual, {"status": "Inactive", "hireDate": "2026-12-01"}), ["terminationDate"])]))
	anybody := bamboohr.staff with input as columnless
	anybody[0].status == "unknown"
}

test_a_last_day_says_more_than_a_first_day_ahead if {
	status({"status": "Inactive", "terminationDate": "2026-10-30", "hireDate": "2026-12-01"}) == "offboarded"
}

test_a_last_day_that_is_written_otherwise_is_not_compared_as_a_text if {
	status({"status": "Inactive", "terminationDate": "30.10.2026"}) == "offboarded"
}

test_a_time_of_day_behind_a_last_day_does_not_hide_that_it_lies_ahead if {
	status({"status": "Inactive", "terminationDate": "2026-12-31 00:00:00"}) == "unknown"
	status({"status": "Inactive", "terminationDate": "2026-11-24 00:00:00"}) == "unknown"
	status({"status": "Inactive", "terminationDate": "2026-11-23 23:59:59"}) == "offboarded"
}

test_a_last_day_that_is_withheld_says_nothing if {
	withheld := {"status": "Inactive", "terminationDate": "2026-10-30", "_restrictedFields": ["terminationDate"]}
	status(withheld) == "unknown"
	status(object.union(withheld, {"terminationDate": "2026-12-31", "hireDate": "2026-12-01"})) == "unknown"
	status(object.union(withheld, {"terminationDate": "2026-12-31", "employmentHistoryStatus": "Terminated"})) == "offboarded"
}

test_inactive_and_terminated_has_left_on_a_day_that_is_not_said if {
	standing({"status": "Inactive", "terminationDate": null, "employmentHistoryStatus": "Terminated"}) == ["offboarded", null]
}

test_active_and_terminated_is_a_word_of_the_future if {
	standing({"employmentHistoryStatus": "Terminated", "terminationDate": "2026-12-31"}) == ["current", "2026-12-31"]
	document := one({"employmentHistoryStatus": "Terminated"})
	rows := bamboohr.staff with input as document
	rows[0].employment == "not_stated"
}

test_a_last_day_that_is_over_is_left_to_the_dates if {
	standing({"terminationDate": "2026-10-30"}) == ["current", "2026-10-30"]
}

test_a_word_that_nobody_knows_is_unknown_and_said if {
	document := one({"status": "On sabbatical"})
	rows := bamboohr.staff with input as document
	rows[0].status == "unknown"
	rows[0].recorded_status == "On sabbatical"
	said(document) == {"`007`: the status `On sabbatical` is a word that nobody knows"}
}

# Neither a last day nor a first day makes a leaver or a starter of them.
test_the_dates_decide_nothing_of_a_word_that_nobody_knows if {
	days := [
		{"terminationDate": "2026-10-30"},
		{"terminationDate": "2026-12-31"},
		{"hireDate": "2026-12-01"},
		{"terminationDate": "2026-12-31", "hireDate": "2026-12-01"},
		{"employmentHistoryStatus": "Terminated"},
	]
	every fields in days {
		row := object.union({"status": "On sabbatical"}, fields)
		status(row) == "unknown"
		said(dated(one(row))) == {"`007`: the status `On sabbatical` is a word that nobody knows"}
	}
}

test_no_word_where_others_have_one_is_unknown_and_said if {
	rows := [usual, object.union(usual, {"status": null}), object.remove(usual, ["status"]), object.union(usual, {"status": true})]
	document := report(rows)
	people := bamboohr.staff with input as document
	[person.status | some person in people] == ["current", "unknown", "unknown", "unknown"]
	said(document) == {"`007` has no status"}
}

test_a_report_without_a_status_shows_only_those_with_a_last_day if {
	rows := [object.remove(usual, ["status"]), object.remove(left, ["status"])]
	document := report(rows)
	people := bamboohr.staff with input as document
	[person.status | some person in people] == ["unknown", "not_stated"]
	said(document) == {"the report has no `status`: only a `terminationDate` shows who has left"}
	ahead := dated(report([object.remove(object.union(left, {"terminationDate": "2026-12-31"}), ["status"])]))
	leaving := bamboohr.staff with input as ahead
	leaving[0].status == "not_stated"
}

test_a_report_without_a_last_day_cannot_tell_leavers_from_hires if {
	rows := [object.remove(usual, ["terminationDate"]), object.remove(left, ["terminationDate"])]
	document := report(rows)
	people := bamboohr.staff with input as document
	[person.status | some person in people] == ["current", "unknown"]
	said(document) == {
		"the report has no `terminationDate`: who left cannot be told from who has not begun",
		"`008` is inactive without a last day: they have left, or have not begun (hire date 2024-02-01)",
	}
	lacks(document) == {"staff.exit"}
}

test_a_report_with_neither_shows_nobody_who_left if {
	document := without(["status", "terminationDate"])
	people := bamboohr.staff with input as document
	people[0].status == "unknown"
	said(document) == {"the report has neither `status` nor `terminationDate`: it cannot show who has left"}
}

# That it is empty is said elsewhere.
test_a_report_of_nobody_lacks_nothing if {
	said(report([])) == set()
	lacks(report([])) == set()
}

test_other_columns_that_are_not_there_are_said if {
	document := without(["jobTitle", "employeeNumber"])
	people := bamboohr.staff with input as document
	people[0].job_roles == []
	people[0].id == null
	told := said(document)
	told["the report has no `jobTitle`"]
	told["the report has no `employeeNumber`: nobody has an employee id"]
	lacks(document) == set()
}

test_what_the_owner_may_not_see_is_unavailable_and_not_none if {
	document := report([object.union(usual, {"jobTitle": null, "terminationDate": null, "_restrictedFields": ["jobTitle", "terminationDate", "salary", 7, ["workEmail"], []]}), left])
	lacks(document) == {"staff.job_roles", "staff.exit"}
	said(document) == {"the key's owner may not see `jobTitle` of everybody", "the key's owner may not see `terminationDate` of everybody"}
}

test_every_column_that_is_withheld_has_its_own_field if {
	document := report([object.union(usual, {"_restrictedFields": [
		"status", "terminationDate", "workEmail", "jobTitle", "department", "employmentHistoryStatus", "hireDate",
	]})])
	lacks(document) == {
		"staff.exit", "staff.email", "staff.job_roles", "staff.departments", "staff.employment", "staff.started",
	}
}

test_what_is_no_list_withholds_nothing if {
	every value in [null, "status", {"status": true}, 7] {
		document := report([object.union(usual, {"_restrictedFields": value}), left])
		lacks(document) == set()
		status({"_restrictedFields": value}) == "current"
	}
}

test_a_status_that_may_not_be_seen_is_unknown if {
	restricted := {"_restrictedFields": ["status"]}
	standing(object.union(restricted, {"status": null})) == ["unknown", "0000-00-00"]
	standing(object.union(restricted, {"status": "Active"})) == ["unknown", "0000-00-00"]
	document := report([object.remove(object.union(left, restricted), ["status"])])
	people := bamboohr.staff with input as document
	people[0].status == "unknown"
}

test_a_report_of_active_people_alone_is_said if {
	said(one({})) == {"everybody on the report is active: if its filter leaves out those who left, nobody here can be found to have left"}
	said(report([usual, left])) == set()
}

test_words_for_the_employment if {
	words := {
		"Full-Time": "employee", "full time": "employee", "Part-Time": "employee", "Part time": "employee",
		"Employee": "employee", "Permanent": "employee", "Regular": "employee", "CONTRACTOR": "contractor",
		"Freelancer": "contractor", "Consultant": "contractor", "Intern": "intern", "Trainee": "intern",
		"Apprentice": "intern", "Working student": "intern", "Pirate": "other", "": "not_stated",
		"Terminated": "not_stated",
	}
	every written, meaning in words {
		document := one({"employmentHistoryStatus": written})
		people := bamboohr.staff with input as document
		people[0].employment == meaning
	}
	document := one({"employmentHistoryStatus": null})
	people := bamboohr.staff with input as document
	people[0].employment == "not_stated"
}

test_the_id_is_the_one_that_the_source_names if {
	document := object.union(one({"supervisorEId": 12, "supervisorEmail": null}), {"params": {"staff_id": "id"}})
	people := bamboohr.staff with input as document
	[people[0].id, people[0].manager] == ["40", "12"]
	other := one({"supervisorEId": 12, "supervisorEmail": null})
	numbered := bamboohr.staff with input as other
	[numbered[0].id, numbered[0].manager] == ["007", null]
}

test_an_id_may_be_a_number_but_no_fraction if {
	whole := one({"employeeNumber": 7})
	people := bamboohr.staff with input as whole
	people[0].id == "7"
	broken := one({"employeeNumber": 7.5})
	others := bamboohr.staff with input as broken
	others[0].id == null
	blank := one({"employeeNumber": " "})
	nobody := bamboohr.staff with input as blank
	nobody[0].id == null
}

test_a_name_is_put_together if {
	document := report([
		object.union(usual, {"displayName": null, "fullName1": "Ada E."}),
		object.union(usual, {"displayName": "", "firstName": "Ada", "lastName": "Example"}),
		object.remove(usual, ["displayName"]),
	])
	people := bamboohr.staff with input as document
	[person.name | some person in people] == ["Ada E.", "Ada Example", null]
}

test_somebody_without_address_and_id_is_said if {
	document := one({"workEmail": null, "homeEmail": "ada@example.net", "employeeNumber": null})
	people := bamboohr.staff with input as document
	people[0].emails == []
	people[0].aliases == []
	told := said(document)
	told["`Ada Example`: there is neither a work address nor an employee id"]
	said(report([left, object.union(usual, {"employeeNumber": null})])) == set()
	said(report([left, object.union(usual, {"workEmail": null})])) == set()
}

test_a_row_is_named_by_what_it_has if {
	lost := object.union(usual, {"status": "Gone", "employeeNumber": null, "workEmail": null, "displayName": null})
	names := [
		[{"employeeNumber": "007", "workEmail": "ada@example.com"}, "`007`"],
		[{"workEmail": "ada@example.com", "displayName": "Ada Example"}, "`ada@example.com`"],
		[{"displayName": "Ada Example"}, "`Ada Example`"],
		[{}, "a row"],
	]
	every case in names {
		told := said(report([object.union(lost, case[0])]))
		told[sprintf("%s: the status `Gone` is a word that nobody knows", [case[1]])]
	}
}

test_a_date_that_is_no_text_is_handed_on_to_be_said if {
	standing({"terminationDate": 20261030}) == ["current", "20261030"]
	standing({"status": "Inactive", "terminationDate": {"day": 1}}) == ["offboarded", "{\"day\":1}"]
}

test_inactive_before_the_last_day_is_not_known if {
	row := {"status": "Inactive", "terminationDate": "2026-12-31"}
	status(row) == "unknown"
	said(dated(one(row))) == {"`007` is inactive, and the last day `2026-12-31` lies ahead: whether they have left is not known"}
	hired := object.union(row, {"hireDate": "2026-12-01"})
	status(hired) == "not_started"
	said(dated(one(hired))) == set()
	over := object.union(one(row), {"taken_at": "2027-01-01T12:00:00Z"})
	gone := bamboohr.staff with input as over
	gone[0].status == "offboarded"
}
