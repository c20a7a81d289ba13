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
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::ops::Range;

/// Parts read or written by one statement.
const PARTS: usize = 500;
/// Bits of a slot: the part's number, its kind, and the level; above them the first sequence.
const NUMBER_BITS: u32 = 17;
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
}

impl Address {
    /// All its slots.
    fn slots(self) -> Range<i64> {
        let base = (self.first << LEVEL_BITS | i64::from(self.level.number())) << (KIND_BITS + NUMBER_BITS);
        base..base + (1 << (KIND_BITS + NUMBER_BITS))
    }

    /// The slot of one part; `None` for a number that no segment has.
    pub fn slot(self, part: Part) -> Option<i64> {
        let (kind, number) = match part {
            Part::Block(number) => (0, number),
            Part::Times(number) => (1, number),
            Part::Values(number) => (2, number),
        };
        (number < 1 << NUMBER_BITS).then(|| self.slots().start + (kind << NUMBER_BITS) + i64::from(number))
    }
}

/// The segments in use, in order.
pub async fn addresses(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<Address>> {
    let found: Vec<(i64, i32)> = event_segment::Entity::find()
        .select_only()
        .columns([S::FirstSequence, S::Level])
        .filter(S::WorkspaceId.eq(workspace.0))
        .order_by_asc(S::FirstSequence)
        .into_tuple()
        .all(db)
        .await?;
    let address = |(first, level)| Address {
        first,
        level: if level == 0 { Level::Sealed } else { Level::Merged },
    };
    Ok(found.into_iter().map(address).collect())
}

/// The head of a segment; `None` where it is no longer in use.
pub async fn head(db: &impl ConnectionTrait, workspace: WorkspaceId, at: Address) -> Result<Option<Head>> {
    let row = event_segment::Entity::find_by_id((workspace.0, at.first, at.level.number()))
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
    let slots = at.slots();
    let rows: Vec<(i64, Vec<u8>)> = event_block::Entity::find()
        .select_only()
        .columns([B::Slot, B::Data])
        .filter(B::WorkspaceId.eq(workspace.0))
        .filter(B::Slot.gte(slots.start))
        .filter(B::Slot.lt(slots.end))
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
    let slots = at.slots();
    let count = event_block::Entity::find()
        .filter(B::WorkspaceId.eq(workspace.0))
        .filter(B::Slot.gte(slots.start))
        .filter(B::Slot.lt(slots.end))
        .count(tx.db())
        .await?;
    Ok(count)
}

/// From here on the segment is in use. Fails where somebody else has put it to use.
pub async fn put_to_use(tx: &WriteTx, workspace: WorkspaceId, at: Address, head: &Head) -> Result<()> {
    let row = event_segment::ActiveModel {
        workspace_id: Set(workspace.0),
        first_sequence: Set(at.first),
        level: Set(at.level.number()),
        head: Set(head.write()),
    };
    event_segment::Entity::insert(row)
        .exec_without_returning(tx.db())
        .await?;
    Ok(())
}

/// From here on the segment is no longer in use.
pub async fn put_out_of_use(tx: &WriteTx, workspace: WorkspaceId, at: Address) -> Result<()> {
    event_segment::Entity::delete_by_id((workspace.0, at.first, at.level.number()))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// Removes the parts of a segment that isn't in use.
pub async fn remove_parts(tx: &WriteTx, workspace: WorkspaceId, at: Address) -> Result<()> {
    let slots = at.slots();
    event_block::Entity::delete_many()
        .filter(B::WorkspaceId.eq(workspace.0))
        .filter(B::Slot.gte(slots.start))
        .filter(B::Slot.lt(slots.end))
        .exec(tx.db())
        .await?;
    Ok(())
}
