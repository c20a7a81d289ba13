//! The log's index: which records a question is answered by, without reading them.
//!
//! Every record is found by keys ([`keys`]): its words, its values, its numbers, its address. A run of records has a
//! dictionary from keys to records, a [`segment`]; a question is a [`plan`] over keys, and [`answer`] puts the two
//! together. The same for SQLite and PostgreSQL, which keep the segments and needn't agree on what a word is.

mod answer;
mod keys;
mod plan;
mod segment;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Blocks, answer, blocks};
pub use plan::Plan;
pub use segment::{Builder, Head};
