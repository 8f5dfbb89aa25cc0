package connectors.badges

accounts := [account(row) | some row in input.streams.people]

system := {"tenant": null, "reader": {"id": null, "sees_all": "yes"}}

account(row) := {
	"id": row.id,
	"employee_id": null,
	"name": null,
	"email": row.email,
	"aliases": [],
	"state": object.get(input.values.state, lower(row.state), "unknown"),
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
