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

test_a_known_word_is_a_status if {
	document := read({"status": "Active"}, "iso")
	people := roster.staff with input as document
	people[0].status == "current"
	people[0].recorded_status == "Active"
}

test_an_unknown_word_is_unknown_and_said if {
	document := read({"status": "Gone fishing"}, "iso")
	people := roster.staff with input as document
	people[0].status == "unknown"
	notices := roster.notices with input as document
	notices["line 2: the status `Gone fishing` is a word that nobody knows"]
}

test_no_word_is_not_stated if {
	document := read({"email": "ada@example.com"}, "iso")
	people := roster.staff with input as document
	people[0].status == "not_stated"
	people[0].employment == "not_stated"
}

test_an_unknown_employment_is_other if {
	document := read({"employment": "Pirate"}, "iso")
	people := roster.staff with input as document
	people[0].employment == "other"
}

test_a_cell_may_hold_several_addresses if {
	document := read({"email": "ada@example.com; a.b@example.com", "aliases": ["smtp:x@example.com,y@example.com"]}, "iso")
	people := roster.staff with input as document
	people[0].emails == ["ada@example.com", "a.b@example.com"]
	people[0].aliases == ["x@example.com", "y@example.com"]
}

test_a_comma_is_part_of_a_title if {
	document := read({"job_role": "Manager, Sales; Team lead"}, "iso")
	people := roster.staff with input as document
	people[0].job_roles == ["Manager, Sales", "Team lead"]
}

test_a_name_is_put_together if {
	document := read({"first_name": "Ada", "last_name": "Example"}, "iso")
	people := roster.staff with input as document
	people[0].name == "Ada Example"
}

test_slashes_are_read_as_the_source_says if {
	dmy := read({"last_day": "3/11/2026"}, "dmy")
	first := roster.staff with input as dmy
	first[0].last_day == "2026-11-03"
	mdy := read({"last_day": "3/11/2026"}, "mdy")
	second := roster.staff with input as mdy
	second[0].last_day == "2026-03-11"
	iso := read({"last_day": "3/11/2026"}, "iso")
	third := roster.staff with input as iso
	third[0].last_day == "3/11/2026"
}

test_a_row_that_nobody_can_find_is_said if {
	document := read({"name": "Ada"}, "iso")
	notices := roster.notices with input as document
	notices["line 2: there is neither an address nor an employee id"]
}

test_a_roster_without_status_and_days_cannot_show_leavers if {
	document := object.union(read({}, "iso"), {"columns": ["email", "id"]})
	lacks := roster.unavailable with input as document
	lacks == {"staff.exit", "staff.status"}
	said := roster.notices with input as document
	said["this roster has neither a status nor a last day: it cannot show who has left"]
}

test_a_day_shows_leavers if {
	document := object.union(read({}, "iso"), {"columns": ["email", "last_day"]})
	lacks := roster.unavailable with input as document
	lacks == set()
}
