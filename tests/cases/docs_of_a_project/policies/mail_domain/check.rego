# METADATA
# title: Accounts of {system.name} should have an address at a domain of ours
# description: "Whoever can sign in does so with an address at one of <our> domains | *theirs* are refused."
# related_resources:
#   - ref: https://example.com/wiki/Mail_(domains)
# custom:
#   subject: account
#   severity: low
#   remediation:
#     summary: Change the address in {system.name}.
#   params:
#     domains: {type: text_list, default: [example.com], description: the domains that are ours}
#   skip:
#     cannot_sign_in: {message: "{account.email|account.key} is {account.state}"}
#     not_identified: {message: "nobody knows whose {account.key} is", blocked_by: user_identified}
#   fail:
#     other_domain:
#       message: "{account.email} is at {facts.domain}, not at {params.domains}"
#       since: account.created.at
#   unknown:
#     no_address: {message: "{account.key} has no address"}
#   pass: "{account.email} is ours"
package checks.mail_domain

import input.account

skip contains "cannot_sign_in" if account.state in {"inactive", "deleted"}

skip contains "not_identified" if input.identity.state != "matched"

fail contains "other_domain" if {
	domain := facts.domain
	not domain in input.params.domains
}

unknown contains "no_address" if account.email == null

facts.domain := domain if {
	account.email != null
	[_, domain] := split(account.email, "@")
}
