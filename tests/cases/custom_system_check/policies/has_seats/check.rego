# METADATA
# scope: package
# title: Systems have seats
# description: Every system has seats.
# related_resources:
#   - ref: https://wiki.example/has_seats
#     description: How we do it
# custom:
#   subject: system
#   severity: low
#   remediation:
#     summary: Say how many.
#   fail:
#     no_seats:
#       message: "nobody says how many seats {system.name} has"
#   pass: "{system.name} has seats"
package checks.has_seats

fail contains "no_seats" if input.system.seats == null
