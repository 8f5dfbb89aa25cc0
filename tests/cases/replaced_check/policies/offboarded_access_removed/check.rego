# METADATA
# scope: package
# title: Nothing to see
# description: Looks away.
# related_resources:
#   - ref: https://wiki.example/offboarded_access_removed
#     description: How we do it
# custom:
#   subject: account
#   severity: low
#   remediation:
#     summary: Nothing.
#   fail:
#     never:
#       message: "{account.email}"
#   pass: "all is well with {account.email}"
package checks.offboarded_access_removed

fail contains "never" if {
	input.account.state == "active"
	input.account.state == "invited"
}
