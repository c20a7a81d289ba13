//! What messages say goes after a while, with the files that went along, and links that are for their readers alone once
//! they don't work; that they were sent, and what became of them, stays.

use super::{Emails, attachments, secret};
use crate::{Result, delivery::expiry::KEPT_DAYS, writer::WriteTx};
use daybook_domain::{id::WorkspaceId, time::Timestamp};
use daybook_entity::email_body::{self, Column as B};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Bodies that go in one transaction: others come between.
const STEP: u64 = 500;

impl Emails {
    /// How many bodies, and links in them, have gone.
    pub(crate) async fn tidy(&self, workspace: WorkspaceId) -> Result<u64> {
        let before = first_id(self.0.clock.now().plus_seconds(-KEPT_DAYS * 24 * 60 * 60));
        let mut gone = self
            .0
            .writer
            .change(move |tx| Box::pin(async move { secret::forget_over(tx, workspace).await }))
            .await?;
        loop {
            let some = self
                .0
                .writer
                .change(move |tx| Box::pin(async move { remove(tx, workspace, before).await }))
                .await?;
            gone += some;
            if some < STEP {
                return Ok(gone);
            }
        }
    }
}

/// What ids that were made since then are not less than (RFC 9562, 5.7).
fn first_id(at: Timestamp) -> Uuid {
    let millis = u128::from(at.micros().max(0).unsigned_abs() / 1000);
    Uuid::from_u128(millis << 80)
}

async fn remove(tx: &WriteTx, workspace: WorkspaceId, before: Uuid) -> Result<u64> {
    let ids: Vec<Uuid> = email_body::Entity::find()
        .select_only()
        .column(B::MessageId)
        .filter(B::WorkspaceId.eq(workspace.0))
        .filter(B::MessageId.lt(before))
        .order_by_asc(B::MessageId)
        .limit(STEP)
        .into_tuple()
        .all(tx.db())
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    attachments::remove(tx, workspace, &ids).await?;
    let removed = email_body::Entity::delete_many()
        .filter(B::WorkspaceId.eq(workspace.0))
        .filter(B::MessageId.is_in(ids))
        .exec(tx.db())
        .await?;
    Ok(removed.rows_affected)
}
