# METADATA
# scope: package
# title: "{{words}} in {system.name}"
# description: Nobody signs in with an address of a domain that is not wanted.
# related_resources:
#   - ref: https://wiki.example.com/{{name}}
#     description: Which addresses may sign in, and why
# custom:
#   subject: account
#   severity: medium
#   controls: {soc2: [CC6.1]}
#   remediation:
#     summary: Have the person sign in to {system.name} with an address of the company.
#     steps:
#       - Invite their address of the company to {system.name}.
#       - Hand over what the account owns, and deactivate it.
#   params:
#     domains:
#       type: text_list
#       default: [gmail.com, googlemail.com, hotmail.com, icloud.com, outlook.com, yahoo.com]
#       description: the domains that are not wanted, in lower case
#   skip:
#     cannot_sign_in: {message: "{account.email|account.key} is {account.state}"}
#   fail:
#     unwanted_domain:
#       message: "{account.email} is an address of a domain that is not wanted"
#       passes_if: the account has an address of the company, or can no longer sign in
#   pass: "{account.email|account.key} is no address of a domain that is not wanted"
package checks.{{name}}

import data.lib.accounts
import input.account

skip contains "cannot_sign_in" if accounts.cannot_sign_in(account)

# The condition. What it looks at is worked out from here: where the address could not be read, the verdict is `unknown`.
fail contains "unwanted_domain" if {
	accounts.can_sign_in(account)
	account.email != null
	some domain in input.params.domains
	endswith(lower(account.email), concat("", ["@", domain]))
}
