//! For how long records are kept: what administrators say of it ([`policies`], [`holds`]), when records are removed
//! ([`runs`]) and how ([`purge`]).

mod holds;
mod policies;
mod purge;
mod records;
mod runs;
mod stored;
#[cfg(test)]
mod tests;

pub(crate) use policies::due_before;
pub(crate) use stored::Keeping;

use crate::{
    Error, Result,
    accounts::Accounts,
    db::Db,
    index::EventIndex,
    local_time::Reader,
    record::{own_event, seen},
    store::{EventStore, Rules},
    writer::Writer,
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    catalogue::OwnType,
    facet::Count,
    id::{HoldId, WorkspaceId},
    log::LogKind,
    permission::{ManageSettings, ViewAuditLogs},
    ports::Retentions,
    retention::{Hold, HoldForm, LastPurge, LogRetention, Purge, Retention, SetRetention},
    seen::Tag,
    time::Clock,
    viewer::{Granted, Viewer},
};
use daybook_entity::retention_run;
use std::{fmt, sync::Arc, time::Duration};
use tokio::sync::Notify;

/// How often it is looked whether something is due.
const PAUSE: Duration = Duration::from_mins(1);
/// The name under which records are removed.
const NAME: &str = "Retention";

/// The retention of the installation. Cheap to clone.
#[derive(Clone)]
pub struct RecordRetention {
    db: Db,
    writer: Writer,
    index: EventIndex,
    events: EventStore,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    /// Somebody doesn't want to wait.
    hurry: Arc<Notify>,
}

impl fmt::Debug for RecordRetention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordRetention")
    }
}

impl RecordRetention {
    pub fn new(
        db: Db,
        writer: Writer,
        index: EventIndex,
        events: EventStore,
        accounts: Accounts,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            db,
            writer,
            index,
            events,
            accounts,
            clock,
            hurry: Arc::default(),
        }
    }

    /// Removes what is due in the background until the writer is gone.
    pub fn start(&self) {
        let retention = self.clone();
        tokio::spawn(async move {
            loop {
                match retention.purge_if_due().await {
                    Err(Error::Stopping) => return,
                    Err(error) => {
                        tracing::warn!(error = %crate::error::chain(&error), "records past their retention were not removed");
                    }
                    Ok(0) => {}
                    Ok(removed) => tracing::info!(removed, "records past their retention were removed"),
                }
                let _ = tokio::time::timeout(PAUSE, retention.hurry.notified()).await;
            }
        });
    }

    fn reader(&self, who: &Viewer) -> Reader {
        Reader::viewer(who, self.clock.now())
    }

    /// In UTC, as of now.
    fn own_reader(&self) -> Reader {
        Reader::of("UTC", self.clock.now())
    }

    async fn state(&self, who: &Viewer) -> Result<Retention> {
        let (workspace, reader) = (who.workspace(), self.reader(who));
        let policies = policies::all(&self.db.read, workspace).await?;
        let mut logs = Vec::new();
        let mut totals = self.events.totals(workspace).await?;
        // A log may have a policy before it has records.
        for policy in &policies {
            let log = LogKind::from_name(&policy.log);
            let missing = log.filter(|log| totals.iter().all(|(other, _)| other != log));
            totals.extend(missing.map(|log| (log, 0)));
        }
        totals.sort_by_key(|(log, _)| *log as usize);
        for (log, records) in totals {
            let policy = policies.iter().find(|policy| policy.log == log.name());
            let seen = seen(&records::RetentionRecord::new(log, policy, reader.now()))?;
            if records == 0 && policy.is_none() {
                continue;
            }
            let now = reader.now().micros();
            let oldest = self.events.oldest(workspace, log, &reader).await?;
            logs.push(LogRetention {
                seen,
                log,
                records,
                oldest: oldest.map(|at| reader.local(at)),
                days: policy.and_then(|policy| policies::days_at(policy, now)),
                next: policy
                    .filter(|policy| policy.effective_at > now)
                    .map(|policy| {
                        Ok::<_, Error>((policies::number(policy.days), reader.stored(policy.effective_at)?))
                    })
                    .transpose()?,
            });
        }
        let mut shown = Vec::new();
        for row in holds::all(&self.db.read, workspace).await? {
            shown.push(self.shown(workspace, &row, &reader).await?);
        }
        let run = runs::find(&self.db.read, workspace).await?;
        let keeps_all = policies
            .iter()
            .all(|policy| policy.days.is_none() && policy.days_before.is_none());
        Ok(Retention {
            logs,
            holds: shown,
            purge: Purge {
                next: run
                    .as_ref()
                    .filter(|_| !keeps_all)
                    .map(|run| reader.stored(run.due_at))
                    .transpose()?,
                last: run.and_then(|run| last(&run, &reader).transpose()).transpose()?,
            },
        })
    }

    /// A hold as the pages show it.
    async fn shown(
        &self,
        workspace: WorkspaceId,
        row: &daybook_entity::legal_hold::Model,
        reader: &Reader,
    ) -> Result<Hold> {
        let (log, query) = (holds::log_of(row)?, holds::query_of(row));
        let records = match &query {
            Some(query) => self.events.count(workspace, log, query, reader).await?,
            None => Count::AtMost(0),
        };
        Ok(Hold {
            id: HoldId(row.id),
            name: row.name.clone(),
            reason: row.reason.clone(),
            log,
            query,
            records,
            placed: reader.stored(row.placed_at)?,
            placed_by: row.placed_by.clone(),
        })
    }

    /// How many of today's records a log's retention would remove.
    async fn due_of(&self, workspace: WorkspaceId, log: LogKind, days: u32) -> Result<Count> {
        let reader = self.own_reader();
        let held = holds::all(&self.db.read, workspace).await?;
        let rules = Rules {
            cutoffs: vec![(log, policies::cutoff(reader.now(), days))],
            holds: holds::lists(&held)?,
        };
        let due = self.events.due(workspace, &rules, &reader).await?;
        Ok(if held.is_empty() {
            Count::Exactly(due.sequences.len())
        } else {
            Count::AtLeast(due.sequences.len())
        })
    }
}

