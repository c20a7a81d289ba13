//! Mail against a server that answers as it is told, with a clock that is moved; reports; the delivery history.

mod alerts;
mod brands;
mod history;
mod inbound;
mod invitations;
mod recorded;
mod reports;
mod resets;
mod rotation;
mod secrets;
mod sending;
pub(crate) mod server;
mod templates;

pub(crate) use recorded::listed;

use super::{Emails, send::MailCarrier};
use crate::{
    accounts::tests::House,
    delivery::{
        guard::Guard,
        http::{Limits, Sender},
        sealed::Keyring,
        worker::Worker,
    },
    index::EventIndex,
    ingest::Format,
    objects::Objects,
    reading::ReadLogs,
    store::{Appended, EventStore},
    testing::TestDb,
};
use daybook_domain::{
    Error as Told,
    catalogue::{OwnType, faults},
    email::{EmailDetail, EmailFilters, EmailPage, EmailStatus, MailForm, MailSecurity, NewPassword},
    email_template::{MailTemplate, TemplateDetail, Wording},
    event::Event,
    id::{EmailMessageId, ObjectId, WorkspaceId},
    log::{LogKind, LogScope},
    object::{Change, ObjectKind, ObjectQuery, Typed},
    permission::{ManageSettings, ViewAuditLogs, ViewEmailHistory},
    ports::{Emails as _, Objects as _},
    query::LogQuery,
    time::Clock as _,
    viewer::Granted,
};
use daybook_entity::{email_body, mail_setting};
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::Value;
use server::MailServer;
use std::time::Duration;

const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// How mail is sent, so that it can be, without anybody who takes it.
pub(crate) async fn set_up(at: &TestDb, workspace: WorkspaceId) {
    let row = mail_setting::Model {
        host: "127.0.0.1".to_owned(),
        from_address: "desk@northdesk.example".to_owned(),
        ..super::settings::unset(workspace)
    };
    let set = mail_setting::Entity::insert(row.into_active_model());
    set.exec_without_returning(&at.db.write).await.unwrap();
}

/// The link in the newest mail of a template, as it is going to be sent.
pub(crate) async fn link_in(at: &TestDb, page: &str) -> String {
    let body = email_body::Entity::find()
        .order_by_desc(email_body::Column::MessageId)
        .one(&at.db.read)
        .await;
    let keys = Keyring::new(KEY, []).unwrap();
    let Ok(parts) = super::secret::to_send(body.unwrap().unwrap(), &keys, at.clock.now()) else {
        panic!("it can't be sent");
    };
    invitations::links(&parts.text, page).remove(0)
}

struct PostOffice {
    house: House,
    objects: Objects,
    emails: Emails,
    worker: Worker<MailCarrier>,
}

impl PostOffice {
    async fn new(at: TestDb) -> Self {
        let house = House::new(at).await;
        let (db, clock) = (house.at.db.clone(), house.at.clock.clone());
        let events = EventStore::new(db.clone(), EventIndex::new(db.clone()), clock.clone());
        let logs = ReadLogs::new(events, house.at.writer.clone(), clock.clone());
        let objects = Objects::new(db.clone(), house.accounts.clone(), logs, clock.clone());
        let emails = Emails::new(
            db,
            house.at.writer.clone(),
            house.accounts.clone(),
            clock,
            Keyring::new(KEY, []).unwrap(),
            Sender::new(Guard::new([]), Limits::default()).unwrap(),
        );
        let worker = emails.worker(house.workspace.id);
        Self {
            house,
            objects,
            emails,
            worker,
        }
    }

    /// With a server that mail is handed to.
    async fn with_server(at: TestDb) -> (Self, MailServer) {
        let (office, server) = (Self::new(at).await, MailServer::new().await);
        office.set(server.settings()).await.unwrap();
        (office, server)
    }

    fn manager(&self) -> Granted<ManageSettings> {
        self.house.ada.grant(ManageSettings).unwrap()
    }

    fn reader(&self) -> Granted<ViewEmailHistory> {
        self.house.ada.grant(ViewEmailHistory).unwrap()
    }

    async fn set(&self, form: MailForm) -> Result<(), Told> {
        let who = self.manager();
        let seen = self.emails.mail_settings(&who).await.unwrap().seen;
        self.emails.set_mail_settings(&who, &seen.tag(), form).await
    }

