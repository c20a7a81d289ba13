//! The single writer. Every change of the database goes through one task, which lets many callers share one
//! transaction and one flush to disk (group commit): the answer leaves after the commit, and a hundred concurrent
//! requests cost about as much as one.
//!
//! Two kinds of work come in: appending events ([`Writer::append`]), and changes ([`Writer::change`]), closures that
//! run in a savepoint of their own where they share the transaction, so that one that fails takes nothing else with it.
//! The events a change records are appended in the same transaction.
//!
//! A group that can't be committed (disk full, database away) fails as a whole and every caller is told; nothing
//! was acknowledged, and the next group starts afresh, so the writer recovers by itself.

use crate::{
    Error, Result,
    db::Db,
    fresh::Fresh,
    store::append::{self, Appended, NewEvent},
};
use daybook_domain::{
    event::{EventBody, MAX_CHANGES, MAX_EVENT_BYTES},
    id::{EventId, IdMaker, WorkspaceId},
    time::{Clock, Timestamp},
};
use futures::{FutureExt, future::BoxFuture};
use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::{fmt, panic::AssertUnwindSafe, sync::Arc};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

/// Most pieces of work in one transaction.
const GROUP: usize = 256;
/// Events after which a group is closed: bounds how long the first caller waits.
const GROUP_EVENTS: usize = 20_000;
/// Events after which SQLite's log is folded back.
const FOLDED: u64 = 2_000;
/// Work waiting; past it callers wait to hand in theirs.
const QUEUE: usize = 1024;

/// A handle to the writer task; cheap to clone. The task ends when the last handle is gone.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    ids: Arc<dyn IdMaker>,
    appended: watch::Receiver<u64>,
    fresh: Fresh,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

/// What a change works with: a transaction, the time of the transaction, and the list of events that will be stored
/// with it.
pub struct WriteTx {
    tx: DatabaseTransaction,
    now: Timestamp,
    ids: Arc<dyn IdMaker>,
    events: Vec<Result<(WorkspaceId, NewEvent)>>,
}

impl fmt::Debug for WriteTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteTx")
            .field("now", &self.now)
            .field("events", &self.events.len())
            .finish_non_exhaustive()
    }
}

impl WriteTx {
    /// The connection to read and write with.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.tx
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What this change makes and records happened then: the demo tells of the past.
    pub(crate) fn tells_of(&mut self, at: Timestamp) {
        self.now = at;
    }

    pub fn new_id(&self) -> uuid::Uuid {
        self.ids.next()
    }

    /// Stores an event with this change. Most changes call [`crate::record`] instead, which compares before and
    /// after.
    pub fn record(&mut self, workspace: WorkspaceId, event: EventBody) {
        let event = own(self.ids.as_ref(), event);
        self.events.push(event.map(|event| (workspace, event)));
    }

    /// Stores events with this change that were made with [`own`] and [`Self::ids`].
    pub(crate) fn record_made(&mut self, workspace: WorkspaceId, events: Vec<NewEvent>) {
        self.events
            .extend(events.into_iter().map(|event| Ok((workspace, event))));
    }

    /// How many events will be stored with this change, so far.
    pub(crate) fn recorded(&self) -> usize {
        self.events.len()
    }

    pub(crate) fn ids(&self) -> Arc<dyn IdMaker> {
        Arc::clone(&self.ids)
    }
}

/// An event of the product's own on its way in.
///
/// # Errors
/// Where it is larger than what anybody else may send: an export couldn't be imported again.
pub(crate) fn own(ids: &dyn IdMaker, body: EventBody) -> Result<NewEvent> {
    let event = NewEvent::own(EventId(ids.next()), body)?;
    match (event.size(), event.body.changes.len()) {
        (..=MAX_EVENT_BYTES, ..=MAX_CHANGES) => Ok(event),
        (bytes, changes) => Err(Error::damaged(format!(
            "a record of {bytes} bytes and {changes} changes"
        ))),
    }
}

