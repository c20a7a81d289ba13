//! The state of a list of things, all of it, as it stands in the URL.

use super::{KindSpec, ObjectStatus};
use crate::{Error, event::words, query::QueryProblem};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Most values of one filter.
const MAX_FILTER_VALUES: usize = 50;
/// Longest text that is searched for, in characters.
const MAX_SEARCH_CHARS: usize = 200;
/// The filter that every kind has, beside those of its properties.
pub const STATUS: &str = "status";

words! {
    /// What a list is ordered by.
    SortBy {
        Name = "name", "Name";
        Changed = "changed", "Last changed";
        Created = "created", "Created";
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sort {
    pub by: SortBy,
    /// From Z to A, or newest first.
    pub descending: bool,
}

impl Sort {
    /// By name, from A to Z.
    pub const USUAL: Self = Self {
        by: SortBy::Name,
        descending: false,
    };
}

impl Default for Sort {
    fn default() -> Self {
        Self::USUAL
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.by)
    }
}

impl FromStr for Sort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (by, descending) = text.strip_prefix('-').map_or((text, false), |by| (by, true));
        SortBy::from_name(by)
            .map(|by| Self { by, descending })
            .ok_or_else(|| format!("is none of {}", SortBy::names().join(", ")))
    }
}

/// What a list can be narrowed to and ordered by, beside the text that is searched for.
pub trait Filters {
    /// The filter of that name; `None` where there is none.
    ///
    /// # Errors
    /// Why `value` can't be one of its values, to stand after the value.
    fn filter(&self, name: &str, value: &str) -> Result<Option<&'static str>, String>;

    /// Whether a filter has one value: of several the last counts.
    fn is_single(&self, _filter: &str) -> bool {
        false
    }

    fn orders(&self) -> &[SortBy] {
        SortBy::ALL
    }
}

impl Filters for KindSpec {
    fn filter(&self, name: &str, value: &str) -> Result<Option<&'static str>, String> {
        if name == STATUS {
            return one_of(
                ObjectStatus::from_name(value).is_some(),
                STATUS,
                &ObjectStatus::names(),
            );
        }
        let property = self.property(name).filter(|property| property.is_filter());
        Ok(property.map(|property| property.name))
    }
}

/// A filter with few values, of which this is one or not.
pub(crate) fn one_of(
    known: bool,
    filter: &'static str,
    names: &[&str],
) -> Result<Option<&'static str>, String> {
    if known {
        Ok(Some(filter))
    } else {
        Err(format!("is none of {}", names.join(", ")))
    }
}

/// A place between two rows of a list, and which way the page lies from it. The row at the place itself is excluded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectCursor {
    /// Whether the page lies before the place.
    pub backwards: bool,
    /// What the row was ordered by: its name in lower case, or microseconds.
    pub key: String,
    /// What tells rows of the same key apart, in their order: a number, or an id.
    pub tie: u128,
}

impl fmt::Display for ObjectCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.backwards { '<' } else { '>' };
        let text = format!("{way}{:032x}{}", self.tie, self.key);
        f.write_str(&URL_SAFE_NO_PAD.encode(text))
    }
}

impl FromStr for ObjectCursor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let backwards = match text.chars().next()? {
                '<' => true,
                '>' => false,
                _ => return None,
            };
            Some(Self {
                backwards,
                tie: u128::from_str_radix(text.get(1..33)?, 16).ok()?,
                key: text.get(33..).filter(|key| !key.contains('\0'))?.to_owned(),
            })
        };
        read().ok_or_else(|| "is not a page mark made by Daybook".to_owned())
    }
}

impl Serialize for ObjectCursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectCursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// The first of the parts that can't be understood, as a refusal.
pub fn unreadable(problems: Vec<QueryProblem>) -> Error {
    let first = problems.into_iter().next();
    first.map_or_else(
        || Error::invalid("query", "This can't be understood."),
        |QueryProblem { field, value, reason }| Error::invalid(field, format!("“{value}” {reason}.")),
    )
}

/// What a list is narrowed to, its order, and which page of it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ObjectQuery {
    /// Beginnings of words, all of which are found. Not empty.
    pub q: Option<String>,
    /// Values of one property are alternatives; properties narrow each other. No entry is empty.
    pub filters: BTreeMap<String, Vec<String>>,
    pub sort: Sort,
    pub cursor: Option<ObjectCursor>,
}

