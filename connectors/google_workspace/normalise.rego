# What Google Workspace's users mean as staff. README.md beside this file has the reasons.
package connectors.google_workspace

staff := array.concat(
	[person(user, status(user), recorded(user)) | some user in kept],
	[person(user, "offboarded", "deleted") | some user in input.streams.deleted; deleted_left_out(user) == null],
)

kept := [user | some user in input.streams.users; left_out(user) == null]

dropped contains {"stream": "users", "key": key, "reason": reason} if {
	some user in input.streams.users
	key := text(user.id)
	reason := left_out(user)
	reason != null
}

dropped contains {"stream": "deleted", "key": key, "reason": reason} if {
	some user in input.streams.deleted
	key := text(user.id)
	reason := deleted_left_out(user)
	reason != null
}

# One credential may read several customers, and a list of two is that of none.
incomplete["staff"] := "the users are of several customers" if {
	count(customers) > 1
} else := "the users are of another customer than `customer` names" if {
	input.params.customer != "my_customer"
	some customer in [found | some found, _ in customers]
	lower(customer) != lower(input.params.customer)
}

customers[customer] := true if { # mutate: ignore the keys alone are read
	some user in array.concat(input.streams.users, input.streams.deleted)
	customer := text_at(user, "customerId")
	customer != null
}

notices contains sprintf(
	"suspended or archived users of whom Google does not say whether they have left: %d; set `suspended` and `archived` under `params`, or `leavers_org_unit`",
	[count(paused)],
) if {
	count(paused) > 0
}

paused := [user | some user in kept; status(user) == "unknown"; count(meanings(user)) > 0]

notices contains sprintf("users without a `suspended` or `archived` that could be read: %d; their status is unknown", [count(mute)]) if {
	count(mute) > 0
}

mute := [user | some user in kept; recorded(user) == null]

notices contains sprintf("`%s`: there is no address and no employee id: no account is theirs", [key]) if {
	some user in kept
	key := text(user.id)
	text_at(user, "primaryEmail") == null
	employee_id(user) == null
}

# A unit that nobody is in may be one whose name was mistyped.
notices contains sprintf("no user is in the organisational unit `%s`, which `%s` names", [named, param]) if {
	some param in ["leavers_org_unit", "not_staff_org_unit"]
	named := input.params[param]
	unit(param) != ""
	count([user | some user in array.concat(input.streams.users, input.streams.deleted); is_in(user, param)]) == 0
}

person(user, standing, word) := {
	"line": null,
	"id": employee_id(user),
	"name": full_name(user),
	"emails": [address | some address in [text_at(user, "primaryEmail")]; address != null],
	"aliases": [address |
		some address in array.concat(list_at(user, "aliases"), list_at(user, "nonEditableAliases"))
		is_string(address)
	],
	"recorded_status": word,
	"status": standing,
	"employment": employment(user),
	"job_roles": of_organisations(user, "title"),
	"departments": of_organisations(user, "department"),
	"manager": manager(user),
	"start_date": null,
	"last_day": null,
	"contract_end": null,
	"timezone": null,
}

# The organisation's own word is before Google's flags. Of two flags the one that is surer of an exit counts, and one that
# nobody explained before one that keeps somebody staff.
status(user) := "offboarded" if {
	is_in(user, "leavers_org_unit")
} else := "unknown" if {
	recorded(user) == null
} else := "current" if {
	count(meanings(user)) == 0
} else := "offboarded" if {
	"offboarded" in meanings(user)
} else := "unknown" if {
	"unknown" in meanings(user)
} else := meanings(user)[0]

meanings(user) := array.concat(
	[input.params.archived | some flag in [object.get(user, "archived", null)]; flag == true],
	[suspension(user) | some flag in [object.get(user, "suspended", null)]; flag == true],
)

# Google suspends users too, for abuse for instance; that says nothing of a job.
suspension(user) := input.params.suspended if {
	object.get(user, "suspensionReason", null) in [null, "", "ADMIN"]
} else := "unknown"

# `archived` is left out by some answers where it is false; `suspended` by none that an administrator gets.
recorded(user) := null if {
	is_boolean(object.get(user, "suspended", null)) == false
} else := null if {
	is_boolean(object.get(user, "archived", false)) == false # mutate: ignore either boolean stands for one that is absent
} else := "archived" if {
	object.get(user, "archived", false) == true
} else := "suspended" if {
	user.suspended == true
} else := "active"