    async fn template(&self, of: MailTemplate) -> TemplateDetail {
        self.emails.email_template(&self.manager(), of).await.unwrap()
    }

    async fn word(&self, of: MailTemplate, wording: Wording) -> Result<(), Told> {
        let seen = self.template(of).await.seen.tag();
        self.emails
            .set_email_template(&self.manager(), of, &seen, wording)
            .await
    }

    async fn test(&self, to: &str) -> EmailMessageId {
        self.emails.send_test_email(&self.manager(), to).await.unwrap()
    }

    async fn email(&self, id: EmailMessageId) -> EmailDetail {
        self.emails.email(&self.reader(), id).await.unwrap()
    }

    /// What has happened to a message, in its order.
    async fn timeline(&self, id: EmailMessageId) -> Vec<EmailStatus> {
        let events = self.email(id).await.events;
        events.into_iter().map(|event| event.status).collect()
    }

    async fn list(&self, about: Option<(ObjectKind, ObjectId)>, query: &str) -> EmailPage {
        let query = ObjectQuery::parse(&EmailFilters, query).unwrap();
        self.emails
            .list_emails(&self.reader(), about, &query)
            .await
            .unwrap()
    }

    async fn subjects(&self, query: &str) -> Vec<String> {
        let rows = self.list(None, query).await.rows;
        rows.into_iter().map(|row| row.subject).collect()
    }

    async fn report(&self, body: Value) -> Appended {
        let (workspace, body) = (self.house.workspace.id, body.to_string().into());
        self.emails
            .receive(workspace, "helpdesk", Format::Json, body)
            .await
            .unwrap()
    }

    async fn thing(&self, kind: ObjectKind, values: &[(&str, &str)]) -> ObjectId {
        let typed: Typed = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
            .collect();
        let who = self.house.ada.grant_kind(kind, Change).unwrap();
        self.objects.create_object(&who, &typed).await.unwrap().id
    }

    /// What the log says, newest first.
    async fn log(&self, scope: LogScope) -> Vec<Event> {
        let at = &self.house.at;
        let store = EventStore::new(at.db.clone(), EventIndex::new(at.db.clone()), at.clock.clone());
        let who = self.house.ada.grant(ViewAuditLogs).unwrap();
        let found = store.records(&who, scope, &LogQuery::default(), 200).await;
        let found = found.unwrap().0;
        for event in &found {
            let of = &event.body.event_type;
            if OwnType::from_name(of).is_some() {
                assert_eq!(faults(&event.body), Vec::<String>::new(), "{of}");
            }
        }
        found
    }

    async fn failures(&self) -> Vec<Event> {
        self.log(LogScope::One(LogKind::EmailFailure)).await
    }

    fn later(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap() + 1;
        self.house.at.clock.advance_seconds(seconds);
    }
}

/// How mail is sent, without a password.
pub(crate) fn form(host: &str, port: u16) -> MailForm {
    MailForm {
        host: host.to_owned(),
        port,
        security: MailSecurity::None,
        username: String::new(),
        password: NewPassword::default(),
        from_name: "Northdesk".to_owned(),
        from_address: "desk@northdesk.example".to_owned(),
        reply_to: String::new(),
    }
}

/// An email that another system reports to have sent. Answers with its id here.
pub(crate) async fn report_email(house: &House, to: &str, subject: &str) -> EmailMessageId {
    report_email_of(house, to, subject, serde_json::json!({})).await
}

/// The same, with more that is said of it.
pub(crate) async fn report_email_of(house: &House, to: &str, subject: &str, more: Value) -> EmailMessageId {
    let at = &house.at;
    let emails = Emails::new(
        at.db.clone(),
        at.writer.clone(),
        house.accounts.clone(),
        at.clock.clone(),
        Keyring::new(KEY, []).unwrap(),
        Sender::new(Guard::new([]), Limits::default()).unwrap(),
    );
    let mut body = serde_json::json!({"to": to, "subject": subject, "sent_at": "2026-11-20T10:00:00Z"});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let body = body.to_string().into();
    let taken = emails
        .receive(house.workspace.id, "helpdesk", Format::Json, body)
        .await;
    taken.unwrap();
    let newest = daybook_entity::email_message::Entity::find()
        .order_by_desc(daybook_entity::email_message::Column::Number)
        .one(&at.db.read)
        .await;
    EmailMessageId(newest.unwrap().unwrap().id)
}
