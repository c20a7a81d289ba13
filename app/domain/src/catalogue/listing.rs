//! The catalogue as pages show it: found by words, grouped by category, with how much of each there is.

use super::{Field, OwnType};
use crate::{event::Action, log::LogKind, naming::Naming};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The most types that are reported as seen: senders choose the names, and there is no bound to those.
pub const MAX_SEEN: usize = 500;

/// A type of event that records of this workspace have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenType {
    pub event_type: String,
    /// Records of all logs.
    pub count: u64,
    /// The logs they are in, in the order of the logs, with how many each has.
    pub logs: Vec<(LogKind, u64)>,
    /// Whether it has the name of one that Daybook emits.
    pub own: bool,
}

/// The catalogue, or what of it matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// By category, in the order of the catalogue. No group is empty.
    pub groups: Vec<Group>,
    /// Seen here and not the product's own, most frequent first.
    pub others: Vec<SeenType>,
    /// How many there are without the search: own types, and others.
    pub of: (usize, usize),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub category: String,
    pub types: Vec<Entry>,
}

/// One type of the product's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub event_type: String,
    pub title: String,
    pub log: LogKind,
    pub sections: Vec<String>,
    pub action: Action,
    pub meaning: String,
    pub fields: Vec<Field<String>>,
    pub since: String,
    /// A record, as indented JSON.
    pub example: String,
    /// Where this workspace has records of it.
    pub seen: Option<SeenType>,
}

impl Entry {
    fn new(of: OwnType, seen: Option<&SeenType>, naming: Naming) -> Self {
        let row = of.row();
        Self {
            event_type: of.name().to_owned(),
            title: naming.says(of.title()).into_owned(),
            log: row.log,
            sections: row
                .sections
                .iter()
                .map(|&section| naming.section(section).to_owned())
                .collect(),
            action: row.action,
            meaning: naming.says(row.meaning).into_owned(),
            fields: row.fields.iter().map(|field| field.owned(naming)).collect(),
            since: row.since.to_owned(),
            example: serde_json::to_string_pretty(&of.example()).unwrap_or_default(),
            seen: seen.cloned(),
        }
    }
}

impl Listing {
    /// The types with all words of `q` in what is shown of them; without words, all. Of types that others send only
    /// the name is known. The examples are records, and stay as they are stored.
    pub fn new(seen: Vec<SeenType>, q: &str, naming: Naming) -> Self {
        let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
        let counts: HashMap<&str, &SeenType> =
            seen.iter().map(|seen| (seen.event_type.as_str(), seen)).collect();
        let mut groups: Vec<Group> = Vec::new();
        let matching = |of: &OwnType| of.matches(&words, naming);
        for of in OwnType::ALL.iter().copied().filter(matching) {
            let entry = Entry::new(of, counts.get(of.name()).copied(), naming);
            let category = naming.section(of.row().category);
            match groups.iter_mut().find(|group| group.category == category) {
                Some(group) => group.types.push(entry),
                None => groups.push(Group {
                    category: category.to_owned(),
                    types: vec![entry],
                }),
            }
        }
        let mut others = seen;
        others.retain(|seen| !seen.own);
        let of = (OwnType::ALL.len(), others.len());
        others.retain(|seen| {
            let name = seen.event_type.to_lowercase();
            words.iter().all(|word| name.contains(word.as_str()))
        });
        Self { groups, others, of }
    }

    /// How many of the product's own types are listed.
    pub fn own(&self) -> usize {
        self.groups.iter().map(|group| group.types.len()).sum()
    }
}
