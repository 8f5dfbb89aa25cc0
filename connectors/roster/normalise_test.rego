package connectors.roster_test

import data.connectors.roster

# Every column is in every row, as the file reader makes it.
blank := {
	"line": 2, "row": 1, "id": null, "name": null, "first_name": null, "last_name": null, "email": null,
	"aliases": [], "status": null, "employment": null, "job_role": null, "department": null, "manager": null,
	"start_date": null, "last_day": null, "contract_end": null, "timezone": null,
}

read(fields, dates) := {
	"streams": {"people": [object.union(blank, fields)]},
	"columns": ["email", "status"],
	"params": {"dates": dates},
	"values": {"status": {"active": "current", "left": "offboarded"}, "employment": {"contractor": "contractor"}},
}

person(fields) := people[0] if {
	document := read(fields, "iso")
	people := roster.staff with input as document
}

said(document) := sentences if {
	sentences := roster.notices with input as document
}

lacks(document) := paths if {
	paths := roster.unavailable with input as document
}

with_columns(columns) := object.union(read({"email": "ada@example.com"}, "iso"), {"columns": columns})

test_a_row_is_a_member_of_staff if {
	row := {
		"id": "007", "name": "Ada Example", "first_name": "Augusta", "last_name": "King", "email": "ada@example.com",
		"status": "Active", "employment": "Contractor", "job_role": "Rep", "department": "Sales;Support",
		"manager": "ben@example.com", "start_date": "2024-02-01", "last_day": "2026-11-23",
		"contract_end": "2026-12-31", "timezone": "Europe/Berlin",
	}
	person(row) == {
		"line": 2, "id": "007", "name": "Ada Example", "emails": ["ada@example.com"], "aliases": [],
		"recorded_status": "Active", "status": "current", "employment": "contractor", "job_roles": ["Rep"],
		"departments": ["Sales", "Support"], "manager": "ben@example.com", "start_date": "2024-02-01",
		"last_day": "2026-11-23", "contract_end": "2026-12-31", "timezone": "Europe/Berlin",
	}
	said(read(row, "iso")) == set()
}

test_an_unknown_word_is_unknown_and_said if {
	row := {"status": "Gone fishing", "email": "ada@example.com"}
	person(row).status == "unknown"
	said(read(row, "iso")) == {"line 2: the status `Gone fishing` is a word that nobody knows"}
}

test_no_word_is_not_stated if {
	row := person({"email": "ada@example.com"})
	row.status == "not_stated"
	row.employment == "not_stated"
}

test_an_unknown_employment_is_other if {
	person({"employment": "Pirate"}).employment == "other"
}

test_a_cell_may_hold_several_addresses if {
	row := person({"email": "ada@example.com; ;a.b@example.com", "aliases": ["smtp:x@example.com,y@example.com", "z@example.com\nSMTP:w@example.com\n"]})
	row.emails == ["ada@example.com", "a.b@example.com"]
	row.aliases == ["x@example.com", "y@example.com", "z@example.com", "w@example.com"]
}

test_a_comma_is_part_of_a_title if {
	person({"job_role": "Manager, Sales;; Team lead"}).job_roles == ["Manager, Sales", "Team lead"]
}

test_a_name_is_put_together if {
	person({"first_name": "Ada", "last_name": "Example"}).name == "Ada Example"
	person({"last_name": "Example"}).name == "Example"
	person({}).name == null
}

last_day(cell, dates) := people[0].last_day if {
	document := read({"last_day": cell}, dates)
	people := roster.staff with input as document
}

test_slashes_are_read_as_the_source_says if {
	last_day("3/11/2026", "dmy") == "2026-11-03"
	last_day("3/11/2026", "mdy") == "2026-03-11"
	last_day("3/11/2026", "iso") == "3/11/2026"
}

test_what_is_no_such_date_stays_as_it_is if {
	every cell in ["2026-11-03", "3/11/26", "3/11", "3/11/2026 10:00", "end of 3/11/2026", "n/a", null] {
		last_day(cell, "dmy") == cell
	}
}

test_a_row_that_nobody_can_find_is_said if {
	lost := "there is neither an address nor an employee id"
	said(read({"name": "Ada"}, "iso")) == {sprintf("line 2: %s", [lost])}
	said(read({"name": "Ada", "line": null, "row": 7}, "iso")) == {sprintf("row 7: %s", [lost])}
	said(read({"id": "007"}, "iso")) == set()
	said(read({"email": "ada@example.com"}, "iso")) == set()
}

test_a_roster_without_status_and_days_cannot_show_leavers if {
	document := with_columns(["email", "id", "start_date"])
	lacks(document) == {"staff.exit", "staff.status"}
	said(document) == {"this roster has neither a status nor a last day: it cannot show who has left"}
}

test_a_status_or_a_day_shows_leavers if {
	every column in ["status", "last_day", "contract_end"] {
		lacks(with_columns(["email", column])) == set()
	}
}

# That it is empty is said elsewhere.
test_a_roster_of_nobody_lacks_nothing if {
	document := object.union(with_columns(["email"]), {"streams": {"people": []}})
	lacks(document) == set()
	said(document) == set()
}
