//! Keeps the index up to the log: reads new records into memory, chunk by chunk, seals every four chunks into a
//! segment in the database, and puts every 32 of those together into one.
//!
//! What a reader gets ([`EventIndex::snapshot`]) covers every record that was committed before it asked; only the
//! sealing is left to the background, so an index that lags costs memory and not completeness. Several processes may
//! keep the same index: a segment's key admits one of them, the others find it done.

use super::{
    chunk,
    log_index::{LogIndex, SEALED_RECORDS, Segment, fill},
    merge::merge,
    segment::{Builder, Whole},
    stored::{self, Address, Level},
    view::Caches,
};
use crate::{Error, Result, db::Db, writer::Writer};
use daybook_domain::id::WorkspaceId;
use daybook_entity::event_head;
use sea_orm::{EntityTrait, QuerySelect};
use std::{collections::HashMap, fmt, sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// Chunks of a sealed segment.
const SEALED_CHUNKS: usize = 4;
const _: () = assert!(SEALED_CHUNKS * chunk::RECORDS == 4096 && SEALED_RECORDS == 4096);
/// Sealed segments of a merged one.
const MERGED: i64 = 32;
/// Records a reader may find missing; with more, the index is being built, and the reader is told so.
const LAG: i64 = 64 * 1024;
/// Bytes of parts written by one transaction: bounds how long an append waits for it.
const WRITTEN_BYTES: usize = 2 * 1024 * 1024;
/// How often it is looked whether other processes appended.
const IDLE: Duration = Duration::from_secs(5);

/// The index of all logs. Cheap to clone.
#[derive(Clone)]
pub struct EventIndex {
    pub(super) db: Db,
    merged: i64,
    /// Held by who seals and merges.
    keeping: Arc<Mutex<()>>,
    logs: Arc<Mutex<HashMap<WorkspaceId, Arc<Mutex<LogIndex>>>>>,
    pub(super) caches: Arc<Caches>,
}

impl fmt::Debug for EventIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventIndex")
    }
}

impl EventIndex {
    pub fn new(db: Db) -> Self {
        Self {
            db,
            merged: MERGED,
            keeping: Arc::default(),
            logs: Arc::default(),
            caches: Arc::default(),
        }
    }

