//! A change of a thing, from what was typed to what is recorded.

use super::{
    found_by::{self, FoundBy, Moved},
    given,
    past::Restore,
    records::{ObjectRecord, Telling},
    rows,
    said::{Found, Wanted},
    save::{Became, Intended, Saved, State, save},
    typed,
};
use crate::{
    Error, Result,
    record::{Done, record},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    id::{ObjectId, WorkspaceId},
    object::{Given, ObjectKind, ObjectStatus, Typed, Values},
    viewer::Viewer,
};
use daybook_entity::{object, object_reference};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

/// What is to be done with a thing.
#[derive(Debug)]
pub(super) enum Edit {
    Create(Typed),
    Update {
        id: ObjectId,
        /// The version that whoever changes it has seen.
        seen: i32,
        typed: Typed,
    },
    /// As another system has it.
    Put {
        external_id: String,
        given: Given,
    },
    Status(ObjectId, ObjectStatus),
    Restore(Restore),
}

/// The row as it is after a change, and whether there was none before.
pub(super) struct Applied {
    pub row: object::Model,
    pub created: bool,
}

/// Makes a change. Where nothing differs, nothing is stored.
pub(super) async fn apply(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, edit: Edit) -> Result<Applied> {
    let workspace = who.workspace();
    let mut told = None;
    let (row, after) = match edit {
        Edit::Create(typed) => {
            let values = read(tx, workspace, kind, Values::new(), &typed).await?;
            let status = ObjectStatus::Active;
            (None, State { status, values })
        }
        Edit::Update { id, seen, typed } => {
            let row = rows::find(tx.db(), workspace, kind, id).await?;
            if row.version != seen {
                return Err(Told::conflict(format!(
                    "“{}” was changed while you edited it. What you typed is still here: compare it with what it is now, \
                     and save again.",
                    row.name
                ))
                .into());
            }
            let values = read(tx, workspace, kind, rows::values(&row)?, &typed).await?;
            let status = rows::status(&row)?;
            (Some(row), State { status, values })
        }
        Edit::Put { external_id, given } => {
            let row = given::known(tx.db(), workspace, kind, &external_id, &given).await?;
            let (status, values) = match &row {
                Some(row) => (rows::status(row)?, rows::values(row)?),
                None => (ObjectStatus::Active, Values::new()),
            };
            let status = given::status(&given)?.unwrap_or(status);
            let values = given::read(tx.db(), workspace, kind, values, &external_id, given).await?;
            (row, State { status, values })
        }
        Edit::Status(id, status) => {
            let row = rows::find(tx.db(), workspace, kind, id).await?;
            let values = rows::values(&row)?;
            (Some(row), State { status, values })
        }
        Edit::Restore(restore) => {
            let row = rows::find(tx.db(), workspace, kind, restore.id).await?;
            told = Some(restore.telling(&row));
            let after = restore.state(tx.db(), &row).await?;
            (Some(row), after)
        }
    };
    let intended = Intended { row, after, told };
    let saved = save(tx, who, kind, vec![intended]).await?;
    let (row, became) = only(saved)?;
    let created = became == Became::Created;
    Ok(Applied { row, created })
}

pub(super) fn only(mut saved: Vec<Saved>) -> Result<(object::Model, Became)> {
    let only = saved
        .pop()
        .ok_or_else(|| Error::damaged("a change without a thing"))?;
    Ok(only?)
}

/// The values with what was typed, each checked.
async fn read(
    tx: &WriteTx,
    workspace: WorkspaceId,
    kind: ObjectKind,
    values: Values,
    typed: &Typed,
) -> Result<Values> {
    let mut wanted = Wanted::default();
    typed::references(kind, typed, &mut wanted);
    let found = Found::look_up(tx.db(), workspace, wanted).await?;
    Ok(typed::read(kind, values, typed, &found)?)
}

/// Takes a thing away. What it was stays in the record.
pub(super) async fn delete(tx: &mut WriteTx, who: &Viewer, kind: ObjectKind, id: ObjectId) -> Result<()> {
    let row = rows::find(tx.db(), who.workspace(), kind, id).await?;
    remove(tx, who, kind, &row, None).await
}

/// As [`delete`], for a row at hand.
pub(super) async fn remove(
    tx: &mut WriteTx,
    who: &Viewer,
    kind: ObjectKind,
    row: &object::Model,
    told: Option<Telling>,
) -> Result<()> {
    let (workspace, id) = (who.workspace(), ObjectId(row.id));
    refuse_where_used(tx, who, row).await?;
    let (status, values) = (rows::status(row)?, rows::values(row)?);
    let names = rows::names(tx.db(), workspace, rows::references(kind, &values)).await?;
    let moved = Moved {
        id,
        number: row.number.unsigned_abs(),
        was: FoundBy::of(kind, status, &values),
        is: FoundBy::default(),
    };
    found_by::store(tx.db(), workspace, kind, &[moved]).await?;
    object::Entity::delete_by_id((workspace.0, id.0))
        .exec(tx.db())
        .await?;
    let before = ObjectRecord::new(kind, id, status, &values, &names);
    let mut done = Done::deleted(&before);
    if let Some(told) = told {
        told.onto(&mut done);
    }
    record(tx, who, &done)
}

async fn refuse_where_used(tx: &WriteTx, who: &Viewer, row: &object::Model) -> Result<()> {
    let workspace = who.workspace();
    let uses = object_reference::Entity::find()
        .filter(object_reference::Column::WorkspaceId.eq(workspace.0))
        .filter(object_reference::Column::RefersTo.eq(row.id))
        .filter(object_reference::Column::ObjectId.ne(row.id));
    let count = uses.clone().count(tx.db()).await?;
    if count == 0 {
        return Ok(());
    }
    let one: Option<uuid::Uuid> = uses
        .select_only()
        .column(object_reference::Column::ObjectId)
        .into_tuple()
        .one(tx.db())
        .await?;
    let first = object::Entity::find_by_id((workspace.0, one.unwrap_or_default()))
        .one(tx.db())
        .await?;
    // Nobody is told the name of what they may not see.
    let first = match first {
        Some(first) if who.may(rows::kind(&first)?.spec().see) => format!("“{}”", first.name),
        _ => "something else".to_owned(),
    };
    let whom = match count {
        1 => first,
        2 => format!("{first} and another"),
        more => format!("{first} and {} others", more - 1),
    };
    Err(Told::conflict(format!(
        "“{}” is used by {whom}. Take it away there first, or deactivate it.",
        row.name
    ))
    .into())
}
