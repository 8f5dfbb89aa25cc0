# What the answers mean. Whatever they do not say is `unknown`, never a "no".
package connectors.{{name}}

import input.streams

# --- the system, and who reads it ---

system := {"tenant": string_or_null(me, "workspace"), "reader": {"id": reader, "sees_all": sees_all}}

default me := {}

me := streams.me[0]

reader := text(object.get(me, "id", null))

default sees_all := "unknown"

# Only an administrator is known to be shown every user.
sees_all := "yes" if object.get(me, "admin", false) == true

incomplete["accounts"] := "nothing says that whoever reads is shown every user" if sees_all == "unknown"

# --- accounts ---

accounts := [account(user) | some user in streams.users]

account(user) := {
	"id": text(user.id),
	"employee_id": null,
	"name": string_or_null(user, "name"),
	"email": string_or_null(user, "email"),
	"aliases": [],
	"state": state(user),
	"kind": "user",
	"access": "unknown",
	"admin": admin(user),
	"mfa": "unknown",
	"reader": mark(user),
	"roles": [{"kind": "role", "id": text(id)} | some id in listed(user)],
	"unread_roles": unread(user),
	"permissions": null,
	"created_at": string_or_null(user, "created_at"),
	"last_login": {"state": "unknown", "at": null},
}

# The words of the system for what an account can be. Any other word is unknown, and said.
states := {"active": "active", "invited": "invited", "suspended": "inactive", "deleted": "deleted"}

state(user) := object.get(states, object.get(user, "status", null), "unknown")

notices contains said if {
	some user in streams.users
	state(user) == "unknown"
	said := sprintf("the status `%v` is a word that nobody knows", [object.get(user, "status", null)])
}

default admin(_) := "unknown"

admin(user) := "full" if object.get(user, "admin", null) == true

admin(user) := "none" if object.get(user, "admin", null) == false

default mark(_) := "no"

mark(_) := "unknown" if reader == null

mark(user) := "yes" if text(user.id) == reader

# --- what they hold ---

default listed(_) := []

listed(user) := user.role_ids if is_array(object.get(user, "role_ids", null))

# Roles that are no list were not read, which is not the same as none.
default unread(_) := ["role"]

unread(user) := [] if is_array(object.get(user, "role_ids", null))

roles := [role(row) | some row in streams.roles]

role(row) := {
	"id": text(row.id),
	"kind": "role",
	"name": object.get(row, "name", text(row.id)),
	"parent": null,
	"active": "unknown",
	"admin": "unknown",
	"scope": null,
	"permissions": null,
}

# --- texts ---

default text(_) := null

text(value) := value if is_string(value)

text(value) := format_int(value, 10) if is_number(value)

default string_or_null(_, _) := null

string_or_null(row, field) := row[field] if is_string(object.get(row, field, null))
