//! Exceptions: accepted findings, written, owned and with an end.
