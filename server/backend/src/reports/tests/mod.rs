//! Reports with a clock that is moved and a mail server that takes what it is handed.

mod calendar;
mod mail;
mod recorded;
mod rights;
mod sending;

pub(crate) use recorded::listed;

use super::Reports;
use crate::{
    accounts::tests::{House, granted},
    delivery::{
        guard::Guard,
        http::{Limits, Sender},
        sealed::Keyring,
    },
    drift::CheckDrift,
    email::{Emails, tests::server::MailServer},
    index::EventIndex,
    ingest::{Format, Ingest},
    store::EventStore,
    testing::TestDb,
    views::SavedViews,
    writer::Writer,
};
use daybook_domain::{
    Error as Told,
    id::{RoleId, ViewId},
    log::{LogKind, LogScope},
    permission::{ExportAuditLogs, ManageSettings, ViewAuditLogs},
    ports::{Account as _, Emails as _, Reports as _, Views as _},
    query::LogQuery,
    report::{Every, Report, ReportForm, Schedule, Timing, Weekday},
    time::{Clock, Timestamp},
    view::{SavedView, ViewForm},
    viewer::Viewer,
};
use daybook_entity::report_schedule;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const ADDRESS: &str = "https://daybook.example.org";
pub(super) const ACCESS: LogScope = LogScope::One(LogKind::Access);

/// A desk with Ada, an administrator in Berlin. It is Monday morning there, an hour before eight.
struct Desk {
    house: House,
    ada: Viewer,
    views: SavedViews,
    emails: Emails,
    reports: Reports,
    server: MailServer,
}

fn reports(house: &House, writer: &Writer) -> Reports {
    let at = &house.at;
    let store = EventStore::new(at.db.clone(), EventIndex::new(at.db.clone()), at.clock.clone());
    Reports::new(
        at.db.clone(),
        writer.clone(),
        house.accounts.clone(),
        store,
        at.clock.clone(),
        Some(ADDRESS.to_owned()),
    )
}

impl Desk {
    /// Nothing is set up to send with yet.
    async fn without_mail(at: TestDb) -> Self {
        let house = House::new(at).await;
        house
            .accounts
            .set_zone(&house.ada, "Europe/Berlin")
            .await
            .unwrap();
        let ada = house.browser(house.ada.user_id().unwrap(), 1).await;
        let (db, writer, clock) = (
            house.at.db.clone(),
            house.at.writer.clone(),
            house.at.clock.clone(),
        );
        let emails = Emails::new(
            db.clone(),
            writer.clone(),
            house.accounts.clone(),
            clock,
            Keyring::new(KEY, []).unwrap(),
            Sender::new(Guard::new([]), Limits::default()).unwrap(),
        );
        let desk = Self {
            views: SavedViews::new(db, house.accounts.clone()),
            reports: reports(&house, &writer),
            server: MailServer::new().await,
            emails,
            ada,
            house,
        };
        desk.move_to("2026-11-23T06:00:00Z");
        desk
    }

    async fn new(at: TestDb) -> Self {
        let desk = Self::without_mail(at).await;
        desk.set_up_mail().await;
        desk
    }

    async fn set_up_mail(&self) {
        let who = granted(&self.house.ada, ManageSettings);
        let seen = self.emails.mail_settings(&who).await.unwrap().seen.tag();
        let set = self.emails.set_mail_settings(&who, &seen, self.server.settings());
        set.await.unwrap();
    }

    fn move_to(&self, at: &str) {
        let to: Timestamp = at.parse().unwrap();
        let clock = &self.house.at.clock;
        clock.advance_seconds((to.micros() - clock.now().micros()) / 1_000_000);
    }

    /// A view of the access log.
    async fn save(&self, who: &Viewer, query: &str, shared_with: Option<RoleId>) -> SavedView {
        self.save_of(who, ACCESS, query, shared_with).await
    }

    async fn save_of(
        &self,
        who: &Viewer,
        log: LogScope,
        query: &str,
        shared_with: Option<RoleId>,
    ) -> SavedView {
        let form = ViewForm {
            name: "Failed sign-ins".to_owned(),
            shared_with,
        };
        let (who, query) = (granted(who, ViewAuditLogs), LogQuery::parse(query).unwrap());
        self.views.create_view(&who, log, &query, form).await.unwrap()
    }

