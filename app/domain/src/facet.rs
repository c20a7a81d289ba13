//! What is known of a whole list beside its rows: how many records match, when they happened, and which values the
//! filters can take.

use crate::{log::FilterField, time::Timestamp};
use serde::{Deserialize, Serialize};

/// The most records that a filter's values are counted over, newest first, where something narrows the list.
pub const COUNTED: u64 = 50_000;

/// A number of records, and how far it can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Count {
    Exactly(u64),
    /// Counting stopped here.
    AtLeast(u64),
    /// These are possible, and not all of them were looked at.
    AtMost(u64),
}

impl Count {
    pub fn number(self) -> u64 {
        match self {
            Self::Exactly(number) | Self::AtLeast(number) | Self::AtMost(number) => number,
        }
    }

    pub fn is_exact(self) -> bool {
        matches!(self, Self::Exactly(_))
    }
}

/// A list as a whole: the same for each of its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub total: Count,
    /// `None` where nothing matches.
    pub histogram: Option<Histogram>,
    /// One per filter of the log, in its order.
    pub facets: Vec<Facet>,
}

/// How the matching records spread over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// Without gaps, oldest first.
    pub bars: Vec<Bar>,
    /// What a bar spans: `hour`, `day`, `15 minutes`.
    pub unit: String,
    /// False where records are counted that may not match.
    pub exact: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// Inclusive.
    pub from: Timestamp,
    /// Exclusive.
    pub to: Timestamp,
    /// The span in the reader's zone, as a person reads it: `21 Nov 2026, 14:00–15:00`.
    pub label: String,
    pub count: u64,
}

/// The known values of one field, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    pub field: FilterField,
    pub values: Vec<FacetValue>,
    /// More values exist than are listed.
    pub more: bool,
    /// False where the counts are of the newest [`COUNTED`] matching records only: each is then at least so high.
    pub exact: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    /// What goes into the URL.
    pub value: String,
    /// What a person reads.
    pub label: String,
    /// Records with this value among those that match everything but this field's own filter.
    pub count: u64,
}
