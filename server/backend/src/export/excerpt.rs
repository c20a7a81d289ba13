//! The newest records of a list as one file in memory, as many as fit. It is written as an export is.

use super::csv;
use crate::{
    Error, Result,
    store::{self, EventStore, Form},
};
use daybook_domain::{log::LogScope, permission::ExportAuditLogs, query::LogQuery, viewer::Granted};

/// How much may be in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Most {
    pub records: u64,
    pub bytes: usize,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Excerpt {
    /// CSV, with a line of names.
    pub bytes: Vec<u8>,
    pub records: u64,
    /// Whether all records of the list stand in it.
    pub is_whole: bool,
}

/// Reads a list. Whoever hands it on records that records leave.
pub(crate) async fn excerpt(
    store: &EventStore,
    who: &Granted<ExportAuditLogs>,
    scope: LogScope,
    query: &LogQuery,
    most: Most,
) -> Result<Excerpt> {
    let naming = who.viewer().naming();
    let mut excerpt = Excerpt {
        bytes: csv::head()?.to_vec(),
        records: 0,
        is_whole: true,
    };
    let mut parts = store.parts(who, scope, query, Form::Stored).await?;
    // A record at a time: a part of some hundred may hold more than fits.
    while let Some(part) = parts.next().await? {
        let records = std::str::from_utf8(&part.bytes).map_err(Error::damaged)?;
        for record in records.lines() {
            let line = csv::lines(&[store::parse(record)?], naming)?;
            if excerpt.records == most.records || excerpt.bytes.len() + line.len() > most.bytes {
                excerpt.is_whole = false;
                return Ok(excerpt);
            }
            excerpt.bytes.extend_from_slice(&line);
            excerpt.records += 1;
        }
    }
    Ok(excerpt)
}
