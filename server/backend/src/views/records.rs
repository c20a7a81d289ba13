//! A view as the log compares it: names for what the row has by id, so that they can be read for ever.

use super::rows::log_of;
use crate::record::Recorded;
use daybook_entity::saved_view;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct SavedViewRecord {
    #[serde(skip)]
    id: String,
    pub name: String,
    /// The log's title.
    log: String,
    /// As in its address; empty for all records.
    pub query: String,
    /// The name of the role; absent where it is its owner's own.
    pub shared_with: Option<String>,
    owner: String,
}

impl SavedViewRecord {
    pub(super) fn new(row: &saved_view::Model, shared_with: Option<String>, owner: String) -> Self {
        Self {
            id: row.id.to_string(),
            name: row.name.clone(),
            log: log_of(&row.log).map_or_else(|_| row.log.clone(), |log| log.title().to_owned()),
            query: row.query.clone(),
            shared_with,
            owner,
        }
    }
}

impl Recorded for SavedViewRecord {
    fn kind(&self) -> &'static str {
        "saved_view"
    }

    fn id(&self) -> String {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}
