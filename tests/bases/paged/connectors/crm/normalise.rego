package connectors.crm

accounts := [account(row) | some row in input.streams.users]

system := {"tenant": null, "reader": {"id": null, "sees_all": "yes"}}

account(row) := {
	"id": sprintf("%v", [row.id]),
	"employee_id": null,
	"name": null,
	"email": row.email,
	"aliases": [],
	"state": row.state,
	"kind": "user",
	"access": "some",
	"admin": "none",
	"mfa": "unknown",
	"reader": "no",
	"roles": [],
	"permissions": null,
	"created_at": null,
	"last_login": {"state": "unknown", "at": null},
}
