//! Each construct alone, and how it may be written instead.
