# What a report of BambooHR means. README.md beside this file has the reasons.
package connectors.bamboohr

staff := [person(row) | some row in input.streams.people]

# The columns that the checks live on, and what is missing without leave to see them. A status is unknown row by row.
read := {
	"status": [],
	"terminationDate": ["staff.exit"],
	"workEmail": ["staff.email"],
	"jobTitle": ["staff.job_roles"],
	"department": ["staff.departments"],
	"employmentHistoryStatus": ["staff.employment"],
	"hireDate": ["staff.started"],
}

# Every row has every column of the report; a column that no row has is not in the report.
columns := {column | some row in input.streams.people; some column, _ in row}

absent := {column | some column, _ in read} - columns if {
	count(input.streams.people) > 0
} else := set()

# What the key's owner may not see of somebody.
restricted := {field | some row in input.streams.people; some field in withheld(row)}

unavailable contains path if {
	some field in restricted
	some path in object.get(read, field, [])
}

unavailable contains "staff.exit" if "terminationDate" in absent

notices contains "the report has neither `status` nor `terminationDate`: it cannot show who has left" if {
	"status" in absent
	"terminationDate" in absent
}

notices contains "the report has no `status`: only a `terminationDate` shows who has left" if {
	"status" in absent
	"terminationDate" in columns
}

notices contains "the report has no `terminationDate`: who left cannot be told from who has not begun" if {
	"terminationDate" in absent
	"status" in columns
}

notices contains sprintf("the report has no `%s`", [column]) if {
	some column in absent
	count({column} - {"status", "terminationDate"}) > 0
}

notices contains sprintf("the report has no `%s`: nobody has an employee id", [id_column]) if {
	count(input.streams.people) > 0
	count({id_column} - columns) > 0
}

notices contains sprintf("the key's owner may not see `%s` of everybody", [field]) if {
	some field in restricted
	object.get(read, field, null) != null
}

notices contains "everybody on the report is active: if its filter leaves out those who left, nobody here can be found to have left" if {
	{word(row) | some row in input.streams.people} == {"active"}
}

notices contains sprintf("%s is inactive without a last day: they have left, or have not begun (hire date %s)", [place(row), hired(row)]) if {
	some row in input.streams.people
	word(row) == "inactive"
	status(row) == "unknown"
	ends_later(row) == false
}

notices contains sprintf("%s is inactive, and the last day `%s` lies ahead: whether they have left is not known", [place(row), day(row, "terminationDate")]) if {
	some row in input.streams.people
	word(row) == "inactive"
	status(row) == "unknown"
	ends_later(row)
}

notices contains sprintf("%s: the status `%s` is a word that nobody knows", [place(row), written]) if {
	some row in input.streams.people
	written := row.status
	count({word(row)} - {"active", "inactive", ""}) > 0
}

notices contains sprintf("%s has no status", [place(row)]) if {
	some row in input.streams.people
	"status" in columns
	word(row) == ""
}

notices contains sprintf("%s: there is neither a work address nor an employee id", [place(row)]) if {
	some row in input.streams.people
	text(row, "workEmail") == null
	identifier(row) == null
}

person(row) := {
	"line": null,
	"id": identifier(row),
	"name": name(row),
	"emails": listed(row, "workEmail"),
	"aliases": [],
	"recorded_status": text(row, "status"),
	"status": status(row),
	"employment": employment(row),
	"job_roles": listed(row, "jobTitle"),
	"departments": listed(row, "department"),
	"manager": manager(row),
	"start_date": day(row, "hireDate"),
	"last_day": day(row, "terminationDate"),
	"contract_end": null,
	"timezone": null,
}

# Someone who is inactive has left, or has been hired and has not begun. A last day, or a terminated employment, says
# which; the hire date alone does not, since those who left were hired as well. Of a report without a status the last
# day decides, where there is one.
status(row) := "current" if {
	word(row) == "active"
} else := "not_started" if {
	word(row) == "inactive"
	ends_later(row)
	begins_later(row)
} else := "unknown" if {
	# Switched off before the last day, for a leave or a mistake: nobody said that they left, and they are not at work.
	word(row) == "inactive"
	ends_later(row)
} else := "offboarded" if {
	word(row) == "inactive"
	seen(row, "terminationDate")
	stated(row, "terminationDate")
} else := "offboarded" if {
	word(row) == "inactive"
	employed(row) == "terminated"
} else := "not_started" if {
	word(row) == "inactive"
	begins_later(row)
} else := "not_stated" if {
	"status" in absent
	seen(row, "status")
	stated(row, "terminationDate")
} else := "unknown"

