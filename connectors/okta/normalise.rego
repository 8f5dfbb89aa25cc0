# What Okta's users mean as staff. README.md beside this file has the reasons.
package connectors.okta

staff := [person(user) | some user in input.streams.users; left_out(user) == null]

dropped contains {"stream": "users", "key": key, "reason": reason} if {
	some user in input.streams.users
	key := text(user.id)
	reason := left_out(user)
	reason != null
}

notices contains sprintf("`%s`: the status `%s` is a word that nobody knows", [key, user.status]) if {
	some user in input.streams.users
	key := text(user.id)
	is_string(object.get(user, "status", null))
	user.status != "SUSPENDED"
	object.get(meaning, user.status, "unknown") == "unknown"
}

notices contains sprintf("users without a status that could be read: %d", [count(speechless)]) if count(speechless) > 0

speechless := [user | some user in input.streams.users; is_string(object.get(user, "status", null)) == false]

notices contains sprintf(
	"suspended users of whom Okta does not say whether they have left: %d; set `suspended` under `params`",
	[count(suspended)],
) if {
	count(suspended) > 0
}

suspended := [user | some user in input.streams.users; object.get(user, "status", null) == "SUSPENDED"; status(user) == "unknown"]

notices contains sprintf("`%s`: there is neither an address nor an employee number: no account is theirs", [key]) if {
	some user in input.streams.users
	key := text(user.id)
	left_out(user) == null
	work_address(user) == null
	profile(user, "employeeNumber") == null
}

# What is over is over; a last day behind it was planned before.
notices contains sprintf(
	"`%s`: the last day `%s` lies behind the deactivation or cannot be held against it, and is not read",
	[key, planned],
) if {
	some user in input.streams.users
	key := text(user.id)
	planned := attribute(user, "last_day_attribute")
	planned != null
	last_day(user) == null
}

# An attribute that nobody has is a name that was mistyped.
notices contains sprintf("no user has the profile attribute `%s`, which `%s` names", [name_of_it, param]) if {
	some param in ["start_date_attribute", "last_day_attribute"]
	name_of_it := object.get(input.params, param, "")
	name_of_it != ""
	count([user | some user in input.streams.users; attribute(user, param) != null]) == 0
}

# Nobody's last day is known where no attribute is named for it.
unavailable contains "staff.exit" if object.get(input.params, "last_day_attribute", "") == ""

person(user) := {
	"line": null,
	"id": profile(user, "employeeNumber"),
	"name": full_name(user),
	"emails": [address | some address in [work_address(user)]; address != null],
	"aliases": aliases(user),
	"recorded_status": string_or_null(object.get(user, "status", null)),
	"status": status(user),
	"employment": employment(profile(user, "userType")),
	"job_roles": [title | some title in [profile(user, "title")]; title != null],
	"departments": [department | some department in [profile(user, "department")]; department != null],
	"manager": manager(user),
	"start_date": attribute(user, "start_date_attribute"),
	"last_day": last_day(user),
	"contract_end": null,
	"timezone": profile(user, "timezone"),
}

left_out(user) := "it has no employee number" if {
	is_numberless(user)
} else := "it is deactivated, and another user has its address and name" if {
	object.get(user, "status", null) == "DEPROVISIONED"
	object.get(present, mark(user), false)
} else := null

is_numberless(user) if {
	input.options.employee_id_required == true
	profile(user, "employeeNumber") == null
} else := false

# Somebody who came back, or changed from a contract to the payroll, has a user of each time. Who has left and is about to
# come back is a leaver until then: a user that waits for its first sign-in stands for nobody else.
present[whose] := true if {
	some user in input.streams.users
	whose := mark(user)
	object.get(waiting_or_gone, object.get(user, "status", null), false) == false
	is_numberless(user) == false
}

waiting_or_gone := {"DEPROVISIONED": true, "STAGED": true, "PROVISIONED": true}

# Who a user is, as far as two users can be compared; of one without an address or a name only itself.
mark(user) := lower(sprintf("%s %s", [work_address(user), full_name(user)])) if { # mutate: ignore marks are compared with marks alone
	work_address(user) != null
	full_name(user) != null
} else := text(user.id)

# Okta's words. A word that is not here is unknown, and never current.
meaning := {
	"ACTIVE": "current",
	"PASSWORD_EXPIRED": "current",
	"LOCKED_OUT": "current",
	"RECOVERY": "current",
	"STAGED": "not_started",
	"PROVISIONED": "not_started",
	"DEPROVISIONED": "offboarded",
}

# Of somebody suspended a last day says more than the suspension, unless it is of an earlier employment.
status(user) := "not_stated" if {
	object.get(user, "status", null) == "SUSPENDED"
	input.params.suspended == "unknown"
	is_of_this_employment(attribute(user, "last_day_attribute"), attribute(user, "start_date_attribute"))
} else := input.params.suspended if {
	object.get(user, "status", null) == "SUSPENDED"
} else := object.get(meaning, object.get(user, "status", null), "unknown") if {
	is_string(object.get(user, "status", null))
} else := "unknown"

is_of_this_employment(last, first) if {
	is_day(last)
	first == null
} else if {
	not_behind(first, last)
} else := false

# Who is said to have left is gone: a last day behind the day on which that was said, or one that cannot be compared with
# it, would make them staff again until it comes. The day on which it was said is nobody's last day.
last_day(user) := null if {
	status(user) == "offboarded"
	not_behind(attribute(user, "last_day_attribute"), object.get(user, "statusChanged", null)) == false
} else := attribute(user, "last_day_attribute")

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

full_name(user) := profile(user, "displayName") if {
	profile(user, "displayName") != null
} else := joined if {
	joined := concat(" ", [part | some part in [profile(user, "firstName"), profile(user, "lastName")]; part != null])
	joined != ""
} else := null

# The login is an address mostly, and need not be.
work_address(user) := profile(user, "email") if {
	profile(user, "email") != null
} else := login(user)

login(user) := address if {
	address := profile(user, "login")
	address != null
	contains(address, "@")
} else := null

aliases(user) := [address |
	some address in [login(user), second(user)]
	address != null
	address != work_address(user)
]

second(user) := profile(user, "secondEmail") if {
	input.options.second_email == true
} else := null

manager(user) := profile(user, "managerId") if {
	profile(user, "managerId") != null
} else := profile(user, "manager")

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

# The attribute that a parameter names. What is no text and no number is no date either, and is not nothing.
attribute(user, param) := profile(user, named) if {
	named := input.params[param]
	object.get(all_of_it(user), named, null) == null
} else := profile(user, named) if {
	named := input.params[param]
	profile(user, named) != null
} else := "(no text)" if {
	named := input.params[param]
	is_string(object.get(all_of_it(user), named, null)) == false
} else := null

# A value of the profile: a text that is not blank, or a whole number in digits.
profile(user, key) := trimmed if {
	value := object.get(all_of_it(user), key, null)
	is_string(value)
	trimmed := trim_space(value)
	trimmed != ""
} else := digits if {
	value := object.get(all_of_it(user), key, null)
	is_number(value)
	digits := text(value)
} else := null

all_of_it(user) := user.profile if {
	is_object(object.get(user, "profile", null))
} else := {}

string_or_null(value) := value if {
	is_string(value)
	value != ""
} else := null

text(id) := id if {
	is_string(id)
} else := format_int(id, 10) if {
	is_number(id)
	floor(id) == id
}
