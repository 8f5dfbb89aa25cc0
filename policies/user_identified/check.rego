# METADATA
# scope: package
# title: User should be identified
# description: Every account that can sign in belongs to a member of staff, or to a class with an owner who answers for it.
# related_resources:
#   - ref: https://docs.sprinto.com/data-library/access/dashboard-actions/view-and-map-staff-access
#     description: View and map staff access (the page that Sprinto documents for this check)
#   - ref: https://docs.sprinto.com/monitors/workflow-check-resolution/how-to-resolve-sprinto-check-for-user-identification
#     description: How to resolve the check for user identification
#   - ref: https://docs.sprinto.com/data-library/access/dashboard-actions/identify-and-map-users-in-a-critical-system
#     description: Identify and map users in a critical system
# custom:
#   subject: account
#   severity: high
#   controls:
#     soc2: [CC6.1, CC6.2]
#     iso27001: [A.5.16]
#     hipaa: ["164.312(a)(2)(i)"]
#     pci_dss: [8.2.1, 8.2.4]
#     nist_800_53: [IA-2, IA-4, AC-2]
#     cis: ["5.1"]
#   remediation:
#     summary: Say whose account this is in {system.name}, or deactivate it.
#     steps:
#       - Find out who uses the account; the suggestions beside a finding name likely people.
#       - If it belongs to one person, add an entry with `staff` under `identities` in rolecall.yaml, and map it in Sprinto.
#       - If it belongs to no one person, add an entry with `not_staff` and a current owner.
#       - If nobody needs it, deactivate it in {system.name}.
#   skip:
#     cannot_sign_in:
#       message: "{account.email|account.key} is {account.state} and cannot sign in"
#   fail:
#     unmatched:
#       message: "{account.email|account.key} is linked to no member of staff and to no class"
#       passes_if: the account is mapped to somebody on the roster, classified with an owner, or deactivated
#       since: account.created.at
#     ambiguous:
#       message: "{account.email|account.key} could belong to several members of staff: {facts.candidates}"
#       passes_if: the account is mapped to one of them
#     stale_mapping:
#       message: "{account.email|account.key} is mapped to {identity.mapping}, who is not on the roster"
#       passes_if: the mapping names somebody on the roster, or the account is deactivated
#     not_identified:
#       message: "{account.email|account.key} is recorded as not identified"
#       passes_if: somebody finds out whose it is, or the account is deactivated
#     owner_missing:
#       message: "{account.email|account.key} is classified as {identity.class}, and has no owner on the roster"
#       passes_if: the entry under `identities` names an owner who works here
#     owner_offboarded:
#       message: "{account.email|account.key} is classified as {identity.class}, and its owner, {identity.owner.name}, has left"
#       passes_if: the entry under `identities` names an owner who works here
#     declared_away:
#       message: "{account.email|account.key} is declared as {staff.name|identity.class}, but its address is that of {identity.leaver_name}, who has left"
#       passes_if: the account is deactivated, or renamed to an address of its own
#   pass: "{account.email|account.key} is identified by {identity.rule} as {identity.class}"
package checks.user_identified

import input.account
import input.identity

import data.lib.accounts

skip contains "cannot_sign_in" if accounts.cannot_sign_in(account)

fail contains "unmatched" if {
	accounts.can_sign_in(account)
	identity.state == "unmatched"
}

fail contains "ambiguous" if {
	accounts.can_sign_in(account)
	identity.state == "ambiguous"
}

fail contains "stale_mapping" if {
	accounts.can_sign_in(account)
	identity.state == "stale_mapping"
}

fail contains "not_identified" if {
	accounts.can_sign_in(account)
	identity.state == "not_identified"
}

fail contains "owner_missing" if {
	accounts.can_sign_in(account)
	identity.state == "classified"
	identity.owner.state in {"missing", "not_needed"}
}

fail contains "owner_offboarded" if {
	accounts.can_sign_in(account)
	identity.state == "classified"
	identity.owner.state == "offboarded"
}

# What is recorded as not identified fails for that.
fail contains "declared_away" if {
	accounts.can_sign_in(account)
	identity.state in {"matched", "classified"}
	identity.leaver == "yes"
}

facts.candidates := [candidate.name | some candidate in identity.candidates]
