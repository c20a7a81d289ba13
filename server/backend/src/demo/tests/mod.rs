//! The demo keeps its word: the same again, in order, within the limits, and with the life it promises.

mod form;
mod start;
mod story;

use super::{DemoOptions, events};
use daybook_domain::{
    event::{Change, EventBody},
    time::Timestamp,
};
use std::sync::LazyLock;

/// A Sunday afternoon, as somebody might first try Daybook.
fn until() -> Timestamp {
    "2026-11-22T14:05:00Z".parse().unwrap()
}

fn options(events: u64) -> DemoOptions {
    DemoOptions::new(events, 7, until())
}

/// What several tests look at: made once.
static LIFE: LazyLock<Vec<EventBody>> = LazyLock::new(|| events(&options(20_000)).collect());

fn of_type(event_type: &str) -> Vec<&'static EventBody> {
    LIFE.iter()
        .filter(|event| event.event_type == event_type)
        .collect()
}

fn change<'a>(event: &'a EventBody, property: &str) -> Option<&'a Change> {
    event.changes.iter().find(|change| change.property == property)
}

fn metadata<'a>(event: &'a EventBody, key: &str) -> &'a str {
    event
        .metadata
        .get(key)
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
}
