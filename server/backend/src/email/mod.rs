//! Email: what this system sends and what others report to have sent, with what becomes of it.
//!
//! A message and what happens to it are stored by [`message`], whoever tells of it: the worker that hands in what is ours
//! ([`send`], [`smtp`]), other systems ([`report`]), the
//! providers that send ([`inbound`], [`providers`], [`signing_keys`]). The delivery history ([`list`], [`zones`]) is found by the same sets
//! as other lists ([`crate::found`]). Files that go along with messages are [`attachments`]. Whom not to mail is
//! [`suppressions`], how mail is sent [`settings`], what our own says [`templates`], and how links stay their readers'
//! [`secret`].

pub(crate) mod alerts;
pub(crate) mod attachments;
mod detail;
mod inbound;
mod known;
mod list;
mod mailing;
mod message;
mod parties;
mod providers;
mod records;
mod report;
mod secret;
pub(crate) mod send;
pub(crate) mod settings;
mod signing_keys;
mod smtp;
mod stored;
mod suppressions;
pub(crate) mod templates;
#[cfg(test)]
pub(crate) mod tests;
mod tidy;
mod zones;

pub(crate) use detail::{find as message_of, text_of};
pub use inbound::{NotTaken, Told as ProviderTold};
pub(crate) use list::of_customer;
pub(crate) use mailing::LinkMail;
pub use mailing::Mailing;
pub use report::{
    MAX_BODY as MAX_REPORTED_BODY, MAX_EVENTS as MAX_REPORTED_EVENTS, MAX_KEY as MAX_REPORTED_KEY,
};
pub(crate) use stored::Mail;

use crate::{
    Error, Result,
    accounts::Accounts,
    db::Db,
    delivery::{http::Sender, running, sealed::Keyring, worker::Worker},
    local_time::Reader,
    secrets::Resealed,
    writer::{WriteTx, Writer},
};
use async_trait::async_trait;
use bytes::Bytes;
use daybook_domain::{
    Error as Told,
    email::{
        EmailDetail, EmailFile, EmailFilters, EmailPage, EmailProvider, EmailStatus, MailForm, MailSettings,
        NewPassword, ProviderState, SuppressionFilters, SuppressionPage,
    },
    email_template::{MailTemplate, TemplateDetail, TemplatePreview, TemplateSummary, Wording},
    id::{EmailMessageId, ObjectId, WorkspaceId},
    object::{ObjectKind, ObjectQuery, unreadable},
    permission::{ExportAuditLogs, ManageSettings, ViewEmailHistory},
    ports,
    seen::Tag,
    time::{Clock, Timestamp},
    viewer::{Granted, Viewer},
};
use daybook_entity::mail_setting;
use futures::future::BoxFuture;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use templates::Instead;
use tokio::sync::{Notify, watch};

/// The mail of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Emails(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    keys: Keyring,
    sender: Sender,
    /// Certificates that providers sign with, by their addresses.
    certificates: Mutex<HashMap<String, Bytes>>,
    /// What hands mail in, by the settings it was made of.
    transport: Mutex<Option<(mail_setting::Model, Result<smtp::Transport, String>)>>,
    /// Something was asked for.
    hurry: Arc<Notify>,
}

impl fmt::Debug for Emails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Emails")
    }
}

