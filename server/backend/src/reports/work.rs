//! Sending what is due. Several processes may look after the same schedules: whoever stores the mail together with the next
//! time, and finds the schedule as it was read, sends it; the others find it changed and leave it.

use super::{
    NEEDED, Reports,
    calendar::Calendar,
    make::{self, Made, is_passing},
    records::{self, ScheduleRecord},
    rows,
};
use crate::{
    Error, Result,
    accounts::{self, Standing, holds},
    email::send::is_set_up,
    error::chain,
    record::{Done, record},
    views,
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    event::Outcome,
    id::{UserId, ViewId, WorkspaceId},
    viewer::Viewer,
};
use daybook_entity::{
    report_schedule::{self, Column as C},
    saved_view,
};
use futures::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked whether something is due.
const PAUSE: Duration = Duration::from_secs(10);
/// How long after its time a report is tried that can't be made: the database is away, say.
const PATIENCE_SECONDS: i64 = 60 * 60;
const NO_MAIL: &str =
    "It wasn't sent: there is no mail server. Set one up under Admin Center → Email settings.";
const NOT_MADE: &str = "It wasn't sent: it couldn't be made. The server's log says why.";

/// What is found of a schedule that is due.
enum Found {
    /// It is sent by the rights of this user.
    Ready(Viewer, saved_view::Model),
    /// It isn't, nor later; why.
    Over(String),
}

