//! What people and programs get of findings.
