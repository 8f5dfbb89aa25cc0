//! When a finding is due, and how far its time has run.
