//! Webhook endpoints: who is told of events, and what comes of it.
//!
//! An endpoint is a thing as others ([`crate::objects`]). A record that it wants to know of becomes a message in the
//! transaction that stores the record ([`fan_out`]); the outbox's worker has it sent ([`send`]), signed with the
//! endpoint's secrets ([`signing`]), until the receiver has it or it is given up; people read what came of it
//! ([`messages`]) and have it sent again ([`again`]).
//!
//! At least once: a process that is killed between sending and recording sends once more, with the same `webhook-id`.

mod again;
mod condition;
pub(crate) mod fan_out;
mod messages;
mod outgoing;
mod send;
mod signing;
#[cfg(test)]
pub(crate) mod tests;
mod tidy;

pub(crate) use signing::reseal;

use crate::{
    Error, Result,
    accounts::Accounts,
    db::Db,
    delivery::{http::Sender, running, sealed::Keyring, worker::Worker},
    local_time::Reader,
    reading::ReadLogs,
    record::own_event,
    writer::{WriteTx, Writer},
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    account::WithSecret,
    catalogue::OwnType,
    event::{EventBody, Target},
    id::{ObjectId, WebhookMessageId, WebhookSecretId, WorkspaceId},
    object::{ObjectKind, ObjectQuery, ObjectStatus},
    permission::ManageWebhooks,
    ports,
    time::{Clock, TimeBound},
    viewer::{Granted, Viewer},
    webhook::{EndpointHealth, MessageDetail, MessagePage, Signing},
};
use daybook_entity::object;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::{fmt, sync::Arc};
use tokio::sync::{Notify, watch};

/// The kind of the things that endpoints are.
const KIND: ObjectKind = ObjectKind::WebhookEndpoint;
/// The name under which messages are sent.
const NAME: &str = "Webhooks";

/// The webhooks of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Webhooks(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    accounts: Accounts,
    logs: ReadLogs,
    clock: Arc<dyn Clock>,
    keys: Keyring,
    sender: Sender,
    /// Something was asked for.
    hurry: Arc<Notify>,
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhooks")
    }
}

impl Webhooks {
    pub fn new(
        db: Db,
        writer: Writer,
        accounts: Accounts,
        logs: ReadLogs,
        clock: Arc<dyn Clock>,
        keys: Keyring,
        sender: Sender,
    ) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            accounts,
            logs,
            clock,
            keys,
            sender,
            hurry: Arc::default(),
        }))
    }

    /// Sends what is due until `stopping`; waits for the workspace where there is none yet.
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
            "messages to webhook endpoints",
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

    fn worker(&self, workspace: WorkspaceId) -> Worker<send::WebhookCarrier> {
        let carrier = Arc::new(send::WebhookCarrier(self.clone()));
        Worker::new(
            carrier,
            workspace,
            self.0.db.clone(),
            self.0.writer.clone(),
            Arc::clone(&self.0.clock),
        )
    }

    fn reader(&self, who: &Viewer) -> Reader {
        Reader::viewer(who, self.0.clock.now())
    }

    /// Runs a change that `who` asked for, of an endpoint that is there.
    async fn change<T, F>(
        &self,
        who: &Granted<ManageWebhooks>,
        what: &str,
        endpoint: ObjectId,
        change: F,
    ) -> Result<T, Told>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut WriteTx, &'t Viewer, Endpoint) -> futures::future::BoxFuture<'t, Result<T>>
            + Send
            + 'static,
    {
        let changed = self
            .0
            .accounts
            .change(who.viewer(), what, move |tx, who| {
                Box::pin(async move {
                    let endpoint = Endpoint::find(tx.db(), who.workspace(), endpoint).await?;
                    change(tx, who, endpoint).await
                })
            })
            .await;
        self.0.hurry.notify_one();
        changed
    }
}

/// An endpoint as it is stored.
#[derive(Debug, Clone)]
struct Endpoint {
    id: ObjectId,
    name: String,
    url: String,
    status: ObjectStatus,
}

