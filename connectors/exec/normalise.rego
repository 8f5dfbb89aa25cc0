# What the rows of a program mean: they speak the snapshot's own words. README.md beside this file has the reasons.
package connectors.exec

accounts := [account(row) | some row in input.streams.accounts; is_string(id(row, "id"))]

roles := [role(row) | some row in input.streams.roles; named(row)]

staff := [person(row) | some row in input.streams.staff]

approvals := [request(row) | some row in input.streams.approvals; usable(row)]

# The words that the contract knows.
words := {
	"accounts": {
		"state": ["active", "invited", "inactive", "deleted", "unknown"],
		"kind": ["user", "service", "guest", "unknown"],
		"access": ["some", "none", "unknown"],
		"admin": ["none", "partial", "full", "unknown"],
		"mfa": ["yes", "no", "unknown"],
		"reader": ["yes", "no", "unknown"],
	},
	"roles": {
		"kind": ["role", "permission_set"],
		"active": ["yes", "no", "unknown"],
		"admin": ["none", "partial", "full", "unknown"],
	},
	"staff": {
		"status": ["current", "not_started", "on_leave", "suspended", "offboarded", "not_stated", "unknown"],
		"employment": ["employee", "contractor", "intern", "other", "not_stated"],
	},
	"approvals": {"state": ["approved", "rejected", "pending", "unknown"]},
	"system": {},
}

# The other fields, and the shape of each.
shapes := {
	"accounts": {
		"id": "an id", "employee_id": "an id", "name": "a text", "email": "a text", "aliases": "a list of texts",
		"roles": "a list of holdings", "unread_roles": "a list of kinds", "permissions": "a list of texts",
		"created_at": "a text", "last_login": "a login",
	},
	"roles": {"id": "an id", "name": "a text", "parent": "an id", "scope": "a text", "permissions": "a list of texts"},
	"staff": {
		"line": "a line", "id": "an id", "name": "a text", "emails": "a list of texts", "aliases": "a list of texts",
		"recorded_status": "a text", "job_roles": "a list of texts", "departments": "a list of texts", "manager": "an id",
		"start_date": "a text", "last_day": "a text", "contract_end": "a text", "timezone": "a text",
	},
	"approvals": {
		"line": "a line", "id": "an id", "system": "an id", "person": "an id", "roles": "a list of ids", "by": "an id",
		"approved_at": "a text", "expires_at": "a text",
	},
	"system": {"tenant": "an id", "reader": "a reader"},
}

# Nothing that the contract does not know passes without a word. Values are looked at once, however many rows have them.

notices contains sprintf("`%s`: `%s` has the word `%s`, which nobody knows", [stream, field, value]) if {
	some stream, fields in words
	some field, known in fields
	some value in values(stream, field)
	is_string(value)
	one_of(known, value) == false
}

notices contains sprintf("`%s`: `%s` holds something that is no word", [stream, field]) if {
	some stream, fields in words
	some field, _ in fields
	count({type_name(value) | some value in values(stream, field)} - {"string", "null"}) > 0
}

notices contains sprintf("`%s`: `%s` holds something that is not %s", [stream, field, shape]) if {
	some stream, fields in shapes
	some field, shape in fields
	count({shape} - {"a text", "an id"}) > 0 # mutate: ignore `fits` answers nothing for these two: this spares looking at every text
	some value in values(stream, field)
	fits(shape, value) == false
}

notices contains sprintf("`%s`: `%s` holds something that is not %s", [stream, field, shape]) if {
	some stream, fields in shapes
	some field, shape in fields
	types := {type_name(object.get(row, field, null)) | some row in input.streams[stream]}
	count(types - object.get({"a text": {"string", "null"}, "an id": {"string", "number", "null"}}, shape, types)) > 0
}

notices contains sprintf("`%s`: `%s` holds something that is not %s", [stream, field, shape]) if {
	some stream, fields in shapes
	some field, shape in fields
	shape == "an id" # mutate: ignore a fraction has no other shape either, and that is said above: this spares looking at every field
	some row in input.streams[stream]
	is_number(object.get(row, field, null))
	floor(row[field]) != row[field]
}

notices contains sprintf("`%s`: nobody reads the field `%s`", [stream, field]) if {
	some stream, fields in shapes
	some names in {object.keys(row) | some row in input.streams[stream]}
	some field in names
	object.get(fields, field, object.get(words[stream], field, null)) == null
}

values(stream, field) := {object.get(row, field, null) | some row in input.streams[stream]}

# A row that nobody can name is lost, and with it the proof that the list is whole.

dropped contains {"stream": "accounts", "key": place(index), "reason": "no id"} if {
	some index, row in input.streams.accounts
	id(row, "id") == null
}

