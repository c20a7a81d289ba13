//! What goes away by itself: messages that nobody looks for any more, and all that belonged to an endpoint that is gone.
//! What happened stays in the log.

use super::{KIND, Webhooks, send::WebhookCarrier};
use crate::{
    Result,
    delivery::{expiry::KEPT_DAYS, worker::Carrier},
    writer::WriteTx,
};
use daybook_domain::{id::WorkspaceId, time::Timestamp, webhook::MessageState};
use daybook_entity::{
    object, outbox, webhook_attempt,
    webhook_message::{self, Column as C},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use uuid::Uuid;

/// Messages that go in one transaction: others come between.
const STEP: u64 = 500;

/// The endpoints there are, in use or not.
fn endpoints(workspace: WorkspaceId) -> SelectStatement {
    object::Entity::find()
        .select_only()
        .column(object::Column::Id)
        .filter(object::Column::WorkspaceId.eq(workspace.0))
        .filter(object::Column::Kind.eq(KIND.name()))
        .into_query()
}

/// Old and not going to be sent any more, or of an endpoint that is gone.
fn over(workspace: WorkspaceId, before: Timestamp) -> Condition {
    let old = Condition::all()
        .add(C::CreatedAt.lt(before.micros()))
        .add(C::State.ne(MessageState::Waiting.name()));
    Condition::any()
        .add(old)
        .add(C::EndpointId.not_in_subquery(endpoints(workspace)))
}

impl Webhooks {
    /// How many messages have gone.
    pub(super) async fn tidy(&self, workspace: WorkspaceId) -> Result<u64> {
        self.0
            .writer
            .change(move |tx| Box::pin(async move { forget_the_gone(tx, workspace).await }))
            .await?;
        let before = self.0.clock.now().plus_seconds(-KEPT_DAYS * 24 * 60 * 60);
        let mut gone = 0;
        loop {
            let ids = self.over(workspace, before).await?;
            if ids.is_empty() {
                return Ok(gone);
            }
            gone += ids.len() as u64;
            self.0
                .writer
                .change(move |tx| Box::pin(async move { remove(tx, workspace, ids, before).await }))
                .await?;
        }
    }

    /// Some messages that are over.
    async fn over(&self, workspace: WorkspaceId, before: Timestamp) -> Result<Vec<Uuid>> {
        let ids = webhook_message::Entity::find()
            .select_only()
            .column(C::Id)
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(over(workspace, before))
            .order_by_asc(C::Id)
            .limit(STEP);
        Ok(ids.into_tuple().all(&self.0.db.read).await?)
    }
}

/// Attempts that were to be made for endpoints that are gone.
async fn forget_the_gone(tx: &WriteTx, workspace: WorkspaceId) -> Result<()> {
    outbox::Entity::delete_many()
        .filter(outbox::Column::WorkspaceId.eq(workspace.0))
        .filter(outbox::Column::Carrier.eq(WebhookCarrier::NAME))
        .filter(outbox::Column::DestinationId.not_in_subquery(endpoints(workspace)))
        .exec(tx.db())
        .await?;
    Ok(())
}

async fn remove(tx: &WriteTx, workspace: WorkspaceId, ids: Vec<Uuid>, before: Timestamp) -> Result<()> {
    use webhook_attempt::Column as A;
    // One may have been asked for again meanwhile.
    let ids: Vec<Uuid> = webhook_message::Entity::find()
        .select_only()
        .column(C::Id)
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Id.is_in(ids))
        .filter(over(workspace, before))
        .into_tuple()
        .all(tx.db())
        .await?;
    webhook_attempt::Entity::delete_many()
        .filter(A::WorkspaceId.eq(workspace.0))
        .filter(A::MessageId.is_in(ids.iter().copied()))
        .exec(tx.db())
        .await?;
    webhook_message::Entity::delete_many()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Id.is_in(ids))
        .exec(tx.db())
        .await?;
    Ok(())
}
