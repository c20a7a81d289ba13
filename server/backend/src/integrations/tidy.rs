//! What goes away by itself: attempts that were to be made for integrations that are gone. What else belonged to them went
//! with them.

use super::{Integrations, KIND, send::StreamCarrier};
use crate::{Result, delivery::worker::Carrier};
use daybook_domain::id::WorkspaceId;
use daybook_entity::{object, outbox};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

impl Integrations {
    /// How many have gone.
    pub(super) async fn tidy(&self, workspace: WorkspaceId) -> Result<u64> {
        let gone = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let there = object::Entity::find()
                    .select_only()
                    .column(object::Column::Id)
                    .filter(object::Column::WorkspaceId.eq(workspace.0))
                    .filter(object::Column::Kind.eq(KIND.name()))
                    .into_query();
                let gone = outbox::Entity::delete_many()
                    .filter(outbox::Column::WorkspaceId.eq(workspace.0))
                    .filter(outbox::Column::Carrier.eq(StreamCarrier::NAME))
                    .filter(outbox::Column::DestinationId.not_in_subquery(there))
                    .exec(tx.db())
                    .await?;
                Ok(gone.rows_affected)
            })
        });
        gone.await
    }
}