dropped contains {"stream": "roles", "key": place(index), "reason": "no id, or no kind that is known"} if {
	some index, row in input.streams.roles
	named(row) == false
}

# A request that names no ticket, no system or nobody covers nothing: without it nothing is approved that is not.
dropped contains {"stream": "approvals", "key": place(index), "reason": "no ticket, system or person"} if {
	some index, row in input.streams.approvals
	usable(row) == false
}

incomplete["accounts"] := gap

gap := "there are rows without an id" if {
	some row in input.streams.accounts
	id(row, "id") == null
} else := "the program says that its reader does not see every account" if {
	count(input.streams.accounts) > 0
	sees_all == "no"
} else := "the program says that its reader may not see every account" if {
	count(input.streams.accounts) > 0
	sees_all == "unknown"
	object.get(reader, "sees_all", null) != null
}

incomplete["roles"] := "there are rows without an id, or without a kind that is known" if {
	some row in input.streams.roles
	named(row) == false
}

# Who has left is said by a status, or by a day.
telling := [row |
	some row in input.streams.staff
	count([value | some field in ["status", "last_day", "contract_end"]; value := object.get(row, field, null); value != null]) > 0
]

default unsaid := false

unsaid if {
	count(input.streams.staff) > 0
	count(telling) == 0
}

unavailable contains path if {
	unsaid
	some path in ["staff.exit", "staff.status"]
}

notices contains "`staff`: no row has a status or a last day: this cannot show who has left" if unsaid

notices contains sprintf("`staff`, %s: there is neither an address nor an employee id", [place(index)]) if {
	some index, row in input.streams.staff
	id(row, "id") == null
	count(texts(row, "emails")) + count(texts(row, "aliases")) == 0
}

# The system, where the program says which it is.

default stated := {}

stated := input.streams.system[0]

default reader := {}

reader := stated.reader if is_object(object.get(stated, "reader", null))

system := {"tenant": id(stated, "tenant"), "reader": {"id": id(reader, "id"), "sees_all": sees_all}}

sees_all := reader.sees_all if {
	one_of(["yes", "no"], object.get(reader, "sees_all", null))
} else := "unknown"

# Rows. A field that is left out, or null, says nothing.

account(row) := {
	"id": id(row, "id"),
	"employee_id": id(row, "employee_id"),
	"name": text(row, "name"),
	"email": text(row, "email"),
	"aliases": texts(row, "aliases"),
	"state": word("accounts", row, "state", "unknown"),
	"kind": word("accounts", row, "kind", "unknown"),
	"access": word("accounts", row, "access", "unknown"),
	"admin": word("accounts", row, "admin", "unknown"),
	"mfa": word("accounts", row, "mfa", "unknown"),
	"reader": reads(row),
	"roles": held(row),
	"unread_roles": unread(row),
	"permissions": permissions(row),
	"created_at": date(row, "created_at"),
	"last_login": last_login(row),
}

role(row) := {
	"id": id(row, "id"),
	"kind": row.kind,
	"name": title(row),
	"parent": id(row, "parent"),
	"active": word("roles", row, "active", "unknown"),
	"admin": word("roles", row, "admin", "unknown"),
	"scope": text(row, "scope"),
	"permissions": permissions(row),
}

person(row) := {
	"line": line(row),
	"id": id(row, "id"),
	"name": text(row, "name"),
	"emails": texts(row, "emails"),
	"aliases": texts(row, "aliases"),
	"recorded_status": text(row, "recorded_status"),
	"status": status(row),
	"employment": employment(row),
	"job_roles": texts(row, "job_roles"),
	"departments": texts(row, "departments"),
	"manager": id(row, "manager"),
	"start_date": date(row, "start_date"),
	"last_day": date(row, "last_day"),
	"contract_end": date(row, "contract_end"),
	"timezone": text(row, "timezone"),
}

request(row) := {
	"line": line(row),
	"id": id(row, "id"),
	"system": id(row, "system"),
	"person": id(row, "person"),
	"roles": covered(row),
	"state": word("approvals", row, "state", "unknown"),
	"by": id(row, "by"),
	"approved_at": date(row, "approved_at"),
	"expires_at": date(row, "expires_at"),
}

# A row of accounts says it of itself, or the system says whose id it is.
reads(row) := word("accounts", row, "reader", "unknown") if {
	object.get(row, "reader", null) != null
} else := "unknown" if {
	id(reader, "id") == null
} else := "yes" if {
	id(row, "id") == id(reader, "id")
} else := "no"

# Without a word the dates decide; a word that nobody knows decides nothing.
status(row) := "not_stated" if {
	object.get(row, "status", null) == null
} else := word("staff", row, "status", "unknown")

