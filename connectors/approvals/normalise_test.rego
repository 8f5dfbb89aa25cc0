package connectors.approvals_test

import data.connectors.approvals

blank := {
	"line": 2, "row": 1, "id": "ACC-1", "system": "pipedrive", "person": "ada@example.com", "roles": [],
	"state": null, "by": null, "approved_at": null, "expires_at": null,
}

read(fields) := {
	"streams": {"requests": [object.union(blank, fields)]},
	"values": {"state": {"granted": "approved", "denied": "rejected"}},
}

test_a_known_word_is_a_state if {
	document := read({"state": "Granted"})
	rows := approvals.approvals with input as document
	rows[0].state == "approved"
}

test_an_unknown_word_approves_nothing if {
	document := read({"state": "Escalated"})
	rows := approvals.approvals with input as document
	rows[0].state == "unknown"
	notices := approvals.notices with input as document
	notices["2: the state `Escalated` is a word that nobody knows"]
}

test_no_word_approves_nothing if {
	document := read({})
	rows := approvals.approvals with input as document
	rows[0].state == "unknown"
}

test_no_role_covers_all if {
	document := read({})
	rows := approvals.approvals with input as document
	rows[0].roles == null
}

test_roles_are_split if {
	document := read({"roles": ["Sales rep; Deals admin", "Lead"]})
	rows := approvals.approvals with input as document
	rows[0].roles == ["Sales rep", "Deals admin", "Lead"]
}

test_a_request_for_nobody_is_dropped_with_its_reason if {
	document := read({"person": null})
	rows := approvals.approvals with input as document
	rows == []
	left_out := approvals.dropped with input as document
	left_out == {{"stream": "requests", "key": "2", "reason": "no ticket, system or person"}}
}
