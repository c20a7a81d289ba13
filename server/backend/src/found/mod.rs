//! Lists of many rows that are found by values and by words, and say how they spread over the values.
//!
//! Each row of a [`Collection`] has a number, given in the order in which rows are made. What it is found by
//! ([`entries::FoundBy`]) is kept beside it as sets of numbers ([`postings`]) and as counts; a query is understood as sets
//! ([`matching`]), from which its rows and the values it can be narrowed to ([`facets`]) are known. No table of rows is
//! known here.

pub(crate) mod entries;
pub(crate) mod facets;
pub(crate) mod matching;
pub(crate) mod postings;

use daybook_domain::id::WorkspaceId;

/// Rows of one sort in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Collection {
    pub workspace: WorkspaceId,
    /// As it stands in the tables.
    pub kind: &'static str,
}
