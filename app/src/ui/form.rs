//! Form parts.