impl Endpoint {
    fn of(row: &object::Model) -> Result<Self> {
        let values: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&row.properties).map_err(Error::damaged)?;
        let url = values.get("url").and_then(serde_json::Value::as_str);
        Ok(Self {
            id: ObjectId(row.id),
            name: row.name.clone(),
            url: url.unwrap_or_default().to_owned(),
            status: ObjectStatus::from_name(&row.status)
                .ok_or_else(|| Error::damaged(format!("the status “{}”", row.status)))?,
        })
    }

    /// Scheme, host and port of where it is.
    fn origin(&self) -> String {
        let url = reqwest::Url::parse(&self.url);
        url.map_or_else(|_| self.url.clone(), |url| url.origin().ascii_serialization())
    }

    /// `NotFound` where there is none.
    async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId, id: ObjectId) -> Result<Self> {
        let row = object::Entity::find_by_id((workspace.0, id.0))
            .filter(object::Column::Kind.eq(KIND.name()))
            .one(db)
            .await?;
        Self::of(&row.ok_or(Told::NotFound)?)
    }

    fn target(&self) -> Target {
        Target::new(KIND.name(), self.id.to_string(), &self.name)
    }

    /// A record about it, with its sentence.
    fn event(&self, of: OwnType, who: &Viewer, tx: &WriteTx, summary: String) -> EventBody {
        let mut event = own_event(of, who, tx);
        event.summary = Some(summary);
        event.targets = vec![self.target()];
        event
    }
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::Webhooks for Webhooks {
    async fn list_messages(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        query: &ObjectQuery,
    ) -> Result<MessagePage, Told> {
        let page = self.page(who.viewer(), endpoint, query).await;
        page.map_err(outside(who.viewer()))
    }

    async fn message(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        id: WebhookMessageId,
    ) -> Result<MessageDetail, Told> {
        let detail = self.detail(who.viewer(), endpoint, id).await;
        detail.map_err(outside(who.viewer()))
    }

    async fn endpoint_health(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
    ) -> Result<EndpointHealth, Told> {
        let health = self.health(who.viewer(), endpoint).await;
        health.map_err(outside(who.viewer()))
    }

    async fn signing(&self, who: &Granted<ManageWebhooks>, endpoint: ObjectId) -> Result<Signing, Told> {
        let signing = async {
            Endpoint::find(&self.0.db.read, who.workspace(), endpoint).await?;
            signing::state(
                &self.0.db.read,
                who.workspace(),
                endpoint,
                &self.reader(who.viewer()),
            )
            .await
        };
        signing.await.map_err(outside(who.viewer()))
    }

    async fn add_secret(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
    ) -> Result<WithSecret<Signing>, Told> {
        let keys = self.0.keys.clone();
        self.change(who, "add a signing secret", endpoint, move |tx, who, endpoint| {
            Box::pin(async move { signing::add(tx, who, &keys, &endpoint).await })
        })
        .await
    }

    async fn remove_secret(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        secret: WebhookSecretId,
    ) -> Result<(), Told> {
        self.change(
            who,
            "remove a signing secret",
            endpoint,
            move |tx, who, endpoint| {
                Box::pin(async move { signing::remove(tx, who, &endpoint, secret).await })
            },
        )
        .await
    }

    async fn set_header(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        name: &str,
        value: &str,
    ) -> Result<(), Told> {
        let header = signing::Header::parse(name, value)?;
        let keys = self.0.keys.clone();
        self.change(who, "set a header", endpoint, move |tx, who, endpoint| {
            Box::pin(async move { signing::set_header(tx, who, &keys, &endpoint, header).await })
        })
        .await
    }

    async fn remove_header(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        name: &str,
    ) -> Result<(), Told> {
        let name = name.to_owned();
        self.change(who, "remove a header", endpoint, move |tx, who, endpoint| {
            Box::pin(async move { signing::remove_header(tx, who, &endpoint, &name).await })
        })
        .await
    }

    async fn pause_endpoint(&self, who: &Granted<ManageWebhooks>, endpoint: ObjectId) -> Result<(), Told> {
        self.change(who, "pause a webhook endpoint", endpoint, |tx, who, endpoint| {
            Box::pin(async move { condition::pause(tx, who, &endpoint).await })
        })
        .await
    }

    async fn resume_endpoint(&self, who: &Granted<ManageWebhooks>, endpoint: ObjectId) -> Result<(), Told> {
        self.change(who, "resume a webhook endpoint", endpoint, |tx, who, endpoint| {
            Box::pin(async move { condition::resume(tx, who, &endpoint).await })
        })
        .await
    }

    async fn send_test(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
    ) -> Result<WebhookMessageId, Told> {
        self.change(who, "send a test event", endpoint, |tx, who, endpoint| {
            Box::pin(async move { again::test(tx, who, &endpoint).await })
        })
        .await
    }

    async fn resend_message(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        id: WebhookMessageId,
    ) -> Result<(), Told> {
        self.change(who, "send a message again", endpoint, move |tx, who, endpoint| {
            Box::pin(async move { again::resend(tx, who, &endpoint, id).await })
        })
        .await
    }

    async fn recoverable(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        since: TimeBound,
    ) -> Result<u64, Told> {
        let since = self.reader(who.viewer()).begins(since);
        let count = async {
            Endpoint::find(&self.0.db.read, who.workspace(), endpoint).await?;
            again::recoverable(&self.0.db.read, who.workspace(), endpoint, since).await
        };
        count.await.map_err(outside(who.viewer()))
    }

    async fn recover_messages(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        since: TimeBound,
    ) -> Result<u64, Told> {
        let since = self.reader(who.viewer()).begins(since);
        self.change(who, "recover messages", endpoint, move |tx, who, endpoint| {
            Box::pin(async move { again::recover(tx, who, &endpoint, since).await })
        })
        .await
    }
}
