//! The helpdesk's master data: companies, contacts, service agents, and what is set in the Admin Center. Their changes
//! are what the log is about.
//!
//! A kind of thing is data, as a log is: [`KindSpec`] says what it is called, who may see and change it, and which
//! properties it has; [`Property`] says what a property may hold. Lists, forms, comparing, recording, imports and the
//! API follow from these and know no kind by name. A new kind is a row in [`kinds`] and its events in the catalogue.

mod access;
pub mod conditions;
pub mod custom;
mod import;
mod kind;
pub(crate) mod kinds;
mod many;
mod merge;
mod property;
mod query;
#[cfg(test)]
mod tests;
mod then;

pub use access::{Change, KindGranted, Right, See};
pub use import::{
    ColumnMeaning, Import, ImportColumn, ImportCounts, ImportProblem, ImportSettings, ImportState,
    MAX_IMPORT_BYTES, MAX_IMPORT_COLUMNS, MAX_IMPORT_LINES, SHOWN_PROBLEMS,
};
pub use kind::{KindSpec, ObjectKind};
pub use many::{Chosen, MAX_TOGETHER, ManyChoice, ManyDone, ManyTyped, ManyWay};
pub use merge::{Keep, Kept, MAX_REPOINTED, Merge, Pair, Side, merged, repointed};
pub use property::{
    MAX_MEMBERS, MAX_PHONE_CHARS, MAX_PICTURE_CHARS, MAX_VALUE_BYTES, Property, Shape, Values, phone_number,
    sender,
};
pub(crate) use query::one_of;
pub use query::{Filters, ObjectCursor, ObjectQuery, STATUS, Sort, SortBy, unreadable};
pub use then::{ObjectThen, StateThen, by_id};

use crate::{event::words, facet::Count, id::ObjectId, time::LocalTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Rows of a page of a list.
pub const PAGE: usize = 50;
/// Choices offered for one property; of more, those whose names come first.
pub const MAX_CHOICES: usize = 500;
/// Longest name, in characters.
pub const MAX_NAME_CHARS: usize = 200;

words! {
    /// Whether a thing is in use. One that isn't keeps its page, its history and what refers to it.
    ObjectStatus {
        Active = "active", "Active";
        Deactivated = "deactivated", "Deactivated";
    }
}

/// Names of the things that others refer to.
pub type Names = BTreeMap<ObjectId, String>;

/// One thing, as its page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Object {
    pub id: ObjectId,
    pub kind: ObjectKind,
    pub status: ObjectStatus,
    /// Counts its changes from 1. Who changes it says which they have seen.
    pub version: i32,
    /// By the name of the property; what isn't there has no value.
    pub values: Values,
    /// Of everything `values` refer to.
    pub names: Names,
    pub created: LocalTime,
    pub changed: LocalTime,
}

impl Object {
    pub fn name(&self) -> &str {
        name_of(&self.values)
    }
}

/// What a thing is called.
pub fn name_of(values: &Values) -> &str {
    values.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectRow {
    pub id: ObjectId,
    pub name: String,
    pub status: ObjectStatus,
    /// Those of the kind's columns.
    pub values: Values,
    pub changed: LocalTime,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectPage {
    pub rows: Vec<ObjectRow>,
    /// Of everything the rows refer to.
    pub names: Names,
    /// How many there are on all pages.
    pub total: Count,
    pub facets: Vec<ObjectFacet>,
    pub before: Option<ObjectCursor>,
    pub after: Option<ObjectCursor>,
}

/// The values of a property a list can be narrowed to, commonest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectFacet {
    /// `status`, or the name of a property.
    pub property: String,
    pub title: String,
    pub values: Vec<ObjectFacetValue>,
    /// Whether there are values beyond those listed.
    pub more: bool,
    /// Whether the counts are of the whole list. If not, they are of its first so many things.
    pub exact: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectFacetValue {
    pub value: String,
    pub label: String,
    pub count: u64,
}

/// What was typed into a form: by the name of the property, one text or, where a property has several values, each of
/// them. A property that isn't there stays as it is.
pub type Typed = BTreeMap<String, Vec<String>>;

/// What another system says a thing is: by the name of the property its JSON. A property that isn't there stays as it is,
/// `null` takes it away, and one that the kind doesn't have is kept among the custom ones.
pub type Given = serde_json::Map<String, Value>;

/// What became of what was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Put {
    pub object: Object,
    pub created: bool,
    /// Of what the kind doesn't have, what can't be kept.
    pub not_kept: Vec<custom::NotKept>,
}

/// The things that a property may refer to, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    pub kind: ObjectKind,
    pub things: Vec<(ObjectId, String)>,
    /// Whether there are more than [`MAX_CHOICES`].
    pub more: bool,
}
