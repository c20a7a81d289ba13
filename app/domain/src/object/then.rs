//! A thing as it was at a moment, rebuilt from its records (R18).

use super::{
    Names, Object, ObjectKind, ObjectStatus, STATUS, Values,
    custom::{self, CUSTOM},
};
use crate::{
    compare::{History, Moment},
    event::Event,
    id::ObjectId,
    page::EventRow,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a thing was at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateThen {
    pub status: ObjectStatus,
    pub values: Values,
    /// Of everything the values refer to, as it was called then.
    pub names: Names,
}

/// A thing then and now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectThen {
    pub kind: ObjectKind,
    pub id: ObjectId,
    /// What it is called, or was last.
    pub name: String,
    pub moment: Moment,
    /// `None` where it wasn't there: not made yet, or deleted.
    pub then: Option<StateThen>,
    /// `None` where it is deleted.
    pub now: Option<Object>,
    /// What it was at the end, where it is deleted.
    pub last: Option<StateThen>,
    /// Its records, newest first, to choose other moments from.
    pub history: Vec<EventRow>,
    /// There are older records than those listed.
    pub more: bool,
    /// IANA name of the zone the times are in.
    pub zone: String,
}

impl StateThen {
    /// What the first `records` of a thing's records make it, oldest first; `None` where it wasn't there. What was before
    /// a record that isn't kept any more is what the next one says was before it.
    pub fn after(kind: ObjectKind, events: &[Event], records: usize) -> Option<Self> {
        let (until, since) = events.split_at_checked(records)?;
        let is = |verb: &str| {
            let name = format!("{kind}.{verb}");
            move |event: &Event| event.body.event_type == name
        };
        if until.iter().any(is("deleted")) || since.iter().any(is("created")) || events.is_empty() {
            return None;
        }
        let changes =
            |event: &Event| -> Vec<_> { event.body.changes.iter().flat_map(custom::apart).collect() };
        let known = History::of_changes(events.iter().map(changes));
        let status = known
            .at(STATUS, records)
            .as_str()
            .and_then(ObjectStatus::from_name);
        let mut then = Self {
            status: status.unwrap_or(ObjectStatus::Active),
            values: Values::new(),
            names: Names::new(),
        };
        for property in kind.spec().properties {
            let value = known.at(property.name, records);
            named(value, &mut then.names);
            let value = by_id(value.clone());
            if !value.is_null() {
                then.values.insert(property.name.to_owned(), value);
            }
        }
        let custom = known.properties().filter_map(|property| {
            let value = known.at(property, records);
            let name = custom::told_of(property).filter(|_| !value.is_null())?;
            Some((name.to_owned(), value.clone()))
        });
        let custom: Map<_, _> = custom.collect();
        if !custom.is_empty() {
            then.values.insert(CUSTOM.to_owned(), custom.into());
        }
        Some(then)
    }
}

/// The name and id of a reference, as records have it.
fn reference(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 2)?;
    Some((map.get("id")?.as_str()?, map.get("name")?))
}

/// A value of a record without the names that what it refers to had then.
pub fn by_id(value: Value) -> Value {
    if let Some((id, _)) = reference(&value) {
        return id.into();
    }
    match value {
        Value::Array(members) => members.into_iter().map(by_id).collect(),
        other => other,
    }
}

fn named(value: &Value, names: &mut Names) {
    let members = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    for (id, name) in members.iter().filter_map(reference) {
        if let (Ok(id), Some(name)) = (id.parse(), name.as_str()) {
            names.insert(id, name.to_owned());
        }
    }
}
