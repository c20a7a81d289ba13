//! A view as the log compares it: names for what the row has by id, so that they can be read for ever.

use crate::record::Recorded;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(super) struct SavedViewRecord {
    #[serde(skip)]
    pub id: String,
    pub name: String,
    /// The log's title.
    pub log: String,
    /// As in its address; empty for all records.
    pub query: String,
    /// The name of the role; absent where it is its owner's own.
    pub shared_with: Option<String>,
    pub owner: String,
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
