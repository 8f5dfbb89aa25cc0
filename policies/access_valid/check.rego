# METADATA
# scope: package
# title: User access to Critical System should be valid
# description: Whoever uses a critical system is somebody whom one of its access rules allows.
# related_resources:
#   - ref: https://docs.sprinto.com/data-library/access/dashboard-actions/view-and-map-staff-access
#     description: View and map staff access (the page that Sprinto documents for this check)
#   - ref: https://docs.sprinto.com/data-library/access/dashboard-actions/configure-user-access-rules-for-critical-system-mcas
#     description: Configure user access rules for a critical system (the page that helps)
# custom:
#   subject: account
#   severity: medium
#   controls:
#     soc2: [CC6.3]
#     iso27001: [A.5.15, A.5.18]
#     hipaa: ["164.308(a)(4)(ii)(C)", "164.308(a)(3)(ii)(B)"]
#     pci_dss: [7.2.2, 7.2.3]
#     nist_800_53: [AC-2, AC-3, AC-6]
#     cis: ["6.8"]
#   remediation:
#     summary: Revoke or downgrade the access in {system.name}, or change the rule that should allow it.
#     steps:
#       - Ask the system's owner whether the person needs the access.
#       - If not, deactivate the user in {system.name}, or take the excess role away.
#       - If so, correct the job role on the roster, get the ticket approved, or widen the rule under `access` in rolecall.yaml.
#       - Collect again.
#   params:
#     judge_invitations:
#       type: boolean
#       default: false
#       description: judge open invitations too, by whom the rules cover; what they will hold is not known until they are taken up
#     judge_before_start:
#       type: boolean
#       default: true
#       description: access before the first day is not valid
#     judge_scope:
#       type: boolean
#       default: true
#       description: access of staff outside the compliance programme is not valid
#   skip:
#     not_critical:
#       message: "{account.email|account.key} is an account of {system.name}, which is not a critical system"
#     cannot_sign_in:
#       message: "{account.email|account.key} is {account.state} and cannot sign in"
#     invitation:
#       message: the invitation for {account.email|account.key} has not been taken up
#     no_access:
#       message: "{account.email|account.key} can open nothing in {system.name}"
#     not_staff_account:
#       message: "{account.email|account.key} is classified as {identity.class}: it is no one person's account"
#     not_identified:
#       message: nobody knows whose {account.email|account.key} is
#       blocked_by: user_identified
#     offboarded:
#       message: "{staff.name} has left"
#       blocked_by: offboarded_access_removed
#     no_live_rule:
#       message: no rule of {system.name} can allow {account.email|account.key}, or anybody else
#       blocked_by: access_control_configured
#   fail:
#     before_start:
#       message: "{staff.name} has not started yet, and {account.email|account.key} can sign in"
#       passes_if: the first day ({staff.started.at}) is reached, or the account is deactivated
#     out_of_scope:
#       message: "{staff.name} is outside the compliance programme, and {account.email|account.key} can sign in"
#       passes_if: the person is brought into scope, or the account is deactivated
#     job_role_missing:
#       message: "{staff.name} has no job role on the roster, and every rule of {system.name} asks for one"
#       passes_if: the roster gives {staff.name} a job role that a rule allows
#     job_role_not_allowed:
#       message: "no rule of {system.name} covers {staff.name} (job role {staff.job_roles}; department {staff.departments}; employment {staff.employment})"
#       passes_if: a rule covers {staff.name}, or the account is deactivated
#     system_role_not_allowed:
#       message: "no rule that covers {staff.name} lists all that {account.email|account.key} holds in {system.name}; too much is: {facts.excess}"
#       passes_if: the excess is taken away, or a rule that covers {staff.name} lists it
#     ticket_missing:
#       message: "no current approved ticket covers what {account.email|account.key} holds in {system.name}; not approved is: {facts.unapproved}"
#       passes_if: current tickets approve all that the account holds, or the excess is taken away
#   pass: "{staff.name} (job role {staff.job_roles}) may use {system.name}"
package checks.access_valid

import input.account
import input.approvals
import input.identity
import input.params
import input.staff
import input.system

import data.lib.access
import data.lib.accounts

skip contains "not_critical" if system.critical == false

