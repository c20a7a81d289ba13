//! What the log says of one thing.

use super::gaps::Gaps;
use daybook_domain::{
    event::Event,
    id::ObjectId,
    log::LogKind,
    object::{ObjectKind, by_id},
};
use serde_json::Value;
use std::collections::BTreeMap;

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

#[derive(Debug)]
pub struct Said {
    pub kind: ObjectKind,
    /// As it was called last.
    pub name: String,
    pub is_deleted: bool,
    /// Properties that have ever changed; `null` for those without a value.
    pub properties: BTreeMap<String, SaidOf>,
    /// Where it was made.
    made: Option<Place>,
    last: Option<Place>,
}

/// What was said of a property last.
#[derive(Debug)]
pub struct SaidOf {
    pub value: Value,
    at: Place,
}

impl SaidOf {
    /// Whether another value may have been said since, in a record that isn't there any more.
    pub fn is_hidden(&self, gaps: &Gaps) -> bool {
        self.at.may_be_outdated(gaps)
    }
}

/// The thing an event of ours is about.
pub fn thing_of(event: &Event) -> Option<(ObjectKind, ObjectId)> {
    let target = event.body.target()?;
    let kind = ObjectKind::from_name(&target.kind)?;
    Some((kind, target.id.as_ref()?.parse().ok()?))
}

impl Said {
    pub fn new(kind: ObjectKind) -> Self {
        Self {
            kind,
            name: String::new(),
            is_deleted: false,
            properties: BTreeMap::new(),
            made: None,
            last: None,
        }
    }

    pub fn hear(&mut self, event: Event) {
        let (kind, at) = (self.kind, Place::of(&event));
        if event.body.event_type == format!("{kind}.created") {
            self.made = Some(at);
        }
        if let Some(target) = event.body.target() {
            target.label().clone_into(&mut self.name);
        }
        self.is_deleted = event.body.event_type == format!("{kind}.deleted");
        self.last = Some(at);
        for change in event.body.changes.into_iter().filter(|change| !change.secret) {
            let value = by_id(change.after);
            self.properties.insert(change.property, SaidOf { value, at });
        }
    }

    /// Whether all that was ever said of it is there.
    pub fn is_whole(&self, gaps: &Gaps) -> bool {
        self.made.is_some_and(|made| !made.may_be_outdated(gaps))
    }

    /// Whether it was deleted, as far as one can know.
    pub fn is_over(&self, gaps: &Gaps) -> bool {
        self.is_deleted || self.last.is_none_or(|last| last.may_be_outdated(gaps))
    }
}
