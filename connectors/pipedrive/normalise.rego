# What Pipedrive's answers mean. README.md beside this file has the reasons.
package connectors.pipedrive

accounts := [account(user) | some user in input.streams.users]

roles := array.concat(
	[role(row) | some row in input.streams.roles],
	[permission_set(row) | some row in input.streams.permission_sets],
)

system := {"tenant": tenant, "reader": {"id": reader_id, "sees_all": sees_all}}

incomplete["accounts"] := why if {
	why := gap
}

# The list is all there is only if its reader is on it, once, and may see everyone.
gap := "the credential's owner is not among the users" if {
	input.states.users == "complete"
	count(input.streams.me) > 0
	not_listed
} else := "more than one user, or another than the credential's owner, says that it is the reader" if {
	input.states.users == "complete"
	some user in input.streams.users
	flag(user, "is_you") == "yes"
	text(user.id) != reader_id
} else := "nobody knows who reads, and whether they may see every user" if {
	count(reader_row) == 0
	input.options.reader_sees_everyone == false
} else := "the credential's owner is no account admin and may not see every user" if {
	sees_all != "yes"
	input.options.reader_sees_everyone == false
}

default not_listed := true

not_listed := false if reader_id in {text(user.id) | some user in input.streams.users}

# An id that is not listed may be of a role that was deleted. Where most are not, the list is not the company's.
incomplete["roles"] := sprintf("%d of %d ids that users hold are not in `%s`", [count(missing), count(all), stream]) if {
	[stream, all, missing] := strays[0]
}

unavailable contains path if {
	some [stream, _, _] in strays
	some path in {
		"roles": ["account.role_names", "account.unlisted_role_ids"],
		"permission_sets": ["account.permission_set_names", "account.unlisted_role_ids"],
	}[stream]
}

strays := [[stream, all, missing] |
	some [kind, stream] in [["role", "roles"], ["permission_set", "permission_sets"]]
	input.states[stream] == "complete"
	all := {held.id | some row in accounts; row.state != "deleted"; some held in row.roles; held.kind == kind}
	missing := all - {text(row.id) | some row in input.streams[stream]}
	2 * count(missing) > count(all)
]

notices contains "`/users/me` names no company: it is not verified that the answers are this company's" if {
	is_string(object.get(input.streams.me[0], "company_domain", null)) == false
}

notices contains "the credential's owner is no account admin; the source says that it sees every user" if {
	sees_all != "yes"
	input.options.reader_sees_everyone == true
}

# The account whose credential reads: /users/me, or the user that says so of itself.

default reader_row := {}

reader_row := input.streams.me[0]

reader_row := [user | some user in input.streams.users; object.get(user, "is_you", false) == true][0] if {
	count(input.streams.me) == 0
}

default reader_id := null

reader_id := text(object.get(reader_row, "id", null))

default tenant := null

tenant := domain if {
	domain := object.get(reader_row, "company_domain", null)
	is_string(domain)
} else := object.get(input.params, "company", null)

default sees_all := "unknown"

sees_all := "yes" if "account_settings" in apps(reader_row)

# Users.

account(user) := {
	"id": text(user.id),
	"employee_id": null,
	"name": shown(user, "name"),
	"email": shown(user, "email"),
	"aliases": [],
	"state": state(user),
	"kind": "user",
	"access": access(user),
	"admin": admin(user),
	"mfa": "unknown",
	"reader": reads(user),
	"roles": array.concat(visibility(user), sets(user)),
	"unread_roles": unread(user),
	"permissions": permissions(user),
	"created_at": string_or_null(object.get(user, "created", null)),
	"last_login": last_login(user),
}

default state(_) := "unknown"

state(user) := "deleted" if {
	flag(user, "is_deleted") == "yes"
} else := "unknown" if {
	flag(user, "is_deleted") == "unreadable"
} else := "inactive" if {
	flag(user, "active_flag") == "no"
} else := "unknown" if {
	flag(user, "active_flag") == "unreadable"
} else := "invited" if {
	unverified(user)
} else := "active" if {
	flag(user, "active_flag") == "yes"
}

# Until an invitation is taken up everything but id, name and email is null. A field that is absent says nothing.
unverified(user) if {
	user.created == null
	user.role_id == null
	object.get(user, "last_login", null) == null
	object.get(user, "timezone_name", null) == null
	object.get(user, "default_currency", null) == null
}

# Flags come as booleans, and came as 0 and 1; a text is neither.
flag(user, field) := "yes" if {
	object.get(user, field, null) in [true, 1]
} else := "no" if {
	object.get(user, field, null) in [false, 0]
} else := "absent" if { # mutate: ignore no rule asks for this word: it is only none of the others
	object.get(user, field, null) == null
} else := "unreadable"

