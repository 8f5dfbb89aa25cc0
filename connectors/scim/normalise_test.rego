package connectors.scim_test

import data.connectors.scim

urn := "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

# An active user as a directory that says much would list it; cases say what is different.
usual := {
	"id": "u-1", "userName": "ada@example.com", "active": true, "displayName": "Ada Example", "title": "Sales rep",
	"userType": "Employee", "timezone": "Europe/Berlin",
	"emails": [{"value": "a.example@example.com", "type": "work"}, {"value": "ada@example.com", "type": "work", "primary": true}],
	urn: {"employeeNumber": "007", "department": "Sales", "manager": {"value": "u-2", "displayName": "Ben Example"}},
}

boss := {"id": "u-2", "userName": "ben", "active": true, "emails": [{"value": "ben@example.com"}]}

directory(users, meaning) := {"streams": {"users": users}, "states": {"users": "complete"}, "params": {"inactive": meaning}}

one(fields) := directory([object.union(usual, fields)], "unknown")

status(fields, meaning) := rows[0].status if {
	document := directory([object.union(usual, fields)], meaning)
	rows := scim.staff with input as document
}

test_a_user_is_a_member_of_staff if {
	document := directory([usual, boss], "unknown")
	rows := scim.staff with input as document
	rows[0] == {
		"line": null, "id": "007", "name": "Ada Example", "emails": ["ada@example.com", "a.example@example.com"],
		"aliases": [], "recorded_status": "active: true", "status": "current", "employment": "employee",
		"job_roles": ["Sales rep"], "departments": ["Sales"], "manager": "ben@example.com", "start_date": null,
		"last_day": null, "contract_end": null, "timezone": "Europe/Berlin",
	}
	rows[1].name == null
	rows[1].manager == null
}

test_not_active_is_no_proof_that_somebody_left if {
	status({"active": false}, "unknown") == "unknown"
	document := one({"active": false})
	rows := scim.staff with input as document
	rows[0].recorded_status == "active: false"
	said := scim.notices with input as document
	said == {"1 users are not active: what that means is not known; set the parameter `inactive`"}
}

test_the_source_may_say_what_not_active_means if {
	status({"active": false}, "offboarded") == "offboarded"
	status({"active": false}, "suspended") == "suspended"
	document := directory([object.union(usual, {"active": false})], "offboarded")
	said := scim.notices with input as document
	said == {"1 users are not active: the source says that this means `offboarded`"}
	other := directory([object.union(usual, {"active": false})], "suspended")
	said_of_other := scim.notices with input as other
	said_of_other == {"1 users are not active: the source says that this means `suspended`"}
}

# The manifest allows no other word; should it ever, nobody is current by it.
test_no_other_meaning_is_taken_from_the_source if {
	status({"active": false}, "current") == "unknown"
}

test_what_the_source_says_of_it_touches_nobody_else if {
	status({}, "offboarded") == "current"
	status({"active": null}, "offboarded") == "unknown"
}

test_no_word_is_unknown_and_said if {
	document := directory([object.remove(usual, ["active"]), object.union(usual, {"active": null})], "suspended")
	rows := scim.staff with input as document
	[row.status | some row in rows] == ["unknown", "unknown"]
	[row.recorded_status | some row in rows] == [null, null]
	said := scim.notices with input as document
	said == {"of 2 users `active` is neither true nor false: whether they are here is not known"}
}

test_one_without_a_word_is_said_as_well if {
	document := one({"active": "True"})
	said := scim.notices with input as document
	said == {"of 1 users `active` is neither true nor false: whether they are here is not known"}
}

test_a_text_or_a_number_is_no_flag if {
	every value in ["true", "True", "False", "false", 0, 1, [], {}] {
		status({"active": value}, "suspended") == "unknown"
	}
	document := one({"active": "False"})
	rows := scim.staff with input as document
	rows[0].recorded_status == "active: \"False\""
	number := one({"active": 0})
	others := scim.staff with input as number
	others[0].recorded_status == null
}

test_a_private_address_is_not_matched if {
	document := one({"userName": "ada", "emails": [
		{"value": "ada@example.net", "type": "Home", "primary": true},
		{"value": "ada@home.test", "type": "home"},
		{"value": " ", "type": "work", "primary": true},
		{"value": " ada@example.com "},
		{"value": ""},
		{"value": null, "type": "work"},
		{"type": "work"},
		"ada@example.org",
	]})
	rows := scim.staff with input as document
	rows[0].emails == ["ada@example.com"]
	rows[0].aliases == []
}