fn last(run: &retention_run::Model, reader: &Reader) -> Result<Option<LastPurge>> {
    let Some(started) = run.started_at else {
        return Ok(None);
    };
    Ok(Some(LastPurge {
        started: reader.stored(started)?,
        finished: run.finished_at.map(|at| reader.stored(at)).transpose()?,
        removed: run.removed.unsigned_abs(),
        planned: run.planned.unsigned_abs(),
        held: run.held.unsigned_abs(),
        problem: Some(run.problem.clone()).filter(|problem| !problem.is_empty()),
    }))
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl Retentions for RecordRetention {
    async fn retention(&self, who: &Granted<ManageSettings>) -> daybook_domain::Result<Retention> {
        self.state(who.viewer()).await.map_err(outside(who.viewer()))
    }

    async fn set_retention(
        &self,
        who: &Granted<ManageSettings>,
        log: LogKind,
        seen: &Tag,
        days: Option<u32>,
    ) -> daybook_domain::Result<SetRetention> {
        let seen = seen.clone();
        let viewer = who.viewer();
        let effective = self
            .accounts
            .change(viewer, "change a retention", move |tx, who| {
                Box::pin(async move { policies::set(tx, who, log, &seen, days).await })
            })
            .await?;
        let due = match days {
            Some(days) => Some(
                self.due_of(who.workspace(), log, days)
                    .await
                    .map_err(outside(viewer))?,
            ),
            None => None,
        };
        let from = self.reader(viewer).local(effective);
        Ok(SetRetention {
            log,
            days,
            due: due.filter(|due| due.number() > 0).map(|due| (due, from)),
        })
    }

    async fn purge_now(&self, who: &Granted<ManageSettings>) -> daybook_domain::Result<()> {
        self.accounts
            .change(who.viewer(), "remove records now", move |tx, who| {
                Box::pin(async move {
                    policies::take_effect(tx, who.workspace()).await?;
                    runs::due(tx, who.workspace(), tx.now().micros()).await?;
                    let mut event = own_event(OwnType::PurgeRequested, who, tx);
                    event.summary = Some("Asked to remove what is due now".to_owned());
                    tx.record(who.workspace(), event);
                    Ok(())
                })
            })
            .await?;
        self.hurry.notify_one();
        Ok(())
    }

    async fn place_hold(
        &self,
        who: &Granted<ManageSettings>,
        reader: &Granted<ViewAuditLogs>,
        form: HoldForm,
    ) -> daybook_domain::Result<Hold> {
        if reader.workspace() != who.workspace() {
            return Err(Told::NotFound);
        }
        let viewer = who.viewer();
        let form = holds::at_moments(form.checked()?, &self.reader(viewer));
        let row = self
            .accounts
            .change(viewer, "place a legal hold", move |tx, who| {
                Box::pin(async move { holds::place(tx, who, form).await })
            })
            .await?;
        self.shown(who.workspace(), &row, &self.reader(viewer))
            .await
            .map_err(outside(viewer))
    }

    async fn release_hold(&self, who: &Granted<ManageSettings>, id: HoldId) -> daybook_domain::Result<Hold> {
        let viewer = who.viewer();
        let row = self
            .accounts
            .change(viewer, "release a legal hold", move |tx, who| {
                Box::pin(async move { holds::release(tx, who, id).await })
            })
            .await?;
        self.shown(who.workspace(), &row, &self.reader(viewer))
            .await
            .map_err(outside(viewer))
    }
}
