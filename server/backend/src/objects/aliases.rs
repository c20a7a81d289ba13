//! What things were known by that became part of another. A helpdesk goes on to say an id that it knows, and records that
//! name it stay as they are: both mean the thing it became part of.
//!
//! One that is there comes first: what a thing has as its own is nobody's alias.

use crate::{Result, rows::insert_many, writer::WriteTx};
use daybook_domain::{
    about::KnownAs,
    id::{ObjectId, WorkspaceId},
    object::ObjectKind,
};
use daybook_entity::{
    object,
    object_alias::{self, Column as C},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Aliases of one question.
const TOGETHER: usize = 500;

/// What somebody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Id,
    ExternalId,
}

impl By {
    fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::ExternalId => "external_id",
        }
    }
}

/// The things that are meant by some of the texts.
pub(super) async fn meant(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    by: By,
    texts: &[String],
) -> Result<HashMap<String, Uuid>> {
    let mut meant = HashMap::new();
    for some in texts.chunks(TOGETHER) {
        let found: Vec<(String, Uuid)> = object_alias::Entity::find()
            .select_only()
            .columns([C::Alias, C::ObjectId])
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .filter(C::KnownBy.eq(by.name()))
            .filter(C::Alias.is_in(some))
            .into_tuple()
            .all(db)
            .await?;
        meant.extend(found);
    }
    Ok(meant)
}

/// The thing that one became part of, with its name.
pub(super) async fn became(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    id: ObjectId,
) -> Result<Option<(ObjectId, String)>> {
    let meant = meant(db, workspace, kind, By::Id, &[id.to_string()]).await?;
    let Some(id) = meant.into_values().next() else {
        return Ok(None);
    };
    let row = object::Entity::find_by_id((workspace.0, id)).one(db).await?;
    Ok(row.map(|row| (ObjectId(row.id), row.name)))
}

/// All that a thing is known by beside its own id.
pub(crate) async fn known_as(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    id: Uuid,
) -> Result<KnownAs> {
    let own: Option<Option<String>> = object::Entity::find()
        .select_only()
        .column(object::Column::ExternalId)
        .filter(object::Column::WorkspaceId.eq(workspace.0))
        .filter(object::Column::Id.eq(id))
        .filter(object::Column::Kind.eq(kind.name()))
        .into_tuple()
        .one(db)
        .await?;
    let mut known = KnownAs::default();
    let Some(own) = own else {
        return Ok(known);
    };
    known.external_ids.extend(own);
    let aliases = object_alias::Entity::find()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::ObjectId.eq(id))
        .order_by_asc(C::KnownBy)
        .order_by_asc(C::Alias);
    for alias in aliases.all(db).await? {
        if alias.known_by == By::Id.name() {
            known.ids.push(alias.alias);
        } else {
            known.external_ids.push(alias.alias);
        }
    }
    Ok(known)
}

/// From now on, what meant the one that goes means the one that stays. `stayed` is that one before, `stays` as it is now:
/// it may have taken the other's external id, and given its own away.
pub(super) async fn pass_on(
    tx: &WriteTx,
    goes: &object::Model,
    stayed: &object::Model,
    stays: &object::Model,
) -> Result<()> {
    object_alias::Entity::update_many()
        .col_expr(C::ObjectId, Expr::value(stays.id))
        .filter(C::WorkspaceId.eq(goes.workspace_id))
        .filter(C::ObjectId.eq(goes.id))
        .exec(tx.db())
        .await?;
    let external_ids = [&goes.external_id, &stayed.external_id].into_iter().flatten();
    let external_ids = external_ids.filter(|id| stays.external_id.as_ref() != Some(id));
    let by_external = external_ids.map(|id| (By::ExternalId, id.clone()));
    let all = by_external.chain([(By::Id, goes.id.to_string())]);
    let rows = all.map(|(by, alias)| {
        [
            goes.workspace_id.into(),
            goes.kind.clone().into(),
            by.name().into(),
            alias.into(),
            stays.id.into(),
        ]
    });
    insert_many(tx.db(), "object_alias", &COLUMNS, rows.collect(), ANEW).await
}

const COLUMNS: [C; 5] = [C::WorkspaceId, C::Kind, C::KnownBy, C::Alias, C::ObjectId];

/// Who merges last has the last word.
const ANEW: &str =
    "ON CONFLICT (workspace_id, kind, known_by, alias) DO UPDATE SET object_id = excluded.object_id";

/// What things have as their own external id from now on means nothing else any more.
pub(super) async fn take(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    external_ids: &[String],
) -> Result<()> {
    for some in external_ids.chunks(TOGETHER) {
        object_alias::Entity::delete_many()
            .filter(C::WorkspaceId.eq(workspace.0))
            .filter(C::Kind.eq(kind.name()))
            .filter(C::KnownBy.eq(By::ExternalId.name()))
            .filter(C::Alias.is_in(some.iter().map(String::as_str)))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}