    async fn report(&self, who: &Viewer, view: ViewId) -> Result<Report, Told> {
        let (exporter, reader) = (granted(who, ExportAuditLogs), granted(who, ViewAuditLogs));
        self.reports.report(&exporter, &reader, view).await
    }

    async fn schedule(&self, view: ViewId) -> Schedule {
        self.report(&self.ada, view).await.unwrap().schedule.unwrap()
    }

    async fn set(&self, who: &Viewer, view: ViewId, form: ReportForm) -> Result<Report, Told> {
        let (exporter, reader) = (granted(who, ExportAuditLogs), granted(who, ViewAuditLogs));
        let seen = self.report(who, view).await?.seen.tag();
        self.reports
            .set_report(&exporter, &reader, view, &seen, form)
            .await
    }

    async fn send_now(&self, who: &Viewer, view: ViewId) -> Result<usize, Told> {
        let (exporter, reader) = (granted(who, ExportAuditLogs), granted(who, ViewAuditLogs));
        self.reports.send_report(&exporter, &reader, view).await
    }

    async fn stop(&self, who: &Viewer, view: ViewId) -> Result<String, Told> {
        let (exporter, reader) = (granted(who, ExportAuditLogs), granted(who, ViewAuditLogs));
        self.reports.stop_report(&exporter, &reader, view).await
    }

    /// Records of the access log, at these times.
    async fn records(&self, at: &[&str]) {
        let records: Vec<_> = at
            .iter()
            .enumerate()
            .map(|(number, at)| record(number, at))
            .collect();
        self.receive(&records).await;
    }

    async fn receive(&self, records: &[Value]) {
        let ingest = Ingest::new(self.house.at.writer.clone(), self.house.at.clock.clone());
        let body = Value::from(records.to_vec()).to_string().into();
        let workspace = self.house.workspace.id;
        let taken = ingest
            .receive(workspace, "helpdesk", Format::Json, body, true)
            .await
            .unwrap();
        assert_eq!(taken.accepted, records.len() as u64);
    }

    /// What was handed to the mail server by now, of what was due.
    async fn mails(&self) -> Vec<mail::Mail> {
        self.reports.settle().await.unwrap();
        self.handed_in().await
    }

    async fn handed_in(&self) -> Vec<mail::Mail> {
        self.emails.settle().await.unwrap();
        let mut mails: Vec<_> = self
            .server
            .take()
            .iter()
            .map(|raw| mail::Mail::parse(raw))
            .collect();
        mails.sort_by(|one, other| one.to.cmp(&other.to));
        mails
    }

    async fn rows(&self) -> Vec<report_schedule::Model> {
        report_schedule::Entity::find()
            .all(&self.house.at.db.read)
            .await
            .unwrap()
    }

    /// What isn't as the log says.
    async fn drifts(&self) -> Vec<String> {
        let at = &self.house.at;
        let drift = CheckDrift::new(at.db.clone(), at.writer.clone(), at.clock.clone());
        let found = drift.check(self.house.workspace.id, |_| ()).await.unwrap();
        let said = found.drifts.into_iter().map(|drift| format!("{drift:?}"));
        said.collect()
    }
}

/// A sign-in that failed.
fn record(number: usize, at: &str) -> Value {
    json!({
        "id": format!("{at}-{number}"), "log": "access", "event_type": "user.sign_in_failed", "outcome": "failure",
        "action": "login", "occurred_at": at, "summary": format!("Sign-in {number}"),
        "actor": {"kind": "user", "id": "u1", "name": "Noor"},
    })
}

fn form(every: Every, hour: u8, recipients: &[&str]) -> ReportForm {
    ReportForm {
        timing: Timing {
            every,
            weekday: Some(Weekday::Monday),
            hour,
        },
        recipients: recipients.iter().map(|to| (*to).to_owned()).collect(),
    }
}

fn daily() -> ReportForm {
    form(Every::Day, 8, &["ann@harbor.example"])
}