impl Writer {
    /// Starts the writer task.
    pub fn start(db: &Db, clock: Arc<dyn Clock>, ids: Arc<dyn IdMaker>) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (commits, appended) = watch::channel(0);
        let fresh = Fresh::default();
        let worker = Worker {
            db: db.clone(),
            clock,
            ids: Arc::clone(&ids),
            commits,
            fresh: fresh.clone(),
            unfolded: 0,
            folding: None,
        };
        tokio::spawn(worker.run(jobs));
        Self {
            queue,
            ids,
            appended,
            fresh,
        }
    }

    /// Changes whenever this process has appended to a log.
    pub fn appended(&self) -> watch::Receiver<u64> {
        self.appended.clone()
    }

    /// What this process has appended lately, for who comes first.
    pub(crate) fn fresh(&self) -> &Fresh {
        &self.fresh
    }

    /// The maker of ids for what is handed in.
    pub fn ids(&self) -> &dyn IdMaker {
        self.ids.as_ref()
    }

    /// Runs `change` and answers after the commit. The closure may run only once; an error rolls back what it did and
    /// what it recorded.
    ///
    /// # Errors
    /// The closure's own, or `Shared` where the transaction failed.
    pub async fn change<T, F>(&self, change: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.hand_in(Box::new(ChangeJob {
            change: Some(change),
            result: None,
            reply,
        }))
        .await?;
        answer.await.map_err(|_| Error::Stopping)?
    }

    /// Appends events to a workspace's log and answers after the commit.
    ///
    /// # Errors
    /// `Shared` where the transaction failed: nothing of the batch was stored.
    pub async fn append(
        &self,
        workspace: WorkspaceId,
        events: Vec<NewEvent>,
        atomic: bool,
    ) -> Result<Appended> {
        let (reply, answer) = oneshot::channel();
        self.hand_in(Box::new(AppendJob {
            workspace,
            events,
            atomic,
            result: Appended::default(),
            reply,
        }))
        .await?;
        answer.await.map_err(|_| Error::Stopping)?
    }

    async fn hand_in(&self, job: Box<dyn Job>) -> Result<()> {
        self.queue.send(job).await.map_err(|_| Error::Stopping)
    }
}

/// Events of one group on their way into the log, with the job each came from.
pub(crate) struct Pending {
    pub job: usize,
    pub workspace: WorkspaceId,
    pub events: Vec<NewEvent>,
    pub atomic: bool,
}

/// Events to append, of one workspace, and whether all of them or none.
type Batch = (WorkspaceId, Vec<NewEvent>, bool);

/// A piece of work. `run` happens inside the transaction, `finish` after its end.
trait Job: Send {
    /// How many events it brings, as far as is known.
    fn weight(&self) -> usize;
    /// Hands the transaction back, or nothing where it was all its own and it has ended it.
    fn run<'t>(
        &'t mut self,
        tx: DatabaseTransaction,
        alone: bool,
        worker: &'t Worker,
        now: Timestamp,
    ) -> BoxFuture<'t, Result<(Option<DatabaseTransaction>, Vec<Batch>)>>;
    fn appended(&mut self, _outcome: Appended) {}
    fn finish(self: Box<Self>, outcome: Result<(), Arc<Error>>);
}

struct ChangeJob<T, F> {
    change: Option<F>,
    result: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> ChangeJob<T, F>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T>> + Send + 'static,
{
    /// What the change did in its transaction, and what it recorded there; `None` where it is to be undone.
    async fn apply(
        &mut self,
        tx: DatabaseTransaction,
        worker: &Worker,
        now: Timestamp,
    ) -> (DatabaseTransaction, Option<Vec<Batch>>) {
        let mut write = WriteTx {
            tx,
            now,
            ids: Arc::clone(&worker.ids),
            events: Vec::new(),
        };
        let outcome = match self.change.take() {
            // A panic in one change must not end the writer for all.
            Some(change) => AssertUnwindSafe(change(&mut write))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Error::damaged("a change panicked"))),
            None => Err(Error::damaged("a change was run twice")),
        };
        let WriteTx { tx, events, .. } = write;
        let done = outcome.and_then(|value| {
            let mut batches: Vec<Batch> = Vec::new();
            for event in events {
                let (workspace, event) = event?;
                match batches.last_mut() {
                    Some((of, events, _)) if *of == workspace => events.push(event),
                    _ => batches.push((workspace, vec![event], false)),
                }
            }
            Ok((value, batches))
        });
        let (result, batches) = match done {
            Ok((value, batches)) => (Ok(value), Some(batches)),
            Err(error) => (Err(error), None),
        };
        self.result = Some(result);
        (tx, batches)
    }
}

