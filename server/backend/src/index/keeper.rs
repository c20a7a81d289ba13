//! Keeps the index up to the log: reads new records into memory, chunk by chunk, seals every four chunks into a
//! segment in the database, and puts every 32 of those together into one.
//!
//! What a reader gets ([`EventIndex::snapshot`]) covers every record that was committed before it asked; only the
//! sealing is left to the background, so an index that lags costs memory and not completeness. Several processes may
//! keep the same index: a segment's key admits one of them, the others find it done.

use super::{
    chunk,
    merge::merge,
    segment::{Builder, Head, Part, Whole},
    stored::{self, Address, Level},
    view::{self, ColumnsCache},
};
use crate::{Error, Result, db::Db, writer::Writer};
use bytes::Bytes;
use daybook_domain::{event::Event, id::WorkspaceId};
use daybook_entity::{
    event::{self, Column as C},
    event_head,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{collections::HashMap, fmt, sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// Chunks of a sealed segment.
const SEALED_CHUNKS: usize = 4;
const SEALED_RECORDS: i64 = 4 * 1024;
const _: () = assert!(SEALED_CHUNKS * chunk::RECORDS == 4 * 1024);
/// Sealed segments of a merged one.
const MERGED: i64 = 32;
/// Records read at once.
const RECORDS: u64 = chunk::RECORDS as u64;
/// Records a reader may find missing; with more, the index is being built, and the reader is told so.
const LAG: i64 = 64 * 1024;
/// Bytes of parts written by one transaction: bounds how long an append waits for it.
const WRITTEN_BYTES: usize = 2 * 1024 * 1024;
/// How often it is looked whether other processes appended.
const IDLE: Duration = Duration::from_secs(5);

/// A run of records that can be searched.
#[derive(Debug)]
pub struct Segment {
    /// The sequence of its first record.
    pub first: i64,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    Memory(Arc<Whole>),
    Stored(Address, Head),
}

/// Where a part is to be had.
#[derive(Debug)]
pub enum Source<'a> {
    Here(&'a Bytes),
    Slot(i64),
    Nowhere,
}

impl Segment {
    pub fn head(&self) -> &Head {
        match &self.kept {
            Kept::Memory(whole) => &whole.head,
            Kept::Stored(_, head) => head,
        }
    }

    pub fn source(&self, part: Part) -> Source<'_> {
        match &self.kept {
            Kept::Memory(whole) => whole.part(part).map_or(Source::Nowhere, Source::Here),
            Kept::Stored(at, _) => at.slot(part).map_or(Source::Nowhere, Source::Slot),
        }
    }

    fn whole(&self) -> Option<Arc<Whole>> {
        match &self.kept {
            Kept::Memory(whole) => Some(Arc::clone(whole)),
            Kept::Stored(..) => None,
        }
    }

    /// The sequence after its last record.
    pub(super) fn end(&self) -> i64 {
        self.first + i64::from(self.head().records)
    }
}

/// The index of all logs. Cheap to clone.
#[derive(Clone)]
pub struct EventIndex {
    pub(super) db: Db,
    merged: i64,
    /// Held by who seals and merges.
    keeping: Arc<Mutex<()>>,
    logs: Arc<Mutex<HashMap<WorkspaceId, Arc<Mutex<LogIndex>>>>>,
    pub(super) columns: Arc<ColumnsCache>,
}

impl fmt::Debug for EventIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventIndex")
    }
}

/// The index of one log: what is stored, then what is in memory, without a gap between them.
#[derive(Debug)]
struct LogIndex {
    /// In order, from the first record on, without gaps.
    stored: Vec<(Address, Arc<Segment>)>,
    /// Full chunks that aren't sealed yet.
    full: Vec<Arc<Segment>>,
    open: Builder,
    /// The sequence of the open chunk's first record.
    open_from: i64,
    /// The open chunk as a segment, until it grows.
    open_segment: Option<Arc<Segment>>,
}

impl Default for LogIndex {
    fn default() -> Self {
        Self {
            stored: Vec::new(),
            full: Vec::new(),
            open: Builder::default(),
            open_from: 1,
            open_segment: None,
        }
    }
}

impl LogIndex {
    /// The sequence after the last record in the database's segments.
    fn stored_end(&self) -> i64 {
        self.stored.last().map_or(1, |(_, segment)| segment.end())
    }

    /// The sequence after the last record that is known.
    fn end(&self) -> i64 {
        self.open_from + i64::try_from(self.open.len()).unwrap_or(i64::MAX)
    }

    /// Takes over what the database has now.
    async fn refresh(&mut self, db: &Db, workspace: WorkspaceId) -> Result<()> {
        let now = stored::addresses(&db.read, workspace).await?;
        if now.iter().eq(self.stored.iter().map(|(at, _)| at)) {
            return Ok(());
        }
        let mut known: HashMap<_, _> = self.stored.drain(..).collect();
        for at in now {
            let segment = if let Some(segment) = known.remove(&at) {
                segment
            } else {
                let head = stored::head(&db.read, workspace, at).await?;
                // Gone between the two questions: what covers it now is found next time.
                let Some(head) = head else { break };
                Arc::new(Segment {
                    first: at.first,
                    kept: Kept::Stored(at, head),
                })
            };
            if segment.first != self.stored_end() {
                // A gap: somebody is changing the list right now. What follows is read from the records.
                break;
            }
            self.stored.push((at, segment));
        }
        let end = self.stored_end();
        self.full.retain(|segment| segment.first >= end);
        let begin = self.full.first().map_or(self.open_from, |segment| segment.first);
        if begin != end {
            self.full.clear();
            self.open = Builder::default();
            self.open_from = end;
            self.open_segment = None;
        }
        Ok(())
    }

