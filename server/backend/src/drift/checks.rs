//! Checks that somebody asked for in the portal: one at a time, in the background, and the last one's outcome is kept for
//! as long as the process lasts. That it was made, and what it found, stands in the log.

use super::CheckDrift;
use crate::{Error, error::chain, local_time::Reader, record::own_event};
use async_trait::async_trait;
use daybook_domain::{
    Result,
    catalogue::OwnType,
    drift::{DriftCheck, DriftReport, DriftState, SHOWN_DRIFTS},
    id::WorkspaceId,
    permission::ViewAuditLogs,
    ports,
    time::Timestamp,
    viewer::{Granted, Viewer},
};
use daybook_entity::event_head;
use sea_orm::EntityTrait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The last check of each workspace.
#[derive(Debug, Clone, Default)]
pub struct Checks(Arc<Mutex<HashMap<WorkspaceId, Check>>>);

#[derive(Debug, Clone)]
struct Check {
    by: String,
    began: Timestamp,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    Running {
        done: u64,
        of: u64,
    },
    Finished {
        report: DriftReport,
        found: u64,
        at: Timestamp,
    },
    Failed,
}

impl Checks {
    fn all(&self) -> MutexGuard<'_, HashMap<WorkspaceId, Check>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False where one is on its way already.
    fn begin(&self, workspace: WorkspaceId, check: Check) -> bool {
        let mut all = self.all();
        let known = all.get(&workspace);
        if known.is_some_and(|known| matches!(known.state, State::Running { .. })) {
            return false;
        }
        all.insert(workspace, check);
        true
    }

    fn enter(&self, workspace: WorkspaceId, state: State) {
        if let Some(check) = self.all().get_mut(&workspace) {
            check.state = state;
        }
    }

    fn reach(&self, workspace: WorkspaceId, read: u64) {
        if let Some(Check {
            state: State::Running { done, of },
            ..
        }) = self.all().get_mut(&workspace)
        {
            *done = read;
            *of = read.max(*of);
        }
    }

    fn shown(&self, workspace: WorkspaceId, reader: &Reader) -> Option<DriftCheck> {
        let Check { by, began, state } = self.all().get(&workspace)?.clone();
        let state = match state {
            State::Running { done, of } => DriftState::Running { done, of },
            State::Finished { report, found, at } => DriftState::Finished {
                report,
                found,
                at: reader.local(at),
            },
            State::Failed => DriftState::Failed,
        };
        Some(DriftCheck {
            by,
            began: reader.local(began),
            state,
        })
    }
}

impl CheckDrift {
    /// Who asked was let in when it began. The end is recorded whatever has become of them since.
    async fn checked(&self, who: &Viewer) -> crate::Result<State> {
        let (workspace, checks) = (who.workspace(), self.checks.clone());
        let mut report = self
            .check(workspace, move |read| checks.reach(workspace, read))
            .await?;
        let found = report.drifts.len() as u64;
        let (records, things, who) = (report.records, report.things, who.clone());
        self.writer
            .change(move |tx| {
                Box::pin(async move {
                    let mut event = own_event(OwnType::DriftChecked, &who, tx);
                    event.summary = Some(match found {
                        0 => "Checked the log against what is stored: no difference".to_owned(),
                        1 => "Checked the log against what is stored: 1 difference".to_owned(),
                        more => format!("Checked the log against what is stored: {more} differences"),
                    });
                    let metadata = &mut event.metadata;
                    for (name, number) in [("records", records), ("things", things), ("differences", found)] {
                        metadata.insert(name.to_owned(), number.into());
                    }
                    tx.record(workspace, event);
                    Ok(())
                })
            })
            .await?;
        report.drifts.truncate(SHOWN_DRIFTS);
        let at = self.clock.now();
        Ok(State::Finished { report, found, at })
    }
}

fn outside(who: &Viewer) -> impl Fn(Error) -> daybook_domain::Error {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::DriftChecks for CheckDrift {
    async fn drift_check(&self, who: &Granted<ViewAuditLogs>) -> Result<Option<DriftCheck>> {
        let reader = Reader::of(who.viewer().zone(), self.clock.now());
        Ok(self.checks.shown(who.workspace(), &reader))
    }

    async fn begin_drift_check(&self, who: &Granted<ViewAuditLogs>) -> Result<()> {
        let (who, workspace) = (who.viewer().clone(), who.workspace());
        let head = event_head::Entity::find_by_id(workspace.0)
            .one(&self.db.read)
            .await;
        let head = head.map_err(|error| outside(&who)(error.into()))?;
        let of = head.map_or(0, |head| head.last_sequence.unsigned_abs());
        let check = Check {
            by: who.actor().label(),
            began: self.clock.now(),
            state: State::Running { done: 0, of },
        };
        if !self.checks.begin(workspace, check) {
            return Ok(());
        }
        let checking = self.clone();
        tokio::spawn(async move {
            let state = checking.checked(&who).await.unwrap_or_else(|error| {
                tracing::error!(error = chain(&error), "the check for drift failed");
                State::Failed
            });
            checking.checks.enter(workspace, state);
        });
        Ok(())
    }
}
