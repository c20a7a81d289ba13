//! The one way a record is written as bytes: JSON without white space, object keys sorted by code point, numbers as
//! they were. The proof log hashes these bytes, so the form never changes.
//!
//! It is RFC 8785 (JCS) but for one thing: integers beyond 2^53 keep every digit. JCS would round them to the nearest
//! double, and a log must not alter what it was told.

use crate::{event::EventBody, id::EventId, time::Timestamp};
use serde::Serialize;
use serde_json::Value;

/// Canonical JSON of a serialisable value.
///
/// # Errors
/// Where the value can't be written as JSON (a map whose keys aren't text).
pub fn to_string<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    of_value(&serde_json::to_value(value)?)
}

/// Canonical JSON of a JSON value, without the copy [`to_string`] makes.
///
/// # Errors
/// Never in practice; writing a text can fail in principle.
pub fn of_value(value: &Value) -> Result<String, serde_json::Error> {
    let mut text = Vec::with_capacity(1024);
    write(value, &mut text)?;
    // Only JSON's own punctuation and what serde_json wrote, which is UTF-8.
    String::from_utf8(text).map_err(serde::ser::Error::custom)
}

fn write(value: &Value, text: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(map) => {
            text.push(b'{');
            // serde_json's map is sorted, unless any crate of the build switches its `preserve_order` on.
            if map.keys().is_sorted() {
                entries(map.iter(), text)?;
            } else {
                let mut sorted: Vec<_> = map.iter().collect();
                sorted.sort_unstable_by_key(|(key, _)| *key);
                entries(sorted.into_iter(), text)?;
            }
            text.push(b'}');
        }
        Value::Array(items) => {
            text.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(b',');
                }
                write(item, text)?;
            }
            text.push(b']');
        }
        leaf => serde_json::to_writer(&mut *text, leaf)?,
    }
    Ok(())
}

fn entries<'a>(
    entries: impl Iterator<Item = (&'a String, &'a Value)>,
    text: &mut Vec<u8>,
) -> Result<(), serde_json::Error> {
    for (index, (key, value)) in entries.enumerate() {
        if index > 0 {
            text.push(b',');
        }
        serde_json::to_writer(&mut *text, key)?;
        text.push(b':');
        write(value, text)?;
    }
    Ok(())
}

/// A record's canonical form before its place in the log is known: all of it but `recorded_at` and `sequence`, which
/// the writer fills in without serialising again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    before_recorded_at: String,
    before_sequence: String,
    rest: String,
}

impl Unplaced {
    /// # Errors
    /// Where the body can't be written as JSON.
    pub fn new(id: EventId, body: &EventBody) -> Result<Self, serde_json::Error> {
        let Value::Object(mut fields) = serde_json::to_value(body)? else {
            return Err(serde::ser::Error::custom("an event is an object"));
        };
        fields.insert("id".to_owned(), Value::String(id.to_string()));
        let mut parts = [
            Vec::with_capacity(1024),
            Vec::with_capacity(64),
            Vec::with_capacity(512),
        ];
        let mut sorted: Vec<_> = fields.iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| *key);
        for (key, value) in sorted {
            let part = match key.as_str() {
                key if key < RECORDED_AT => &mut parts[0],
                key if key < SEQUENCE => &mut parts[1],
                _ => &mut parts[2],
            };
            part.push(b',');
            serde_json::to_writer(&mut *part, key)?;
            part.push(b':');
            write(value, part)?;
        }
        let text = |part: &mut Vec<u8>| {
            String::from_utf8(std::mem::take(part)).map_err(<serde_json::Error as serde::ser::Error>::custom)
        };
        let [first, second, third] = &mut parts;
        // `action` comes before every other key, so the first part is never empty and its comma becomes the brace.
        first[0] = b'{';
        Ok(Self {
            before_recorded_at: text(first)?,
            before_sequence: text(second)?,
            rest: text(third)?,
        })
    }

    /// Bytes of the record, but for the sequence's digits.
    pub fn len(&self) -> usize {
        self.before_recorded_at.len() + self.before_sequence.len() + self.rest.len() + 64
    }

    pub fn is_empty(&self) -> bool {
        false
    }

    /// The canonical record, the same as [`to_string`] of the whole [`Event`](crate::event::Event).
    pub fn place(&self, recorded_at: Timestamp, sequence: i64) -> String {
        let Self {
            before_recorded_at,
            before_sequence,
            rest,
        } = self;
        format!(
            r#"{before_recorded_at},"{RECORDED_AT}":"{recorded_at}"{before_sequence},"{SEQUENCE}":{sequence}{rest}}}"#
        )
    }
}

const RECORDED_AT: &str = "recorded_at";
const SEQUENCE: &str = "sequence";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Actor, ActorKind, Change, Event};
    use serde_json::json;

    #[test]
    fn a_placed_record_is_the_canonical_event() {
        let at: Timestamp = "2026-11-22T14:12:51Z".parse().unwrap();
        let mut body = EventBody::new("role.updated", Actor::new(ActorKind::User), at);
        let id = EventId(uuid::Uuid::from_u128(7));
        for section in [None, Some("Role")] {
            body.section = section.map(str::to_owned);
            body.changes = vec![Change::new(
                "recorded_at",
                "\"sequence\":",
                json!({"b": 1, "a": 2}),
            )];
            let event = Event {
                id,
                sequence: 42,
                recorded_at: at,
                body: body.clone(),
            };
            let placed = Unplaced::new(id, &body).unwrap().place(at, 42);
            assert_eq!(placed, to_string(&event).unwrap());
        }
    }

    #[test]
    fn keys_are_sorted_and_numbers_kept() {
        let value = json!({"b": [1, {"z": null, "a": "ä\n"}], "a": 9_007_199_254_740_993_u64, "B": 1.5});
        assert_eq!(
            to_string(&value).unwrap(),
            r#"{"B":1.5,"a":9007199254740993,"b":[1,{"a":"ä\n","z":null}]}"#
        );
    }
}