# The word for the status: without one, or without leave to see it, none.
word(row) := lower(trim_space(row.status)) if {
	is_string(object.get(row, "status", null))
	seen(row, "status")
} else := ""

# The report is asked for values of the future as well: somebody active may be `Terminated` already. So this decides
# nothing of those who are active.
employed(row) := lower(found) if {
	found := text(row, "employmentHistoryStatus")
	is_string(found)
} else := ""

kinds := {
	"full-time": "employee",
	"full time": "employee",
	"part-time": "employee",
	"part time": "employee",
	"employee": "employee",
	"permanent": "employee",
	"regular": "employee",
	"contractor": "contractor",
	"freelancer": "contractor",
	"consultant": "contractor",
	"intern": "intern",
	"trainee": "intern",
	"apprentice": "intern",
	"working student": "intern",
}

# The words are the company's own.
employment(row) := "not_stated" if {
	employed(row) in ["", "terminated"]
} else := object.get(kinds, employed(row), "other")

id_column := object.get({"id": "id"}, input.params.staff_id, "employeeNumber")

identifier(row) := number(row, id_column)

# The manager by the address, or by the id where that is how people are known: a name is nobody's key.
manager(row) := text(row, "supervisorEmail") if {
	is_string(text(row, "supervisorEmail"))
} else := number(row, "supervisorEId") if {
	input.params.staff_id == "id"
} else := null

name(row) := text(row, "displayName") if {
	is_string(text(row, "displayName"))
} else := text(row, "fullName1") if {
	is_string(text(row, "fullName1"))
} else := joined if {
	joined := concat(" ", [part | some field in ["firstName", "lastName"]; part := text(row, field); is_string(part)])
	joined != ""
} else := null

# A row as notices name it.
place(row) := sprintf("`%s`", [identifier(row)]) if {
	is_string(identifier(row))
} else := sprintf("`%s`", [text(row, "workEmail")]) if {
	is_string(text(row, "workEmail"))
} else := sprintf("`%s`", [name(row)]) if {
	is_string(name(row))
} else := "a row"

default begins_later(_) := false

begins_later(row) if {
	"terminationDate" in columns
	seen(row, "terminationDate")
	is_ahead(day(row, "hireDate"))
}

default ends_later(_) := false

ends_later(row) if {
	seen(row, "terminationDate")
	is_ahead(day(row, "terminationDate"))
}

# Whether a day comes after the one on which the report was read. Both are days as texts, the year first; a time of day may
# follow.
default is_ahead(_) := false

is_ahead(date) if {
	taken := object.get(input, "taken_at", null)
	is_string(taken)
	is_string(date)
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`, date)
	substring(date, 0, 10) > substring(taken, 0, 10) # mutate: ignore a day has ten characters: an eleventh of the other decides nothing
}

hired(row) := day(row, "hireDate") if {
	stated(row, "hireDate")
} else := "not stated"

withheld(row) := {field | some field in row._restrictedFields; is_string(field)} if {
	is_array(object.get(row, "_restrictedFields", null))
} else := set()

seen(row, field) := false if {
	field in withheld(row)
} else := true

text(row, field) := trim_space(row[field]) if {
	is_string(object.get(row, field, null))
	trim_space(row[field]) != ""
} else := null

listed(row, field) := [text(row, field)] if {
	is_string(text(row, field))
} else := []

# Ids come as texts and as numbers.
number(row, field) := format_int(row[field], 10) if {
	is_number(object.get(row, field, null))
	floor(row[field]) == row[field]
} else := text(row, field)

# A date is handed on as it came: what is no date is said when it is read.
day(row, field) := row[field] if {
	is_string(object.get(row, field, null))
} else := null if {
	object.get(row, field, null) == null
} else := json.marshal(row[field])

# Whether there is a date: a blank is none, and neither is `0000-00-00`.
stated(row, field) := false if {
	day(row, field) == null
} else := false if {
	startswith(trim_space(day(row, field)), "0000-00-00")
} else := false if {
	trim_space(day(row, field)) == ""
} else := true