employment(row) := word("staff", row, "employment", "other") if {
	is_string(object.get(row, "employment", null))
} else := "not_stated"

# What is held, and the kinds of which that is not said.
holdings(row) := row.roles if {
	is_array(object.get(row, "roles", null))
} else := []

held(row) := [{"kind": entry.kind, "id": id(entry, "id")} | some entry in holdings(row); holding(entry)]

holding(entry) := true if {
	is_object(entry)
	one_of(words.roles.kind, object.get(entry, "kind", null))
	is_string(id(entry, "id"))
} else := false

unread(row) := words.roles.kind if {
	is_array(object.get(row, "roles", null)) == false
} else := words.roles.kind if {
	fits("a list of kinds", object.get(row, "unread_roles", null)) == false
} else := [kind | some kind in words.roles.kind; open(row, kind)]

# A holding that cannot be read may be of either kind, unless it says of which.
open(row, kind) := true if {
	kind in row.unread_roles
} else := true if {
	some entry in holdings(row)
	holding(entry) == false
	of_kind(entry, kind)
} else := false

of_kind(entry, kind) := entry.kind == kind if {
	is_object(entry)
	one_of(words.roles.kind, object.get(entry, "kind", null))
} else := true

permissions(row) := row.permissions if {
	shaped("a list of texts", object.get(row, "permissions", null))
} else := null

last_login(row) := {"state": state, "at": date(row.last_login, "at")} if {
	shaped("a login", object.get(row, "last_login", null))
	state := row.last_login.state
} else := {"state": "unknown", "at": null}

title(row) := text(row, "name") if {
	is_string(text(row, "name"))
} else := id(row, "id")

named(row) := true if {
	is_string(id(row, "id"))
	one_of(words.roles.kind, object.get(row, "kind", null))
} else := false

usable(row) := true if {
	every field in ["id", "system", "person"] { is_string(id(row, field)) }
} else := false

# No role at all covers whatever the system has to give. What cannot be read covers nothing.
covered(row) := null if {
	object.get(row, "roles", null) == null
} else := [id({"id": entry}, "id") | some entry in row.roles; is_id(entry)] if {
	is_array(row.roles)
} else := []

place(index) := sprintf("row %d", [index + 1])

# Values.

one_of(known, value) := true if {
	value in known
} else := false

word(stream, row, field, otherwise) := row[field] if {
	one_of(words[stream][field], object.get(row, field, null))
} else := otherwise

# A text that is not blank, or a whole number as text.
id(row, field) := row[field] if {
	is_string(object.get(row, field, null))
	trim_space(row[field]) != ""
} else := format_int(row[field], 10) if {
	is_number(object.get(row, field, null))
	floor(row[field]) == row[field]
} else := null

is_id(value) := is_string(id({"id": value}, "id"))

text(row, field) := row[field] if {
	is_string(object.get(row, field, null))
	trim_space(row[field]) != ""
} else := null

texts(row, field) := [entry | some entry in row[field]; is_string(entry)] if {
	is_array(object.get(row, field, null))
} else := []

line(row) := to_number(format_int(row.line, 10)) if {
	shaped("a line", object.get(row, "line", null))
} else := null

# A date is handed on as it came: what is no date is said when it is read.
date(row, field) := row[field] if {
	is_string(object.get(row, field, null))
} else := null if {
	object.get(row, field, null) == null
} else := json.marshal(row[field])

# Whether a value has the shape of its field. Null says nothing, in any field.
fits(shape, value) := true if {
	value == null
} else := shaped(shape, value)

shaped("a line", value) := true if {
	is_number(value)
	floor(value) == value
	value >= 0
} else := false

shaped("a list of texts", value) := true if {
	is_array(value)
	every entry in value { is_string(entry) }
} else := false

shaped("a list of ids", value) := true if {
	is_array(value)
	every entry in value { is_id(entry) }
} else := false

shaped("a list of kinds", value) := true if {
	is_array(value)
	every entry in value { one_of(words.roles.kind, entry) }
} else := false

shaped("a list of holdings", value) := true if {
	is_array(value)
	every entry in value { holding(entry) }
} else := false

shaped("a login", value) := true if {
	is_object(value)
	one_of(["never", "unknown"], object.get(value, "state", null))
} else := true if {
	is_object(value)
	object.get(value, "state", null) == "known"
	is_string(text(value, "at"))
} else := false

shaped("a reader", value) := true if {
	is_object(value)
	object.get(value, "id", null) == null
	seeing(value)
} else := true if {
	is_id(value.id)
	seeing(value)
} else := false

seeing(value) := object.get(value, "sees_all", null) in ["yes", "no", "unknown", null]
