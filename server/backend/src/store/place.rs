//! Where in the log a time is.

use crate::{Error, Result};
use daybook_domain::{id::WorkspaceId, time::Timestamp};
use daybook_entity::{
    event::{self, Column as C},
    event_head,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The sequence of the last record; 0 where there is none yet.
pub(crate) async fn last_sequence(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<i64> {
    let head = event_head::Entity::find_by_id(workspace.0).one(db).await?;
    let head = head.ok_or_else(|| Error::damaged("the workspace has no log"))?;
    Ok(head.last_sequence)
}

/// The sequence of the first record that is there from a sequence on, and when it was recorded.
pub(crate) async fn first_from(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    sequence: i64,
) -> Result<Option<(i64, i64)>> {
    let first = event::Entity::find()
        .select_only()
        .columns([C::Sequence, C::RecordedAt])
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Sequence.gte(sequence))
        .order_by_asc(C::Sequence)
        .into_tuple();
    Ok(first.one(db).await?)
}

/// The sequence of the first record that was recorded at a time or later; the one after the last where there is none.
/// Records are in the order in which they were recorded: it is looked for by halving.
pub(crate) async fn first_since(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    at: Timestamp,
) -> Result<i64> {
    let (mut low, mut high) = (1, last_sequence(db, workspace).await? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match first_from(db, workspace, middle).await? {
            Some((sequence, recorded)) if recorded < at.micros() => low = sequence + 1,
            // What was removed between them doesn't count.
            _ => high = middle,
        }
    }
    Ok(low)
}
