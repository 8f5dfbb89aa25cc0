# What Entra's users mean as staff. README.md beside this file has the reasons.
package connectors.entra

staff := array.concat(
	[person(user, status(user), user_word(user), leave_date(user)) | some user in input.streams.users; left_out(user) == null],
	[person(user, "offboarded", "deleted", last_day(user)) | some user in input.streams.deleted; deleted_left_out(user) == null],
)

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

notices contains sprintf(
	"disabled users of whom Entra does not say whether they have left: %d; set `disabled` under `params`",
	[count(disabled)],
) if {
	count(disabled) > 0
}

disabled := [user |
	some user in kept
	object.get(user, "accountEnabled", null) == false
	status(user) == "unknown"
	is_member(user)
]

notices contains sprintf("users without an `accountEnabled` that is true or false: %d; their status is unknown", [count(mute)]) if {
	count(mute) > 0
}

mute := [user | some user in kept; is_boolean(object.get(user, "accountEnabled", null)) == false]

notices contains sprintf("users of whom Entra does not say whether they are guests: %d; their status is unknown", [count(unplaced)]) if {
	count(unplaced) > 0
}

unplaced := [user | some user in kept; input.options.guests == false; is_member(user) == false]

notices contains sprintf("`%s`: there is neither an address nor an employee id: no account is theirs", [key]) if {
	some user in kept
	key := text(user.id)
	work_address(user) == null
	text_at(user, "employeeId") == null
}

kept := [user | some user in input.streams.users; left_out(user) == null]

# Without the permission Graph answers null for everybody, and says no more of it.
default dated := false

dated if {
	some user in array.concat(input.streams.users, input.streams.deleted)
	leave_date(user) != null
}

unavailable contains "staff.exit" if dated == false

notices contains "nobody has a leave date: the credential lacks the permission User-LifeCycleInfo.Read.All, or nobody fills the dates in; who has left is said by deleted accounts alone, or by `disabled` under `params`" if {
	input.states.users == "complete"
	dated == false
}

person(user, standing, recorded, last) := {
	"line": null,
	"id": text_at(user, "employeeId"),
	"name": text_at(user, "displayName"),
	"emails": [address | some address in [work_address(user)]; address != null],
	"aliases": aliases(user),
	"recorded_status": recorded,
	"status": standing,
	"employment": employment(text_at(user, "employeeType")),
	"job_roles": [title | some title in [text_at(user, "jobTitle")]; title != null],
	"departments": [department | some department in [text_at(user, "department")]; department != null],
	"manager": null,
	"start_date": hire_date(user),
	"last_day": last,
	"contract_end": null,
	"timezone": null,
}

# Whoever may be a guest may be no staff at all.
status(user) := "unknown" if {
	input.options.guests == false
	is_member(user) == false
} else := "current" if {
	object.get(user, "accountEnabled", null) == true
} else := "unknown" if {
	object.get(user, "accountEnabled", null) != false
} else := "not_stated" if {
	# The leave date says more than a switch that nobody explained, unless it is of an earlier employment.
	input.params.disabled == "unknown"
	is_of_this_employment(leave_date(user), hire_date(user))
} else := input.params.disabled

user_word(user) := "enabled" if {
	object.get(user, "accountEnabled", null) == true
} else := "disabled" if {
	object.get(user, "accountEnabled", null) == false
} else := null

# Who was deleted is gone: a leave date behind that day, or one that cannot be compared with it, would make them staff
# again until it comes. The day of the deletion itself is nobody's last day.
last_day(user) := leave_date(user) if {
	not_behind(leave_date(user), object.get(user, "deletedDateTime", null))
} else := null

is_of_this_employment(last, first) if {
	is_day(last)
	first == null
} else if {
	not_behind(first, last)
} else := false

# Text as it is written sorts as its days do.
not_behind(day, moment) if {
	is_day(day)
	is_day(moment)
	substring(day, 0, 10) <= substring(moment, 0, 10) # mutate: ignore ten characters are compared: what follows them decides nothing
} else := false

