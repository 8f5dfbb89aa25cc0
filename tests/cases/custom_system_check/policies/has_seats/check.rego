# METADATA
# scope: package
# title: Systems have an owner
# description: Every system has an owner.
# related_resources:
#   - ref: https://wiki.example/has_owner
#     description: How we do it
# custom:
#   subject: system
#   severity: low
#   remediation:
#     summary: Name an owner.
#   fail:
#     no_owner:
#       message: "nobody answers for {system.name}"
#   pass: "somebody answers for {system.name}"
package checks.has_owner

fail contains "no_owner" if input.system.owner.state == "missing"
