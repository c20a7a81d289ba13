//! The record as it is, with the field names of contract.md §1.

use super::about;
use daybook_domain::{canonical, event::Event};
use serde_json::Value;

/// The record as JSON.
pub(crate) fn record(event: &Event) -> Value {
    Value::Object(about::record(event))
}

/// The record on one line, in the very bytes that the proof log hashes.
pub(crate) fn line(event: &Event) -> String {
    let record = record(event);
    canonical::of_value(&record).unwrap_or_else(|_| record.to_string())
}
