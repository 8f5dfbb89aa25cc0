# What Truto's unified user model means. README.md beside this file has the reasons.
package connectors.truto

accounts := [account(user) | some user in input.streams.users]

roles := [role(row) | some row in input.streams.roles]

# One connection reads one tenant, so its id stands for it. Who reads, and what it may see, no answer says.
system := {"tenant": object.get(input.params, "account", null), "reader": {"id": null, "sees_all": "unknown"}}

incomplete["accounts"] := "nothing says that the connection may list every user" if {
	input.options.reader_sees_everyone == false
}

notices contains "the source says that the connection lists every user" if input.options.reader_sees_everyone == true

# An integration that has no field for something leaves it out of every user, or leaves it empty in every one.

some_role if {
	some user in input.streams.users
	count(listed(user)) > 0
}

default some_role := false

notices contains "no user has a role: what they hold is taken for not read, and not for nothing" if {
	count(input.streams.users) > 0
	some_role == false
}

some_address if {
	some user in input.streams.users
	is_string(email(user))
}

default some_address := false

unavailable contains "account.email" if some_address == false

notices contains "no user has an address: accounts can only be linked by `identities:`" if {
	count(input.streams.users) > 0
	some_address == false
}

some_factor if {
	some user in input.streams.users
	is_boolean(object.get(user, "is_2fa_enabled", null))
}

default some_factor := false

unavailable contains "account.mfa" if some_factor == false

notices contains sprintf("the status `%s` is a word that nobody knows", [user.status]) if {
	some user in input.streams.users
	is_string(object.get(user, "status", null))
	state(user) == "unknown"
}

notices contains sprintf("%d users have no status", [count(mute)]) if count(mute) > 0

mute := [user | some user in input.streams.users; is_string(object.get(user, "status", null)) == false]

notices contains sprintf("%d users hold a role that has no id", [count(nameless)]) if count(nameless) > 0

nameless := [user | some user in input.streams.users; count(held(user)) < count(listed(user))]

# An id that is not listed may be of a role that was deleted. Where most are not, the two lists do not speak of the same.
strays := [missing |
	input.states.roles == "complete"
	all := {holding.id | some user in input.streams.users; state(user) != "deleted"; some holding in held(user)}
	missing := all - {text(row, "id") | some row in input.streams.roles}
	2 * count(missing) > count(all)
]

unavailable contains path if {
	count(strays) > 0
	some path in ["account.role_names", "account.unlisted_role_ids"]
}

notices contains sprintf("%d ids that users hold are not in `roles`, and most are not: the names of roles are not used", [count(missing)]) if {
	some missing in strays
}

account(user) := {
	"id": text(user, "id"),
	"employee_id": null,
	"name": name(user),
	"email": email(user),
	"aliases": aliases(user),
	"state": state(user),
	"kind": kind(user),
	"access": "unknown",
	"admin": "unknown",
	"mfa": mfa(user),
	"reader": "unknown",
	"roles": held(user),
	"unread_roles": unread(user),
	"permissions": null,
	"created_at": text(user, "created_at"),
	"last_login": last_login(user),
}

# Truto's own words, as Truto writes them. Any other is the vendor's, and may mean anything.
state(user) := user.status if {
	object.get(user, "status", null) in ["active", "inactive", "deleted", "invited"]
} else := "unknown"

kind(user) := object.get(
	{"user": "user", "admin": "user", "service-account": "service"},
	text(user, "type"),
	"unknown",
)

mfa(user) := "yes" if {
	object.get(user, "is_2fa_enabled", null) == true
} else := "no" if {
	object.get(user, "is_2fa_enabled", null) == false
} else := "unknown"

listed(user) := user.roles if {
	is_array(object.get(user, "roles", null))
} else := []

held(user) := [{"kind": "role", "id": text(entry, "id")} |
	some entry in listed(user)
	is_object(entry)
	is_string(text(entry, "id"))
]

# The model knows roles and no permission sets; a rule that asks for those cannot be decided, by `fields` of the manifest.
unread(user) := [] if {
	some_role
	is_array(object.get(user, "roles", null))
	count(held(user)) == count(user.roles)
} else := ["role"]

# Null is what a system has that does not say, as well as what nobody ever did.
last_login(user) := {"state": "known", "at": text(user, "last_login_at")} if {
	is_string(text(user, "last_login_at"))
} else := {"state": "unknown", "at": null}

# The primary address; without one that is called so the first, and without any the login where it is one.
email(user) := primary(user)[0] if {
	count(primary(user)) > 0
} else := addresses(user)[0] if {
	count(addresses(user)) > 0
} else := null

primary(user) := [text(entry, "email") |
	some entry in entries(user)
	object.get(entry, "is_primary", null) == true
	is_string(text(entry, "email"))
]

addresses(user) := array.concat(
	[text(entry, "email") | some entry in entries(user); is_string(text(entry, "email"))],
	[login | login := text(user, "username"); is_string(login); contains(login, "@")],
)

aliases(user) := sort({address | some address in addresses(user)} - {email(user)})

entries(user) := [entry | some entry in user.emails; is_object(entry)] if {
	is_array(object.get(user, "emails", null))
} else := []

name(row) := text(row, "name") if {
	is_string(text(row, "name"))
} else := joined if {
	joined := concat(" ", [part | some field in ["first_name", "last_name"]; part := text(row, field); is_string(part)])
	joined != ""
} else := null

# The catalogue says what there is, and nothing of what it allows.
role(row) := {
	"id": text(row, "id"),
	"kind": "role",
	"name": title(row),
	"parent": null,
	"active": "unknown",
	"admin": "unknown",
	"scope": null,
	"permissions": null,
}

title(row) := text(row, "name") if {
	is_string(text(row, "name"))
} else := text(row, "label") if {
	is_string(text(row, "label"))
} else := text(row, "id")

# A text that is not blank, or a whole number as text. Ids come as either.
text(row, field) := row[field] if {
	is_string(object.get(row, field, null))
	trim_space(row[field]) != ""
} else := format_int(row[field], 10) if {
	is_number(object.get(row, field, null))
	floor(row[field]) == row[field]
} else := null