left_out(user) := "it was deleted while the users were read" if {
	object.get(deleted_ids, text(user.id), false)
} else := outsider(user)

deleted_left_out(user) := "it was deleted, and another user has its address and name" if {
	object.get(present, mark(user), false)
} else := outsider(user)

# A robot among the leavers is a robot.
outsider(user) := "it is a guest" if {
	input.options.guests == false
	object.get(user, "isGuestUser", null) == true
} else := "it is in the organisational unit that `not_staff_org_unit` names" if {
	is_in(user, "not_staff_org_unit")
} else := "it has no employee id" if {
	input.options.employee_id_required == true
	employee_id(user) == null
} else := null

deleted_ids[id] := true if {
	some user in input.streams.deleted
	id := text(user.id)
}

# Somebody who came back has a user of each time.
present[whose] := true if {
	some user in input.streams.users
	whose := mark(user)
	object.get(deleted_ids, text(user.id), false) == false
	outsider(user) == null
}

# Who a user is, as far as two users can be compared; of one without an address or a name only itself.
mark(user) := lower(sprintf("%s %s", [text_at(user, "primaryEmail"), full_name(user)])) if { # mutate: ignore marks are compared with marks alone
	text_at(user, "primaryEmail") != null
	full_name(user) != null
} else := text(user.id)

# A unit holds the units below it. Google's names of units differ by more than case.
is_in(user, param) if {
	unit(param) != ""
	path := lower(trim_right(string_at(user, "orgUnitPath"), "/"))
	is_below(path, unit(param))
} else := false

is_below(path, above) if {
	path == above
} else if {
	startswith(path, concat("", [above, "/"]))
} else := false

# The root holds everybody and names nobody.
unit(param) := "" if {
	trim(trim_space(input.params[param]), "/") == ""
} else := lower(concat("", ["/", trim(trim_space(input.params[param]), "/")]))

full_name(user) := text_at(user.name, "fullName") if {
	is_object(object.get(user, "name", null))
} else := null

# Of two different ids neither is theirs.
employee_id(user) := ids[0] if {
	ids := sort([id | some id, _ in id_set(user)])
	count(ids) == 1
} else := null

id_set(user) := {id: true | # mutate: ignore the keys alone are read
	some entry in list_at(user, "externalIds")
	is_object(entry)
	object.get(entry, "type", null) == "organization"
	id := text_at(entry, "value")
	id != null
}

of_organisations(user, key) := [value |
	some entry in list_at(user, "organizations")
	is_object(entry)
	value := text_at(entry, key)
	value != null
]

# The Admin console keeps the type of employee as the description of the organisation, which can hold other words too.
employment(user) := kind if {
	known := [kinds[lower(word)] | some word in of_organisations(user, "description")]
	kind := known[0]
} else := "not_stated"

kinds := {
	"employee": "employee", "full-time": "employee", "full time": "employee", "part-time": "employee",
	"part time": "employee", "permanent": "employee", "regular": "employee", "fte": "employee", "staff": "employee",
	"contractor": "contractor", "contract": "contractor", "consultant": "contractor", "freelancer": "contractor",
	"external": "contractor", "contingent": "contractor", "contingent worker": "contractor", "vendor": "contractor",
	"intern": "intern", "trainee": "intern", "apprentice": "intern", "working student": "intern",
}

manager(user) := bosses[0] if {
	bosses := [boss |
		some entry in list_at(user, "relations")
		is_object(entry)
		object.get(entry, "type", null) == "manager"
		boss := text_at(entry, "value")
		boss != null
	]
	count(bosses) > 0
} else := null

# A text that is not blank, or a whole number in digits.
text_at(from, key) := trimmed if {
	is_string(object.get(from, key, null))
	trimmed := trim_space(from[key])
	trimmed != ""
} else := digits if {
	is_number(object.get(from, key, null))
	digits := text(from[key])
} else := null

string_at(user, key) := user[key] if {
	is_string(object.get(user, key, null))
}

list_at(user, key) := user[key] if {
	is_array(object.get(user, key, null))
} else := []

text(id) := id if {
	is_string(id)
} else := format_int(id, 10) if {
	is_number(id)
	floor(id) == id
}
