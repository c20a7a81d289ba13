//! Removing what is due, a few hundred records at a time: between two steps others append and change what they like.
//!
//! Each step looks again at what is kept: a hold that is placed while records are removed holds from then on.

use super::{NAME, RecordRetention, holds, policies, runs};
use crate::{
    Error, Result,
    accounts::Workspace,
    local_time::Reader,
    record::own_event,
    store::{Due, Rules, facets, removal},
    writer::WriteTx,
};
use daybook_domain::{
    catalogue::OwnType,
    event::{MAX_TEXT_CHARS, Outcome},
    id::WorkspaceId,
    viewer::Viewer,
};
use daybook_entity::{legal_hold, retention_policy};
use roaring::RoaringTreemap;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Removed records after which the index is made anew where they stood: as many as its largest segments have.
const FORGOTTEN: u64 = 128 * 1024;

/// What a run goes by.
#[derive(Debug, Clone, Default, PartialEq)]
struct Known {
    policies: Vec<retention_policy::Model>,
    holds: Vec<legal_hold::Model>,
}

/// How far a run is.
#[derive(Debug, Default)]
struct Done {
    removed: u64,
    by_log: BTreeMap<String, u64>,
    held: u64,
}

impl RecordRetention {
    /// Removes what is due, if it is time and nobody else does. Returns how many records.
    ///
    /// # Errors
    /// Where it broke off; that is recorded, and it is tried again within the day.
    pub async fn purge_if_due(&self) -> Result<u64> {
        let Some(workspace) = self.accounts.workspace().await? else {
            return Ok(0);
        };
        let id = workspace.id;
        let run = runs::find(&self.db.read, id).await?;
        let now = self.clock.now().micros();
        if run.is_none_or(|run| run.due_at > now && (run.finished_at.is_some() || run.started_at.is_none())) {
            return Ok(0);
        }
        let claimed = self
            .writer
            .change(move |tx| Box::pin(async move { runs::claim(tx, id).await }));
        if !claimed.await? {
            return Ok(0);
        }
        let mut done = Done::default();
        let outcome = self.purge(&workspace, &mut done).await;
        self.finish(&workspace, &done, &outcome).await?;
        outcome.map(|()| done.removed)
    }

    async fn purge(&self, workspace: &Workspace, done: &mut Done) -> Result<()> {
        // What an earlier run that broke off left to be done.
        self.index.forget_removed(workspace.id, &self.writer).await?;
        let mut known = self.known(workspace.id, &[]).await?;
        let mut announced = false;
        loop {
            let due = self.due(workspace.id, &known).await?;
            done.held = due.held;
            if !announced && !due.sequences.is_empty() {
                self.announce(workspace, &due).await?;
                announced = true;
            }
            match self.remove(workspace.id, &due.sequences, &known, done).await {
                Err(Error::Moved) => known = self.known(workspace.id, &known.holds).await?,
                other => return other,
            }
        }
    }

    /// What is kept now. Holds that this run has known are heeded to its end, also where they were released.
    async fn known(&self, workspace: WorkspaceId, heeded: &[legal_hold::Model]) -> Result<Known> {
        let policies = policies::all(&self.db.read, workspace).await?;
        let mut holds = holds::all(&self.db.read, workspace).await?;
        let released = heeded
            .iter()
            .filter(|row| !holds.iter().any(|hold| hold.id == row.id));
        let released: Vec<_> = released.cloned().collect();
        holds.extend(released);
        Ok(Known { policies, holds })
    }

    async fn due(&self, workspace: WorkspaceId, known: &Known) -> Result<Due> {
        let reader = Reader::of("UTC", self.clock.now());
        let rules = Rules {
            cutoffs: policies::cutoffs(&known.policies, reader.now()),
            holds: holds::lists(&known.holds)?,
        };
        self.events.due(workspace, &rules, &reader).await
    }