impl ObjectQuery {
    /// Reads URL parameters in any order. Empty values are no values (forms send them), unknown parameters are left
    /// alone (links collect them).
    ///
    /// # Errors
    /// Every part that can't be understood.
    pub fn parse(spec: &impl Filters, query_string: &str) -> Result<Self, Vec<QueryProblem>> {
        let mut query = Self::default();
        let mut problems = Vec::new();
        for (name, value) in form_urlencoded::parse(query_string.trim_start_matches('?').as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            if let Err(reason) = query.set(spec, &name, value) {
                problems.push(QueryProblem {
                    field: name.into_owned(),
                    value: value.chars().take(60).collect(),
                    reason,
                });
            }
        }
        for values in query.filters.values_mut() {
            values.sort();
            values.dedup();
        }
        if problems.is_empty() {
            Ok(query)
        } else {
            Err(problems)
        }
    }

    fn set(&mut self, spec: &impl Filters, name: &str, value: &str) -> Result<(), String> {
        match name {
            // No database takes a NUL for a text.
            _ if value.contains('\0') => return Err("holds a character that can't be shown".to_owned()),
            "q" => self.q = Some(value.chars().take(MAX_SEARCH_CHARS).collect()),
            "sort" => {
                self.sort = value.parse()?;
                one_of(spec.orders().contains(&self.sort.by), "sort", &SortBy::names())?;
            }
            "cursor" => self.cursor = Some(value.parse()?),
            other => {
                if let Some(filter) = spec.filter(other, value)? {
                    if spec.is_single(filter) {
                        self.filters.remove(filter);
                    }
                    self.add(filter, value)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, property: &str, value: &str) -> Result<(), String> {
        if value.chars().count() > MAX_SEARCH_CHARS {
            return Err(format!("is longer than {MAX_SEARCH_CHARS} characters"));
        }
        let values = self.filters.entry(property.to_owned()).or_default();
        if values.len() >= MAX_FILTER_VALUES {
            return Err(format!(
                "is one more than the {MAX_FILTER_VALUES} that fit in a filter"
            ));
        }
        values.push(value.to_owned());
        Ok(())
    }

    /// The same, held to the limits of an address: it came as something else.
    ///
    /// # Errors
    /// Every part that can't be understood.
    pub fn checked(&self, spec: &impl Filters) -> Result<Self, Vec<QueryProblem>> {
        Self::parse(spec, &self.to_query_string())
    }

    /// The parameters that say it, in one order.
    pub fn to_pairs(&self) -> Vec<(&str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.q.iter().map(|q| ("q", q.clone())));
        for (property, values) in &self.filters {
            pairs.extend(values.iter().map(|value| (property.as_str(), value.clone())));
        }
        if self.sort != Sort::USUAL {
            pairs.push(("sort", self.sort.to_string()));
        }
        pairs.extend(self.cursor.iter().map(|cursor| ("cursor", cursor.to_string())));
        pairs
    }

    /// What stands after the path, with its `?`; empty for the whole list.
    pub fn to_query_string(&self) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(self.to_pairs());
        let text = text.finish();
        if text.is_empty() { text } else { format!("?{text}") }
    }

    pub fn values(&self, property: &str) -> &[String] {
        self.filters.get(property).map_or(&[], Vec::as_slice)
    }

    /// Whether its page lies before its cursor.
    pub fn is_backwards(&self) -> bool {
        self.cursor.as_ref().is_some_and(|cursor| cursor.backwards)
    }

    /// Whether it leaves anything out.
    pub fn is_narrowed(&self) -> bool {
        self.q.is_some() || !self.filters.is_empty()
    }

    /// The same list at another page.
    #[must_use]
    pub fn at(&self, cursor: Option<ObjectCursor>) -> Self {
        Self {
            cursor,
            ..self.clone()
        }
    }

    /// The same list in another order.
    #[must_use]
    pub fn sorted(&self, sort: Sort) -> Self {
        Self {
            sort,
            ..self.at(None)
        }
    }

    /// With a value of a filter added, or taken away where it is there.
    #[must_use]
    pub fn toggled(&self, property: &str, value: &str) -> Self {
        let mut query = self.at(None);
        let values = query.filters.entry(property.to_owned()).or_default();
        if let Some(there) = values.iter().position(|other| other == value) {
            values.remove(there);
        } else {
            values.push(value.to_owned());
            values.sort();
        }
        query.filters.retain(|_, values| !values.is_empty());
        query
    }

    /// Without its text.
    #[must_use]
    pub fn without_text(&self) -> Self {
        Self {
            q: None,
            ..self.at(None)
        }
    }
}