    /// Reads records up to a sequence.
    async fn catch_up(&mut self, db: &Db, workspace: WorkspaceId, last: i64) -> Result<()> {
        while self.end() <= last {
            let records: Vec<String> = event::Entity::find()
                .select_only()
                .column(C::Record)
                .filter(C::WorkspaceId.eq(workspace.0))
                .filter(C::Sequence.gte(self.end()))
                .order_by_asc(C::Sequence)
                .limit(RECORDS)
                .into_tuple()
                .all(&db.read)
                .await?;
            if records.is_empty() {
                return Err(Error::damaged(format!(
                    "records from {} on are missing",
                    self.end()
                )));
            }
            for record in records {
                let event: Event = serde_json::from_str(&record)
                    .map_err(|error| Error::damaged(format!("a stored record: {error}")))?;
                if event.sequence != self.end() {
                    return Err(Error::damaged(format!("record {} is missing", self.end())));
                }
                self.add(&event);
            }
        }
        Ok(())
    }

    fn add(&mut self, event: &Event) {
        self.open_segment = None;
        self.open.add(event);
        if self.open.len() == chunk::RECORDS {
            self.full.push(self.opened());
            self.open_from = self.end();
            self.open = Builder::default();
        }
    }

    /// The open chunk as a segment.
    fn opened(&self) -> Arc<Segment> {
        Arc::new(Segment {
            first: self.open_from,
            kept: Kept::Memory(Arc::new(self.open.segment())),
        })
    }

    fn segments(&mut self) -> Vec<Arc<Segment>> {
        if self.open_segment.is_none() && !self.open.is_empty() {
            self.open_segment = Some(self.opened());
        }
        let stored = self.stored.iter().map(|(_, segment)| segment);
        stored
            .chain(&self.full)
            .chain(&self.open_segment)
            .cloned()
            .collect()
    }

    /// The first segment that can be put together, and what of.
    fn mergeable(&self, merged: i64) -> Option<(Address, Vec<Address>)> {
        let records = merged * SEALED_RECORDS;
        let sealed = |at: &Address| at.level == Level::Sealed;
        let addresses = || self.stored.iter().map(|(at, _)| *at);
        let starts = addresses().filter(|at| sealed(at) && (at.first - 1) % records == 0);
        starts
            .map(|start| {
                let sources: Vec<_> = addresses()
                    .filter(|at| sealed(at) && (start.first..start.first + records).contains(&at.first))
                    .collect();
                let level = Level::Merged;
                (Address { level, ..start }, sources)
            })
            .find(|(_, sources)| i64::try_from(sources.len()) == Ok(merged))
    }
}

impl EventIndex {
    pub fn new(db: Db) -> Self {
        Self {
            db,
            merged: MERGED,
            keeping: Arc::default(),
            logs: Arc::default(),
            columns: Arc::new(view::cache()),
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

    async fn last_sequence(&self, workspace: WorkspaceId) -> Result<i64> {
        let last: Option<i64> = event_head::Entity::find_by_id(workspace.0)
            .select_only()
            .column(event_head::Column::LastSequence)
            .into_tuple()
            .one(&self.db.read)
            .await?;
        Ok(last.unwrap_or_default())
    }

    /// Segments that cover every record committed so far, in order.
    ///
    /// # Errors
    /// `Unavailable` while the index of an old log is being built.
    pub async fn snapshot(&self, workspace: WorkspaceId) -> Result<Vec<Arc<Segment>>> {
        let log = self.log(workspace).await;
        let mut log = log.lock().await;
        log.refresh(&self.db, workspace).await?;
        let last = self.last_sequence(workspace).await?;
        if last - log.end() > LAG {
            return Err(Error::Indexing {
                done: log.end() - 1,
                of: last,
            });
        }
        log.catch_up(&self.db, workspace, last).await?;
        Ok(log.segments())
    }

    /// Seals and merges until nothing is left to do. What the background does all the time; tests call it.
    pub async fn settle(&self, writer: &Writer) -> Result<()> {
        let _keeping = self.keeping.lock().await;
        let workspaces: Vec<uuid::Uuid> = event_head::Entity::find()
            .select_only()
            .column(event_head::Column::WorkspaceId)
            .into_tuple()
            .all(&self.db.read)
            .await?;
        for workspace in workspaces.into_iter().map(WorkspaceId) {
            while self.seal(workspace, writer).await? {}
            while self.merge(workspace, writer).await? {}
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
            log.refresh(&self.db, workspace).await?;
            let last = self.last_sequence(workspace).await?;
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
        let at = Address {
            first,
            level: Level::Sealed,
        };
        let whole = put_together(sources.iter().filter_map(|source| source.whole()).collect()).await?;
        self.store(workspace, writer, at, whole, Vec::new()).await
    }

    /// Puts one run of sealed segments together, where it is complete. Says whether it did.
    async fn merge(&self, workspace: WorkspaceId, writer: &Writer) -> Result<bool> {
        let log = self.log(workspace).await;
        let mergeable = {
            let mut log = log.lock().await;
            log.refresh(&self.db, workspace).await?;
            log.mergeable(self.merged)
        };
        let Some((at, sources)) = mergeable else {
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
        self.store(workspace, writer, at, whole, sources).await
    }

    /// Stores a segment in place of others. Several transactions, the last but the removal puts it to use.
    async fn store(
        &self,
        workspace: WorkspaceId,
        writer: &Writer,
        at: Address,
        whole: Whole,
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
                            stored::put_to_use(tx, workspace, at, &head).await?;
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
