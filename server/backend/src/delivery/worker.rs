//! Takes what is due from the outbox and has it delivered.
//!
//! In one transaction it is recorded what came of the attempts that have ended, and the next are taken: a process that is
//! killed loses no more than what it hadn't recorded. Each destination has a few attempts under way and no more, so that
//! one that is slow or dead holds nobody up but itself.

use super::outbox::{self, Due, Queue};
use crate::{
    Error, Result,
    db::Db,
    error::chain,
    writer::{WriteTx, Writer},
};
use daybook_domain::{
    id::WorkspaceId,
    time::{Clock, Timestamp},
};
use futures::{FutureExt, future::BoxFuture};
use std::{collections::HashMap, fmt, future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, watch},
    task::{JoinError, JoinSet},
};
use uuid::Uuid;

/// Attempts that are under way to one destination.
const EACH: usize = 16;
/// Attempts that are under way.
const ALL: usize = 512;
/// How often it is looked whether something has become due by itself, or was asked for in another process.
const PAUSE: Duration = Duration::from_secs(1);
/// How long attempts may go on that are under way when the process is asked to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Whether another attempt is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Never,
    At(Timestamp),
}

/// Attempts with what each needs.
pub type Jobs<J> = Vec<(Due, J)>;

/// What delivers messages of one sort.
pub trait Carrier: Send + Sync + 'static {
    /// As it stands in the outbox.
    const NAME: &'static str;
    /// What an attempt needs.
    type Job: Send + 'static;
    /// What came of it.
    type Attempted: Send + 'static;

    /// The destinations that may be sent to now.
    fn destinations(&self, workspace: WorkspaceId, now: Timestamp) -> BoxFuture<'_, Result<Vec<Uuid>>>;

    /// Reads what attempts need. Of one that can't be made there is nothing.
    fn load<'a>(&'a self, workspace: WorkspaceId, due: &'a [Due]) -> BoxFuture<'a, Result<Jobs<Self::Job>>>;

    /// Makes an attempt, in a time that is bounded.
    fn attempt(self: Arc<Self>, job: Self::Job) -> impl Future<Output = Self::Attempted> + Send;

    /// Records what came of one.
    fn record<'t>(
        &'t self,
        tx: &'t mut WriteTx,
        due: &'t Due,
        attempted: Self::Attempted,
    ) -> BoxFuture<'t, Result<Next>>;
}

/// An attempt that has ended.
type Ended<C> = (Due, <C as Carrier>::Attempted);

pub struct Worker<C: Carrier> {
    carrier: Arc<C>,
    queue: Queue,
    db: Db,
    writer: Writer,
    clock: Arc<dyn Clock>,
    under_way: JoinSet<(Due, Option<C::Attempted>)>,
    /// How many of those go to each destination.
    busy: HashMap<Uuid, usize>,
    /// Where the destinations are begun with, so that none is always the last.
    turn: usize,
}

impl<C: Carrier> fmt::Debug for Worker<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}

impl<C: Carrier> Worker<C> {
    pub fn new(
        carrier: Arc<C>,
        workspace: WorkspaceId,
        db: Db,
        writer: Writer,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let queue = Queue {
            workspace,
            carrier: C::NAME,
            leaser: writer.ids().next(),
        };
        Self {
            carrier,
            queue,
            db,
            writer,
            clock,
            under_way: JoinSet::new(),
            busy: HashMap::new(),
            turn: 0,
        }
    }

