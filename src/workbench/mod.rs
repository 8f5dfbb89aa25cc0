//! The workbench of whoever writes policies: finding folders, running their tests, changing policies to see whether a
//! test notices, linting.
