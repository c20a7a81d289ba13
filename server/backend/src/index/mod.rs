//! The log's index: which records a question is answered by, without reading them.
//!
//! Every record is found by keys ([`keys`]): its words, its values, its numbers, its address. A run of records has a
//! dictionary from keys to records and columns of what is counted, a [`segment`]; a question is a [`plan`] over keys,
//! and [`answer`] puts the two together. [`keeper`] keeps the segments up to the log, [`search`] finds the
//! records of a list, [`walk`] goes through them in its order, [`overview`] counts them.
//!
//! The same for SQLite and PostgreSQL, which keep the segments ([`stored`]) and needn't agree on what a word is.

mod answer;
mod bytes;
mod chunk;
mod keeper;
mod keys;
mod log_index;
mod merge;
pub(crate) mod overview;
mod plan;
pub(crate) mod removed;
pub(crate) mod search;
mod segment;
mod stored;
#[cfg(test)]
mod tests;
mod view;
pub(crate) mod walk;

pub use keeper::EventIndex;
pub(crate) use keys::filtered;
pub(crate) use plan::Plan;
pub(crate) use view::View;