    /// With another number of segments put together at once: a test has fewer records.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn merging(self, merged: i64) -> Self {
        Self { merged, ..self }
    }

    async fn log(&self, workspace: WorkspaceId) -> Arc<Mutex<LogIndex>> {
        Arc::clone(self.logs.lock().await.entry(workspace).or_default())
    }

    /// Segments that cover every record committed so far, in order.
    ///
    /// # Errors
    /// `Unavailable` while the index of an old log is being built.
    pub async fn snapshot(&self, workspace: WorkspaceId) -> Result<Vec<Arc<Segment>>> {
        let log = self.log(workspace).await;
        let mut log = log.lock().await;
        let last = log.refresh(&self.db, workspace).await?;
        if last - log.end() > LAG {
            return Err(Error::Indexing {
                done: log.end() - 1,
                of: last,
            });
        }
        log.catch_up(&self.db, workspace, last).await?;
        Ok(log.segments())
    }

    /// Takes over what was just appended; seals and merges until nothing is left to do. What the background does all the
    /// time; tests call it.
    pub async fn settle(&self, writer: &Writer) -> Result<()> {
        let _keeping = self.keeping.lock().await;
        for run in writer.fresh().take() {
            let log = self.log(run.workspace).await;
            let before = run.begin() - 1;
            {
                let mut log = log.lock().await;
                log.refresh(&self.db, run.workspace).await?;
                if before - log.end() < SEALED_RECORDS {
                    log.catch_up(&self.db, run.workspace, before).await?;
                }
            }
            let mut events = run.events.as_slice();
            while !events.is_empty() {
                events = log.lock().await.learn(events)?;
                // Readers wait for the log, and others for the thread.
                tokio::task::yield_now().await;
            }
        }
        let workspaces: Vec<uuid::Uuid> = event_head::Entity::find()
            .select_only()
            .column(event_head::Column::WorkspaceId)
            .into_tuple()
            .all(&self.db.read)
            .await?;
        for workspace in workspaces.into_iter().map(WorkspaceId) {
            // In turns: a question to a thousand small segments is a slow one.
            while self.seal(workspace, writer).await? | self.merge(workspace, writer).await? {}
        }
        Ok(())
    }

    /// Keeps the index in the background until the writer is gone.
    pub fn start(&self, writer: &Writer) {
        let (index, writer) = (self.clone(), writer.clone());
        let mut appended = writer.appended();
        tokio::spawn(async move {
            loop {
                if let Err(error) = index.settle(&writer).await {
                    if matches!(error, Error::Stopping) {
                        return;
                    }
                    tracing::warn!(error = %crate::error::chain(&error), "the log's index was not kept");
                }
                // Whatever comes first: an append of this process, or the time to look for those of others.
                let _ = tokio::time::timeout(IDLE, appended.changed()).await;
            }
        });
    }

    /// Seals one segment, where its records are there. Says whether it did.
    async fn seal(&self, workspace: WorkspaceId, writer: &Writer) -> Result<bool> {
        let log = self.log(workspace).await;
        let sources = {
            let mut log = log.lock().await;
            let last = log.refresh(&self.db, workspace).await?;
            let full = log.stored_end() + SEALED_RECORDS - 1;
            if last < full {
                return Ok(false);
            }
            log.catch_up(&self.db, workspace, full).await?;
            log.full.iter().take(SEALED_CHUNKS).cloned().collect::<Vec<_>>()
        };
        let Some(first) = sources.first().map(|segment| segment.first) else {
            return Ok(false);
        };
        let as_of = sources
            .iter()
            .map(|source| source.as_of)
            .min()
            .unwrap_or_default();
        let at = Address::new(first, Level::Sealed);
        let whole = put_together(sources.iter().filter_map(|source| source.whole()).collect()).await?;
        self.store(workspace, writer, at, (whole, as_of), Vec::new())
            .await
    }

    /// Puts one run of sealed segments together, where it is complete. Says whether it did.
    async fn merge(&self, workspace: WorkspaceId, writer: &Writer) -> Result<bool> {
        let log = self.log(workspace).await;
        let mergeable = {
            let mut log = log.lock().await;
            log.refresh(&self.db, workspace).await?;
            log.mergeable(self.merged).map(|(at, sources)| {
                let of =
                    |(at, segment): &(Address, Arc<Segment>)| sources.contains(at).then_some(segment.as_of);
                let as_of = log.stored.iter().filter_map(of).min();
                (at, sources, as_of.unwrap_or_default())
            })
        };
        let Some((at, sources, as_of)) = mergeable else {
            return Ok(false);
        };
        let mut wholes = Vec::with_capacity(sources.len());
        for source in &sources {
            let whole = stored::whole(&self.db.read, workspace, *source).await?;
            // Another process was faster.
            let Some(whole) = whole else { return Ok(false) };
            wholes.push(Arc::new(whole));
        }
        let whole = put_together(wholes).await?;
        self.store(workspace, writer, at, (whole, as_of), sources).await
    }

    /// Makes the segments anew that still hold something of records that are gone, from the records that are there.
    pub async fn forget_removed(&self, workspace: WorkspaceId, writer: &Writer) -> Result<()> {
        let _keeping = self.keeping.lock().await;
        let log = self.log(workspace).await;
        loop {
            let (stale, removed) = {
                let mut log = log.lock().await;
                log.refresh(&self.db, workspace).await?;
                (log.stale(), log.removed.clone())
            };
            let Some((at, segment)) = stale else {
                return Ok(());
            };
            let mut chunks = Vec::new();
            for first in (segment.first..segment.end()).step_by(chunk::RECORDS) {
                let mut chunk = Builder::default();
                let until = segment.end().min(first + chunk::SEQUENCES);
                let gone = removed.among(first, chunk::NUMBERS);
                fill(&mut chunk, first, until, &gone, &self.db, workspace).await?;
                chunks.push(Arc::new(chunk.segment()));
            }
            let whole = put_together(chunks).await?;
            let anew = (whole, removed.removal());
            self.store(workspace, writer, at.next_edition(), anew, vec![at])
                .await?;
        }
    }

    /// Stores a segment in place of others. Several transactions, the last but the removal puts it to use.
    async fn store(
        &self,
        workspace: WorkspaceId,
        writer: &Writer,
        at: Address,
        (whole, as_of): (Whole, i64),
        instead_of: Vec<Address>,
    ) -> Result<bool> {
        let mut parts: Vec<_> = whole.parts().map(|(part, bytes)| (part, bytes.clone())).collect();
        let total = parts.len() as u64;
        // What a process that died on the way left behind.
        let mut leftovers = true;
        while !parts.is_empty() || leftovers {
            let mut bytes = 0;
            let some = parts.iter().take_while(|(_, part)| {
                let fits = bytes == 0 || bytes + part.len() <= WRITTEN_BYTES;
                bytes += part.len();
                fits
            });
            let count = some.count();
            let some: Vec<_> = parts.drain(..count).collect();
            let remove = std::mem::take(&mut leftovers);
            let head = parts.is_empty().then(|| whole.head.clone());
            let sources = instead_of.clone();
            let written = writer
                .change(move |tx| {
                    Box::pin(async move {
                        if stored::head(tx.db(), workspace, at).await?.is_some() {
                            return Ok(false);
                        }
                        if remove {
                            stored::remove_parts(tx, workspace, at).await?;
                        }
                        stored::write_parts(tx, workspace, at, &some).await?;
                        if let Some(head) = head {
                            // Two processes at the same segment write the same parts, but one may have taken those
                            // of the other for leftovers.
                            if stored::count_parts(tx, workspace, at).await? != total {
                                return Err(Error::Moved);
                            }
                            stored::put_to_use(tx, workspace, at, &head, as_of).await?;
                            for source in sources {
                                stored::put_out_of_use(tx, workspace, source).await?;
                            }
                        }
                        Ok(true)
                    })
                })
                .await?;
            if !written {
                // Another process has it.
                return Ok(true);
            }
        }
        for source in instead_of {
            writer
                .change(move |tx| Box::pin(async move { stored::remove_parts(tx, workspace, source).await }))
                .await?;
        }
        Ok(true)
    }
}

/// Work for a processor, away from the threads that answer.
async fn put_together(sources: Vec<Arc<Whole>>) -> Result<Whole> {
    tokio::task::spawn_blocking(move || merge(&sources))
        .await
        .map_err(Error::damaged)
}
