//! Segments in the database: their heads, and their parts one by one.

use super::segment::{Head, Part, Whole};
use crate::{Error, Result, writer::WriteTx};
use bytes::Bytes;
use daybook_domain::id::WorkspaceId;
use daybook_entity::{
    event_block::{self, Column as B},
    event_segment::{self, Column as S},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::ops::Range;

/// Parts read or written by one statement.
const PARTS: usize = 500;
/// Bits of a slot: the part's number, its kind, and the level; above them the first sequence. The highest bit of the
/// number tells editions apart.
const NUMBER_BITS: u32 = 17;
const EDITION_BIT: i64 = 1 << (NUMBER_BITS - 1);
const KIND_BITS: u32 = 2;
const LEVEL_BITS: u32 = 1;

/// How a segment came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Sealed,
    Merged,
}

impl Level {
    fn number(self) -> i32 {
        match self {
            Self::Sealed => 0,
            Self::Merged => 1,
        }
    }
}

/// Where a segment is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The sequence of its first record.
    pub first: i64,
    pub level: Level,
    /// A segment that is made anew takes the place of the one before beside it, so that nobody reads half of each.
    is_second: bool,
}

impl Address {
    /// Of the first edition.
    pub fn new(first: i64, level: Level) -> Self {
        Self {
            first,
            level,
            is_second: false,
        }
    }

    #[must_use]
    pub fn next_edition(self) -> Self {
        Self {
            is_second: !self.is_second,
            ..self
        }
    }

    /// As it is stored.
    fn number(self) -> i32 {
        self.level.number() + 2 * i32::from(self.is_second)
    }

    fn stored(first: i64, number: i32) -> Self {
        Self {
            first,
            level: if number & 1 == 0 {
                Level::Sealed
            } else {
                Level::Merged
            },
            is_second: number & 2 != 0,
        }
    }

    /// All its slots, a run for each kind of part.
    fn slots(self) -> [Range<i64>; 3] {
        let base = (self.first << LEVEL_BITS | i64::from(self.level.number())) << (KIND_BITS + NUMBER_BITS);
        let edition = if self.is_second { EDITION_BIT } else { 0 };
        [0, 1, 2].map(|kind| {
            let begin = base + (kind << NUMBER_BITS) + edition;
            begin..begin + EDITION_BIT
        })
    }

    /// The slot of one part; `None` for a number that no segment has.
    pub fn slot(self, part: Part) -> Option<i64> {
        let [blocks, times, values] = self.slots();
        let (run, number) = match part {
            Part::Block(number) => (blocks, number),
            Part::Times(number) => (times, number),
            Part::Values(number) => (values, number),
        };
        let slot = run.start + i64::from(number);
        run.contains(&slot).then_some(slot)
    }

    /// Its rows.
    fn parts(self, workspace: WorkspaceId) -> Condition {
        let within = |slots: Range<i64>| {
            Condition::all()
                .add(B::Slot.gte(slots.start))
                .add(B::Slot.lt(slots.end))
        };
        let slots = self.slots();
        let [blocks, _, values] = &slots;
        // A database that looks for no alternative in its index looks through no more than the segment.
        let all = within(blocks.start..values.end);
        let any = slots
            .map(within)
            .into_iter()
            .fold(Condition::any(), Condition::add);
        Condition::all()
            .add(B::WorkspaceId.eq(workspace.0))
            .add(all)
            .add(any)
    }
}

