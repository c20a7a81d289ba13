//! Taking a whole list out as a file.

use crate::facet::Count;
use serde::{Deserialize, Serialize};

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportProgress {
    /// Records handed over.
    pub records: u64,
    pub expected: Count,
    pub state: ExportState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    Running,
    Finished,
    /// By the reader, or because the records couldn't be read.
    BrokenOff,
}