impl Emails {
    pub fn new(
        db: Db,
        writer: Writer,
        accounts: Accounts,
        clock: Arc<dyn Clock>,
        keys: Keyring,
        sender: Sender,
    ) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            accounts,
            clock,
            keys,
            sender,
            certificates: Mutex::default(),
            transport: Mutex::default(),
            hurry: Arc::default(),
        }))
    }

    /// Sends what is due until `stopping`.
    pub async fn run(self, stopping: watch::Receiver<bool>) {
        let Inner {
            accounts,
            writer,
            hurry,
            ..
        } = &*self.0;
        let this = self.clone();
        let tidy = move |workspace| {
            let this = this.clone();
            async move { this.tidy(workspace).await }
        };
        let worker = |workspace| self.worker(workspace);
        running::run(
            accounts,
            writer.appended(),
            worker,
            hurry,
            "bodies of emails",
            tidy,
            stopping,
        )
        .await;
    }

    /// Sends all that is due now, and comes back once that is recorded.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settle(&self) -> Result<()> {
        running::settle(&self.0.accounts, |workspace| self.worker(workspace)).await
    }

    fn worker(&self, workspace: WorkspaceId) -> Worker<send::MailCarrier> {
        let carrier = Arc::new(send::MailCarrier(self.clone()));
        Worker::new(
            carrier,
            workspace,
            self.0.db.clone(),
            self.0.writer.clone(),
            Arc::clone(&self.0.clock),
        )
    }

    async fn change_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        seen: &Tag,
        instead: Instead,
    ) -> Result<(), Told> {
        let seen = seen.clone();
        self.change(who, "change an email template", move |tx, who| {
            Box::pin(async move { templates::set(tx, who, of, &seen, instead).await })
        })
        .await
    }

    fn certificates(&self) -> MutexGuard<'_, HashMap<String, Bytes>> {
        self.0.certificates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self, who: &Viewer) -> Reader {
        Reader::viewer(who, self.0.clock.now())
    }

    async fn change<T, F>(&self, who: &Granted<ManageSettings>, what: &str, change: F) -> Result<T, Told>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut WriteTx, &'t Viewer) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let changed = self.0.accounts.change(who.viewer(), what, change).await;
        self.0.hurry.notify_one();
        changed
    }
}

/// Seals what is sealed here with the key that seals now.
pub(crate) async fn reseal(
    tx: &WriteTx,
    who: &Viewer,
    keys: &Keyring,
    resealed: &mut Resealed,
) -> Result<()> {
    settings::reseal(tx, who.workspace(), keys, resealed).await?;
    signing_keys::reseal(tx, who.workspace(), keys, resealed).await?;
    secret::reseal(tx, who.workspace(), keys, resealed).await
}

fn status(stored: &str) -> Result<EmailStatus> {
    EmailStatus::from_name(stored).ok_or_else(|| Error::damaged(format!("a message that is “{stored}”")))
}