impl Reports {
    /// Sends what is due until `stopping`.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let appended = self.writer().appended();
        let Some(workspace) = self.accounts().awaited(appended, &mut stopping).await else {
            return;
        };
        loop {
            let sent = tokio::select! {
                sent = self.send_due(workspace.id) => sent,
                // What is made and not stored yet is made again after the next start.
                _ = stopping.wait_for(|stop| *stop) => return,
            };
            match sent {
                Ok(()) => {}
                Err(Error::Stopping) => return,
                Err(error) => tracing::warn!(error = chain(&error), "reports that may be due wait"),
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Sends what is due now, and comes back once that is stored.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settle(&self) -> Result<()> {
        match self.accounts().workspace().await? {
            Some(workspace) => self.send_due(workspace.id).await,
            None => Ok(()),
        }
    }

    async fn send_due(&self, workspace: WorkspaceId) -> Result<()> {
        let due = report_schedule::Entity::find()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::NextAt.lte(self.now().micros()))
            .order_by_asc(C::NextAt)
            .order_by_asc(C::ViewId)
            .all(&self.db().read)
            .await?;
        for row in due {
            let (view, overdue) = (row.view_id, self.overdue(&row));
            match self.send(workspace, row.clone()).await {
                Ok(()) => {}
                Err(Error::Stopping) => return Err(Error::Stopping),
                // One that can't be sent holds up no other.
                Err(error) if is_passing(&error) && overdue < PATIENCE_SECONDS => {
                    tracing::warn!(error = chain(&error), %view, "a report waits");
                }
                Err(error) => {
                    tracing::error!(error = chain(&error), %view, "a report was not sent");
                    let why = match error {
                        Error::Domain(Told::Conflict { reason }) => format!("It wasn't sent: {reason}"),
                        _ => NOT_MADE.to_owned(),
                    };
                    if let Err(error) = self.note_failure(workspace, row.clone(), why).await {
                        tracing::error!(error = chain(&error), %view, "a report is stopped that can't be read");
                        let why = "What it is to be can't be read. Set it anew.".to_owned();
                        self.end(workspace, row, why).await?;
                    }
                }
            }
        }
        Ok(())
    }

    fn overdue(&self, row: &report_schedule::Model) -> i64 {
        let due = row.next_at.unwrap_or_default();
        (self.now().micros() - due) / 1_000_000
    }

    /// Sends one that is due.
    pub(super) async fn send(&self, workspace: WorkspaceId, row: report_schedule::Model) -> Result<()> {
        let (by, view) = match self.found(workspace, &row).await? {
            Found::Ready(by, view) => (by, view),
            Found::Over(why) => return self.end(workspace, row, why).await,
        };
        if !is_set_up(&self.db().read, workspace).await? {
            return self.note_failure(workspace, row, NO_MAIL.to_owned()).await;
        }
        let now = self.now();
        let calendar = Calendar::new(rows::timing(&row)?, &row.zone, now);
        let made = self
            .make(&by, &view, &calendar, &row.zone, calendar.period(now))
            .await?;
        self.store_sent(workspace, row, by, made).await
    }

    /// Who sent it by their rights, and the view, as far as both are there.
    async fn found(&self, workspace: WorkspaceId, row: &report_schedule::Model) -> Result<Found> {
        let by = UserId(row.set_by);
        let by = match self.accounts().standing(workspace, by, &NEEDED).await? {
            Standing::May(by) => by,
            Standing::MayNot(why) => return Ok(Found::Over(why)),
        };
        match rows::view(&self.db().read, &by, ViewId(row.view_id)).await {
            Ok(view) => Ok(Found::Ready(by, view)),
            Err(Error::Domain(Told::NotFound)) => {
                let name = by.actor().label();
                Ok(Found::Over(format!(
                    "{name}, who set it, doesn't see the view any more."
                )))
            }
            Err(error) => Err(error),
        }
    }

    /// Stores the mail and the next time, if nobody has changed the schedule since it was read.
    async fn store_sent(
        &self,
        workspace: WorkspaceId,
        row: report_schedule::Model,
        by: Viewer,
        made: Made,
    ) -> Result<()> {
        self.if_unchanged(workspace, row, move |tx, mut row| {
            Box::pin(async move {
                let is_seen = async {
                    let view = views::find(tx.db(), workspace, ViewId(row.view_id)).await?;
                    views::is_seen(tx.db(), &by, UserId(row.set_by), &view).await
                };
                // Whoever lost the right since the records were read is found out when it is looked at again.
                if !holds(tx.db(), &by, &NEEDED).await? || !is_seen.await? {
                    return Ok(());
                }
                let recipients = rows::recipients(&row)?;
                make::deliver(tx, workspace, &recipients, &made).await?;
                let system = records::system(workspace);
                let told = records::sent(tx, &system, Some(&by), &row, &recipients, &made);
                tx.record(workspace, told);
                went_on(tx, &mut row)?;
                came_of(tx, &mut row, Outcome::Success, made.result(recipients.len()));
                rows::replace(tx, row).await
            })
        })
        .await
    }

    /// Notes that one wasn't sent. It is tried again at its next time.
    async fn note_failure(
        &self,
        workspace: WorkspaceId,
        row: report_schedule::Model,
        why: String,
    ) -> Result<()> {
        self.if_unchanged(workspace, row, move |tx, mut row| {
            Box::pin(async move {
                went_on(tx, &mut row)?;
                came_of(tx, &mut row, Outcome::Failure, why);
                rows::replace(tx, row).await
            })
        })
        .await
    }

    /// Stops one, and records why.
    async fn end(&self, workspace: WorkspaceId, row: report_schedule::Model, why: String) -> Result<()> {
        self.if_unchanged(workspace, row, move |tx, mut row| {
            Box::pin(async move {
                let view = saved_view::Entity::find_by_id((row.workspace_id, row.view_id))
                    .one(tx.db())
                    .await?;
                let name = view.map(|view| view.name).unwrap_or_default();
                let before = ScheduleRecord::of(tx.db(), &row, &name).await?;
                row.next_at = None;
                row.stopped = Some(why.clone());
                let after = ScheduleRecord::of(tx.db(), &row, &name).await?;
                rows::replace(tx, row).await?;
                let done = Done::updated(&before, &after).called("stopped");
                let done = done.saying(format!("Stopped scheduled report “{name}”: {why}"));
                record(tx, &records::system(workspace), &done)
            })
        })
        .await
    }

    /// Changes a schedule that is as it was read; leaves one that isn't.
    async fn if_unchanged<F>(
        &self,
        workspace: WorkspaceId,
        row: report_schedule::Model,
        change: F,
    ) -> Result<()>
    where
        F: for<'t> FnOnce(&'t mut WriteTx, report_schedule::Model) -> BoxFuture<'t, Result<()>>
            + Send
            + 'static,
    {
        let changed = self.writer().change(move |tx| {
            Box::pin(async move {
                // In the order in which all take their locks.
                accounts::lock(tx, workspace).await?;
                let now = rows::find(tx.db(), workspace, ViewId(row.view_id)).await?;
                if now.as_ref() != Some(&row) {
                    return Ok(());
                }
                change(tx, row).await
            })
        });
        changed.await
    }
}

/// It waits for its next time. What was missed since isn't made up for.
fn went_on(tx: &WriteTx, row: &mut report_schedule::Model) -> Result<()> {
    let calendar = Calendar::new(rows::timing(row)?, &row.zone, tx.now());
    row.next_at = Some(calendar.next(tx.now()).micros());
    Ok(())
}

/// What came of it, for its page.
pub(super) fn came_of(tx: &WriteTx, row: &mut report_schedule::Model, outcome: Outcome, detail: String) {
    row.last_at = Some(tx.now().micros());
    row.last_outcome = Some(outcome.name().to_owned());
    row.last_detail = Some(detail);
}
