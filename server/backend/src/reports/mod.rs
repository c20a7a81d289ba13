//! Scheduled reports: saved views that are sent by mail, for the period that has ended.
//!
//! A report is sent by the rights of who set it, which are looked at each time: whoever has lost them has nothing sent any
//! more, and the schedule stops ([`work`]). When it is due, and what it is about, is a question of the calendar of its zone
//! ([`calendar`]); what it says is the list as anybody sees it who opens the view, with the file that an export makes
//! ([`make`]). The mail itself goes the way of all mail ([`crate::email::send`]). That records leave is recorded.

mod calendar;
mod make;
mod records;
mod rows;
mod stored;
#[cfg(test)]
pub(crate) mod tests;
mod work;

pub(crate) use rows::{end_with_view, stop_with_change};
pub(crate) use stored::Schedules;

use crate::{
    Error, Result, accounts::Accounts, db::Db, email::send::is_set_up, local_time::Reader, store::EventStore,
    writer::Writer,
};
use async_trait::async_trait;
use calendar::Calendar;
use daybook_domain::{
    Error as Told,
    event::Outcome,
    id::ViewId,
    permission::{ExportAuditLogs, Permission, ViewAuditLogs},
    ports,
    report::{Report, ReportForm},
    seen::Tag,
    time::{Clock, Timestamp},
    viewer::{Granted, Viewer},
};
use std::{fmt, sync::Arc};

/// What it takes to have records sent.
const NEEDED: [Permission; 2] = [Permission::AuditLogsView, Permission::AuditLogsExport];
/// How long one that was sent by hand isn't sent so again.
const AGAIN_MICROS: i64 = 60_000_000;

/// The reports of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Reports(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    accounts: Accounts,
    store: EventStore,
    clock: Arc<dyn Clock>,
    /// Where Daybook is reached.
    address: Option<String>,
}

impl fmt::Debug for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reports")
    }
}

impl Reports {
    pub fn new(
        db: Db,
        writer: Writer,
        accounts: Accounts,
        store: EventStore,
        clock: Arc<dyn Clock>,
        address: Option<String>,
    ) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            accounts,
            store,
            clock,
            address,
        }))
    }

    fn db(&self) -> &Db {
        &self.0.db
    }

    fn writer(&self) -> &Writer {
        &self.0.writer
    }

    fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    fn store(&self) -> &EventStore {
        &self.0.store
    }

    fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    async fn shown(&self, who: &Viewer, view: ViewId) -> Result<Report> {
        let db = &self.db().read;
        let view = rows::view(db, who, view).await?;
        rows::shown(db, who, &view, &Reader::viewer(who, self.now())).await
    }

    /// Sends one by hand, by the rights of who asks.
    async fn send_now(&self, who: &Viewer, id: ViewId) -> Result<usize> {
        let (db, workspace, now) = (&self.db().read, who.workspace(), self.now());
        let view = rows::view(db, who, id).await?;
        let row = rows::find(db, workspace, id).await?.ok_or(Told::NotFound)?;
        if !is_set_up(db, workspace).await? {
            let reason = "No mail is sent: there is no mail server. Set one up under Admin Center → Email settings first.";
            return Err(Told::conflict(reason).into());
        }
        if row.last_at.is_some_and(|last| now.micros() - last < AGAIN_MICROS) {
            return Err(Told::conflict("It was sent a moment ago. Wait a minute.").into());
        }
        let calendar = Calendar::new(rows::timing(&row)?, &row.zone, now);
        let period = calendar.last_ended(now);
        let made = self.make(who, &view, &calendar, &row.zone, period).await?;
        let sent = self.accounts().change(who, "send a report", move |tx, who| {
            Box::pin(async move {
                let found = rows::find(tx.db(), who.workspace(), id).await?;
                let Some(mut row) = found.filter(|found| *found == row) else {
                    return Err(
                        Told::conflict("The report was changed meanwhile. See what it is now.").into(),
                    );
                };
                rows::view(tx.db(), who, id).await?;
                let recipients = rows::recipients(&row)?;
                make::deliver(tx, who.workspace(), &recipients, &made).await?;
                let told = records::sent(tx, who, None, &row, &recipients, &made);
                tx.record(who.workspace(), told);
                work::came_of(tx, &mut row, Outcome::Success, made.result(recipients.len()));
                rows::replace(tx, row).await?;
                Ok(recipients.len())
            })
        });
        Ok(sent.await?)
    }
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::Reports for Reports {
    async fn report(
        &self,
        who: &Granted<ExportAuditLogs>,
        _reader: &Granted<ViewAuditLogs>,
        view: ViewId,
    ) -> Result<Report, Told> {
        let who = who.viewer();
        self.shown(who, view).await.map_err(outside(who))
    }

    async fn set_report(
        &self,
        who: &Granted<ExportAuditLogs>,
        _reader: &Granted<ViewAuditLogs>,
        view: ViewId,
        seen: &Tag,
        form: ReportForm,
    ) -> Result<Report, Told> {
        let (who, seen, form) = (who.viewer(), seen.clone(), form.checked()?);
        self.accounts()
            .change(who, "schedule a report", move |tx, who| {
                Box::pin(async move { rows::set(tx, who, view, &seen, form).await })
            })
            .await?;
        self.shown(who, view).await.map_err(outside(who))
    }

    async fn send_report(
        &self,
        who: &Granted<ExportAuditLogs>,
        _reader: &Granted<ViewAuditLogs>,
        view: ViewId,
    ) -> Result<usize, Told> {
        let who = who.viewer();
        self.send_now(who, view).await.map_err(outside(who))
    }

    async fn stop_report(
        &self,
        who: &Granted<ExportAuditLogs>,
        _reader: &Granted<ViewAuditLogs>,
        view: ViewId,
    ) -> Result<String, Told> {
        self.accounts()
            .change(who.viewer(), "stop a report", move |tx, who| {
                Box::pin(async move { rows::stop(tx, who, view).await })
            })
            .await
    }
}
