# METADATA
# scope: package
# title: Critical system access control should be configured
# description: Every critical system has an access rule that somebody can satisfy.
# related_resources:
#   - ref: https://docs.sprinto.com/data-library/access/dashboard-actions/view-and-map-staff-access
#     description: View and map staff access (the page that Sprinto documents for this check)
#   - ref: https://docs.sprinto.com/monitors/authentication-and-access-monitors/how-to-resolve-sprinto-check-for-configuring-access-rule-on-critical-systems
#     description: How to resolve the check for configuring access rules on critical systems (the page that helps)
#   - ref: https://docs.sprinto.com/data-library/access/dashboard-actions/configure-user-access-rules-for-critical-system-mcas
#     description: Configure user access rules for a critical system
# custom:
#   subject: system
#   severity: medium
#   controls:
#     soc2: [CC6.1, CC6.3]
#     iso27001: [A.5.15, A.8.3]
#     hipaa: ["164.308(a)(4)(ii)(B)"]
#     pci_dss: [7.2.1, 7.3.1]
#     nist_800_53: [AC-2, AC-3]
#     cis: ["6.1", "6.8"]
#   remediation:
#     summary: Say who may use {system.name} under `access` in rolecall.yaml, and configure the same in Sprinto.
#     steps:
#       - "Decide who may use it: all staff, some job roles, or whoever has an approved ticket."
#       - Write a named rule under the system's `access` in rolecall.yaml.
#       - Configure the same access rule for the system in Sprinto.
#   skip:
#     not_critical:
#       message: "{system.name} is not a critical system"
#     not_connected:
#       message: no source reads {system.name}
#   fail:
#     no_rule:
#       message: nobody has said who may use {system.name}
#       passes_if: the system has an access rule
#     dead_rule:
#       message: "no rule of {system.name} can ever allow anybody: {facts.rules}"
#       passes_if: one rule says who or what it allows, has no empty list, names a job role that somebody holds, and asks for tickets only where there is a source of approvals
#   pass: "{system.name} has an access rule that can allow somebody"
package checks.access_control_configured

import input.system

import data.lib.access

skip contains "not_critical" if system.critical == false

skip contains "not_connected" if system.connected == false

fail contains "no_rule" if not has_rule

fail contains "dead_rule" if {
	has_rule
	not has_live_rule
}

facts.rules := [rule.name | some rule in system.access.rules]

has_rule if {
	some _ in system.access.rules
}

has_live_rule if {
	some rule in system.access.rules
	not access.dead(rule, system.access.tickets)
}
