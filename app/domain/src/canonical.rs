//! The one way a record is written as bytes: JSON without white space, object keys sorted by code point, numbers as
//! they were. The proof log hashes these bytes, so the form never changes.
//!
//! It is RFC 8785 (JCS) but for one thing: integers beyond 2^53 keep every digit. JCS would round them to the nearest
//! double, and a log must not alter what it was told.

use crate::{
    event::{Action, Actor, Auth, Change, EventBody, NamedRef, Outcome, Portal, Step, Target},
    id::EventId,
    log::LogKind,
    time::Timestamp,
};
use serde::Serialize;
use serde_json::{Map, Value};
use std::net::IpAddr;

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

/// The fields before `recorded_at`, in their order, as those of everything that an event holds are declared in it.
#[derive(Serialize)]
struct First<'a> {
    action: Action,
    actor: &'a Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<&'a Auth>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a NamedRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'a [Change]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<&'a NamedRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<&'a NamedRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<&'a NamedRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<&'a str>,
    event_type: &'a str,
    id: EventId,
    #[serde(skip_serializing_if = "Option::is_none")]
    impersonator: Option<&'a Actor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
    log: LogKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'a Map<String, Value>>,
    occurred_at: Timestamp,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<Portal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// Those between it and `sequence`.
#[derive(Serialize)]
struct Second<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
}

/// Those after that.
#[derive(Serialize)]
struct Third<'a> {
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_event_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<&'a [Step]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<&'a [Target]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
}

/// The fields of an object, without its braces.
fn fields(of: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string(of)?;
    text.pop();
    text.remove(0);
    Ok(text)
}

impl Unplaced {
    /// # Errors
    /// Where the body can't be written as JSON.
    pub fn new(id: EventId, body: &EventBody) -> Result<Self, serde_json::Error> {
        let EventBody {
            action,
            actor,
            auth,
            brand,
            category,
            changes,
            company,
            contact,
            conversation,
            correlation_id,
            event_type,
            impersonator,
            ip,
            log,
            login_source,
            metadata,
            occurred_at,
            outcome,
            portal,
            reason,
            section,
            source,
            source_event_id,
            steps,
            summary,
            targets,
            user_agent,
        } = body;
        let first = First {
            action: *action,
            actor,
            auth: auth.as_ref(),
            brand: brand.as_ref(),
            category: category.as_deref(),
            changes: Some(changes.as_slice()).filter(|list| !list.is_empty()),
            company: company.as_ref(),
            contact: contact.as_ref(),
            conversation: conversation.as_ref(),
            correlation_id: correlation_id.as_deref(),
            event_type,
            id,
            impersonator: impersonator.as_ref(),
            ip: *ip,
            log: *log,
            login_source: login_source.as_deref(),
            metadata: Some(metadata).filter(|map| !map.is_empty()),
            occurred_at: *occurred_at,
            outcome: *outcome,
            portal: *portal,
            reason: reason.as_deref(),
        };
        let second = Second {
            section: section.as_deref(),
        };
        let third = Third {
            source,
            source_event_id: source_event_id.as_deref(),
            steps: Some(steps.as_slice()).filter(|list| !list.is_empty()),
            summary: summary.as_deref(),
            targets: Some(targets.as_slice()).filter(|list| !list.is_empty()),
            user_agent: user_agent.as_deref(),
        };
        Ok(Self {
            before_recorded_at: fields(&first)?,
            before_sequence: fields(&second)?,
            rest: fields(&third)?,
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
        let comma = if before_sequence.is_empty() { "" } else { "," };
        format!(
            r#"{{{before_recorded_at},"recorded_at":"{recorded_at}"{comma}{before_sequence},"sequence":{sequence},{rest}}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::OwnType,
        event::{ActorKind, Automation, Event},
    };
    use proptest::prelude::*;
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

    /// Whatever an event holds is declared in the order in which it is written, and whatever maps hold is in order.
    #[test]
    fn every_placed_record_is_the_canonical_event() {
        let examples = OwnType::ALL.iter().map(|of| of.example());
        let mut full = OwnType::RoleUpdated.example();
        let body = &mut full.body;
        body.metadata =
            serde_json::from_str(r#"{"z": 1, "b": {"d": 1e3, "c": "ä"}, "a": [{"y": 1, "x": 2}]}"#).unwrap();
        body.actor.automation = Some(Automation::Workflow);
        body.impersonator = Some(body.actor.clone().with_id("7").with_email("a@b.example"));
        body.changes[0].secret = true;
        body.steps = vec![Step::new(body.occurred_at, "Tried").with_data(json!({"k": 1, "a": 2}))];
        body.auth = Some(Auth {
            method: Some("form".to_owned()),
            id: Some("9".to_owned()),
        });
        let named = || Some(NamedRef::new("1", "One"));
        (body.brand, body.company, body.contact, body.conversation) = (named(), named(), named(), named());
        for text in [
            &mut body.source_event_id,
            &mut body.category,
            &mut body.reason,
            &mut body.user_agent,
            &mut body.login_source,
            &mut body.correlation_id,
        ] {
            *text = Some("\"text\"\n".to_owned());
        }
        (body.ip, body.portal) = (Some([127, 0, 0, 1].into()), Some(Portal::Admin));
        for event in examples.chain([full]) {
            let placed = Unplaced::new(event.id, &event.body).unwrap();
            let placed = placed.place(event.recorded_at, event.sequence);
            assert_eq!(placed, to_string(&event).unwrap());
            assert_eq!(Event::from_record(&placed).unwrap(), event);
        }
    }

    proptest! {
        #[test]
        fn numbers_are_read_back_to_the_last_digit(number in any::<f64>()) {
            prop_assume!(number.is_finite());
            let written = to_string(&number).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), json!(number));
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
