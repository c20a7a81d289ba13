//! Where what is stored differs from what the log says it is (R51): a change that went around the application.
//!
//! The log is read once, from its beginning, and each thing's changes are played one after the other. What is then said of
//! it must be what is stored. What can't be known isn't compared: what records that were removed when their time was over
//! may have said, and what things were that are older than the log. How the things of a family are told of and stored is
//! the family's to say ([`family`]); each lives where its tables do.
//!
//! Nobody waits for that: the log is read while it grows, and only its end and the things are read in one transaction,
//! as of one moment.

mod checks;
pub(crate) mod family;
mod gaps;
mod said;
#[cfg(test)]
mod tests;

pub(crate) use said::Sayings;

use crate::{
    Error, Result, accounts, db::Db, email, monitoring, objects, record::OWN_SOURCE, reports, retention,
    settings, store, views, writer::Writer,
};
use checks::Checks;
use daybook_domain::{
    about::About,
    drift::{Difference, Drift, DriftReport},
    event::Event,
    id::WorkspaceId,
    object::by_id,
    time::{Clock, Timestamp},
};
use daybook_entity::event::{self, Column as E};
use family::{Family, Life, Moment, Stored, Visitor};
use gaps::Gaps;
use said::Said;
use sea_orm::{
    AccessMode, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IsolationLevel,
    QueryFilter, QueryOrder, QuerySelect, TransactionTrait,
};
use serde_json::{Map, Value};
use std::{fmt, sync::Arc};

/// Records read together.
const TOGETHER: u64 = 1000;

/// Everything whose changes are recorded by comparing it.
static FAMILIES: &[&dyn Family] = &[
    &accounts::Settings,
    &accounts::People,
    &accounts::Keys,
    &accounts::Providers,
    &settings::Tabs,
    &retention::Keeping,
    &views::Kept,
    &reports::Schedules,
    &email::Mail,
    &monitoring::Watching,
    &objects::Things,
];

/// The check. Cheap to clone.
#[derive(Clone)]
pub struct CheckDrift {
    db: Db,
    writer: Writer,
    clock: Arc<dyn Clock>,
    checks: Checks,
}

impl fmt::Debug for CheckDrift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckDrift")
    }
}

impl CheckDrift {
    pub fn new(db: Db, writer: Writer, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            writer,
            clock,
            checks: Checks::default(),
        }
    }

    /// Plays the log of each thing and compares. `progress` is told how many records are read.
    ///
    /// # Errors
    /// Where the database fails or a record can't be read.
    pub async fn check(&self, workspace: WorkspaceId, progress: impl Fn(u64) + Send) -> Result<DriftReport> {
        let mut played = Played::new();
        played.on(&self.db.read, workspace, &progress).await?;
        let db = as_of_one_moment(&self.db).await?;
        played.on(&db, workspace, &progress).await?;
        let now = self.clock.now();
        for family in FAMILIES {
            family.by_now(&mut played.said, now);
        }
        let mut comparing = Comparing {
            gaps: Gaps::of(&db, workspace, now).await?,
            report: DriftReport {
                records: played.records,
                ..DriftReport::default()
            },
            played,
        };
        let moment = Moment {
            db: &db,
            workspace,
            now,
        };
        for family in FAMILIES {
            family.visit(&moment, &mut comparing).await?;
        }
        db.rollback().await?;
        Ok(comparing.end())
    }
}

/// How the life of a thing is told, and the thing as it is stored; for a thing of one of the smaller families.
pub(crate) async fn look_up(
    db: &Db,
    workspace: WorkspaceId,
    now: Timestamp,
    about: &About,
) -> Result<(Life, Option<Stored>)> {
    let lives = FAMILIES.iter().map(|family| (family, family.lives()));
    let found = lives.flat_map(|(family, lives)| lives.into_iter().map(move |life| (family, life)));
    let mut of_kind = found.filter(|(_, life)| life.kind == about.kind);
    let (family, life) = of_kind
        .next()
        .ok_or_else(|| Error::damaged(format!("a thing of kind “{}”", about.kind)))?;
    let db = as_of_one_moment(db).await?;
    let moment = Moment {
        db: &db,
        workspace,
        now,
    };
    let mut only = Only { about, found: None };
    family.visit(&moment, &mut only).await?;
    db.rollback().await?;
    Ok((life, only.found))
}

struct Only<'a> {
    about: &'a About,
    found: Option<Stored>,
}

impl Visitor for Only<'_> {
    fn thing(&mut self, stored: Stored) -> Result<()> {
        if stored.thing == *self.about {
            self.found = Some(stored);
        }
        Ok(())
    }

    fn amiss(&mut self, _drift: Drift) {}
}

/// A transaction that goes on seeing what it saw first.
async fn as_of_one_moment(db: &Db) -> Result<DatabaseTransaction> {
    let (isolation, access) = match db.read.get_database_backend() {
        // SQLite's transactions always see one moment.
        DbBackend::Postgres => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
        _ => (None, None),
    };
    Ok(db.read.begin_with_config(isolation, access).await?)
}

/// What the log says of each thing, as far as it is read.
struct Played {
    lives: Vec<Life>,
    said: Sayings,
    records: u64,
    last: i64,
}

