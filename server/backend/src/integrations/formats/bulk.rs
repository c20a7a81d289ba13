//! Many events for Elasticsearch or OpenSearch at once: the body of `POST /_bulk`, and what its answer means.
//!
//! Each is created under its own id. So a batch can be sent again when nobody knows what became of it, and an index as well
//! as a data stream takes it.

use super::{
    Origin, ecs,
    text::{cut, one_line},
};
use daybook_domain::event::Event;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Longest reason that is told, in characters: some repeat the document.
const MAX_REASON: usize = 300;
/// What a 400 says that is of the document and won't change: what anything else is about (rights, the index, a pipeline, the
/// cluster) can be put right, and the same document is taken then.
const OF_THE_EVENT: [&str; 3] = [
    "document_parsing_exception",
    "mapper_parsing_exception",
    "strict_dynamic_mapping_exception",
];

/// What to send for these events.
pub(crate) fn body(events: &[Event], index: &str, origin: &Origin<'_>) -> Vec<u8> {
    let mut body = Vec::new();
    for event in events {
        let action = json!({"create": {"_index": index, "_id": event.id}});
        for line in [action, ecs::event(event, origin)] {
            body.extend_from_slice(line.to_string().as_bytes());
            body.push(b'\n');
        }
    }
    body
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Verdict {
    /// Why the batch must be sent again, where some of it must.
    pub later: Option<String>,
    /// What is never taken, by sequence, and why.
    pub refused: Vec<(i64, String)>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    items: Vec<BTreeMap<String, Item>>,
}

#[derive(Deserialize)]
struct Item {
    status: u16,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "type")]
    kind: Option<String>,
    reason: Option<String>,
}

impl Item {
    fn kind(&self) -> Option<&str> {
        self.error.as_ref()?.kind.as_deref()
    }

    fn why(&self) -> String {
        let reason = self.error.as_ref().and_then(|error| error.reason.as_deref());
        let why = match (self.kind(), reason) {
            (Some(kind), Some(reason)) => format!("{kind}: {reason}"),
            (Some(text), None) | (None, Some(text)) => text.to_owned(),
            (None, None) => "no reason was given".to_owned(),
        };
        cut(&format!("{} {}", self.status, one_line(&why)), MAX_REASON)
    }
}

/// Reads the answer to a request with
/// `filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason`. Its items are in the order of what was sent.
///
/// # Errors
/// Where it doesn't tell of each event: then nobody knows, and the batch must be sent again.
pub(crate) fn refused(answer: &[u8], events: &[Event]) -> Result<Verdict, String> {
    let answer: Answer = serde_json::from_slice(answer)
        .map_err(|error| cut(&format!("The answer can't be read: {error}"), MAX_REASON))?;
    if answer.items.len() != events.len() {
        let (told, sent) = (answer.items.len(), events.len());
        return Err(format!("The answer tells of {told} events, {sent} were sent."));
    }
    let mut verdict = Verdict::default();
    for (event, item) in events.iter().zip(&answer.items) {
        let Some(item) = item.values().next() else {
            return Err("The answer leaves out what became of an event.".to_owned());
        };
        let of_the_event = item.kind().is_some_and(|kind| OF_THE_EVENT.contains(&kind));
        match item.status {
            // 409: it is there already.
            200..=299 | 409 => {}
            400 if of_the_event => {
                verdict.refused.push((event.sequence, item.why()));
            }
            _ => {
                verdict.later.get_or_insert_with(|| item.why());
            }
        }
    }
    Ok(verdict)
}
