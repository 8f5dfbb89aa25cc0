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
	input.account.id != ""
	many := "1234567890123456789012345678901234567890"
	digits := split(many, "")
	count([1 | some a in digits; some b in digits; some c in digits; some d in digits; some e in digits; some f in digits; a < b; c < d; e < f]) == 0
}
