//! Two things that are one: what referred to the one that goes refers to the one that stays, and each thing that changes
//! has a record of it. What counts is how everything is in the end: the one that stays has its new values first.

use super::{
    Objects, aliases, change,
    records::Telling,
    rows,
    save::{Intended, State, save},
};
use crate::{Result, local_time::Reader, record::within_a_sentence, writer::WriteTx};
use daybook_domain::{
    Error as Told,
    event::NamedRef,
    id::{ObjectId, WorkspaceId},
    object::{Change, KindGranted, MAX_REPOINTED, Merge, Object, ObjectKind, Pair, Side, merged, repointed},
    viewer::Viewer,
};
use daybook_entity::{
    object::{self, Column as C},
    object_reference::{self, Column as V},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use std::collections::BTreeMap;
use uuid::Uuid;

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
        let mut uses = uses(&self.db.read, who.workspace(), goes.id, stays.id).await?;
        let all = uses.len();
        uses.retain(|(kind, _)| who.viewer().may(kind.spec().see));
        let hidden = uses.len() < all;
        Ok(Pair {
            stays,
            goes,
            uses,
            hidden,
        })
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
                    rows::shown(tx.db(), row, &Reader::viewer(who, tx.now())).await
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
    let referring = referring(tx.db(), &stays, &goes).await?;
    for kind in referring.keys() {
        who.grant_kind(*kind, Change)?;
    }
    let (this, other) = (State::of(&stays)?, State::of(&goes)?);
    let (status, values) = merged(
        kind,
        side(asked.stays.0, &this),
        side(asked.goes.0, &other),
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
        after: State { status, values },
        told: Some(told.clone().called("merged").beside("merged", named(&goes))),
        row: Some(stays.clone()),
    };
    let saved = save(tx, who, kind, vec![intended]).await?;
    let (row, _) = change::only(saved)?;
    for (kind, ids) in referring {
        repoint(tx, who, kind, &ids, (asked.goes.0, asked.stays.0)).await?;
    }
    refuse_where_left(tx, who, &stays, &goes).await?;
    aliases::pass_on(tx, &goes, &stays, &row).await?;
    let into = told.beside("merged_into", named(&stays));
    change::remove(tx, who, kind, &[goes], Some(&into)).await?;
    Ok(row)
}

fn side(id: ObjectId, of: &State) -> Side<'_> {
    Side {
        id,
        status: of.status,
        values: &of.values,
    }
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
    let counted: Vec<(String, i64)> = object_reference::Entity::find()
        .select_only()
        .column(V::Kind)
        .column_as(Expr::col(V::ObjectId).count_distinct(), "things")
        .filter(V::WorkspaceId.eq(workspace.0))
        .filter(V::RefersTo.eq(goes.0))
        .filter(V::ObjectId.is_not_in([goes.0, stays.0]))
        .group_by(V::Kind)
        .order_by_asc(V::Kind)
        .into_tuple()
        .all(db)
        .await?;
    let kinds = counted.into_iter().filter_map(|(kind, things)| {
        let things = u64::try_from(things).unwrap_or_default();
        Some((ObjectKind::from_name(&kind)?, things))
    });
    Ok(kinds.collect())
}

/// All things that refer to the one that goes, by kind. They are asked for once: what refers to it still when each has been
/// changed isn't what it says it is.
async fn referring(
    db: &impl ConnectionTrait,
    stays: &object::Model,
    goes: &object::Model,
) -> Result<BTreeMap<ObjectKind, Vec<Uuid>>> {
    let found: Vec<(String, Uuid)> = object_reference::Entity::find()
        .select_only()
        .columns([V::Kind, V::ObjectId])
        .distinct()
        .filter(V::WorkspaceId.eq(goes.workspace_id))
        .filter(V::RefersTo.eq(goes.id))
        .filter(V::ObjectId.is_not_in([goes.id, stays.id]))
        .limit(MAX_REPOINTED + 1)
        .into_tuple()
        .all(db)
        .await?;
    if found.len() as u64 > MAX_REPOINTED {
        let reason = format!(
            "More than {MAX_REPOINTED} things refer to “{}”. Have some of them refer to “{}” first.",
            goes.name, stays.name
        );
        return Err(Told::conflict(reason).into());
    }
    let mut referring: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (kind, id) in found {
        if let Some(kind) = ObjectKind::from_name(&kind) {
            referring.entry(kind).or_default().push(id);
        }
    }
    Ok(referring)
}

/// Has things of a kind that refer to one refer to another: a change of each, all of them together.
async fn repoint(
    tx: &mut WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    ids: &[Uuid],
    (from, to): (ObjectId, ObjectId),
) -> Result<()> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(TOGETHER) {
        let rows = object::Entity::find()
            .filter(C::WorkspaceId.eq(who.workspace().0))
            .filter(C::Id.is_in(some.iter().copied()));
        found.extend(rows.all(tx.db()).await?);
    }
    // In this order their records stand.
    found.sort_by(|one, other| (&one.name_key, one.id).cmp(&(&other.name_key, other.id)));
    let mut intended = Vec::with_capacity(found.len());
    for row in found {
        let mut after = State::of(&row)?;
        after.values = repointed(kind, &after.values, from, to)?;
        intended.push(Intended {
            row: Some(row),
            after,
            told: None,
        });
    }
    for saved in save(tx, who, kind, intended).await? {
        saved?;
    }
    Ok(())
}

/// What refers to the one that goes by what it is found by, and not by what is stored of it, was changed around Daybook:
/// nobody can say what it means.
async fn refuse_where_left(
    tx: &WriteTx,
    who: &Viewer,
    stays: &object::Model,
    goes: &object::Model,
) -> Result<()> {
    let left = change::used_by(tx, who, &[goes.id], &[goes.id]).await?;
    left.map_or(Ok(()), |(_, whom)| {
        let reason = format!(
            "“{}” can't take the place of “{}” for {whom}: what is stored there was changed around Daybook. \
             Check for drift, put it right, and merge again.",
            stays.name, goes.name
        );
        Err(Told::conflict(reason).into())
    })
}

/// What no two things may share, the one that stays may take.
async fn give_up_keys(tx: &WriteTx, goes: &object::Model) -> Result<()> {
    object::Entity::update_many()
        .col_expr(C::UniqueKey, Expr::value(goes.id.to_string()))
        .col_expr(C::ExternalId, Expr::value(None::<String>))
        .filter(C::WorkspaceId.eq(goes.workspace_id))
        .filter(C::Id.eq(goes.id))
        .exec(tx.db())
        .await?;
    Ok(())
}
