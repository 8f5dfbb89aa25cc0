# Questions that several checks ask of an account and of the person behind it.
package lib.accounts

# Active, or invited and one click away from it. An account whose state is unknown is neither, and because the
# state has been looked at, the engine says that it cannot tell.
can_sign_in(account) if account.state in {"active", "invited"}

cannot_sign_in(account) if account.state in {"inactive", "deleted"}

# On leave and suspended staff still work here.
works_here(staff) if staff.status in {"current", "on_leave", "suspended"}

# Nobody knows whose account it is; somebody said of a classified account that it is no one person's.
unidentified(identity, _) if identity.state in {"unmatched", "ambiguous", "stale_mapping", "not_identified"}

# Never so in what the engine makes; a match that leads to nobody must not end as a pass all the same.
unidentified(identity, staff) if {
	identity.state == "matched"
	staff.status == "none"
}
