# METADATA
# scope: package
# title: Staff sell
# description: Everybody here sells.
# related_resources:
#   - ref: https://wiki.example/staff_has_role
#     description: How we do it
# custom:
#   subject: staff
#   severity: low
#   remediation:
#     summary: Give them something to sell.
#   fail:
#     no_job_role:
#       message: "{staff.name} sells nothing"
#   pass: "{staff.name} sells or has left"
package checks.staff_has_role

fail contains "no_job_role" if {
	input.staff.status == "current"
	not "Sales rep" in input.staff.job_roles
	not "sales rep" in input.staff.job_roles
	not "sales-rep" in input.staff.job_roles
}
