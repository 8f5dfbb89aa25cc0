# What a list of access requests means. README.md beside this file has the reasons.
package connectors.approvals

approvals := [request(row) | some row in input.streams.requests; usable(row)]

# A request that names no ticket, no system or nobody covers nothing.
dropped contains {"stream": "requests", "key": key(row), "reason": "no ticket, system or person"} if {
	some row in input.streams.requests
	not usable(row)
}

notices contains sprintf("%s: the state `%s` is a word that nobody knows", [key(row), row.state]) if {
	some row in input.streams.requests
	is_string(row.state)
	state(row) == "unknown"
}

request(row) := {
	"line": row.line,
	"id": row.id,
	"system": row.system,
	"person": row.person,
	"roles": covered(row),
	"state": state(row),
	"by": row.by,
	"approved_at": row.approved_at,
	"expires_at": row.expires_at,
}

default usable(_) := false

usable(row) if {
	is_string(row.id)
	is_string(row.system)
	is_string(row.person)
}

key(row) := format_int(row.line, 10) if {
	is_number(row.line)
} else := format_int(row.row, 10)

# A word that nobody knows, or none, approves nothing.
state(row) := object.get(input.values.state, lower(row.state), "unknown") if {
	is_string(row.state)
} else := "unknown"

# No role at all covers whatever the system has to give; a cell that names none, such as ` ; `, covers nothing.
covered(row) := names if {
	some written in row.roles
	trim_space(written) != ""
	names := [trimmed |
		some cell in row.roles
		some part in split(cell, ";")
		trimmed := trim_space(part)
		trimmed != ""
	]
} else := null
