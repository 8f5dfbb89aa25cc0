# What a staff roster means. README.md beside this file has the reasons.
package connectors.roster

staff := [person(row) | some row in input.streams.people]

notices contains sprintf("%s: the status `%s` is a word that nobody knows", [place(row), row.status]) if {
	some row in input.streams.people
	status(row) == "unknown"
}

notices contains sprintf("%s: there is neither an address nor an employee id", [place(row)]) if {
	some row in input.streams.people
	row.email == null
	row.id == null
}

# Who has left is said by a status, or by a day.
default silent := false

silent if {
	count(input.streams.people) > 0
	count({"status", "last_day", "contract_end"} & {column | some column in input.columns}) == 0
}

unavailable contains path if {
	silent
	some path in ["staff.exit", "staff.status"]
}

notices contains "this roster has neither a status nor a last day: it cannot show who has left" if silent

person(row) := {
	"line": row.line,
	"id": row.id,
	"name": name(row),
	"emails": addresses(row.email),
	"aliases": [address | some cell in row.aliases; some address in addresses(cell)],
	"recorded_status": row.status,
	"status": status(row),
	"employment": employment(row),
	"job_roles": parts(row.job_role),
	"departments": parts(row.department),
	"manager": row.manager,
	"start_date": date(row.start_date),
	"last_day": date(row.last_day),
	"contract_end": date(row.contract_end),
	"timezone": row.timezone,
}

place(row) := sprintf("line %d", [row.line]) if {
	is_number(row.line)
} else := sprintf("row %d", [row.row])

name(row) := row.name if {
	is_string(row.name)
} else := joined if {
	joined := concat(" ", [part | some part in [row.first_name, row.last_name]; is_string(part)])
	joined != ""
} else := null

# A word that nobody knows is unknown, and never current. No word at all leaves the dates to decide.
status(row) := "not_stated" if {
	row.status == null
} else := object.get(input.values.status, lower(row.status), "unknown")

employment(row) := "not_stated" if {
	row.employment == null
} else := object.get(input.values.employment, lower(row.employment), "other")

# A cell may hold several addresses. Directories write `smtp:` before some.
addresses(cell) := [bare(trimmed) |
	some part in split(replace(replace(cell, "\n", ";"), ",", ";"), ";")
	trimmed := trim_space(part)
	trimmed != ""
] if {
	is_string(cell)
} else := []

bare(address) := substring(address, 5, -1) if { # mutate: ignore any length below zero is the rest
	startswith(lower(address), "smtp:")
} else := address

# A comma is part of a title ("Manager, Sales"); a semicolon separates two.
parts(cell) := [trimmed |
	some part in split(cell, ";")
	trimmed := trim_space(part)
	trimmed != ""
] if {
	is_string(cell)
} else := []

# Slashes are read only where the source says which way round; what stays unread is said when the date is read.
date(cell) := iso if {
	is_string(cell)
	regex.match(`^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}$`, cell)
	places := object.get({"dmy": [2, 1, 0], "mdy": [2, 0, 1]}, input.params.dates, [])
	count(places) == 3
	numbers := split(cell, "/")
	iso := concat("-", [two_digits(numbers[at]) | some at in places])
} else := cell

two_digits(digits) := concat("", ["0", digits]) if {
	count(digits) == 1
} else := digits