# What a deleted user leaves behind is not a name and not an address.
shown(user, field) := string_or_null(value) if {
	value := object.get(user, field, null)
	value != "(deleted user)"
} else := null

entries(row) := list if {
	list := object.get(row, "access", null)
	is_array(list)
} else := []

apps(row) := {entry.app | some entry in entries(row)}

access(user) := "some" if {
	count(entries(user)) > 0
} else := "none" if {
	is_array(object.get(user, "access", null))
} else := "unknown"

# Whoever has account settings administers the company: users, billing and security. There is no lesser level of it.
admin(user) := "full" if {
	"account_settings" in apps(user)
} else := "unknown" if {
	is_array(object.get(user, "access", null)) == false
} else := "partial" if {
	some entry in entries(user)
	is_object(entry)
	object.get(entry, "admin", null) == true
} else := "unknown" if {
	some entry in entries(user)
	readable(entry) == false
} else := "none"

readable(entry) := true if {
	is_object(entry)
	is_string(object.get(entry, "app", null))
	is_boolean(object.get(entry, "admin", null))
} else := false

reads(user) := "yes" if {
	flag(user, "is_you") == "yes"
} else := "yes" if {
	text(user.id) == reader_id
} else := "no" if {
	flag(user, "is_you") == "no"
} else := "no" if {
	is_string(reader_id)
} else := "unknown"

visibility(user) := [{"kind": "role", "id": id}] if {
	id := text(object.get(user, "role_id", null))
} else := []

sets(user) := [{"kind": "permission_set", "id": id} |
	some entry in entries(user)
	is_object(entry)
	id := text(object.get(entry, "permission_set_id", null))
]

# The kinds of which the answer does not say what is held. What waits behind an open invitation is not said either.
unread(user) := array.concat(
	["role" | count(visibility(user)) == 0],
	["permission_set" | sets_read(user) == false],
)

default sets_read(_) := false

sets_read(user) if {
	is_array(object.get(user, "access", null))
	count(sets(user)) == count(user.access)
}

# Of a user who was verified null means never, and so does the day 0000-00-00, the only text that is not known. Where the
# field is absent nothing was said.
last_login(user) := {"state": "known", "at": at} if {
	at := object.get(user, "last_login", null)
	is_string(at)
	startswith(at, "0000-00-00") == false
} else := {"state": "never", "at": null} if {
	object.get(user, "last_login", "absent") == null # mutate: ignore whatever is not null does for an absent field
} else := {"state": "never", "at": null} if {
	is_string(user.last_login)
} else := {"state": "unknown", "at": null}

# Roles are groups that say what a user may see. None of them administers anything.

role(row) := {
	"id": text(row.id),
	"kind": "role",
	"name": name(row),
	"parent": parent(row),
	"active": object.get({"yes": "yes", "no": "no"}, flag(row, "active_flag"), "unknown"),
	"admin": "none",
	"scope": null,
	"permissions": null,
}

# The role at the top is its own parent.
parent(row) := id if {
	id := text(object.get(row, "parent_role_id", null))
	id != text(row.id)
} else := null

# Permission sets say what a user may do in one app.

permission_set(row) := {
	"id": text(row.id),
	"kind": "permission_set",
	"name": name(row),
	"parent": null,
	"active": "yes",
	"admin": level(row),
	"scope": string_or_null(object.get(row, "app", null)),
	"permissions": object.get(contents, text(row.id), null),
}

level(row) := "full" if {
	object.get(row, "app", null) == "account_settings"
} else := "partial" if {
	object.get(row, "type", null) == "admin"
} else := "none" if {
	object.get(row, "type", null) in ["manager", "regular", "custom"]
} else := "unknown"

# What each set allows: a list of names, or a map of name to boolean.
contents[parent] := names if {
	some answer in input.streams.permission_set
	parent := answer.parent
	names := allowed(answer.record)
}

allowed(record) := [entry | some entry in record.contents; is_string(entry)] if {
	is_array(record.contents)
} else := [key | some key, value in record.contents; value == true] if {
	is_object(record.contents)
}

# Known only where the contents of every set that is held are.
permissions(user) := [entry | some held in sets(user); some entry in object.get(contents, held.id, [])] if {
	input.states.permission_set == "complete"
	is_array(object.get(user, "access", null))
	every held in sets(user) { is_array(object.get(contents, held.id, null)) }
	count(sets(user)) == count(entries(user))
} else := null

name(row) := row.name if {
	is_string(object.get(row, "name", null))
	row.name != ""
} else := text(row.id)

# Ids are numbers here and texts there.
text(id) := id if {
	is_string(id)
	id != ""
}

text(id) := format_int(id, 10) if {
	is_number(id)
	floor(id) == id
}

string_or_null(value) := value if {
	is_string(value)
	value != ""
} else := null
