//! Where a stored thing differs from what the log says it is (R51): a change that went around the application.
//!
//! The log is read once, from its beginning, and each thing's changes are played one after the other. What is then said of
//! it must be what is stored. What records that were removed when their time was over may have said isn't compared.
//!
//! Nobody waits for that: the log is read while it grows, and only its end and the things are read in one transaction,
//! as of one moment.

mod checks;
mod gaps;
mod said;

pub(super) use checks::Checks;

use super::{Objects, records::ObjectRecord, rows};
use crate::{Error, Result, record::OWN_SOURCE};
use daybook_domain::{
    drift::{Difference, Drift, DriftReport},
    event::Event,
    id::{ObjectId, WorkspaceId},
    object::{Names, by_id, name_of},
};
use daybook_entity::{
    event::{self, Column as E},
    object::{self, Column as C},
};
use gaps::Gaps;
use said::{Said, thing_of};
use sea_orm::{
    AccessMode, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, IsolationLevel, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait,
};
use serde_json::Value;
use std::collections::HashMap;

/// Rows read together.
const TOGETHER: u64 = 1000;

/// What the log says of each thing, as far as it is read.
#[derive(Debug, Default)]
struct Played {
    said: HashMap<ObjectId, Said>,
    records: u64,
    last: i64,
}

impl Objects {
    /// Plays the log of each thing and compares. `progress` is told how many records are read.
    ///
    /// # Errors
    /// Where the database fails or a record can't be read.
    pub async fn check_drift(
        &self,
        workspace: WorkspaceId,
        progress: impl Fn(u64) + Send,
    ) -> Result<DriftReport> {
        let mut played = Played::default();
        play(&self.db.read, workspace, &mut played, &progress).await?;
        let (isolation, access) = match self.db.read.get_database_backend() {
            // SQLite's transactions always see one moment.
            DbBackend::Postgres => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
            _ => (None, None),
        };
        let moment = self.db.read.begin_with_config(isolation, access).await?;
        play(&moment, workspace, &mut played, &progress).await?;
        let gaps = Gaps::of(&moment, workspace, self.clock.now()).await?;
        let report = compare_all(&moment, workspace, played, &gaps).await?;
        moment.rollback().await?;
        Ok(report)
    }
}

/// Reads on to the log's end.
async fn play(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    played: &mut Played,
    progress: &(impl Fn(u64) + Send),
) -> Result<()> {
    loop {
        let some: Vec<(i64, String, String)> = event::Entity::find()
            .select_only()
            .columns([E::Sequence, E::Source, E::Record])
            .filter(E::WorkspaceId.eq(workspace.0))
            .filter(E::Sequence.gt(played.last))
            .order_by_asc(E::Sequence)
            .limit(TOGETHER)
            .into_tuple()
            .all(db)
            .await?;
        let Some((last, ..)) = some.last() else {
            return Ok(());
        };
        played.last = *last;
        played.records += some.len() as u64;
        progress(played.records);
        // Others may send what looks like ours.
        for (_, _, record) in some.into_iter().filter(|(_, source, _)| source == OWN_SOURCE) {
            let event: Event = serde_json::from_str(&record).map_err(Error::damaged)?;
            if let Some((kind, id)) = thing_of(&event) {
                played
                    .said
                    .entry(id)
                    .or_insert_with(|| Said::new(kind))
                    .hear(event);
            }
        }
    }
}

async fn compare_all(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    played: Played,
    gaps: &Gaps,
) -> Result<DriftReport> {
    let mut report = DriftReport {
        records: played.records,
        ..DriftReport::default()
    };
    let mut said = played.said;
    let mut after = None;
    loop {
        let mut some = object::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .order_by_asc(C::Id)
            .limit(TOGETHER);
        if let Some(after) = after {
            some = some.filter(C::Id.gt(after));
        }
        let some = some.all(db).await?;
        let Some(last) = some.last() else { break };
        after = Some(last.id);
        for row in some {
            report.things += 1;
            let said = said.remove(&ObjectId(row.id));
            report.partly += u64::from(compare(&row, said, gaps, &mut report.drifts)? == Known::Partly);
        }
    }
    let missing = said.into_iter().filter(|(_, said)| !said.is_over(gaps));
    report.drifts.extend(missing.map(|(id, said)| Drift {
        kind: said.kind,
        id,
        name: said.name,
        difference: Difference::NotStored,
    }));
    report.drifts.sort_by_key(|drift| (drift.kind, drift.id));
    Ok(report)
}

/// How much of a thing the log is sure to know.
#[derive(PartialEq, Eq)]
enum Known {
    Wholly,
    Partly,
}

fn compare(row: &object::Model, said: Option<Said>, gaps: &Gaps, drifts: &mut Vec<Drift>) -> Result<Known> {
    let (kind, id, values) = (rows::kind(row)?, ObjectId(row.id), rows::values(row)?);
    let drift = |difference| Drift {
        kind,
        id,
        name: name_of(&values).to_owned(),
        difference,
    };
    let Some(said) = said.filter(|said| !said.is_deleted) else {
        // Nothing can be said against it where all that was said of it may have been removed.
        if gaps.may_hide(kind.spec().log, 0, row.created_at) {
            return Ok(Known::Partly);
        }
        drifts.push(drift(Difference::NotLogged));
        return Ok(Known::Wholly);
    };
    let is_whole = said.is_whole(gaps);
    let record = ObjectRecord::new(kind, id, rows::status(row)?, &values, &Names::new());
    let stored = serde_json::to_value(&record).map_err(Error::damaged)?;
    let Value::Object(mut stored) = stored else {
        return Err(Error::damaged("a record that is no object"));
    };
    for (property, logged) in said.properties {
        let stored = stored.remove(&property).map(by_id).unwrap_or_default();
        if !logged.is_hidden(gaps) && stored != logged.value {
            drifts.push(drift(Difference::Property {
                property,
                stored,
                logged: logged.value,
            }));
        }
    }
    // What the log has never spoken of.
    let unspoken = stored.into_iter().filter(|_| is_whole).map(|(property, stored)| {
        drift(Difference::Property {
            property,
            stored: by_id(stored),
            logged: Value::Null,
        })
    });
    drifts.extend(unspoken);
    Ok(if is_whole { Known::Wholly } else { Known::Partly })
}
