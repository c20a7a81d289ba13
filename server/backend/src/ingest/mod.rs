//! Events from outside: reading what programs send (contract.md §2), checking it, handing it to the writer.
//!
//! What is acknowledged is stored, and what is refused says why: a field that isn't known, or whose value means
//! nothing here but may to its sender, is kept under `metadata.unmapped` and never dropped.

pub(crate) mod fields;
mod parse;

use crate::{
    Error, Result,
    store::{Appended, NewEvent, Refusal},
    writer::Writer,
};
use bytes::Bytes;
use daybook_domain::{
    id::{IdMaker, WorkspaceId},
    time::{Clock, Timestamp},
};
use serde_json::Value;
use std::sync::Arc;

/// Most events in one body.
pub const MAX_EVENTS: usize = 10_000;
/// Largest body, in bytes, after decompression.
pub const MAX_BODY: usize = 16 * 1024 * 1024;
/// Bodies larger than this are parsed off the async threads.
const SMALL: usize = 64 * 1024;

/// How events are packed in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One event, or an array of them.
    Json,
    /// One event per line; blank lines are skipped.
    Ndjson,
}

/// Why a body as a whole can't be taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Line and column count from 1, in the body.
    #[error("line {line}, column {column}: {reason}")]
    NotJson {
        line: usize,
        column: usize,
        reason: String,
    },
    #[error("{count} events, more than {MAX_EVENTS}")]
    TooMany { count: usize },
    #[error(transparent)]
    Backend(#[from] Error),
}

/// The way in for events from outside.
#[derive(Debug, Clone)]
pub struct Ingest {
    writer: Writer,
    clock: Arc<dyn Clock>,
}

impl Ingest {
    pub fn new(writer: Writer, clock: Arc<dyn Clock>) -> Self {
        Self { writer, clock }
    }

    /// Takes a body; answers once what it accepted is durable. `source` is who sent it, where the events don't say.
    /// With `atomic`, one refused event refuses them all.
    ///
    /// # Errors
    /// Where the body as a whole can't be taken, or nothing could be written. Nothing is stored then.
    pub async fn receive(
        &self,
        workspace: WorkspaceId,
        source: &str,
        format: Format,
        body: Bytes,
        atomic: bool,
    ) -> Result<Appended, ReceiveError> {
        let now = self.clock.now();
        let (events, mut refused) = if body.len() <= SMALL {
            read(&body, format, source, now, self.writer.ids())?
        } else {
            let (source, writer) = (source.to_owned(), self.writer.clone());
            let reading =
                tokio::task::spawn_blocking(move || read(&body, format, &source, now, writer.ids()));
            reading
                .await
                .map_err(|_| Error::damaged("reading a body panicked"))??
        };
        if events.is_empty() || (atomic && !refused.is_empty()) {
            return Ok(Appended {
                rejected: refused,
                ..Appended::default()
            });
        }
        let mut outcome = self.writer.append(workspace, events, atomic).await?;
        outcome.rejected.append(&mut refused);
        outcome.rejected.sort_by_key(|refusal| refusal.index);
        Ok(outcome)
    }
}

type Read = (Vec<NewEvent>, Vec<Refusal>);

fn read(
    body: &[u8],
    format: Format,
    source: &str,
    now: Timestamp,
    ids: &dyn IdMaker,
) -> Result<Read, ReceiveError> {
    let values = values(body, format)?;
    let (mut events, mut refused) = (Vec::with_capacity(values.len()), Vec::new());
    for (index, value) in values.into_iter().enumerate() {
        match parse::event(value, index, source, now, ids) {
            Ok(event) => events.push(event),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok((events, refused))
}

/// What stands in a body, one by one.
pub(crate) fn values(body: &[u8], format: Format) -> Result<Vec<Value>, ReceiveError> {
    let values = match format {
        Format::Json => match serde_json::from_slice(body).map_err(|error| not_json(&error, 0))? {
            Value::Array(values) => values,
            one => vec![one],
        },
        Format::Ndjson => lines(body)?,
    };
    if values.len() > MAX_EVENTS {
        return Err(ReceiveError::TooMany { count: values.len() });
    }
    Ok(values)
}

fn lines(body: &[u8]) -> Result<Vec<Value>, ReceiveError> {
    let mut values = Vec::new();
    for (number, line) in body.split(|byte| *byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        values.push(serde_json::from_slice(line).map_err(|error| not_json(&error, number))?);
    }
    Ok(values)
}

fn not_json(error: &serde_json::Error, lines_before: usize) -> ReceiveError {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
    ReceiveError::NotJson {
        line: lines_before + error.line().max(1),
        column: error.column(),
        reason,
    }
}

/// Reads one line of a file of events.
///
/// # Errors
/// Why it can't be stored; `field` is empty where it isn't JSON.
pub fn parse_line(
    line: &[u8],
    index: usize,
    source: &str,
    now: Timestamp,
    ids: &dyn IdMaker,
) -> Result<NewEvent, Refusal> {
    let value = serde_json::from_slice(line).map_err(|error| Refusal {
        index,
        field: String::new(),
        reason: format!("is not JSON: {error}"),
    })?;
    parse::event(value, index, source, now, ids)
}
