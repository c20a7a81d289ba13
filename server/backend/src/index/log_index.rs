//! The index of one log as this process knows it: segments in the database, and the newest records in memory.

use super::{
    chunk,
    removed::Removed,
    segment::{Builder, Head, Part, Whole},
    stored::{self, Address, Level},
};
use crate::{Error, Result, beside::beside, db::Db, rows::lines, store};
use bytes::Bytes;
use daybook_domain::{event::Event, id::WorkspaceId};
use daybook_entity::{
    event::{self, Column as C},
    event_head::{self, Column as H},
};
use futures::future::try_join_all;
use roaring::RoaringBitmap;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::{borrow::Borrow, collections::HashMap, sync::Arc};

/// Records of a sealed segment.
pub(super) const SEALED_RECORDS: i64 = 4 * chunk::SEQUENCES;
/// Chunks read one beside the other where many are to be read.
const AT_ONCE: i64 = 2;

/// A run of records that can be searched.
#[derive(Debug, Clone)]
pub struct Segment {
    /// The sequence of its first record.
    pub first: i64,
    /// The numbers of those of its records that are gone.
    pub removed: RoaringBitmap,
    /// It holds nothing of what was gone by this removal.
    pub(super) as_of: i64,
    kept: Kept,
}

#[derive(Debug, Clone)]
enum Kept {
    Memory(Arc<Whole>),
    Stored(Address, Arc<Head>),
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

    /// Where it is stored; `None` for what is in memory only and changes.
    pub(super) fn address(&self) -> Option<Address> {
        match &self.kept {
            Kept::Memory(_) => None,
            Kept::Stored(at, _) => Some(*at),
        }
    }

    pub fn source(&self, part: Part) -> Source<'_> {
        match &self.kept {
            Kept::Memory(whole) => whole.part(part).map_or(Source::Nowhere, Source::Here),
            Kept::Stored(at, _) => at.slot(part).map_or(Source::Nowhere, Source::Slot),
        }
    }

    pub(super) fn whole(&self) -> Option<Arc<Whole>> {
        match &self.kept {
            Kept::Memory(whole) => Some(Arc::clone(whole)),
            Kept::Stored(..) => None,
        }
    }

    /// The sequence after its last record.
    pub(super) fn end(&self) -> i64 {
        self.first + i64::from(self.head().records)
    }

    fn without(&self, removed: &Removed) -> Self {
        Self {
            removed: removed.among(self.first, self.head().records),
            ..self.clone()
        }
    }
}

/// What is stored, then what is in memory, without a gap between them.
#[derive(Debug)]
pub(super) struct LogIndex {
    /// In order, from the first record on, without gaps.
    pub stored: Vec<(Address, Arc<Segment>)>,
    /// Full chunks that aren't sealed yet.
    pub full: Vec<Arc<Segment>>,
    open: Builder,
    /// The sequence of the open chunk's first record.
    open_from: i64,
    /// The open chunk as a segment, until it grows.
    open_segment: Option<Arc<Segment>>,
    pub removed: Removed,
}

impl Default for LogIndex {
    fn default() -> Self {
        Self {
            stored: Vec::new(),
            full: Vec::new(),
            open: Builder::default(),
            open_from: 1,
            open_segment: None,
            removed: Removed::default(),
        }
    }
}

impl LogIndex {
    /// The sequence after the last record in the database's segments.
    pub fn stored_end(&self) -> i64 {
        self.stored.last().map_or(1, |(_, segment)| segment.end())
    }

    /// The sequence after the last record that is known.
    pub fn end(&self) -> i64 {
        next(&self.open, self.open_from)
    }

    /// Takes over what the database has now. Returns the sequence of the log's last record.
    pub async fn refresh(&mut self, db: &Db, workspace: WorkspaceId) -> Result<i64> {
        let head: Option<(i64, i64)> = event_head::Entity::find_by_id(workspace.0)
            .select_only()
            .columns([H::LastSequence, H::Removals])
            .into_tuple()
            .one(&db.read)
            .await?;
        let (last, removals) = head.unwrap_or_default();
        let changed = self.removed.learn(db, workspace, removals).await?;
        self.take_out(&changed);
        let now = stored::addresses(&db.read, workspace).await?;
        if !now
            .iter()
            .map(|(at, _)| at)
            .eq(self.stored.iter().map(|(at, _)| at))
        {
            self.take_over(now, db, workspace).await?;
        }
        Ok(last)
    }

    /// Chunks have lost records.
    fn take_out(&mut self, changed: &[i64]) {
        let removed = &self.removed;
        for (_, segment) in &mut self.stored {
            let range = segment.first..segment.end();
            if changed.iter().any(|first| range.contains(first)) {
                *segment = Arc::new(segment.without(removed));
            }
        }
        let end = self.stored_end();
        if changed.iter().any(|first| *first >= end) {
            self.forget_memory();
        }
    }

    fn forget_memory(&mut self) {
        self.full.clear();
        self.open = Builder::default();
        self.open_from = self.stored_end();
        self.open_segment = None;
    }