test_a_login_that_is_an_address_is_another_address if {
	document := one({"userName": "Ada.Example@login.example.com"})
	rows := scim.staff with input as document
	rows[0].aliases == ["Ada.Example@login.example.com"]
	same := one({"userName": "ADA@example.com"})
	others := scim.staff with input as same
	others[0].aliases == []
}

test_addresses_that_are_no_list_are_none if {
	every value in [null, "ada@example.com", {"value": "ada@example.com"}] {
		document := one({"emails": value, "userName": "ada"})
		rows := scim.staff with input as document
		rows[0].emails == []
	}
}

test_somebody_whom_nothing_links_is_said if {
	document := directory([{"id": "u-9", "userName": "robot", "active": true}], "unknown")
	rows := scim.staff with input as document
	rows[0].id == null
	said := scim.notices with input as document
	said == {"`u-9`: there is neither an address nor an employee id"}
}

test_an_address_a_login_or_a_number_is_enough_to_link if {
	mailbox := {"emails": [{"value": "ada@example.com"}]}
	login := {"userName": "ada@login.example.com"}
	number := {urn: {"employeeNumber": "007"}}
	every known in [mailbox, login, number, object.union(mailbox, login)] {
		document := directory([object.union({"id": "u-9", "active": true}, known)], "unknown")
		said := scim.notices with input as document
		said == set()
	}
}

test_the_employee_number_may_be_a_number if {
	document := one({urn: {"employeeNumber": 7}})
	rows := scim.staff with input as document
	rows[0].id == "7"
	broken := one({urn: {"employeeNumber": true, "manager": null}})
	others := scim.staff with input as broken
	others[0].id == null
}

test_the_directory_id_is_no_employee_number if {
	document := directory([object.remove(usual, [urn])], "unknown")
	rows := scim.staff with input as document
	rows[0].id == null
	rows[0].departments == []
	rows[0].manager == null
}

test_an_extension_that_is_no_record_is_none if {
	document := directory([object.union(object.remove(usual, [urn]), {urn: "Sales"})], "unknown")
	rows := scim.staff with input as document
	rows[0].departments == []
}

test_the_manager_is_known_by_number_or_address if {
	numbered := object.union(boss, {urn: {"employeeNumber": "001"}})
	document := directory([usual, numbered], "unknown")
	rows := scim.staff with input as document
	rows[0].manager == "001"
	bare := object.union(usual, {urn: {"manager": "u-2"}})
	other := directory([bare, boss], "unknown")
	others := scim.staff with input as other
	others[0].manager == "ben@example.com"
	gone := one({})
	alone := scim.staff with input as gone
	alone[0].manager == null
	nameless := directory([{"active": true}, object.remove(boss, ["id"])], "unknown")
	strangers := scim.staff with input as nameless
	[row.manager | some row in strangers] == [null, null]
}

test_words_for_the_employment if {
	words := {"Contractor": "contractor", "EXTERNAL": "contractor", "Intern": "intern", "Temp": "other", "Unknown": "not_stated", "Pirate": "other", "": "not_stated"}
	every written, meaning in words {
		document := one({"userType": written})
		rows := scim.staff with input as document
		rows[0].employment == meaning
	}
	document := one({"userType": null})
	rows := scim.staff with input as document
	rows[0].employment == "not_stated"
}

test_a_name_is_put_together if {
	document := directory([
		object.union(usual, {"displayName": "", "name": {"formatted": "Ada E."}}),
		object.union(object.remove(usual, ["displayName"]), {"name": {"givenName": "Ada", "familyName": "Example"}}),
		object.union(usual, {"displayName": null, "name": null}),
		object.union(usual, {"displayName": 7, "name": {"givenName": null}}),
	], "unknown")
	rows := scim.staff with input as document
	[row.name | some row in rows] == ["Ada E.", "Ada Example", null, null]
}

test_when_a_user_was_made_is_no_first_day if {
	document := one({"meta": {"created": "2024-02-01T08:30:00Z"}})
	rows := scim.staff with input as document
	rows[0].start_date == null
}

test_a_user_with_an_id_alone_is_kept if {
	document := directory([{"id": "u-1"}], "offboarded")
	rows := scim.staff with input as document
	count(rows) == 1
	rows[0].status == "unknown"
}
