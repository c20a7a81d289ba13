//! A thing at two moments, rebuilt from its records (R18).

use crate::{
    event::{Change, Event, Target},
    id::EventId,
    page::EventRow,
    time::{LocalTime, TimeBound, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Records of a thing that are read; a longer history is cut at its old end.
pub const HISTORY: usize = 1000;

/// A moment in the life of a thing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Point {
    /// Right after this record.
    Record(EventId),
    At(TimeBound),
    #[default]
    Now,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(id) => id.fmt(f),
            Self::At(time) => time.fmt(f),
            Self::Now => f.write_str("now"),
        }
    }
}

impl FromStr for Point {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() || text == "now" {
            return Ok(Self::Now);
        }
        if let Ok(id) = text.parse() {
            return Ok(Self::Record(id));
        }
        text.parse()
            .map(Self::At)
            .map_err(|_| "is neither the id of a record nor a time".to_owned())
    }
}

/// What is asked for: the main thing of a record, at two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CompareQuery {
    pub record: EventId,
    pub a: Point,
    pub b: Point,
}

/// What is known of one property.
#[derive(Debug, Clone, Default, PartialEq)]
struct Known {
    /// In the order of the records: which record, and the values before and after it.
    changes: Vec<(usize, Change)>,
}

impl Known {
    /// The value after the first `records` records.
    fn at(&self, records: usize) -> &Value {
        let later = self.changes.partition_point(|(record, _)| *record < records);
        match later.checked_sub(1).and_then(|last| self.changes.get(last)) {
            Some((_, change)) => &change.after,
            None => self
                .changes
                .first()
                .map_or(&Value::Null, |(_, change)| &change.before),
        }
    }

    fn is_secret(&self) -> bool {
        self.changes.iter().any(|(_, change)| change.secret)
    }
}

/// A thing's properties over its records, oldest first.
#[derive(Debug, Default)]
pub struct History(BTreeMap<String, Known>);

impl History {
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        Self::of_changes(events.into_iter().map(|event| event.body.changes.iter().cloned()))
    }

    /// The same, by the changes of each record.
    pub fn of_changes(records: impl IntoIterator<Item: IntoIterator<Item = Change>>) -> Self {
        let mut properties: BTreeMap<String, Known> = BTreeMap::new();
        for (record, changes) in records.into_iter().enumerate() {
            for change in changes {
                let known = properties.entry(change.property.clone()).or_default();
                known.changes.push((record, change));
            }
        }
        Self(properties)
    }

    /// The value of a property after the first `records` records; null where nothing is known of it.
    pub fn at(&self, property: &str, records: usize) -> &Value {
        self.0
            .get(property)
            .map_or(&Value::Null, |known| known.at(records))
    }

    /// Every property that has ever changed.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether the values of a property are kept from its records; and then, whether it was changed after the first
    /// `records`. `None` where they aren't.
    pub fn secret_since(&self, property: &str, records: usize) -> Option<bool> {
        let known = self.0.get(property).filter(|known| known.is_secret())?;
        Some(known.changes.iter().any(|(record, _)| *record >= records))
    }

    /// What differs between two moments, each given as how many records lie before it, and what doesn't.
    pub fn between(&self, earlier: usize, later: usize) -> (Vec<Change>, Vec<(String, Value)>) {
        let (mut changes, mut same) = (Vec::new(), Vec::new());
        for (property, known) in &self.0 {
            let touched = known
                .changes
                .iter()
                .any(|(record, _)| (earlier.min(later)..earlier.max(later)).contains(record));
            let (before, after) = (known.at(earlier), known.at(later));
            if known.is_secret() {
                // Which values it had is not known, only whether it was changed in between.
                if touched {
                    changes.push(Change::secret(property));
                }
            } else if before == after {
                same.push((property.clone(), after.clone()));
            } else {
                changes.push(Change::new(property, before.clone(), after.clone()));
            }
        }
        (changes, same)
    }
}

/// A moment, as a person reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    pub point: Point,
    pub at: LocalTime,
    /// The sentence of the record, where the moment is one.
    pub summary: Option<String>,
}

/// A thing at two moments. `changes` are from the first to the second, also where the first is the later one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub thing: Target,
    pub a: Moment,
    pub b: Moment,
    pub changes: Vec<Change>,
    /// Properties that are the same at both, with their value.
    pub same: Vec<(String, Value)>,
    /// All records of the thing, newest first, to choose other moments from.
    pub history: Vec<EventRow>,
    /// Older records exist than were read.
    pub more: bool,
    /// IANA name of the zone the times are in.
    pub zone: String,
}

/// How many of a history's records lie at or before a moment. The records are in order.
pub fn records_until(events: &[Event], position: (Timestamp, i64)) -> usize {
    events.partition_point(|event| (event.body.occurred_at, event.sequence) <= position)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Actor, ActorKind, EventBody};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn event(number: usize, changes: Vec<Change>) -> Event {
        let at = Timestamp::MIN.plus_seconds(i64::try_from(number).unwrap());
        let mut body = EventBody::new("role.updated", Actor::new(ActorKind::System), at);
        body.changes = changes;
        Event {
            id: EventId(Uuid::from_u128(number as u128)),
            sequence: i64::try_from(number).unwrap(),
            recorded_at: at,
            body,
        }
    }

    proptest! {
        /// Any run of changes of three properties: what is rebuilt at each moment is what was there.
        #[test]
        fn what_was_is_rebuilt(steps in prop::collection::vec((0_usize..3, 0_i64..4), 0..30)) {
            let mut state = [0_i64; 3];
            let mut states = vec![state];
            let mut events = Vec::new();
            for (number, (property, value)) in steps.iter().enumerate() {
                let before = state[*property];
                state[*property] = *value;
                let changed = (before != *value).then(|| Change::new(format!("p{property}"), before, *value));
                events.push(event(number, changed.into_iter().collect()));
                states.push(state);
            }
            let history = History::of(&events);
            for (earlier, one) in states.iter().enumerate() {
                for (later, other) in states.iter().enumerate() {
                    let (changes, same) = history.between(earlier, later);
                    for (at, (before, after)) in one.iter().zip(other).enumerate() {
                        let name = format!("p{at}");
                        let change = changes.iter().find(|change| change.property == name);
                        if before == after {
                            prop_assert_eq!(change, None);
                            let known = same.iter().find(|(property, _)| *property == name);
                            prop_assert!(known.is_none_or(|(_, value)| value.as_i64() == Some(*after)));
                        } else {
                            prop_assert_eq!(change, Some(&Change::new(name, *before, *after)));
                        }
                    }
                }
            }
        }

        #[test]
        fn a_point_survives_its_text(id in any::<u128>()) {
            for point in [Point::Now, Point::Record(EventId(Uuid::from_u128(id))), Point::At("-7d".parse().unwrap())] {
                prop_assert_eq!(point.to_string().parse::<Point>(), Ok(point));
            }
        }
    }

    #[test]
    fn of_a_secret_only_that_it_changed_is_told() {
        let events = [
            event(0, vec![Change::secret("token")]),
            event(1, vec![Change::secret("token")]),
        ];
        let history = History::of(&events);
        assert_eq!(history.between(1, 2), (vec![Change::secret("token")], vec![]));
        assert_eq!(history.between(2, 2), (vec![], vec![]));
    }
}
