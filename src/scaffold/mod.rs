//! The folders of a new check and of a new connector: they load, and their tests pass, as written.
