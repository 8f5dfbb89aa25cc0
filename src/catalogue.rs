//! The catalogue of checks: everything that their metadata and their text say, for people and programs.
