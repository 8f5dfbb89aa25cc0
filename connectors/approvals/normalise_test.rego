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

approval(fields) := rows[0] if {
	document := read(fields)
	rows := approvals.approvals with input as document
}

said(document) := sentences if {
	sentences := approvals.notices with input as document
}

left_out(document) := rows if {
	rows := approvals.dropped with input as document
}

test_a_row_is_an_approval if {
	row := {"roles": ["Lead"], "state": "Granted", "by": "ben@example.com", "approved_at": "2026-11-01", "expires_at": "2026-12-31"}
	approval(row) == {
		"line": 2, "id": "ACC-1", "system": "pipedrive", "person": "ada@example.com", "roles": ["Lead"],
		"state": "approved", "by": "ben@example.com", "approved_at": "2026-11-01", "expires_at": "2026-12-31",
	}
	said(read(row)) == set()
	left_out(read(row)) == set()
}

test_an_unknown_word_approves_nothing if {
	approval({"state": "Escalated"}).state == "unknown"
	said(read({"state": "Escalated"})) == {"2: the state `Escalated` is a word that nobody knows"}
	said(read({"state": "Escalated", "line": null, "row": 42})) == {"42: the state `Escalated` is a word that nobody knows"}
}

test_no_word_approves_nothing if {
	approval({}).state == "unknown"
	said(read({})) == set()
}

test_no_role_covers_all if {
	approval({}).roles == null
}

test_a_cell_of_separators_covers_nothing if {
	approval({"roles": [" ; ", ""]}).roles == []
	approval({"roles": [" ", ""]}).roles == null
}

test_roles_are_split if {
	approval({"roles": ["Sales rep; Deals admin;", "Lead"]}).roles == ["Sales rep", "Deals admin", "Lead"]
}

test_a_request_without_ticket_system_or_person_is_dropped_with_its_reason if {
	every field in ["id", "system", "person"] {
		document := read({field: null})
		rows := approvals.approvals with input as document
		rows == []
		left_out(document) == {{"stream": "requests", "key": "2", "reason": "no ticket, system or person"}}
	}
}