fn at(stored: i64) -> Result<Timestamp> {
    crate::local_time::stored(stored)
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::Emails for Emails {
    async fn list_emails(
        &self,
        who: &Granted<ViewEmailHistory>,
        about: Option<(ObjectKind, ObjectId)>,
        query: &ObjectQuery,
    ) -> Result<EmailPage, Told> {
        let query = query.checked(&EmailFilters).map_err(unreadable)?;
        let reader = self.reader(who.viewer());
        let page = list::page(&self.0.db.read, who.workspace(), about, &query, &reader).await;
        page.map_err(outside(who.viewer()))
    }

    async fn email(&self, who: &Granted<ViewEmailHistory>, id: EmailMessageId) -> Result<EmailDetail, Told> {
        let reader = self.reader(who.viewer());
        let detail = detail::detail(&self.0.db.read, who.workspace(), id, &reader).await;
        detail.map_err(outside(who.viewer()))
    }

    async fn email_html(&self, who: &Granted<ViewEmailHistory>, id: EmailMessageId) -> Result<String, Told> {
        let db = &self.0.db.read;
        let html = async {
            let row = detail::find(db, who.workspace(), id).await?;
            let body = detail::body(db, &row).await?;
            Ok(body.and_then(|body| body.body_html).ok_or(Told::NotFound)?)
        };
        html.await.map_err(outside(who.viewer()))
    }

    async fn email_attachment(
        &self,
        who: &Granted<ViewEmailHistory>,
        _exporter: &Granted<ExportAuditLogs>,
        id: EmailMessageId,
        number: u32,
    ) -> Result<EmailFile, Told> {
        let taken = self
            .0
            .accounts
            .change(who.viewer(), "download an attachment", move |tx, who| {
                Box::pin(async move { attachments::taken(tx, who, id, number).await })
            });
        taken.await
    }

    async fn list_suppressions(
        &self,
        who: &Granted<ViewEmailHistory>,
        query: &ObjectQuery,
    ) -> Result<SuppressionPage, Told> {
        let query = query.checked(&SuppressionFilters).map_err(unreadable)?;
        let reader = self.reader(who.viewer());
        let page = suppressions::page(&self.0.db.read, who.workspace(), &query, &reader).await;
        page.map_err(outside(who.viewer()))
    }

    async fn suppress(&self, who: &Granted<ManageSettings>, address: &str, note: &str) -> Result<(), Told> {
        let (address, note) = (address.to_owned(), note.to_owned());
        self.change(who, "suppress an address", move |tx, who| {
            Box::pin(async move { suppressions::suppress(tx, who, &address, &note).await })
        })
        .await
    }

    async fn unsuppress(&self, who: &Granted<ManageSettings>, address: &str) -> Result<(), Told> {
        let address = address.to_owned();
        self.change(who, "take an address off the suppression list", move |tx, who| {
            Box::pin(async move { suppressions::unsuppress(tx, who, &address).await })
        })
        .await
    }

    async fn mail_settings(&self, who: &Granted<ManageSettings>) -> Result<MailSettings, Told> {
        let reader = self.reader(who.viewer());
        let settings = settings::shown(&self.0.db.read, who.workspace(), &reader).await;
        settings.map_err(outside(who.viewer()))
    }

    async fn set_mail_settings(
        &self,
        who: &Granted<ManageSettings>,
        seen: &Tag,
        form: MailForm,
    ) -> Result<(), Told> {
        let (seen, keys) = (seen.clone(), self.0.keys.clone());
        self.change(who, "change the mail settings", move |tx, who| {
            Box::pin(async move { settings::set(tx, who, &keys, &seen, form).await })
        })
        .await
    }

    async fn pause_mail(&self, who: &Granted<ManageSettings>) -> Result<(), Told> {
        self.change(who, "pause mail", |tx, who| Box::pin(settings::pause(tx, who)))
            .await
    }

    async fn resume_mail(&self, who: &Granted<ManageSettings>) -> Result<(), Told> {
        self.change(who, "resume mail", |tx, who| Box::pin(settings::resume(tx, who)))
            .await
    }

    async fn send_test_email(&self, who: &Granted<ManageSettings>, to: &str) -> Result<EmailMessageId, Told> {
        let to = settings::sendable(to).map_err(|reason| Told::invalid("to", reason))?;
        self.change(who, "send a test email", move |tx, who| {
            Box::pin(async move { send::test(tx, who, to).await })
        })
        .await
    }

    async fn list_providers(&self, who: &Granted<ManageSettings>) -> Result<Vec<ProviderState>, Told> {
        let reader = self.reader(who.viewer());
        let all = signing_keys::all(&self.0.db.read, who.workspace(), &reader).await;
        all.map_err(outside(who.viewer()))
    }

    async fn set_provider_key(
        &self,
        who: &Granted<ManageSettings>,
        provider: EmailProvider,
        key: NewPassword,
    ) -> Result<(), Told> {
        let keys = self.0.keys.clone();
        self.change(who, "change what a provider is checked with", move |tx, who| {
            Box::pin(async move { signing_keys::set(tx, who, &keys, provider, &key).await })
        })
        .await
    }

    async fn list_email_templates(
        &self,
        who: &Granted<ManageSettings>,
    ) -> Result<Vec<TemplateSummary>, Told> {
        let all = templates::all(&self.0.db.read, who.workspace()).await;
        all.map_err(outside(who.viewer()))
    }

    async fn email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
    ) -> Result<TemplateDetail, Told> {
        let detail = templates::detail(&self.0.db.read, who.workspace(), of).await;
        detail.map_err(outside(who.viewer()))
    }

    async fn preview_email_template(
        &self,
        _who: &Granted<ManageSettings>,
        of: MailTemplate,
        wording: &Wording,
    ) -> Result<TemplatePreview, Told> {
        templates::preview(of, wording)
    }

    async fn set_email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        seen: &Tag,
        wording: Wording,
    ) -> Result<(), Told> {
        self.change_template(who, of, seen, Instead::Own(wording)).await
    }

    async fn reset_email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        seen: &Tag,
    ) -> Result<(), Told> {
        self.change_template(who, of, seen, Instead::BuiltIn).await
    }

    async fn undo_email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        seen: &Tag,
    ) -> Result<(), Told> {
        self.change_template(who, of, seen, Instead::Earlier).await
    }

    async fn resend_email(&self, who: &Granted<ManageSettings>, id: EmailMessageId) -> Result<(), Told> {
        self.change(who, "send an email again", move |tx, who| {
            Box::pin(async move { send::resend(tx, who, id).await })
        })
        .await
    }
}