impl Played {
    fn new() -> Self {
        Self {
            lives: FAMILIES.iter().flat_map(|family| family.lives()).collect(),
            said: Sayings::default(),
            records: 0,
            last: 0,
        }
    }

    /// Reads on to the log's end.
    async fn on(
        &mut self,
        db: &impl ConnectionTrait,
        workspace: WorkspaceId,
        progress: &(impl Fn(u64) + Send),
    ) -> Result<()> {
        loop {
            let some: Vec<(i64, String, String)> = event::Entity::find()
                .select_only()
                .columns([E::Sequence, E::Source, E::Record])
                .filter(E::WorkspaceId.eq(workspace.0))
                .filter(E::Sequence.gt(self.last))
                .order_by_asc(E::Sequence)
                .limit(TOGETHER)
                .into_tuple()
                .all(db)
                .await?;
            let Some((last, ..)) = some.last() else {
                return Ok(());
            };
            self.last = *last;
            self.records += some.len() as u64;
            progress(self.records);
            // Others may send what looks like ours.
            for (_, _, record) in some.into_iter().filter(|(_, source, _)| source == OWN_SOURCE) {
                self.hear(store::parse(&record)?);
            }
        }
    }

    fn hear(&mut self, event: Event) {
        for family in FAMILIES {
            family.overhear(&event, &mut self.said);
        }
        let Some((target, id)) = event
            .body
            .target()
            .and_then(|target| Some((target, target.id.clone()?)))
        else {
            return;
        };
        let life = self.lives.iter().find(|life| life.kind == target.kind);
        if let Some(life) = life {
            self.said.entry(life.kind, &id).hear(life, event);
        }
    }
}

/// How much of a thing the log is sure to know.
#[derive(PartialEq, Eq)]
enum Known {
    Wholly,
    Partly,
}

struct Comparing {
    played: Played,
    gaps: Gaps,
    report: DriftReport,
}

impl Visitor for Comparing {
    fn thing(&mut self, stored: Stored) -> Result<()> {
        self.report.things += 1;
        let known = self.compare(stored)?;
        self.report.partly += u64::from(known == Known::Partly);
        Ok(())
    }

    fn amiss(&mut self, drift: Drift) {
        self.report.drifts.push(drift);
    }
}

impl Comparing {
    fn compare(&mut self, stored: Stored) -> Result<Known> {
        let Stored {
            thing,
            name,
            record,
            created_at,
            is_older,
            from,
            beside,
        } = stored;
        let log = self.life(&thing.kind)?.log;
        let drift = |difference| Drift {
            thing: thing.clone(),
            name: name.clone(),
            difference,
        };
        let beside = beside.into_iter();
        let beside = beside.map(|(what, stored, due)| drift(Difference::Beside { what, stored, due }));
        self.report.drifts.extend(beside);
        let said = self.played.said.take(&thing.kind, &thing.id);
        let said = match said.filter(|said| !said.has_ended) {
            Some(said) => said,
            None if from.is_some() => Said::default(),
            // Nothing can be said against it where all that was said of it may have been removed.
            None if is_older || self.gaps.may_hide(log, 0, created_at) => return Ok(Known::Partly),
            None => {
                self.report.drifts.push(drift(Difference::NotLogged));
                return Ok(Known::Wholly);
            }
        };
        let is_whole = said.is_whole(&self.gaps);
        let from_is_known = !self.gaps.may_hide(log, 0, created_at);
        let known = if is_whole || (from.is_some() && from_is_known) {
            Known::Wholly
        } else {
            Known::Partly
        };
        let Some(mut stored) = record else {
            self.report.drifts.push(drift(Difference::Unreadable));
            return Ok(known);
        };
        let differs = |property: String, stored: Value, logged: Value| {
            drift(Difference::Property {
                property,
                stored,
                logged,
            })
        };
        for (property, logged) in said.properties {
            let stored = stored.remove(&property).map(by_id).unwrap_or_default();
            if !logged.is_hidden(&self.gaps) && stored != logged.value {
                self.report.drifts.push(differs(property, stored, logged.value));
            }
        }
        // What the log has never spoken of.
        let from: Map<String, Value> = from.unwrap_or_default();
        for (property, stored) in stored {
            let (logged, is_known) = match from.get(&property) {
                Some(first) => (first.clone(), from_is_known),
                None => (Value::Null, is_whole),
            };
            let stored = by_id(stored);
            if is_known && stored != logged {
                self.report.drifts.push(differs(property, stored, logged));
            }
        }
        Ok(known)
    }

    fn life(&self, kind: &str) -> Result<&Life> {
        let life = self.played.lives.iter().find(|life| life.kind == kind);
        life.ok_or_else(|| Error::damaged(format!("a thing of kind “{kind}”")))
    }

    fn end(self) -> DriftReport {
        let Self {
            played,
            gaps,
            mut report,
            ..
        } = self;
        let missing = played.said.rest().filter(|(_, _, said)| !said.is_over(&gaps));
        report.drifts.extend(missing.map(|(kind, id, said)| Drift {
            thing: About::new(kind, id),
            name: said.name,
            difference: Difference::NotStored,
        }));
        let place = |kind: &str| played.lives.iter().position(|life| life.kind == kind);
        report
            .drifts
            .sort_by_cached_key(|drift| (place(&drift.thing.kind), drift.thing.id.clone()));
        report
    }
}
