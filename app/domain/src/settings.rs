//! What administrators set for the whole workspace.

use crate::{log::LogKind, naming::Helpdesk};
use serde::{Deserialize, Serialize};

/// Everything there is to see of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The workspace's name.
    pub workspace: String,
    /// IANA name of the zone in which new users read times.
    pub zone: String,
    /// It decides what agents are called.
    pub helpdesk: Helpdesk,
    /// The logs beyond the core ones, in the order of their tabs.
    pub logs: Vec<LogTab>,
}

/// Whether a log has a tab. The core logs always have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogTab {
    pub log: LogKind,
    pub records: u64,
    /// Also without records.
    pub switched_on: bool,
}
