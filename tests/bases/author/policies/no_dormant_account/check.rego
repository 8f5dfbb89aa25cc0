# METADATA
# scope: package
# title: Accounts in {system.name} should be in use
# description: Nobody keeps a working account that has not been used for a long time.
# related_resources:
#   - ref: https://docs.example.com/dormant-accounts
#     description: What to do with accounts that nobody uses
# custom:
#   subject: account
#   severity: low
#   controls: {soc2: [CC6.2]}
#   remediation:
#     summary: Deactivate the account in {system.name}.
#     steps: [Ask its owner, Deactivate it, Collect again]
#   params:
#     days: {type: integer, default: 90, description: how long an account may go unused}
#   skip:
#     cannot_sign_in: {message: "{account.email|account.key} is {account.state}"}
#   fail:
#     dormant:
#       message: "{account.email|account.key} was last used {account.last_login.days} days ago"
#       since: account.last_login.at
#       passes_if: somebody signs in, or the account is deactivated
#     never_used:
#       message: "{account.email|account.key} has never been used"
#       passes_if: somebody signs in, or the account is deactivated
#   pass: "{account.email|account.key} is in use"
package checks.no_dormant_account

import input.account
import input.params

skip contains "cannot_sign_in" if account.state in {"inactive", "deleted"}

fail contains "dormant" if {
	account.last_login.state == "known"
	account.last_login.days != null # mutate: ignore null is never more than a number
	account.last_login.days > params.days
}

fail contains "never_used" if account.last_login.state == "never"
