//! Removing records from the log, inside the writer's transaction: the opposite of [`append`](super::append). A
//! record's sequence keeps its place and its leaf hash stays, so that a proof about the log can still be made.

use super::facets;
use crate::{
    Error, Result,
    index::removed::{Bits, has, place},
    writer::WriteTx,
};
use daybook_domain::id::WorkspaceId;
use daybook_entity::{
    event::{self, Column as C},
    event_head,
    event_removed::{self, Column as R},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Most records removed by one transaction: bounds how long an append waits for it.
pub(crate) const STEP: usize = 500;
const HASH_BYTES: usize = 32;

type Hash = [u8; HASH_BYTES];

/// The hash of a record as a leaf of the log's Merkle tree (RFC 9162, 2.1.1).
fn leaf_hash(record: &str) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(record.as_bytes())
        .finalize()
        .into()
}

/// Removes those of the records that are still there; at most [`STEP`]. Returns how many there were of each log.
pub(crate) async fn remove(
    tx: &WriteTx,
    workspace: WorkspaceId,
    sequences: &[i64],
) -> Result<BTreeMap<String, u64>> {
    // As in appending: the row is the lock.
    let head = event_head::Entity::find_by_id(workspace.0)
        .lock_exclusive()
        .one(tx.db())
        .await?;
    let head = head.ok_or_else(|| Error::damaged("the workspace has no log"))?;
    let some = sequences.iter().copied().take(STEP);
    let found: Vec<(i64, String)> = event::Entity::find()
        .select_only()
        .columns([C::Sequence, C::Record])
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Sequence.is_in(some))
        .order_by_asc(C::Sequence)
        .into_tuple()
        .all(tx.db())
        .await?;
    let mut of_log = BTreeMap::new();
    if found.is_empty() {
        return Ok(of_log);
    }
    let mut counts = facets::Counts::default();
    let mut gone: BTreeMap<i64, Vec<(usize, Hash)>> = BTreeMap::new();
    for (sequence, record) in &found {
        let event = super::parse(record)?;
        *of_log.entry(event.body.log.name().to_owned()).or_default() += 1;
        counts.add(&event.body);
        let (chunk, place) = place(*sequence);
        gone.entry(chunk).or_default().push((place, leaf_hash(record)));
    }
    let removal = head.removals + 1;
    note(tx, workspace, gone, removal).await?;
    event::Entity::delete_many()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Sequence.is_in(found.iter().map(|(sequence, _)| *sequence)))
        .exec(tx.db())
        .await?;
    counts.take_away(tx.db(), workspace).await?;
    let mut head = head.into_active_model();
    head.removals = Set(removal);
    event_head::Entity::update(head).exec(tx.db()).await?;
    Ok(of_log)
}

/// Notes which records are gone, with what remains of them.
async fn note(
    tx: &WriteTx,
    workspace: WorkspaceId,
    gone: BTreeMap<i64, Vec<(usize, Hash)>>,
    removal: i64,
) -> Result<()> {
    let known = event_removed::Entity::find()
        .filter(R::WorkspaceId.eq(workspace.0))
        .filter(R::Chunk.is_in(gone.keys().copied()))
        .all(tx.db())
        .await?;
    let mut known: BTreeMap<_, _> = known.into_iter().map(|row| (row.chunk, row)).collect();
    let mut rows = Vec::with_capacity(gone.len());
    for (chunk, mut hashes) in gone {
        if let Some(row) = known.remove(&chunk) {
            hashes.extend(noted(&row)?);
        }
        hashes.sort_unstable_by_key(|(place, _)| *place);
        let mut bits: Bits = [0; size_of::<Bits>()];
        for (place, _) in &hashes {
            if let Some(byte) = bits.get_mut(place / 8) {
                *byte |= 1 << (place % 8);
            }
        }
        rows.push(event_removed::ActiveModel {
            workspace_id: Set(workspace.0),
            chunk: Set(chunk),
            records: Set(bits.to_vec()),
            leaf_hashes: Set(hashes.iter().flat_map(|(_, hash)| *hash).collect()),
            removal: Set(removal),
        });
    }
    let mut on_conflict = OnConflict::columns([R::WorkspaceId, R::Chunk]);
    on_conflict.update_columns([R::Records, R::LeafHashes, R::Removal]);
    for some in rows.chunks(100) {
        event_removed::Entity::insert_many(some.to_vec())
            .on_conflict(on_conflict.clone())
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

/// The places of a chunk's removed records, with their hashes.
fn noted(row: &event_removed::Model) -> Result<Vec<(usize, Hash)>> {
    let damaged = || Error::damaged(format!("what was removed from chunk {}", row.chunk));
    let bits: Bits = row.records.as_slice().try_into().map_err(|_| damaged())?;
    let places: Vec<_> = (0..bits.len() * 8).filter(|place| has(&bits, *place)).collect();
    let (hashes, rest) = row.leaf_hashes.as_chunks::<HASH_BYTES>();
    if !rest.is_empty() || hashes.len() != places.len() {
        return Err(damaged());
    }
    Ok(places.into_iter().zip(hashes.iter().copied()).collect())
}
