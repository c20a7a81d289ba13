//! Integrations: other products that get the log as it grows.
//!
//! An integration is a thing as others ([`crate::objects`]), with a secret of its own ([`secret`]). It follows the log by
//! the sequence of its records ([`state`]): the outbox's worker takes what is next ([`batch`]), has it written as the
//! product takes it ([`formats`], [`outgoing`]) and carried there ([`attempt`], [`transports`]), and notes how far it is ([`send`]). A
//! product that was away gets what it lacks, in order, as soon as it is back.
//!
//! At least once: a process that is killed between sending and noting sends the same records again, perhaps with those that
//! have come since.

mod attempt;
mod batch;
mod formats;
mod health;
mod integration;
mod outgoing;
mod records;
mod secret;
mod send;
mod state;
#[cfg(test)]
pub(crate) mod tests;
mod tidy;
mod transports;

use crate::{
    Error, Result,
    accounts::Accounts,
    db::Db,
    delivery::{connect::Dialer, guard::Guard, http::Sender, running, sealed::Keyring, worker::Worker},
    local_time::Reader,
    secrets::Resealed,
    writer::{WriteTx, Writer},
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    email::NewPassword,
    id::{ObjectId, WorkspaceId},
    integration::{StreamDetail, StreamHealth},
    object::ObjectKind,
    permission::ManageIntegrations,
    ports,
    time::{Clock, TimeBound},
    viewer::{Granted, Viewer},
};
use futures::future::BoxFuture;
use integration::Integration;
use std::{fmt, path::PathBuf, sync::Arc};
use tokio::sync::{Notify, Semaphore, watch};
use transports::syslog::{self, Connector};

/// The kind of the things that integrations are.
const KIND: ObjectKind = ObjectKind::Integration;
/// Files that are written at once.
const FILES: usize = 4;
/// The name under which is sent.
const NAME: &str = "Integrations";

/// What there is around the process.
#[derive(Debug, Clone)]
pub struct Surroundings {
    sender: Sender,
    /// What syslog is sent by, and for how long.
    connector: Connector,
    limits: syslog::Limits,
    archive: PathBuf,
    host: String,
    url: Option<String>,
}

impl Surroundings {
    /// `archive` is the folder in which archives have theirs, `host` the name of the machine, `url` where browsers reach the
    /// product, such as `https://daybook.example.org`.
    ///
    /// # Errors
    /// Where the system's certificates can't be read.
    pub fn new(
        sender: Sender,
        guard: Guard,
        archive: PathBuf,
        host: String,
        url: Option<String>,
    ) -> Result<Self, rustls::Error> {
        Ok(Self {
            sender,
            connector: Connector::new(Dialer::new(guard))?,
            limits: syslog::Limits::default(),
            archive,
            host,
            url,
        })
    }
}

/// The integrations of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Integrations(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    keys: Keyring,
    surroundings: Surroundings,
    /// Something was asked for.
    hurry: Arc<Notify>,
    /// Files that may be written at once.
    files: Arc<Semaphore>,
}

impl fmt::Debug for Integrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Integrations")
    }
}

impl Integrations {
    pub fn new(
        db: Db,
        writer: Writer,
        accounts: Accounts,
        clock: Arc<dyn Clock>,
        keys: Keyring,
        surroundings: Surroundings,
    ) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            accounts,
            clock,
            keys,
            surroundings,
            hurry: Arc::default(),
            files: Arc::new(Semaphore::new(FILES)),
        }))
    }

    /// Sends what is there to send until `stopping`; waits for the workspace where there is none yet.
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
            "attempts for integrations",
            tidy,
            stopping,
        )
        .await;
    }

    /// Sends all that is there to send now, and comes back once that is recorded.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settle(&self) -> Result<()> {
        running::settle(&self.0.accounts, |workspace| self.worker(workspace)).await
    }

    fn worker(&self, workspace: WorkspaceId) -> Worker<send::StreamCarrier> {
        let carrier = Arc::new(send::StreamCarrier(self.clone()));
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

    /// Runs a change that `who` asked for, of an integration that is there.
    async fn change<T, F>(
        &self,
        who: &Granted<ManageIntegrations>,
        what: &str,
        id: ObjectId,
        change: F,
    ) -> Result<T, Told>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut WriteTx, &'t Viewer, Integration) -> BoxFuture<'t, Result<T>>
            + Send
            + 'static,
    {
        let changed = self
            .0
            .accounts
            .change(who.viewer(), what, move |tx, who| {
                Box::pin(async move {
                    let integration = Integration::find(tx.db(), who.workspace(), id).await?;
                    change(tx, who, integration).await
                })
            })
            .await;
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
    secret::reseal(tx, who.workspace(), keys, resealed).await
}

fn outside(who: &Viewer) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&who.request().correlation_id)
}

#[async_trait]
impl ports::Integrations for Integrations {
    async fn integrations_health(
        &self,
        who: &Granted<ManageIntegrations>,
    ) -> Result<Vec<StreamHealth>, Told> {
        let all = self.health_of_all(who.viewer()).await;
        all.map_err(outside(who.viewer()))
    }

    async fn integration(
        &self,
        who: &Granted<ManageIntegrations>,
        id: ObjectId,
    ) -> Result<StreamDetail, Told> {
        let detail = self.detail(who.viewer(), id).await;
        detail.map_err(outside(who.viewer()))
    }

    async fn set_integration_secret(
        &self,
        who: &Granted<ManageIntegrations>,
        id: ObjectId,
        secret: NewPassword,
    ) -> Result<(), Told> {
        let keys = self.0.keys.clone();
        self.change(
            who,
            "set an integration's secret",
            id,
            move |tx, who, integration| {
                Box::pin(async move {
                    secret::set(tx, who, &keys, &integration, secret.reveal()).await?;
                    state::hasten(tx, who.workspace(), &integration).await
                })
            },
        )
        .await
    }

    async fn pause_integration(&self, who: &Granted<ManageIntegrations>, id: ObjectId) -> Result<(), Told> {
        self.change(who, "pause an integration", id, |tx, who, integration| {
            Box::pin(async move { state::pause(tx, who, &integration).await })
        })
        .await
    }

    async fn resume_integration(&self, who: &Granted<ManageIntegrations>, id: ObjectId) -> Result<(), Told> {
        self.change(who, "resume an integration", id, |tx, who, integration| {
            Box::pin(async move { state::resume(tx, who, &integration).await })
        })
        .await
    }

    async fn test_integration(&self, who: &Granted<ManageIntegrations>, id: ObjectId) -> Result<(), Told> {
        self.change(who, "test an integration", id, |tx, who, integration| {
            Box::pin(async move { state::test(tx, who, &integration).await })
        })
        .await
    }

    async fn recorded_since(
        &self,
        who: &Granted<ManageIntegrations>,
        id: ObjectId,
        since: TimeBound,
    ) -> Result<u64, Told> {
        let since = self.reader(who.viewer()).begins(since);
        let count = async {
            Integration::find(&self.0.db.read, who.workspace(), id).await?;
            let (_, records) = state::recorded_since(&self.0.db.read, who.workspace(), since).await?;
            Ok(records)
        };
        count.await.map_err(outside(who.viewer()))
    }

    async fn rewind_integration(
        &self,
        who: &Granted<ManageIntegrations>,
        id: ObjectId,
        since: TimeBound,
    ) -> Result<u64, Told> {
        let since = self.reader(who.viewer()).begins(since);
        self.change(who, "set an integration back", id, move |tx, who, integration| {
            Box::pin(async move { state::rewind(tx, who, &integration, since).await })
        })
        .await
    }
}
