//! Where a stored thing differs from what the log says it is (R51): a change that went around the application.

use crate::{about::About, time::LocalTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Differences that are kept of a check, and shown.
pub const SHOWN_DRIFTS: usize = 500;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// By the word and the id that stand in its records. Without an id it is about all of the kind.
    pub thing: About,
    /// As it is stored; where it isn't, as it was called last.
    pub name: String,
    pub difference: Difference,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Difference {
    /// The log says that it is there.
    NotStored,
    /// The log doesn't know of it, or says that it was deleted.
    NotLogged,
    /// What is stored is nothing that Daybook stores.
    Unreadable,
    /// Another value than the log says. What refers to other things is compared by their ids.
    Property {
        property: String,
        stored: Value,
        logged: Value,
    },
    /// What is kept beside the values, to find and order things by, isn't what follows from them.
    Beside { what: String, stored: Value, due: Value },
}

/// What was found, and over how much.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftReport {
    pub records: u64,
    pub things: u64,
    /// Things of which the log may not know all: they are older than it, or records of them may have been removed.
    pub partly: u64,
    /// By kind and id.
    pub drifts: Vec<Drift>,
}

/// How a check stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DriftState {
    /// So many of so many records are read.
    Running {
        done: u64,
        of: u64,
    },
    /// `found`: how many differences there are; the report has the first [`SHOWN_DRIFTS`].
    Finished {
        report: DriftReport,
        found: u64,
        at: LocalTime,
    },
    Failed,
}

/// The last check of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftCheck {
    pub by: String,
    pub began: LocalTime,
    pub state: DriftState,
}
