//! How often something happened within a span of time.

use crate::monitoring::memory::Memory;
use daybook_domain::event::Event;
use serde::{Deserialize, Serialize};

/// When, in microseconds, and the sequence of the record.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Times(Vec<(i64, i64)>);

/// Counts an event under a name. The sequences of those within the span, where there are `most` of them.
pub(super) fn reached(
    event: &Event,
    memory: &mut Memory,
    name: &str,
    minutes: u32,
    most: usize,
) -> Option<Vec<i64>> {
    let mut times: Times = memory.get(name).unwrap_or_default();
    let at = event.body.occurred_at.micros();
    // What comes late is counted where it belongs.
    let place = times.0.partition_point(|(other, _)| *other <= at);
    times.0.insert(place, (at, event.sequence));
    let latest = times.0.last().map_or(at, |(at, _)| *at);
    let since = latest - i64::from(minutes) * 60_000_000;
    times.0.retain(|(at, _)| *at > since);
    let beyond = times.0.len().saturating_sub(most);
    times.0.drain(..beyond);
    memory.set(name, &times, latest);
    (times.0.len() >= most).then(|| times.0.iter().map(|(_, sequence)| *sequence).collect())
}
