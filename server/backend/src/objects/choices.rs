//! What a property may refer to.

use crate::Result;
use daybook_domain::{
    id::{ObjectId, WorkspaceId},
    object::{Choices, MAX_CHOICES, ObjectKind, ObjectStatus, Property},
};
use daybook_entity::object::{self, Column as C};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The active things that properties of a kind may refer to.
pub(super) async fn all(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
) -> Result<Vec<Choices>> {
    let properties = kind.spec().properties.iter();
    let kinds: BTreeSet<_> = properties.filter_map(Property::refers_to).collect();
    let mut all = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let mut things: Vec<(Uuid, String)> = object::Entity::find()
            .select_only()
            .columns([C::Id, C::Name])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .filter(C::Status.eq(ObjectStatus::Active.name()))
            .order_by_asc(C::NameKey)
            .order_by_asc(C::Id)
            .limit(MAX_CHOICES as u64 + 1)
            .into_tuple()
            .all(db)
            .await?;
        let more = things.len() > MAX_CHOICES;
        things.truncate(MAX_CHOICES);
        all.push(Choices {
            kind,
            things: things
                .into_iter()
                .map(|(id, name)| (ObjectId(id), name))
                .collect(),
            more,
        });
    }
    Ok(all)
}
