# What the users of a SCIM directory mean. README.md beside this file has the reasons.
package connectors.scim

staff := [person(user) | some user in input.streams.users]

extension := "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

deactivated := [user | some user in input.streams.users; object.get(user, "active", null) == false]

undecided := [user | some user in input.streams.users; is_boolean(object.get(user, "active", null)) == false]

notices contains sprintf("%d users are not active: what that means is not known; set the parameter `inactive`", [count(deactivated)]) if {
	count(deactivated) > 0
	input.params.inactive == "unknown"
}

notices contains sprintf("%d users are not active: the source says that this means `%s`", [count(deactivated), input.params.inactive]) if {
	count(deactivated) > 0
	input.params.inactive in ["offboarded", "suspended"]
}

notices contains sprintf("of %d users `active` is neither true nor false: whether they are here is not known", [count(undecided)]) if {
	count(undecided) > 0
}

notices contains sprintf("`%s`: there is neither an address nor an employee id", [text(user, "id")]) if {
	some user in input.streams.users
	count(addresses(user)) + count(aliases(user)) == 0
	employee(user) == null
}

person(user) := {
	"line": null,
	"id": employee(user),
	"name": name(user),
	"emails": addresses(user),
	"aliases": aliases(user),
	"recorded_status": recorded(user),
	"status": status(user),
	"employment": employment(user),
	"job_roles": listed(user, "title"),
	"departments": listed(enterprise(user), "department"),
	"manager": manager(user),
	"start_date": null,
	"last_day": null,
	"contract_end": null,
	"timezone": text(user, "timezone"),
}

# The standard leaves the meaning of `active` to the directory. Active is who works here as far as a directory can say;
# not active has left, is on leave or is locked out, and only the source knows which.
status(user) := "current" if {
	object.get(user, "active", null) == true
} else := input.params.inactive if {
	object.get(user, "active", null) == false
	input.params.inactive in ["offboarded", "suspended"]
} else := "unknown"

# The directory's own word, where it is one.
recorded(user) := sprintf("active: %s", [json.marshal(user.active)]) if {
	type_name(object.get(user, "active", null)) in ["boolean", "string"]
} else := null

# The words that the standard suggests; every directory may have its own.
employment(user) := object.get(
	{"employee": "employee", "contractor": "contractor", "external": "contractor", "intern": "intern", "unknown": "not_stated"},
	lower(text(user, "userType")),
	"other",
) if {
	is_string(text(user, "userType"))
} else := "not_stated"

enterprise(user) := user[extension] if {
	is_object(object.get(user, extension, null))
} else := {}

# The number that the employer gives. The directory's own id is nobody's employee number.
employee(user) := number(enterprise(user), "employeeNumber")

# The manager's id is the directory's: it stands for the manager's own employee number, or their address.
manager(user) := object.get(people, number(enterprise(user).manager, "value"), null) if {
	is_object(object.get(enterprise(user), "manager", null))
} else := object.get(people, number(enterprise(user), "manager"), null)

people[id] := known(user) if {
	some user in input.streams.users
	id := number(user, "id")
	is_string(id)
}

known(user) := employee(user) if {
	is_string(employee(user))
} else := addresses(user)[0] if {
	count(addresses(user)) > 0 # mutate: ignore without a first address there is no value either, and `manager` answers null
} else := null

name(user) := text(user, "displayName") if {
	is_string(text(user, "displayName"))
} else := text(user.name, "formatted") if {
	is_object(object.get(user, "name", null))
	is_string(text(user.name, "formatted"))
} else := joined if {
	is_object(object.get(user, "name", null))
	joined := concat(" ", [part | some field in ["givenName", "familyName"]; part := text(user.name, field); is_string(part)])
	joined != ""
} else := null

entries(user) := [entry | some entry in user.emails; is_object(entry)] if {
	is_array(object.get(user, "emails", null))
} else := []

# An address of type home is private: it is not matched.
work(entry) := false if {
	lower(concat("", [part | part := text(entry, "type"); is_string(part)])) == "home" # mutate: ignore nothing is put between, as there is one part at most
} else := true

# The primary address first.
addresses(user) := array.concat(
	[text(entry, "value") | some entry in entries(user); work(entry); first(entry); is_string(text(entry, "value"))],
	[text(entry, "value") | some entry in entries(user); work(entry); first(entry) == false; is_string(text(entry, "value"))],
)

first(entry) := object.get(entry, "primary", null) == true

# The name to sign in with is an address in many directories, and not always one of the others.
aliases(user) := [login] if {
	login := text(user, "userName")
	is_string(login)
	contains(login, "@")
	count([address | some address in addresses(user); lower(address) == lower(login)]) == 0
} else := []

text(row, field) := trim_space(row[field]) if {
	is_string(object.get(row, field, null))
	trim_space(row[field]) != ""
} else := null

listed(row, field) := [text(row, field)] if {
	is_string(text(row, field))
} else := []

# Numbers come as texts and as numbers.
number(row, field) := format_int(row[field], 10) if {
	is_number(object.get(row, field, null))
	floor(row[field]) == row[field]
} else := text(row, field)
