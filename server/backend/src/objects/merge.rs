//! Two things that are one: what referred to the one that goes refers to the one that stays, and each thing that changes
//! has a record of it.

use super::{
    Objects, change,
    records::Telling,
    rows,
    save::{Intended, State, save},
};
use crate::{Result, local_time::Reader, record::within_a_sentence, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    event::NamedRef,
    id::{ObjectId, WorkspaceId},
    object::{Change, KindGranted, MAX_REPOINTED, Merge, Object, ObjectKind, Pair, merged, repointed},
    viewer::Viewer,
};
use daybook_entity::{object, object_reference};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

/// Rows of one question.
const TOGETHER: usize = 500;

impl Objects {
    pub(super) async fn pair(
        &self,
        who: &KindGranted<Change>,
        stays: ObjectId,
        goes: ObjectId,
    ) -> Result<Pair> {
        differ(stays, goes)?;
        let (stays, goes) = (self.shown(who, stays).await?, self.shown(who, goes).await?);
        let uses = uses(&self.db.read, who.workspace(), goes.id, stays.id).await?;
        Ok(Pair { stays, goes, uses })
    }

    /// The one that stays, as it is then.
    pub(super) async fn merge(
        &self,
        who: &KindGranted<Change>,
        asked: &Merge,
    ) -> daybook_domain::Result<Object> {
        let (kind, asked) = (who.kind(), asked.clone());
        self.accounts
            .change(who.viewer(), "merge two things", move |tx, who| {
                Box::pin(async move {
                    let row = merge(tx, who, kind, &asked).await?;
                    rows::shown(tx.db(), row, &Reader::of(who.zone(), tx.now())).await
                })
            })
            .await
    }
}

async fn merge(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, asked: &Merge) -> Result<object::Model> {
    let workspace = who.workspace();
    differ(asked.stays.0, asked.goes.0)?;
    let stays = as_seen(tx.db(), workspace, kind, asked.stays).await?;
    let goes = as_seen(tx.db(), workspace, kind, asked.goes).await?;
    repoint(tx, who, &stays, &goes).await?;
    let (this, other) = (State::of(&stays)?, State::of(&goes)?);
    let values = merged(
        kind,
        (asked.stays.0, &this.values),
        (asked.goes.0, &other.values),
        &asked.kept,
    )?;
    let told = Telling::saying(format!(
        "Merged {} “{}” into “{}”",
        within_a_sentence(kind.title()),
        goes.name,
        stays.name
    ));
    let named = |row: &object::Model| NamedRef::new(row.id.to_string(), &row.name);
    give_up_keys(tx, &goes).await?;
    let intended = Intended {
        after: State {
            status: this.status,
            values,
        },
        told: Some(told.clone().called("merged").beside("merged", named(&goes))),
        row: Some(stays.clone()),
    };
    let saved = save(tx, who, kind, vec![intended]).await?;
    let (row, _) = change::only(saved)?;
    let into = told.beside("merged_into", named(&stays));
    change::remove(tx, who, kind, &goes, Some(into)).await?;
    Ok(row)
}

fn differ(stays: ObjectId, goes: ObjectId) -> Result<(), Told> {
    if stays == goes {
        return Err(Told::invalid("with", "A thing can't be merged with itself."));
    }
    Ok(())
}

async fn as_seen(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    (id, seen): (ObjectId, i32),
) -> Result<object::Model> {
    let row = rows::find(db, workspace, kind, id).await?;
    if row.version == seen {
        return Ok(row);
    }
    let reason = format!(
        "“{}” was changed meanwhile. Look at what the two are now, and merge again.",
        row.name
    );
    Err(Told::conflict(reason).into())
}

/// How many things of each kind refer to the one that goes.
async fn uses(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    goes: ObjectId,
    stays: ObjectId,
) -> Result<Vec<(ObjectKind, u64)>> {
    use object_reference::Column as C;
    let counted: Vec<(String, i64)> = object_reference::Entity::find()
        .select_only()
        .column(C::Kind)
        .column_as(Expr::col(C::ObjectId).count_distinct(), "things")
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::RefersTo.eq(goes.0))
        .filter(C::ObjectId.is_not_in([goes.0, stays.0]))
        .group_by(C::Kind)
        .order_by_asc(C::Kind)
        .into_tuple()
        .all(db)
        .await?;
    let kinds = counted.into_iter().filter_map(|(kind, things)| {
        let things = u64::try_from(things).unwrap_or_default();
        Some((ObjectKind::from_name(&kind)?, things))
    });
    Ok(kinds.collect())
}

/// Has all that refer to the one that goes refer to the one that stays: a change of each, which takes the right to
/// change it.
async fn repoint(tx: &mut WriteTx, who: &Viewer, stays: &object::Model, goes: &object::Model) -> Result<()> {
    let workspace = who.workspace();
    let (from, to) = (ObjectId(goes.id), ObjectId(stays.id));
    let uses = uses(tx.db(), workspace, from, to).await?;
    if uses.iter().map(|(_, things)| things).sum::<u64>() > MAX_REPOINTED {
        let reason = format!(
            "More than {MAX_REPOINTED} things refer to “{}”. Have some of them refer to “{}” first.",
            goes.name, stays.name
        );
        return Err(Told::conflict(reason).into());
    }
    for (kind, _) in uses {
        let who = who.grant_kind(kind, Change)?;
        loop {
            let some = referring(tx, workspace, kind, from, to).await?;
            if some.is_empty() {
                break;
            }
            let mut intended = Vec::with_capacity(some.len());
            for row in some {
                let mut after = State::of(&row)?;
                after.values = repointed(kind, &after.values, from, to)?;
                intended.push(Intended {
                    row: Some(row),
                    after,
                    told: None,
                });
            }
            for saved in save(tx, who.viewer(), kind, intended).await? {
                saved?;
            }
        }
    }
    Ok(())
}

async fn referring(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    from: ObjectId,
    to: ObjectId,
) -> Result<Vec<object::Model>> {
    use object_reference::Column as C;
    let referring = object_reference::Entity::find()
        .select_only()
        .column(C::ObjectId)
        .distinct()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Kind.eq(kind.name()))
        .filter(C::RefersTo.eq(from.0))
        .filter(C::ObjectId.is_not_in([from.0, to.0]))
        .limit(TOGETHER as u64);
    let ids: Vec<uuid::Uuid> = referring.into_tuple().all(tx.db()).await?;
    let rows = object::Entity::find()
        .filter(object::Column::WorkspaceId.eq(workspace.0))
        .filter(object::Column::Id.is_in(ids))
        .order_by_asc(object::Column::NameKey)
        .order_by_asc(object::Column::Id);
    Ok(rows.all(tx.db()).await?)
}

/// What no two things may share, the one that stays may take.
async fn give_up_keys(tx: &WriteTx, goes: &object::Model) -> Result<()> {
    object::Entity::update_many()
        .col_expr(object::Column::UniqueKey, Expr::value(goes.id.to_string()))
        .col_expr(object::Column::ExternalId, Expr::value(None::<String>))
        .filter(object::Column::WorkspaceId.eq(goes.workspace_id))
        .filter(object::Column::Id.eq(goes.id))
        .exec(tx.db())
        .await?;
    Ok(())
}
