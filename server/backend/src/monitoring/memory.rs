//! What a rule remembers of the events it has looked at, by name, while it looks at more of them.

use serde::{Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

/// A value and when the last event it is of happened, in microseconds.
type Kept = (String, i64);

#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    values: BTreeMap<String, Kept>,
    changed: BTreeSet<String>,
    /// Values as they were before they changed.
    before: BTreeMap<String, Option<String>>,
}

impl Memory {
    /// With what was remembered before.
    pub fn of(values: impl IntoIterator<Item = (String, String, i64)>) -> Self {
        let values = values.into_iter();
        Self {
            values: values.map(|(name, value, at)| (name, (value, at))).collect(),
            ..Self::default()
        }
    }

    /// What isn't of the form any more is forgotten: the rule has learned to remember it otherwise.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let (value, _) = self.values.get(name)?;
        serde_json::from_str(value).ok()
    }

    pub fn set<T: Serialize>(&mut self, name: &str, value: &T, at: i64) {
        // Values are numbers, texts and lists of them: they can be written.
        let Ok(value) = serde_json::to_string(value) else {
            return;
        };
        if self.values.get(name).is_some_and(|(before, _)| *before == value) {
            return;
        }
        let before = self.values.insert(name.to_owned(), (value, at));
        let before = before.map(|(value, _)| value);
        self.before.entry(name.to_owned()).or_insert(before);
        self.changed.insert(name.to_owned());
    }

    /// Everything that is of a form.
    pub fn all<T: DeserializeOwned>(&self) -> Vec<(String, T)> {
        let values = self.values.iter();
        values
            .filter_map(|(name, (value, _))| Some((name.clone(), serde_json::from_str(value).ok()?)))
            .collect()
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether what has changed was as it is in another before that.
    pub fn came_from(&self, other: &Self) -> bool {
        let mut before = self.before.iter();
        before.all(|(name, before)| other.values.get(name).map(|(value, _)| value) == before.as_ref())
    }

    /// What has changed: names, values, times.
    pub fn changes(&self) -> impl Iterator<Item = (&str, &str, i64)> {
        self.changed.iter().filter_map(|name| {
            let (value, at) = self.values.get(name)?;
            Some((name.as_str(), value.as_str(), *at))
        })
    }
}
