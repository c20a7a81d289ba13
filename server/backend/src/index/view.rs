//! What one question reads of the index: the segments as they were at one moment, and of their parts what it asks for.

use super::{
    chunk::Columns,
    keeper::EventIndex,
    log_index::{Segment, Source},
    segment::Part,
    stored,
};
use crate::{Error, Result, db::Db};
use bytes::Bytes;
use daybook_domain::id::WorkspaceId;
use quick_cache::{Weighter, sync::Cache};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Chunks kept ready to be counted: about as many as one list is counted over.
const CACHED_CHUNKS: usize = 1000;
const CACHED_BYTES: u64 = 40 * 1024 * 1024;

/// What lists are counted over lies in the newest chunks, whatever is asked: they are kept as they are read.
pub(super) type ColumnsCache = Cache<(WorkspaceId, i64), Arc<Columns>, BySize>;

#[derive(Debug, Clone)]
pub(super) struct BySize;

impl Weighter<(WorkspaceId, i64), Arc<Columns>> for BySize {
    fn weight(&self, _: &(WorkspaceId, i64), columns: &Arc<Columns>) -> u64 {
        columns.size() as u64
    }
}

/// An empty one.
pub(super) fn cache() -> ColumnsCache {
    Cache::with_weighter(CACHED_CHUNKS, CACHED_BYTES, BySize)
}

/// What a question reads of the index: segments as they were at one moment, and the parts of them it has asked for.
#[derive(Debug)]
pub struct View {
    db: Db,
    columns: Arc<ColumnsCache>,
    workspace: WorkspaceId,
    pub segments: Vec<Arc<Segment>>,
    parts: HashMap<(usize, Part), Bytes>,
}

impl View {
    pub async fn of(index: &EventIndex, workspace: WorkspaceId) -> Result<Self> {
        Ok(Self {
            db: index.db.clone(),
            columns: Arc::clone(&index.columns),
            workspace,
            segments: index.snapshot(workspace).await?,
            parts: HashMap::new(),
        })
    }

    /// Makes parts available, by the place of their segment.
    ///
    /// # Errors
    /// [`Error::Moved`] where a segment has been put together with others since: ask again from a new view.
    pub async fn load(&mut self, wanted: impl IntoIterator<Item = (usize, Part)>) -> Result<()> {
        let mut slots = HashMap::new();
        let mut seen = HashSet::new();
        for (at, part) in wanted {
            if self.parts.contains_key(&(at, part)) || !seen.insert((at, part)) {
                continue;
            }
            match self.segments.get(at).map(|segment| segment.source(part)) {
                Some(Source::Here(bytes)) => {
                    let bytes = bytes.clone();
                    self.parts.insert((at, part), bytes);
                }
                Some(Source::Slot(slot)) => {
                    slots.insert(slot, (at, part));
                }
                Some(Source::Nowhere) | None => {}
            }
        }
        let mut asked: Vec<_> = slots.keys().copied().collect();
        asked.sort_unstable();
        let found = stored::parts(&self.db.read, self.workspace, &asked).await?;
        if found.len() != asked.len() {
            return Err(Error::Moved);
        }
        for (slot, bytes) in found {
            if let Some(key) = slots.get(&slot) {
                self.parts.insert(*key, bytes);
            }
        }
        Ok(())
    }

    /// The values of chunks, by the place of their segment and their number in it; in the order they are asked for.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn columns(&mut self, wanted: &[(usize, u32)]) -> Result<Vec<Arc<Columns>>> {
        let key = |view: &Self, (at, number): (usize, u32)| match view
            .segments
            .get(at)
            .map(|segment| segment.source(Part::Values(number)))
        {
            Some(Source::Slot(slot)) => Some((view.workspace, slot)),
            _ => None,
        };
        let mut found = Vec::with_capacity(wanted.len());
        let mut missing = Vec::new();
        for chunk in wanted {
            let cached = key(self, *chunk).and_then(|key| self.columns.get(&key));
            if cached.is_none() {
                missing.push((chunk.0, Part::Values(chunk.1)));
            }
            found.push(cached);
        }
        self.load(missing.iter().copied()).await?;
        let found = found.into_iter().zip(wanted).map(|(cached, chunk)| {
            cached.unwrap_or_else(|| {
                let part = (chunk.0, Part::Values(chunk.1));
                let columns = Arc::new(Columns::read(self.parts.remove(&part).unwrap_or_default()));
                if let Some(key) = key(self, *chunk) {
                    self.columns.insert(key, Arc::clone(&columns));
                }
                columns
            })
        });
        Ok(found.collect())
    }

    pub fn forget(&mut self, at: usize, part: Part) {
        self.parts.remove(&(at, part));
    }

    /// Forgets the dictionaries.
    pub fn forget_blocks(&mut self) {
        self.parts.retain(|(_, part), _| !matches!(part, Part::Block(_)));
    }

    /// The sequence after the last record it covers.
    pub fn end(&self) -> i64 {
        self.segments.last().map_or(1, |segment| segment.end())
    }

    /// A part that was loaded; empty where it wasn't.
    pub fn part(&self, at: usize, part: Part) -> &[u8] {
        self.parts.get(&(at, part)).map_or(&[], |bytes| bytes)
    }
}