is_day(value) if {
	is_string(value)
	regex.match(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`, value)
} else := false

left_out(user) := "it was deleted while the users were read" if {
	object.get(deleted_ids, text(user.id), false)
} else := outsider(user)

deleted_left_out(user) := "it was deleted, and another user has its address and name" if {
	object.get(present, mark(user), false)
} else := outsider(user)

outsider(user) := "it is a guest" if {
	input.options.guests == false
	is_guest(user)
} else := "it has no employee id" if {
	input.options.employee_id_required == true
	text_at(user, "employeeId") == null
} else := null

deleted_ids[id] := true if {
	some user in input.streams.deleted
	id := text(user.id)
}

# Somebody who came back has a user of each time. Who has left and is about to come back is a leaver until then.
present[whose] := true if {
	some user in input.streams.users
	whose := mark(user)
	object.get(deleted_ids, text(user.id), false) == false
	outsider(user) == null
	begins_later(user) == false
}

# Whether the first day comes after the day on which this was read.
begins_later(user) if {
	taken := object.get(input, "taken_at", null)
	is_day(taken)
	is_day(hire_date(user))
	substring(hire_date(user), 0, 10) > substring(taken, 0, 10) # mutate: ignore ten characters are compared: what follows them decides nothing
} else := false

# Who a user is, as far as two users can be compared; of one without an address or a name only itself.
mark(user) := lower(sprintf("%s %s", [work_address(user), text_at(user, "displayName")])) if { # mutate: ignore marks are compared with marks alone
	work_address(user) != null
	text_at(user, "displayName") != null
} else := text(user.id)

# Old tenants have users without a type. Of those the name of somebody invited gives a guest away.
is_guest(user) if {
	lower(type_of(user)) == "guest"
} else if {
	is_member(user) == false
	contains(lower(principal(user)), "#ext#")
} else := false

is_member(user) if {
	lower(type_of(user)) == "member"
} else := false

type_of(user) := kind if {
	kind := text_at(user, "userType")
	kind != null
}

work_address(user) := text_at(user, "mail") if {
	text_at(user, "mail") != null
} else := principal_address(user)

# The name of somebody invited is no address.
principal_address(user) := name if {
	name := principal(user)
	contains(name, "@")
	contains(lower(name), "#ext#") == false
} else := null

# Entra writes a deleted user's id before the name, without its dashes.
principal(user) := substring(name, count(prefix), -1) if { # mutate: ignore any length below zero is the rest
	name := text_at(user, "userPrincipalName")
	name != null
	prefix := replace(text(user.id), "-", "")
	startswith(lower(name), lower(prefix))
} else := name if {
	name := text_at(user, "userPrincipalName")
	name != null
}

aliases(user) := [address |
	some address in array.concat(array.concat([principal_address(user)], proxies(user)), others(user))
	address != null
	address != work_address(user)
]

# `SMTP:` is before the primary address and `smtp:` before others; what else stands there is no mail.
proxies(user) := [substring(entry, 5, -1) | # mutate: ignore any length below zero is the rest
	some entry in list_at(user, "proxyAddresses")
	is_string(entry)
	startswith(lower(entry), "smtp:")
]

others(user) := [entry | some entry in list_at(user, "otherMails"); is_string(entry)] if {
	input.options.other_mails == true
} else := []

# The years 1 and 1601 are how no date looks after a detour through .NET or an Active Directory.
hire_date(user) := date_at(user, "employeeHireDate")

leave_date(user) := date_at(user, "employeeLeaveDateTime")

date_at(user, key) := null if {
	is_string(object.get(user, key, null))
	regex.match(`^(0001|1601)-01-01`, user[key])
} else := text_at(user, key) if {
	text_at(user, key) != null
} else := null if {
	object.get(user, key, null) == null
} else := "(no text)" if {
	is_string(user[key]) == false
} else := null

employment(word) := "not_stated" if {
	word == null
} else := object.get(kinds, lower(word), "other")

kinds := {
	"employee": "employee", "full-time": "employee", "full time": "employee", "part-time": "employee",
	"part time": "employee", "permanent": "employee", "regular": "employee", "fte": "employee", "staff": "employee",
	"contractor": "contractor", "contract": "contractor", "consultant": "contractor", "freelancer": "contractor",
	"external": "contractor", "contingent": "contractor", "contingent worker": "contractor", "vendor": "contractor",
	"intern": "intern", "trainee": "intern", "apprentice": "intern", "working student": "intern",
}

# A text that is not blank, or a whole number in digits.
text_at(user, key) := trimmed if {
	is_string(object.get(user, key, null))
	trimmed := trim_space(user[key])
	trimmed != ""
} else := digits if {
	is_number(object.get(user, key, null))
	digits := text(user[key])
} else := null

list_at(user, key) := user[key] if {
	is_array(object.get(user, key, null))
} else := []

text(id) := id if {
	is_string(id)
} else := format_int(id, 10) if {
	is_number(id)
	floor(id) == id
}
