//! The logs: which there are ([`LogKind`]) and what each shows ([`kind::LogSpec`]). A log is data, not code.

mod area;
mod kind;

pub use area::{Area, AreaSpec, Choice};
pub use kind::{Column, FilterField, LogKind, LogScope, LogSpec};