skip contains "cannot_sign_in" if accounts.cannot_sign_in(account)

skip contains "invitation" if {
	account.state == "invited"
	params.judge_invitations == false
}

skip contains "no_access" if account.access == "none"

skip contains "not_staff_account" if identity.state == "classified"

skip contains "not_identified" if accounts.unidentified(identity, staff)

skip contains "offboarded" if staff.status == "offboarded"

skip contains "no_live_rule" if not has_live_rule

fail contains "before_start" if {
	identity.state == "matched"
	accounts.can_sign_in(account)
	staff.status == "not_started"
	params.judge_before_start
}

fail contains "out_of_scope" if {
	judged
	staff.in_scope == false
	params.judge_scope
}

fail contains "job_role_missing" if {
	not_covered
	lacks_only_a_job_role
}

fail contains "job_role_not_allowed" if {
	not_covered
	not lacks_only_a_job_role
}

fail contains "system_role_not_allowed" if {
	judged
	exceeds
}

fail contains "ticket_missing" if {
	judged
	lacks_a_ticket
}

facts.excess := nowhere_listed if {
	exceeds
	count(nowhere_listed) > 0
}

# Each thing is listed by some rule, and no rule lists them all: name what stands in the way of any of them.
facts.excess := not_always_listed if {
	exceeds
	count(nowhere_listed) == 0
}

facts.unapproved := unapproved if {
	lacks_a_ticket
	count(unapproved) > 0
}

facts.unapproved := ["any access"] if {
	lacks_a_ticket
	count(unapproved) == 0
}

# An account whose state is unknown is not judged here, and the engine says that it cannot tell.
judged if {
	identity.state == "matched"
	accounts.can_sign_in(account)
	accounts.works_here(staff)
}

judged if {
	identity.state == "matched"
	accounts.can_sign_in(account)
	staff.status == "not_started"
	params.judge_before_start == false
}

has_live_rule if {
	some rule in system.access.rules
	not access.dead(rule, system.access.tickets)
}

covered if {
	some rule in system.access.rules
	access.covers(rule, staff, identity)
}

# Two reasons of which one fires; both wait for the same.
not_covered if {
	judged
	not covered
}

listed if {
	some rule in system.access.rules
	access.covers(rule, staff, identity)
	access.lists_all(rule, account)
}

allowed if {
	some rule in system.access.rules
	access.covers(rule, staff, identity)
	access.lists_all(rule, account)
	access.ticketed(rule, account, approvals)
}

exceeds if {
	covered
	not listed
}

lacks_a_ticket if {
	listed
	not allowed
}

lacks_only_a_job_role if {
	count(staff.job_roles) == 0
	every_rule_names_job_roles
}

every_rule_names_job_roles if {
	every rule in system.access.rules {
		rule.staff_roles != null
	}
}

nowhere_listed := sort(array.concat(
	[account.role_names[position] |
		some position, id in account.role_ids
		not role_listed(id)
	],
	[account.permission_set_names[position] |
		some position, id in account.permission_set_ids
		not permission_set_listed(id)
	],
))

not_always_listed := sort(array.concat(
	[account.role_names[position] |
		some position, id in account.role_ids
		role_unlisted(id)
	],
	[account.permission_set_names[position] |
		some position, id in account.permission_set_ids
		permission_set_unlisted(id)
	],
))

role_listed(id) if {
	some rule in system.access.rules
	access.covers(rule, staff, identity)
	access.lists_role(rule, id)
}

role_unlisted(id) if {
	some rule in system.access.rules
	access.covers(rule, staff, identity)
	not access.lists_role(rule, id)
}

permission_set_listed(id) if {
	some rule in system.access.rules
	access.covers(rule, staff, identity)
	access.lists_permission_set(rule, id)
}

permission_set_unlisted(id) if {
	some rule in system.access.rules
	access.covers(rule, staff, identity)
	not access.lists_permission_set(rule, id)
}

unapproved := sort(array.concat(
	[account.role_names[position] |
		some position, id in account.role_ids
		not access.approved(approvals, id)
	],
	[account.permission_set_names[position] |
		some position, id in account.permission_set_ids
		not access.approved(approvals, id)
	],
))
