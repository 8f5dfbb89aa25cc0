# METADATA
# scope: package
# title: Accounts hold a role
# description: Every account holds something.
# related_resources:
#   - ref: https://wiki.example/has_role
#     description: How we do it
# custom:
#   subject: account
#   severity: low
#   remediation:
#     summary: Give it a role.
#   fail:
#     no_role:
#       message: "{account.email} holds nothing"
#   pass: "{account.email} holds something"
package checks.has_role

fail contains "no_role" if {
	input.account.state == "active"
	count(input.account.role_ids) == 0
}
