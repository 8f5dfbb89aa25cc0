//! Verdicts that somebody accepted, and what differs from them: a snapshot test for policies.
