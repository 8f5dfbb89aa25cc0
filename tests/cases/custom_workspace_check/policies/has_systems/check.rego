# METADATA
# scope: package
# title: The workspace has systems
# description: There are at least two systems.
# related_resources:
#   - ref: https://wiki.example/has_systems
#     description: How we do it
# custom:
#   subject: workspace
#   severity: low
#   remediation:
#     summary: Connect another.
#   fail:
#     few_systems:
#       message: "{workspace.name} has one system only"
#   pass: "{workspace.name} has several systems"
package checks.has_systems

fail contains "few_systems" if count(input.systems) < 2
