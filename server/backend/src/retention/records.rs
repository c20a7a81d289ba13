//! Retentions and holds as the log compares them.

use crate::record::Recorded;
use daybook_domain::time::Timestamp;
use serde::Serialize;

/// A log's retention. The thing is the log.
#[derive(Debug, Serialize)]
pub(super) struct RetentionRecord {
    #[serde(skip)]
    pub log: &'static str,
    #[serde(skip)]
    pub title: &'static str,
    pub days: Option<i32>,
    /// Absent where it holds already.
    pub from: Option<Timestamp>,
}

impl Recorded for RetentionRecord {
    fn kind(&self) -> &'static str {
        "retention"
    }

    fn id(&self) -> String {
        self.log.to_owned()
    }

    fn name(&self) -> String {
        self.title.to_owned()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct HoldRecord {
    #[serde(skip)]
    pub id: String,
    pub name: String,
    pub reason: String,
    /// The log's title.
    pub log: String,
    /// As in its address; empty for all records.
    pub query: String,
}

impl Recorded for HoldRecord {
    fn kind(&self) -> &'static str {
        "legal_hold"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}
