//! What the log says of each thing.

use super::{family::Life, gaps::Gaps};
use daybook_domain::{
    event::Event,
    log::LogKind,
    object::{by_id, custom},
};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// Where something was said.
#[derive(Debug, Clone, Copy)]
struct Place {
    log: LogKind,
    sequence: i64,
    /// Microseconds.
    occurred_at: i64,
}

impl Place {
    fn of(event: &Event) -> Self {
        Self {
            log: event.body.log,
            sequence: event.sequence,
            occurred_at: event.body.occurred_at.micros(),
        }
    }

    /// Whether something that was said later may have been removed.
    fn may_be_outdated(self, gaps: &Gaps) -> bool {
        gaps.may_hide(self.log, self.sequence, self.occurred_at)
    }
}

/// What is said of one thing.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// As it was called last.
    pub name: String,
    pub has_ended: bool,
    /// Properties that have ever changed; `null` for those without a value.
    pub properties: BTreeMap<String, SaidOf>,
    /// The id of who made it.
    pub made_by: Option<String>,
    /// Where it was made.
    made: Option<Place>,
    last: Option<Place>,
}

/// What was said of a property last.
#[derive(Debug)]
pub(crate) struct SaidOf {
    pub value: Value,
    at: Place,
}

impl SaidOf {
    /// Whether another value may have been said since, in a record that isn't there any more.
    pub fn is_hidden(&self, gaps: &Gaps) -> bool {
        self.at.may_be_outdated(gaps)
    }
}

impl Said {
    pub fn hear(&mut self, life: &Life, event: Event) {
        let at = Place::of(&event);
        if life.is_told_by(&event, life.made) {
            self.made = Some(at);
            self.made_by.clone_from(&event.body.actor.id);
            self.has_ended = false;
        }
        // What is said of it afterwards doesn't bring it back.
        self.has_ended |= life.is_told_by(&event, life.ended);
        self.last = Some(at);
        if let Some(target) = event.body.target() {
            target.label().clone_into(&mut self.name);
        }
        let changes = event.body.changes.iter().flat_map(custom::apart);
        for change in changes.filter(|change| !change.secret) {
            let value = by_id(change.after);
            self.properties.insert(change.property, SaidOf { value, at });
        }
    }

    /// Whether all that was ever said of it is there.
    pub fn is_whole(&self, gaps: &Gaps) -> bool {
        self.made.is_some_and(|made| !made.may_be_outdated(gaps))
    }

    /// Whether it has ended, as far as one can know.
    pub fn is_over(&self, gaps: &Gaps) -> bool {
        self.has_ended || self.last.is_none_or(|last| last.may_be_outdated(gaps))
    }
}

/// What is said of everything, by kind and id.
#[derive(Debug, Default)]
pub(crate) struct Sayings(HashMap<&'static str, HashMap<String, Said>>);

impl Sayings {
    pub fn entry(&mut self, kind: &'static str, id: &str) -> &mut Said {
        let of_kind = self.0.entry(kind).or_default();
        of_kind.entry(id.to_owned()).or_default()
    }

    pub fn take(&mut self, kind: &str, id: &str) -> Option<Said> {
        self.0.get_mut(kind)?.remove(id)
    }

    /// All of a kind.
    pub fn of_kind(&mut self, kind: &str) -> impl Iterator<Item = &mut Said> {
        self.0.get_mut(kind).into_iter().flat_map(HashMap::values_mut)
    }

    /// Who are called by their name are called by another one now.
    pub fn rename(&mut self, kind: &str, property: &str, before: &Value, after: &Value) {
        for said in self.of_kind(kind) {
            if let Some(of) = said.properties.get_mut(property)
                && of.value == *before
            {
                of.value = after.clone();
            }
        }
    }

    pub fn rest(self) -> impl Iterator<Item = (&'static str, String, Said)> {
        let all = self.0.into_iter();
        all.flat_map(|(kind, said)| said.into_iter().map(move |(id, said)| (kind, id, said)))
    }
}
