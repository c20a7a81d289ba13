//! A thing as it was: rebuilt from its records, and what of it is wanted back.

use super::{Objects, records::Telling, rows, save::State};
use crate::{
    Error, Result,
    local_time::Reader,
    record::{OWN_SOURCE, within_a_sentence},
    store::moment,
};
use daybook_domain::{
    Error as Told,
    about::About,
    compare::{Moment, Point},
    event::Event,
    id::{ObjectId, WorkspaceId},
    object::{KindGranted, ObjectKind, ObjectThen, Right, STATUS, StateThen},
    page::EventRow,
    permission::ViewAuditLogs,
    viewer::Granted,
};
use daybook_entity::object;
use sea_orm::ConnectionTrait;

/// Records of a thing that are read; what it was before the oldest of them isn't told apart.
const READ: usize = 20_000;
/// Records offered to choose a moment from.
const OFFERED: usize = 200;

/// Values of a moment that a thing is to have again.
#[derive(Debug)]
pub(super) struct Restore {
    pub id: ObjectId,
    /// The version that whoever wants them back has seen.
    pub seen: i32,
    pub then: StateThen,
    pub moment: Moment,
    /// Which of them; `status` is one.
    pub properties: Vec<String>,
}

/// What the log says of a thing.
struct Past {
    /// Oldest first.
    events: Vec<Event>,
    more: bool,
    moment: Moment,
    then: Option<StateThen>,
}

impl Objects {
    async fn past(
        &self,
        who: &Granted<ViewAuditLogs>,
        kind: ObjectKind,
        reader: &Reader,
        id: ObjectId,
        point: Point,
    ) -> Result<Past> {
        let about = About::new(kind.name(), id);
        let (mut events, more) = self.logs.history(who, reader, &about, READ).await?;
        // Others may send what looks like ours.
        events.retain(|event| event.body.source == OWN_SOURCE);
        let (moment, records) = moment(point, &events, reader)?;
        Ok(Past {
            then: StateThen::after(kind, &events, records),
            events,
            more,
            moment,
        })
    }

    pub(super) async fn then<R: Right>(
        &self,
        who: &KindGranted<R>,
        reads: &Granted<ViewAuditLogs>,
        id: ObjectId,
        point: Point,
    ) -> Result<ObjectThen> {
        let (kind, reader) = (who.kind(), self.reader(who.viewer()));
        let past = self.past(reads, kind, &reader, id, point).await?;
        let now = match self.shown(who, id).await {
            Ok(now) => Some(now),
            Err(Error::Domain(Told::NotFound)) if !past.events.is_empty() => None,
            Err(error) => return Err(error),
        };
        let target = past.events.last().and_then(|event| event.body.target());
        let name = now.as_ref().map_or_else(
            || target.map(|target| target.label().to_owned()),
            |now| Some(now.name().to_owned()),
        );
        // Its end may be told in several records.
        let deleted = format!("{kind}.deleted");
        let end = past
            .events
            .iter()
            .position(|event| event.body.event_type == deleted);
        let before_the_end = end.unwrap_or(past.events.len().saturating_sub(1));
        let last = match now {
            Some(_) => None,
            None => StateThen::after(kind, &past.events, before_the_end),
        };
        let row = |event: &Event| EventRow::new(event, reader.local(event.body.occurred_at));
        Ok(ObjectThen {
            kind,
            id,
            name: name.unwrap_or_default(),
            last,
            moment: past.moment,
            then: past.then,
            now,
            history: past.events.iter().rev().take(OFFERED).map(row).collect(),
            more: past.more || past.events.len() > OFFERED,
            zone: reader.zone_name().to_owned(),
        })
    }

    /// What is wanted back. `NotFound` where the thing wasn't there then.
    pub(super) async fn wanted_back<R: Right>(
        &self,
        who: &KindGranted<R>,
        reads: &Granted<ViewAuditLogs>,
        id: ObjectId,
        (seen, point): (i32, Point),
        properties: &[String],
    ) -> Result<Restore> {
        let reader = self.reader(who.viewer());
        let past = self.past(reads, who.kind(), &reader, id, point).await?;
        Ok(Restore {
            id,
            seen,
            then: past.then.ok_or(Told::NotFound)?,
            moment: past.moment,
            properties: properties.to_vec(),
        })
    }
}

impl Restore {
    /// What the thing is to be.
    pub(super) async fn state(&self, db: &impl ConnectionTrait, row: &object::Model) -> Result<State> {
        if row.version != self.seen {
            let reason = format!(
                "“{}” was changed meanwhile. Look at what it is now, and restore again.",
                row.name
            );
            return Err(Told::conflict(reason).into());
        }
        let (kind, mut state) = (rows::kind(row)?, State::of(row)?);
        for name in &self.properties {
            if name == STATUS {
                state.status = self.then.status;
                continue;
            }
            let invalid = |reason: String| Told::invalid(name.as_str(), reason);
            let property = kind.spec().property(name);
            let property = property.ok_or_else(|| invalid("There is no such property.".to_owned()))?;
            let value = self.then.values.get(property.name);
            let there = rows::names(db, WorkspaceId(row.workspace_id), property.references(value)).await?;
            let mut referred = property.references(value).into_iter();
            if let Some(gone) = referred.find(|id| !there.contains_key(id)) {
                let name = self
                    .then
                    .names
                    .get(&gone)
                    .map_or("What it refers to", String::as_str);
                return Err(invalid(format!("“{name}” is deleted, so this can't be restored.")).into());
            }
            let checked = property.check(value.unwrap_or(&serde_json::Value::Null));
            match checked.map_err(invalid)? {
                Some(value) => state.values.insert(name.clone(), value),
                None => state.values.remove(name),
            };
        }
        Ok(state)
    }

    /// What its record says.
    pub(super) fn telling(&self, row: &object::Model) -> Telling {
        let section = ObjectKind::from_name(&row.kind).map_or("thing", ObjectKind::title);
        let what = match &self.properties[..] {
            [only] => only.replace('_', " "),
            more => format!("{} properties", more.len()),
        };
        let at = &self.moment.at.utc;
        Telling::saying(format!(
            "Restored {what} of {} “{}” as of {at}",
            within_a_sentence(section),
            row.name
        ))
    }
}
