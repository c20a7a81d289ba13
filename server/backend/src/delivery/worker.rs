//! Takes what is due from the outbox and has it delivered.
//!
//! What came of attempts is recorded as they end, and the next are taken: a process that is killed loses no more than what
//! it hadn't recorded. One that can't be recorded takes nothing else with it. Each destination has a few attempts under way
//! and no more, so that one that is slow or dead holds nobody up but itself.

use super::outbox::{Due, Queue, Taken};
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
use futures::{
    FutureExt,
    future::{BoxFuture, join_all},
};
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

/// What attempts need, in the order in which it was asked for.
pub type Jobs<J> = Vec<J>;

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

    /// Reads what attempts need. One that can't be made has a job that says so.
    fn load<'a>(
        &'a self,
        workspace: WorkspaceId,
        due: &'a [&'a Due],
    ) -> BoxFuture<'a, Result<Jobs<Self::Job>>>;

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
type Ended<C> = (Taken, <C as Carrier>::Attempted);

pub struct Worker<C: Carrier> {
    carrier: Arc<C>,
    queue: Queue,
    db: Db,
    writer: Writer,
    clock: Arc<dyn Clock>,
    under_way: JoinSet<(Taken, Option<C::Attempted>)>,
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
        loop {
            let ended = tokio::select! {
                Some(ended) = self.under_way.join_next() => self.ended(ended),
                changed = appended.changed() => match changed {
                    Ok(()) => Vec::new(),
                    // There is no writer any more.
                    Err(_) => return,
                },
                () = hurry.notified() => Vec::new(),
                () = tokio::time::sleep(PAUSE) => Vec::new(),
                _ = stopping.changed() => Vec::new(),
            };
            self.record(ended).await;
            if *stopping.borrow() {
                break;
            }
            match self.next().await {
                Ok(_) => {}
                Err(Error::Stopping) => return,
                Err(error) => {
                    tracing::warn!(error = chain(&error), carrier = C::NAME, "nothing was delivered");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
        let rest = tokio::time::timeout(GRACE, self.finish()).await;
        if rest.is_err() {
            tracing::warn!(
                carrier = C::NAME,
                "some attempts didn't end in time: they are made again"
            );
        }
    }

    /// Delivers all that is due now, and comes back once that is recorded.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settle(&mut self) -> Result<()> {
        while self.next().await? > 0 || !self.under_way.is_empty() {
            self.finish().await;
        }
        Ok(())
    }

    /// Begins what is due, and waits until it has ended, without recording it: as if the process were killed then.
    #[cfg(test)]
    pub(crate) async fn begin(&mut self) -> Result<()> {
        self.next().await?;
        while self.under_way.join_next().await.is_some() {}
        Ok(())
    }

    /// Begins what is due, and waits until it has ended: it is recorded with what is begun next.
    #[cfg(test)]
    pub(crate) async fn hold(&mut self) -> Result<()> {
        self.next().await?;
        let mut ended = Vec::new();
        while let Some(each) = self.under_way.join_next().await {
            ended.extend(each);
        }
        for (taken, attempted) in ended {
            self.under_way.spawn(async move { (taken, attempted) });
        }
        Ok(())
    }

    /// Records what is under way as it ends.
    async fn finish(&mut self) {
        while let Some(ended) = self.under_way.join_next().await {
            let ended = self.ended(ended);
            self.record(ended).await;
        }
    }

    /// All attempts that have ended by now, of which this is one.
    fn ended(&mut self, first: Result<(Taken, Option<C::Attempted>), JoinError>) -> Vec<Ended<C>> {
        let mut all = Vec::new();
        let mut next = Some(first);
        while let Some(ended) = next {
            match ended {
                Ok((taken, attempted)) => {
                    if let Some(busy) = self.busy.get_mut(&taken.due.destination) {
                        *busy = busy.saturating_sub(1);
                    }
                    if let Some(attempted) = attempted {
                        all.push((taken, attempted));
                    } else {
                        tracing::error!(id = %taken.due.id, carrier = C::NAME, "an attempt panicked");
                    }
                }
                Err(error) => tracing::error!(%error, carrier = C::NAME, "an attempt broke off"),
            }
            next = self.under_way.try_join_next();
        }
        self.busy.retain(|_, busy| *busy > 0);
        all
    }

    /// Begins what is due. How many attempts.
    async fn next(&mut self) -> Result<usize> {
        let open = self.open().await?;
        if open.is_empty() {
            return Ok(0);
        }
        let (queue, lease) = (self.queue, self.writer.ids().next());
        let taken = self.writer.change(move |tx| {
            Box::pin(async move {
                let now = tx.now();
                let mut taken = Vec::new();
                for (destination, free) in open {
                    taken.extend(queue.take(tx.db(), destination, free, lease, now).await?);
                }
                Ok(taken)
            })
        });
        let taken: Vec<Taken> = taken.await?;
        let due: Vec<_> = taken.iter().map(|taken| &taken.due).collect();
        let jobs = self.carrier.load(self.queue.workspace, &due).await?;
        let begun = jobs.len();
        for (taken, job) in taken.into_iter().zip(jobs) {
            *self.busy.entry(taken.due.destination).or_default() += 1;
            let attempt = Arc::clone(&self.carrier).attempt(job);
            // One that panics is made again when its lease has run out.
            self.under_way
                .spawn(async move { (taken, AssertUnwindSafe(attempt).catch_unwind().await.ok()) });
        }
        Ok(begun)
    }

    /// The destinations that may be sent to and for which something is due, and how much to each.
    async fn open(&mut self) -> Result<Vec<(Uuid, u64)>> {
        let mut room = ALL.saturating_sub(self.under_way.len());
        if room == 0 {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let mut all = self.carrier.destinations(self.queue.workspace, now).await?;
        all.retain(|destination| self.busy.get(destination).is_none_or(|busy| *busy < EACH));
        let mut all = self.queue.with_due(&self.db.read, all, now).await?;
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

    /// Records attempts. The writer takes them together; one that can't be recorded is made again when its lease has run
    /// out.
    async fn record(&self, ended: Vec<Ended<C>>) {
        let each = ended.into_iter().map(|(taken, attempted)| {
            let (carrier, queue) = (Arc::clone(&self.carrier), self.queue);
            self.writer.change(move |tx| {
                Box::pin(async move {
                    // In the order in which all take their locks.
                    crate::accounts::lock(tx, queue.workspace).await?;
                    if !queue.is_held(tx.db(), &taken).await? {
                        // Somebody else has made it since, who records it.
                        return Ok(());
                    }
                    match carrier.record(tx, &taken.due, attempted).await? {
                        Next::Never => queue.done(tx.db(), &taken).await,
                        Next::At(at) => queue.again(tx.db(), &taken, at).await,
                    }
                })
            })
        });
        for error in join_all(each).await.into_iter().filter_map(Result::err) {
            tracing::warn!(
                error = chain(&error),
                carrier = C::NAME,
                "an attempt was not recorded"
            );
        }
    }
}
