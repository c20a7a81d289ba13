//! Facets: the values a filter can take, with how many records each has.

use crate::log::FilterField;
use serde::{Deserialize, Serialize};

/// The known values of one field in one log, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    pub field: FilterField,
    pub values: Vec<FacetValue>,
    /// More values exist than are listed.
    pub more: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    /// What goes into the URL.
    pub value: String,
    /// What a person reads.
    pub label: String,
    /// Records of this log with this value, over all time.
    pub count: u64,
}