    /// Removes records step by step.
    ///
    /// # Errors
    /// [`Error::Moved`] where something else is kept meanwhile.
    async fn remove(
        &self,
        workspace: WorkspaceId,
        due: &RoaringTreemap,
        known: &Known,
        done: &mut Done,
    ) -> Result<()> {
        let planned = done.removed + due.len();
        let mut sequences = due.iter().filter_map(|sequence| i64::try_from(sequence).ok());
        let mut forgotten = done.removed;
        loop {
            let some: Vec<i64> = sequences.by_ref().take(removal::STEP).collect();
            let last = some.is_empty();
            if last || done.removed - forgotten >= FORGOTTEN {
                self.index.forget_removed(workspace, &self.writer).await?;
                forgotten = done.removed;
            }
            if last {
                return Ok(());
            }
            let (known, held, before) = (known.clone(), done.held, done.removed);
            let removed = self.writer.change(move |tx| {
                Box::pin(async move {
                    if is_other(tx, workspace, &known).await? {
                        return Err(Error::Moved);
                    }
                    let removed = removal::remove(tx, workspace, &some).await?;
                    let sum = before + removed.values().sum::<u64>();
                    runs::beat(tx, workspace, sum, planned, held).await?;
                    Ok(removed)
                })
            });
            for (log, count) in removed.await? {
                done.removed += count;
                *done.by_log.entry(log).or_default() += count;
            }
        }
    }

    async fn announce(&self, workspace: &Workspace, due: &Due) -> Result<()> {
        let who = self.accounts.system_viewer(workspace, NAME);
        let records = due.sequences.len();
        let by_log = due.by_log.iter().filter(|(_, count)| **count > 0);
        let by_log: BTreeMap<_, _> = by_log
            .map(|(log, count)| (log.name().to_owned(), *count))
            .collect();
        let held = due.held;
        self.writer
            .change(move |tx| {
                Box::pin(async move {
                    let summary = format!("Began to remove {records} records past their retention");
                    tell(
                        tx,
                        &who,
                        OwnType::PurgeStarted,
                        summary,
                        records,
                        Some((&by_log, held)),
                        None,
                    );
                    Ok(())
                })
            })
            .await
    }

    async fn finish(&self, workspace: &Workspace, done: &Done, outcome: &Result<()>) -> Result<()> {
        let who = self.accounts.system_viewer(workspace, NAME);
        let problem = outcome.as_ref().err().map(|error| crate::error::chain(error));
        let Done { removed, held, .. } = *done;
        let by_log = done.by_log.clone();
        self.writer
            .change(move |tx| {
                Box::pin(async move {
                    let workspace = who.workspace();
                    facets::forget_empty(tx.db(), workspace).await?;
                    runs::finish(tx, workspace, problem.as_deref()).await?;
                    if removed > 0 {
                        let summary = format!("Removed {removed} records past their retention");
                        tell(
                            tx,
                            &who,
                            OwnType::Purged,
                            summary,
                            removed,
                            Some((&by_log, held)),
                            None,
                        );
                    }
                    if let Some(problem) = problem {
                        let summary = "A removal of records broke off".to_owned();
                        tell(
                            tx,
                            &who,
                            OwnType::PurgeFailed,
                            summary,
                            removed,
                            None,
                            Some(problem),
                        );
                    }
                    Ok(())
                })
            })
            .await
    }
}

/// Whether something else is kept than a run goes by.
async fn is_other(tx: &WriteTx, workspace: WorkspaceId, known: &Known) -> Result<bool> {
    let holds = holds::all(tx.db(), workspace).await?;
    if holds.iter().any(|hold| !known.holds.contains(hold)) {
        return Ok(true);
    }
    Ok(policies::all(tx.db(), workspace).await? != known.policies)
}

/// Records a step of a run.
fn tell(
    tx: &mut WriteTx,
    who: &Viewer,
    of: OwnType,
    summary: String,
    records: u64,
    counts: Option<(&BTreeMap<String, u64>, u64)>,
    problem: Option<String>,
) {
    let mut event = own_event(of, who, tx);
    // Nobody was at any portal.
    event.portal = None;
    event.summary = Some(summary);
    event.metadata.insert("records".to_owned(), records.into());
    if let Some((by_log, held)) = counts {
        let by_log: Map<_, _> = by_log
            .iter()
            .map(|(log, count)| (log.clone(), Value::from(*count)))
            .collect();
        event.metadata.insert("by_log".to_owned(), by_log.into());
        event.metadata.insert("held".to_owned(), held.into());
    }
    if let Some(problem) = problem {
        event.outcome = Outcome::Failure;
        event.reason = Some(problem.chars().take(MAX_TEXT_CHARS).collect());
    }
    tx.record(who.workspace(), event);
}
