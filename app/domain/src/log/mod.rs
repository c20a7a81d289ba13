//! The logs: which there are ([`LogKind`]) and what each shows ([`kind::LogSpec`]). A log is data, not code.

mod kind;

pub use kind::{Column, FilterField, LogKind, LogScope, LogSpec};