impl<T, F> Job for ChangeJob<T, F>
where
    T: Send + 'static,
    F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T>> + Send + 'static,
{
    fn weight(&self) -> usize {
        1
    }

    fn run<'t>(
        &'t mut self,
        tx: DatabaseTransaction,
        alone: bool,
        worker: &'t Worker,
        now: Timestamp,
    ) -> BoxFuture<'t, Result<(Option<DatabaseTransaction>, Vec<Batch>)>> {
        Box::pin(async move {
            // A savepoint keeps what every page was before: alone, the transaction does.
            let (outer, own) = if alone {
                (None, tx)
            } else {
                let savepoint = tx.begin().await?;
                (Some(tx), savepoint)
            };
            let (own, batches) = self.apply(own, worker, now).await;
            let Some(batches) = batches else {
                own.rollback().await?;
                return Ok((outer, Vec::new()));
            };
            match outer {
                Some(outer) => {
                    own.commit().await?;
                    Ok((Some(outer), batches))
                }
                None => Ok((Some(own), batches)),
            }
        })
    }

    fn finish(self: Box<Self>, outcome: Result<(), Arc<Error>>) {
        let Self { result, reply, .. } = *self;
        let result = match (outcome, result) {
            // What the change itself refused stays its own answer, also where the group failed.
            (_, Some(Err(error))) => Err(error),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), None) => Err(Error::Stopping),
            (Err(error), _) => Err(Error::Shared(error)),
        };
        // The caller may have gone away; the change stands all the same.
        let _gone = reply.send(result);
    }
}

struct AppendJob {
    workspace: WorkspaceId,
    events: Vec<NewEvent>,
    atomic: bool,
    result: Appended,
    reply: oneshot::Sender<Result<Appended>>,
}

impl Job for AppendJob {
    fn weight(&self) -> usize {
        self.events.len()
    }

    fn run<'t>(
        &'t mut self,
        tx: DatabaseTransaction,
        _alone: bool,
        _worker: &'t Worker,
        _now: Timestamp,
    ) -> BoxFuture<'t, Result<(Option<DatabaseTransaction>, Vec<Batch>)>> {
        let events = std::mem::take(&mut self.events);
        let batch = (self.workspace, events, self.atomic);
        Box::pin(std::future::ready(Ok((Some(tx), vec![batch]))))
    }

    fn appended(&mut self, outcome: Appended) {
        self.result = outcome;
    }

    fn finish(self: Box<Self>, outcome: Result<(), Arc<Error>>) {
        let Self { result, reply, .. } = *self;
        let _gone = reply.send(outcome.map(|()| result).map_err(Error::Shared));
    }
}

struct Worker {
    db: Db,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdMaker>,
    /// Counts the commits that appended.
    commits: watch::Sender<u64>,
    fresh: Fresh,
    /// Events that have been appended since SQLite's log was last folded back.
    unfolded: u64,
    folding: Option<JoinHandle<()>>,
}

impl Worker {
    async fn run(mut self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        while let Some(first) = jobs.recv().await {
            let mut weight = first.weight();
            let mut group = vec![first];
            while group.len() < GROUP && weight < GROUP_EVENTS {
                let Ok(job) = jobs.try_recv() else { break };
                weight += job.weight();
                group.push(job);
            }
            let outcome = self.commit(&mut group).await.map_err(Arc::new);
            match &outcome {
                Ok(appended) => self.fold_back_after(*appended),
                Err(error) => {
                    let error = crate::error::chain(error.as_ref());
                    tracing::error!(error, work = group.len(), "nothing written");
                }
            }
            let outcome = outcome.map(drop);
            for job in group {
                job.finish(outcome.clone());
            }
        }
    }

    fn fold_back_after(&mut self, appended: u64) {
        self.unfolded += appended;
        if self.unfolded < FOLDED || self.folding.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        self.unfolded = 0;
        let db = self.db.clone();
        self.folding = Some(tokio::spawn(async move {
            if let Err(error) = db.fold_back().await {
                tracing::warn!(error = crate::error::chain(&error), "the log wasn't folded back");
            }
        }));
    }

    /// How many events were appended.
    async fn commit(&self, group: &mut [Box<dyn Job>]) -> Result<u64> {
        let options = TransactionOptions {
            // Takes SQLite's write lock at once: a lock taken halfway can't be waited for.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let mut tx = self.db.write.begin_with_options(options).await?;
        let now = self.clock.now();
        let mut pending = Vec::new();
        let alone = group.len() == 1;
        for (job, work) in group.iter_mut().enumerate() {
            let (open, batches) = work.run(tx, alone, self, now).await?;
            let Some(open) = open else { return Ok(0) };
            tx = open;
            pending.extend(batches.into_iter().map(|(workspace, events, atomic)| Pending {
                job,
                workspace,
                events,
                atomic,
            }));
        }
        let mut accepted = 0;
        let append::Outcome { jobs, stored } = append::append(&tx, pending, self.ids.as_ref(), now).await?;
        for (job, outcome) in jobs {
            accepted += outcome.accepted;
            if let Some(work) = group.get_mut(job) {
                work.appended(outcome);
            }
        }
        tx.commit().await?;
        if accepted > 0 {
            self.fresh.put(stored);
            self.commits.send_modify(|count| *count += 1);
        }
        Ok(accepted)
    }
}
