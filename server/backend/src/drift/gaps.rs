//! Where the log may lack records, because their time was over.
//!
//! A removed record leaves its place and its hash, and not what it was about. But records go by age: one that is younger
//! than its log's retention has none missing after it (as long as that wasn't made longer meanwhile), and neither has one
//! of a log that never had a retention.

use crate::{
    Error, Result,
    index::removed::{Bits, last_of},
    retention,
};
use daybook_domain::{id::WorkspaceId, log::LogKind, time::Timestamp};
use daybook_entity::event_removed::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Gaps {
    /// The last sequence that is missing; 0 where none is.
    last: i64,
    /// By log that has or had a retention: before when records are due, in microseconds. `None` where none are now.
    due: BTreeMap<LogKind, Option<i64>>,
}

impl Gaps {
    pub async fn of(db: &impl ConnectionTrait, workspace: WorkspaceId, now: Timestamp) -> Result<Self> {
        let last: Option<(i64, Vec<u8>)> = event_removed::Entity::find()
            .select_only()
            .columns([C::Chunk, C::Records])
            .filter(C::WorkspaceId.eq(workspace.0))
            .order_by_desc(C::Chunk)
            .into_tuple()
            .one(db)
            .await?;
        let last = match last {
            Some((chunk, bits)) => {
                let bits: Bits = bits.try_into().map_err(|_| Error::damaged("what was removed"))?;
                last_of(chunk, &bits).unwrap_or_default()
            }
            None => 0,
        };
        Ok(Self {
            last,
            due: retention::due_before(db, workspace, now).await?,
        })
    }

    /// Whether a record of the log that came after this one may be missing.
    pub fn may_hide(&self, log: LogKind, sequence: i64, occurred_at: i64) -> bool {
        let Some(due) = self.due.get(&log) else {
            return false;
        };
        sequence < self.last && due.is_none_or(|due| occurred_at < due)
    }
}