    async fn take_over(&mut self, now: Vec<(Address, i64)>, db: &Db, workspace: WorkspaceId) -> Result<()> {
        let mut known: HashMap<_, _> = self.stored.drain(..).collect();
        for (at, as_of) in now {
            let segment = if let Some(segment) = known.remove(&at) {
                segment
            } else {
                let head = stored::head(&db.read, workspace, at).await?;
                // Gone between the two questions: what covers it now is found next time.
                let Some(head) = head else { break };
                Arc::new(Segment {
                    first: at.first,
                    removed: self.removed.among(at.first, head.records),
                    as_of,
                    kept: Kept::Stored(at, Arc::new(head)),
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
            self.forget_memory();
        }
        Ok(())
    }

    /// Reads records up to a sequence.
    pub async fn catch_up(&mut self, db: &Db, workspace: WorkspaceId, last: i64) -> Result<()> {
        while self.end() <= last {
            self.open_segment = None;
            if let Err(error) = self.read_on(db, workspace, last).await {
                // Records may have gone since it was asked which are.
                let known = self.removed.removal();
                self.forget_memory();
                self.refresh(db, workspace).await?;
                if self.removed.removal() == known {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Reads some chunks that are full, one beside the other, or the open one.
    async fn read_on(&mut self, db: &Db, workspace: WorkspaceId, last: i64) -> Result<()> {
        let full = (last + 1 - self.open_from) / chunk::SEQUENCES;
        if self.open.is_empty() && full > 0 {
            let chunks = (0..full.min(AT_ONCE)).map(|number| {
                let first = self.open_from + number * chunk::SEQUENCES;
                let (gone, db) = (self.removed.among(first, chunk::NUMBERS), db.clone());
                beside(async move {
                    let mut chunk = Builder::default();
                    let until = first + chunk::SEQUENCES;
                    fill(&mut chunk, first, until, &gone, &db, workspace).await?;
                    Ok(chunk.segment())
                })
            });
            for whole in try_join_all(chunks).await? {
                self.full.push(self.in_memory(whole));
                self.open_from += chunk::SEQUENCES;
            }
            return Ok(());
        }
        let until = (self.open_from + chunk::SEQUENCES).min(last + 1);
        let gone = self.removed.among(self.open_from, chunk::NUMBERS);
        fill(&mut self.open, self.open_from, until, &gone, db, workspace).await?;
        self.close_full();
        Ok(())
    }

    /// Takes over records that were just stored, where they follow what is known, up to a chunk's end. Returns those that
    /// are left; none where they don't follow, as they are read when they are needed.
    pub fn learn<'e>(&mut self, events: &'e [Event]) -> Result<&'e [Event]> {
        let end = self.end();
        let (_, events) = events.split_at(events.partition_point(|event| event.sequence < end));
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return Ok(&[]);
        };
        if first.sequence != end {
            return Ok(&[]);
        }
        self.open_segment = None;
        let until = (self.open_from + chunk::SEQUENCES).min(last.sequence + 1);
        let (some, others) = events.split_at(events.partition_point(|event| event.sequence < until));
        let gone = self.removed.among(self.open_from, chunk::NUMBERS);
        add(&mut self.open, self.open_from, until, &gone, some.iter().map(Ok))?;
        self.close_full();
        Ok(others)
    }

    fn close_full(&mut self) {
        if self.open.len() == chunk::RECORDS {
            self.full.push(self.in_memory(self.open.segment()));
            self.open_from = self.end();
            self.open = Builder::default();
        }
    }

    /// The chunk at the end of what is known as a segment.
    fn in_memory(&self, whole: Whole) -> Arc<Segment> {
        Arc::new(Segment {
            first: self.open_from,
            removed: self.removed.among(self.open_from, whole.head.records),
            as_of: self.removed.removal(),
            kept: Kept::Memory(Arc::new(whole)),
        })
    }

    pub fn segments(&mut self) -> Vec<Arc<Segment>> {
        if self.open_segment.is_none() && !self.open.is_empty() {
            self.open_segment = Some(self.in_memory(self.open.segment()));
        }
        let stored = self.stored.iter().map(|(_, segment)| segment);
        stored
            .chain(&self.full)
            .chain(&self.open_segment)
            .cloned()
            .collect()
    }

    /// The first segment that can be put together, and what of.
    pub fn mergeable(&self, merged: i64) -> Option<(Address, Vec<Address>)> {
        let records = merged * SEALED_RECORDS;
        let sealed = |at: &Address| at.level == Level::Sealed;
        let addresses = || self.stored.iter().map(|(at, _)| *at);
        let starts = addresses().filter(|at| sealed(at) && (at.first - 1) % records == 0);
        starts
            .map(|start| {
                let sources: Vec<_> = addresses()
                    .filter(|at| sealed(at) && (start.first..start.first + records).contains(&at.first))
                    .collect();
                (Address::new(start.first, Level::Merged), sources)
            })
            .find(|(_, sources)| i64::try_from(sources.len()) == Ok(merged))
    }

    /// The first stored segment that still holds something of records that are gone.
    pub fn stale(&self) -> Option<(Address, Arc<Segment>)> {
        let stale = |segment: &Segment| {
            self.removed.last_among(segment.first, segment.head().records) > segment.as_of
        };
        let found = self.stored.iter().find(|(_, segment)| stale(segment));
        found.map(|(at, segment)| (*at, Arc::clone(segment)))
    }
}

/// Reads the records of a chunk up to a sequence, exclusive, from where it ends. `gone` are the numbers of those that
/// were removed.
pub(super) async fn fill(
    chunk: &mut Builder,
    first: i64,
    until: i64,
    gone: &RoaringBitmap,
    db: &Db,
    workspace: WorkspaceId,
) -> Result<()> {
    let records = event::Entity::find()
        .select_only()
        .column(C::Record)
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Sequence.gte(next(chunk, first)))
        .filter(C::Sequence.lt(until))
        .order_by_asc(C::Sequence)
        .into_query();
    let records = lines(&db.read, records, "record").await?;
    let events = records.iter().map(|record| store::parse(record));
    add(chunk, first, until, gone, events)
}

/// Adds the records of a chunk up to a sequence, exclusive, from where it ends.
fn add<E: Borrow<Event>>(
    chunk: &mut Builder,
    first: i64,
    until: i64,
    gone: &RoaringBitmap,
    events: impl Iterator<Item = Result<E>>,
) -> Result<()> {
    let is_gone = |chunk: &Builder| gone.contains(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
    let pass = |chunk: &mut Builder, to: i64| {
        while next(chunk, first) < to {
            if !is_gone(chunk) {
                return Err(Error::damaged(format!(
                    "record {} is missing",
                    next(chunk, first)
                )));
            }
            chunk.skip();
        }
        Ok(())
    };
    for event in events {
        let event = event?;
        let event = event.borrow();
        pass(chunk, event.sequence)?;
        if is_gone(chunk) {
            chunk.skip();
        } else {
            chunk.add(event);
        }
    }
    pass(chunk, until)
}

/// The sequence after a chunk's last record.
fn next(chunk: &Builder, first: i64) -> i64 {
    first + i64::try_from(chunk.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::{
        canonical::Unplaced,
        event::{Actor, ActorKind, EventBody},
        id::EventId,
    };
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn event(sequence: i64) -> Event {
        let actor = Actor::named(ActorKind::User, "Mara").with_id((sequence % 7).to_string());
        let at = "2026-11-22T10:00:00Z".parse().unwrap();
        let mut body = EventBody::new("role.updated", actor, at);
        body.summary = Some(format!("{} of {}", sequence % 5, sequence % 3));
        // One whose last digit is lost where it isn't read with care.
        let metadata = serde_json::from_str(r#"{"count": 7, "share": 4.342690256318862e-13, "low": -0.0}"#);
        body.metadata = metadata.unwrap();
        Event {
            id: EventId(uuid::Uuid::from_u128(7)),
            sequence,
            recorded_at: at,
            body,
        }
    }

    /// A chunk whose records all were read as they are stored, each by a builder that knows no other.
    fn chunk(first: i64, until: i64, gone: &BTreeSet<i64>) -> Whole {
        let wholes = (first..until).map(|sequence| {
            let mut one = Builder::default();
            if gone.contains(&sequence) {
                one.skip();
            } else {
                let Event {
                    id,
                    recorded_at,
                    body,
                    ..
                } = event(sequence);
                let record = Unplaced::new(id, &body).unwrap().place(recorded_at, sequence);
                one.add(&store::parse(&record).unwrap());
            }
            Arc::new(one.segment())
        });
        crate::index::merge::merge(&wholes.collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        /// Whatever pieces they come in, also where some are known already or have gone meanwhile.
        #[test]
        fn what_is_learnt_is_what_would_be_read(
            ends in prop::collection::btree_set(1_i64..2500, 1..8), back in 0_i64..300,
            gone in prop::collection::btree_set(1_i64..2500, 0..40),
        ) {
            let mut index = LogIndex { removed: Removed::of(&gone), ..LogIndex::default() };
            let mut first = 1;
            for end in &ends {
                let from = (first - back).max(1);
                let events: Vec<_> = (from..=*end).map(event).collect();
                let mut rest = events.as_slice();
                while !rest.is_empty() {
                    rest = index.learn(rest).unwrap();
                }
                first = end + 1;
                prop_assert_eq!(index.end(), first);
            }
            let beyond: Vec<_> = (first + 1..first + 9).map(event).collect();
            prop_assert!(index.learn(&beyond).unwrap().is_empty());
            prop_assert_eq!(index.end(), first, "one is missing between them");
            let mut next = 1;
            for segment in index.segments() {
                prop_assert_eq!(segment.first, next);
                let expected = chunk(next, segment.end(), &gone);
                let learnt = segment.whole().unwrap();
                prop_assert_eq!(&learnt.blocks, &expected.blocks);
                prop_assert_eq!(learnt.head.records, expected.head.records);
                next = segment.end();
            }
            prop_assert_eq!(next, first);
        }
    }
}
