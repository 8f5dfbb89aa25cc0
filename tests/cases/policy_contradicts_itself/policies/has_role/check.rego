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

fail contains "no_role" if limit > 2

limit := 1 if input.account.state == "active"

limit := 3 if input.account.id == "2"
