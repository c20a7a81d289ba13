//! Splunk's HTTP Event Collector: JSON objects one after the other, sent to `/services/collector/event`
//! (<https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector>).
//!
//! The source type is our own, so that what Splunk is to do with these can be set for them alone; Splunk reads JSON of any
//! source type when it searches. The record's fields are not sent again as indexed `fields`: each would then have two
//! values. Splunk cuts an event at 10,000 bytes unless `TRUNCATE` of the source type says more; a record has up to 64 KiB.

use super::{Origin, about::put, json};
use daybook_domain::{event::Event, time::Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json, value::RawValue};

const SOURCE: &str = "daybook";
const SOURCE_TYPE: &str = "daybook:event";

/// What is sent for these events. The index is the token's where none is given.
pub(crate) fn body(events: &[Event], index: Option<&str>, origin: &Origin<'_>) -> Vec<u8> {
    let mut body = Vec::new();
    for event in events {
        let mut about = Map::new();
        put(
            &mut about,
            "host",
            Some(origin.host).filter(|host| !host.is_empty()),
        );
        put(&mut about, "index", index);
        about.insert("source".to_owned(), SOURCE.into());
        about.insert("sourcetype".to_owned(), SOURCE_TYPE.into());
        about.insert("fields".to_owned(), json!({"workspace": origin.workspace}));
        about.insert("event".to_owned(), json::record(event));
        let sent = Sent {
            time: seconds(event.body.occurred_at),
            about,
        };
        // Writing values that are JSON already to memory doesn't fail.
        if let Ok(text) = serde_json::to_vec(&sent) {
            body.extend(text);
            body.push(b'\n');
        }
    }
    body
}

#[derive(Serialize)]
struct Sent {
    time: Option<Box<RawValue>>,
    #[serde(flatten)]
    about: Map<String, Value>,
}

/// Seconds of the Unix epoch to the microsecond. Not by way of a float, which has too few digits for far years.
fn seconds(at: Timestamp) -> Option<Box<RawValue>> {
    let micros = at.micros();
    let sign = if micros < 0 { "-" } else { "" };
    let (seconds, rest) = (
        micros.unsigned_abs() / 1_000_000,
        micros.unsigned_abs() % 1_000_000,
    );
    RawValue::from_string(format!("{sign}{seconds}.{rest:06}")).ok()
}
