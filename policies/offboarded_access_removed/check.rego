# METADATA
# scope: package
# title: "{system.name} access should be removed for offboarded user"
# description: Staff who have left keep no working login and no open invitation.
# related_resources:
#   - ref: https://docs.sprinto.com/monitors/authentication-and-access-monitors/resolve-sprinto-check-for-removing-access-for-offboarded-users
#     description: How to resolve the check for removing access of offboarded users (the page that Sprinto documents)
#   - ref: https://docs.sprinto.com/data-library/access/dashboard-actions/review-offboarded-staff-access
#     description: Review offboarded staff access
# custom:
#   subject: account
#   severity: high
#   controls:
#     soc2: [CC6.2, CC6.3]
#     iso27001: [A.5.18, A.6.5]
#     hipaa: ["164.308(a)(3)(ii)(C)"]
#     pci_dss: [8.2.5]
#     nist_800_53: [AC-2(3), PS-4]
#     cis: ["6.2"]
#   remediation:
#     summary: Deactivate the user or revoke the invitation in {system.name}, then collect again.
#     steps:
#       - If the account is the last full administrator, give somebody else the right first, or nobody can manage users.
#       - Hand over what the account owns in {system.name}.
#       - Deactivate the user, or revoke the open invitation, in the user management of {system.name}.
#       - Collect again; the account's inactive state is the evidence.
#   skip:
#     not_staff_account:
#       message: "{account.email|account.key} is classified as {identity.class}: it is no one person's account"
#     not_identified:
#       message: nobody knows whose {account.email|account.key} is
#       blocked_by: user_identified
#     still_here:
#       message: "{staff.name} has not left: status {staff.status}"
#   fail:
#     active_after_exit:
#       message: "{staff.name} has left, last day {staff.exit.last_day}, but {account.email|account.key} can still sign in"
#       since: staff.exit.at
#       passes_if: the account is deactivated
#     invited_after_exit:
#       message: "{staff.name} has left, last day {staff.exit.last_day}, but an invitation for {account.email|account.key} is still open"
#       since: staff.exit.at
#       passes_if: the invitation is revoked
#   unknown:
#     status_unknown:
#       message: "{staff.name} has left, last day {staff.exit.last_day}, and {system.name} does not say whether {account.email|account.key} can sign in"
#   pass: "{staff.name} has left, last day {staff.exit.last_day}; {account.email|account.key} is {account.state}"
package checks.offboarded_access_removed

import input.account
import input.identity
import input.staff

import data.lib.accounts

skip contains "not_staff_account" if identity.state == "classified"

skip contains "not_identified" if accounts.unidentified(identity, staff)

skip contains "still_here" if staff.status in {"current", "not_started", "on_leave", "suspended"}

fail contains "active_after_exit" if {
	identity.state == "matched"
	staff.status == "offboarded"
	account.state == "active"
}

fail contains "invited_after_exit" if {
	identity.state == "matched"
	staff.status == "offboarded"
	account.state == "invited"
}

unknown contains "status_unknown" if {
	identity.state == "matched"
	staff.status == "offboarded"
	account.state == "unknown"
}
