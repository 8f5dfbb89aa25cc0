# METADATA
# scope: package
# title: Nobody should sign in to {system.name} without a second factor
# description: Every account that can sign in has a second factor.
# related_resources:
#   - ref: https://docs.example.com/second-factor
#     description: How to turn it on
# custom:
#   subject: account
#   severity: medium
#   controls: {soc2: [CC6.1]}
#   remediation:
#     summary: Have the person turn on a second factor in {system.name}.
#     steps:
#       - Ask the person to turn it on in the settings of the account.
#   skip:
#     cannot_sign_in: {message: "{account.email} is {account.state}"}
#   fail:
#     no_second_factor:
#       message: "{account.email} signs in with a password alone"
#       passes_if: a second factor is turned on
#   pass: "{account.email} has a second factor"
package checks.unread

import input.account


skip contains "cannot_sign_in" if account.state in {"inactive", "deleted"}

fail contains "no_second_factor" if account.mfa == "no"