/// The segments in use, in order, and the removals of which each holds nothing any more.
pub async fn addresses(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<(Address, i64)>> {
    let found: Vec<(i64, i32, i64)> = event_segment::Entity::find()
        .select_only()
        .columns([S::FirstSequence, S::Level, S::Removals])
        .filter(S::WorkspaceId.eq(workspace.0))
        .order_by_asc(S::FirstSequence)
        .into_tuple()
        .all(db)
        .await?;
    let address = |(first, number, as_of)| (Address::stored(first, number), as_of);
    Ok(found.into_iter().map(address).collect())
}

/// The head of a segment; `None` where it is no longer in use.
pub async fn head(db: &impl ConnectionTrait, workspace: WorkspaceId, at: Address) -> Result<Option<Head>> {
    let row = event_segment::Entity::find_by_id((workspace.0, at.first, at.number()))
        .one(db)
        .await?;
    let read = |row: event_segment::Model| {
        Head::read(&row.head).ok_or_else(|| Error::damaged(format!("the index at {}", at.first)))
    };
    row.map(read).transpose()
}

/// The parts in these slots; those that aren't there are left out.
pub async fn parts(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    slots: &[i64],
) -> Result<Vec<(i64, Bytes)>> {
    let mut found = Vec::with_capacity(slots.len());
    for some in slots.chunks(PARTS) {
        let rows: Vec<(i64, Vec<u8>)> = event_block::Entity::find()
            .select_only()
            .columns([B::Slot, B::Data])
            .filter(B::WorkspaceId.eq(workspace.0))
            .filter(B::Slot.is_in(some.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|(slot, data)| (slot, Bytes::from(data))));
    }
    Ok(found)
}

/// All parts of a segment, for putting it together with others; `None` where it is no longer in use.
pub async fn whole(db: &impl ConnectionTrait, workspace: WorkspaceId, at: Address) -> Result<Option<Whole>> {
    let Some(head) = head(db, workspace, at).await? else {
        return Ok(None);
    };
    let rows: Vec<(i64, Vec<u8>)> = event_block::Entity::find()
        .select_only()
        .columns([B::Slot, B::Data])
        .filter(at.parts(workspace))
        .order_by_asc(B::Slot)
        .into_tuple()
        .all(db)
        .await?;
    let (blocks, chunks) = (head.firsts.len(), head.spans.len());
    if rows.len() != blocks + 2 * chunks {
        return Ok(None);
    }
    // In the order of their slots: blocks, times, values.
    let mut parts = rows.into_iter().map(|(_, data)| Bytes::from(data));
    Ok(Some(Whole {
        head,
        blocks: parts.by_ref().take(blocks).collect(),
        times: parts.by_ref().take(chunks).collect(),
        values: parts.collect(),
    }))
}

/// Writes parts of a segment; it isn't in use before [`put_to_use`].
pub async fn write_parts(
    tx: &WriteTx,
    workspace: WorkspaceId,
    at: Address,
    parts: &[(Part, Bytes)],
) -> Result<()> {
    for some in parts.chunks(100) {
        let rows = some.iter().map(|(part, data)| {
            let slot = at
                .slot(*part)
                .ok_or_else(|| Error::damaged("a segment of too many parts"))?;
            Ok(event_block::ActiveModel {
                workspace_id: Set(workspace.0),
                slot: Set(slot),
                data: Set(data.to_vec()),
            })
        });
        event_block::Entity::insert_many(rows.collect::<Result<Vec<_>>>()?)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

/// How many parts of a segment are written.
pub async fn count_parts(tx: &WriteTx, workspace: WorkspaceId, at: Address) -> Result<u64> {
    let count = event_block::Entity::find()
        .filter(at.parts(workspace))
        .count(tx.db())
        .await?;
    Ok(count)
}

/// From here on the segment is in use. Fails where somebody else has put it to use.
pub async fn put_to_use(
    tx: &WriteTx,
    workspace: WorkspaceId,
    at: Address,
    head: &Head,
    as_of: i64,
) -> Result<()> {
    let row = event_segment::ActiveModel {
        workspace_id: Set(workspace.0),
        first_sequence: Set(at.first),
        level: Set(at.number()),
        head: Set(head.write()),
        removals: Set(as_of),
    };
    event_segment::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// From here on the segment is no longer in use.
pub async fn put_out_of_use(tx: &WriteTx, workspace: WorkspaceId, at: Address) -> Result<()> {
    event_segment::Entity::delete_by_id((workspace.0, at.first, at.number()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Removes the parts of a segment that isn't in use.
pub async fn remove_parts(tx: &WriteTx, workspace: WorkspaceId, at: Address) -> Result<()> {
    event_block::Entity::delete_many()
        .filter(at.parts(workspace))
        .exec(tx.db())
        .await?;
    Ok(())
}