    /// Delivers until it is to stop; `hurry` says that something was asked for.
    pub async fn run(mut self, hurry: Arc<Notify>, mut stopping: watch::Receiver<bool>) {
        let mut appended = self.writer.appended();
        while !*stopping.borrow() {
            let ended = tokio::select! {
                Some(ended) = self.under_way.join_next() => self.ended(ended),
                _ = appended.changed() => Vec::new(),
                () = hurry.notified() => Vec::new(),
                () = tokio::time::sleep(PAUSE) => Vec::new(),
                _ = stopping.changed() => Vec::new(),
            };
            match self.next(ended).await {
                Ok(_) => {}
                Err(Error::Stopping) => return,
                Err(error) => {
                    tracing::warn!(error = chain(&error), carrier = C::NAME, "nothing was delivered");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        let rest = tokio::time::timeout(GRACE, self.finish()).await;
        match rest {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = chain(&error), "attempts were not recorded"),
            Err(_) => tracing::warn!(
                carrier = C::NAME,
                "some attempts didn't end in time: they are made again"
            ),
        }
    }

    /// Delivers all that is due now, and comes back once that is recorded.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settle(&mut self) -> Result<()> {
        while self.next(Vec::new()).await? > 0 || !self.under_way.is_empty() {
            self.finish().await?;
        }
        Ok(())
    }

    /// Begins what is due, and waits until it has ended, without recording it: as if the process were killed then.
    #[cfg(test)]
    pub(crate) async fn begin(&mut self) -> Result<()> {
        self.next(Vec::new()).await?;
        while self.under_way.join_next().await.is_some() {}
        Ok(())
    }

    /// Waits for what is under way and records it.
    async fn finish(&mut self) -> Result<()> {
        let mut all = Vec::new();
        while let Some(ended) = self.under_way.join_next().await {
            all.extend(self.ended(ended));
        }
        self.record(all, Vec::new()).await?;
        Ok(())
    }

    /// All attempts that have ended by now, of which this is one.
    fn ended(&mut self, first: Result<(Due, Option<C::Attempted>), JoinError>) -> Vec<Ended<C>> {
        let mut all = Vec::new();
        let mut next = Some(first);
        while let Some(ended) = next {
            match ended {
                Ok((due, attempted)) => {
                    if let Some(busy) = self.busy.get_mut(&due.destination) {
                        *busy = busy.saturating_sub(1);
                    }
                    if let Some(attempted) = attempted {
                        all.push((due, attempted));
                    } else {
                        tracing::error!(id = %due.id, carrier = C::NAME, "an attempt panicked");
                    }
                }
                Err(error) => tracing::error!(%error, carrier = C::NAME, "an attempt broke off"),
            }
            next = self.under_way.try_join_next();
        }
        self.busy.retain(|_, busy| *busy > 0);
        all
    }

    /// Records what has ended and begins what is due. How many attempts were begun.
    async fn next(&mut self, ended: Vec<Ended<C>>) -> Result<usize> {
        let open = self.open().await?;
        let destinations: Vec<_> = open.iter().map(|(destination, _)| *destination).collect();
        if ended.is_empty()
            && !self
                .queue
                .is_due(&self.db.read, &destinations, self.clock.as_ref())
                .await?
        {
            return Ok(0);
        }
        let taken = self.record(ended, open).await?;
        let jobs = self.carrier.load(self.queue.workspace, &taken).await?;
        let begun = jobs.len();
        for (due, job) in jobs {
            *self.busy.entry(due.destination).or_default() += 1;
            let attempt = Arc::clone(&self.carrier).attempt(job);
            // One that panics is made again when its lease has run out.
            self.under_way
                .spawn(async move { (due, AssertUnwindSafe(attempt).catch_unwind().await.ok()) });
        }
        Ok(begun)
    }

    /// The destinations that may be sent to, and how much to each.
    async fn open(&mut self) -> Result<Vec<(Uuid, u64)>> {
        let mut room = ALL.saturating_sub(self.under_way.len());
        if room == 0 {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let mut all = self.carrier.destinations(self.queue.workspace, now).await?;
        if !all.is_empty() {
            self.turn = (self.turn + 1) % all.len();
            all.rotate_left(self.turn);
        }
        let mut open = Vec::new();
        for destination in all {
            let busy = self.busy.get(&destination).copied().unwrap_or_default();
            let free = EACH.saturating_sub(busy).min(room);
            if free > 0 {
                room -= free;
                open.push((destination, free as u64));
            }
        }
        Ok(open)
    }

    /// Records attempts, and takes those that are due.
    async fn record(&self, ended: Vec<Ended<C>>, open: Vec<(Uuid, u64)>) -> Result<Vec<Due>> {
        if ended.is_empty() && open.is_empty() {
            return Ok(Vec::new());
        }
        let (carrier, queue) = (Arc::clone(&self.carrier), self.queue);
        self.writer
            .change(move |tx| {
                Box::pin(async move {
                    for (due, attempted) in ended {
                        match carrier.record(tx, &due, attempted).await? {
                            Next::Never => queue.done(tx.db(), due.id).await?,
                            Next::At(at) => queue.again(tx.db(), due.id, at).await?,
                        }
                    }
                    let now = tx.now();
                    let mut taken = Vec::new();
                    for (destination, free) in open {
                        taken.extend(outbox::take(tx.db(), &queue, destination, free, now).await?);
                    }
                    Ok(taken)
                })
            })
            .await
    }
}
