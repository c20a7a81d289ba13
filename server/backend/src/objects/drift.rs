//! Where a stored thing differs from what the log says it is (R51): a change that went around the application.
//!
//! The log is read once, from its beginning, and each thing's changes are played one after the other. What is then said of
//! it must be what is stored. Of a thing whose first records were removed when their time was over, only what the rest say
//! can be compared.

use super::{Objects, records::ObjectRecord, rows};
use crate::{Error, Result, record::OWN_SOURCE};
use daybook_domain::{
    event::Event,
    id::{ObjectId, WorkspaceId},
    object::{Names, ObjectKind, by_id, name_of},
};
use daybook_entity::{
    event::{self, Column as E},
    event_head,
    object::{self, Column as C},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Rows read together.
const TOGETHER: u64 = 1000;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    pub kind: ObjectKind,
    pub id: ObjectId,
    /// As it is stored; where it isn't, as it was called last.
    pub name: String,
    pub difference: Difference,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The log says that it is there.
    NotStored,
    /// The log doesn't know of it, or says that it was deleted.
    NotLogged,
    /// Another value than the log says. What refers to other things is compared by their ids.
    Property {
        property: String,
        stored: Value,
        logged: Value,
    },
}

/// What was found, and over how much.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DriftReport {
    pub records: u64,
    pub things: u64,
    /// Things of which the log doesn't know all: their records, or the first of them, were removed.
    pub partly: u64,
    pub drifts: Vec<Drift>,
}

/// What the log says of a thing.
#[derive(Debug, Default)]
struct Said {
    kind: Option<ObjectKind>,
    name: String,
    /// Whether it is known from its beginning.
    whole: bool,
    deleted: bool,
    /// Properties that have ever changed; `null` for those without a value.
    properties: Map<String, Value>,
}

impl Said {
    fn hear(&mut self, kind: ObjectKind, event: Event) {
        let first = self.kind.replace(kind).is_none();
        self.whole |= first && event.body.event_type == format!("{kind}.created");
        if let Some(target) = event.body.target() {
            target.label().clone_into(&mut self.name);
        }
        self.deleted = event.body.event_type == format!("{kind}.deleted");
        for change in event.body.changes.into_iter().filter(|change| !change.secret) {
            self.properties.insert(change.property, by_id(change.after));
        }
    }
}

impl Objects {
    /// Plays the log of each thing and compares.
    ///
    /// # Errors
    /// Where the database fails or a record can't be read.
    pub async fn check_drift(&self, workspace: WorkspaceId) -> Result<DriftReport> {
        let mut report = DriftReport::default();
        let mut said = self.all_that_is_said(workspace, &mut report).await?;
        let head = event_head::Entity::find_by_id(workspace.0)
            .one(&self.db.read)
            .await?;
        let removed = head.is_some_and(|head| head.removals > 0);
        let mut after = None;
        loop {
            let mut some = object::Entity::find()
                .filter(C::WorkspaceId.eq(workspace.0))
                .order_by_asc(C::Id)
                .limit(TOGETHER);
            if let Some(after) = after {
                some = some.filter(C::Id.gt(after));
            }
            let some = some.all(&self.db.read).await?;
            let Some(last) = some.last() else { break };
            after = Some(last.id);
            for row in some {
                report.things += 1;
                let played = said.remove(&ObjectId(row.id)).filter(|said| !said.deleted);
                if removed && played.as_ref().is_none_or(|said| !said.whole) {
                    report.partly += 1;
                }
                // Nothing can be said against it where all that was said of it may have been removed.
                if played.is_some() || !removed {
                    compare(&row, played, &mut report.drifts)?;
                }
            }
        }
        let missing = said.into_iter().filter(|(_, said)| !said.deleted);
        report.drifts.extend(missing.filter_map(|(id, said)| {
            Some(Drift {
                kind: said.kind?,
                id,
                name: said.name,
                difference: Difference::NotStored,
            })
        }));
        report.drifts.sort_by_key(|drift| (drift.kind, drift.id));
        Ok(report)
    }

    async fn all_that_is_said(
        &self,
        workspace: WorkspaceId,
        report: &mut DriftReport,
    ) -> Result<HashMap<ObjectId, Said>> {
        let mut said: HashMap<ObjectId, Said> = HashMap::new();
        let mut after = 0;
        loop {
            let some: Vec<(i64, String, String)> = event::Entity::find()
                .select_only()
                .columns([E::Sequence, E::Source, E::Record])
                .filter(E::WorkspaceId.eq(workspace.0))
                .filter(E::Sequence.gt(after))
                .order_by_asc(E::Sequence)
                .limit(TOGETHER)
                .into_tuple()
                .all(&self.db.read)
                .await?;
            let Some((last, ..)) = some.last() else { break };
            after = *last;
            report.records += some.len() as u64;
            // Others may send what looks like ours.
            for (_, _, record) in some.into_iter().filter(|(_, source, _)| source == OWN_SOURCE) {
                let event: Event = serde_json::from_str(&record).map_err(Error::damaged)?;
                let thing = event.body.target().and_then(|target| {
                    let kind = ObjectKind::from_name(&target.kind)?;
                    Some((kind, target.id.as_ref()?.parse::<ObjectId>().ok()?))
                });
                if let Some((kind, id)) = thing {
                    said.entry(id).or_default().hear(kind, event);
                }
            }
        }
        Ok(said)
    }
}

fn compare(row: &object::Model, said: Option<Said>, drifts: &mut Vec<Drift>) -> Result<()> {
    let (kind, id, values) = (rows::kind(row)?, ObjectId(row.id), rows::values(row)?);
    let drift = |difference| Drift {
        kind,
        id,
        name: name_of(&values).to_owned(),
        difference,
    };
    let Some(mut said) = said else {
        drifts.push(drift(Difference::NotLogged));
        return Ok(());
    };
    let record = ObjectRecord::new(kind, id, rows::status(row)?, &values, &Names::new());
    let stored = serde_json::to_value(&record).map_err(Error::damaged)?;
    let Value::Object(stored) = stored else {
        return Err(Error::damaged("a record that is no object"));
    };
    for (property, stored) in stored {
        let (stored, logged) = (by_id(stored), said.properties.remove(&property));
        let is_known = said.whole || logged.is_some();
        let logged = logged.unwrap_or_default();
        if is_known && stored != logged {
            drifts.push(drift(Difference::Property {
                property,
                stored,
                logged,
            }));
        }
    }
    for (property, logged) in said
        .properties
        .into_iter()
        .filter(|(_, logged)| !logged.is_null())
    {
        let stored = Value::Null;
        drifts.push(drift(Difference::Property {
            property,
            stored,
            logged,
        }));
    }
    Ok(())
}
