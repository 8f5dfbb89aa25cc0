package connectors.people

staff := [{
	"line": null,
	"id": person.id,
	"name": person.name,
	"emails": [person.email],
	"aliases": [],
	"recorded_status": person.status,
	"status": object.get({"here": "current", "left": "offboarded"}, person.status, "unknown"),
	"employment": "employee",
	"job_roles": [],
	"departments": [],
	"manager": null,
	"start_date": null,
	"last_day": null,
	"contract_end": null,
	"timezone": null,
} |
	some person in input.streams.people
]
