//! What one question reads of the index: the segments as they were at one moment, and of their parts what it asks for.

use super::{
    answer::Answer,
    chunk::Columns,
    keeper::EventIndex,
    log_index::{Segment, Source},
    plan::Plan,
    segment::Part,
    stored::{self, Address},
};
use crate::{Error, Result, db::Db};
use bytes::Bytes;
use daybook_domain::id::WorkspaceId;
use quick_cache::{Weighter, sync::Cache};
use std::{collections::HashMap, sync::Arc};

/// Chunks kept ready to be counted: about as many as one list is counted over.
const CACHED_CHUNKS: usize = 1000;
const COLUMN_BYTES: u64 = 64 * 1024 * 1024;
/// Parts of dictionaries and times kept as they were read: those of what was asked last are asked again, by the next
/// page and by the counts of the same list.
const CACHED_PARTS: usize = 3000;
const PART_BYTES: u64 = 16 * 1024 * 1024;
/// Answers kept: a list's conditions are asked again by its counts, by its next page and by whoever narrows it further.
const CACHED_ANSWERS: usize = 20_000;
const ANSWER_BYTES: u64 = 24 * 1024 * 1024;

/// Where a part is stored, and as of which removal: a slot is written anew when records were removed.
type Key = (WorkspaceId, i64, i64);

/// What was read last, of all logs.
#[derive(Debug)]
pub(super) struct Caches {
    /// What lists are counted over lies in the newest chunks, whatever is asked.
    columns: Cache<Key, Arc<Columns>, BySize>,
    parts: Cache<Key, Bytes, BySize>,
    answers: Cache<Asked, Arc<Answer>, BySize>,
}

/// A condition, and the stored segment it was asked of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    workspace: WorkspaceId,
    at: Address,
    as_of: i64,
    plan: Arc<Plan>,
}

#[derive(Debug, Clone)]
struct BySize;

impl Weighter<Asked, Arc<Answer>> for BySize {
    fn weight(&self, asked: &Asked, answer: &Arc<Answer>) -> u64 {
        (size_of_val(asked) + answer.size()) as u64
    }
}

impl Weighter<Key, Arc<Columns>> for BySize {
    fn weight(&self, _: &Key, columns: &Arc<Columns>) -> u64 {
        columns.size() as u64
    }
}

impl Weighter<Key, Bytes> for BySize {
    fn weight(&self, _: &Key, bytes: &Bytes) -> u64 {
        bytes.len() as u64 + 1
    }
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            columns: Cache::with_weighter(CACHED_CHUNKS, COLUMN_BYTES, BySize),
            parts: Cache::with_weighter(CACHED_PARTS, PART_BYTES, BySize),
            answers: Cache::with_weighter(CACHED_ANSWERS, ANSWER_BYTES, BySize),
        }
    }
}

/// What a question reads of the index: segments as they were at one moment, and the parts of them it has asked for.
#[derive(Debug, Clone)]
pub struct View {
    db: Db,
    caches: Arc<Caches>,
    workspace: WorkspaceId,
    pub segments: Vec<Arc<Segment>>,
    parts: HashMap<(usize, Part), Bytes>,
}

impl View {
    pub async fn of(index: &EventIndex, workspace: WorkspaceId) -> Result<Self> {
        Ok(Self {
            db: index.db.clone(),
            caches: Arc::clone(&index.caches),
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
        let missing = self.load_known(wanted, true);
        self.read(missing, true).await
    }

    /// Takes what is in memory; returns where the rest is stored.
    fn load_known(
        &mut self,
        wanted: impl IntoIterator<Item = (usize, Part)>,
        look: bool,
    ) -> HashMap<i64, (usize, Part)> {
        let mut missing = HashMap::new();
        for (at, part) in wanted {
            if self.parts.contains_key(&(at, part)) {
                continue;
            }
            let Some(segment) = self.segments.get(at) else {
                continue;
            };
            match segment.source(part) {
                Source::Here(bytes) => {
                    let bytes = bytes.clone();
                    self.parts.insert((at, part), bytes);
                }
                Source::Slot(slot) => {
                    let key = (self.workspace, slot, segment.as_of);
                    match self.caches.parts.get(&key).filter(|_| look) {
                        Some(bytes) => {
                            self.parts.insert((at, part), bytes);
                        }
                        None => {
                            missing.insert(slot, (at, part));
                        }
                    }
                }
                Source::Nowhere => {}
            }
        }
        missing
    }

    async fn read(&mut self, missing: HashMap<i64, (usize, Part)>, keep: bool) -> Result<()> {
        let mut asked: Vec<_> = missing.keys().copied().collect();
        asked.sort_unstable();
        let found = stored::parts(&self.db.read, self.workspace, &asked).await?;
        if found.len() != asked.len() {
            return Err(Error::Moved);
        }
        for (slot, bytes) in found {
            let Some((at, part)) = missing.get(&slot) else {
                continue;
            };
            if let Some(segment) = self.segments.get(*at).filter(|_| keep) {
                let key = (self.workspace, slot, segment.as_of);
                self.caches.parts.insert(key, bytes.clone());
            }
            self.parts.insert((*at, *part), bytes);
        }
        Ok(())
    }

    /// The values of chunks, by the place of their segment and their number in it; in the order they are asked for.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub async fn columns(&mut self, wanted: &[(usize, u32)]) -> Result<Vec<Arc<Columns>>> {
        let key = |view: &Self, (at, number): (usize, u32)| {
            let segment = view.segments.get(at)?;
            match segment.source(Part::Values(number)) {
                Source::Slot(slot) => Some((view.workspace, slot, segment.as_of)),
                _ => None,
            }
        };
        let mut found = Vec::with_capacity(wanted.len());
        let mut missing = Vec::new();
        for chunk in wanted {
            let cached = key(self, *chunk).and_then(|key| self.caches.columns.get(&key));
            if cached.is_none() {
                missing.push((chunk.0, Part::Values(chunk.1)));
            }
            found.push(cached);
        }
        // Kept as columns, not as bytes.
        let missing = self.load_known(missing, false);
        self.read(missing, false).await?;
        let found = found.into_iter().zip(wanted).map(|(cached, chunk)| {
            cached.unwrap_or_else(|| {
                let part = (chunk.0, Part::Values(chunk.1));
                let columns = Arc::new(Columns::read(self.parts.remove(&part).unwrap_or_default()));
                if let Some(key) = key(self, *chunk) {
                    self.caches.columns.insert(key, Arc::clone(&columns));
                }
                columns
            })
        });
        Ok(found.collect())
    }

    fn asked(&self, at: usize, plan: &Arc<Plan>) -> Option<Asked> {
        let segment = self.segments.get(at)?;
        Some(Asked {
            workspace: self.workspace,
            at: segment.address()?,
            as_of: segment.as_of,
            plan: Arc::clone(plan),
        })
    }

    /// What the segment at a place answered to a condition before, if that is still known.
    pub(super) fn known(&self, at: usize, plan: &Arc<Plan>) -> Option<Arc<Answer>> {
        self.caches.answers.get(&self.asked(at, plan)?)
    }

    /// Keeps what the segment at a place answers to a condition.
    pub(super) fn keep(&self, at: usize, plan: &Arc<Plan>, answer: &Arc<Answer>) {
        if let Some(asked) = self.asked(at, plan) {
            self.caches.answers.insert(asked, Arc::clone(answer));
        }
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
